"""The rows of the outbox: claim what is due, and record how it went. Times come in as arguments."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, bindparam, func, or_, select, update

from handlers.channels.port import Owed
from handlers.connections import POSTGRES, SQLITE
from handlers.prepared import Prepared, Row
from handlers.schema import outbox
from handlers.store import UnitOfWork


class OwedState(StrEnum):
    """Where an owed delivery stands."""

    OWED = "owed"
    CLAIMED = "claimed"  # a try is under way; after a crash it is owed again
    DELIVERED = "delivered"
    FAILED = "failed"  # given up, loudly
    SKIPPED = "skipped"  # nobody to deliver it to


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """How a try of one delivery ended. ``next_attempt_at`` only when it is owed again."""

    owed: Owed
    state: OwedState
    detail: str
    at: int
    next_attempt_at: int | None = None


# Made once: to put such a statement together takes longer than to execute it.
_EVER: Final = 2**62
_COLUMNS: Final = (
    *("key", "channel", "target", "community", "incident_id", "payload"),
    *("is_retained", "is_critical", "revision", "created_at", "attempt"),
)


def _none_of(column: ColumnElement[str], name: str) -> dict[str, ColumnElement[bool]]:
    """That the column holds none of the words of the parameter ``name`` (see ``_words``), in each database's own way."""
    return {
        POSTGRES: column.not_in(bindparam(name, expanding=True)),
        SQLITE: column.not_in(select(func.json_each(bindparam(name)).table_valued("value").c.value)),
    }


_NOT_PASSED_OVER: Final = _none_of(outbox.c.key, "passed_over")
_DUE_OF_ANY: Final = (
    select(*[outbox.c[name] for name in _COLUMNS[:-1]], (outbox.c.attempt_count + 1).label(_COLUMNS[-1]))
    .where(
        outbox.c.channel == bindparam("channel"),
        outbox.c.ended_at.is_(None),
        outbox.c.next_attempt_at <= bindparam("now"),
        or_(outbox.c.claimed_until_at.is_(None), outbox.c.claimed_until_at <= bindparam("now")),
        outbox.c.created_at <= bindparam("before"),
    )
    .order_by(outbox.c.is_critical.desc(), outbox.c.next_attempt_at, outbox.c.key)
    .limit(bindparam("most"))
)
_DUE: Final = Prepared(_DUE_OF_ANY)
_DUE_BUT: Final = {dialect: Prepared(_DUE_OF_ANY.where(others)) for dialect, others in _NOT_PASSED_OVER.items()}
_TAKEN: Final = Prepared(
    update(outbox)
    .where(outbox.c.key == bindparam("taken"))
    .values(state=OwedState.CLAIMED.value, claimed_until_at=bindparam("until_at"), attempt_count=outbox.c.attempt_count + 1)
)
_ENDED: Final = Prepared(
    update(outbox)
    .where(outbox.c.key == bindparam("tried_key"), outbox.c.revision == bindparam("tried_revision"))
    .values(
        state=bindparam("to_state"),
        detail=bindparam("to_detail"),
        ended_at=bindparam("to_ended_at"),
        next_attempt_at=bindparam("to_next_at"),
        claimed_until_at=None,
    )
)
_FIRST_OF_ANY: Final = (
    select(outbox.c.channel, func.min(func.coalesce(outbox.c.claimed_until_at, outbox.c.next_attempt_at)).label("due_at"))
    .where(outbox.c.ended_at.is_(None))
    .group_by(outbox.c.channel)
)
_UNCLAIM_ANY: Final = (
    update(outbox)
    .where(outbox.c.ended_at.is_(None), outbox.c.state == OwedState.CLAIMED.value)
    .values(state=OwedState.OWED.value, claimed_until_at=None)
)
_UNCLAIM: Final = {dialect: Prepared(_UNCLAIM_ANY.where(others)) for dialect, others in _NOT_PASSED_OVER.items()}
_OWE_AGAIN: Final = Prepared(
    update(outbox)
    .where(
        outbox.c.channel == bindparam("of_channel"),
        outbox.c.state == OwedState.DELIVERED.value,
        outbox.c.is_retained,
        func.length(outbox.c.payload) > 0,
    )
    .values(
        state=OwedState.OWED.value,
        attempt_count=0,
        next_attempt_at=bindparam("now"),
        ended_at=None,
        revision=outbox.c.revision + 1,
    )
)
_SKIP: Final = {
    dialect: Prepared(
        update(outbox)
        .where(outbox.c.ended_at.is_(None), others)
        .values(
            state=OwedState.SKIPPED.value,
            detail="no such channel is configured",
            ended_at=bindparam("now"),
            claimed_until_at=None,
        )
    )
    for dialect, others in _none_of(outbox.c.channel, "channels").items()
}
_FIRST: Final = Prepared(_FIRST_OF_ANY)
_FIRST_BUT: Final = {dialect: Prepared(_FIRST_OF_ANY.where(others)) for dialect, others in _NOT_PASSED_OVER.items()}


def release_claims(unit: UnitOfWork, under_way: Collection[str] = ()) -> int:
    """Make owed again what is claimed and not under way: we are the only writer, so such a claim is a dead process's, or was
    made by a commit of which we never heard that it was done.
    """
    dialect = unit.connection.dialect.name
    return _UNCLAIM[dialect].run(unit.connection, [{"passed_over": _words(dialect, under_way)}])


def owe_states_again(unit: UnitOfWork, channel: str, now: int) -> int:
    """Owe every retained state that still lasts once more: the other side may have forgotten them. Says how many."""
    return _OWE_AGAIN.run(unit.connection, [{"of_channel": channel, "now": now}])


def skip_unknown(unit: UnitOfWork, channels: Collection[str], now: int) -> int:
    """End what is owed by ways out that this process does not have, with the reason, and say how many there were."""
    dialect = unit.connection.dialect.name
    return _SKIP[dialect].run(unit.connection, [{"channels": _words(dialect, channels), "now": now}])


def claim(
    unit: UnitOfWork,
    channel: str,
    *,
    now: int,
    until_at: int,
    limit: int,
    passed_over: Collection[str] = (),
    created_before: int | None = None,
) -> list[Owed]:
    """Take up to ``limit`` due deliveries of one channel, critical ones first. ``passed_over``: keys still under way."""
    values = {"channel": channel, "now": now, "most": limit, "before": _EVER if created_before is None else created_before}
    rows = _read(unit.connection, _DUE, _DUE_BUT, values, passed_over)
    if rows:
        _TAKEN.run(unit.connection, [{"taken": row[0], "until_at": until_at} for row in rows])
    return [_owed(dict(zip(_COLUMNS, row, strict=True))) for row in rows]


def _owed(row: dict[str, Any]) -> Owed:
    booleans = {name: bool(row[name]) for name in ("is_retained", "is_critical")}
    return Owed(**row | booleans | {"payload": bytes(row["payload"])})


def _read(
    connection: Connection, plain: Prepared, but: Mapping[str, Prepared], values: Row, passed_over: Collection[str]
) -> list[tuple[Any, ...]]:
    """Read by the plain statement, or by that which passes over these keys."""
    if not passed_over:
        return plain.read(connection, values)
    dialect = connection.dialect.name
    return but[dialect].read(connection, {**values, "passed_over": _words(dialect, passed_over)})


def _words(dialect: str, words: Collection[str]) -> str | list[str]:
    """A list of words as a parameter: SQLite has no lists."""
    return json.dumps(list(words)) if dialect == SQLITE else list(words)


def record(unit: UnitOfWork, tried: Sequence[Tried]) -> None:
    """Write how the tries ended. A row that meanwhile holds a newer state stays owed: only its older revision was delivered."""
    if not tried:
        return
    _ENDED.run(
        unit.connection,
        [
            {
                "tried_key": one.owed.key,
                "tried_revision": one.owed.revision,
                "to_state": one.state.value,
                "to_detail": one.detail,
                "to_ended_at": one.at if one.next_attempt_at is None else None,
                "to_next_at": one.at if one.next_attempt_at is None else one.next_attempt_at,
            }
            for one in tried
        ],
    )


def next_due(unit: UnitOfWork, passed_over: Collection[str] = ()) -> dict[str, int]:
    """When the next delivery of each channel is due, for the channels that owe any but those under way."""
    return dict(_read(unit.connection, _FIRST, _FIRST_BUT, {}, passed_over))
