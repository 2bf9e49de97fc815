"""How long alarms stood, waited and were quiet in a stretch: spans of time (ms) and what they come to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from rules.lifecycle import UNACKNOWLEDGED
from rules.model import Fact

STALE_MS: Final = 86_400_000
"""Standing for more than 24 hours: ISA-18.2-2016 / IEC 62682 [K]."""


@dataclass(frozen=True, slots=True)
class Span:
    """From ``began_at`` on, and no longer at ``ended_at``; None: it goes on."""

    began_at: int
    ended_at: int | None

    def within(self, from_at: int, until_at: int) -> "Span | None":
        """The part of it that lies in the stretch; None where nothing does."""
        began_at = max(self.began_at, from_at)
        ended_at = until_at if self.ended_at is None else min(self.ended_at, until_at)
        return Span(began_at, ended_at) if began_at < ended_at else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Alarms that were kept quiet: shelved by a person, suppressed by a rule, or out of service."""

    state: str
    count: int  # times that one was quiet in the stretch
    at_once_max: int
    hours: float  # all of them together, within the stretch


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """How long alarms that began to wait in the stretch waited for a person; those that still wait count as long as they have."""

    count: int
    still_count: int
    median_s: float | None
    p90_s: float | None
    max_s: float | None


def spans_in(facts: Iterable[Fact], states: Sequence[str]) -> tuple[Span, ...]:
    """When each of these alarms was in one of the states; facts in order. Moving from one of them to another goes on."""
    began: dict[str, int] = {}
    found: list[Span] = []
    for fact in facts:
        is_in = fact.to_state in states
        if is_in:
            began.setdefault(fact.entity_id, fact.at)
        elif fact.entity_id in began:
            found.append(Span(began.pop(fact.entity_id), fact.at))
    return (*found, *[Span(at, None) for at in began.values()])


def at_once_max(spans: Iterable[Span | None]) -> int:
    """The most of them at one instant."""
    changes = [change for span in spans if span is not None for change in ((span.began_at, 1), (span.ended_at or 0, -1))]
    most = now = 0
    for _, change in sorted(changes):  # an end sorts before a beginning at the same instant
        now += change
        most = max(most, now)
    return most


def stale_of(spans: Iterable[Span], from_at: int, until_at: int) -> tuple[Span, ...]:
    """The parts of the stretch in which one of them had stood for more than 24 hours."""
    aged = [Span(span.began_at + STALE_MS, span.ended_at).within(from_at, until_at) for span in spans]
    return tuple([span for span in aged if span is not None])


def quiet_of(facts: Sequence[Fact], state: str, from_at: int, until_at: int) -> Quiet:
    """What was in this state."""
    spans = [span.within(from_at, until_at) for span in spans_in(facts, (state,))]
    inside = [span for span in spans if span is not None]
    total_ms = sum([(span.ended_at or 0) - span.began_at for span in inside])
    return Quiet(state=state, count=len(inside), at_once_max=at_once_max(inside), hours=total_ms / 3_600_000)


def waited_of(facts: Iterable[Fact], from_at: int, until_at: int) -> Waited:
    """How long they waited to be acknowledged."""
    spans = [span for span in spans_in(facts, UNACKNOWLEDGED) if from_at <= span.began_at < until_at]
    over = [span for span in spans if span.ended_at is not None and span.ended_at < until_at]
    waits = sorted([(min(span.ended_at or until_at, until_at) - span.began_at) / 1000 for span in spans])
    return Waited(
        count=len(spans),
        still_count=len(spans) - len(over),
        median_s=_rank(waits, 0.5),
        p90_s=_rank(waits, 0.9),
        max_s=waits[-1] if waits else None,
    )


def _rank(ordered: Sequence[float], share: float) -> float | None:
    """The smallest of them that at least this share does not exceed (nearest rank)."""
    return ordered[ceil(share * len(ordered)) - 1] if ordered else None
