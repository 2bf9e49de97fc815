"""Shared incidents as CSV by RFC 4180: CRLF, a header, quotes where needed; and no cell that a spreadsheet would execute."""

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple
from enum import Enum
from typing import Final

from handlers.exchange.contract import COLUMNS, SharedIncident

BOM: Final = "\ufeff"
"""With this in front, Excel reads UTF-8; without it a Chinese Excel takes the file for GBK."""
_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""The full-width forms too: spreadsheets of East Asian languages take them for the same."""


def write_csv(rows: Iterable[SharedIncident], *, has_bom: bool = False) -> bytes:
    """The rows with the contract's columns. Truth is true or false, an absent value an empty cell."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(value) for value in astuple(row)] for row in rows)
    return ((BOM if has_bom else "") + text.getvalue()).encode("utf-8", "replace")


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Enum():
            return harmless(str(value.value))
        case int():
            return str(value)
        case _:
            return harmless(str(value))


def harmless(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would take it for a formula (CWE-1236); no NUL in it."""
    clean = text.replace("\0", "")
    return f"'{clean}" if clean.startswith(_STARTS_A_FORMULA) else clean
