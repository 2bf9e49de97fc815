"""Which separator a series file has, which of its columns are time and value, and whether its first line names them."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from shouwang.series_times import Times

SEPARATORS: Final = ",;\t|"
TIME_NAMES: Final = (
    *("timestamp", "time", "datetime", "date_time", "date time", "date", "ts", "at", "received_at", "occurred_at"),
    *("timestamp_ms", "epoch", "unixtime", "unix_time", "ds", "时间", "时间戳", "日期", "采集时间"),
)
"""What columns with times are called, likeliest first; written in any case."""
VALUE_NAMES: Final = ("value", "values", "val", "reading", "measurement", "y", "值", "数值", "读数")
MARK_NAMES: Final = ("label", "labels", "anomaly", "is_anomaly", "anomaly_score", "score", "level", "id", "index", "seq", "")
"""Columns that are taken for a value only where they are named."""
MISSING: Final = frozenset({"", "nan", "null", "none", "na", "n/a", "nil", "-", "--", "?", "#n/a", "缺失", "无"})
"""What a cell without a value says, in any case."""
_DECIMAL_COMMA: Final = re.compile(r"[+-]?\d+,\d+([eE][+-]?\d+)?")


class ColumnError(ValueError):
    """The columns cannot be told apart; the message says what to write."""


class Columns(NamedTuple):
    """Where time and value stand in each row, counted from 0."""

    time: int
    value: int
    width: int  # columns in all
    has_names: bool  # the first line names the columns


def separator_of(line: str) -> str:
    """The separator of a file, by its first line: the one that stands there most often outside quotes."""
    bare = re.sub(r'"[^"]*"', "", line)
    return max(SEPARATORS, key=lambda mark: (bare.count(mark), -SEPARATORS.index(mark)))


def as_number(text: str, separator: str) -> float | None:
    """The number that a cell holds, with a decimal comma where the comma separates nothing; None where it holds none."""
    if separator != "," and _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    if "_" in text:
        return None  # Python would read 1_000 as a number, and nobody writes it
    try:
        return float(text)
    except ValueError:
        return None


def columns_of(first: Sequence[str], second: Sequence[str], separator: str, time: str | None, value: str | None) -> Columns:
    """Find the columns by the first two rows, and by the names (or numbers from 1 on) that a person gave.

    Raises ColumnError with what to do.
    """
    has_names = not any(_is_data(cell, separator) for cell in first)
    names = [cell.removeprefix("#").strip().casefold() for cell in first] if has_names else [""] * len(first)
    sample = second if has_names else first
    shown = ", ".join(first) if has_names else f"1 to {len(first)}"
    time_at = _named(time, first, names, shown, "--time")
    value_at = _named(value, first, names, shown, "--value")
    if time_at is None:
        time_at = _time_of(names, sample, separator, value_at)
        if time_at is None:
            raise ColumnError(f"no column of times was found; name it with --time COLUMN, one of: {shown}")
    if value_at is None:
        value_at = _value_of(names, sample, separator, time_at)
        if value_at is None:
            raise ColumnError(f"which column is the value is not clear; name it with --value COLUMN, one of: {shown}")
    return Columns(time_at, value_at, len(first), has_names)


def _is_data(cell: str, separator: str) -> bool:
    return as_number(cell, separator) is not None or Times().read(cell) is not None


def _named(wanted: str | None, first: Sequence[str], names: Sequence[str], shown: str, option: str) -> int | None:
    if wanted is None:
        return None
    for known, name in ((list(first), wanted), (names, wanted.strip().casefold())):
        if name in known and any(names):
            return list(known).index(name)
    if wanted.isdecimal() and 1 <= int(wanted) <= len(first):
        return int(wanted) - 1
    raise ColumnError(f"there is no column {wanted!r}; give {option} one of: {shown}")


def _time_of(names: Sequence[str], sample: Sequence[str], separator: str, value_at: int | None) -> int | None:
    for name in TIME_NAMES:
        if name in names:
            return list(names).index(name)
    cells = [(index, cell) for index, cell in enumerate(sample) if index != value_at]
    for index, cell in cells:
        if as_number(cell, separator) is None and Times().read(cell) is not None:
            return index
    if any(names):
        return None  # a number under an unknown name may be anything
    return next((index for index, cell in cells if len(sample) > 1 and Times().read(cell) is not None), None)


def _value_of(names: Sequence[str], sample: Sequence[str], separator: str, time_at: int) -> int | None:
    for name in VALUE_NAMES:
        if name in names and list(names).index(name) != time_at:
            return list(names).index(name)
    others = [index for index in range(len(names)) if index != time_at]
    if any(names):
        others = [index for index in others if names[index] not in MARK_NAMES] or others
    if len(others) > 1:
        others = [index for index in others if index < len(sample) and as_number(sample[index], separator) is not None]
    return others[0] if len(others) == 1 or (others and not any(names)) else None
