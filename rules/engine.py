"""The chain: one input or one instant in, effects and the next deadline out. Pure: no clock, no I/O, no chance.

``receive`` first fires every timer due up to ``now``, in the order (deadline, id), each stamped with its own deadline, and
then decides on the input. Production, replay, backtest and drill are this one code; the same journal gives the same
effects, byte for byte, whether or not the engine was saved and restored in between.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache

from rules.actions import decide
from rules.activation import activate, set_pack
from rules.activation_preview import Consequence, preview
from rules.book import NO_PACK, Activated, Book
from rules.deafness import sleep_through, tell_resumed
from rules.definition import RulePack
from rules.delivery import set_aside, take_report
from rules.effects import AnswerAction, Effect, RecordRejection
from rules.intake import Intake
from rules.load import weigh
from rules.model import (
    DeliveryReport,
    Event,
    Input,
    OperatorAction,
    PackActivation,
    RareInput,
    Rejected,
    Resumed,
    SetAside,
)
from rules.pack import read_pack as read_pack_text
from rules.quieting import settle
from rules.snapshot import PASSED_OVER, load, take_changes

ReadPack = Callable[[str], RulePack]


class TimeWentBackError(ValueError):
    """The caller gave an instant before one that it gave earlier. The edge must clamp its clock; nothing was changed."""


class TimerStoppedError(RuntimeError):
    """A timer failed: a fault of ours. The chain is half-way through a step and must be built anew."""

    def __init__(self, name: str, deadline_at: int) -> None:
        super().__init__(f"timer {name!r}, due at {deadline_at}, stopped the chain")
        self.name = name
        self.deadline_at = deadline_at


@cache
def _count_names(rule: str) -> tuple[str, str, str, str]:
    return f"rule.{rule}.seen", f"rule.{rule}.errors", f"rule.{rule}.watches", f"rule.{rule}.full"


class Engine:
    """The rule chain of one partition."""

    def __init__(self, *, pack: RulePack | None = None, read_pack: ReadPack | None = None) -> None:
        self._read_pack = read_pack or read_pack_text
        self._book = Book()
        self._intake = Intake(self._book)
        self._now = 0
        if pack is not None:
            set_pack(self._book, pack, "")

    @property
    def now(self) -> int:
        """The latest instant that was decided on."""
        return self._now

    @property
    def pack(self) -> RulePack | None:
        """The rule pack that decides; None before the first."""
        return None if self._book.pack is NO_PACK else self._book.pack

    def preview(self, pack: RulePack) -> tuple[Consequence, ...]:
        """What this pack would mean for what is open or pending, were it activated now. Nothing is changed."""
        return preview(self._book, pack)

    @property
    def activations(self) -> tuple[Activated, ...]:
        """The last few packs that took over, the oldest first, each with its whole text."""
        return self._book.activations

    def receive(self, entry: Input, now: int, position: int = 0) -> tuple[Effect, ...]:
        """Decide on one input of the journal. ``now`` is its received_at, ``position`` its place in the journal."""
        book = self._book
        fired: tuple[Effect, ...] = ()
        heap = book.timers.heap
        if now < self._now or (heap and heap[0][0] <= now) or type(entry) is Resumed:
            fired = self._sleep_until(now, entry) if type(entry) is Resumed else self.advance(now)
        self._now = now
        book.begin_step(now, entry.id)
        if type(entry) is Event:
            self._intake.take(entry, now)
        else:
            self._decide(entry, now, position)
        if book.quieted.touched:
            settle(book)
        if book.saves:
            weigh(book)
        return fired + book.end_step()

    def advance(self, now: int) -> tuple[Effect, ...]:
        """Let time pass: fire what is due up to ``now``. Extra calls change nothing.

        What was due before it was armed (a clock that a merge brought under other escalations) fires as soon as it can, with
        that instant: the timeline never goes back.
        """
        if now < self._now:
            raise TimeWentBackError(f"time went back from {self._now} to {now} ms: the caller must clamp its clock")
        book = self._book
        effects: list[Effect] = []
        at = self._now
        while (due := book.timers.take_due(now)) is not None:
            deadline, name, fire = due
            at = max(at, deadline)
            book.begin_step(at, name)
            try:
                fire(at)
                if book.quieted.touched:
                    settle(book)
            except Exception as fault:
                raise TimerStoppedError(name, deadline) from fault
            weigh(book)
            effects.extend(book.end_step())
        self._now = now
        return tuple(effects)

    def _sleep_until(self, now: int, entry: Resumed) -> tuple[Effect, ...]:
        """Let time pass of which the last part was deaf: what waits for silence, or counts a delay, does not see that part."""
        since = min(max(entry.deaf_since_at, self._now), now)
        fired = self.advance(since)
        sleep_through(self._book, since, now)
        return fired + self.advance(now)

    def next_deadline(self) -> int | None:
        """When ``advance`` should be called at the latest. It may be early: then nothing happens, and there is a later one."""
        return self._book.timers.next_deadline()

    def _decide(self, entry: RareInput, now: int, position: int) -> None:
        """Everything that is not an event: rare, and each by its own file."""
        match entry:
            case OperatorAction():
                self._book.add(self._answer(entry, now))
            case DeliveryReport():
                if self._intake.known.is_new((entry.community, "report", entry.id), now):
                    take_report(self._book, entry)
            case PackActivation():
                activate(self._book, entry, self._read_pack)
            case Rejected():
                self._book.add(RecordRejection(entry, position, now))
            case SetAside():
                if entry.timer:
                    self.pass_over(entry.timer, entry.deadline_at)
                set_aside(self._book, entry)
            case Resumed():
                tell_resumed(self._book, entry, position)

    def _answer(self, action: OperatorAction, now: int) -> AnswerAction:
        """Decide on an action once; asked again, give the same answer."""
        name = (action.community, "action", action.id)
        known = self._intake.known
        earlier = None if known.is_new(name, now) else known.answer(name)
        if earlier is not None:
            return earlier
        answer = decide(self._book, action)
        known.keep_answer(name, answer)
        return answer

    def pass_over(self, timer: str, deadline_at: int) -> None:
        """Never fire this timer at this deadline. For one that the journal sets aside, before what it would spoil is decided."""
        self._book.timers.passed_over[timer, deadline_at] = None
        self._book.dirty[PASSED_OVER] = None

    def prime_identity(self, entry: Input, at: int | None = None) -> None:
        """Fill the memory of reading ids from the journal without deciding. ``at`` is the entry's received_at (default: now)."""
        if isinstance(entry, Event) and not entry.is_retained:
            self._intake.prime(entry, self._now if at is None else at)

    @property
    def clock_off_ms(self) -> int:
        """How far the computer's clock is ahead of what the sources say; 0 where it is right, or nobody knows."""
        return self._intake.clock.off_ms

    @property
    def counts(self) -> Mapping[str, int]:
        """Plain numbers since the start: events, ignored by reason, per mode how often nobody could judge what switches it,
        and per rule how often it looked, could not, and had no room, and how many watches it keeps."""
        counts = {"events": self._intake.event_count}
        for reason, count in dict(self._intake.ignored).items():  # copies: metrics ask from another thread
            counts[f"ignored.{reason}"] = count
        for mode, count in dict(self._book.modes.error_counts).items():
            counts[f"mode.{mode}.errors"] = count
        for active in tuple(self._book.rules.values()):
            seen, errors, watches, full = _count_names(active.rule.id)
            counts[seen] = counts.get(seen, 0) + active.seen_count  # a rule may have another beside it, for one community
            counts[errors] = counts.get(errors, 0) + active.error_count
            counts[watches] = counts.get(watches, 0) + active.watch_count
            counts[full] = counts.get(full, 0) + active.full_count
        return counts

    def take_changes(self) -> dict[str, bytes | None]:
        """The keys of the state that changed since the last call, as canonical JSON; None where a key is gone."""
        return take_changes(self._book, self._intake, self._now)

    @classmethod
    def restore(cls, entries: Iterable[tuple[str, bytes]], *, read_pack: ReadPack | None = None) -> "Engine":
        """The engine that all ``take_changes`` together describe: its future is the same, byte for byte."""
        engine = cls(read_pack=read_pack)
        engine._now = load(engine._book, engine._intake, engine._read_pack, entries)
        return engine
