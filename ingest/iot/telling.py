"""What one message says of one device: alarms, states, readings, faults and signs of life that share time, status and source."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Final

from ingest.adapter import Said
from rules.model import NOTHING, Attribute, EventClass, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What all that a message says of a device has in common. A ``part`` of it speaks under a name of its own: ``NAME.part``.

    ``at`` as it came. ``is_past``: a record of history. ``attributes`` stand beside everything that is said.
    """

    device: str
    at: str | float | None = None
    status: Status = Status.ACTUAL
    is_past: bool = False
    seq: int | None = None
    gateway: str = ""
    attributes: Mapping[str, Attribute] = field(default_factory=lambda: NOTHING)

    def alarm(self, kind: str, *, holds: bool, part: str = "", **beside: Attribute) -> Said:
        """The alarm of that kind, on or off."""
        return self._said(EventClass.ALARM, kind, part, "on" if holds else "off", None, beside)

    def fault(self, fault: str, *, holds: bool) -> Said:
        """Alarm ``device_fault``. Each fault is a part of its own, so that none ends or hides another alarm of the device."""
        return self.alarm("device_fault", holds=holds, part=fault, fault=fault)

    def state(self, kind: str, state: str, *, part: str = "", **beside: Attribute) -> Said:
        """The state of that kind."""
        return self._said(EventClass.STATE, kind, part, state, None, beside)

    def reading(self, kind: str, value: float, *, part: str = "", **beside: Attribute) -> Said:
        """A reading, in the unit of the kind."""
        return self._said(EventClass.READING, kind, part, None, value, beside)

    def beat(self) -> Said:
        """A sign of life."""
        return self._said(EventClass.HEARTBEAT, "heartbeat", "", None, None, {})

    def _said(
        self, class_: EventClass, kind: str, part: str, state: str | None, value: float | None, beside: Mapping[str, Attribute]
    ) -> Said:
        return Said(
            event_class=class_,
            kind=kind,
            device=f"{self.device}.{part}" if part else self.device,
            state=state,
            value=value,
            at=self.at,
            status=self.status,
            is_past=self.is_past,
            seq=self.seq,
            gateway=self.gateway,
            attributes={**self.attributes, **beside} if beside or self.attributes else NOTHING,
        )


def agreed(said: list[Said]) -> list[Said]:
    """The same without the ends of alarms that stand: where ``smoke`` is true and ``fire_alarm`` false, both are ``smoke``.

    One field that says yes is enough, whatever the others say: doubt is never silence.
    """
    standing = {
        (each.kind, each.device, each.is_past)
        for each in said
        if each.event_class is EventClass.ALARM and each.state == "on" and each.status is Status.ACTUAL
    }
    return [
        each
        for each in said
        if each.event_class is not EventClass.ALARM
        or each.state != "off"
        or (each.kind, each.device, each.is_past) not in standing
    ]


def numbered(said: list[Said], message_id: str) -> list[Said]:
    """The same with identities, where the source gives its message one: ``ID-0``, ``ID-1`` … in the order of what it says."""
    if not message_id:
        return said
    plain = (
        message_id
        if _PLAIN_ID.fullmatch(message_id)
        else blake2b(message_id.encode("utf-8", "replace"), digest_size=16).hexdigest()
    )
    return [replace(each, id=f"{plain}-{index}") for index, each in enumerate(said)]


_PLAIN_ID: Final = re.compile(r"[\w.:=~-]{1,100}", re.ASCII)
"""What may stand in an identity of ours as it is; of anything else the digest does."""
