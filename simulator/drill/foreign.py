"""Foreign formats in a drill: a Zigbee bridge on the broker, and a platform that pushes over HTTP until it is answered."""

import json
from asyncio import CancelledError
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ingest.iot import ctwing, zigbee2mqtt
from ingest.route import Push, Route
from rules.model import Network
from simulator.drill.broker import Sent
from simulator.drill.law import Broken, Law

if TYPE_CHECKING:
    from simulator.drill.house import House

BRIDGE: Final = Route(
    name="bridge",
    format=zigbee2mqtt.FORMAT,
    community="opal",
    network=Network.IOT,
    topics=("zigbee2mqtt/#",),
    zone="b03/u2/0303",
)
PLATFORM: Final = Route(
    name="platform", format=ctwing.FORMAT, community="jade", network=Network.IOT, push=Push(), zone="pump-room"
)
ROUTES: Final = (BRIDGE, PLATFORM)
WAYS: Final = frozenset({"bridge", "push"})
"""The steps that need these routes: a drill without one of them opens none."""

_COUNT: Final = 2
_ALARM, _OVER = 1, 7  # LiAn's codes (ingest/iot/ctwing.py)
_OK: Final = 200


@dataclass(slots=True)
class Detector:
    """A smoke detector behind a route: what it says of itself comes with an instant that no other message of it has."""

    name: str
    last_at: int = 0
    in_danger: bool = False


class Abroad:
    """The detectors behind both routes. ``is_journaled`` as in DrillBroker; pushes wait here until they are answered."""

    def __init__(self, is_journaled: Callable[[Sent], bool]) -> None:
        self._is_journaled = is_journaled
        self._zigbee = [Detector(f"z{number}") for number in range(_COUNT)]
        self._pushing = [Detector(f"c{number}") for number in range(_COUNT)]
        self._waiting: deque[Sent] = deque()
        self._under_way: list[Sent] = []
        self.devices = {(BRIDGE.community, each.name) for each in self._zigbee}
        self.devices |= {(PLATFORM.community, each.name) for each in self._pushing}

    def bridged(self, number: float, at: int, *, in_danger: bool) -> Sent:
        """What the bridge publishes of one of its detectors."""
        device = _of(self._zigbee, number)
        at = _say(device, at, in_danger=in_danger)
        body = {"smoke": in_danger, "battery": 90, "linkquality": 80, "last_seen": at}
        return Sent(f"zigbee2mqtt/{device.name}", json.dumps(body).encode(), (f"{BRIDGE.community}/{device.name}/@{at}",))

    def push(self, number: float, at: int, *, in_danger: bool, is_twice: bool = False) -> Sent:
        """The platform pushes what one of its detectors says; ``is_twice``: at once again, as after an answer that got lost."""
        device = _of(self._pushing, number)
        at = _say(device, at, in_danger=in_danger)
        service = {"Battery_Level": 81, "Alarm_Status": _ALARM if in_danger else _OVER}
        report = {"messageType": "dataReport", "deviceId": device.name, "timestamp": at, "payload": {"serviceData": service}}
        sent = Sent(f"push/{PLATFORM.name}", json.dumps(report).encode(), (f"{PLATFORM.community}/{device.name}/@{at}",))
        self._waiting.extend([sent] * (1 + is_twice))
        return sent

    def all_well(self, at: int) -> Iterator[Sent]:
        """Every detector that was in danger says that it is over; what the bridge publishes is given back."""
        for number, device in enumerate(self._zigbee):
            if device.in_danger:
                yield self.bridged(number / _COUNT, at, in_danger=False)
        for number, device in enumerate(self._pushing):
            if device.in_danger:
                self.push(number / _COUNT, at, in_danger=False)

    def act(self, house: "House | None") -> bool:
        """Push what waits, where there is a door. Says whether anything was."""
        if house is None or not self._waiting:
            return False
        while self._waiting:
            sent = self._waiting.popleft()
            self._under_way.append(sent)
            house.push(sent.payload, lambda status, one=sent: self._heard(one, status))  # type: ignore[misc]  # its own
        return True

    def lose_touch(self) -> None:
        """The house is gone: what was not answered is pushed again."""
        self._waiting.extendleft(reversed(self._under_way))
        self._under_way.clear()

    @property
    def is_idle(self) -> bool:
        """Whether all that was pushed has been answered."""
        return not self._waiting and not self._under_way

    def _heard(self, sent: Sent, status: int | BaseException | None) -> None:
        if isinstance(status, Exception) and not isinstance(status, CancelledError):
            raise Broken(Law.OWN_FAULT, f"a push ended by {status!r}")
        self._under_way.remove(sent)
        if status != _OK:
            self._waiting.append(sent)
        elif not self._is_journaled(sent):
            raise Broken(Law.NO_LOSS, f"a push was answered with {status} and is not journaled: {sent.payload!r}")


def _of(devices: list[Detector], number: float) -> Detector:
    return devices[int(number * len(devices))]


def _say(device: Detector, at: int, *, in_danger: bool) -> int:
    device.in_danger = in_danger
    device.last_at = max(at, device.last_at + 1)
    return device.last_at
