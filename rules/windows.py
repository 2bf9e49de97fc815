"""Signals with a memory of many readings: how fast, how often, and how long nothing came.

A device that was offline sends what it had kept all at once. What lies apart by its own clock then lies apart for a rate and for
a count too, however close together it came: the longer of the two times counts, the service's and the device's.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, cast

from rules.canonical import from_plain
from rules.definition import Stage
from rules.model import Event, Evidence
from rules.primitive import Count, Rate, Silence
from rules.signals import FOR_EVER, IDLE, ON, RISING, Plain, Signal, copy_of, judge, to_ms

SAMPLES_MAX: Final = 16
"""Samples that a rate keeps in its window: enough for a slope, and a bound on memory."""
OwnSample = tuple[int, float, str, int | None]
"""When [ms], how much, the id of the event, and when by the device's own clock."""


class RateSignal(Signal):
    """How fast a value climbs. The slope is taken over the whole window, so two close readings cannot make a steep one."""

    remembers = True
    __slots__ = ("bases", "samples")

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.samples: dict[str, list[OwnSample]] = {}
        self.bases: tuple[Evidence, ...] = ()  # the samples from which the first and the last reading's rates were taken

    def _truth(self, event: Event, now: int) -> bool | None:
        if event.value is None:
            return None
        test = cast(Rate, self.stage.condition.test)
        sample = (now, event.value, event.id, event.occurred_at)
        self.measure = slope(self.samples.setdefault(event.device, []), sample, to_ms(test.window_s))
        return is_steep(test, self.measure)

    def _follow(self, truth: bool, event: Event, now: int) -> bool:
        """As for every signal; and cite the sample that the rate was taken from."""
        phase = self.phase
        is_moved = super()._follow(truth, event, now)
        if is_moved and truth and phase in (IDLE, RISING):
            base = sample_of(event, *self.samples[event.device][0])
            self.bases = (base,) if phase == IDLE else (self.bases[0], base)
        return is_moved

    def evidence(self) -> tuple[Evidence, ...]:
        """The readings and the samples that their rates were taken from; the latest ones only where they prove as much alone."""
        first, last = self.first, self.last
        if not self.bases or first is None or last is None:
            return super().evidence()
        began = in_order(self.bases[0], first)
        whole = in_order(*self.bases, first, last)
        return whole if proves(cast(Rate, self.stage.condition.test), whole, first) else began

    def is_idle(self) -> bool:
        """Never: the samples are the memory."""
        return False

    def dump(self, *, is_open: bool) -> Plain:
        """As for every signal, then the samples, then what is cited of them where it is."""
        cited = [self.bases] if self.bases and (is_open or not super().is_idle()) else []
        return [*super().dump(is_open=is_open), self.samples, *cited]

    def load(self, plain: Sequence[object]) -> None:
        """Become what ``dump`` saw."""
        super().load(plain)
        samples = cast(dict[str, list[list[object]]], plain[1])
        self.samples = {
            device: [cast(OwnSample, (*row, *("", None)[len(row) - 2 :])) for row in rows] for device, rows in samples.items()
        }
        self.bases = tuple([from_plain(Evidence, item) for item in cast(list[object], plain[2])]) if len(plain) > 2 else ()


def sample_of(event: Event, at: int, value: float, name: str, occurred_at: int | None = None) -> Evidence:
    """An earlier reading of the same device and kind, as the case cites it."""
    return replace(copy_of(event, at, "sample", None), event_id=name, value=value, occurred_at=occurred_at)


def slope(samples: list[OwnSample], sample: OwnSample, window_ms: int) -> float:
    """Units a minute since the latest sample that is a window old (or, before there is one, as if the window were full).

    The reading becomes a sample where the last one is long enough ago.
    """
    now, value, _, own_at = sample
    while len(samples) > 1 and samples[1][0] <= now - window_ms:
        samples.pop(0)
    found = 0.0
    if samples:
        began_at, began, _, own_began_at = samples[0]
        own_ms = 0 if own_at is None or own_began_at is None else abs(own_at - own_began_at)
        found = (value - began) * 60_000 / max(now - began_at, window_ms, own_ms)
    if not samples or now - samples[-1][0] >= window_ms // SAMPLES_MAX:
        samples.append(sample)
    return found


def is_steep(test: Rate, measure: float) -> bool:
    """Whether the value climbs (or, where the limit is negative, falls) faster than the limit."""
    return measure > test.above if test.above >= 0 else measure < test.above


def proves(test: Rate, cited: Sequence[Evidence], first: Evidence) -> bool:
    """Whether these readings alone make a steep rate from the first one on, and none before."""
    samples: dict[str, list[OwnSample]] = {}
    has_begun = False
    for item in cited:
        sample = (item.received_at, cast(float, item.value), item.event_id, item.occurred_at)
        rate = slope(samples.setdefault(item.device, []), sample, to_ms(test.window_s))
        has_begun = has_begun or (item.device, item.event_id) == (first.device, first.event_id)
        if is_steep(test, rate) is not has_begun:
            return False
    return True


def in_order(*cited: Evidence) -> tuple[Evidence, ...]:
    """Each event once, the earlier first; as the reading that it is, where it is a sample too."""
    kept: dict[tuple[str, str], Evidence] = {}
    for item in sorted(cited, key=lambda one: (one.received_at, one.test != "sample")):
        kept[item.device, item.event_id] = item
    return tuple(kept.values())


class CountSignal(Signal):
    """How often something was true lately. Its end is a matter of time, so a timer carries it."""

    __slots__ = ("cited", "hits")
    sees_in_the_dark = False

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.hits: list[Evidence] = []
        self.cited: list[Evidence] = []  # of a count that had to last: enough hits that it never was too low

    @property
    def _test(self) -> Count:
        return cast(Count, self.stage.condition.test)

    def see(self, event: Event, now: int, is_armed: bool) -> bool:
        """Every event that is true is a hit, also when the one before was true as well."""
        if not judge(self._test.of, event, was_true=False) or not is_armed:
            return False
        self._cite(now)
        self._drop_old(now)
        hits = [*self.hits, copy_of(event, now, "count", self._test.count)]
        self.hits = within_own_time(hits, event.device, to_ms(self._test.within_s))[-self._test.count :]
        self.measure = len(self.hits)
        if len(self.hits) >= self._test.count:
            phase = self.phase
            self._follow(truth=True, event=event, now=now)
            if phase == IDLE:
                self.cited = self.hits if self.on_ms else []
        return True

    def _cite(self, now: int) -> None:
        """While the count has to last: when the hits cited so far leave the window, the latest ones carry on."""
        begun = self.cited[-self._test.count :]
        if self.phase == RISING and begun and begun[0].received_at + to_ms(self._test.within_s) < now:
            self.cited = [*self.cited, *[hit for hit in self.hits if hit not in self.cited]]

    def evidence(self) -> tuple[Evidence, ...]:
        """The hits themselves: all that count, and all that kept the count up while it had to last."""
        return (*self.cited, *[hit for hit in self.hits if hit not in self.cited]) or super().evidence()

    def evidence_again(self) -> tuple[Evidence, ...]:
        """As often as it must be reported anew."""
        return tuple(self.hits)

    def _drop_old(self, at: int) -> bool:
        kept = [hit for hit in self.hits if at - hit.received_at <= to_ms(self._test.within_s)]
        is_shorter = len(kept) < len(self.hits)
        self.hits = kept
        return is_shorter

    def due_at(self) -> int | None:
        """The end of a delay, or one millisecond after the oldest hit leaves the window."""
        delayed = super().due_at()
        if not self.hits:
            return delayed
        leaves_at = self.hits[0].received_at + to_ms(self._test.within_s) + 1
        return leaves_at if delayed is None else min(delayed, leaves_at)

    def pass_time(self, at: int, is_armed: bool) -> bool:
        """Let delays and the window move the phase."""
        self._cite(at)
        is_moved = super().pass_time(at, is_armed) if (super().due_at() or FOR_EVER) <= at else False
        if self._drop_old(at) and self.phase in (RISING, ON) and len(self.hits) < self._test.count:
            self.last_at = at
            self._fall(at)
            is_moved = True
        return is_moved

    def is_idle(self) -> bool:
        """Idle, and no hit that could still count."""
        return self.phase == IDLE and not self.hits

    def dump(self, *, is_open: bool) -> Plain:
        """As for every signal, then the hits, then what is cited besides them where it is."""
        cited = [self.cited] if self.cited and self.phase != IDLE else []
        return [*super().dump(is_open=is_open), self.hits, *cited]

    def load(self, plain: Sequence[object]) -> None:
        """Become what ``dump`` saw."""
        super().load(plain)
        self.hits = [from_plain(Evidence, hit) for hit in cast(list[object], plain[1])]
        self.cited = [from_plain(Evidence, hit) for hit in cast(list[object], plain[2])] if len(plain) > 2 else []


def within_own_time(hits: list[Evidence], device: str, within_ms: int) -> list[Evidence]:
    """These hits without those of the device that, by its own clock, lie further back from its latest one than the window is."""
    latest = max([hit.occurred_at for hit in hits if hit.device == device and hit.occurred_at is not None], default=0)
    return [hit for hit in hits if hit.device != device or hit.occurred_at is None or latest - hit.occurred_at <= within_ms]


class SilenceSignal(Signal):
    """How long nothing came. It begins with the first event; ``hear`` is all that the usual event costs."""

    __slots__ = ("deaf_ms", "heard_device", "heard_id", "heard_kind", "is_stopped")
    remembers = True
    sees_in_the_dark = False

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.deaf_ms = 0  # since it was last heard: how long nobody could have heard it
        self.heard_id = ""
        self.heard_device = ""
        self.heard_kind = ""
        self.is_stopped = False

    @property
    def _for_ms(self) -> int:
        return to_ms(cast(Silence, self.stage.condition.test).for_s) + self.on_ms

    @property
    def wait_s(self) -> float:
        """For how long it may be silent before that is told."""
        return self._for_ms / 1000

    def _told_as(self) -> tuple[str, float]:
        """The word for the silence that is told now, and how long it is in seconds."""
        return "silent", cast(Silence, self.stage.condition.test).for_s

    def hear(self, event: Event, now: int) -> None:
        """The usual case: something came while all was well."""
        self.last_at = now
        self.deaf_ms = 0
        self.heard_id = event.id
        if event.device != self.heard_device:  # equal texts are not exchanged: each event brings its own copy
            self.heard_device = event.device
        if event.kind != self.heard_kind:
            self.heard_kind = event.kind

    def see(self, event: Event, now: int, is_armed: bool) -> bool:  # noqa: ARG002 - silence ends at any hour
        """Anything that is seen ends the silence."""
        is_news = self.phase != IDLE or self.is_stopped or not self.heard_id  # the first word of all starts the clock
        if self.phase == ON:
            self.last = copy_of(event, now, "silent", cast(Silence, self.stage.condition.test).for_s)
            self._fall(now)
        self.hear(event, now)
        self.is_stopped = False
        return is_news

    def stop(self) -> None:
        """Do not watch until something else comes."""
        self.is_stopped = True

    def begin_anew(self, at: int) -> None:
        """It is watched again: the time in which it was not counts as nobody's silence."""
        self.phase = IDLE
        if self.heard_id:
            self.deaf_ms = at - self.last_at

    def due_at(self) -> int | None:
        """When it has been silent for too long."""
        if self.phase == IDLE:
            return None if self.is_stopped or not self.heard_id else self.last_at + self._for_ms + self.deaf_ms
        return super().due_at()

    def sleep(self, since: int, until: int) -> bool:
        """Our own deafness is nobody's silence: what was left of the time is left still. None ends in between."""
        is_moved = super().sleep(since, until)  # heard again, but not yet for long enough
        if self.phase == ON or self.is_stopped or not self.heard_id:
            return is_moved
        due = self.last_at + self._for_ms + self.deaf_ms
        self.deaf_ms += max(0, since - due) + until - since
        return True

    def pass_time(self, at: int, is_armed: bool) -> bool:
        """Silence outside armed hours is judged when they begin."""
        due = self.due_at()
        if due is None or due > at:
            return False
        if self.phase != IDLE:
            self.phase = IDLE
            return True
        if not is_armed:
            return False
        word, limit = self._told_as()
        self.first = self.last = Evidence(
            event_id=self.heard_id,
            device=self.heard_device,
            kind=self.heard_kind,
            value=None,
            state=None,
            unit="",
            received_at=self.last_at,
            occurred_at=None,
            test=word,
            limit=limit,
        )
        self.phase = ON
        return True

    def is_idle(self) -> bool:
        """Never, once something was heard: the last instant is the memory."""
        return not self.heard_id

    def dump(self, *, is_open: bool) -> Plain:
        """As for every signal, then what was heard last, then the deafness if there was any."""
        heard = [self.last_at, self.heard_id, self.heard_device, self.heard_kind, self.is_stopped]
        return [*super().dump(is_open=is_open), *heard, *([self.deaf_ms] if self.deaf_ms else [])]

    def load(self, plain: Sequence[object]) -> None:
        """Become what ``dump`` saw."""
        super().load(plain)
        self.last_at = cast(int, plain[1])
        self.heard_id, self.heard_device, self.heard_kind = cast(list[str], plain[2:5])
        self.is_stopped = bool(plain[5])
        self.deaf_ms = cast(int, plain[6]) if len(plain) > 6 else 0
