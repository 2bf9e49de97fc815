"""``at`` of the event contract: ISO 8601 text or seconds or milliseconds since 1970, read leniently and never invented."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

ASSUMED_TIMEZONE: Final = "Asia/Shanghai"
"""What a time without an offset is taken for; the event says so in its attribute ``assumed_timezone``."""

SECONDS_BELOW: Final = 1e11
"""Numbers below are seconds (until the year 5138), from here on milliseconds (since 1973)."""

_SHANGHAI: Final = timezone(timedelta(hours=8))  # no summer time since 1991, and no time zone database needed
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_FIRST_MS: Final = -62_135_596_800_000  # 0001-01-01T00:00:00Z
_LAST_MS: Final = 253_402_300_799_999  # 9999-12-31T23:59:59.999Z
_SHORTEST: Final = len("20260101T0000")


def read_instant(at: str | float) -> tuple[int | None, str]:
    """The instant in ms, and what had to be assumed: "" nothing, "timezone", or "unreadable" (then the instant is None).

    An unreadable time never costs the event: a fire alarm with a broken clock is still a fire alarm.
    """
    if isinstance(at, str):
        return _read_text(at)
    if abs(at) < SECONDS_BELOW:
        return round(at * 1000), ""
    if _FIRST_MS <= at <= _LAST_MS:
        return round(at), ""
    return None, "unreadable"


def _read_text(text: str) -> tuple[int | None, str]:
    if len(text) < _SHORTEST:
        return None, "unreadable"
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return (moment - _EPOCH) // _MILLISECOND, ""
        return (moment.replace(tzinfo=_SHANGHAI) - _EPOCH) // _MILLISECOND, "timezone"
    except (ValueError, OverflowError):
        return None, "unreadable"


def write_instant(at: int) -> int | str:
    """The instant as ``read_instant`` reads it back: ms where no doubt is possible, else ISO 8601 text.

    Instants outside the years 1 to 9999 cannot be written: ValueError.
    """
    if SECONDS_BELOW <= at <= _LAST_MS:
        return at
    if not _FIRST_MS <= at < SECONDS_BELOW:
        raise ValueError(f"occurred_at: expected ms within the years 1 to 9999, came {at}")
    return (_EPOCH + timedelta(milliseconds=at)).isoformat(timespec="milliseconds")
