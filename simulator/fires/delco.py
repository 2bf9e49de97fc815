"""NIST's fires in a fire-training building: CO, CO2 and oxygen at two stations, and heat in several rooms."""

import re
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from simulator.fires.real_fire import UNDATED_START_AT, WHAT, Probe, RealFire, Sampler
from simulator.real_data import DATA, RecordingsMissingError, rows
from simulator.recording import Recorded

FOLDER: Final = DATA / "delco_fire_co"
_ARRAY: Final = re.compile(r"^TC_A(?P<array>\d+)_(?P<height>\d+)$")


def delco_fires(folder: Path = FOLDER) -> Iterator[RealFire]:
    """The five fires. When they were lit is not recorded, so their times count from the recording's start."""
    paths = sorted(folder.glob("Test_*.csv.gz"), key=lambda path: int(path.name.removesuffix(".csv.gz")[5:]))
    if not paths:
        raise RecordingsMissingError(folder / "Test_*.csv.gz", WHAT)
    for path in paths:
        yield RealFire(
            name=path.name.removesuffix(".csv.gz"),
            collection="delco_fire_co",
            start_at=UNDATED_START_AT,
            ignition_at=None,
            records=partial(_records, path),
        )


def _records(path: Path) -> Iterator[Recorded]:
    sampler: Sampler | None = None
    for row in islice(rows(path, WHAT), 1, None):  # the row after the header holds the units
        if sampler is None:
            sampler = Sampler(tuple(probe for column in row if (probe := _probe(column))))
        yield from sampler.sample(row, UNDATED_START_AT + round(float(row["Time"]) * 1000))


def _probe(column: str) -> Probe | None:
    gas = {"CO_": ("co", "carbon_monoxide", _ppm), "CO2": ("co2", "carbon_dioxide", _ppm), "O2_": ("o2", "oxygen", _percent)}
    for start, (sort, kind, convert) in gas.items():
        if column.startswith(start):
            station = column[-1].lower()
            return Probe(column, f"{sort}-{station}", kind, f"tower/station-{station}", convert, 2)
    if match := _ARRAY.match(column):
        return Probe(column, f"heat-{match['array']}-{match['height']}", "temperature", f"tower/array-{match['array']}")
    return None


def _ppm(share: float) -> float:
    return max(0.0, share) * 1e6


def _percent(share: float) -> float:
    return share * 100
