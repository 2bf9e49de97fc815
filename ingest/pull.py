"""A route that asks by itself: where, how often, how an answer is cut into messages, and how far it has come.

Rows go into the journal first; only then is the cursor kept. Killed in between, the same rows come again and are known by what
they are made of, so nothing is lost and nothing is doubled.
"""

import json
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from ingest.mapping_paths import MappedPath

EVERY_S: Final = 60.0
EVERY_MIN_S: Final = 5.0
WAIT_MAX_S: Final = 900.0
"""However long a partner has been away, it is asked again after a quarter of an hour at most (ours)."""
ASK_MAX_S: Final = 30.0
"""How long one answer may take, all in all."""
BODY_MAX: Final = 4_000_000
ROWS_MAX: Final = 5_000
CURSOR_LENGTH_MAX: Final = 512

Cursor = str | int


class PullFailed(Exception):  # noqa: N818 - a state of the world
    """This time nothing could be had, or not what was agreed; the text says why and what to do. It is tried again."""


class Rows(StrEnum):
    """How an answer is cut into messages."""

    BODY = "body"  # it is one message, as the format has it
    ITEMS = "items"  # JSON, in which each item of an array is one
    CSV = "csv"  # each line is one, as a JSON object by the columns' names


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpPull:
    """A GET. ``{cursor}`` in the URL's path or query stands for how far we are. ``token_file`` holds a bearer token.

    ``allow_networks``: networks that only we can reach, in which the other side may be.
    """

    url: str
    rows: Rows = Rows.BODY
    items: MappedPath | None = None
    encoding: str = "utf-8"
    token_file: Path | None = None
    ca_file: Path | None = None
    allow_networks: tuple[IPv4Network | IPv6Network, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlPull:
    """A SELECT of a database, in which ``:cursor`` stands for how far we are. ``password_file`` holds the password."""

    url: str
    select: str
    password_file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """What a route asks and how often. ``cursor``: where it is in the last row, or in the whole answer; None: there is none."""

    source: HttpPull | SqlPull
    every_s: float = EVERY_S
    cursor: MappedPath | None = None
    start: Cursor = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One answer: its messages in order, the cursor that it gives (None: it gives none), and a digest of all of it."""

    rows: tuple[bytes, ...]
    cursor: Cursor | None
    digest: str


Fetch = Callable[[Cursor], Awaitable[Fetched]]
"""Asks once, from this cursor on. Raises PullFailed."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a pull has come: the cursor to go on from, and the digest of the last answer that is in the journal."""

    cursor: Cursor
    digest: str


_MARK: Final = TypeAdapter(Mark)


class MarkFile:
    """The mark on the disk beside the journal: whole or not at all, also after a power cut. May block."""

    def __init__(self, path: Path, start: Cursor) -> None:
        self._path, self._start = path, start

    def read(self) -> Mark:
        """The mark that was kept last. Raises PullFailed for a file that holds none."""
        try:
            return _MARK.validate_json(self._path.read_bytes(), strict=True)
        except FileNotFoundError:
            return Mark(self._start, "")
        except (OSError, ValueError) as fault:
            raise PullFailed(
                f"{self._path} holds no cursor ({type(fault).__name__}): mend its rights, or delete it to begin anew"
            ) from fault

    def write(self, mark: Mark) -> None:
        """Keep this one. Raises PullFailed where the disk does not take it."""
        fresh = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with fresh.open("wb") as stream:
                stream.write(json.dumps({"cursor": mark.cursor, "digest": mark.digest}).encode())
                stream.flush()
                os.fsync(stream.fileno())
            fresh.replace(self._path)
            folder = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as fault:
            raise PullFailed(f"{self._path} cannot be written: {fault.strerror}; free disk space, or mend its rights") from fault
