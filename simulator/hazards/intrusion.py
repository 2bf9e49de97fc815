"""Somebody at the wall by night: the camera sees loitering, then a line being crossed."""

from typing import Annotated, Literal

from pydantic import Field

from simulator.hazards.cameras import camera_report, patrol_peril
from simulator.hazards.course import Course, Happening, HazardModel, Seconds


class Intrusion(HazardModel):
    """Loitering first, the crossing ``crosses_s`` later, quiet again after ``gone_s``. Scores are the camera's confidence.

    ``who`` it was is the truth: only an intruder is one, whatever the camera takes the others for.
    """

    model: Literal["intrusion"]
    loitering_score: Annotated[float, Field(ge=0, le=1)] = 0.8
    crosses_s: Seconds = 180.0
    crossing_scores: Annotated[tuple[float, ...], Field(min_length=1)] = (0.78, 0.88, 0.9)
    gone_s: Seconds = 420.0
    who: Literal["intruder", "resident", "animal", "branches"] = "intruder"

    def course(self) -> Course:
        """The camera's reports."""
        crossings = [
            self._report(self.crosses_s + second, "line_crossing", "on", score)
            for second, score in enumerate(self.crossing_scores)
        ]
        seen_s = self.starts_s + self.crosses_s + len(self.crossing_scores) - 1
        peril = patrol_peril("intrusion", self.zone, self.starts_s, self.starts_s + self.gone_s, seen_s)
        return Course(
            perils=(peril,) if self.who == "intruder" else (),
            happenings=(
                self._report(0, "loitering", "on", self.loitering_score),
                *crossings,
                self._report(self.gone_s, "loitering", "off", 0.9),
                self._report(self.gone_s, "line_crossing", "off", 0.9),
            ),
        )

    def _report(self, after_s: float, kind: str, state: str, confidence: float) -> Happening:
        return camera_report(self.zone, self.starts_s + after_s, kind, state, confidence)
