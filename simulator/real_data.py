"""Where the recordings of real happenings lie, how their tables are read, and what is said where they are missing."""

import csv
import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

DATA: Final = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "sets"
"""Where the collections are expected: ``../shared/data/sets`` beside the project."""


class RecordingsMissingError(FileNotFoundError):
    """A collection is not where it was looked for; says where, and what is read from there."""

    def __init__(self, place: Path, what: str) -> None:
        super().__init__(f"{place} is missing: {what} are read from there (--data names another folder of collections)")


def rows(path: Path, what: str) -> Iterator[dict[str, str]]:
    """The rows of a gzipped CSV file of the named recordings. Raises RecordingsMissingError when it is not there."""
    if not path.is_file():
        raise RecordingsMissingError(path, what)
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def local_ms(text: str) -> int:
    """A local clock whose offset is not recorded, read as UTC (ms since 1970): only differences are used."""
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)
