"""Floods of machine alarms with ten real phases among them, for the judge: is anything still seen, and how much is shown?"""

import json
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from simulator.judge.truth_file import Happened
from simulator.real_data import RecordingsMissingError, rows
from simulator.real_sets.alarm_misses import NOWHERE, WHAT, misses_of
from simulator.real_sets.labelled import Case, RealSet, event
from simulator.recording import Recorded

DUE_S: Final = 600
"""A person must be at the right machine within ten minutes of a phase's beginning; ours."""


def alarm_floods(data: Path) -> RealSet:
    """Four networks, each a community; a machine is a zone, each type of its alarms one in it, and what it says a report."""
    return RealSet(
        name="ait_alerts",
        cases=lambda: _cases(data / "ait_alerts"),
        asked=(
            "report, each of ten phases at the machine that first showed it, from its begin to its end; alarm due 10 min after "
            "the begin (ours); every other alarm is false"
        ),
        published="one alarm per host, type and 10 min removes 93.9 to 99.2 % (set's README)",
        misses=misses_of(data / "ait_alerts"),
    )


def _cases(folder: Path) -> Iterator[Case]:
    labels = folder / "labels.json"
    if not labels.is_file():
        raise RecordingsMissingError(labels, WHAT)
    phases = json.loads(labels.read_text(encoding="utf-8"))
    for name in sorted(phases):
        file = folder / f"{name}.csv.gz"
        yield Case(name=name, records=partial(_records, file, name), truth=_truth(file, name, phases[name]))


def _records(file: Path, name: str) -> Iterator[Recorded]:
    in_order = sorted(rows(file, WHAT), key=lambda row: int(row["time"]))  # the source has them by sensor
    for number, row in enumerate(in_order):
        zone = f"{_zone(row['host'])}/{_zone(row['short'])}"
        body = f'"id":"{name}-{number}","kind":"report","state":"on","zone":"{zone}"'
        yield event(int(row["time"]) * 1000, name, "data/alarm", zone.replace("/", "-"), body)


def _truth(file: Path, name: str, phases: dict[str, list[str]]) -> tuple[Happened, ...]:
    shown: dict[str, str] = {}
    for row in rows(file, WHAT):
        if row["event_label"] != "-":
            shown.setdefault(row["time_label"], _zone(row["host"]))
    found: list[Happened] = []
    for phase, (begin, end) in phases.items():
        start_at, end_at = _ms(begin), _ms(end)
        zone = shown.get(phase, NOWHERE)
        due_at = start_at + DUE_S * 1000
        found.append(Happened(hazard="report", community=name, zone=zone, start_at=start_at, end_at=end_at, alarm_due_at=due_at))
    return tuple(found)


def _zone(host: str) -> str:
    return "".join([sign if sign.isalnum() else "-" for sign in host]) or "unnamed"


def _ms(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)
