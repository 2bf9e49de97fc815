"""What an event is worth on arrival: live, late, retained, a test, from a clock that is wrong, or from a broken sensor.

``received_at`` decides everything; the device's own time is only judged:

* retained: a copy of the past that the broker kept; never looked at, and its id is not remembered (the live one may follow)
* test: the device says so itself; noted for alarms, never an alarm
* more than a minute ahead: the clock is wrong; looked at as of now, and the device's fault is noted once a day
* before 2020: the clock was never set (epoch 0, seconds since boot); the same
* older than the hazard's ``late_max_s``: recorded as late, but it neither raises nor clears anything
* outside what physics and sensors allow: a device fault, never evidence
"""

from typing import Final, cast

from rules.canonical import digest_id
from rules.kinds import Kind
from rules.model import Entity, Event, Fact, Reason, Sentence
from rules.sentence import number

AHEAD_MAX_MS: Final = 60_000
"""A device's clock may be this far ahead before it counts as wrong; ours."""
CLOCK_SET_AT: Final = 1_577_836_800_000
"""2020-01-01T00:00:00Z: no device that speaks to us was made before."""
DAY_MS: Final = 86_400_000
NOTES_MAX: Final = 50_000
"""Devices whose faults of the day are remembered."""

_SAID: Final = {
    Reason.RETAINED: Sentence("收到保留的旧报警，未处理", "a retained, old alarm came and was not looked at"),
    Reason.TEST_ONLY: Sentence("测试报警，未处理", "a test alarm came and was not looked at"),
    Reason.CLOCK_AHEAD: Sentence("设备时钟超前，按接收时间处理", "its clock is ahead; the time of arrival counts"),
    Reason.CLOCK_UNSET: Sentence("设备时钟未设置，按接收时间处理", "its clock was never set; the time of arrival counts"),
    Reason.TOO_LATE: Sentence("迟到的事件，已记录，不触发报警", "came too late: recorded, raises no alarm"),
}


class Notes:
    """What was already noted about a device today: a fault is told once a day, or a broken sensor would fill the timeline."""

    __slots__ = ("_day", "_noted", "dirty")

    def __init__(self) -> None:
        self._day = 0
        self._noted: dict[str, list[str]] = {}
        self.dirty: dict[str, None] = {}

    def is_first(self, community: str, device: str, reason: Reason, now: int) -> bool:
        """Whether this reason is new for this device in this (UTC) day. Past NOTES_MAX devices nothing more is noted that day."""
        if now // DAY_MS != self._day:
            self._day = now // DAY_MS
            self.dirty.update(dict.fromkeys(self._noted))
            self._noted = {}
        name = f"{community}/{device}"
        noted = self._noted.get(name, [])
        if reason.value in noted or (not noted and len(self._noted) >= NOTES_MAX):
            return False
        self._noted[name] = [*noted, reason.value]
        self.dirty[name] = None
        return True

    def dump(self, name: str) -> list[object] | None:
        """The notes on one device; None where there are none today."""
        noted = self._noted.get(name)
        return None if noted is None else [self._day, noted]

    def load(self, name: str, plain: list[object]) -> None:
        """Become what ``dump`` saw."""
        self._day = cast(int, plain[0])
        self._noted[name] = cast(list[str], plain[1])


def note(event: Event, reason: Reason, now: int, kind: Kind) -> Fact:
    """The line of the timeline that says why an event of a device was not taken as it came."""
    said = _SAID.get(reason)
    if said is None:
        low, high = "−∞" if kind.low is None else number(kind.low), "∞" if kind.high is None else number(kind.high)
        value = "—" if event.value is None else f"{event.value:g}"
        said = Sentence(
            f"{kind.zh} {value} {kind.unit} 超出可信范围 {low}～{high}，疑似设备故障",
            f"{kind.en} {value} {kind.unit} is outside what can be believed ({low} to {high}): probably a device fault",
        )
    else:
        said = Sentence(f"{said.zh}（{kind.zh}）", f"{said.en} ({kind.en})")
    where = f"（{event.zone}）" if event.zone else ""
    return Fact(
        id=digest_id("f", event.community, event.device, event.id, reason, now),
        at=now,
        community=event.community,
        entity=Entity.DEVICE,
        entity_id=event.device,
        incident_id="",
        transition=_TRANSITIONS.get(reason, "noted"),
        from_state="",
        to_state="",
        reason=reason,
        cause_id=event.id,
        sentence=Sentence(f"设备 {event.device}{where}：{said.zh}", f"device {event.device}: {said.en}"),
        zone=event.zone,
        device=event.device,
        value=event.value if event.value is not None else event.state,
        status=event.status,
    )


_TRANSITIONS: Final = {
    Reason.TEST_ONLY: "tested",
    Reason.TOO_LATE: "late",
    Reason.VALUE_IMPOSSIBLE: "faulty",
    Reason.CLOCK_AHEAD: "clock_wrong",
    Reason.CLOCK_UNSET: "clock_wrong",
    Reason.RETAINED: "ignored",
}
