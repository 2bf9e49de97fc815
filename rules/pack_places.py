"""Modes and calendars of a pack: how they are written, what can be wrong with them, and what becomes of them."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from rules.days import WEEKDAYS
from rules.definition import Days, Mode
from rules.expression import compile_condition
from rules.pack_fields import Bilingual, Duration, Form, Words
from rules.place import BY_EVENT_MAX_S, STANDING

PUBLIC: Final = "public"
"""The calendar whose days are the public holidays."""
DAY_WORDS: Final = ("workdays", "days_off", "holidays", *WEEKDAYS)
RANGE_MAX_DAYS: Final = 366
_DATES: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?: ?\.\. ?(\d{4}-\d{2}-\d{2}))?")


def read_dates(value: object) -> object:
    """First and last ordinal of ``2026-02-17`` or ``2026-02-15..2026-02-23``."""
    found = _DATES.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise PydanticCustomError("dates", "days are written like 2026-02-17 or 2026-02-15..2026-02-23")
    try:
        first, last = date.fromisoformat(found[1]).toordinal(), date.fromisoformat(found[2] or found[1]).toordinal()
    except ValueError as error:
        raise PydanticCustomError("dates", "there is no such day") from error
    if not 0 <= last - first < RANGE_MAX_DAYS:
        raise PydanticCustomError("dates", "the last day comes before the first, or a year after it")
    return first, last


DateRange = Annotated[
    tuple[int, int],
    BeforeValidator(read_dates),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}( ?\.\. ?\d{4}-\d{2}-\d{2})?$"}),
]


class CalendarForm(Form):
    """Days of the year that rules can name. The one called `public` has the public holidays, and the weekend days worked."""

    title: Bilingual = Field(description="what people read")
    days: list[DateRange] = Field(min_length=1, description="its days, like 2026-01-01, or from and to: 2026-02-15..2026-02-23")
    workdays: list[DateRange] = Field(
        default_factory=list, description="weekend days on which people work to make up for a holiday (调休); of `public`"
    )


class ModeForm(Form):
    """A word that can hold for a zone and all inside it. People set it; where it has kinds, events do too."""

    title: Bilingual = Field(description="what people read")
    kinds: Words = Field(default_factory=list, description="the kinds of event that switch it")
    when: str | None = Field(None, min_length=1, description="a CEL condition: other events do not speak of it")
    sets: Words = Field(default_factory=lambda: ["on"], description="the states that set it")
    ends: Words = Field(default_factory=lambda: ["off"], description="the states that end it")
    ends_when: str | None = Field(None, min_length=1, description="a CEL condition: such an event ends it, whatever its state")
    lasts: Duration | None = Field(
        None,
        gt=0,
        description="for how long, where neither the event (attributes.expires_at) nor the person says so;"
        " without it 12h for an event, and for a person until it is changed",
    )


def modes_from(parts: Mapping[str, ModeForm]) -> dict[str, Mode]:
    """The modes that these forms define."""
    return {
        name: Mode(
            id=name,
            title=part.title.said,
            kinds=tuple(part.kinds),
            guard=None if part.when is None else compile_condition(part.when),
            ends=None if part.ends_when is None else compile_condition(part.ends_when),
            on_states=tuple(part.sets),
            off_states=tuple(part.ends),
            lasts_s=part.lasts,
        )
        for name, part in parts.items()
    }


def days_from(words: Iterable[str], calendars: Mapping[str, CalendarForm]) -> tuple[Days, ...]:
    """What the words of ``days:`` mean with these calendars. Unknown ones mean no day; they are found as faults before."""
    public = calendars.get(PUBLIC)
    holidays = _ordinals(public.days if public else ())
    made_up = _ordinals(public.workdays if public else ())
    known = {
        "workdays": Days(weekdays=(0, 1, 2, 3, 4), plus=made_up, minus=holidays),
        "days_off": Days(weekdays=(5, 6), plus=holidays, minus=made_up),
        "holidays": Days(plus=holidays),
    }
    known |= {name: Days(plus=_ordinals(part.days)) for name, part in calendars.items()}
    known |= {word: Days(weekdays=(index,)) for index, word in enumerate(WEEKDAYS)}
    return tuple([known.get(word, Days()) for word in words])


def _ordinals(ranges: Iterable[tuple[int, int]]) -> frozenset[int]:
    return frozenset([ordinal for first, last in ranges for ordinal in range(first, last + 1)])


def known_modes(own: Iterable[str]) -> tuple[str, ...]:
    """The modes that a rule of a pack may name: the standing ones and its own."""
    return tuple(dict.fromkeys([*STANDING, *own]))


def too_long(part: ModeForm) -> bool:
    """Whether events would set it for longer than an event may."""
    return bool(part.kinds) and part.lasts is not None and part.lasts > BY_EVENT_MAX_S
