"""Who is told: people, another system's webhook, the retained topics. Each may refuse, be slow, deaf, break, or lose an answer.

The outside remembers what it accepted, so that it can be compared with what the store says.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Final

from handlers.channels.port import Outcome, Owed, Result
from handlers.routes import MQTT, PEOPLE, hook_channel
from simulator.drill.disk import Disk
from simulator.drill.law import Broken, Law

HOOK: Final = "jade-desk"
HOOKED: Final = "jade"
"""The other system, and the only community that it may read of."""

MOODS: Final = ("well", "slow", "busy", "refuses", "deaf", "breaks", "swallows")
CHANNELS: Final = (PEOPLE, hook_channel(HOOK), MQTT)


class Outside:
    """What each way out has taken, by idempotency key."""

    def __init__(self, disk: Disk, is_recorded: Callable[[str], bool]) -> None:
        self.moods: dict[str, tuple[str, int]] = {}  # channel → mood, until when (ms since the drill began)
        self.taken: Counter[str] = Counter()
        self.retained: dict[str, bytes] = {}
        self.is_broker_up = True
        self.broken: Broken | None = None  # for the drill to raise: the outbox takes what a channel raises for its fault
        self.excused: set[str] = set()  # keys whose acceptance the house cannot know of
        self._disk = disk
        self._is_recorded = is_recorded

    def mood(self, channel: str) -> str:
        """How this way out behaves now."""
        mood, until_ms = self.moods.get(channel, ("well", 0))
        return mood if self._disk.hours.passed_ms < until_ms else "well"

    def take(self, owed: Owed) -> None:
        """Somebody heard this, whatever the house will know of it."""
        if owed.channel == MQTT:
            if owed.is_retained and not owed.payload:
                self.retained.pop(owed.target, None)
            elif owed.is_retained:
                self.retained[owed.target] = owed.payload
            return
        if owed.channel != PEOPLE and owed.community != HOOKED:
            self.broken = Broken(Law.ISOLATION, f"{owed.channel} was told of {owed.community}: {owed.key}")
        if self.taken[owed.key] and owed.key not in self.excused:
            self.broken = Broken(Law.TOLD, f"{owed.key} was told twice, and nothing had happened in between")
        if self.taken[owed.key] and self._is_recorded(owed.key):
            self.broken = Broken(Law.TOLD, f"{owed.key} was told again although the store had it as delivered")
        self.taken[owed.key] += 1
        self.excused.discard(owed.key)

    def crash(self) -> None:
        """The house ended: of what it was told last it may know nothing."""
        self.excused.update(self.taken)

    def heal(self) -> None:
        """Everybody listens again."""
        self.moods.clear()


class DrillChannel:
    """One way out (handlers.channels.port.Channel)."""

    def __init__(self, name: str, outside: Outside, disk: Disk, dice: Random) -> None:
        self.name = name
        self._outside, self._disk, self._dice = outside, disk, dice

    async def deliver(self, owed: Owed) -> Outcome:
        """Try once, as the outside is minded."""
        mood = self._outside.mood(self.name)
        if mood == "slow":
            await asyncio.sleep(self._dice.choice((0.2, 2.0, 9.0)))
        if mood == "busy":
            return Outcome(result=Result.RETRY, detail="busy", retry_after_s=self._dice.choice((None, 1.0, 30.0)))
        if mood == "refuses" and self.name != MQTT:
            return Outcome(result=Result.REFUSED, detail="will never take it")
        if mood == "deaf":
            await asyncio.sleep(3600.0)
        if mood == "breaks":
            raise RuntimeError("a channel's own fault (a drill)")
        if self.name == MQTT and not self._outside.is_broker_up:
            return Outcome(result=Result.RETRY, detail="no broker")
        self._outside.take(owed)
        self._disk.pass_point("sent")
        if mood == "swallows":
            self._outside.excused.add(owed.key)
            await asyncio.sleep(3600.0)
        return Outcome(result=Result.DELIVERED, detail="taken")


class DrillStates(DrillChannel):
    """The way out to retained topics, whose other side may forget them (handlers.channels.port.Connected)."""

    def __init__(self, outside: Outside, disk: Disk, dice: Random) -> None:
        super().__init__(MQTT, outside, disk, dice)
        self.connection_count = 1

    def connect_anew(self) -> None:
        """The broker is back."""
        self.connection_count += 1
