"""Instants as people write them on the command line: a day, or a day and a time, in the pack's time zone."""

from datetime import date, datetime, timedelta, tzinfo

from shouwang.exits import Exit
from shouwang.logs import escaped
from shouwang.options import stopped


def instant_or_stop(text: str, zone: tzinfo | None, *, is_end: bool = False) -> int:
    """The instant (ms since 1970) that ``2026-11-01`` or ``2026-11-01T08:00`` says; a day that is an end is meant with all of it.

    ``zone`` holds where the text has no offset; None: this machine's. Ends the command where it is no time.
    """
    try:
        if len(text) == len("2026-11-01"):
            day = date.fromisoformat(text) + timedelta(days=1 if is_end else 0)
            at = datetime(day.year, day.month, day.day, tzinfo=zone)
        else:
            at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            at = at.replace(tzinfo=zone) if zone is not None else at.astimezone()
        return max(0, round(at.timestamp() * 1000))
    except (ValueError, OverflowError):
        raise stopped(
            f"{escaped(text)!r} is no time: write 2026-11-01 or 2026-11-01T08:00.  时间格式不对。", Exit.USAGE
        ) from None
