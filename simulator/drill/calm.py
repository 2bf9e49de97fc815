"""Phase calm: nothing breaks any more, everybody is well and says so, people see it through. Then all must come to rest."""

from typing import Final

from sqlalchemy import insert

from handlers.faults import LeaseLost, StoreRefused
from handlers.schema import incident
from ingest.entries import Journaled
from ingest.journal import read_only
from rules.model import DeliveryReport, SetAside
from simulator.drill.house import POISON
from simulator.drill.law import Broken, Law
from simulator.drill.play import World

ROUNDS_MAX: Final = 25
ROUND_MS: Final = 150_000
HEALED_AFTER: Final = 6
"""Rounds after which no alarm's condition may hold any more: a round more than the pack's longest clear_after, the 12 min of
power_lost, for what the first of them still waited for."""

PROOF_ROUNDS: Final = 3
"""Rounds more where our clock is wrong: until the sources have proved it, what ends a condition is late (rules/our_clock.py)."""

SAID_TIMES: Final = 2
"""How often everybody says that all is well: what the first ends, the second must not end again."""

PROOF_TIMES: Final = 4
"""The same where our clock is wrong: of a clock that stepped the first three are the proof."""

SHOWN_AGAIN_MS: Final = 20_000
"""The longest wait between two tries of a state (handlers.way.STATE_LIMITS), twice (ours)."""

_OWED: Final = "SELECT key, state, detail FROM outbox WHERE ended_at IS NULL ORDER BY key LIMIT 1"
_STANDING: Final = (
    "SELECT (SELECT count(*) FROM warning WHERE ended_at IS NULL), (SELECT count(*) FROM alarm WHERE ended_at IS NULL), "
    "(SELECT count(*) FROM dispatch WHERE ended_at IS NULL), (SELECT count(*) FROM incident WHERE closed_at IS NULL)"
)
_ACTIVE: Final = "SELECT id, rule, device, doc FROM alarm WHERE ended_at IS NULL AND json_extract(doc, '$.is_active') = 1"
_CASE: Final = {
    "community": "probe", "hazard": "probe", "level": "red", "state": "open", "status": "actual", "zone": "z",
    "opened_at": 1, "changed_at": 1, "closed_at": None, "doc": "{}",
}  # fmt: skip
_RETAINED: Final = "SELECT target FROM outbox WHERE is_retained AND length(payload) > 0 AND state = 'delivered'"


def calm(world: World) -> None:
    """Let everything come to rest, and look whether it has. Raises Broken."""
    world.note("the storm is over")
    world.inspector.look_at_all()
    world.end_all()
    world.disk.heal()
    world.outside.heal()
    world.down_until_ms = 0
    _what_was_forgotten_is_shown(world)
    said_times, rounds = (PROOF_TIMES, HEALED_AFTER + PROOF_ROUNDS) if world.hours.wrong_ms else (SAID_TIMES, HEALED_AFTER)
    for number in range(rounds):
        for sent in world.town.all_well(world.now_at) if number < said_times else ():
            world.send(sent)
        for sent in world.abroad.all_well(world.now_at) if number < said_times else ():
            world.send(sent)
        if number == said_times:
            for sent in world.town.all_called_off(world.now_at):
                world.send(sent)
        _pass_round(world, times=2 if world.is_catching_up else 1)  # the clock was set back: the chain's minute takes two
    _conditions_are_over(world)
    _what_lasts_is_shown(world)
    for _ in range(ROUNDS_MAX):
        world.crew.tidy_up(world.inspector.connection)
        _pass_round(world)
        if not _unrest(world):
            break
    unrest = _unrest(world)
    if unrest:
        raise Broken(Law.LIVENESS, unrest)
    _all_is_accounted_for(world)
    _guards_hold(world)


def _pass_round(world: World, times: int = 1) -> None:
    """A while, in which the devices that beat go on beating."""
    for _ in range(times):
        for sent in world.town.all_beat(world.now_at):
            world.send(sent)
        world.pass_time(ROUND_MS, pieces=1)


def _conditions_are_over(world: World) -> None:
    for alarm_id, rule, device, _ in world.inspector.connection.execute(_ACTIVE).fetchall():
        raise Broken(Law.LIVENESS, f"alarm {alarm_id} of {device} ({rule}) still holds, although its condition ended")


def _what_was_forgotten_is_shown(world: World) -> None:
    """A broker that forgot the retained topics has them again before anything new happens that would show them anyway."""
    if world.broker.has_forgotten:
        world.pass_time(SHOWN_AGAIN_MS, pieces=1)
        _what_lasts_is_shown(world)


def _what_lasts_is_shown(world: World) -> None:
    """The outside's retained topics say what the store says, also after the broker forgot them."""
    if world.inspector.connection.execute(_OWED).fetchone() is not None:
        return
    lasting = {row[0] for row in world.inspector.connection.execute(_RETAINED)}
    shown = set(world.outside.retained)
    if lasting != shown:
        raise Broken(Law.TOLD, f"not shown: {sorted(lasting - shown)[:3]}; shown for nothing: {sorted(shown - lasting)[:3]}")


def _unrest(world: World) -> str:
    """What has not come to rest yet."""
    execute = world.inspector.connection.execute
    house = world.house
    if house is None:
        return "the house is not up"
    standing = execute(_STANDING).fetchone()
    owed = execute(_OWED).fetchone()
    return (
        (f"still open: {standing} warnings, alarms, dispatches, incidents" if any(standing) else "")
        or (f"still owed: {owed}" if owed is not None else "")
        or (f"{world.broker.waiting_count} messages wait in the broker" if world.broker.waiting_count else "")
        or (f"{len(world.unsent)} messages wait with the devices" if world.unsent else "")
        or ("pushes of a platform wait" if not world.abroad.is_idle else "")
        or ("actions of people wait" if not world.crew.is_idle else "")
        or ("" if house.desk.progress.applied_position == house.journal.last_position() else "entries wait to be stored")
        or ("" if house.is_ready() else "health says not ready")
    )


def _guards_hold(world: World) -> None:
    """The store refuses by itself what the house would never ask for: two open cases of one, and a writer of yesterday."""
    house = world.house
    if house is None:
        return
    rows = [{**_CASE, "id": name} for name in ("one", "another")]
    try:
        with house.store.transaction(house.lease.epoch) as unit:
            unit.connection.execute(insert(incident), rows)
            raise Broken(Law.ONE_INCIDENT, "the store takes two open incidents of one hazard at one place")
    except StoreRefused:
        pass
    try:
        with house.store.transaction(house.lease.epoch - 1):
            raise Broken(Law.ONE_WRITER, "the store takes a transaction under an epoch that is over")
    except LeaseLost:
        pass


def _all_is_accounted_for(world: World) -> None:
    """What the outside heard, what people asked and what the journal holds, held against the store."""
    connection, shadow, house = world.inspector.connection, world.shadow, world.house
    world.inspector.look_at_all()
    shadow.compare_docs(connection)
    kept = list(read_only(world.disk.folder / "journal"))
    if kept != world.disk.written:
        raise Broken(Law.NO_LOSS, f"the journal holds {len(kept)} entries, not the {len(world.disk.written)} that were written")
    _what_was_set_aside_is_poison(kept)
    for action_id in world.crew.handed_in:
        if action_id not in shadow.answers:
            raise Broken(Law.AUDIT, f"action {action_id} was taken and never answered")
    _messages_arrived(world, {each.entry.key for each in kept if isinstance(each.entry, DeliveryReport)})
    if world.outside.retained:
        raise Broken(Law.TOLD, f"still shown to the outside although it ended: {sorted(world.outside.retained)[0]}")
    if house is not None and any(house.desk.backlog.depths().values()):
        raise Broken(Law.LIVENESS, f"entries wait for the journal: {house.desk.backlog.depths()}")


def _what_was_set_aside_is_poison(kept: list[Journaled]) -> None:
    by_position = {each.position: each.entry for each in kept}
    for each in kept:
        entry = each.entry
        if isinstance(entry, SetAside) and POISON not in getattr(by_position.get(entry.position), "attributes", ()):
            raise Broken(Law.NO_LOSS, f"position {entry.position} was set aside, and it is no poison")


def _messages_arrived(world: World, reported: set[str]) -> None:
    """What is recorded as told was heard, and what was given up was reported."""
    connection = world.inspector.connection
    for key, channel, state, detail in connection.execute("SELECT key, channel, state, detail FROM outbox WHERE NOT is_retained"):
        if state == "delivered" and channel != "mqtt" and not world.outside.taken[key]:
            raise Broken(Law.TOLD, f"{key} is recorded as delivered, and nobody heard it")
        if state == "failed" and key not in reported:
            raise Broken(Law.TOLD, f"{key} was given up ({detail}), and the chain never heard of it")
        if state == "skipped":
            raise Broken(Law.TOLD, f"{key} was skipped: {detail}")
