"""How long what is over is kept, and deleting it in short transactions that never hold up the desk."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Column, Table, delete, func, select

from handlers.schema import answer, exchange_receipt, outbox, rejected, told_order
from handlers.store import Store, UnitOfWork

_DAY_MS: Final = 86_400_000
_BATCH: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Days to keep what has ended. Records, cases and their timelines are kept: alarm records at least a year (GB 50440)."""

    deliveries_days: int = 30
    rejected_days: int = 30
    answers_days: int = 30
    receipts_days: int = 180
    """Half a year: the least for which logs are kept (网络安全法 21)."""


def purge(store: Store, epoch: int, now: int, keep: Keep | None = None) -> dict[str, int]:
    """Delete what is older than that, and say how many rows of each table. Raises what ``Store.write`` raises."""
    kept = keep or Keep()
    return {
        "outbox": _purge(store, epoch, outbox, outbox.c.key, outbox.c.ended_at, now - kept.deliveries_days * _DAY_MS),
        "rejected": _purge(store, epoch, rejected, rejected.c.position, rejected.c.at, now - kept.rejected_days * _DAY_MS),
        "told_order": _purge(
            store, epoch, told_order, told_order.c.key, told_order.c.changed_at, now - kept.deliveries_days * _DAY_MS
        ),
        "exchange_receipt": _purge(
            store,
            epoch,
            exchange_receipt,
            exchange_receipt.c.seq,
            exchange_receipt.c.at,
            now - kept.receipts_days * _DAY_MS,
        ),
        "answer": _purge(store, epoch, answer, answer.c.action_id, answer.c.at, now - kept.answers_days * _DAY_MS),
    }


def _purge(store: Store, epoch: int, table: Table, key: Column[str], at: Column[int], before_at: int) -> int:
    total = 0
    while deleted := store.write(epoch, _deleting(table, key, at, before_at)):
        total += deleted
    return total


def _deleting(table: Table, key: Column[str], at: Column[int], before_at: int) -> Callable[[UnitOfWork], int]:
    old = select(key).where(at < before_at).limit(_BATCH)
    if table is outbox:  # a retained state that lasts is published again when the broker comes back without it
        old = old.where(~(outbox.c.is_retained & (func.length(outbox.c.payload) > 0)))
    if table is told_order:  # of a case that lasts it is still known what was told
        old = old.where(told_order.c.is_over)
    if table is exchange_receipt:  # how far a partner is stays known, however long it has been silent
        old = old.where(key.not_in(select(func.max(exchange_receipt.c.seq)).group_by(exchange_receipt.c.partner)))
    return lambda unit: unit.connection.execute(delete(table).where(key.in_(old))).rowcount
