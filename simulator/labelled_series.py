"""Series of numbers in which people marked what is unusual: the Numenta Anomaly Benchmark and Microsoft's cloud series."""

import csv
import gzip
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Final

from simulator.nab_score import Profile, Window, read_profiles

DATA: Final = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "sets"
"""Where the collections are expected: ``../shared/data/sets`` beside the project."""


class SeriesMissingError(FileNotFoundError):
    """The collection is not where it was looked for."""


@dataclass(frozen=True, slots=True)
class Series:
    """One series: instants in ms of its own clock read as UTC, values, and the windows of what is unusual."""

    name: str
    instants: tuple[int, ...]
    values: tuple[float, ...]
    windows: tuple[Window, ...]


def nab_series(data: Path = DATA) -> list[Series]:
    """The series of NAB that we have, by name. Raises SeriesMissingError where they are not."""
    folder = _folder(data / "nab")
    windows = json.loads((folder / "labels" / "combined_windows.json").read_text(encoding="utf-8"))
    found = []
    for path in sorted((folder / "data").glob("*/*.csv.gz")):
        name = f"{path.parent.name}/{path.name.removesuffix('.gz')}"
        rows = _rows(path)
        instants = tuple(_instant(row["timestamp"]) for row in rows)
        spans = tuple(Window(instants.index(_instant(first)), instants.index(_instant(last))) for first, last in windows[name])
        found.append(Series(name.removesuffix(".csv"), instants, tuple(float(row["value"]) for row in rows), spans))
    return found


def nab_profiles(data: Path = DATA) -> tuple[Profile, ...]:
    """The three published profiles. Raises SeriesMissingError where they are not."""
    path = _folder(data / "nab") / "config" / "profiles.json"
    return read_profiles(json.loads(path.read_text(encoding="utf-8")))


def cloud_series(data: Path = DATA) -> list[Series]:
    """Microsoft's series by name: a run of marked points is one window. Raises SeriesMissingError where they are not."""
    folder = _folder(data / "ms_cloud_series")
    return [_marked(f"{path.parent.name}/{path.name.removesuffix('.csv.gz')}", path) for path in sorted(folder.glob("*/*.gz"))]


def _marked(name: str, path: Path) -> Series:
    rows = [row for row in _rows(path) if row["Value"].strip()]  # some hours were not measured
    runs = groupby(range(len(rows)), key=lambda row: rows[row]["Label"].strip() == "1")
    marked = [list(run) for is_marked, run in runs if is_marked]
    windows = tuple(Window(run[0], run[-1]) for run in marked)
    instants = tuple(_instant(row["TimeStamp"]) for row in rows)
    return Series(name, instants, tuple(float(row["Value"]) for row in rows), windows)


def _folder(folder: Path) -> Path:
    if not folder.is_dir():
        raise SeriesMissingError(f"{folder} is missing: labelled series are read from there; see docs/early-warning-baseline.md")
    return folder


def _rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _instant(text: str) -> int:
    """Milliseconds of an instant; without a zone it is read as UTC."""
    instant = datetime.fromisoformat(text.strip())
    return round((instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp() * 1000)
