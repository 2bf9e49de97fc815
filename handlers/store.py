"""The store: the writer's unit of work, the lease that makes it the only one, and what it needs to start again.

One transaction holds everything that one batch decided. It is tried again as a whole when its outcome is unknown: all that it
writes is keyed by identity, so a second time changes nothing.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, TypeVar, cast

from sqlalchemy import Connection, Engine, bindparam, delete, select, update

from handlers import lease as leases
from handlers.connections import BEGIN, POSTGRES, SQLITE, open_reader, open_writer, read_url
from handlers.faults import LeaseHeld, StoreRefused, StoreUnavailable, telling_faults_apart
from handlers.gate import Gate
from handlers.guard import guard_of
from handlers.migrate import upgrade
from handlers.prepared import Prepared
from handlers.schema import progress, rejected, snapshot
from handlers.upsert import upsert

_Result = TypeVar("_Result")

# One array per column: PostgreSQL takes such an upsert three times as fast as a statement per row; snapshots have many.
_SAVE_KEYS_POSTGRES: Final = (
    "INSERT INTO snapshot (key, value) SELECT * FROM unnest(%(keys)s::text[], %(values)s::bytea[]) "
    "ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)
_FORWARD: Final = Prepared(
    update(progress)
    .where(progress.c.id == 1, progress.c.epoch == bindparam("mine"), progress.c.applied_position <= bindparam("to"))
    .values(applied_position=bindparam("to"), changed_at=bindparam("now"))
)
_STANDING: Final = Prepared(
    select(progress.c.applied_position, progress.c.changed_at, progress.c.snapshot_position).where(progress.c.id == 1)
)
_SNAPSHOT: Final = Prepared(select(snapshot.c.key, snapshot.c.value))
_SNAPSHOT_AT: Final = Prepared(update(progress).where(progress.c.id == 1).values(snapshot_position=bindparam("to")))
_FORGET_KEY: Final = Prepared(delete(snapshot).where(snapshot.c.key == bindparam("gone")))
_CHUNK: Final = 5_000  # keys per statement: well within the time that one statement may take


class UnitOfWork:
    """One open transaction of the writer. Everything written through it is committed together, or not at all."""

    def __init__(self, connection: Connection, epoch: int) -> None:
        self.connection: Final = connection
        self.epoch: Final = epoch

    def set_applied(self, position: int, now: int) -> None:
        """Say up to which journal position the chain has decided. Raises StoreRefused when that would go back."""
        if _FORWARD.run(self.connection, [{"mine": self.epoch, "to": position, "now": now}]) != 1:
            already = self.connection.execute(select(progress.c.applied_position)).scalar_one()
            raise StoreRefused(f"the applied journal position cannot go back from {already} to {position}: a fault in the desk")

    def mark_redriven(self, position: int, now: int) -> None:
        """Say that the refused input at this journal position was driven through the front door once more."""
        self.connection.execute(update(rejected).where(rejected.c.position == position).values(redriven_at=now))

    def save_snapshot(self, changes: Mapping[str, bytes | None], position: int) -> None:
        """Write the state keys that changed since the last snapshot (None: gone); together they are the state at ``position``."""
        kept = {key: value for key, value in changes.items() if value is not None}
        gone = [{"gone": key} for key, value in changes.items() if value is None]
        keys = list(kept)
        for start in range(0, len(keys), _CHUNK):
            chunk = keys[start : start + _CHUNK]
            if self.connection.dialect.name == POSTGRES:
                values = [kept[key] for key in chunk]
                self.connection.exec_driver_sql(_SAVE_KEYS_POSTGRES, {"keys": chunk, "values": values})
            else:
                upsert(self.connection, snapshot, [{"key": key, "value": kept[key]} for key in chunk])
        if gone:
            _FORGET_KEY.run(self.connection, gone)
        _SNAPSHOT_AT.run(self.connection, [{"to": position}])


class Store:
    """The writing side. Thread-safe: the desk's transactions go before the outbox's, and never two at once."""

    def __init__(self, url: str) -> None:
        self.url: Final = read_url(url)
        self._writer, self._reader = self._open()
        self._kept: Connection | None = None  # SQLite's: to fetch it from the pool takes longer than to commit
        self._gate = Gate()
        self._is_closed = False
        self._guard = guard_of(self.url)
        self._guard_lock = threading.Lock()

    def _open(self) -> tuple[Engine, Engine]:
        """What writes and what reads; a drill starts so often that it keeps them from one start to the next."""
        return open_writer(self.url), open_reader(self.url, pool_size=1)

    def migrate(self) -> None:
        """Bring the tables to this program's version. Raises SchemaUnknown when a newer program made them."""
        with self._begin(is_urgent=True) as connection:
            if not connection.in_transaction():
                connection.begin()  # Alembic leaves to us what it sees that we have begun
            upgrade(connection)

    def take_lease(self, holder: str, now: int, ttl_s: float) -> int:
        """Become the only writer and return the epoch that each transaction must show. Raises LeaseHeld: who, how long."""
        with self._guard_lock:
            has_guard = self._guard.hold()
            try:
                with self._begin(is_urgent=True) as connection:
                    return leases.take(connection, holder, now, ttl_s, has_guard=has_guard)
            except LeaseHeld:
                self._guard.let_go()
                raise

    def renew_lease(self, epoch: int, now: int, ttl_s: float) -> None:
        """Stay the writer. Call it at least three times within ``ttl_s``. Raises LeaseLost, StoreUnavailable."""
        with self._guard_lock:
            has_guard = self._guard.hold()
            with self._begin(is_urgent=True) as connection:
                leases.renew(connection, epoch, now, ttl_s, has_guard=has_guard)

    def release_lease(self, epoch: int) -> None:
        """Stop being the writer, so that the next one need not wait."""
        with self._guard_lock:
            try:
                with self._begin(is_urgent=True) as connection:
                    leases.release(connection, epoch)
            finally:
                self._guard.let_go()

    @contextmanager
    def transaction(self, epoch: int, *, is_urgent: bool = True) -> Iterator[UnitOfWork]:
        """One transaction under our epoch, committed once at the end of the block.

        Raises LeaseLost (end the process), StoreUnavailable (outcome unknown: the same again, later), StoreBroken (end the
        process), StoreRefused (these rows will never be taken). ``is_urgent=False`` waits until the desk has had its turn.
        """
        with self._begin(is_urgent=is_urgent) as connection:
            leases.check(connection, epoch)
            yield UnitOfWork(connection, epoch)

    def write(self, epoch: int, work: Callable[[UnitOfWork], _Result]) -> _Result:
        """Run ``work`` in one short transaction behind the desk's: for the outbox and for housekeeping."""
        with self.transaction(epoch, is_urgent=False) as unit:
            return work(unit)

    def applied_position(self) -> int:
        """The last journal position whose effects are stored; 0 at first."""
        return self._standing()[0]

    def applied_at(self) -> int:
        """The chain's instant when it last stored something; 0 at first. Nothing that is stamped later may be earlier."""
        return self._standing()[1]

    def _standing(self) -> tuple[int, int]:
        with telling_faults_apart(), self._reader.connect() as connection:
            ((position, at, _),) = _STANDING.read(connection, {})
        return position, at

    def load_snapshot(self) -> tuple[int, list[tuple[str, bytes]]]:
        """The journal position of the last snapshot and its entries in the order of their keys, as one moment."""
        with telling_faults_apart(), self._reader.begin() as connection:
            ((_, _, position),) = _STANDING.read(connection, {})
            rows = _SNAPSHOT.read(connection, {})
        return position, sorted((key, bytes(value)) for key, value in rows)

    def close(self) -> None:
        """Close every connection. Does not release the lease: an end by accident must not look like one by intent."""
        with self._gate.pass_one(is_urgent=True):  # not under a transaction of another thread
            self._is_closed = True
            self._let_go()
            self._close()
        self._guard.let_go()

    def _close(self) -> None:
        """See ``_open``."""
        self._reader.dispose()
        self._writer.dispose()

    @contextmanager
    def _begin(self, *, is_urgent: bool) -> Iterator[Connection]:
        with self._gate.pass_one(is_urgent=is_urgent):
            if self._is_closed:
                raise StoreUnavailable("the store was closed: this process is stopping")
            with telling_faults_apart(), self._transaction() as connection:
                yield connection

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """The writer's connection in a transaction. PostgreSQL's is watched by SQLAlchemy's events from the pool and back to it.

        SQLite's is kept as long as nothing goes wrong, and told to the driver itself: SQLAlchemy's own account of a
        transaction takes longer than SQLite's work on one, and it begins only where a statement goes through it.
        """
        if self._writer.dialect.name != SQLITE:
            with self._writer.begin() as connection:
                yield connection
            return
        kept = self._kept = self._kept or self._writer.connect()
        try:
            driver = cast(sqlite3.Connection, kept.connection.driver_connection)
            driver.execute(BEGIN)
            yield kept
            if kept.in_transaction():
                kept.commit()
            else:
                driver.commit()
        except BaseException:
            self._let_go()
            raise

    def _let_go(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()
