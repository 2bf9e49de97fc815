"""Public alarms with start and end for the judge: timing only, every place a number."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from simulator.judge.truth_file import Happened
from simulator.real_data import rows
from simulator.real_sets.labelled import Case, RealSet, event
from simulator.recording import Recorded

WITHIN_S: Final = 60
"""An authority's signal must stand on the desk within a minute; ours."""


def sirens(data: Path) -> RealSet:
    """Nine months of official alerts over a nested map; each region is a community."""
    return RealSet(
        name="ua_sirens",
        cases=lambda: _cases(data / "ua_sirens" / "alerts.csv.gz"),
        asked=f"authority, each alert from raise to clear at its district; warning due {WITHIN_S} s after the raise (ours)",
        published="–",
    )


def _cases(file: Path) -> Iterator[Case]:
    numbers: dict[str, int] = {}
    truth: dict[str, list[Happened]] = {}
    lines: dict[str, list[Recorded]] = {}
    for row in rows(file, "the recordings of public alarms"):
        zone = _zone([row[name] for name in ("oblast", "raion", "hromada") if row[name]], numbers)
        name = f"sirens-{zone.split('/')[0]}"
        start_at, end_at = (_ms(row[instant]) for instant in ("started_at", "finished_at"))
        own = lines.setdefault(name, [])
        for at, state in ((start_at, "on"), (end_at, "off")):
            body = f'"kind":"warning_signal","zone":"{zone}","attributes":{{"level":"red"}},"state":"{state}"'
            own.append(event(at, name, "data/alarm", zone.replace("/", "-"), body))
        happened = Happened(
            hazard="authority",
            community=name,
            zone=zone,
            start_at=start_at,
            end_at=end_at,
            warning_due_at=start_at + WITHIN_S * 1000,
        )
        truth.setdefault(name, []).append(happened)
    for name in sorted(lines):
        own = sorted(lines[name], key=lambda line: line.at)
        yield Case(name=name, records=partial(list, own), truth=tuple(truth[name]))


def _zone(parts: list[str], numbers: dict[str, int]) -> str:
    """The path of numbers for a path of names: numbered as they come."""
    paths = ["/".join(parts[: depth + 1]) for depth in range(len(parts))]
    return "/".join([f"{letter}{numbers.setdefault(path, len(numbers)):04}" for letter, path in zip("drh", paths, strict=False)])


def _ms(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)
