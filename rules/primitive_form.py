"""The forms of tests that need more than one number: mappings inside a stage."""

from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from rules.pack_fields import Duration, Form, Number
from rules.primitive import Forecast, Impossible


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


Rails = Annotated[list[Number], Field(min_length=2, max_length=2)]


class ImpossibleForm(Form):
    """True for a reading that cannot be: outside the range of its kind, at a rail, or too far from the last one. No other rule
    sees such a reading."""

    rails: Rails | None = Field(None, description="the ends of the instrument's scale: a value there is no measurement")
    jump_per_s: Number | None = Field(None, gt=0, description="how far the value can go in a second, at most")

    @model_validator(mode="after")
    def _rails_are_in_order(self) -> "ImpossibleForm":
        if self.rails is not None and self.rails[0] >= self.rails[1]:
            raise PydanticCustomError("rails", "rails are written as [lowest, highest]")
        return self


def forecast_from(form: ForecastForm) -> Forecast:
    """The primitive that the form means."""
    return Forecast(above=form.above, below=form.below, in_s=form.within, window_s=form.over)


def impossible_from(form: ImpossibleForm, low: float, high: float) -> Impossible:
    """The primitive that the form means, for a kind of this range."""
    rail_low, rail_high = form.rails or (float("-inf"), float("inf"))
    return Impossible(low=low, high=high, rail_low=rail_low, rail_high=rail_high, jump_per_s=form.jump_per_s)
