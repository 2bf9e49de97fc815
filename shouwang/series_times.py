"""How the times of a series are written: ISO 8601 and its everyday variants, or seconds (to nanoseconds) since 1970."""

import re
from datetime import UTC, datetime
from typing import Final, NamedTuple

HOUR_MS: Final = 3_600_000
_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - what a wall clock shows is counted from its own 1970
_UNITS: Final = ((1e11, 1000.0), (1e14, 1.0), (1e17, 1e-3), (float("inf"), 1e-6))
"""Below which size a count since 1970 is in seconds, ms, µs, ns: seconds until the year 5138, ms from 1973 on."""
_COMPACT: Final = re.compile(r"(19|20|21)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(T?\d{4}(\d{2})?)?")
_PARTS: Final = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T\s]+(\d{1,2})[:时](\d{1,2})分?(?::?(\d{1,2})秒?(?:[.,](\d{1,9}))?)?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)


class Instant(NamedTuple):
    """When a row was measured."""

    at: int  # ms since 1970; without a zone the clock is taken for UTC
    hour: int  # the number of the hour that its own clock showed, counted from a Thursday's midnight


class Times:
    """Reads the times of one series. The unit of a count since 1970 is settled by the first one and then kept."""

    def __init__(self) -> None:
        self._ms: float | None = None  # milliseconds of one count

    def read(self, text: str) -> Instant | None:
        """The instant that a cell speaks of; None where it cannot be understood."""
        count = None if _COMPACT.fullmatch(text) and self._ms is None else _count(text)
        if count is None:
            return _wall(text)
        if self._ms is None:
            self._ms = next(ms for most, ms in _UNITS if abs(count) < most)
        at = round(count * self._ms)
        return Instant(at, at // HOUR_MS) if abs(at) < 1 << 62 else None


def _count(text: str) -> float | None:
    try:
        count = float(text)
    except ValueError:
        return None
    return count if abs(count) < 1e300 else None  # neither infinite nor no number at all


def _wall(text: str) -> Instant | None:
    """An instant as a wall clock shows it, with or without a zone."""
    shown = _iso(text) or _spelled(text)
    if shown is None:
        return None
    naive = shown.replace(tzinfo=None)
    at = _ms(naive if shown.tzinfo is None else shown.astimezone(UTC).replace(tzinfo=None))
    return Instant(at, _ms(naive) // HOUR_MS)


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _spelled(text: str) -> datetime | None:
    """The moment of a text with year, month and day in this order, however they are parted."""
    found = _PARTS.fullmatch(text)
    if found is None:
        return None
    *numbers, fraction, zone = found.groups()
    year, month, day, hour, minute, second = (int(number or 0) for number in numbers)
    offset = "" if zone is None else f"{zone[:3]}:{zone[-2:]}" if zone[0] in "+-" else "+00:00"
    return _iso(f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{(fraction or '0')[:6]:0<6}{offset}")


def _ms(naive: datetime) -> int:
    away = naive - _EPOCH
    return (away.days * 86_400 + away.seconds) * 1000 + away.microseconds // 1000
