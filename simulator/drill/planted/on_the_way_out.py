"""Bugs of the outbox: who must be told is not, or twice, or nobody hears that it failed."""

from dataclasses import replace
from typing import Any, Final

from sqlalchemy import bindparam, update

from handlers import outbox, owed, way
from handlers.channels.port import Outcome, Result
from handlers.outbox import Outbox
from handlers.owed import OwedState
from handlers.prepared import Prepared
from handlers.routes import Hook
from handlers.schema import outbox as table
from handlers.unstored import Unstored
from handlers.way import Way
from simulator.drill.planted.bug import Bug, Patch


def _given_up_silently(patch: Patch) -> None:
    patch.set(Outbox, "_tell", lambda box, tried: box._heard(tried, True))  # noqa: FBT003 - its only argument


def _judged(patch: Patch, seen: Result, taken_for: Result) -> None:
    def judge(real: Any, one: Any, item: Any, outcome: Outcome, *arguments: Any) -> Any:
        if outcome.result is seen:
            outcome = replace(outcome, result=taken_for)
        return real(one, item, outcome, *arguments)

    patch.wrap(Way, "judge", judge)


def _busy_taken_for_delivered(patch: Patch) -> None:
    _judged(patch, Result.RETRY, Result.DELIVERED)


def _refusal_taken_for_nobody(patch: Patch) -> None:
    _judged(patch, Result.REFUSED, Result.SKIPPED)


def _revision_not_looked_at(patch: Patch) -> None:
    columns = {"state": "to_state", "detail": "to_detail", "ended_at": "to_ended_at", "next_attempt_at": "to_next_at"}
    values: dict[str, Any] = {column: bindparam(name) for column, name in columns.items()}
    careless = (
        update(table)
        .where(table.c.key == bindparam("tried_key"), table.c.revision >= bindparam("tried_revision"))
        .values(**values, claimed_until_at=None)
    )
    patch.set(owed, "_ENDED", Prepared(careless))


def _states_not_shown_again(patch: Patch) -> None:
    patch.answer(Way, "is_newly_connected", answer=False)


def _degraded_told_twice(patch: Patch) -> None:
    patch.answer(Unstored, "leave", answer=None)


def _by_the_wall_clock(patch: Patch) -> None:
    def begin(real: Any, box: Any, store: Any, *arguments: Any, **options: Any) -> None:
        real(box, store, *arguments, **(options | {"clock": store._disk.hours.wall_now}))

    patch.wrap(Outbox, "__init__", begin)


def _hook_reads_all(patch: Patch) -> None:
    def wants(real: Any, hook: Hook, fact: Any) -> bool:
        return bool(real(replace(hook, communities=()), fact))

    patch.wrap(Hook, "wants", wants)


def _not_recorded(patch: Patch) -> None:
    patch.answer(outbox, "record", answer=None)


def _last_try_forgotten(patch: Patch) -> None:
    def again(real: Any, one: Way, *arguments: Any) -> Any:
        tried = real(one, *arguments)
        return replace(tried, state=OwedState.SKIPPED) if tried.state is OwedState.FAILED else tried

    patch.wrap(way.Way, "judge", again)


BUGS: Final = (
    Bug("given_up_silently", "a message is given up, and the chain never hears of it", _given_up_silently, ("channel",)),
    Bug(
        "busy_taken_for_delivered",
        "a channel that asks to come again counts as having taken it",
        _busy_taken_for_delivered,
        ("channel",),
    ),
    Bug(
        "notification_lost_when_refused",
        "a channel that refuses counts as nobody being there",
        _refusal_taken_for_nobody,
        ("refuses",),
    ),
    Bug("last_try_forgotten", "after the last try a message is dropped", _last_try_forgotten, ("channel",)),
    Bug("newer_state_taken_for_delivered", "the older state's delivery counts for the newer one", _revision_not_looked_at),
    Bug(
        "states_not_shown_again",
        "a broker that forgot the retained states is not told them again",
        _states_not_shown_again,
        ("broker",),
    ),
    Bug(
        "degraded_told_twice",
        "what left while the store was away is sent again",
        _degraded_told_twice,
        ("store_away", "store_hangs", "store_deaf"),
    ),
    Bug(
        "outbox_by_the_wall_clock",
        "deliveries are due by the computer's clock, which is set back",
        _by_the_wall_clock,
        ("clock -",),
    ),
    Bug("hook_reads_all_communities", "a webhook of one community is told of the others", _hook_reads_all),
    Bug("delivery_not_recorded", "what was delivered is not recorded", _not_recorded),
)
