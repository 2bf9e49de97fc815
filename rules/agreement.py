"""k of n independent sources, from so many networks, within a time: two weak signs that do not know of each other are one strong.

A source speaks with every event that makes one of the terms true for a device of it, and counts until ``within_s`` later, the
instant included. A device that denies it is taken back at once. The order in which they speak does not matter. What a source is,
and how sure they are together, ``rules.sources`` says. Time in which the service was deaf is no part of ``within_s``: what was
said before it counts so much longer, because nobody could have heard it said again.
"""

from collections.abc import Sequence
from typing import Final, cast

from rules.canonical import from_plain
from rules.definition import Stage
from rules.model import Event, EventClass, Evidence
from rules.sequences import TermSignal
from rules.signals import FALLING, FOR_EVER, IDLE, ON, RISING, Plain, Signal, copy_of, limit_of, to_ms
from rules.sources import SOURCES_MAX, sources_in
from rules.terms import Agreement

VOICES_MAX: Final = 64
"""Devices and terms of one place that are remembered at a time, four to a source; past this the one heard longest ago is
forgotten. Ours."""

Name = tuple[str, str, int]
"""Network, device, and which of the terms."""


class AgreementSignal(TermSignal):
    """Who has spoken lately, the earliest first. Its end is a matter of time, so a timer carries it."""

    __slots__ = ("voices",)
    sees_in_the_dark = False  # what was said while the rule may not speak is not counted when it may

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.voices: dict[Name, tuple[int, Evidence]] = {}  # since when it counts, without the time of deafness

    @property
    def _test(self) -> Agreement:
        return cast(Agreement, self.stage.condition.test)

    def see(self, event: Event, now: int, is_armed: bool) -> bool:
        """Let the event speak for its source, or take it back, and count."""
        said = [self._hear(index, event, now, is_armed) for index in range(len(self._test.of))]
        if not any(said):
            return False
        self._count(now)
        return True

    def _hear(self, index: int, event: Event, now: int, is_armed: bool) -> bool:
        term = self._test.of[index]
        name = (event.network.value, event.device, index)
        truth = self.says(term, event, was_true=name in self.voices)
        if truth is None or (truth and not is_armed):
            return False
        is_known = self.voices.pop(name, None) is not None
        if not truth:
            return is_known
        if len(self.voices) >= VOICES_MAX:
            del self.voices[next(iter(self.voices))]
        copy = copy_of(event, now, *limit_of(term.test, event))
        self.voices[name] = (now, copy)
        if self.phase != ON or event.event_class is EventClass.ALARM:
            self.last = copy
        return True

    def _count(self, now: int) -> None:
        """Let the phase follow how many sources of how many networks count now."""
        sources = sources_in([evidence for _, evidence in self.voices.values()])
        self.measure = len(sources)
        networks = dict.fromkeys([source.network for source in sources])
        if len(sources) >= self._test.count and len(networks) >= self._test.networks:
            if self.phase in (IDLE, FALLING):
                self.last_at = now
                self._rise(now)
        elif self.phase in (RISING, ON):
            self.last_at = now
            self._fall(now)

    def recount(self, now: int) -> None:
        """The rule was edited: whoever still counts is counted by what it says now."""
        self._forget(now)
        self._count(now)

    def evidence(self) -> tuple[Evidence, ...]:
        """Of every source that counts the reading of which it is surest, the earliest first."""
        best = sources_in([evidence for _, evidence in self.voices.values()])
        readings = sorted(best.values(), key=lambda item: item.received_at)
        return tuple(readings[-SOURCES_MAX:]) or super().evidence()

    def due_at(self) -> int | None:
        """The end of a delay, or one millisecond after the earliest voice has counted its time."""
        first = min([at for at, _ in self.voices.values()], default=FOR_EVER)
        gone = first + to_ms(self._test.within_s) + 1 if self.voices else FOR_EVER
        due = min(gone, Signal.due_at(self) or FOR_EVER)
        return due if due < FOR_EVER else None

    def pass_time(self, at: int, is_armed: bool) -> bool:
        """Let delays pass, and forget who spoke too long ago."""
        is_moved = (Signal.due_at(self) or FOR_EVER) <= at and super().pass_time(at, is_armed)
        if not self._forget(at):
            return is_moved
        self._count(at)
        return True

    def _forget(self, at: int) -> bool:
        """Let go of who spoke too long ago. Returns whether there was anybody."""
        within_ms = to_ms(self._test.within_s)
        kept = {name: voice for name, voice in self.voices.items() if at - voice[0] <= within_ms}
        is_less = len(kept) < len(self.voices)
        self.voices = kept
        return is_less

    def sleep(self, since: int, until: int) -> bool:
        """Who has spoken counts so much longer: nobody could have heard it again."""
        is_moved = super().sleep(since, until)
        self.voices = {name: (at + until - since, evidence) for name, (at, evidence) in self.voices.items()}
        return is_moved or bool(self.voices)

    def is_idle(self) -> bool:
        """Nobody has spoken."""
        return self.phase == IDLE and not self.voices

    def set_right(self) -> None:
        """Back to idle, and nobody has spoken."""
        super().set_right()
        self.voices = {}

    def dump(self, *, is_open: bool) -> Plain:
        """As for every signal, then the voices."""
        rows = [[*name, at, evidence] for name, (at, evidence) in self.voices.items()]
        return [*super().dump(is_open=is_open), rows]

    def load(self, plain: Sequence[object]) -> None:
        """Become what ``dump`` saw."""
        super().load(plain)
        for network, device, index, at, evidence in cast(list[Plain], plain[1]):
            name = (cast(str, network), cast(str, device), cast(int, index))
            self.voices[name] = (cast(int, at), from_plain(Evidence, evidence))
