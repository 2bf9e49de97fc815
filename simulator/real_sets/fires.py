"""Real fires for the judge: burning rooms and houses, homes with commercial smoke alarms."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from simulator.convert_fires import all_fires
from simulator.fires.real_fire import RealFire
from simulator.judge.truth_file import Happened
from simulator.real_sets.labelled import Case, RealSet

ESCAPE_S: Final = 180
"""From ignition until a room may no longer be survived: about 3 minutes with modern furniture (NIST TN 1455 [K])."""
_ACCOMPANYING: Final = ("carbon_monoxide", "gas", "electrical")
"""What a fire brings along: it may be noticed, and is not asked for."""


def fires(data: Path, collection: str) -> RealSet:
    """The dated fires of a collection but the battery, which does not burn until late (docs/real-fires.md has it)."""
    published = {
        "nist_smoke_alarms": "first commercial smoke alarm 24, 32, 43, 40 s after ignition (NIST, set's labels)",
        "fsri_fires": "–",
    }
    return RealSet(
        name=collection,
        cases=lambda: _cases(data, collection),
        asked=(
            f"fire, from ignition to the end of the recording; dangerous {ESCAPE_S} s after ignition (NIST TN 1455 [K]); "
            "warning, alarm and dispatch due by then; CO, gas, electrical alarms may come besides; all before ignition is false"
        ),
        published=published[collection],
    )


def _cases(data: Path, collection: str) -> Iterator[Case]:
    for fire in all_fires(data):
        if fire.collection == collection and fire.ignition_at is not None and not fire.marks.get("runaway"):
            yield Case(name=fire.name, records=fire.records, truth=_truth(fire, fire.ignition_at))


def _truth(fire: RealFire, ignition_at: int) -> tuple[Happened, ...]:
    due_at = ignition_at + ESCAPE_S * 1000
    burns = Happened(
        hazard="fire",
        community=fire.name,
        zone="",
        start_at=ignition_at,
        dangerous_at=due_at,
        warning_due_at=due_at,
        alarm_due_at=due_at,
        dispatch_due_at=due_at,
    )
    besides = [Happened(hazard=name, community=fire.name, zone="", start_at=ignition_at) for name in _ACCOMPANYING]
    return (burns, *besides)
