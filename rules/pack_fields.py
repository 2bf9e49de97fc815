"""The fields that the forms of a pack are made of: durations, hours, shares, words, and the strict form itself."""

import re
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from rules.definition import Hours
from rules.model import Sentence

_UNITS: Final = {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?) ?(s|min|h|d)")
_DURATION_MAX: Final = 366 * 86400.0
_HOURS: Final = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
_WORD: Final = r"^[a-z][a-z0-9_]*$"


def read_duration(value: object) -> object:
    """Seconds from ``90``, ``90s``, ``1.5min``, ``12h`` or ``7d``. A lone m is refused: minute or month?"""
    if isinstance(value, str):
        found = _DURATION.fullmatch(value)
        if found is None:
            raise PydanticCustomError("duration", "a duration is a number of seconds or like 30s, 5min, 12h, 7d")
        value = float(found[1]) * _UNITS[found[2]]
    if isinstance(value, int | float) and not isinstance(value, bool) and not 0 <= value <= _DURATION_MAX:
        raise PydanticCustomError("duration", "a duration is between 0 and 366d")
    return value


def read_hours(value: object) -> object:
    """Minutes of the day from ``22:00-06:00``; over midnight is meant when the end is before the start."""
    if not isinstance(value, str) or (found := _HOURS.fullmatch(value)) is None:
        raise PydanticCustomError("hours", "hours are written like 22:00-06:00, in quotes")
    start_hour, start_minute, end_hour, end_minute = (int(part) for part in found.groups())
    start, end = start_hour * 60 + start_minute, end_hour * 60 + end_minute
    if start >= 1440 or end > 1440 or start_minute > 59 or end_minute > 59:
        raise PydanticCustomError("hours", "an hour is 00:00 to 23:59, or 24:00 as an end")
    if start == end:
        raise PydanticCustomError("hours", "start and end are the same; leave hours out for the whole day")
    return Hours(start_minute=start, end_minute=end)


def read_share(value: object) -> object:
    """A share of a clock from ``50%`` or ``0.5``."""
    if isinstance(value, str):
        if not (found := re.fullmatch(r"(\d{1,4}) ?%", value)):
            raise PydanticCustomError("share", "a share of the clock is like 50% or 100%")
        return int(found[1]) / 100
    return value


def _one_or_more(value: object) -> object:
    return [value] if isinstance(value, str) else value


Duration = Annotated[
    float,
    BeforeValidator(read_duration),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": r"^\d+(\.\d+)? ?(s|min|h|d)$"}]}),
]
HoursText = Annotated[
    Hours,
    BeforeValidator(read_hours),
    WithJsonSchema({"type": "string", "pattern": r"^\d\d:\d\d-\d\d:\d\d$"}),
]
Share = Annotated[
    float,
    BeforeValidator(read_share),
    Field(gt=0, le=10),
    WithJsonSchema({"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string", "pattern": r"^\d{1,4} ?%$"}]}),
]
Id = Annotated[str, Field(pattern=_WORD)]
Words = Annotated[
    list[str],
    BeforeValidator(_one_or_more),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
Number = Annotated[float, Field(allow_inf_nan=False)]
LevelWord = Literal["red", "orange", "yellow", "blue"]
KeyWord = Literal["device", "zone", "building", "community"]
WatchWord = Literal["device", "zone", "building", "community", "actor"]
ClassWord = Literal["alarm", "state", "reading", "heartbeat"]
ClockWord = Literal["acknowledged", "accepted", "en_route", "on_scene", "completed"]


class Form(BaseModel):
    """Nothing is coerced and nothing unknown is let through."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Bilingual(Form):
    """One statement in Chinese and in English. Both are needed."""

    zh: str = Field(min_length=1, description="Chinese")
    en: str = Field(min_length=1, description="English")

    @property
    def said(self) -> Sentence:
        """The statement, as the house speaks of it."""
        return Sentence(zh=self.zh, en=self.en)
