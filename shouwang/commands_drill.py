"""``shouwang drill``: the whole chain under faults from a seed, in virtual time; a failure names the command that repeats it."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from shouwang.clock import monotonic_s
from shouwang.exits import Exit
from shouwang.options import stopped
from simulator.drill.drill import Outcome
from simulator.drill.fleet import Fleet, ground
from simulator.drill.page import page_of
from simulator.drill.planted import BUGS, BY_NAME, NONE
from simulator.drill.steps import draw

FAULTS_TOLD: Final = 5
"""Failed seeds that are told in full; the rest are counted by what broke."""
SEEDS_FOR_A_BUG: Final = 1_000


def drill(
    seeds: Annotated[list[int] | None, typer.Argument(metavar="SEED…", help="Play these seeds, each told in full.")] = None,
    span: Annotated[str, typer.Option("--seeds", help="Play all seeds from A to B: A..B.")] = "",
    minutes: Annotated[float, typer.Option(min=0, help="Play seeds from 1 (or from A on) for so many minutes.")] = 0.0,
    until: Annotated[int, typer.Option(min=0, help="Stop after this step, and show the story up to it.")] = 0,
    plant: Annotated[str, typer.Option("--planted", help="Put this bug in before; 'all': each of them, and the table.")] = "",
    page: Annotated[Path | None, typer.Option(help="With --planted all: write the table into this page.")] = None,
    jobs: Annotated[int, typer.Option(min=0, help="Processes beside each other; all cores where it is not said.")] = 0,
) -> None:
    """Drill the whole chain: journal, store, outbox and a faulty outside in one process, under virtual time. 演练：故障注入."""
    if plant not in (NONE, "all", *BY_NAME):
        raise stopped(f"There is no planted bug {plant!r}; there are: all, {', '.join(BY_NAME)}.  没有这个预置缺陷。", Exit.USAGE)
    first, last = _span(span)
    if not seeds and not span and not minutes and plant != "all":
        raise stopped("Say which seeds: 'shouwang drill 4711', --seeds 1..1000 or --minutes 5.  请指定种子。", Exit.USAGE)
    if plant == "all":
        raise typer.Exit(_find_all(range(first, (last or SEEDS_FOR_A_BUG) + 1), page, jobs))
    is_well = _play_told(seeds, until, plant) if seeds else _play_many(first, last, minutes, plant, jobs)
    raise typer.Exit(Exit.OK if is_well else Exit.FAILED)


def _span(text: str) -> tuple[int, int]:
    """First and last seed; last is 0 where none was said."""
    first, _, last = text.partition("..")
    if not text:
        return 1, 0
    if not (first.isdecimal() and last.isdecimal() and int(first) <= int(last)):
        raise stopped(f"--seeds {text!r} is no span of seeds; write it like 1..1000.  种子范围写作 1..1000。", Exit.USAGE)
    return int(first), int(last)


def _play_told(seeds: Iterable[int], until: int, plant: str) -> bool:
    is_well = True
    with ground() as here:
        for seed in seeds:
            steps = draw(seed)
            typer.echo(f"seed {seed}, {len(steps)} steps" + (f", planted: {plant}" if plant else "") + "; drawn faults:")
            for step in steps:
                if step.is_fault:
                    typer.echo(f"  {step}")
            outcome = here.play(seed, until=until, plant=plant)
            is_well = is_well and outcome.is_well
            if until:
                typer.echo("\n".join(outcome.story))
            _tell(outcome, plant)
    return is_well


def _tell(outcome: Outcome, plant: str) -> None:
    counts = f"{outcome.crash_count} crashes, {outcome.entry_count} entries, {outcome.fact_count} facts"
    if outcome.is_well:
        typer.echo(f"seed {outcome.seed}: every law held; {counts}.  全部通过")
        return
    if outcome.story:
        typer.echo("\n".join(outcome.story[-20:]))
    typer.echo(f"seed {outcome.seed} FAILED in step {outcome.step} of {outcome.step_count} ({counts})  未通过")
    typer.echo(f"  {outcome.law}: {outcome.detail}")
    where = "" if outcome.step >= outcome.step_count else f" --until {outcome.step}"
    typer.echo(f"  again: shouwang drill {outcome.seed}{where}" + (f" --planted {plant}" if plant else ""))


def _play_many(first: int, last: int, minutes: float, plant: str, jobs: int) -> bool:
    until_s = monotonic_s() + minutes * 60 if minutes else None
    failed: list[Outcome] = []
    crashes = entries = done = 0
    began_s = monotonic_s()
    with Fleet(jobs) as fleet, _bar() as bar:
        task = bar.add_task("seeds", total=(last - first + 1) if last else None, rate="")
        for outcome in fleet.play(_seeds(first, last, until_s), plant):
            done += 1
            crashes, entries = crashes + outcome.crash_count, entries + outcome.entry_count
            failed += [] if outcome.is_well else [outcome]
            bar.update(task, completed=done, rate=f"{done / max(0.001, monotonic_s() - began_s):.1f}/s, {len(failed)} failed")
    for outcome in failed[:FAULTS_TOLD]:
        _tell(outcome, plant)
    for law, times in Counter(outcome.law for outcome in failed).most_common():
        typer.echo(f"{times} × {law}")
    lasted_s = monotonic_s() - began_s
    typer.echo(
        f"seeds {first}..{first + done - 1}: {done - len(failed)} of {done} well in {lasted_s:.0f} s "
        f"({os.cpu_count()} cores); {crashes} crashes, {entries} entries."
    )
    return not failed


def _seeds(first: int, last: int, until_s: float | None) -> Iterator[int]:
    for seed in count(first):
        if (last and seed > last) or (until_s is not None and monotonic_s() >= until_s):
            return
        yield seed


def _find_all(seeds: range, page: Path | None, jobs: int) -> int:
    """How many seeds each planted bug lives through."""
    found: dict[str, Outcome | None] = {}
    with Fleet(jobs) as fleet, _bar() as bar:
        task = bar.add_task("planted bugs", total=len(BUGS), rate="")
        for bug in BUGS:
            bar.update(task, description=bug.name)
            found[bug.name] = fleet.find(bug.name, seeds)
            bar.advance(task)
    text = page_of(found, seeds)
    if page is not None:
        page.write_text(text, encoding="utf-8")
    typer.echo(text)
    return Exit.OK if all(found.values()) else Exit.FAILED


def _bar() -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total} {task.fields[rate]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, transient=True)
