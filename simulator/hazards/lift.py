"""What happens in lifts: somebody is trapped between two floors, or wheels an electric bicycle in."""

from typing import Annotated, Final, Literal

from pydantic import Field

from rules.model import EventClass
from simulator.hazards.cameras import SHOWN_S, camera_report, patrol_peril
from simulator.hazards.course import Course, Happening, HazardModel, Hush, Peril, Seconds

_STILL_S: Final = 60.0  # GB/T 24476: people inside, off level, more than 60 s


class Entrapment(HazardModel):
    """The car stops off level with its door shut and people inside; its own controller calls out after ``judged_s``.

    Without people (a technician has it on the roof of the car) it is maintenance, and nobody is trapped; with ``judged_s`` of 0
    the controller does not call at all.
    """

    model: Literal["lift_entrapment"]
    person_count: Annotated[int, Field(ge=0, le=30)] = 2
    judged_s: Seconds = 60.0
    freed_s: Seconds = 1200.0

    def course(self) -> Course:
        """The car's states, the controller's call, and its end."""
        due_s = self.starts_s + 8 + _STILL_S + SHOWN_S
        peril = Peril(
            hazard="lift",
            zone=self.zone,
            began_s=self.starts_s,
            ended_s=self.starts_s + self.freed_s,
            alarm_due_s=due_s,
            dispatch_due_s=due_s + 3,
            who=("lift_rescue", "patrol"),
        )
        calls = self.judged_s > 0 and self.person_count > 0
        on = (self._report(8 + self.judged_s, EventClass.ALARM, "person_trapped", "on"),) if calls else ()
        off = (self._report(self.freed_s + 5, EventClass.ALARM, "person_trapped", "off", persons=0),) if calls else ()
        return Course(
            perils=(peril,) if self.person_count else (),
            happenings=(
                self._report(0, EventClass.STATE, "lift_car", "moving"),
                self._report(8, EventClass.STATE, "lift_car", "stopped"),
                *on,
                self._report(self.freed_s, EventClass.STATE, "lift_door", "open", persons=0),
                *off,
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
    """The car's camera sees a ``thing`` on wheels in several frames one second apart, and later that it is gone.

    ``frames`` are the scores that its detector gives to an electric bicycle, whatever it was.
    """

    model: Literal["ebike_in_lift"]
    frames: Annotated[tuple[float, ...], Field(min_length=1)] = (0.83, 0.91, 0.94, 0.92)
    gone_s: Seconds = 180.0
    thing: Literal["ebike", "pram", "wheelchair", "bicycle"] = "ebike"

    def course(self) -> Course:
        """One report per frame with its confidence, then the end."""
        reports = [self._report(float(second), "on", score) for second, score in enumerate(self.frames)]
        seen_s = self.starts_s + len(self.frames) - 1
        peril = patrol_peril("ebike", self.zone, self.starts_s, self.starts_s + self.gone_s, seen_s)
        happenings = (*reports, self._report(self.gone_s, "off", 0.9))
        return Course(happenings=happenings, perils=(peril,) if self.thing == "ebike" else ())

    def _report(self, after_s: float, state: str, confidence: float) -> Happening:
        return camera_report(self.zone, self.starts_s + after_s, "ebike_in_lift", state, confidence)
