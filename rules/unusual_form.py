"""The form of a stage's ``unusual``: how unlike its usual a reading must be."""

from datetime import tzinfo
from typing import Literal

from pydantic import Field

from rules.baseline import DETECTION, Side
from rules.pack_fields import Form, Number
from rules.primitive import Unusual
from rules.usual import Season


class UnusualForm(Form):
    """True when a reading is unlike what its device usually says. It learns for three days, fifteen where it learns the week."""

    score: Number = Field(
        DETECTION, ge=0.9, lt=1, description="how unlike: 0.99 is a detection, 0.999 a clear one, 0.9999 a glaring one"
    )
    season: Literal["none", "day", "week"] = Field("day", description="the rhythm that is learned by the local hour")
    side: Literal["high", "low", "both"] = Field(
        "both", description="above its usual, below it, or either and unlike in movement"
    )


def unusual_from(form: UnusualForm, zone: tzinfo) -> Unusual:
    """The primitive that the form means, by the hours of this zone."""
    return Unusual(score=form.score, season=Season(form.season), side=Side(form.side), zone=zone)
