"""Somebody at the wall by night: the camera sees loitering, then a line being crossed."""

from typing import Annotated, Literal

from pydantic import Field

from rules.model import EventClass
from simulator.hazards.course import Course, Happening, HazardModel, Seconds


class Intrusion(HazardModel):
    """Loitering first, the crossing ``crosses_s`` later, quiet again after ``gone_s``. Scores are the camera's confidence."""

    model: Literal["intrusion"]
    loitering_score: Annotated[float, Field(ge=0, le=1)] = 0.8
    crosses_s: Seconds = 180.0
    crossing_scores: Annotated[tuple[float, ...], Field(min_length=1)] = (0.78, 0.88, 0.9)
    gone_s: Seconds = 420.0

    def course(self) -> Course:
        """The camera's reports."""
        crossings = [
            self._report(self.crosses_s + second, "line_crossing", "on", score)
            for second, score in enumerate(self.crossing_scores)
        ]
        return Course(
            happenings=(
                self._report(0, "loitering", "on", self.loitering_score),
                *crossings,
                self._report(self.gone_s, "loitering", "off", 0.9),
                self._report(self.gone_s, "line_crossing", "off", 0.9),
            )
        )

    def _report(self, after_s: float, kind: str, state: str, confidence: float) -> Happening:
        return Happening(
            at_s=self.starts_s + after_s,
            zone=self.zone,
            sort="camera",
            event_class=EventClass.ALARM,
            kind=kind,
            state=state,
            confidence=confidence,
        )
