"""Plays one drill: the steps of its seed as a storm, the laws after each, and then the calm."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from typing import Final

from rules.model import OperatorAction, PackActivation
from simulator.chance import chance
from simulator.drill.broker import DrillBroker, Sent
from simulator.drill.crew import Crew
from simulator.drill.disk import Crash, Disk, DrillStore, fresh_disk
from simulator.drill.foreign import ROUTES, Abroad
from simulator.drill.hours import START_AT, Hours
from simulator.drill.house import ENDS, PASSING, TTL_S, Around, House
from simulator.drill.inspector import Inspector
from simulator.drill.law import Broken, Law
from simulator.drill.outside import Outside
from simulator.drill.packs import Packs
from simulator.drill.shadow import Shadow
from simulator.drill.steps import Step
from simulator.drill.town import Device, Town

EXACT_MS: Final = 10_000
"""Up to this long a pause is lived through timer by timer; a longer one in pieces, each waking all that was due in it (ours)."""
PIECE_MS: Final = 150_000
AWAY_MS: Final = 5_000
"""How often the house is looked after in a longer pause while it tries in vain to store something (ours)."""
RESTART_MS: Final = 1_000
LINES_MAX: Final = 60
POISONED_MAX: Final = 40
"""Ends of the process by poison in one drill: far more than twice for each poison that a drill draws (ours)."""


class World:
    """Everything that a drill is about, and what may happen to it."""

    def __init__(self, disk: Disk, dice: Random, packs: Packs, *, has_routes: bool = False) -> None:
        self.disk, self.hours, self.dice, self.packs = disk, disk.hours, dice, packs
        self.has_poison = False
        self.poisoned_count = 0
        self.house: House | None = None
        self.down_until_ms = 0
        self.step = 0
        self.story: deque[str] = deque(maxlen=LINES_MAX)
        self.unsent: deque[Sent] = deque()
        self.broker = DrillBroker(self._is_journaled)
        self.shadow = Shadow(self.disk.written, self.packs.read)
        self.inspector = Inspector(self.disk, self.shadow, self.packs.read(self.packs.bundled.text))
        self.outside = Outside(self.disk, self._is_recorded)
        self.town = Town(self.dice)
        self.crew = Crew(self.dice)
        self.abroad = Abroad(self._is_journaled)
        self.disk.abroad = self.abroad.devices if has_routes else set()
        self._around = Around(
            hours=self.hours,
            disk=self.disk,
            broker=self.broker,
            outside=self.outside,
            dice=self.dice,
            read_pack=self.packs.read,
            activation=self.packs.bundled,
            routes=ROUTES if has_routes else (),
        )
        self._until: list[tuple[int, Callable[[], None]]] = []

    # ------------------------------------------------------------------------------------------------------ the house

    def settle(self) -> None:
        """Let the house do what is due, let people act, and hold everything to the laws."""
        self._end_what_lasts()
        self._be_up()
        self._live(lambda house: house.settle())
        if self.outside.broken is not None:
            raise self.outside.broken
        self.inspector.look(self.house)
        self.crew.read(self.inspector.news, self.hours.passed_ms)
        is_new = self.crew.act(self.house, self.hours.passed_ms)
        is_new = self.abroad.act(self.house) or is_new
        while self.unsent and self.broker.publish(self.unsent[0]):
            self.unsent.popleft()
            is_new = True
        if is_new:
            self._live(lambda house: house.settle())
            self.inspector.look(self.house)

    def _be_up(self) -> None:
        if self.house is not None or self.hours.passed_ms < self.down_until_ms:
            return
        try:
            self.house = House(self._around)
            self.note("the house starts")
        except PASSING as fault:
            self.fall(RESTART_MS, f"no start: {fault}"[:120])
        except Crash as crash:
            self.fall(RESTART_MS, f"killed while it started, at {crash}")

    def _live(self, work: Callable[[House], None]) -> None:
        """Let the house work; where it ends by that, rightly, it is down for a moment."""
        house = self.house
        if house is None:
            return
        try:
            work(house)
        except Crash as crash:
            self.fall(RESTART_MS, f"killed at {crash}")
        except ENDS as fault:
            self._count_poisoned(fault)
            self._live(lambda house: house.wind_up())
            self.fall(RESTART_MS, f"ended by {type(fault).__name__}: {fault}"[:140])

    def _count_poisoned(self, fault: Exception) -> None:
        """Over each poisonous entry the chain may stop twice."""
        if isinstance(fault, ArithmeticError):
            self.poisoned_count += 1
            if not self.has_poison:
                raise fault
            if self.poisoned_count > POISONED_MAX:
                raise Broken(Law.LIVENESS, f"the house ended {self.poisoned_count} times by {fault}")

    def fall(self, down_ms: int, why: str) -> None:
        """The process is gone for so long."""
        self.note(f"the house is down for {down_ms / 1000:g} s: {why}")
        if self.house is not None:
            self.house.kill()
            self.house = None
        self.outside.crash()
        self.lose_touch()
        self.down_until_ms = self.hours.passed_ms + down_ms

    def lose_touch(self) -> None:
        """Whoever waited for an answer of the house gets none."""
        self.crew.lose_touch()
        self.abroad.lose_touch()

    def pass_time(self, gap_ms: int, *, pieces: int = 2) -> None:
        """Let so much time pass; a long one in so many pieces at least."""
        until_ms = self.hours.passed_ms + gap_ms
        piece_ms = 0 if gap_ms <= EXACT_MS else min(PIECE_MS, gap_ms // pieces)
        self.settle()
        while self.hours.passed_ms < until_ms:
            self.hours.passed_ms = max(self.hours.passed_ms + 1, min(until_ms, self._next_ms(until_ms, piece_ms)))
            self.settle()

    def _next_ms(self, until_ms: int, piece_ms: int) -> int:
        if self.house is None:
            return self.down_until_ms
        now_ms = self.hours.passed_ms
        timer, chain = self.house.next_at_ms()
        if piece_ms and chain is not None and not self.disk.is_store_well:
            chain = max(chain, min(now_ms + AWAY_MS, self.disk.store_well_at_ms))
        at_ms = until_ms if timer is None else max(timer, now_ms + piece_ms)
        return min(until_ms, round(at_ms + 0.5), until_ms if chain is None else round(chain))

    def last(self, seconds: float, end: Callable[[], None]) -> None:
        """Have something ended after so long."""
        self._until.append((self.hours.passed_ms + round(seconds * 1000), end))

    def _end_what_lasts(self) -> None:
        due = [each for each in self._until if each[0] <= self.hours.passed_ms]
        self._until = [each for each in self._until if each[0] > self.hours.passed_ms]
        for _, end in due:
            end()

    def end_all(self) -> None:
        """The storm is over: whatever lasts ends now."""
        for _, end in self._until:
            end()
        self._until = []

    # --------------------------------------------------------------------------------------------- what others look up

    def note(self, line: str) -> None:
        """Write into the story that is printed where something breaks."""
        self.story.append(f"{self.hours.passed_ms / 1000:>9.3f} s  step {self.step:>3}  {line}")

    def send(self, sent: Sent) -> None:
        """A device speaks; while the broker is down it keeps what it says and tries again."""
        self.note(f"{sent.topic.removeprefix('shouwang/v1/')} {sent.payload[:90].decode('utf-8', 'replace')}")
        if self.unsent or not self.broker.publish(sent):
            self.unsent.append(sent)

    def want(self, action: OperatorAction) -> None:
        """A person asks for this."""
        self.note(f"{action.verb} {action.entity} {action.entity_id}")
        self.crew.want(action)

    def _is_journaled(self, sent: Sent) -> bool:
        if not sent.ids:
            return (sent.topic, sent.payload[:1024]) in self.disk.refused
        return all(tuple(name.split("/", 2)) in self.disk.ids for name in sent.ids)

    def _is_recorded(self, key: str) -> bool:
        row = self.inspector.connection.execute("SELECT state FROM outbox WHERE key = ?", (key,)).fetchone()
        return row is not None and row[0] == "delivered"

    @property
    def now_at(self) -> int:
        """The true instant, in ms since 1970."""
        return START_AT + self.hours.passed_ms

    @property
    def is_catching_up(self) -> bool:
        """Whether the chain's clock goes at half speed, until the computer's, which was set back, is there again."""
        return self.house is not None and self.house.journal.now() > self.hours.wall_now() + 1

    def device(self, number: float) -> Device:
        """The device that a number between 0 and 1 means."""
        return self.town.devices[int(number * len(self.town.devices))]

    def take_over(self) -> None:
        """While the house sleeps, another one becomes the writer, and stops; nothing of ours may be written after that."""
        disk = Disk(self.disk.folder, self.hours)
        with closing(DrillStore(disk, f"sqlite:///{disk.folder / 'store.db'}", "another")) as other:
            epoch = other.take_lease("another", self.hours.wall_now(), 1.0)
            self.note(f"another process became the writer (epoch {epoch})")
            before, acknowledged = self.inspector.version(), self.broker.acknowledged_count
            self._live(lambda house: house.turn_desk())
            self._live(lambda house: house.settle())
            if self.house is not None or self.inspector.version() != before:
                raise Broken(Law.ONE_WRITER, "the house woke and went on, although another one had become the writer")
            if self.broker.acknowledged_count != acknowledged:
                raise Broken(Law.ONE_WRITER, "the house woke and acknowledged, although another one had become the writer")
            other.release_lease(epoch)

    def pause(self, seconds: float, *, is_taken_over: bool) -> None:
        """SIGSTOP for so long: time passes, and nothing of the house moves."""
        self._live(lambda house: house.read())
        is_right = not self.hours.wrong_ms and self._is_lease_of_this_clock()
        self.hours.sleep(seconds)
        if is_taken_over and self.house is not None and seconds > TTL_S + 1 and is_right:
            self.take_over()

    def _is_lease_of_this_clock(self) -> bool:
        """Whether the lease was renewed since the clock stepped back: one from before runs by as much longer for all others."""
        back_ms = self.hours.set_back_ms
        return back_ms is None or self.hours.passed_ms - back_ms > TTL_S * 1000 / 3


@contextmanager
def world(seed: int, room: Path, packs: Packs, *, has_routes: bool = False) -> Iterator[World]:
    """A fresh world for a seed, with foreign routes or without; gone afterwards."""
    with fresh_disk(Hours(), room) as disk:
        made = World(disk, chance(seed, "world"), packs, has_routes=has_routes)
        try:
            yield made
        finally:
            if made.house is not None:
                made.house.kill()
            disk.let_go()
            made.inspector.close()  # last: a writer that closes last folds its log into a file that nobody will read


def activation_of(world: World, step: Step) -> PackActivation:
    """The pack that this step puts in force."""
    return world.packs.activation(step.word, f"pack-{step.number}")
