"""Why phases among the floods of machine alarms are not told in time: one by one, from the recording and from what rang."""

import json
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from simulator.judge.matching import match, touches
from simulator.judge.reached import Reached
from simulator.judge.score import Town
from simulator.judge.truth_file import Happened
from simulator.real_data import rows
from simulator.real_sets.labelled import Misses

WHAT: Final = "the recordings of alarm floods"
NOWHERE: Final = "nowhere"
"""The place of a phase that no alarm of the recording shows."""
HEAD: Final = """## The phases of ait_alerts that are not told in time

One line for each, made from the recording and from what rang. A phase is *shown* by the alarms that carry its name in the
recording (`time_label`) and are caused by the intruder (`event_label`); what no alarm shows, nobody who hears only alarms can
tell. What is told of a machine shortly before the next phase begins there counts for the phase before: one announcement finds
one happening. The alarm stands then, the same type of the same machine is only counted, and by ISA-18.2 and IEC 62682 it is
not announced anew: only one that gets worse is, or one of another type or machine, which is an alarm of its own.

| network | phase | told | why |
|---|---|---|---|
"""


def misses_of(folder: Path) -> Misses:
    """How to say it of the networks in this folder."""
    return partial(_page, folder)


def _page(folder: Path, towns: Sequence[Town]) -> str:
    phases = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    return HEAD + "".join([line for town in towns for line in _lines(folder, town, tuple(phases[town.played.community]))])


def _lines(folder: Path, town: Town, phases: Sequence[str]) -> Iterator[str]:
    name = town.played.community
    found = match("alarm", town.played.reached, town.happened).found
    for number, (phase, happened) in enumerate(zip(phases, town.happened, strict=True)):
        one = found.get(number)
        if one is None or one.at > (happened.alarm_due_at or 0):
            told = "never" if one is None else f"{(one.at - happened.start_at) // 1000} s after its begin"
            why = _unshown(folder / f"{name}.csv.gz", phase) if happened.zone == NOWHERE else _stood(town, happened, one)
            yield f"| {name} | {phase} | {told} | {why} |\n"


def _unshown(file: Path, phase: str) -> str:
    """What the recording has of a phase that it never shows: alarms in its time that are about something else, or of it later."""
    in_time = elsewhere = 0
    for row in rows(file, WHAT):
        in_time += row["time_label"] == phase
        elsewhere += row["event_label"] == phase
    said = "the recording: no alarm shows it"
    if elsewhere:
        said += f"; the {elsewhere:,} that this step caused came outside its time"
    return said if not in_time else f"{said}; {in_time:,} in its time are called noise"


def _stood(town: Town, happened: Happened, found: Reached | None) -> str:
    """What had been told of the machine before: by the type that told it late, if any did."""
    before = [
        one
        for one in town.played.reached
        if one.stage == "alarm" and one.at < happened.start_at and touches(one.zone, happened.zone)
    ]
    same = [one for one in before if found is None or one.zone == found.zone]
    if not same:
        return "ours: its alarms were not announced in time, and none stood"
    ago_s = (happened.start_at - same[-1].at) // 1000
    return f"the judge's mapping: the machine's alarm {same[-1].zone} had been told {ago_s} s before the phase began, and stood"
