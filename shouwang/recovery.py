"""From what the disk remembers back to a running chain: last snapshot, then the journal's tail, without doing anything twice."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

import structlog

from handlers.store import Store
from ingest.journal import Journal, Journaled
from rules.canonical import RecordError
from rules.definition import RulePack
from rules.engine import Engine, TimerStoppedError
from rules.identity import SHORT_MAX, SHORT_MS
from rules.model import Event, EventClass, PackActivation, Resumed, SetAside
from rules.pack import PackError
from shouwang.stumbles import Stumbles

log = structlog.get_logger(__name__)

START = "start"
"""The actor of what a start activates."""

DEAF_FROM_MS = 5_000
"""A pause up to this long, as of a quick restart, costs no device its time: no heartbeat is awaited so narrowly."""

REMEMBERED_MS = SHORT_MS + 60_000

KEPT_MAX = 5_000  # entries of the journal's tail that a start keeps while it goes through them

_BRIEF = frozenset({EventClass.READING, EventClass.HEARTBEAT})


class JournalBehindStoreError(RuntimeError):
    """The store has applied more than the journal holds: they do not belong together, and going on would renumber history."""


class SnapshotUnreadableError(RuntimeError):
    """This version cannot read the state that an earlier one has left in the store."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """A chain that stands where the store stands."""

    engine: Engine
    applied_position: int
    snapshot_position: int
    aside: tuple[SetAside, ...]  # what the journal sets aside after the snapshot
    applied_at: int = 0  # the chain's instant when it last stored something: timers may have run after the last entry
    coming: PackActivation | None = None  # the last one that is journaled and not yet decided


def recover(journal: Journal, store: Store, read_pack: Callable[[str], RulePack], stumbles: Stumbles) -> Recovered:
    """Rebuild the chain up to the applied position; what is journaled beyond it is for the desk to decide.

    Afterwards ``stumbles`` knows which positions the journal sets aside, and the journal's clock does not show an instant before
    the chain's own.

    Raises JournalBehindStoreError when the journal ends before the store's position, and SnapshotUnreadableError.
    """
    snapshot_position, rows = store.load_snapshot()
    applied = store.applied_position()
    # Timers may have run after the last entry, and the computer's clock may have been set back since.
    applied_at = store.applied_at()
    journal.hold_now(applied_at)
    last = journal.last_position()
    if last < applied:
        raise JournalBehindStoreError(
            f"The store has applied position {applied}, and the journal ends at {last}: a journal file is missing or belongs to "
            "another installation. Put the journal files back beside the store, or restore both from one backup."
        )
    engine = _restore(rows, read_pack)
    for journaled in remembered(journal.backwards(snapshot_position)):
        engine.prime_identity(journaled.entry, journaled.received_at)
    tail = _tail(journal, snapshot_position)
    aside = tuple(_set_aside(tail()))
    # What is poisonous by now is journaled by the caller, before the desk decides.
    stumbles.set_aside = frozenset(each.position for each in aside).union(stumbles.poisonous())
    for timer in [*((each.timer, each.deadline_at) for each in aside if each.timer), *stumbles.poisonous_timers()]:
        engine.pass_over(*timer)
    coming = None
    for journaled in tail():
        if journaled.position > applied:
            coming = journaled.entry if isinstance(journaled.entry, PackActivation) else coming
        elif journaled.position not in stumbles.set_aside:
            _decide_again(engine, journaled, stumbles)
    _fire_again(engine, applied_at, stumbles)
    journal.hold_now(engine.now)
    return Recovered(engine, applied, snapshot_position, aside, applied_at, coming)


def _tail(journal: Journal, position: int) -> Callable[[], Iterable[Journaled]]:
    """What is journaled after this position, to go through more than once: read once, unless it is long."""
    kept = list(islice(journal.read(after=position), KEPT_MAX + 1))
    return lambda: kept if len(kept) <= KEPT_MAX else journal.read(after=position)


def _set_aside(tail: Iterable[Journaled]) -> Iterator[SetAside]:
    """What was set aside in it. An entry that took the place of a damaged one speaks of itself: it is decided."""
    for journaled in tail:
        if isinstance(journaled.entry, SetAside) and journaled.entry.position != journaled.position:
            yield journaled.entry


def _restore(rows: list[tuple[str, bytes]], read_pack: Callable[[str], RulePack]) -> Engine:
    try:
        return Engine.restore(rows, read_pack=read_pack)
    except (PackError, RecordError) as fault:
        raise SnapshotUnreadableError(
            f"The chain's state in the store was left by another version, and this one cannot read it: {fault}. "
            "Start the version that wrote it"
        ) from fault


def remembered(newest_first: Iterable[list[Journaled]]) -> Iterator[Journaled]:
    """What a chain still knows the readings' ids of that stands where these batches begin, oldest first, and somewhat more.

    A minute more, so that an id that the broker delivered again is known from the first time on. What was set aside was never
    known.
    """
    batches: list[list[Journaled]] = []
    names: set[tuple[str, str, str]] = set()
    aside: set[int] = set()
    for batch in newest_first:
        if len(names) >= SHORT_MAX or (batches and batches[0][0].received_at - batch[0].received_at > REMEMBERED_MS):
            break
        batches.append(batch)
        for journaled in batch:
            entry = journaled.entry
            if isinstance(entry, Event) and entry.event_class in _BRIEF and not entry.is_retained:
                names.add((entry.community, entry.device, entry.id))
            elif isinstance(entry, SetAside):
                aside.add(entry.position)
    for batch in reversed(batches):
        yield from (journaled for journaled in batch if journaled.position not in aside)


def _decide_again(engine: Engine, journaled: Journaled, stumbles: Stumbles) -> None:
    """The effects are in the store already. A newer version of the chain may stumble where the older one did not."""
    try:
        engine.receive(journaled.entry, journaled.received_at, journaled.position)
    except TimerStoppedError as fault:
        stumbles.record_timer(fault.name, fault.deadline_at)
        raise
    except Exception:
        stumbles.record(journaled.position)
        raise


def _fire_again(engine: Engine, applied_at: int, stumbles: Stumbles) -> None:
    """What timers led to since the last entry is in the store too: left to the desk, it would be told once more where the store
    is away. A newer version of the chain may stumble."""
    if applied_at < engine.now:
        return
    try:
        engine.advance(applied_at)
    except TimerStoppedError as fault:
        stumbles.record_timer(fault.name, fault.deadline_at)
        raise


def journal_news(journal: Journal, recovered: Recovered, stumbles: Stumbles, activation: PackActivation) -> None:
    """Journal what a start itself decides: first how long nobody listened, then positions to set aside, and the rule pack."""
    _journal_resumed(journal, recovered)
    _journal_set_aside(journal, recovered, stumbles)
    digest, actor = active_pack(recovered)
    if digest == activation.digest:
        return
    if actor in ("", START):
        journal.append([replace(activation, id=f"{activation.id}-{journal.last_position() + 1}", actor=START)])
    else:  # what a person put in force stays until a person puts another in force
        todo = "Activate the file with 'shouwang rules activate', or go back with 'shouwang rules rollback'."
        log.warning("pack_of_settings_not_in_force", settings=activation.version, in_force_by=actor, todo=todo)


def _journal_set_aside(journal: Journal, recovered: Recovered, stumbles: Stumbles) -> None:
    """What is there already was journaled by a start that was stopped right after."""
    for position in stumbles.poisonous():
        if all(each.position != position for each in recovered.aside):
            todo = "Look at it with 'shouwang journal'; it is passed over from now on."
            log.error("position_set_aside", position=position, todo=todo)
            detail = f"journal position {position} stopped the chain twice"
            journal.append([SetAside(id=f"set-aside-{position}", position=position, detail=detail)])
        stumbles.forget(position)
    for timer, at in stumbles.poisonous_timers():
        if all((each.timer, each.deadline_at) != (timer, at) for each in recovered.aside):
            log.error(
                "timer_set_aside", timer=timer, deadline_at=at, todo="What it waited for does not happen: see to it yourself."
            )
            detail = "what it would have done at its deadline is not done"
            name = f"set-aside-{at}-{timer}"
            journal.append([SetAside(id=name, position=0, detail=detail, timer=timer, deadline_at=at)])
        stumbles.forget_timer(timer, at)


def _journal_resumed(journal: Journal, recovered: Recovered) -> None:
    """Journal since when nobody listened: after all that was received, and after all that is stored as decided."""
    position = journal.last_position()
    if position == 0:
        return
    heard = [journaled.received_at for journaled in next(journal.backwards(position), [])]
    deaf_since_at = max([*heard, recovered.engine.now, recovered.applied_at])
    if journal.now() - deaf_since_at >= DEAF_FROM_MS:
        log.info("resumed", deaf_s=(journal.now() - deaf_since_at) // 1000)
        journal.append([Resumed(id=f"resumed-{position + 1}", deaf_since_at=deaf_since_at)])


def active_pack(recovered: Recovered) -> tuple[str, str]:
    """The pack that decides once the whole journal has been decided: its digest, and who activated it; both empty for none."""
    engine = recovered.engine
    if recovered.coming is not None:
        return recovered.coming.digest, recovered.coming.actor
    digest = engine.pack.digest if engine.pack is not None else ""
    return digest, engine.activations[-1].actor if engine.activations else ""
