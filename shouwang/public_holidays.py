"""A year's holidays and make-up workdays as a pack says them. Needs the package holidays: the optional extra ``calendar``."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from holidays import country_holidays, list_supported_countries

WHOLE_WEEKENDS: Final = frozenset({"CN"})
"""Where the official notice counts a weekend that adjoins a holiday as part of it (国务院办公厅关于节假日安排的通知)."""
_DAY: Final = timedelta(days=1)


class UnknownCalendarError(ValueError):
    """Nothing is known of this country or year; the message says what is."""


@dataclass(frozen=True, slots=True)
class PublicHolidays:
    """Days off and days worked in their stead, each with its name in the country's own language."""

    country: str
    year: int
    days: dict[date, str]
    workdays: dict[date, str]

    @property
    def stretches(self) -> tuple[tuple[date, date, str], ...]:
        """Days that follow each other, as (first, last, the names in them)."""
        found: list[tuple[date, date, list[str]]] = []
        for day, name in sorted(self.days.items()):
            if found and day - found[-1][1] == _DAY:
                found[-1] = (found[-1][0], day, [*found[-1][2], name])
            else:
                found.append((day, day, [name]))
        return tuple((first, last, " ".join(dict.fromkeys(filter(None, names)))) for first, last, names in found)

    @property
    def is_announced(self) -> bool:
        """Whether make-up workdays are known, where the country has them. China's come with the notice of the November before."""
        return bool(self.workdays) or self.country not in WHOLE_WEEKENDS


def public_holidays(country: str, year: int) -> PublicHolidays:
    """The public holidays of a country (ISO 3166 letters) in a year. Raises UnknownCalendarError where nothing is known."""
    if country not in list_supported_countries():
        raise UnknownCalendarError(f"{country}: no such country is known; two letters as in ISO 3166, such as CN")
    own = country_holidays(country).default_language  # else the computer's language would decide
    known = country_holidays(country, years=year, language=own)
    days = {day: name for day, name in known.items() if day.year == year}
    if not days:
        raise UnknownCalendarError(f"{country} {year}: nothing is known of that year")
    workdays = {day: "" for day in sorted(known.weekend_workdays) if day.year == year}
    for day in list(days) if country in WHOLE_WEEKENDS else ():
        for near in _weekend_around(day, known.weekend):
            if near.year == year and near not in workdays:
                days.setdefault(near, "")
    names = {day: name for day, name in days.items() if not _is_moved(name)}
    return PublicHolidays(country, year, {day: names.get(day, "") for day in sorted(days)}, workdays)


def _is_moved(name: str) -> bool:
    """Whether it has no name of its own: a day off for which another day is worked."""
    return any(char.isdigit() for char in name)


def _weekend_around(day: date, weekend: set[int]) -> Iterator[date]:
    """The days of a weekend that lie before and after a day without a gap."""
    for step in (-_DAY, _DAY):
        near = day + step
        while near.weekday() in weekend:
            yield near
            near += step


def as_yaml(known: PublicHolidays) -> str:
    """The section ``calendars:`` of a pack."""
    lines = [
        "calendars:",
        "  public:",
        "    title: {zh: 法定节假日, en: Public holidays}",
        "    days:",
        *(f"      - {_stretch(first, last)}{_comment(names)}" for first, last, names in known.stretches),
    ]
    if known.workdays:
        lines += ["    workdays:", *(f"      - {day.isoformat()}" for day in known.workdays)]
    return "\n".join(lines) + "\n"


def _stretch(first: date, last: date) -> str:
    return first.isoformat() if first == last else f"{first.isoformat()}..{last.isoformat()}"


def _comment(names: str) -> str:
    return f"  # {names}" if names else ""
