"""An elder falls and lies silent: perhaps a radar sees the fall, and from then on nothing moves until somebody comes."""

from typing import Annotated, Literal

from pydantic import Field

from rules.model import EventClass
from simulator.hazards.course import Course, Happening, HazardModel, Hush, Seconds


class ElderFall(HazardModel):
    """The home falls silent from the fall until ``found_s``. ``seen_confidence`` is a detector's, 0 = unseen."""

    model: Literal["elder_fall"]
    found_s: Seconds
    seen_confidence: Annotated[float, Field(ge=0, le=1)] = 0.0

    def course(self) -> Course:
        """Silence, and the detector's report when there is one."""
        seen = Happening(
            at_s=self.starts_s + 2,
            zone=self.zone,
            sort="motion",
            event_class=EventClass.ALARM,
            kind="fall",
            state="on",
            confidence=self.seen_confidence,
        )
        return Course(
            happenings=(seen,) if self.seen_confidence > 0 else (),
            hushes=(Hush(zone=self.zone, from_s=self.starts_s, to_s=self.starts_s + self.found_s),),
        )
