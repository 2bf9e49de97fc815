"""What shadow rules would have done, in a file of its own: no other table knows of it, so nobody can count or send it by mistake.

Everything in it follows from the journal. A file that is damaged or of another version is thrown away and made anew. State,
position and facts of one step are committed together, so a reader who is killed anywhere goes on without a gap and without a
double.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from urllib.parse import quote

from rules.canonical import from_json, to_json
from rules.model import Entity, Fact

FILE: Final = "shadow.db"
"""Its name in the data folder."""
VERSION: Final = 1
FACTS_MAX: Final = 200_000
"""Facts that are kept; of more, the latest so many: a shadow rule that rings all day must not fill the disk. Ours."""
_SCHEMA: Final = f"""
CREATE TABLE progress (one INTEGER PRIMARY KEY CHECK (one = 1), body TEXT NOT NULL);
CREATE TABLE state (name TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE shadow_rule (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE shadow_fact (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL, incident_id TEXT NOT NULL, is_end INTEGER NOT NULL, body BLOB NOT NULL
);
CREATE INDEX shadow_fact_at ON shadow_fact (at);
CREATE INDEX shadow_fact_end ON shadow_fact (incident_id) WHERE is_end;
CREATE TABLE aside (position INTEGER NOT NULL, timer TEXT NOT NULL, deadline_at INTEGER NOT NULL);
PRAGMA user_version = {VERSION};
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One shadow rule: since when it is heard in this form (``digest``), and until when; None while it is. Instants are ms."""

    id: str
    hazard: str
    digest: str
    since_at: int
    until_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch of the journal that was not heard, because the reader was too far behind or the journal was not there (ms)."""

    from_at: int
    until_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the shadows are (position, instant in ms), and what they cost in all lives: entries, CPU seconds, faults."""

    position: int = 0
    at: int = 0
    entry_count: int = 0
    cpu_s: float = 0.0
    fault_count: int = 0
    gaps: tuple[Gap, ...] = ()


@dataclass(slots=True, kw_only=True)
class Step:
    """What is committed together. A state of None is a key that is gone."""

    progress: Progress
    changes: Mapping[str, bytes | None] = field(default_factory=dict)
    facts: Sequence[Fact] = ()
    watched: Sequence[Watched] = ()


class ShadowBook:
    """The file, for its one writer."""

    def __init__(self, path: Path) -> None:
        self._connection = _opened(path)

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    def state(self) -> list[tuple[str, bytes]]:
        """The chain's state as of the last step; empty where there is none."""
        return self._connection.execute("SELECT name, body FROM state ORDER BY name").fetchall()

    def progress(self) -> Progress:
        """How far the last step was."""
        return _progress(self._connection)

    def watched(self) -> tuple[Watched, ...]:
        """All shadow rules that were heard, by id."""
        return _watched(self._connection)

    def open_cases(self) -> Iterator[Fact]:
        """What was told of cases that are not closed, in order."""
        query = (
            "SELECT body FROM shadow_fact AS one WHERE incident_id <> '' AND NOT EXISTS "
            "(SELECT 1 FROM shadow_fact AS other WHERE other.incident_id = one.incident_id AND other.is_end) ORDER BY seq"
        )
        return _read(self._connection.execute(query))

    def aside(self) -> list[tuple[int, str, int]]:
        """What stopped the chain of the shadows and is passed over: a position, or a timer with its deadline."""
        return self._connection.execute("SELECT position, timer, deadline_at FROM aside").fetchall()

    def commit(self, step: Step) -> None:
        """Take over all of a step, or nothing of it."""
        with self._connection as connection:
            connection.execute("BEGIN")
            gone = [(name,) for name, body in step.changes.items() if body is None]
            connection.executemany("DELETE FROM state WHERE name = ?", gone)
            kept = [(name, body) for name, body in step.changes.items() if body is not None]
            connection.executemany("INSERT OR REPLACE INTO state VALUES (?, ?)", kept)
            told = [(fact.at, fact.incident_id, _is_end(fact), to_json(fact)) for fact in step.facts]
            connection.executemany("INSERT INTO shadow_fact (at, incident_id, is_end, body) VALUES (?, ?, ?, ?)", told)
            if told:
                connection.execute("DELETE FROM shadow_fact WHERE seq <= (SELECT max(seq) FROM shadow_fact) - ?", (FACTS_MAX,))
            for one in step.watched:
                connection.execute("INSERT OR REPLACE INTO shadow_rule VALUES (?, ?)", (one.id, to_json(one).decode()))
            _write(connection, step.progress)

    def pass_over(self, position: int, timer: str = "", deadline_at: int = 0) -> None:
        """Never take this entry, or fire this timer, again: it stopped the chain."""
        with self._connection as connection:
            connection.execute("BEGIN")
            connection.execute("INSERT INTO aside VALUES (?, ?, ?)", (position, timer, deadline_at))
            progress = _progress(connection)
            _write(connection, replace(progress, fault_count=progress.fault_count + 1))

    def begin_anew(self, from_at: int) -> None:
        """Forget the state, and what was told from this instant (ms) on: it will be told again."""
        with self._connection as connection:
            connection.execute("BEGIN")
            connection.execute("DELETE FROM state")
            connection.execute("DELETE FROM aside")
            connection.execute("DELETE FROM shadow_fact WHERE at >= ?", (from_at,))
            _write(connection, replace(_progress(connection), position=0))

    def end(self) -> None:
        """No shadow rule is in force any more: forget the state. What was told, and which rules were heard, stays."""
        with self._connection as connection:
            connection.execute("BEGIN")
            connection.execute("DELETE FROM state")
            connection.execute("DELETE FROM aside")
            _write(connection, replace(_progress(connection), position=0, at=0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a report reads."""

    progress: Progress
    watched: tuple[Watched, ...]
    facts: tuple[Fact, ...]


def read_told(path: Path, from_at: int) -> Told | None:
    """What was told from this instant on; None where nothing is kept. Beside the writer, and never in its way."""
    with suppress(sqlite3.DatabaseError), closing(_reading(path)) as connection:
        if connection.execute("PRAGMA user_version").fetchone()[0] == VERSION:
            connection.execute("BEGIN")
            facts = tuple(_facts(connection, from_at))
            return Told(progress=_progress(connection), watched=_watched(connection), facts=facts)
    return None


def read_progress(path: Path) -> Progress | None:
    """How far the shadows are; None where nothing is kept."""
    with suppress(sqlite3.DatabaseError), closing(_reading(path)) as connection:
        if connection.execute("PRAGMA user_version").fetchone()[0] == VERSION:
            return _progress(connection)
    return None


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None, timeout=0.1)


def _opened(path: Path) -> sqlite3.Connection:
    """The file, made where it is not there, and made anew where it is no use."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=5)
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        is_good = version == VERSION and connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
    except sqlite3.DatabaseError:
        version, is_good = -1, False
    if not is_good and version != 0:
        connection.close()
        for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
            path.with_name(name).unlink(missing_ok=True)
        connection = sqlite3.connect(path, isolation_level=None, timeout=5)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")  # what is lost with the power is read from the journal once more
    if not is_good:
        connection.executescript(f"BEGIN; {_SCHEMA} COMMIT;")
        path.chmod(0o600)
    return connection


def _write(connection: sqlite3.Connection, progress: Progress) -> None:
    connection.execute("INSERT OR REPLACE INTO progress VALUES (1, ?)", (to_json(progress).decode(),))


def _progress(connection: sqlite3.Connection) -> Progress:
    row = connection.execute("SELECT body FROM progress").fetchone()
    return Progress() if row is None else from_json(Progress, row[0].encode())


def _watched(connection: sqlite3.Connection) -> tuple[Watched, ...]:
    rows: Iterable[tuple[str]] = connection.execute("SELECT body FROM shadow_rule ORDER BY id")
    return tuple([from_json(Watched, body.encode()) for (body,) in rows])


def _facts(connection: sqlite3.Connection, from_at: int) -> Iterator[Fact]:
    return _read(connection.execute("SELECT body FROM shadow_fact WHERE at >= ? ORDER BY seq", (from_at,)))


def _read(rows: Iterable[tuple[bytes]]) -> Iterator[Fact]:
    for (body,) in rows:
        yield from_json(Fact, body)


def _is_end(fact: Fact) -> bool:
    return fact.entity is Entity.INCIDENT and fact.to_state == "closed"
