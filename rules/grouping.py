"""成组告知: what the parties of one incident have been told, and what they are still owed. Pure: no book, no effects.

One incident is one group, with the triple of its plan: ``wait`` before the first message, ``interval`` between two, ``repeat``
while nobody has acknowledged. What happens in between is counted, never dropped: the next message gives the last state and the
number. Told at once, without any interval: the first alarm where no wait is set, whatever is worse than what was told, and on
life safety every alarm after the parties were told that all is over. Nobody is left believing what is no longer true for longer
than an interval.
"""

from dataclasses import dataclass, replace
from typing import Final

from rules.definition import Messages
from rules.model import Level, Sentence
from rules.signals import to_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What was told last, and what has happened since."""

    told_at: int | None = None
    told_level: Level | None = None  # the worst that was told since the parties last heard that all is over
    is_told_over: bool = False
    message_count: int = 0  # messages so far: the number makes each one's key
    untold_since_at: int | None = None
    untold_count: int = 0  # alarms since then
    untold_level: Level | None = None  # the worst of them
    untold: Sentence | None = None  # the latest of them

    @property
    def has_begun(self) -> bool:
        """Whether an alarm was announced in this incident before."""
        return self.told_at is not None or self.untold_since_at is not None


UNTOLD: Final = Group()
"""Of an incident about which nobody was told anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the incident of a group stands now, as far as its messages depend on it."""

    is_over: bool  # all conditions are back to normal
    is_waiting: bool  # nobody has acknowledged it or set out
    is_life_safety: bool


def happened(group: Group, at: int, level: Level, said: Sentence) -> Group:
    """An alarm was announced."""
    worst = level if group.untold_level is None or level.is_worse_than(group.untold_level) else group.untold_level
    since_at = at if group.untold_since_at is None else group.untold_since_at
    return replace(group, untold_since_at=since_at, untold_count=group.untold_count + 1, untold_level=worst, untold=said)


def told(group: Group, at: int, *, is_over: bool) -> Group:
    """Everything that was owed has been told."""
    levels = [level for level in (None if group.is_told_over else group.told_level, group.untold_level) if level is not None]
    return Group(
        told_at=at,
        told_level=min(levels, key=lambda level: level.rank, default=group.told_level),
        is_told_over=is_over,
        message_count=group.message_count + 1,
    )


def due_at(group: Group, terms: Messages, standing: Standing) -> int | None:
    """When the next message is due (it may be past: then now); None where none is."""
    if group.untold_since_at is not None:
        if group.told_at is None:
            return group.untold_since_at + (0 if standing.is_life_safety else to_ms(terms.wait_s))
        if _is_urgent(group, standing):
            return group.untold_since_at
        return group.told_at + to_ms(terms.interval_s)
    if group.told_at is None:
        return None
    if standing.is_over:
        return None if group.is_told_over or not terms.tells_recovery else group.told_at + to_ms(terms.interval_s)
    return group.told_at + to_ms(terms.repeat_s) if terms.repeat_s and standing.is_waiting else None


def _is_urgent(group: Group, standing: Standing) -> bool:
    """Whether what has happened must not wait for the interval: it is worse, or people believe that a danger to life is over."""
    is_worse = (
        group.untold_level is not None and group.told_level is not None and group.untold_level.is_worse_than(group.told_level)
    )
    return is_worse or (standing.is_life_safety and group.is_told_over and not standing.is_over)


def owes_an_ending(group: Group, terms: Messages) -> bool:
    """Whether the parties must hear that the case is closed: they were told of what they do not know to be over."""
    return group.untold_count > 0 or (terms.tells_recovery and group.told_at is not None and not group.is_told_over)


def hushed(group: Group) -> Group:
    """What was not told yet needs no telling now: all of it is suppressed. It is told as new when it speaks."""
    return replace(group, untold_since_at=None, untold_count=0, untold_level=None, untold=None)


def joined(one: Group, other: Group) -> Group:
    """Two incidents are one: what either was owed is owed, and what either was told counts as told."""
    told_at = [at for at in (one.told_at, other.told_at) if at is not None]
    since_at = [at for at in (one.untold_since_at, other.untold_since_at) if at is not None]
    return Group(
        told_at=max(told_at, default=None),
        told_level=_worse(one.told_level, other.told_level),
        is_told_over=all(group.is_told_over for group in (one, other) if group.told_at is not None) and bool(told_at),
        message_count=max(one.message_count, other.message_count),
        untold_since_at=min(since_at, default=None),
        untold_count=one.untold_count + other.untold_count,
        untold_level=_worse(one.untold_level, other.untold_level),
        untold=other.untold or one.untold,
    )


def _worse(one: Level | None, other: Level | None) -> Level | None:
    return min([level for level in (one, other) if level is not None], key=lambda level: level.rank, default=None)
