"""An elder falls and lies silent: perhaps a radar sees the fall, and from then on nothing moves until somebody comes."""

from typing import Annotated, Final, Literal

from pydantic import Field

from rules.model import EventClass
from simulator.hazards.course import Course, Happening, HazardModel, Hush, Peril, Seconds
from simulator.hazards.tenability import LONG_LIE_S

_SURE: Final = 0.7  # as for other video and radar detection (ours)
_SHOWN_S: Final = 10.0  # GB 50440-2007: device to centre within 10 s


class ElderAway(HazardModel):
    """Somebody old goes on a journey for ``back_s``; ``is_told``: and has said so, as an event that the home is empty."""

    model: Literal["elder_away"]
    back_s: Annotated[float, Field(gt=0, le=1_000_000)] = 50_000.0
    is_told: bool = True

    def course(self) -> Course:
        """An empty home, and the word that it is; nobody is in danger."""
        told = Happening(
            at_s=self.starts_s,
            zone=self.zone,
            sort="motion",
            event_class=EventClass.STATE,
            kind="motion",
            state="off",
            attributes={"away": True},
        )
        hush = Hush(zone=self.zone, from_s=self.starts_s, to_s=self.starts_s + self.back_s)
        return Course(happenings=(told,) if self.is_told else (), hushes=(hush,))


class ElderFall(HazardModel):
    """The home falls silent from the fall until ``found_s``. ``seen_confidence`` is a detector's, 0 = unseen.

    A stumble (``is_stumble``) is no danger: the detector saw something, and life goes on.
    """

    model: Literal["elder_fall"]
    found_s: Seconds
    seen_confidence: Annotated[float, Field(ge=0, le=1)] = 0.0
    is_stumble: bool = False

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
        if self.is_stumble:
            return Course(happenings=(seen,) if self.seen_confidence > 0 else ())
        end_s = self.starts_s + self.found_s
        due_s = seen.at_s + _SHOWN_S if self.seen_confidence >= _SURE else None
        peril = Peril(
            hazard="elder",
            zone=self.zone,
            began_s=self.starts_s,
            ended_s=end_s,
            dangerous_s=self.starts_s + LONG_LIE_S if self.found_s > LONG_LIE_S else None,
            alarm_due_s=due_s,
            dispatch_due_s=due_s,
            who=("patrol", "first_aid"),
        )
        return Course(
            perils=(peril,),
            happenings=(seen,) if self.seen_confidence > 0 else (),
            hushes=(Hush(zone=self.zone, from_s=self.starts_s, to_s=end_s),),
        )
