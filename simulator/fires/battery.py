"""A lithium-ion battery driven into thermal runaway, placed into an imagined e-bike charging room."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from simulator.fires.real_fire import UNDATED_START_AT, WHAT, Probe, RealFire, reading
from simulator.real_data import DATA, RecordingsMissingError, rows
from simulator.recording import Recorded

FILE: Final = DATA / "fsri_fires" / "li_ion_cell_level.csv.gz"
ROOM_L: Final = 30_000.0
"""The room that the off-gas spreads in: 30 m³, well mixed, one air change an hour. Assumed, since the test had a hood."""

_AIR_CHANGES_PER_S: Final = 1 / 3600
_NOISE_L_PER_MIN: Final = {"CO": 0.3, "THC": 0.1}  # the flow meters' own unrest before the heating: below it is nothing
_CELLS: Final = tuple(
    Probe(f"Cell {number} Temperature (C)", f"heat-cell-{number}", "temperature", "charging-room") for number in range(1, 10)
)
_CO: Final = Probe("CO Flow (L/min)", "co-room", "carbon_monoxide", "charging-room", digits=1)
_GAS: Final = Probe("THC Flow (L/min)", "gas-room", "methane", "charging-room")


def battery_fire(file: Path = FILE) -> RealFire:
    """The battery: cell surfaces as temperatures; CO in ppm and hydrocarbons as %LEL of methane, both diluted in the room.

    Its hydrogen meter wanders by more than what it should see and is left out. Zero is the start of the heating; ``marks``
    has the runaway and the flames.
    """
    if not file.is_file():
        raise RecordingsMissingError(file, WHAT)
    return RealFire(
        name="li_ion_cell_level",
        collection="fsri_fires",
        start_at=UNDATED_START_AT,
        ignition_at=UNDATED_START_AT,
        records=partial(_records, file),
        marks={"runaway": 1701.0, "flames": 1739.0},
    )


def _records(file: Path) -> Iterator[Recorded]:
    litres = {"CO": 0.0, "THC": 0.0}
    last_s = 0.0
    for row in rows(file, WHAT):
        if not row["Time (s)"]:
            return  # the last rows have no time
        second = float(row["Time (s)"])
        at = UNDATED_START_AT + round(second * 1000)
        for probe in _CELLS:
            if row[probe.column]:
                yield reading(probe, at, float(row[probe.column]))
        for gas, probe in (("CO", _CO), ("THC", _GAS)):
            flow = float(row[probe.column] or 0)
            inflow = flow / 60 if flow > _NOISE_L_PER_MIN[gas] else 0.0
            litres[gas] += (inflow - litres[gas] * _AIR_CHANGES_PER_S) * (second - last_s)
        yield reading(_CO, at, litres["CO"] / ROOM_L * 1e6)
        yield reading(_GAS, at, litres["THC"] / ROOM_L * 100 / 5.0 * 100)
        last_s = second
