"""Phase calm: nothing breaks any more, everybody is well and says so, people see it through. Then all must come to rest."""

from typing import Final

from ingest.journal import read_only
from rules.model import DeliveryReport
from simulator.drill.law import Broken, Law
from simulator.drill.play import World

ROUNDS_MAX: Final = 25
ROUND_MS: Final = 150_000
HEALED_AFTER: Final = 6
"""Rounds after which no alarm's condition may hold any more: longer than any clear_after of the pack, and its cooldown."""

SAID_TIMES: Final = 3
"""How often everybody says that all is well: once may be lost with a broker's memory, and one jump proves nothing."""

_OWED: Final = "SELECT key, state, detail FROM outbox WHERE ended_at IS NULL ORDER BY key LIMIT 1"
_STANDING: Final = (
    "SELECT (SELECT count(*) FROM warning WHERE ended_at IS NULL), (SELECT count(*) FROM alarm WHERE ended_at IS NULL), "
    "(SELECT count(*) FROM dispatch WHERE ended_at IS NULL), (SELECT count(*) FROM incident WHERE closed_at IS NULL)"
)
_ACTIVE: Final = "SELECT id, rule, device, doc FROM alarm WHERE ended_at IS NULL AND json_extract(doc, '$.is_active') = 1"
_RETAINED: Final = "SELECT target FROM outbox WHERE is_retained AND length(payload) > 0 AND state = 'delivered'"


def calm(world: World) -> None:
    """Let everything come to rest, and look whether it has. Raises Broken."""
    world.note("the storm is over")
    world.end_all()
    world.disk.heal()
    world.outside.heal()
    world.down_until_ms = 0
    for number in range(HEALED_AFTER):
        for sent in world.town.all_well(world.now_at) if number < SAID_TIMES else ():
            world.send(sent)
        _pass_round(world)
    _conditions_are_over(world)
    for _ in range(ROUNDS_MAX):
        world.crew.tidy_up(world.inspector.connection)
        _pass_round(world)
        if not _unrest(world):
            break
    unrest = _unrest(world)
    if unrest:
        raise Broken(Law.LIVENESS, unrest)
    _all_is_accounted_for(world)


def _pass_round(world: World) -> None:
    """A while, in which the devices that beat go on beating."""
    for sent in world.town.all_beat(world.now_at):
        world.send(sent)
    world.pass_time(ROUND_MS)


def _conditions_are_over(world: World) -> None:
    for alarm_id, rule, device, _ in world.inspector.connection.execute(_ACTIVE).fetchall():
        raise Broken(Law.LIVENESS, f"alarm {alarm_id} of {device} ({rule}) still holds, although its condition ended")


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
        or ("actions of people wait" if not world.crew.is_idle else "")
        or ("" if house.desk.progress.applied_position == house.journal.last_position() else "entries wait to be stored")
        or ("" if house.is_ready() else "health says not ready")
    )


def _all_is_accounted_for(world: World) -> None:
    """What the outside heard, what people asked and what the journal holds, held against the store."""
    connection, shadow, house = world.inspector.connection, world.shadow, world.house
    shadow.compare_docs(connection)
    kept = list(read_only(world.disk.folder / "journal"))
    if kept != world.disk.written:
        raise Broken(Law.NO_LOSS, f"the journal holds {len(kept)} entries, not the {len(world.disk.written)} that were written")
    for action_id in world.crew.handed_in:
        if action_id not in shadow.answers:
            raise Broken(Law.AUDIT, f"action {action_id} was taken and never answered")
    reported = {each.entry.key for each in kept if isinstance(each.entry, DeliveryReport)}
    for key, channel, state, detail in connection.execute("SELECT key, channel, state, detail FROM outbox WHERE NOT is_retained"):
        if state == "delivered" and channel != "mqtt" and not world.outside.taken[key]:
            raise Broken(Law.TOLD, f"{key} is recorded as delivered, and nobody heard it")
        if state == "failed" and key not in reported:
            raise Broken(Law.TOLD, f"{key} was given up ({detail}), and the chain never heard of it")
        if state == "skipped":
            raise Broken(Law.TOLD, f"{key} was skipped: {detail}")
    if world.outside.retained:
        raise Broken(Law.TOLD, f"still shown to the outside although it ended: {sorted(world.outside.retained)[0]}")
    if house is not None and any(house.desk.backlog.depths().values()):
        raise Broken(Law.LIVENESS, f"entries wait for the journal: {house.desk.backlog.depths()}")
