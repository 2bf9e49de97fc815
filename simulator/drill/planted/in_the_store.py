"""Bugs around the transaction: what is committed apart, twice, not at all, or by somebody who must not."""

from dataclasses import replace
from typing import Any, Final

from sqlalchemy import text

from handlers import apply as applying
from handlers import lease
from handlers.apply import apply
from handlers.schema import outbox
from handlers.store import Store, UnitOfWork
from handlers.upsert import upsert
from rules import actions, judgement, snapshot
from rules.identity import LongMemory
from shouwang import recovery, stumbles
from shouwang.clerk import Clerk
from simulator.drill.planted.bug import Bug, Patch


def _written_apart(patch: Patch, *, is_position_first: bool) -> None:
    def write(clerk: Any, sheet: Any, position: int, now: int) -> bool:
        def decisions() -> bool:
            with clerk._store.transaction(clerk._lease.epoch) as unit:
                owed = apply(unit, sheet.effects, clerk._routes).owed
                if sheet.wants_snapshot:
                    unit.save_snapshot(sheet.changes, position)
            return owed

        def mark() -> None:
            with clerk._store.transaction(clerk._lease.epoch) as unit:
                unit.set_applied(position, now)

        if is_position_first:
            mark()
            return decisions()
        owed = decisions()
        mark()
        return owed

    patch.set(Clerk, "_write", write)


def _position_first(patch: Patch) -> None:
    _written_apart(patch, is_position_first=True)


def _position_after(patch: Patch) -> None:
    _written_apart(patch, is_position_first=False)


def _no_epoch_check(patch: Patch) -> None:
    patch.answer(lease, "check", answer=None)


def _no_unique_index(patch: Patch) -> None:
    def drop(real: Any, store: Any, *arguments: Any) -> Any:
        epoch = real(store, *arguments)
        store.write(epoch, lambda unit: unit.connection.execute(text("DROP INDEX IF EXISTS uq_incident_open")))
        return epoch

    patch.wrap(Store, "take_lease", drop)


def _not_taken_back(patch: Patch) -> None:
    patch.answer(Clerk, "_take_back", answer=None)


def _unknown_is_done(patch: Patch) -> None:
    def believe(clerk: Any, _: Any) -> None:
        clerk._progress.applied_position = clerk._progress.decided_position

    patch.set(Clerk, "_take_back", believe)


def _message_written_anew(patch: Patch) -> None:
    def write(real: Any, connection: Any, table: Any, rows: Any, key: str) -> None:
        if table is outbox:
            upsert(connection, table, rows)
        else:
            real(connection, table, rows, key)

    patch.wrap(applying, "insert_new", write)


def _tail_skipped(patch: Patch) -> None:
    def skip(real: Any, journal: Any, *arguments: Any) -> Any:
        return replace(real(journal, *arguments), applied_position=journal.last_position())

    patch.wrap(recovery, "recover", skip)


def _snapshot_ahead(patch: Patch) -> None:
    def ahead(real: Any, unit: Any, changes: Any, position: int) -> None:
        real(unit, changes, position + 1)

    patch.wrap(UnitOfWork, "save_snapshot", ahead)


def _snapshot_without(sort: str) -> Any:
    def plant(patch: Patch) -> None:
        def value(real: Any, book: Any, key: str) -> Any:
            return None if key.startswith(sort) else real(book, key)

        patch.wrap(snapshot, "_value", value)

    return plant


def _not_armed(name: str) -> Any:
    return lambda patch: patch.answer(snapshot, name, answer=None)


def _memories_lost(patch: Patch) -> None:
    patch.answer(snapshot, "_load_memories", answer=None)


def _duplicates_decided(patch: Patch) -> None:
    patch.answer(LongMemory, "is_new", answer=True)


def _cleared_unlatched(patch: Patch) -> None:
    def clear(real: Any, book: Any, alarm: Any, *arguments: Any) -> None:
        real(book, replace(alarm, is_latching=False), *arguments)

    patch.wrap(judgement, "condition_gone", clear)


def _life_safety_shelved(patch: Patch) -> None:
    patch.answer(actions, "is_life_safety", answer=False)


def _skips_two(patch: Patch) -> None:
    def more(real: Any, self: Any) -> list[int]:
        return [each for position in real(self) for each in (position, position + 1)]

    patch.wrap(stumbles.Stumbles, "poisonous", more)


def _never_set_aside(patch: Patch) -> None:
    patch.set(stumbles, "STOPS_MAX", 10**9)


BUGS: Final = (
    Bug("position_committed_first", "the applied position is committed before the effects", _position_first, ("crash_at store",)),
    Bug(
        "position_in_another_transaction",
        "the applied position is committed after the effects",
        _position_after,
        ("crash_at store",),
    ),
    Bug("epoch_check_removed", "a transaction does not ask whether its writer is still the writer", _no_epoch_check),
    Bug("unique_index_lost", "nothing keeps two open incidents of one apart", _no_unique_index),
    Bug(
        "failed_commit_forgotten",
        "what the store did not take is not written again",
        _not_taken_back,
        ("store_away", "store_deaf"),
    ),
    Bug("unknown_commit_taken_for_done", "a commit of which nobody heard counts as done", _unknown_is_done, ("store_away",)),
    Bug("outbox_without_idempotency_key", "the same message written again is owed again", _message_written_anew, ("store_deaf",)),
    Bug("journal_tail_skipped", "a start does not decide what was journaled and not applied", _tail_skipped, ("crash",)),
    Bug("snapshot_ahead", "the snapshot names a position one too high", _snapshot_ahead, ("crash", "stop")),
    Bug("snapshot_without_orders", "the snapshot lacks the orders under way", _snapshot_without("run/"), ("crash", "stop")),
    Bug(
        "snapshot_without_watches",
        "the snapshot lacks what the rules are waiting for",
        _snapshot_without("watch/"),
        ("crash", "stop"),
    ),
    Bug(
        "escalation_in_memory_only",
        "the clocks of a case are not set again after a start",
        _not_armed("watch_case"),
        ("crash", "stop"),
    ),
    Bug(
        "order_clock_in_memory_only",
        "the clocks of an order are not set again after a start",
        _not_armed("watch_run"),
        ("crash", "stop"),
    ),
    Bug(
        "shelf_forgotten_after_restart",
        "what is shelved stays so for ever after a start",
        _not_armed("watch_shelf"),
        ("lapse shelf",),
    ),
    Bug(
        "warning_expiry_in_memory_only", "a warning does not expire after a start", _not_armed("watch_expiry"), ("lapse signal",)
    ),
    Bug("mode_in_memory_only", "a mode of a place does not end after a start", _not_armed("watch_mode"), ("lapse mode",)),
    Bug("outage_in_memory_only", "an outage by plan does not end after a start", _not_armed("watch_outage"), ("lapse outage",)),
    Bug("memory_of_ids_lost", "a start forgets which events and actions it knows", _memories_lost, ("crash", "stop")),
    Bug("duplicates_not_dropped", "what came before is decided again", _duplicates_decided),
    Bug("clear_before_latch_reset", "a latching alarm goes back without a reset", _cleared_unlatched),
    Bug("life_safety_shelved", "an alarm on which a life may hang can be shelved", _life_safety_shelved),
    Bug("quarantine_skips_two", "the entry after a poisonous one is set aside with it", _skips_two, ("poison",)),
    Bug("poison_never_set_aside", "an entry that stops the chain is tried for ever", _never_set_aside, ("poison",)),
)
