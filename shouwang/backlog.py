"""What has been received and not yet journaled: three lanes, bounded, the critical one always first.

Sources offer from their own threads; the desk takes. A full lane answers False, and the source stops reading until ``room`` is
called: nothing is ever thrown away here.
"""

import threading
from collections import deque
from collections.abc import Callable

from ingest.port import Delivery
from ingest.wire import Lane

BATCH_MAX = 500
"""Entries in one journal batch (DESIGN 4). One delivery is never split, so a batch may be longer by one delivery."""

BESIDE_CRITICAL_MAX = 50
"""Entries up to which a batch with an alarm in it is filled from the other lanes: they go on, and the alarm need not wait for
five hundred readings to be journaled and decided with it."""

LANE_MAX = {Lane.CRITICAL: 20_000, Lane.NORMAL: 5_000, Lane.BULK: 5_000}
"""Entries that a lane holds before it says no. Alarms get the most room: they are few, and the last to be kept waiting."""


class Backlog:
    """Deliveries by lane. All methods may be called from any thread."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._lanes: dict[Lane, deque[Delivery]] = {lane: deque() for lane in (Lane.CRITICAL, Lane.NORMAL, Lane.BULK)}
        self._count = dict.fromkeys(self._lanes, 0)
        self._was_full = False
        self._on_room: list[Callable[[], None]] = []
        self._is_closed = False
        self._is_woken = False

    def offer(self, delivery: Delivery) -> bool:
        """Take a delivery in; False when its lane is full or the desk is closing (then offer it again after ``room``)."""
        with self._condition:
            lane = delivery.lane
            if self._is_closed or self._count[lane] >= LANE_MAX[lane]:
                self._was_full = True
                return False
            self._lanes[lane].append(delivery)
            self._count[lane] += len(delivery.entries)
            self._condition.notify()
            return True

    def on_room(self, callback: Callable[[], None]) -> None:
        """Call this, from the desk's thread, whenever a lane that said no has room again."""
        self._on_room.append(callback)

    def take(self, timeout_s: float) -> list[Delivery]:
        """The next batch, critical first; empty when nothing came within the time or somebody woke the desk."""
        with self._condition:
            if not any(self._count.values()) and not self._is_closed and not self._is_woken and timeout_s > 0:
                self._condition.wait(timeout_s)
            self._is_woken = False
            batch, size = self._collect()
            has_room = self._was_full and size > 0
            if has_room:
                self._was_full = False
        if has_room:
            for callback in self._on_room:
                callback()
        return batch

    def _collect(self) -> tuple[list[Delivery], int]:
        batch: list[Delivery] = []
        size = 0
        room = BESIDE_CRITICAL_MAX if self._lanes[Lane.CRITICAL] else BATCH_MAX
        for lane, waiting in self._lanes.items():
            most = BATCH_MAX if lane is Lane.CRITICAL else room
            while waiting and size < most:
                delivery = waiting.popleft()
                batch.append(delivery)
                self._count[lane] -= len(delivery.entries)
                size += len(delivery.entries)
        return batch, size

    def give_back(self, batch: list[Delivery]) -> None:
        """Put a batch that could not be journaled back in front, in its order."""
        with self._condition:
            for delivery in reversed(batch):
                self._lanes[delivery.lane].appendleft(delivery)
                self._count[delivery.lane] += len(delivery.entries)

    def wake(self) -> None:
        """Let ``take`` return now."""
        with self._condition:
            self._is_woken = True
            self._condition.notify()

    def close(self) -> list[Delivery]:
        """Refuse everything from now on, and hand back what was never journaled, so that nobody acknowledges it."""
        with self._condition:
            self._is_closed = True
            left = [delivery for lane in self._lanes.values() for delivery in lane]
            for lane in self._lanes:
                self._lanes[lane].clear()
                self._count[lane] = 0
            self._condition.notify()
            return left

    def depths(self) -> dict[str, int]:
        """Entries waiting, by lane."""
        with self._condition:
            return {lane.value: count for lane, count in self._count.items()}
