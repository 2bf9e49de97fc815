"""docs/judge-month.md: what a month of 2,000 devices cost, and what the shipped pack made of it."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rules.definition import RulePack
from simulator.judge.matching import match
from simulator.judge.score import Town, figures_of
from simulator.judge.truth_file import STAGES
from simulator.month import COMMUNITY_COUNT, DAY_COUNT, DAY_S, plan_of

_HEAD: Final = """\
# A month of 2,000 devices 一个月的回测

Made by `python -m bench.month > docs/judge-month.md` (`--days 2` for the first two days, `--jobs` for the processes): a month of
seven communities is made, every message is played through contract and chain in virtual time with the people of the judge, and
counted ([judge.md](judge.md)). The month passes through: no message of it is kept, in memory or on disk. `simulator/month.py` has
the rules by which it is made: ordinary life every day, and on every second day one of the bundled scenarios
([scenarios.md](scenarios.md)), dealt from a shuffled deck, at its own hour; the days between are quiet.
The pack is `rules/packs/community.yaml` as it ships.
"""
_COST: Final = """\
CPU time is the honest figure: the machine did other work meanwhile, and the wall clock counts that too. *Judging* is what a
backtest does with a message: contract, chain, people, score; *making* it is the simulator, which a backtest of recorded events
does not need (it reads a file instead). *× real time* is the month divided by the CPU seconds of all communities together.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """What became of one community, and what it cost: CPU seconds of making and of judging, and the process's most memory."""

    town: Town
    device_count: int
    making_s: float
    judging_s: float
    peak_mb: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """All communities, and how long it took on the wall with so many processes."""

    lived: tuple[Lived, ...]
    wall_s: float
    job_count: int
    day_count: int


def page(run: Run, pack: RulePack) -> Iterator[str]:
    """The page, line by line."""
    towns = [each.town for each in run.lived]
    yield _HEAD
    if run.day_count < DAY_COUNT:
        yield f"**Of the month only the first {run.day_count} of {DAY_COUNT} days were played for this page.**\n"
    yield from _cost(run)
    yield "\n## What the pack made of it\n"
    yield from _summary(towns, pack)
    yield from _by_hazard(towns)
    yield "\n## By community\n"
    yield from _by_community(run)
    yield "\n## What happened when\n"
    yield "Day of the month and scenario; all other days are quiet.\n"
    yield from plan_rows(run.day_count)


def plan_rows(day_count: int) -> Iterator[str]:
    """On which day which scenario came, a line for each community."""
    for number in range(1, COMMUNITY_COUNT + 1):
        days = [f"{day} `{name}`" for day, name in plan_of(number) if day - 1 < day_count]
        yield f"- c{number:02d}: {', '.join(days)}"


def _cost(run: Run) -> Iterator[str]:
    events = sum(each.town.played.event_count for each in run.lived)
    making_s, judging_s = sum(each.making_s for each in run.lived), sum(each.judging_s for each in run.lived)
    cpu_s, lasts_s = making_s + judging_s, run.day_count * DAY_S
    times, all_times = lasts_s / judging_s, lasts_s / cpu_s
    yield "## What it cost\n"
    yield _COST
    yield "| | |"
    yield "|---|---|"
    yield f"| communities, devices, days | {len(run.lived)}, {sum(each.device_count for each in run.lived):,}, {run.day_count} |"
    yield f"| events | {events:,} |"
    yield f"| CPU, making | {making_s:,.0f} s, {events / making_s:,.0f} events/s |"
    yield f"| CPU, judging | {judging_s:,.0f} s, {events / judging_s:,.0f} events/s, **{times:,.0f} × real time** on one core |"
    yield f"| CPU, together | {cpu_s:,.0f} s ({cpu_s / 60:.1f} min), {all_times:,.0f} × real time on one core |"
    machine = f"{run.job_count} processes on a busy machine of {os.cpu_count()} cores"
    yield f"| wall | {run.wall_s:,.0f} s ({run.wall_s / 60:.1f} min), {machine} |"
    yield f"| most memory of a process | {max(each.peak_mb for each in run.lived):,.0f} MB |"


def _summary(towns: Sequence[Town], pack: RulePack) -> Iterator[str]:
    lives = [name for name, hazard in pack.hazards.items() if hazard.is_life_safety]
    everything: Any = figures_of(towns).plain()
    saved: Any = figures_of(towns, lambda hazard, _: hazard in lives).plain()
    alarm, dispatch = everything["alarm"], saved["dispatch"]
    yield (
        f"- Life safety: {saved['alarm']['detected']} of {saved['alarm']['asked']} alarms in time, recall "
        f"{saved['alarm']['recall'] or 0:.3f}; {dispatch['detected']} of {dispatch['asked']} orders in time."
    )
    yield (
        f"- All hazards: {alarm['detected']} of {alarm['asked']} alarms in time, {alarm['late']} late, {alarm['missed']} missed, "
        f"recall {alarm['recall'] or 0:.3f}; {alarm['false']} false, precision {alarm['precision'] or 0:.3f}; "
        f"{alarm['duplicates']} more for what was told already."
    )
    a_day, announced = everything["false_alarms_per_operator_day"], everything["announced_per_operator_day"]
    yield (
        f"- {everything['operator_days']:.0f} days of an operator: {a_day:.3f} false alarms a day, {announced:.1f} announced; "
        f"{everything['floods']} floods, {everything['flood_s'] / 60:.0f} min of flood in all, "
        f"{everything['flood_share']:.3%} of the time."
    )
    for stage in STAGES:
        yield f"- Wrong by rule, {stage}: {', '.join(_false_by_rule(towns, stage)) or 'none'}."


def _false_by_rule(towns: Sequence[Town], stage: str) -> list[str]:
    """Which rules were wrong how often, the worst first."""
    count: dict[str, int] = {}
    for town in towns:
        for one in match(stage, town.played.reached, town.happened).false:
            count[one.rule] = count.get(one.rule, 0) + 1
    worst = sorted(count.items(), key=lambda item: (-item[1], item[0]))
    return [f"`{rule}` {number}" for rule, number in worst]


def _by_hazard(towns: Sequence[Town]) -> Iterator[str]:
    hazards = {one.hazard for town in towns for one in town.happened} | {
        one.hazard for town in towns for one in town.played.reached
    }
    yield "\n| hazard | asked | in time | late | missed | false | more | orders in time | time to alarm p50, s | lead p50, s |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for name in sorted(hazards):
        figures: Any = figures_of(towns, lambda hazard, _, name=name: hazard == name).plain()  # type: ignore[misc]
        alarm, dispatch = figures["alarm"], figures["dispatch"]
        counts = [alarm[key] for key in ("asked", "detected", "late", "missed", "false", "duplicates")]
        orders = f"{dispatch['detected']}/{dispatch['asked']}"
        yield (
            "| "
            + " | ".join(map(str, [f"`{name}`", *counts, orders, _whole(alarm["time_p50_s"]), _whole(alarm["lead_p50_s"])]))
            + " |"
        )


def _by_community(run: Run) -> Iterator[str]:
    yield "| community | devices | events | asked | in time | false | a day | announced | flood, min | making, s | judging, s |"
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    for each in run.lived:
        figures: Any = figures_of([each.town]).plain()
        alarm, played = figures["alarm"], each.town.played
        yield (
            f"| {played.community} | {each.device_count} | {played.event_count:,} | {alarm['asked']} | {alarm['detected']} | "
            f"{alarm['false']} | {figures['false_alarms_per_operator_day']:.3f} | {figures['announced']} | "
            f"{figures['flood_s'] / 60:.0f} | {each.making_s:.0f} | {each.judging_s:.0f} |"
        )


def _whole(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}"
