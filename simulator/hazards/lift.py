"""What happens in lifts: somebody is trapped between two floors, or wheels an electric bicycle in."""

from typing import Annotated, Literal

from pydantic import Field

from rules.model import EventClass
from simulator.hazards.course import Course, Happening, HazardModel, Hush, Seconds


class Entrapment(HazardModel):
    """The car stops off level with its door shut and people inside; its own controller calls out after ``judged_s``."""

    model: Literal["lift_entrapment"]
    person_count: Annotated[int, Field(ge=1, le=30)] = 2
    judged_s: Seconds = 60.0
    freed_s: Seconds = 1200.0

    def course(self) -> Course:
        """The car's states, the controller's call, and its end."""
        return Course(
            happenings=(
                self._report(0, EventClass.STATE, "lift_car", "moving"),
                self._report(8, EventClass.STATE, "lift_car", "stopped"),
                self._report(8 + self.judged_s, EventClass.ALARM, "person_trapped", "on"),
                self._report(self.freed_s, EventClass.STATE, "lift_door", "open", persons=0),
                self._report(self.freed_s + 5, EventClass.ALARM, "person_trapped", "off", persons=0),
                self._report(self.freed_s + 60, EventClass.STATE, "lift_door", "closed", persons=0),
            ),
            hushes=(Hush(zone=self.zone, from_s=self.starts_s - 90, to_s=self.starts_s + self.freed_s + 300),),
        )

    def _report(self, after_s: float, event_class: EventClass, kind: str, state: str, persons: int | None = None) -> Happening:
        count = self.person_count if persons is None else persons
        return Happening(
            at_s=self.starts_s + after_s,
            zone=self.zone,
            sort="lift",
            event_class=event_class,
            kind=kind,
            state=state,
            attributes={"persons": float(count), "is_level": count == 0},
        )


class EbikeInLift(HazardModel):
    """The car's camera sees an electric bicycle in several frames one second apart, and later that it is gone."""

    model: Literal["ebike_in_lift"]
    frames: Annotated[tuple[float, ...], Field(min_length=1)] = (0.83, 0.91, 0.94, 0.92)
    gone_s: Seconds = 180.0

    def course(self) -> Course:
        """One report per frame with its confidence, then the end."""
        reports = [self._report(float(second), "on", score) for second, score in enumerate(self.frames)]
        return Course(happenings=(*reports, self._report(self.gone_s, "off", 0.9)))

    def _report(self, after_s: float, state: str, confidence: float) -> Happening:
        return Happening(
            at_s=self.starts_s + after_s,
            zone=self.zone,
            sort="camera",
            event_class=EventClass.ALARM,
            kind="ebike_in_lift",
            state=state,
            confidence=confidence,
        )
