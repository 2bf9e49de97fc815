"""People (and cats, and branches) who move past a camera: it sees them better the nearer they are, and reports what they do."""

from math import exp, hypot
from typing import Annotated, Final, Literal

from pydantic import Field

from simulator.hazards.cameras import camera_report, patrol_peril
from simulator.hazards.course import Course, Happening, HazardModel, Seconds

_CLEAR: Final = {"intruder": 0.95, "resident": 0.95, "courier": 0.95, "cat": 0.5, "branches": 0.45, "umbrella": 0.6}
"""The best score as a person that a detector gives (ours; person detectors give animals and things at most about a half)."""
_LIGHT: Final = {"day": 1.0, "night": 0.93, "rain": 0.82}
_LINGERS_S: Final = 120.0  # 120 to 300 s of practice: the camera's own wait before it says loitering
_CROSSES_S: Final = 3.0  # as long as one body takes over a line, a frame a second
_LEAST: Final = 0.3  # below it a camera says nothing


class Passing(HazardModel):
    """``who`` walks along ``path``: points of seconds after the start, metres to the right of the camera, metres beyond its line.

    The line to guard is at 0, beyond it is inside (positive). The camera stands ``height_m`` above it and sees ``range_m`` far.
    The truth: an intruder who gets inside is one, and he who only lingers or passes is not.
    """

    model: Literal["passing"]
    who: Literal["intruder", "resident", "courier", "cat", "branches", "umbrella"] = "intruder"
    path: Annotated[tuple[tuple[float, float, float], ...], Field(min_length=2)]
    light: Literal["day", "night", "rain"] = "night"
    range_m: Annotated[float, Field(gt=0, le=500)] = 25.0
    height_m: Annotated[float, Field(gt=0, le=50)] = 3.0
    actor: str = ""

    def course(self) -> Course:
        """The camera's reports, second by second, and what is true."""
        crossed = self._crossed_s()
        said: list[Happening] = []
        seen_s = 0.0
        end_s = int(self.path[-1][0])
        for second in range(end_s + 1):
            score = self._score(*self._at(second))
            if score < _LEAST:
                seen_s = 0.0
                continue
            seen_s += 1
            if seen_s == _LINGERS_S:
                said.append(self._report(second, "loitering", "on", score))
            if any(0 <= second - at_s < _CROSSES_S for at_s in crossed):
                said.append(self._report(second, "line_crossing", "on", score))
        kinds = {each.kind: None for each in said}
        said += [self._report(end_s + 5, kind, "off", 0.9) for kind in kinds]
        inside = [at_s for at_s in crossed if self._at(at_s + 1)[1] > 0]
        if self.who != "intruder" or not inside:
            return Course(happenings=tuple(said))
        seen_s = self.starts_s + inside[0] + _CROSSES_S
        peril = patrol_peril("intrusion", self.zone, self.starts_s, self.starts_s + end_s, seen_s)
        return Course(happenings=tuple(said), perils=(peril,))

    def _at(self, second: float) -> tuple[float, float]:
        """Where he is, in metres right and beyond, at this second."""
        for (from_s, right, beyond), (to_s, next_right, next_beyond) in zip(self.path, self.path[1:], strict=False):
            if from_s <= second <= to_s:
                share = (second - from_s) / (to_s - from_s) if to_s > from_s else 1.0
                return right + share * (next_right - right), beyond + share * (next_beyond - beyond)
        return self.path[-1][1:] if second > self.path[-1][0] else self.path[0][1:]

    def _score(self, right: float, beyond: float) -> float:
        """How sure the camera is that this is a person: best in front of it, nothing out of its range."""
        distance = hypot(right, beyond, self.height_m)
        if distance > self.range_m:
            return 0.0
        return round(_CLEAR[self.who] * _LIGHT[self.light] * exp(-((distance / self.range_m) ** 2) / 3), 2)

    def _crossed_s(self) -> list[int]:
        """The seconds at which the line is crossed, either way."""
        seconds = range(int(self.path[-1][0]))
        return [second for second in seconds if (self._at(second)[1] > 0) != (self._at(second + 1)[1] > 0)]

    def _report(self, after_s: float, kind: str, state: str, confidence: float) -> Happening:
        return camera_report(self.zone, self.starts_s + after_s, kind, state, confidence, actor=self.actor)


class Sighting(HazardModel):
    """A camera reports something that no walk explains: a thing thrown from a window, a car in the fire lane.

    ``is_real`` is the truth of it; a bird, a bag in the wind, a car that stops for a moment are not.
    """

    model: Literal["sighting"]
    kind: Literal["object_thrown", "fire_lane_blocked"]
    scores: Annotated[tuple[float, ...], Field(min_length=1)] = (0.85,)
    every_s: Annotated[float, Field(gt=0, le=3600)] = 1.0
    gone_s: Seconds = 600.0
    is_real: bool = True

    def course(self) -> Course:
        """The camera's reports, the end, and what is true."""
        hazard, wait_s = {"object_thrown": ("object_thrown", 0.0), "fire_lane_blocked": ("fire_lane", 180.0)}[self.kind]
        seen_s = self.starts_s + wait_s + self.every_s * (len(self.scores) - 1)
        reports = [self._report(number * self.every_s, "on", score) for number, score in enumerate(self.scores)]
        peril = patrol_peril(hazard, self.zone, self.starts_s, self.starts_s + self.gone_s, seen_s)
        happenings = (*reports, self._report(self.gone_s, "off", 0.9))
        return Course(happenings=happenings, perils=(peril,) if self.is_real else ())

    def _report(self, after_s: float, state: str, confidence: float) -> Happening:
        return camera_report(self.zone, self.starts_s + after_s, self.kind, state, confidence)
