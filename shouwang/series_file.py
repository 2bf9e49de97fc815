"""A series of numbers from a CSV file or a pipe, row by row: nothing of it is kept, and every fault says line and column."""

import codecs
import csv
import gzip
import io
import math
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from typing import Any, BinaryIO, Final, NamedTuple

from shouwang.series_columns import MISSING, ColumnError, Columns, as_number, columns_of, separator_of
from shouwang.series_times import Times

NOTES_MAX: Final = 5
"""Remarks of one sort that are told line by line; then only how many there were."""
_BOMS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_UNDECODED: Final = re.compile("[\udc80-\udcff]")
_NOT_UTF8: Final = "is not UTF-8 text; save the file as UTF-8"

Say = Callable[[str], None]


class SeriesError(ValueError):
    """The file is not a series, or a row of it cannot be read; the message has file, line, column and what to do."""


class Row(NamedTuple):
    """One reading of a series."""

    timestamp: str  # as the file has it
    value: str  # the same; "" where it is missing
    at: int  # ms
    hour: int  # the number of the local hour
    number: float | None  # None where it is missing


class _Record(NamedTuple):
    """A row as it stands in the file."""

    line: int  # from 1 on; of a cell over several lines, where it begins
    raw: str
    cells: list[str]  # without the blanks around them


class Series:
    """Reads one file. ``name`` is what faults and remarks call it, ``say`` takes remarks that stop nothing."""

    def __init__(self, name: str, *, time: str | None = None, value: str | None = None, say: Say = lambda _: None) -> None:
        self._name = name
        self._wanted = (time, value)
        self._say = say
        self._record = _Record(1, "", [])  # that is being read
        self._notes: dict[str, int] = {}
        self._separator = ","
        self._missing = (0, 0)  # how many, and the line of the first

    def rows(self, text: Iterable[str]) -> Iterator[Row]:
        """Each row as soon as its line was read. Raises SeriesError; what came before it stands."""
        records = self._records(text)
        first = next(records, None)
        if first is None:
            raise self._fault("is empty; a series needs a time and a value in each row")
        self._record = first
        second = next(records, None)
        columns = self._columns(first.cells, [] if second is None else second.cells)
        ahead = [record for record in ((second,) if columns.has_names else (first, second)) if record is not None]
        if not ahead:
            raise self._fault("has names of columns but no row")
        times, before = Times(), -(1 << 62)
        for self._record in chain(ahead, records):
            row = self._row(self._record.cells, columns, times, before)
            before = row.at
            yield row
        self._sum_up()

    def _records(self, text: Iterable[str]) -> Iterator[_Record]:
        """The rows that are not empty."""
        kept: list[str] = []  # the lines of the row that is being read
        line = 1
        source = _keeping(text, kept)
        try:
            opening = next((each for each in source if each.strip()), "")
            self._separator = separator_of(opening)
            line, kept[:] = len(kept), [opening]
            for cells in csv.reader(chain([opening], source), delimiter=self._separator, skipinitialspace=True):
                record = _Record(line, "".join(kept), [cell.strip() for cell in cells])
                line += len(kept)
                kept.clear()
                if not record.raw.isascii() and (bad := _UNDECODED.search(record.raw)):
                    raise SeriesError(f"{self._name}:{record.line}:{bad.start() + 1}: {_NOT_UTF8}")
                if any(record.cells):
                    yield record
        except (csv.Error, UnicodeError, OSError, EOFError, zlib.error) as fault:
            self._record = _Record(line, "", [])
            raise self._fault(_said(fault)) from None

    def _columns(self, first: list[str], second: list[str]) -> Columns:
        try:
            return columns_of(first, second, self._separator, *self._wanted)
        except ColumnError as fault:
            raise SeriesError(f"{self._name}:1:1: {fault}") from None

    def _row(self, cells: list[str], columns: Columns, times: Times, before: int) -> Row:
        if len(cells) <= columns.time:
            raise self._fault(f"has {len(cells)} column(s) where {columns.width} are expected; complete the row or take it out")
        instant = times.read(cells[columns.time])
        if instant is None:
            raise self._fault(
                f"{_short(cells[columns.time])} is no time; write it as 2026-01-31 08:00:00 (a zone like +08:00 may follow), "
                "or as seconds or milliseconds since 1970",
                columns.time,
            )
        if instant.at < before:
            self._note(
                "earlier",
                "this time is earlier than that of the row before; rows are judged in the order of the file",
                columns.time,
            )
        text = cells[columns.value] if columns.value < len(cells) else ""
        number = self._number(text, columns.value)
        shown = "" if number is None else text.replace(",", ".")
        return Row(cells[columns.time], shown, instant.at, instant.hour, number)

    def _number(self, text: str, column: int) -> float | None:
        if text.casefold() in MISSING:
            self._missing = (self._missing[0] + 1, self._missing[1] or self._record.line)
            return None
        number = as_number(text, self._separator)
        if number is None or math.isnan(number):
            raise self._fault(f"{_short(text)} is no number; correct it, or leave the cell empty if it is missing", column)
        if math.isinf(number):
            self._note("infinite", f"{_short(text)} is larger than any number can be; it is taken for missing", column)
            return None
        return number

    def _sum_up(self) -> None:
        count, line = self._missing
        if count:
            self._say(f"{self._name}:{line}:1: the first of {count} missing value(s); they score 0 and teach nothing")
        for sort, count in self._notes.items():
            if count > NOTES_MAX:
                self._say(f"{self._name}: {count} rows in all are {sort}")

    def _note(self, sort: str, said: str, column: int) -> None:
        self._notes[sort] = self._notes.get(sort, 0) + 1
        if self._notes[sort] <= NOTES_MAX:
            self._say(str(self._fault(said, column)))

    def _fault(self, said: str, cell: int = 0) -> SeriesError:
        return SeriesError(f"{self._name}:{self._record.line}:{_column(self._record.raw, cell, self._separator)}: {said}")


@contextmanager
def text_of(source: BinaryIO, *, is_packed: bool) -> Iterator[Iterable[str]]:
    """The lines of a file in UTF-8 (with a byte order mark or without) or UTF-16; ``is_packed``: by gzip."""
    plain: Any = gzip.GzipFile(fileobj=source) if is_packed else source
    if not hasattr(plain, "peek"):
        plain = io.BufferedReader(plain)
    encoding = "utf-8"
    with suppress(OSError, EOFError, zlib.error):  # the reader of the rows will meet it too, and say so
        head = plain.peek(4)[:4]
        encoding = next((code for bom, code in _BOMS if head.startswith(bom)), encoding)
    text = io.TextIOWrapper(plain, encoding, errors="surrogateescape", newline="")
    try:
        yield text
    finally:
        text.detach()  # the source is not ours to close


def _keeping(text: Iterable[str], kept: list[str]) -> Iterator[str]:
    """The lines, each also kept until somebody clears the list."""
    for each in text:
        kept.append(each)
        yield each


def _said(fault: Exception) -> str:
    if isinstance(fault, UnicodeError):
        return _NOT_UTF8
    return f"cannot be read ({fault}); look at the quotes and whether the file is whole"


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:40]}…")


def _column(raw: str, cell: int, separator: str) -> int:
    """Where a cell begins in its line, in characters from 1 on."""
    place = count = 0
    is_quoted = False
    while place < len(raw) and count < cell:
        is_quoted ^= raw[place] == '"'
        count += raw[place] == separator and not is_quoted
        place += 1
    while place < len(raw) and raw[place] in " \t" and raw[place] != separator:
        place += 1
    return place + 1
