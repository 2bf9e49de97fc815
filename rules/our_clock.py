"""Our own clock: where most who speak live are off by the same amount, it is ours that is wrong, and nobody is late.

``received_at`` is this computer's. An hour ahead, it would make every device an hour late, and every alarm silent. So one event
in SPACING_MS, each of another device than the one before, is a sample of age (received minus occurred). Where SAMPLES of them
agree, the age that they share is how far our clock is ahead (negative: behind), and is taken out of each age before it is judged.

A clock that was set back is waited for at half speed (ingest/steady.py): until it is right again, every age falls by as much as
our time goes. So a fall of that much between two samples is no difference, however rarely the sources of a small place speak.

What waited in a queue does not look so: it arrives faster than it was said, so its age falls from sample to sample by more than
AGREE_MS beyond that. An error goes to the safe side: what is late would be heard, and what is live is never taken for late.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from rules.canonical import digest_id, from_plain
from rules.model import Entity, Event, Fact, Reason, Sentence
from rules.sentence import duration

SPACING_MS: Final = 10_000
"""Between two samples: a queue of an hour that is emptied at 25 times its pace or more has changed its age by then; ours."""
SAMPLES: Final = 3
"""As many must agree; the fewest of which most can be more than one device's own; ours."""
AGREE_MS: Final = 120_000
"""Ages so far apart are the same: networks are slow; ours."""
FALL_MAX_MS: Final = 300_000
"""The most that a clock which catches up explains between two samples: those of sources that speak every ten minutes; ours."""
OFF_MIN_MS: Final = 120_000
"""A clock that is off by less makes nothing late: the shortest ``late_max`` of the packs is ten minutes; ours."""
HELD_MS: Final = 600_000
"""So long an alarm that came too late is kept, for the case that it was our clock; ours."""
HELD_MAX: Final = 100
"""So many are kept; ours."""


class Sample(NamedTuple):
    """How old what this device said was, when it came, by our clock."""

    who: str
    age_ms: int
    at: int

    def apart_ms(self, other: "Sample") -> int:
        """How far two ages are apart, without the fall that a clock explains which catches up."""
        earlier, later = sorted((self, other), key=lambda each: each.at)
        fall_ms = earlier.age_ms - later.age_ms
        if fall_ms <= 0 or later.age_ms < 0:
            return abs(fall_ms)  # whoever catches up comes down to nothing, and not below
        return max(0, fall_ms - min(later.at - earlier.at, FALL_MAX_MS))


@dataclass(frozen=True, slots=True)
class Held:
    """An alarm that was taken for late at this instant."""

    event: Event
    at: int


class OurClock:
    """How far it is ahead, by what the sources say. ``off_ms``: taken out of every age; 0 while it is right or nobody knows."""

    __slots__ = ("_held", "_samples", "is_dirty", "next_at", "off_ms")

    def __init__(self) -> None:
        self.off_ms = 0
        self.next_at = 0  # no sample is taken before
        self.is_dirty = False
        self._samples: deque[Sample] = deque(maxlen=SAMPLES)
        self._held: deque[Held] = deque(maxlen=HELD_MAX)

    def sample(self, event: Event, age_ms: int, now: int) -> bool:
        """Take this as a sample, if another device than the last one speaks. Says whether our clock turned out otherwise."""
        who = f"{event.community}/{event.device}"
        if self._samples and self._samples[-1].who == who:
            return False
        self.next_at = now + SPACING_MS
        self.is_dirty = True
        self._samples.append(Sample(who, age_ms, now))
        before, self.off_ms = self.off_ms, self._judge()
        return bool(before) is not bool(self.off_ms)

    def _judge(self) -> int:
        middle = sorted(self._samples, key=lambda each: each.age_ms)[len(self._samples) // 2]
        if len(self._samples) < SAMPLES or any(each.apart_ms(middle) > AGREE_MS for each in self._samples):
            return self.off_ms
        off_ms = min(middle.age_ms, self._samples[-1].age_ms)  # the newest is true of a clock that catches up
        return off_ms if abs(off_ms) >= OFF_MIN_MS else 0

    def hold(self, event: Event, now: int) -> None:
        """Keep an alarm that came too late."""
        self._held.append(Held(event, now))
        self.is_dirty = True

    def let_go(self, now: int) -> Iterator[Event]:
        """The alarms that were taken for late because of our clock, the earliest first. None is given twice."""
        held, self._held = self._held, deque(maxlen=HELD_MAX)
        ours = Sample("", self.off_ms, now)
        for each in held:
            theirs = Sample(each.event.device, each.at - (each.event.occurred_at or 0), each.at)
            if now - each.at <= HELD_MS and theirs.apart_ms(ours) <= AGREE_MS:
                yield each.event

    def dump(self) -> dict[str, Any]:
        """The whole of it, for a snapshot."""
        return {"off": self.off_ms, "next": self.next_at, "samples": list(self._samples), "held": list(self._held)}

    def load(self, plain: dict[str, Any]) -> None:
        """Become what ``dump`` saw."""
        self.off_ms, self.next_at = plain["off"], plain["next"]
        whole = (each for each in plain["samples"] if len(each) == len(Sample._fields))  # of an older release: without ``at``
        self._samples.extend(Sample(*each) for each in whole)
        self._held.extend(from_plain(Held, each) for each in plain["held"])


def tell(clock: OurClock, event: Event, now: int) -> Fact:
    """The line of the timeline that says that our clock is wrong, or right again: a fault of our own."""
    off_s = round(clock.off_ms / 1000)
    if off_s:
        long = duration(abs(off_s))
        zh, en = ("快", "ahead") if off_s > 0 else ("慢", "behind")
        said = Sentence(
            f"本系统时钟{zh} {long.zh}（多个来源一致）：报警照常处理，请立即校准本机时钟",
            f"our own clock is {long.en} {en}, as several sources say: alarms are raised all the same; set this computer's clock",
        )
    else:
        said = Sentence("本系统时钟恢复正常", "our own clock is right again")
    return Fact(
        id=digest_id("f", "our_clock", event.id, now),
        at=now,
        community=event.community,
        entity=Entity.JOURNAL,
        entity_id="clock",
        incident_id="",
        transition="clock_off" if off_s else "clock_right",
        from_state="",
        to_state="",
        reason=Reason.OUR_CLOCK_OFF if off_s else Reason.OUR_CLOCK_RIGHT,
        cause_id=event.id,
        sentence=said,
        value=float(off_s),
    )
