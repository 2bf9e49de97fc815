"""抖动与瞬时: which alarms flap, and which are gone before anybody can act. The definitions, in this one room.

Chattering (ISA-18.2: changes again and again between active and not active within a short time; measure of the domain page C2):
an alarm whose condition begins 3 times or more within 1 minute. The minute is half open like the flood's: a third beginning
exactly 60 s after the first does not count with it. Fleeting: it goes back by itself in less than 1 minute, before a person has
acted on it. What is reported again while it holds has not begun again; what began while somebody worked on the device (out of
service) proves nothing and is left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rules.alarm_record import AlarmKey, Occurrence, by_alarm

CHATTER_COUNT: Final = 3
CHATTER_WITHIN_MS: Final = 60_000
"""3 within 1 minute: ISA-18.2 practice."""
FLEETING_BELOW_MS: Final = 60_000
"""Commonly less than a minute; nobody reads, judges and acts faster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """An alarm chattered from its first beginning to its last one (ms), so often."""

    began_at: int
    ended_at: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chatter:
    """How restless one alarm was."""

    key: AlarmKey
    hazard: str
    occurrence_count: int
    chatter_count: int  # occurrences that are part of a spell
    fleeting_count: int
    spells: tuple[Spell, ...]


def spells_of(began_at: Sequence[int]) -> tuple[Spell, ...]:
    """The spells of chatter in these beginnings (ms, in order): groups that share one of them are one spell."""
    spans: list[tuple[int, int]] = []
    for last in range(CHATTER_COUNT - 1, len(began_at)):
        first = last - CHATTER_COUNT + 1
        if began_at[last] - began_at[first] >= CHATTER_WITHIN_MS:
            continue
        if spans and first <= spans[-1][1]:
            first = spans.pop()[0]
        spans.append((first, last))
    return tuple([Spell(began_at=began_at[one], ended_at=began_at[two], count=two - one + 1) for one, two in spans])


def is_fleeting(occurrence: Occurrence) -> bool:
    """Whether it was gone by itself before anybody could act, and nobody had."""
    lasted = occurrence.lasted_ms
    is_short = occurrence.is_by_itself and lasted is not None and lasted < FLEETING_BELOW_MS
    return is_short and occurrence.acted_at is None


def that_count(occurrences: Iterable[Occurrence]) -> tuple[Occurrence, ...]:
    """The occurrences that say something about the alarm: not those during work on it."""
    return tuple([each for each in occurrences if not each.is_out_of_service])


def chatter_of(occurrences: Iterable[Occurrence]) -> tuple[Chatter, ...]:
    """Every alarm that chattered or was fleeting, the most restless first."""
    found: list[Chatter] = []
    for key, own in by_alarm(that_count(occurrences)).items():
        spells = spells_of([each.began_at for each in own])
        fleeting_count = sum(1 for each in own if is_fleeting(each))
        if spells or fleeting_count:
            found.append(
                Chatter(
                    key=key,
                    hazard=own[-1].hazard,
                    occurrence_count=len(own),
                    chatter_count=sum(spell.count for spell in spells),
                    fleeting_count=fleeting_count,
                    spells=spells,
                )
            )
    return tuple(sorted(found, key=lambda one: (-one.chatter_count, -one.fleeting_count, one.key)))
