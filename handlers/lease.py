"""One active writer: a lease with an epoch that only grows. Each transaction checks its epoch, so a woken sleeper cannot write.

The times are the callers' clocks. A wrong clock can only make a takeover early or late; what protects the rows is the epoch.
"""

from typing import Final

from sqlalchemy import Boolean, Connection, bindparam, select, text, update

from handlers.connections import POSTGRES, SQLITE
from handlers.faults import LeaseHeld, LeaseLost
from handlers.prepared import Prepared
from handlers.schema import lease, progress

# Also holds the row: a takeover waits until this transaction has ended.
_MINE: Final = Prepared(
    update(progress).where(progress.c.id == 1, progress.c.epoch == bindparam("mine")).values(epoch=bindparam("mine"))
)
_IS_MINE: Final = Prepared(select(progress.c.id).where(progress.c.id == 1, progress.c.epoch == bindparam("mine")))
_HELD: Final = Prepared(
    select(lease.c.holder, lease.c.epoch, lease.c.expires_at, lease.c.is_guarded).where(lease.c.id == 1).with_for_update()
)
_TAKE: Final = Prepared(
    update(lease)
    .where(lease.c.id == 1)
    .values(
        holder=bindparam("to_holder"),
        epoch=bindparam("mine"),
        expires_at=bindparam("to_expires_at"),
        is_guarded=bindparam("has_guard", type_=Boolean),
    )
)
_BEGIN_EPOCH: Final = Prepared(update(progress).where(progress.c.id == 1).values(epoch=bindparam("mine")))
_RENEW: Final = Prepared(
    update(lease)
    .where(lease.c.id == 1, lease.c.epoch == bindparam("mine"))
    .values(expires_at=bindparam("to_expires_at"), is_guarded=bindparam("has_guard", type_=Boolean))
)

# A writer that was paused in the middle of a transaction holds its row until it wakes. PostgreSQL's own limits do not end such a
# transaction where the pause came between the messages of a pipeline.
_END_SLEEPERS: Final = text(
    "SELECT pg_terminate_backend(held.pid) FROM pg_locks held JOIN pg_stat_activity session USING (pid) "
    "WHERE held.relation = CAST('progress' AS regclass) AND held.mode = 'RowExclusiveLock' AND held.granted "
    "AND session.datname = current_database() AND session.usename = current_user AND held.pid <> pg_backend_pid()"
)


def take(connection: Connection, holder: str, now: int, ttl_s: float, *, has_guard: bool) -> int:
    """Become the writer and return the new epoch. ``has_guard``: no process that held the guard lives. Raises LeaseHeld."""
    ((last, last_epoch, expires_at, is_guarded),) = _HELD.read(connection, {})
    is_dead = has_guard and is_guarded
    if expires_at > now and not is_dead:
        raise LeaseHeld(
            f"this store is written by {last!r} (epoch {last_epoch}), whose lease runs "
            f"{(expires_at - now) / 1000:.1f} s more; {holder!r} cannot write "
            "beside it: stop the other process, or wait until its lease has run out",
            last,
        )
    if connection.dialect.name == POSTGRES:  # the lease has run out: whoever still writes has no right to
        connection.execute(_END_SLEEPERS)
    epoch = int(last_epoch) + 1
    until_at = now + int(ttl_s * 1000)
    _TAKE.run(connection, [{"to_holder": holder, "mine": epoch, "to_expires_at": until_at, "has_guard": has_guard}])
    _BEGIN_EPOCH.run(connection, [{"mine": epoch}])
    return epoch


def renew(connection: Connection, epoch: int, now: int, ttl_s: float, *, has_guard: bool) -> None:
    """Stay the writer for ``ttl_s`` more. Raises LeaseLost."""
    until_at = now + int(ttl_s * 1000)
    if _RENEW.run(connection, [{"mine": epoch, "to_expires_at": until_at, "has_guard": has_guard}]) != 1:
        raise lost(connection, epoch)


def release(connection: Connection, epoch: int) -> None:
    """Let the next one in at once; nothing when the lease is no longer ours."""
    _RENEW.run(connection, [{"mine": epoch, "to_expires_at": 0, "has_guard": False}])


def check(connection: Connection, epoch: int) -> None:
    """Hold the writer's row for this transaction. Raises LeaseLost when the epoch is no longer ours.

    On SQLite the transaction holds the whole file, so to look is enough: one that writes nothing has nothing to commit.
    """
    if connection.dialect.name == SQLITE:
        is_mine = bool(_IS_MINE.read(connection, {"mine": epoch}))
    else:
        is_mine = _MINE.run(connection, [{"mine": epoch}]) == 1
    if not is_mine:
        raise lost(connection, epoch)


def lost(connection: Connection, epoch: int) -> LeaseLost:
    """The error that says who writes now."""
    held = connection.execute(select(lease.c.holder, lease.c.epoch).where(lease.c.id == 1)).one()
    return LeaseLost(
        f"our lease (epoch {epoch}) was taken over by {held.holder!r} (epoch {held.epoch}), because we did not renew it in time "
        "(paused, or cut off from the store): nothing of this transaction was written; this process must end"
    )
