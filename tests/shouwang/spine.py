"""The spine as the process puts it together: a real journal, a real SQLite store, a real chain, with time in the test's hand."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event as Flag
from typing import Any

import pytest

from handlers.apply import Applied, apply
from handlers.faults import StoreRefused, StoreUnavailable
from handlers.queue import QueueViews
from handlers.routes import Routes
from handlers.store import Store, UnitOfWork
from ingest.entries import Appended
from ingest.journal import Journal, JournalWriteFailed
from ingest.port import Delivery
from ingest.topics import Lane
from rules.canonical import from_plain
from rules.definition import RulePack
from rules.effects import Effect, Notify, RecordFact
from rules.engine import Engine
from rules.model import Event, EventClass, Fact, Input, Network, PackActivation
from rules.pack import read_pack
from rules.timers import Fire, Timers
from shouwang.desk import Bells, Desk
from shouwang.lease import LeaseKeeper
from shouwang.recovery import journal_news, recover
from shouwang.settings import PACKS
from shouwang.stumbles import Stumbles

NOON = 1_795_435_200_000  # 2026-11-23T12:00:00Z
COMMUNITY = "jade"
PACK_TEXT = (PACKS / "community.yaml").read_text(encoding="utf-8")
_READ: dict[str, RulePack] = {}


def read(text: str, name: str = "<pack>") -> RulePack:
    """The pack, parsed once in a test run."""
    if text not in _READ:
        _READ[text] = read_pack(text, name)
    return _READ[text]


def activation(text: str = PACK_TEXT) -> PackActivation:
    pack = read(text)
    return PackActivation(id="pack", pack=pack.id, version=pack.version, digest=pack.digest, text=text)


def event(name: str, event_class: EventClass = EventClass.READING, **changes: Any) -> Event:
    values: dict[str, Any] = {
        "id": name,
        "community": COMMUNITY,
        "network": Network.IOT,
        "event_class": event_class,
        "device": "t-1",
        "kind": "temperature",
        "zone": "b01/u1/0101",
    }
    if event_class is EventClass.READING:
        values["value"] = 21.0
    return Event(**(values | changes))


def smoke(name: str, zone: str = "b03/u1/0502", **changes: Any) -> Event:
    """The alarm of a smoke detector that has the event's name."""
    return event(name, EventClass.ALARM, device=f"smoke-{name}", kind="smoke", state="on", zone=zone, **changes)


class Hands:
    """A clock that shows what it is told."""

    def __init__(self, at: int = NOON) -> None:
        self.at = at

    def __call__(self) -> int:
        return self.at


class TroubledJournal(Journal):
    """A journal whose disk may be full."""

    is_full = False

    def append(self, entries: Sequence[Input]) -> Appended:
        if self.is_full:
            raise JournalWriteFailed("disk full (a test)")
        return super().append(entries)


class TroubledStore(Store):
    """A store that may be away, may refuse, and may fail to say that it has committed."""

    is_away = False
    loses_answers = False
    refusal: Exception | None = None
    commits = 0

    @contextmanager
    def transaction(self, epoch: int, *, is_urgent: bool = True) -> Iterator[UnitOfWork]:
        if self.is_away:
            raise StoreUnavailable("away (a test)")
        with super().transaction(epoch, is_urgent=is_urgent) as unit:
            yield unit
            if self.refusal is not None:
                raise self.refusal
        self.commits += 1
        if self.loses_answers:
            raise StoreUnavailable("the answer was lost (a test)")

    def renew_lease(self, epoch: int, now: int, ttl_s: float) -> None:
        if self.is_away:
            raise StoreUnavailable("away (a test)")
        super().renew_lease(epoch, now, ttl_s)


def poison(patch: pytest.MonkeyPatch, *names: str) -> None:
    """From here on the chain stumbles over the entries of these names, after it has half decided on them."""
    receive = Engine.receive

    def poisoned(engine: Engine, entry: Input, now: int, position: int = 0) -> tuple[Effect, ...]:
        effects = receive(engine, entry, now, position)
        if entry.id in names:
            raise ArithmeticError(f"poison: {entry.id}")
        return effects

    patch.setattr(Engine, "receive", poisoned)


def poison_timers(patch: pytest.MonkeyPatch, beginning: str) -> None:
    """From here on every timer whose name begins so stops the chain when it fires."""
    arm = Timers.arm

    def fail(_deadline: int) -> None:
        raise ArithmeticError("poison: a timer")

    def poisoned(timers: Timers, name: str, deadline: int, fire: Fire) -> None:
        arm(timers, name, deadline, fail if name.startswith(beginning) else fire)

    patch.setattr(Timers, "arm", poisoned)


def refuse(patch: pytest.MonkeyPatch, *names: str) -> None:
    """From here on the store refuses what the entries of these names have led to."""
    real = apply

    def refusing(unit: UnitOfWork, effects: Sequence[Effect], routes: Routes) -> Applied:
        if any(fact.cause_id in names for fact in facts_of(effects)):
            raise StoreRefused("these rows will never be taken (a test)")
        return real(unit, effects, routes)

    patch.setattr("shouwang.clerk.apply", refusing)


class Told:
    """A source that offered something, and what it was told of it."""

    def __init__(self) -> None:
        self.answers: list[Appended | None] = []
        self.came = Flag()

    def __call__(self, appended: Appended | None) -> None:
        self.answers.append(appended)
        self.came.set()

    @property
    def is_acknowledged(self) -> bool:
        return any(answer is not None for answer in self.answers)

    def wait(self) -> Appended | None:
        assert self.came.wait(20), "the desk said nothing"
        return self.answers[0]


@dataclass
class Spine:
    """One installation. ``start`` and ``stop`` as the process does; ``crash`` as kill -9 does."""

    folder: Path
    clock: Hands = field(default_factory=Hands)
    ttl_s: float = 3600.0
    fatal: list[BaseException] = field(default_factory=list)
    owed: int = 0
    degraded: list[Effect] = field(default_factory=list)  # what left although the store was away
    is_running: bool = False

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'store.db'}"

    def start(self) -> "Spine":
        self.journal = TroubledJournal(self.folder / "journal", clock=self.clock)
        self.store = TroubledStore(self.url)
        self.store.migrate()
        self.lease = LeaseKeeper(self.store, "test", self.ttl_s)
        self.stumbles = Stumbles(self.folder / "stumbles.json")
        self.is_running = True
        try:
            recovered = recover(self.journal, self.store, read, self.stumbles)
        except BaseException:
            self.close()
            raise
        self.engine = recovered.engine
        journal_news(self.journal, recovered, self.stumbles, activation())
        self.desk = Desk(
            journal=self.journal,
            store=self.store,
            lease=self.lease,
            recovered=recovered,
            routes=Routes(has_mqtt=True, has_people=True),
            stumbles=self.stumbles,
            bells=Bells(
                on_fatal=self.fatal.append,
                on_owed=self._count_owed,
                on_critical_while_degraded=self.degraded.append,
            ),
        )
        self.desk.start()
        return self

    def _count_owed(self) -> None:
        self.owed += 1

    def offer(self, *entries: Input, lane: Lane = Lane.NORMAL) -> Told:
        told = Told()
        assert self.desk.offer(Delivery(list(entries), told, lane))
        return told

    def put(self, *entries: Input, lane: Lane = Lane.NORMAL) -> Appended:
        """Offer, and wait until it was acknowledged."""
        appended = self.offer(*entries, lane=lane).wait()
        assert appended is not None
        return appended

    @property
    def told(self) -> list[Notify]:
        """The people who were told although the store was away."""
        return [effect for effect in self.degraded if isinstance(effect, Notify)]

    def until(self, what: str, is_so: Callable[[], object], seconds: float = 20.0) -> None:
        step = Flag()
        for _ in range(int(seconds / 0.005)):
            if is_so():
                return
            assert not self.fatal, f"the desk stopped before {what}: {self.fatal}"
            step.wait(0.005)
        raise AssertionError(f"not {what} within {seconds:g} s")

    def settle(self) -> None:
        """Wait until everything journaled is in the store."""
        progress = self.desk.progress
        self.until("settled", lambda: progress.applied_position == progress.decided_position == self.journal.last_position())

    def pass_time(self, seconds: float) -> None:
        """Let the clock go on, and let the desk look at it."""
        self.clock.at += int(seconds * 1000)
        self.turn()
        self.turn()  # the first may have begun before

    def turn(self) -> None:
        """Let the desk turn once."""
        turn_s = self.desk.progress.last_turn_s
        self.desk.backlog.wake()
        self.until("a turn", lambda: self.desk.progress.last_turn_s > turn_s)

    def stop(self) -> None:
        """SIGTERM."""
        self.desk.stop()
        assert not self.desk.is_running
        self.lease.release()
        self.close()

    def crash(self) -> None:
        """SIGKILL: what is not in the journal or the store now is gone."""
        self.store.is_away = True
        self.desk.stop()
        self.close()

    def close(self) -> None:
        if self.is_running:
            self.store.close()
            self.journal.close()
            self.is_running = False

    def facts(self) -> list[Fact]:
        """The timeline as it is stored."""
        return list(_facts(self.url))


def _facts(url: str) -> Iterator[Fact]:
    views = QueueViews(url)
    try:
        seq = 0
        while page := views.facts_after(seq):
            yield from (from_plain(Fact, entry.fact) for entry in page)
            seq = page[-1].seq
    finally:
        views.close()


def facts_of(effects: Sequence[Effect]) -> list[Fact]:
    return [effect.fact for effect in effects if isinstance(effect, RecordFact)]
