"""Our own clock: where most who speak live are off by the same amount, it is ours that is wrong, and nobody is late.

``received_at`` is this computer's. An hour ahead, it would make every device an hour late, and every alarm silent. So one event
in SPACING_MS, each of another device than the one before, is a sample of age (received minus occurred). Where SAMPLES of them
agree, the age that they share is how far our clock is ahead (negative: behind), and is taken out of each age before it is judged.

What waited in a queue does not look so: it arrives faster than it was said, so its age falls from sample to sample by more than
AGREE_MS. An error goes to the safe side: what is late would be heard, and what is live is never taken for late.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from rules.canonical import digest_id, from_plain
from rules.model import Entity, Event, Fact, Reason, Sentence
from rules.sentence import duration

SPACING_MS: Final = 10_000
"""Between two samples: a queue of an hour that is emptied at 25 times its pace or more has changed its age by then; ours."""
SAMPLES: Final = 3
"""As many must agree; the fewest of which most can be more than one device's own; ours."""
AGREE_MS: Final = 120_000
"""Ages so far apart are the same: networks are slow, and a clock that was set back catches up at half speed; ours."""
OFF_MIN_MS: Final = 120_000
"""A clock that is off by less makes nothing late: the shortest ``late_max`` of the packs is ten minutes; ours."""
HELD_MS: Final = 600_000
"""So long an alarm that came too late is kept, for the case that it was our clock; ours."""
HELD_MAX: Final = 100
"""So many are kept; ours."""


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
        self._samples: deque[tuple[str, int]] = deque(maxlen=SAMPLES)  # who, and how old it was
        self._held: deque[Held] = deque(maxlen=HELD_MAX)

    def sample(self, event: Event, age_ms: int, now: int) -> bool:
        """Take this as a sample, if another device than the last one speaks. Says whether our clock turned out otherwise."""
        who = f"{event.community}/{event.device}"
        if self._samples and self._samples[-1][0] == who:
            return False
        self.next_at = now + SPACING_MS
        self.is_dirty = True
        self._samples.append((who, age_ms))
        before, self.off_ms = self.off_ms, self._judge()
        return bool(before) is not bool(self.off_ms)

    def _judge(self) -> int:
        ages = sorted(age for _, age in self._samples)
        middle = ages[len(ages) // 2]
        if len(ages) < SAMPLES or max(ages[-1] - middle, middle - ages[0]) > AGREE_MS:
            return self.off_ms
        return middle if abs(middle) >= OFF_MIN_MS else 0

    def hold(self, event: Event, now: int) -> None:
        """Keep an alarm that came too late."""
        self._held.append(Held(event, now))
        self.is_dirty = True

    def let_go(self, now: int) -> Iterator[Event]:
        """The alarms that were taken for late because of our clock, the earliest first. None is given twice."""
        held, self._held = self._held, deque(maxlen=HELD_MAX)
        for each in held:
            age_ms = each.at - (each.event.occurred_at or 0)
            if now - each.at <= HELD_MS and abs(age_ms - self.off_ms) <= AGREE_MS:
                yield each.event

    def dump(self) -> dict[str, Any]:
        """The whole of it, for a snapshot."""
        return {"off": self.off_ms, "next": self.next_at, "samples": list(self._samples), "held": list(self._held)}

    def load(self, plain: dict[str, Any]) -> None:
        """Become what ``dump`` saw."""
        self.off_ms, self.next_at = plain["off"], plain["next"]
        self._samples.extend((who, age) for who, age in plain["samples"])
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
