"""What hazards before a camera have in common: its reports, and by when somebody must go and look."""

from typing import Final

from rules.model import EventClass
from simulator.hazards.course import Happening, Peril

SHOWN_S: Final = 10.0
"""From the device to the centre within 10 s (GB 50440-2007)."""


def camera_report(zone: str, at_s: float, kind: str, state: str, confidence: float, *, actor: str = "") -> Happening:
    """What a camera of this place reports at this second of the scenario, and how sure it is (0 to 1)."""
    return Happening(
        at_s=at_s,
        zone=zone,
        sort="camera",
        event_class=EventClass.ALARM,
        kind=kind,
        state=state,
        confidence=confidence,
        attributes={"actor": actor} if actor else {},
    )


def patrol_peril(hazard: str, zone: str, began_s: float, ended_s: float, seen_s: float) -> Peril:
    """A guard must be on the way as soon as the centre can know: ``SHOWN_S`` after the last frame that was needed (seen_s)."""
    due_s = seen_s + SHOWN_S
    return Peril(
        hazard=hazard,
        zone=zone,
        began_s=began_s,
        ended_s=ended_s,
        alarm_due_s=due_s,
        dispatch_due_s=due_s,
        who=("patrol",),
    )
