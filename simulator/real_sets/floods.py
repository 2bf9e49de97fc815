"""Real street floods for the judge."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from simulator.floods.floodnet import RealFlood, floodnet_floods
from simulator.judge.truth_file import Happened
from simulator.real_sets.labelled import Case, RealSet

SILL_MM: Final = 270.0
"""Exhaust or door sill of a car: from here on driving in is dangerous (domain page E, practice [K])."""
TWO_READINGS_S: Final = 126
"""The sensor speaks every 63 s, and one reading is not believed; ours."""


def floods(data: Path) -> RealSet:
    """Every flood, alone in its community: an hour dry, the measured curve, an hour dry."""
    return RealSet(
        name="floodnet_nyc",
        cases=lambda: _cases(data),
        asked=(
            f"flood, while there is water; dangerous at {SILL_MM:g} mm: warning due by then, alarm {TWO_READINGS_S} s later (two "
            "readings; ours); of what stays below nothing is asked; all in the dry hours is false"
        ),
        published="–",
    )


def _cases(data: Path) -> Iterator[Case]:
    for number, flood in enumerate(floodnet_floods(data), start=1):
        name = f"flood-{number:04}"
        yield Case(name=name, records=flood.records, truth=(_truth(flood, name),))


def _truth(flood: RealFlood, name: str) -> Happened:
    dangerous_at = flood.reached_at(SILL_MM)
    return Happened(
        hazard="flood",
        community=name,
        zone="street",
        start_at=flood.starts_at,
        dangerous_at=dangerous_at,
        end_at=flood.ends_at,
        warning_due_at=dangerous_at,
        alarm_due_at=None if dangerous_at is None else dangerous_at + TWO_READINGS_S * 1000,
    )
