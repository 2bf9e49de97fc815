"""Which messages of one connection wait for their acknowledgement, and in which order they get it.

MQTT wants acknowledgements in the order of receipt [MQTT-4.6.0-2]; Mosquitto sends out of order when it gets them otherwise.
So a burst is acknowledged when it is done and all before it are. A window belongs to one connection: packet ids mean nothing
on the next one, where the same numbers name other messages.
"""

from collections import deque
from collections.abc import Sequence


class Burst:
    """Messages that were handed on together: how many, which of them want an acknowledgement, and their first number."""

    __slots__ = ("count", "first_number", "is_done", "packet_ids", "window")

    def __init__(self, window: "AckWindow", first_number: int, count: int, packet_ids: Sequence[int]) -> None:
        self.window = window
        self.first_number = first_number
        self.count = count
        self.packet_ids = packet_ids
        self.is_done = False


class AckWindow:
    """The bursts of one connection that are not acknowledged yet, oldest first."""

    def __init__(self, generation: int) -> None:
        self.generation = generation
        self.held_count = 0
        self.is_open = True
        self._bursts: deque[Burst] = deque()
        self.next_number = 0

    def add(self, packet_ids: Sequence[int]) -> Burst:
        """Note a burst; ``packet_ids`` has one number for each message, 0 where none is to be acknowledged."""
        burst = Burst(self, self.next_number, len(packet_ids), packet_ids)
        self.next_number += burst.count
        self.held_count += burst.count
        self._bursts.append(burst)
        return burst

    def finish(self, burst: Burst) -> list[int]:
        """Mark the burst done. Returns the packet ids that may be acknowledged now, in order of receipt."""
        burst.is_done = True
        ready: list[int] = []
        while self._bursts and self._bursts[0].is_done:
            first = self._bursts.popleft()
            self.held_count -= first.count
            ready += [packet_id for packet_id in first.packet_ids if packet_id]
        return ready

    def close(self) -> dict[int, int]:
        """End it. Returns the number of each message that the broker will send again, by packet id."""
        self.is_open = False
        return {
            packet_id: burst.first_number + index
            for burst in self._bursts
            for index, packet_id in enumerate(burst.packet_ids)
            if packet_id
        }
