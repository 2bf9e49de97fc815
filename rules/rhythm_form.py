"""The form of a silence's ``rhythm``: how soon, and how unlike the place, a silence is told before its fixed time."""

from datetime import tzinfo
from typing import Final

from pydantic import Field

from rules.pack_fields import Duration, Form, Number
from rules.primitive import PersonalSilence

SCORE: Final = 0.9999
"""Four hours of the day in each of which something is always heard; ours."""


class RhythmForm(Form):
    """Tell a silence sooner where it is unlike the place: by the hours of the day in which something is usually heard there."""

    at_least: Duration = Field(gt=0, description="never told before it has lasted so long")
    score: Number = Field(SCORE, ge=0.9, lt=1, description="how rare: 0.9999 is one silence in ten thousand of the place's own")


def personal_silence_from(form: RhythmForm, for_s: float, zone: tzinfo) -> PersonalSilence:
    """The primitive that the form means, by the hours of this zone."""
    return PersonalSilence(for_s=for_s, at_least_s=form.at_least, score=form.score, zone=zone)
