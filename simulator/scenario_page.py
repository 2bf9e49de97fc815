"""The page of the scenarios: ``python -m simulator.scenario_page > docs/scenarios.md`` plays them all and tells what came."""

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Final

from rules.definition import RulePack
from simulator.faults.models import FAULTS
from simulator.hazards.models import HAZARDS
from simulator.judge.matching import match
from simulator.judge.play import play
from simulator.judge.reached import Played
from simulator.judge.score import Town, figures_of
from simulator.scenario import Scenario
from simulator.scenario_file import load_scenario, scenario_names
from simulator.scenario_packs import default_pack, elder_care_pack
from simulator.scenario_truth import event_lines, happened

_WEEK_S: Final = 604_800.0

_HEAD: Final = """\
# Scenarios

Made by `python -m simulator.scenario_page > docs/scenarios.md`, which plays every bundled scenario with both bundled rule packs
and lets the judge count ([judge.md](judge.md)). A test plays the short ones again and compares. What a scenario file looks like,
and the commands `shouwang scenario check`, `list`, `play` and `export`, are in [simulator.md](simulator.md).

What is true comes from the hazards' physics and from documented limits (`simulator/hazards/tenability.py`), never from the chain:
an alarm is due before a room is unbearable (ISO 13571), before a household gas detector's highest alarm point (GB 15322.2),
before 10 % carboxyhaemoglobin (UL 2034), or so many seconds after a device has spoken (GB 50440, GB/T 24476, GB 14287). A
scenario's author may ask for more than that, not for less. In near-misses nothing is due, and whatever alarms is false.
"""

_ELDER_CARE: Final = """\
## The same with the elder care pack

`rules/packs/elder_care.yaml`, with the one word that a mixed community must say to it: in which homes elders live alone
(`elder_homes`, here the list of the simulated community). All its other parameters stand as they ship.
"""
_COLUMNS: Final = """\
| scenario | 名称 | title | lasts | hazards | asked | in time | sent | false | lead, s |
|---|---|---|---|---|---|---|---|---|---|"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What came of one scenario. Counts are of alarms; ``lead_s`` is the median time before it was dangerous."""

    scenario: Scenario
    town: Town

    def __str__(self) -> str:
        figures: Any = figures_of([self.town]).plain()
        alarm = figures["alarm"]
        lead = alarm["lead_p50_s"]
        cells = (
            f"`{self.scenario.scenario}`",
            self.scenario.title.zh,
            self.scenario.title.en,
            _length(self.scenario.lasts_s),
            ", ".join(f"`{name}`" for name in dict.fromkeys(hazard.model for hazard in self.scenario.hazards)) or "-",
            str(alarm["asked"]),
            str(alarm["detected"]),
            str(figures["dispatch"]["detected"]) + "/" + str(figures["dispatch"]["asked"]),
            str(alarm["false"]),
            "-" if lead is None else f"{lead:.0f}",
        )
        return "| " + " | ".join(cells) + " |"


def row_of(name: str, pack: RulePack) -> Row:
    """Play a bundled scenario with the people of the judge, and count."""
    scenario = load_scenario(name)
    community = scenario.build()
    played = play(event_lines(scenario, community), pack, community.id, tail_s=0)
    return Row(scenario=scenario, town=Town(played=_cut(played, scenario), happened=happened(scenario, community)))


def rows_of(names: Sequence[str]) -> tuple[list[Row], list[Row]]:
    """Play these with the default pack and with elder care, the longest first, on all cores."""
    longest_first = sorted(names, key=lambda name: -load_scenario(name).lasts_s)
    with ProcessPoolExecutor() as crew:
        asked = {(name, own): crew.submit(_play, name, own) for name in longest_first for own in (False, True)}
        return [asked[name, False].result() for name in names], [asked[name, True].result() for name in names]


def page(rows: Sequence[Row], elders: Sequence[Row], pack: RulePack) -> Iterator[str]:
    """The page, line by line: what came of each with the default pack, and what with elder care."""
    yield _HEAD
    yield "## In short\n"
    yield from _summary(rows, pack)
    yield "## What came of each\n"
    yield "*Asked* are the happenings for which an alarm was due, *in time* those that had it; *sent* are the orders in time of"
    yield "those asked for; *false* are alarms that found nothing true; *lead* is the median of seconds from alarm to danger.\n"
    yield _COLUMNS
    yield from map(str, rows)
    yield ""
    yield _ELDER_CARE
    yield from _summary(elders, pack)
    yield _COLUMNS
    yield from map(str, elders)
    yield ""
    yield from _models()


def _play(name: str, is_elder_care: bool) -> Row:
    return row_of(name, elder_care_pack(load_scenario(name).build()) if is_elder_care else default_pack())


def _summary(rows: Sequence[Row], pack: RulePack) -> Iterator[str]:
    towns = [row.town for row in rows]
    lives = [name for name, hazard in pack.hazards.items() if hazard.is_life_safety]
    everything: Any = figures_of(towns).plain()
    saved: Any = figures_of(towns, lambda hazard, _: hazard in lives).plain()
    quiet = [row.town for row in rows if row.scenario.lasts_s >= _WEEK_S and not row.scenario.hazards]
    calm: Any = figures_of(quiet).plain()
    misses = [row for row in rows if not any(one.alarm_due_at for one in row.town.happened)]
    alarm = everything["alarm"]
    yield f"- {len(rows)} scenarios, {len(misses)} of them without anything that asks for an alarm."
    yield (
        f"- Life safety: {saved['alarm']['detected']} of {saved['alarm']['asked']} alarms in time, recall "
        f"{saved['alarm']['recall']:.3f}; {saved['dispatch']['detected']} of {saved['dispatch']['asked']} orders in time."
    )
    yield (
        f"- All hazards: {alarm['detected']} of {alarm['asked']} alarms in time, recall {alarm['recall']:.3f}; "
        f"{alarm['false']} false, precision {alarm['precision']:.3f}."
    )
    if quiet:
        yield (
            f"- Quiet weeks: {calm['alarm']['false']} false alarms in {calm['operator_days']:.0f} days of an operator, "
            f"{calm['false_alarms_per_operator_day']:.2f} a day."
        )
        yield f"- Warnings of the quiet weeks that found nothing: {', '.join(_false_by_rule(quiet, 'warning')) or 'none'}."
    yield f"- Alarms that were wrong: {', '.join(_false_by_rule(towns, 'alarm')) or 'none'}.\n"


def _false_by_rule(towns: Sequence[Town], stage: str) -> list[str]:
    """Which rules were wrong how often, the worst first."""
    count: dict[str, int] = {}
    for town in towns:
        for one in match(stage, town.played.reached, town.happened).false:
            count[one.rule] = count.get(one.rule, 0) + 1
    worst = sorted(count.items(), key=lambda item: (-item[1], item[0]))
    return [f"`{rule}` {number}" for rule, number in worst]


def _models() -> Iterator[str]:
    yield "## Hazards and near-misses\n"
    yield "Every model has a `zone`, and `starts_s` after the scenario's start; its other `…_s` fields count from its own start."
    yield "`everywhere` is the zone of what befalls the whole community.\n"
    yield "| model | what it is | fields |"
    yield "|---|---|---|"
    for model in HAZARDS:
        yield _model_row(model, "model", {"model", "zone", "starts_s"})
    yield "\n## Faults\n"
    yield "Every fault holds from `from_s` to `to_s` for `devices` (a pattern of ids); `shouwang scenario play NAME --faults 3`"
    yield "draws three.\n"
    yield "| fault | what it does | fields |"
    yield "|---|---|---|"
    for fault in FAULTS:
        yield _model_row(fault, "fault", {"fault", "from_s", "to_s", "devices"})


def _model_row(model: Any, tag: str, common: set[str]) -> str:
    schema = model.model_json_schema(by_alias=True)
    fields = ", ".join(f"`{name}`" for name in schema["properties"] if name not in common)
    told = " ".join((model.__doc__ or "").replace("``", "`").split()).replace("|", "\\|")
    return f"| `{schema['properties'][tag]['const']}` | {told} | {fields or '-'} |"


def _cut(played: Played, scenario: Scenario) -> Played:
    """A scenario lasts as long as it says, however early its last message was: days of an operator are counted from it."""
    lasts_ms = round(scenario.lasts_s * 1000)
    return replace(played, from_at=scenario.start_at, until_at=scenario.start_at + lasts_ms, heard_ms=lasts_ms)


def _length(seconds: float) -> str:
    for unit, size in (("d", 86_400), ("h", 3600)):
        if seconds >= size:
            return f"{seconds / size:g} {unit}" if seconds % size == 0 else f"{seconds / size:.1f} {unit}"
    return f"{seconds / 60:g} min"


if __name__ == "__main__":
    chosen = sys.argv[1:] or scenario_names()
    for line in page(*rows_of(chosen), default_pack()):
        sys.stdout.write(line + "\n")
