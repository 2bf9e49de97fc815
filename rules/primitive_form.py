"""The forms of tests that need more than one number: mappings inside a stage."""

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from rules.pack_fields import Duration, Form, Number


class ForecastForm(Form):
    """True when the trend of the last readings reaches a limit in time. It needs six readings that fill ``over``."""

    above: Number | None = Field(None, description="the limit that a rising value would reach")
    below: Number | None = Field(None, description="the limit that a falling value would reach")
    within: Duration = Field(alias="in", gt=0, description="how far ahead is looked: the limit is reached within this time")
    over: Duration = Field(gt=0, description="the stretch of time over which the trend is taken")

    @model_validator(mode="after")
    def _has_one_limit(self) -> "ForecastForm":
        if (self.above is None) == (self.below is None):
            raise PydanticCustomError("forecast", "a forecast has exactly one limit, above or below")
        return self
