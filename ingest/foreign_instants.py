"""Times as foreign devices write them, made fit for our contract; what cannot be trusted is kept beside, and never used."""

import re
from typing import Final

from ingest.instants import read_instant
from ingest.interpret import CLOCK_SET_FROM
from rules.model import Attribute

_SLASHED: Final = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})[ T](\d{1,2}:\d{2}.{0,40})")
"""``2026/11/03 8:05:06``: earthquake warnings and property systems."""
_NUMBER: Final = re.compile(r"\d{9,19}(\.\d{1,9})?")
"""Seconds to nanoseconds since 1970 as text. Shorter ones are no clock; 14 digits are a date, see ``_COMPACT``."""
_COMPACT: Final = re.compile(r"((?:19|20)\d{6})(\d{6})")
"""``20261103080506``."""
_MICROSECONDS_FROM: Final = 1e14
_NANOSECONDS_FROM: Final = 1e17


def foreign_instant(at: str | float) -> tuple[str | float | None, dict[str, Attribute]]:
    """The time as the contract takes it (None: there is none to be trusted), and what to keep beside the event.

    ``unset_clock_at`` keeps a time before the year 2000: a device that woke without a clock (seconds since boot) or a year 1900.
    A time that cannot be read is left as it is: the contract keeps it as ``unreadable_at``.
    """
    written = _written(at) if isinstance(at, str) else _scaled(at)
    instant, doubt = read_instant(written)
    if doubt != "unreadable" and instant is not None and instant < CLOCK_SET_FROM:
        return None, {"unset_clock_at": at}
    return written, {}


def _written(text: str) -> str | float:
    text = text.strip()
    if compact := _COMPACT.fullmatch(text):
        return f"{compact[1]}T{compact[2]}"
    if _NUMBER.fullmatch(text):
        return _scaled(float(text))
    if slashed := _SLASHED.fullmatch(text):
        hour = slashed[4] if slashed[4][2] == ":" else f"0{slashed[4]}"
        return f"{slashed[1]}-{int(slashed[2]):02}-{int(slashed[3]):02}T{hour}"
    return text


def _scaled(number: float) -> float:
    """Micro- and nanoseconds (from the year 5138 on as ms) as milliseconds."""
    if number >= _NANOSECONDS_FROM:
        return number / 1e6
    return number / 1e3 if number >= _MICROSECONDS_FROM else number
