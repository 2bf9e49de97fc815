"""预演搁置: what would not have rung, had everybody who heard this alarm shelved it at once for so long.

As suppress.py does it: a shelf lasts its time, or (``once``) until the condition has gone back once; what grows worse comes off
the shelf and rings; what still holds at the end rings then, and is shelved anew. What a life may hang on is never shelved.
"""

from rules.alarm_record import AlarmKey, Occurrence
from rules.hidden import Hidden, Past, Preview, Span, hidden_of, preview_of
from rules.model import Level
from rules.signals import to_ms


def hidden_by_shelves(past: Past, key: AlarmKey, for_s: float, *, is_one_shot: bool = False) -> Preview:
    """What a shelf of this many seconds would have kept quiet, put up each time the alarm rang with none up."""
    own = [one for one in past.occurrences if one.key == key and past.rang_in(one)]
    kept_count = sum(1 for one in own if past.is_life_safety(one))
    shelf = _Shelf(past, to_ms(for_s), is_one_shot=is_one_shot)
    for one in own if not kept_count else ():
        shelf.see(one)
    return preview_of(past, shelf.hidden, kept_count)


class _Shelf:
    """The shelf of one alarm: until when it is up, and what it has hidden so far."""

    def __init__(self, past: Past, for_ms: int, *, is_one_shot: bool) -> None:
        self.past = past
        self.for_ms = for_ms
        self.is_one_shot = is_one_shot
        self.until_at = 0
        self.level: Level | None = None  # of the alarm when it was last seen
        self.hidden: list[Hidden] = []

    def see(self, one: Occurrence) -> None:
        """The condition began and, it may be, ended."""
        rings_at = one.began_at
        is_worse = self.level is not None and one.phases[0].level.is_worse_than(self.level)
        if one.began_at < self.until_at and not is_worse:
            end_at = min([self.until_at, *[at for at in worsenings_of(one) if at < self.until_at]])
            is_silent = one.ended_at is not None and one.ended_at < end_at
            found = hidden_of(self.past, one, (Span(from_at=one.began_at, until_at=None if is_silent else end_at),))
            self.hidden += [] if found is None else [found]
            rings_at = end_at
            if is_silent:
                rings_at = self.past.until_at
        if rings_at < self.past.until_at:
            self._put_up(one, rings_at)
        if self.is_one_shot and one.ended_at is not None:
            self.until_at = min(self.until_at, one.ended_at)
        self.level = one.phases[-1].level

    def _put_up(self, one: Occurrence, rings_at: int) -> None:
        """Shelved when it rings; and anew when it grows worse, or still holds when the shelf is over."""
        ended_at = self.past.until_at if one.ended_at is None else one.ended_at
        for at in [rings_at, *[at for at in worsenings_of(one) if at > rings_at]]:
            self.until_at = at + self.for_ms
        if ended_at >= self.until_at:
            self.until_at += ((ended_at - self.until_at) // self.for_ms + 1) * self.for_ms


def worsenings_of(one: Occurrence) -> list[int]:
    """When it grew worse while it held (ms)."""
    return [
        after.at for before, after in zip(one.phases, one.phases[1:], strict=False) if after.level.is_worse_than(before.level)
    ]
