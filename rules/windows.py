"""Signals with a memory of many readings: how fast, how often, and how long nothing came."""

from collections.abc import Sequence
from typing import Final, cast

from rules.canonical import from_plain
from rules.definition import Stage
from rules.model import Event, Evidence
from rules.primitive import Count, Rate, Silence
from rules.signals import FOR_EVER, IDLE, ON, RISING, Plain, Signal, copy_of, judge, to_ms

SAMPLES_MAX: Final = 16
"""Samples that a rate keeps in its window: enough for a slope, and a bound on memory."""
READINGS_SHOWN_MAX: Final = 8
"""Readings of a count that are copied into the case."""


class RateSignal(Signal):
    """How fast a value climbs. The slope is taken over the whole window, so two close readings cannot make a steep one."""

    __slots__ = ("samples",)

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.samples: dict[str, list[tuple[int, float]]] = {}

    def _truth(self, event: Event, now: int) -> bool | None:
        if event.value is None:
            return None
        test = cast(Rate, self.stage.condition.test)
        self.measure = self._slope(event.device, event.value, now, to_ms(test.window_s))
        return self.measure > test.above if test.above >= 0 else self.measure < test.above

    def _slope(self, device: str, value: float, now: int, window_ms: int) -> float:
        """Units a minute since the latest sample that is a window old (or, before there is one, as if the window were full)."""
        samples = self.samples.setdefault(device, [])
        while len(samples) > 1 and samples[1][0] <= now - window_ms:
            samples.pop(0)
        slope = 0.0
        if samples:
            began_at, began = samples[0]
            slope = (value - began) * 60_000 / max(now - began_at, window_ms)
        if not samples or now - samples[-1][0] >= window_ms // SAMPLES_MAX:
            samples.append((now, value))
        return slope

    def is_idle(self) -> bool:
        """Never: the samples are the memory."""
        return False

    def dump(self, *, is_open: bool) -> Plain:
        """As for every signal, then the samples."""
        return [*super().dump(is_open=is_open), self.samples]

    def load(self, plain: Sequence[object]) -> None:
        """Become what ``dump`` saw."""
        super().load(plain)
        samples = cast(dict[str, list[list[float]]], plain[1])
        self.samples = {device: [(int(at), value) for at, value in rows] for device, rows in samples.items()}


class CountSignal(Signal):
    """How often something was true lately. Its end is a matter of time, so a timer carries it."""

    __slots__ = ("hits",)

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.hits: list[Evidence] = []

    @property
    def _test(self) -> Count:
        return cast(Count, self.stage.condition.test)

    def see(self, event: Event, now: int, is_armed: bool) -> bool:
        """Every event that is true is a hit, also when the one before was true as well."""
        if not judge(self._test.of, event, was_true=False) or not is_armed:
            return False
        self._drop_old(now)
        self.hits = [*self.hits, copy_of(event, now, "count", self._test.count)][-self._test.count :]
        self.measure = len(self.hits)
        if len(self.hits) >= self._test.count:
            self._follow(truth=True, event=event, now=now)
        return True

    def evidence(self) -> tuple[Evidence, ...]:
        """The hits themselves, the last few of them."""
        return tuple(self.hits[-READINGS_SHOWN_MAX:]) or super().evidence()

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
        """As for every signal, then the hits."""
        return [*super().dump(is_open=is_open), self.hits]

    def load(self, plain: Sequence[object]) -> None:
        """Become what ``dump`` saw."""
        super().load(plain)
        self.hits = [from_plain(Evidence, hit) for hit in cast(list[object], plain[1])]


class SilenceSignal(Signal):
    """How long nothing came. It begins with the first event; ``hear`` is all that the usual event costs."""

    __slots__ = ("deaf_ms", "heard_device", "heard_id", "heard_kind", "is_stopped")

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
        is_news = self.phase != IDLE or self.is_stopped
        if self.phase == ON:
            self.last = copy_of(event, now, "silent", cast(Silence, self.stage.condition.test).for_s)
            self._fall(now)
        self.hear(event, now)
        self.is_stopped = False
        return is_news

    def stop(self) -> None:
        """Do not watch until something else comes."""
        self.is_stopped = True

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
        self.first = self.last = Evidence(
            event_id=self.heard_id,
            device=self.heard_device,
            kind=self.heard_kind,
            value=None,
            state=None,
            unit="",
            received_at=self.last_at,
            occurred_at=None,
            test="silent",
            limit=cast(Silence, self.stage.condition.test).for_s,
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
