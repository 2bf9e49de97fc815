"""``shouwang scenario``: check, list, play and export the stories with ground truth that the simulator ships or you write."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from shouwang.commands_packs import read_or_stop
from shouwang.exits import Exit
from shouwang.options import stopped
from shouwang.settings import PACKS
from simulator.community import Community
from simulator.faults.models import FAULT_NAMES, Fault, draw, draw_any
from simulator.recording import Recorded, write_recording
from simulator.scenario import Scenario
from simulator.scenario_file import ScenarioError, check_scenario, load_scenario, scenario_names, scenario_schema, scenario_text
from simulator.scenario_truth import event_lines, truth_lines, with_faults
from simulator.truth import judge
from simulator.virtual import decisions
from simulator.world import unfelt

app = typer.Typer(
    no_args_is_help=True, help="Scenarios with ground truth: check, list, play, export.  情景：检查、列出、演算、导出。"
)

Name = Annotated[str, typer.Argument(help="A bundled scenario's name ('shouwang scenario list' has them), or a file.")]
Devices = Annotated[
    int | None,
    typer.Option("--devices", min=10, max=100_000, help="A community of so many devices; the scenario's own if none."),
]
Seed = Annotated[int | None, typer.Option(min=0, help="Another seed, another community; the scenario's own if none.")]
Faults = Annotated[
    str,
    typer.Option(
        help=f"Faults on the way, drawn from the seed: a number of them, or names with commas: {', '.join(FAULT_NAMES)}."
    ),
]


Files = Annotated[list[str] | None, typer.Argument(help="Scenarios; all bundled ones when none is named.", show_default=False)]


@app.command()
def check(
    files: Files = None,
) -> None:
    """Say every fault of a scenario with file:line:column. Exit code 0 only if there is none."""
    is_good = True
    for name in files or scenario_names():
        try:
            scenario = check_scenario(*scenario_text(name))
            typer.echo(f"{name}: good: {scenario.title.zh}  {scenario.title.en}, {_length(scenario.lasts_s)}")
        except ScenarioError as error:
            is_good = False
            for each in error.faults:
                typer.echo(str(each), err=True)
            typer.echo(f"{name}: {len(error.faults)} fault(s).  情景有误。", err=True)
    raise typer.Exit(Exit.OK if is_good else Exit.FAILED)


@app.command("list")
def list_all(
    is_json: Annotated[bool, typer.Option("--json", help="One JSON line for each, for machines.")] = False,
) -> None:
    """List the bundled scenarios with what they are called, how long they last and what goes wrong in them."""
    for name in scenario_names():
        scenario = load_scenario(name)
        models = sorted({hazard.model for hazard in scenario.hazards})
        if is_json:
            line = {"scenario": name, "title": scenario.title.model_dump(), "lasts_s": scenario.lasts_s, "models": models}
            typer.echo(json.dumps(line, ensure_ascii=False))
        else:
            typer.echo(f"{name:32} {_length(scenario.lasts_s):>7}  {scenario.title.zh}  {scenario.title.en}")


@app.command()
def play(
    name: Name,
    seed: Seed = None,
    devices: Devices = None,
    pack: Annotated[Path, typer.Option(help="The rule pack that decides.")] = PACKS / "community.yaml",
    faults: Faults = "",
    is_json: Annotated[bool, typer.Option("--json", help="Print every decision as one JSON line besides.")] = False,
) -> None:
    """Play a scenario in virtual time and judge the chain by its truth. Exit code 0 only if the truth was met."""
    scenario, community = _opened(name, seed, devices, faults)
    rules = read_or_stop(pack, Exit.USAGE)
    decided = []
    for decision in decisions(_shown(event_lines(scenario, community), scenario), rules, tail_s=0):
        decided.append(decision)
        if is_json:
            typer.echo(json.dumps(decision, ensure_ascii=False, separators=(",", ":")))
    score = judge(scenario, decided, community=community)
    typer.echo(str(score), err=is_json)
    raise typer.Exit(Exit.OK if score.is_met else Exit.FAILED)


@app.command()
def export(
    name: Name,
    events: Annotated[Path, typer.Option(help="Where the events go, one JSON line each; .gz is packed.")],
    truth: Annotated[Path, typer.Option(help="Where the truth goes, one JSON line for each thing that is true.")],
    seed: Seed = None,
    devices: Devices = None,
    faults: Faults = "",
) -> None:
    """Write a scenario as two files, events and truth, for 'shouwang backtest' or another system's test."""
    scenario, community = _opened(name, seed, devices, faults)
    try:
        count = write_recording(events, _shown(event_lines(scenario, community), scenario))
        truth.write_text("".join(truth_lines(scenario, community)), encoding="utf-8")
    except OSError as fault:
        raise stopped(f"Nothing can be written there: {fault}  无法写入。", Exit.USAGE) from None
    typer.echo(f"{events}: {count} events; {truth}: {len(truth.read_text(encoding='utf-8').splitlines())} truths.  已导出。")


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    typer.echo(json.dumps(scenario_schema(), ensure_ascii=False, indent=2))


def _opened(name: str, seed: int | None, devices: int | None, faults: str) -> tuple[Scenario, Community]:
    """The scenario with what goes wrong on the way, told first, and its community."""
    try:
        scenario = load_scenario(name)
        community = scenario.build(seed, devices)
        scenario = with_faults(scenario, _drawn(faults, community.seed, scenario.lasts_s))
        missing = [told for _, told in unfelt(scenario, community)]
    except ScenarioError as error:
        raise stopped("\n".join(str(each) for each in error.faults), Exit.USAGE) from None
    if missing:
        told = f"{name} cannot be played with seed {community.seed}: {'; '.join(missing)}. Take another seed, place or size."
        raise stopped(f"{told}  换一个种子或地点，或增加设备。", Exit.USAGE)
    place = f"seed {community.seed}, {len(community.devices)} devices"
    typer.echo(f"{scenario.scenario}: {scenario.title.zh}  {scenario.title.en}; {place}", err=True)
    for fault in scenario.faults:
        typer.echo(f"  fault 故障: {fault}", err=True)
    return scenario, community


def _drawn(faults: str, seed: int, lasts_s: float) -> tuple[Fault, ...]:
    if faults.isdigit():
        return draw_any(int(faults), seed, lasts_s)
    names = tuple(name.strip() for name in faults.split(",") if name.strip())
    unknown = [name for name in names if name not in FAULT_NAMES]
    if unknown:
        told = f"There is no fault {', '.join(unknown)}; there are {', '.join(FAULT_NAMES)}.  没有这种故障。"
        raise stopped(told, Exit.USAGE)
    return draw(names, seed, lasts_s)


def _shown(lines: Iterable[Recorded], scenario: Scenario) -> Iterator[Recorded]:
    """The lines as they are, with a bar of the scenario's time, its rate and the time left, where somebody watches."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(show_speed=True),
        TextColumn("{task.fields[count]} events"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(scenario.scenario, total=scenario.lasts_s, count=0)
        for count, line in enumerate(lines, start=1):
            if count % 1000 == 0:
                progress.update(task, completed=(line.at - scenario.start_at) / 1000, count=count)
            yield line


def _length(seconds: float) -> str:
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:g} {unit}" if seconds % size == 0 else f"{seconds / size:.1f} {unit}"
    return f"{seconds:g} s"
