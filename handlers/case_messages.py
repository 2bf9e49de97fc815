"""Which hooks are owed a message of a case in the form of another system, and the message itself.

A message is owed when what the form says of the case has changed since the one before it: an acknowledgement or a clock sends
none. The messages of a case are counted, because those of CAP name the ones before them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Final

from sqlalchemy import Connection, select

from handlers.exchange.cap import Sent, identifier_of, write_cap
from handlers.exchange.ngsi_ld import write_ngsi_ld
from handlers.exchange.open311 import write_open311
from handlers.exchange.told_case import ToldCase, of_incident
from handlers.routes import Form, Hook, hook_channel
from handlers.schema import outbox
from rules.canonical import to_json
from rules.model import Incident

_DIGEST_BYTES: Final = 8
_NOT_OF_CASES: Final = frozenset({Form.FACT, Form.WORK_ORDER, Form.GB28181})


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedCase:
    """One message that is owed to one hook. ``key``: ``CHANNEL:CASE:NUMBER:DIGEST``."""

    key: str
    channel: str
    hook: str
    case: ToldCase
    payload: bytes


def owed_cases(connection: Connection, hooks: Sequence[Hook], incidents: Iterable[Incident]) -> Iterator[OwedCase]:
    """What is owed of these cases, after what the outbox has of them. Raises what a statement of the store raises."""
    asked = [hook for hook in hooks if hook.form not in _NOT_OF_CASES]
    for incident in incidents if asked else ():
        case = of_incident(incident)
        digest = _digest(case)
        for hook in asked:
            if not hook.hears(case.community):
                continue
            channel = hook_channel(hook.name)
            before = _before(connection, channel, case.id)
            if before and before[-1][1] == digest:
                continue
            number = 1 + (before[-1][0] if before else 0)
            yield OwedCase(
                key=f"{channel}:{case.id}:{number:06}:{digest}",
                channel=channel,
                hook=hook.name,
                case=case,
                payload=_written(hook, case, number, [Sent(identifier_of(case.id, one), at) for one, _, at in before]),
            )


def _before(connection: Connection, channel: str, case_id: str) -> list[tuple[int, str, int]]:
    """Number, digest and instant of each message of the case that the outbox still knows, the first first."""
    asked = select(outbox.c.key, outbox.c.created_at).where(outbox.c.incident_id == case_id, outbox.c.channel == channel)
    found = [(row.key.rsplit(":", 2), row.created_at) for row in connection.execute(asked.order_by(outbox.c.key))]
    return [(int(parts[1]), parts[2], at) for parts, at in found]


def _written(hook: Hook, case: ToldCase, number: int, before: Sequence[Sent]) -> bytes:
    sender = hook.sender or f"shouwang@{case.community}"
    if hook.form is Form.CAP:
        return write_cap(case, sender=sender, sent_at=case.changed_at, place=hook.place, number=number, before=before)
    if hook.form is Form.NGSI_LD:
        return write_ngsi_ld(case, source=sender, place=hook.place)
    return write_open311([case], place=hook.place, agency=hook.place.name.zh or case.community)


def _digest(case: ToldCase) -> str:
    """What the forms say of the case, but not when it was said."""
    return blake2b(to_json(replace(case, changed_at=0)), digest_size=_DIGEST_BYTES).hexdigest()
