"""The service as its process puts it together (shouwang/chain.py), without threads: started, turned, paused, killed, stopped."""

from asyncio import Task
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from random import Random
from typing import Final

from handlers.faults import LeaseHeld, LeaseLost, StoreUnavailable
from handlers.outbox import Outbox
from handlers.routes import MQTT, PEOPLE, Hook, Routes, hook_channel
from handlers.way import STATE_LIMITS, Limits, Way
from ingest.journal import JournalWriteFailed
from ingest.mqtt import MqttSettings, MqttSource
from ingest.port import Delivery
from ingest.route import Route, RouteReader
from ingest.topics import Lane
from rules.definition import RulePack
from rules.effects import Effect
from rules.engine import Engine
from rules.model import DeliveryReport, EventClass, PackActivation
from shouwang import recovery
from shouwang.desk import Bells, Desk
from shouwang.health import desk_checks
from shouwang.lease import LeaseKeeper
from shouwang.stumbles import Stumbles
from simulator.drill.broker import DrillBroker, DrillLink
from simulator.drill.disk import Disk, DrillJournal, DrillStore
from simulator.drill.door import Door
from simulator.drill.hours import Hours, Inline, VirtualLoop
from simulator.drill.law import Broken, Law
from simulator.drill.outside import HOOK, HOOKED, DrillChannel, DrillStates, Outside

TTL_S: Final = 600.0
"""The lease's life. Longer than the real one: a drill lets time pass in pieces of up to a sixth of it (ours)."""
PEOPLE_LIMITS: Final = Limits(attempts_max=4, give_up_s=900.0, wait_max_s=20.0)
"""Shorter than the real ones, so that giving up happens within the minutes of a drill (ours)."""
HOLDER: Final = "drill"
TURNS_MAX: Final = 2_000
POISON: Final = "poison"
"""An event with this attribute stops the chain: a fault in a rule, as the drill plays it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the house stands in."""

    hours: Hours
    disk: Disk
    broker: DrillBroker
    outside: Outside
    dice: Random
    read_pack: Callable[..., RulePack]
    activation: PackActivation
    routes: tuple[Route, ...] = ()


class House:
    """One life of the process, from start to end. Raises Crash where the disk has one in store."""

    def __init__(self, around: Around) -> None:
        self.around = around
        self.fatal: BaseException | None = None
        self.inline = Inline(around.hours, lambda: around.disk.is_hanging)
        self.loop = VirtualLoop(around.hours, self.inline)  # type: ignore[abstract]  # sockets, signals: it has none
        self._parts: list[DrillJournal | DrillStore] = []
        try:
            self._start()
        except BaseException:
            self.kill()
            raise

    def _start(self) -> None:
        around, disk = self.around, self.around.disk
        self.journal = DrillJournal.__new__(DrillJournal)
        self.journal.disk = disk
        self.journal.__init__(disk.folder / "journal", clock=around.hours.wall_now)  # type: ignore[misc]  # it needs its disk first
        self._parts.append(self.journal)
        self.store = DrillStore(disk, f"sqlite:///{disk.folder / 'store.db'}")
        self._parts.append(self.store)
        self.lease = LeaseKeeper(self.store, HOLDER, TTL_S, around.hours.timing(self._begin_thread))
        stumbles = Stumbles(disk.folder / "stumbles.json")
        recovered = recovery.recover(self.journal, self.store, around.read_pack, stumbles)
        disk.pass_point("recovered")
        recovery.journal_news(self.journal, recovered, stumbles, around.activation)
        self.engine = recovered.engine
        _poison(self.engine)
        hooks = (Hook(name=HOOK, communities=(HOOKED,)),)
        self.states = DrillStates(around.outside, disk, around.dice)
        others = [DrillChannel(name, around.outside, disk, around.dice) for name in (PEOPLE, hook_channel(HOOK))]
        ways = [*(Way(each, PEOPLE_LIMITS) for each in others), Way(self.states, STATE_LIMITS)]
        self.outbox = Outbox(
            self.store, self.lease.epoch, ways, clock=self.journal.now, report=self._report, chance=around.dice, hooks=hooks
        )
        self.desk = Desk(
            journal=self.journal,
            store=self.store,
            lease=self.lease,
            recovered=recovered,
            routes=Routes(has_mqtt=True, has_people=True, hooks=hooks),
            stumbles=stumbles,
            bells=Bells(on_fatal=self._end_by, on_owed=self.outbox.wake, on_critical_while_degraded=self._send_unstored),
        )
        self.desk.begin()
        self._begin_sources()

    def _begin_thread(self, _: str) -> Executor:
        return self.inline

    def _begin_sources(self) -> None:
        around = self.around
        self._watched(self.outbox.run())
        gate = _Gatekeeper(self.desk)
        readers = [RouteReader(route, around.hours.wall_now) for route in around.routes]
        if readers:
            self._door = Door(gate, readers, around.hours, f"{around.dice.getrandbits(64):016x}")
        self.source = MqttSource(
            MqttSettings(host=MQTT, dropped_topic=""),
            gate,
            on_fatal=self._end_by,
            rng=around.dice,
            open_link=lambda _, client_id, ear: DrillLink(around.broker, self.loop, client_id, ear),
            routes=[reader for reader in readers if reader.route.topics],
        )
        self._watched(self.source.start())

    def push(self, body: bytes, heard: Callable[[int | BaseException | None], None]) -> None:
        """A platform pushes; ``heard`` is told the answer's status, or what ended it instead."""

        def look(task: Task[int]) -> None:
            heard(None if task.cancelled() else task.exception() or task.result())

        self.loop.create_task(self._door.push(body)).add_done_callback(look)

    def _watched(self, work: object) -> None:
        def look(task: object) -> None:
            fault = None if task.cancelled() else task.exception()  # type: ignore[attr-defined]
            if fault is not None:
                self._end_by(fault)

        self.loop.create_task(work).add_done_callback(look)

    def _send_unstored(self, effect: Effect) -> None:
        self.outbox.send_unstored((effect,))

    def _report(self, report: DeliveryReport, hear: Callable[[bool], None]) -> None:
        delivery = Delivery([report], lambda appended: hear(appended is not None), Lane.NORMAL)
        is_taken = self.desk.offer(delivery)
        if not is_taken:
            hear(is_taken)

    def _end_by(self, fault: BaseException) -> None:
        self.fatal = self.fatal or fault

    # ---------------------------------------------------------------------------------------------------- what it does

    def settle(self) -> None:
        """Do all that is due now. Raises Crash, and whatever the process would end by (see ``is_excused``)."""
        progress = self.desk.progress
        for _ in range(TURNS_MAX):
            is_busy = self.loop.run()
            self.inline.go_on()
            self._look()
            before = (progress.decided_position, progress.applied_position, progress.journaled_position)
            self.desk.turn(0.0)
            self._look()
            after = (progress.decided_position, progress.applied_position, progress.journaled_position)
            if not is_busy and before == after:
                return
        raise Broken(Law.LIVENESS, f"the house did not come to rest in {TURNS_MAX} turns")

    def turn_desk(self) -> None:
        """The desk's thread is the first to go on after a pause."""
        self.desk.turn(0.0)
        self._look()

    def read(self) -> None:
        """The source hands in what has come, and the desk does not turn yet."""
        self.loop.run()
        self._look()

    def _look(self) -> None:
        if self.loop.faults:
            said, fault = self.loop.faults[0]
            raise fault if isinstance(fault, Broken) else Broken(Law.OWN_FAULT, f"{said}: {fault!r}")
        if self.fatal is not None:
            raise self.fatal

    def next_at_ms(self) -> tuple[float | None, float | None]:
        """When something is due by itself, in ms since the drill began: in the event loop, and in the desk."""
        now_ms = self.around.hours.passed_ms
        progress = self.desk.progress
        desk = None if (deadline := self.engine.next_deadline()) is None else now_ms + max(1.0, deadline - self.journal.now())
        if progress.applied_position != progress.decided_position:
            desk = now_ms + 250.0 if desk is None else min(desk, now_ms + 250.0)
        return self.loop.next_at_ms(), desk

    def is_ready(self) -> bool:
        """What the health check says of journal and store."""
        return all(check.ok for check in desk_checks(self.desk) if check.name != "desk")

    def stop(self) -> None:
        """SIGTERM: stop reading, end what is under way, store a snapshot, give the lease back."""
        stopping = self.loop.create_task(self._stop())
        for _ in range(TURNS_MAX):
            self.settle()
            if stopping.done():
                break
            self._go_on()
        self.desk.finish()
        self.lease.release()
        self.kill()

    def wind_up(self) -> None:
        """The process ends by a fault of its own: what the desk has said is still done, and the lease is given back."""
        stopping = self.loop.create_task(self._stop())
        for _ in range(TURNS_MAX):
            self.loop.run()
            self.inline.go_on()
            if stopping.done():
                break
            self._go_on()
        self.lease.release()
        self.kill()

    def _go_on(self) -> None:
        at_ms = self.loop.next_at_ms()
        self.around.hours.passed_ms = max(self.around.hours.passed_ms + 1, round(at_ms or 0))

    async def _stop(self) -> None:
        await self.source.stop()
        await self.outbox.stop()

    def kill(self) -> None:
        """SIGKILL: what is neither in the journal nor in the store now is gone."""
        self.loop.kill()
        for session in self.around.broker.sessions.values():
            session.link = None
        for part in reversed(self._parts):
            part.close()
        self._parts.clear()


class _Gatekeeper:
    """The desk as the source sees it, looked over the shoulder: an alarm must come by the critical lane."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.on_room = desk.on_room
        self.answer = desk.answer

    def offer(self, delivery: Delivery) -> bool:
        """See ingest.port.Desk."""
        for entry in delivery.entries:
            if getattr(entry, "event_class", None) is EventClass.ALARM and delivery.lane is not Lane.CRITICAL:
                raise Broken(Law.CRITICAL_FIRST, f"alarm {entry.id} came by the {delivery.lane} lane")
        return self._desk.offer(delivery)


def _poison(engine: Engine) -> None:
    """Let the chain stop over what is poisonous, after it has half decided on it."""
    receive = engine.receive

    def poisoned(entry: object, now: int, position: int = 0) -> tuple[Effect, ...]:
        effects = receive(entry, now, position)  # type: ignore[arg-type]
        if POISON in getattr(entry, "attributes", ()):
            raise ArithmeticError(f"poison: {entry.id}")  # type: ignore[attr-defined]
        return effects

    engine.receive = poisoned  # type: ignore[method-assign]


PASSING: Final = (LeaseHeld, StoreUnavailable, JournalWriteFailed)
"""By these a start may fail and is tried again: somebody else writes, the store is away, or the disk is full."""
ENDS: Final = (LeaseLost, ArithmeticError)
"""By these the process rightly ends, besides by being killed."""
