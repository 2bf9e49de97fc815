"""Series of numbers in which people marked what is unusual: the Numenta Anomaly Benchmark and Microsoft's cloud series."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Final

from simulator.nab_score import Profile, Window, read_profiles
from simulator.real_data import DATA, RecordingsMissingError, rows

_WHAT: Final = "series in which people marked what is unusual"


@dataclass(frozen=True, slots=True)
class Series:
    """One series: instants in ms of its own clock read as UTC, values, and the windows of what is unusual."""

    name: str
    instants: tuple[int, ...]
    values: tuple[float, ...]
    windows: tuple[Window, ...]


def nab_series(data: Path = DATA) -> list[Series]:
    """The series of NAB that we have, by name. Raises RecordingsMissingError where they are not."""
    folder = _folder(data / "nab")
    windows = json.loads((folder / "labels" / "combined_windows.json").read_text(encoding="utf-8"))
    found = []
    for path in sorted((folder / "data").glob("*/*.csv.gz")):
        name = f"{path.parent.name}/{path.name.removesuffix('.gz')}"
        table = list(rows(path, _WHAT))
        instants = tuple(_instant(row["timestamp"]) for row in table)
        spans = tuple(Window(instants.index(_instant(first)), instants.index(_instant(last))) for first, last in windows[name])
        found.append(Series(name.removesuffix(".csv"), instants, tuple(float(row["value"]) for row in table), spans))
    return found


def nab_profiles(data: Path = DATA) -> tuple[Profile, ...]:
    """The three published profiles. Raises RecordingsMissingError where they are not."""
    path = _folder(data / "nab") / "config" / "profiles.json"
    return read_profiles(json.loads(path.read_text(encoding="utf-8")))


def cloud_series(data: Path = DATA) -> list[Series]:
    """Microsoft's series by name: a run of marked points is one window. Raises RecordingsMissingError where they are not."""
    folder = _folder(data / "ms_cloud_series")
    return [_marked(f"{path.parent.name}/{path.name.removesuffix('.csv.gz')}", path) for path in sorted(folder.glob("*/*.gz"))]


def _marked(name: str, path: Path) -> Series:
    table = [row for row in rows(path, _WHAT) if row["Value"].strip()]  # some hours were not measured
    runs = groupby(range(len(table)), key=lambda row: table[row]["Label"].strip() == "1")
    marked = [list(run) for is_marked, run in runs if is_marked]
    windows = tuple(Window(run[0], run[-1]) for run in marked)
    instants = tuple(_instant(row["TimeStamp"]) for row in table)
    return Series(name, instants, tuple(float(row["Value"]) for row in table), windows)


def _folder(folder: Path) -> Path:
    if not folder.is_dir():
        raise RecordingsMissingError(folder, _WHAT)
    return folder


def _instant(text: str) -> int:
    """Milliseconds of an instant; without a zone it is read as UTC."""
    instant = datetime.fromisoformat(text.strip())
    return round((instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp() * 1000)
