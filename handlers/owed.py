"""The rows of the outbox: claim what is due, and record how it went. Times come in as arguments."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import bindparam, func, or_, select, update

from handlers.channels.port import Owed
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
_NOT_PASSED_OVER: Final = outbox.c.key.not_in(bindparam("passed_over", expanding=True))
_DUE: Final = (
    select(outbox)
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
_DUE_BUT: Final = _DUE.where(_NOT_PASSED_OVER)
_TAKEN: Final = (
    update(outbox)
    .where(outbox.c.key == bindparam("taken"))
    .values(state=OwedState.CLAIMED.value, claimed_until_at=bindparam("until_at"), attempt_count=outbox.c.attempt_count + 1)
)
_ENDED: Final = (
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
_FIRST: Final = (
    select(outbox.c.channel, func.min(func.coalesce(outbox.c.claimed_until_at, outbox.c.next_attempt_at)).label("due_at"))
    .where(outbox.c.ended_at.is_(None))
    .group_by(outbox.c.channel)
)
_FIRST_BUT: Final = _FIRST.where(_NOT_PASSED_OVER)


def release_claims(unit: UnitOfWork, under_way: Collection[str] = ()) -> int:
    """Make owed again what is claimed and not under way: we are the only writer, so such a claim is a dead process's, or was
    made by a commit of which we never heard that it was done.
    """
    left = (
        update(outbox)
        .where(outbox.c.ended_at.is_(None), outbox.c.state == OwedState.CLAIMED.value)
        .values(state=OwedState.OWED.value, claimed_until_at=None)
    )
    if under_way:
        left = left.where(outbox.c.key.not_in(under_way))
    return unit.connection.execute(left).rowcount


def owe_states_again(unit: UnitOfWork, channel: str, now: int) -> int:
    """Owe every retained state that still lasts once more: the other side may have forgotten them. Says how many."""
    lasting = (
        update(outbox)
        .where(
            outbox.c.channel == channel,
            outbox.c.state == OwedState.DELIVERED.value,
            outbox.c.is_retained,
            func.length(outbox.c.payload) > 0,
        )
        .values(state=OwedState.OWED.value, attempt_count=0, next_attempt_at=now, ended_at=None, revision=outbox.c.revision + 1)
    )
    return unit.connection.execute(lasting).rowcount


def skip_unknown(unit: UnitOfWork, channels: Collection[str], now: int) -> int:
    """End what is owed by ways out that this process does not have, with the reason, and say how many there were."""
    lost = (
        update(outbox)
        .where(outbox.c.ended_at.is_(None), outbox.c.channel.not_in(channels))
        .values(state=OwedState.SKIPPED.value, detail="no such channel is configured", ended_at=now, claimed_until_at=None)
    )
    return unit.connection.execute(lost).rowcount


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
    if passed_over:
        rows = unit.connection.execute(_DUE_BUT, {**values, "passed_over": list(passed_over)}).all()
    else:
        rows = unit.connection.execute(_DUE, values).all()
    if rows:
        unit.connection.execute(_TAKEN, [{"taken": row.key, "until_at": until_at} for row in rows])
    return [
        Owed(
            key=row.key,
            channel=row.channel,
            target=row.target,
            community=row.community,
            incident_id=row.incident_id,
            payload=bytes(row.payload),
            is_retained=row.is_retained,
            is_critical=row.is_critical,
            revision=row.revision,
            attempt=row.attempt_count + 1,
            created_at=row.created_at,
        )
        for row in rows
    ]


def record(unit: UnitOfWork, tried: Sequence[Tried]) -> None:
    """Write how the tries ended. A row that meanwhile holds a newer state stays owed: only its older revision was delivered."""
    if not tried:
        return
    unit.connection.execute(
        _ENDED,
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
    if passed_over:
        return {row.channel: row.due_at for row in unit.connection.execute(_FIRST_BUT, {"passed_over": list(passed_over)})}
    return {row.channel: row.due_at for row in unit.connection.execute(_FIRST)}
