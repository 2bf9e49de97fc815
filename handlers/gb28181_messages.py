"""Which hooks are owed the GB/T 28181 alarm Notify of a case, for the bridge that carries it to a superior video platform.

A case is told when it has an alarm, and again when it rises to a graver level; an early warning alone is none. Nothing is said of
an end, of an exercise or of a test, because the standard has no word for them (handlers.gb28181_notify).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from sqlalchemy import Connection, select

from handlers.exchange.told_case import Place
from handlers.gb28181_notify import SN_MAX, incident_notify
from handlers.routes import Form, Hook, hook_channel
from handlers.schema import outbox
from rules.model import Alarm, Incident, Level

_GRAVEST_FIRST: Final = (Level.RED, Level.ORANGE, Level.YELLOW, Level.BLUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedNotify:
    """One Notify that is owed to one hook. ``key``: ``CHANNEL:CASE:LEVEL``, so that no level of a case is told twice."""

    key: str
    channel: str
    hook: str
    incident: Incident
    payload: bytes


def owed_notifies(
    connection: Connection, hooks: Sequence[Hook], incidents: Iterable[Incident], alarms: Sequence[Alarm]
) -> Iterator[OwedNotify]:
    """What is owed of these cases; ``alarms``: those that were saved with them, whose evidence says what was seen.

    Raises what a statement of the store raises.
    """
    asked = [hook for hook in hooks if hook.form is Form.GB28181]
    for incident in incidents if asked else ():
        if not incident.alarm_ids:
            continue
        kinds = [each.kind for alarm in alarms if alarm.incident_id == incident.id for each in alarm.evidence]
        for hook in asked:
            channel = hook_channel(hook.name)
            key = f"{channel}:{incident.id}:{incident.level.value}"
            if not hook.hears(incident.community) or _is_told(connection, channel, incident):
                continue
            payload = incident_notify(incident, device_id=hook.sender, sn=_number(key), kinds=kinds, place=_point(hook.place))
            if payload is not None:
                yield OwedNotify(key=key, channel=channel, hook=hook.name, incident=incident, payload=payload)


def _is_told(connection: Connection, channel: str, incident: Incident) -> bool:
    """Whether the outbox knows of a Notify of this case at this level or a graver one."""
    asked = select(outbox.c.key).where(outbox.c.incident_id == incident.id, outbox.c.channel == channel)
    told = {key.rpartition(":")[2] for key in connection.scalars(asked)}
    as_grave = _GRAVEST_FIRST[: _GRAVEST_FIRST.index(incident.level) + 1]
    return any(level.value in told for level in as_grave)


def _number(key: str) -> int:
    """The command's number, 1 … ``SN_MAX``: the same when the message is sent again."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest()) % SN_MAX + 1


def _point(place: Place) -> tuple[float, float] | None:
    return None if place.latitude is None or place.longitude is None else (place.latitude, place.longitude)
