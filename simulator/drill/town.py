"""A small town of two communities: devices that speak, repeat, stammer, lie about the time, or say what nobody reads."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from rules.model import EventClass, Network
from simulator.drill.broker import Sent
from simulator.drill.house import POISON


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of device: what it says when all is well, and in danger (each a state or a number)."""

    kind: str
    event_class: EventClass
    well: tuple[str | float, ...]
    danger: tuple[str | float, ...]
    network: Network = Network.IOT


_A, _S, _R = EventClass.ALARM, EventClass.STATE, EventClass.READING
SORTS: Final = (
    Sort("smoke", _A, ("off",), ("on",)),
    Sort("heat", _A, ("off",), ("on",)),
    Sort("gas", _A, ("off",), ("on",)),
    Sort("sos", _A, ("off",), ("on",)),
    Sort("water_leak", _A, ("off",), ("on",)),
    Sort("power_lost", _A, ("off",), ("on",)),
    Sort("device_fault", _A, ("off",), ("on",)),
    Sort("fire_lane_blocked", _A, ("off",), ("on",), Network.VIDEO),
    Sort("object_thrown", _A, ("off",), ("on",), Network.VIDEO),
    Sort("moisture", _S, ("dry",), ("wet",)),
    Sort("lift_car", _S, ("moving",), ("stopped",), Network.DATA),
    Sort("methane", _R, (0.0, 1.0, 3.0), (12.0, 25.0, 40.0)),
    Sort("temperature", _R, (21.0, 24.0), (58.0, 70.0, 120.0)),
    Sort("carbon_monoxide", _R, (0.0, 4.0), (60.0, 150.0, 400.0)),
    Sort("residual_current", _R, (20.0, 60.0), (350.0, 1200.0)),
    Sort("cable_temperature", _R, (30.0,), (75.0, 95.0)),
    Sort("water_level", _R, (0.0, 20.0), (300.0, 450.0)),
)
"""From the bundled pack: each of them can raise an alarm there by what it says in danger."""

ZONES: Final = ("b01/u1/0101", "b01/u1/0502", "b03/u2/0303", "b03/u2/stair", "pump-room", "gate/north")
HEARTBEAT_S: Final = 60.0


@dataclass(slots=True)
class Device:
    """One device as it now is."""

    name: str
    community: str
    zone: str
    sort: Sort
    beats: bool
    has_ids: bool
    in_danger: bool = False
    has_practised: bool = False
    seq: int = 0
    last: Sent | None = None


_SIGNAL: Final = Sort("warning_signal", _A, ("off",), ("on",), Network.DATA)


class Town:
    """Its devices, and how they speak. All chance is drawn from ``dice``."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._count = 0
        self.has_signalled = False
        self._office = Device("met", "jade", "gate", _SIGNAL, beats=False, has_ids=True)
        communities = ["jade"] * 6 + ["opal"] * 3
        self.devices = [
            Device(
                f"d{number}",
                community,
                dice.choice(ZONES),
                dice.choice(SORTS),
                beats=dice.random() < 0.25,
                has_ids=dice.random() < 0.85,
            )
            for number, community in enumerate(communities)
        ]

    def say(self, device: Device, at: int | None, *, is_in_danger: bool | None = None, **extra: Any) -> Sent:
        """What the device says now. ``at``: its time in ms since 1970; None where it says none."""
        in_danger = device.in_danger if is_in_danger is None else is_in_danger
        said = self._dice.choice(device.sort.danger if in_danger else device.sort.well)
        return self._message(device, device.sort.event_class, [self._body(device, at, device.sort.kind, said, **extra)])

    def practise(self, device: Device, at: int) -> Sent:
        """An exercise: the danger is played, and marked so."""
        device.has_practised = True
        return self.say(device, at, is_in_danger=True, status="exercise")

    def signal(self, at: int, until_at: int, level: str) -> Sent:
        """An authority warns of a rainstorm, until an instant that it names."""
        self.has_signalled = True
        given = {"type": "rainstorm", "level": level, "expires_at": until_at}
        return self._message(self._office, _A, [self._body(self._office, at, "warning_signal", "on", attributes=given)])

    def burst(self, device: Device, at: int, count: int) -> Sent:
        """Many readings in one message."""
        bodies = [
            self._body(device, at, device.sort.kind, self._dice.choice((*device.sort.well, *device.sort.danger)))
            for _ in range(count)
        ]
        return self._message(device, device.sort.event_class, bodies)

    def beat(self, device: Device, at: int) -> Sent:
        """A heartbeat, with how often it comes."""
        device.beats = True
        body = self._body(device, at, "heartbeat", None, attributes={"interval_s": HEARTBEAT_S})
        return self._message(device, EventClass.HEARTBEAT, [body])

    def poison(self, device: Device, at: int) -> Sent:
        """What the drilled chain stumbles over."""
        return self.say(device, at, is_in_danger=False, attributes={POISON: True})

    def spoil(self, sent: Sent) -> Sent:
        """The same with some bytes broken on the way, so that nobody can read it."""
        place = self._dice.randrange(1, len(sent.payload))
        payload = sent.payload[:place] + b"\x00{" + sent.payload[place + 2 :]
        return Sent(sent.topic, payload[: self._dice.randrange(2, len(payload) + 1)], ())

    def _body(self, device: Device, at: int | None, kind: str, said: str | float | None, **extra: Any) -> dict[str, Any]:
        self._count += 1
        device.seq += 1
        body: dict[str, Any] = {"id": f"{device.name}-{self._count}"}
        if kind != "heartbeat":
            body |= {"kind": kind, "value" if isinstance(said, float) else "state": said}
        body |= {"zone": device.zone} if at is None else {"zone": device.zone, "at": at}
        if not device.has_ids:
            body["seq"] = device.seq
        return body | extra

    def _message(self, device: Device, event_class: EventClass, bodies: list[dict[str, Any]]) -> Sent:
        topic = f"shouwang/v1/{device.community}/{device.sort.network}/{event_class}/{device.name}"
        payload = json.dumps(bodies[0] if len(bodies) == 1 else bodies, separators=(",", ":")).encode()
        sent = Sent(topic, payload, tuple(f"{device.community}/{device.name}/{body['id']}" for body in bodies))
        device.last = sent
        return sent

    def all_well(self, at: int) -> Iterator[Sent]:
        """Everything is as it should be, and everybody says so."""
        for device in self.devices:
            device.in_danger = False
            yield self.say(device, at)
            if device.has_practised:
                yield self.say(device, at, status="exercise")

    def all_called_off(self, at: int) -> Iterator[Sent]:
        """What an authority said is over, also where our clock is behind and its instant has not come."""
        if self.has_signalled:
            yield self._message(self._office, _A, [self._body(self._office, at, "warning_signal", "off")])

    def all_beat(self, at: int) -> Iterator[Sent]:
        """The heartbeats of those that have one."""
        for device in self.devices:
            if device.beats:
                yield self.beat(device, at)
