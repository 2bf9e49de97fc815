"""Turns a journal's events into a cassette: what was said and when, without who said it and on which day."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from ingest.entries import Journaled
from ingest.wire import encode
from rules.model import Attribute, Event
from simulator.cassette.pseudonyms import Pseudonyms
from simulator.recording import Recorded
from simulator.restamp import is_instant, with_moved_instants

WEEK_MS: Final = 7 * 86_400_000
FIRST_WEEK_AT: Final = 978_307_200_000
"""2001-01-01T00:00:00Z, a Monday: anonymous cassettes begin in this week, at their own weekday and hour."""

KEPT_TEXTS: Final = ("certainty", "level", "severity", "type", "urgency")
"""Attributes whose texts are words of a standard (CAP 1.2, the weather signals) and not a person's; they stay."""

_ASSUMED: Final = "assumed_timezone"  # the contract itself writes it
_NAMES: Final = ("actor", "gateway", "track")
_PLAIN: Final = re.compile(r"[a-z0-9_]{1,32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Anonymity:
    """What a cassette hides. ``pseudonyms`` None: nothing. ``kept_texts``: attributes whose texts are written as they came."""

    pseudonyms: Pseudonyms | None
    is_dated: bool = False  # the true dates stay
    kept_texts: tuple[str, ...] = KEPT_TEXTS


@dataclass(slots=True)
class Tally:
    """What became of the journal's entries."""

    event_count: int = 0
    other_count: int = 0  # actions, deliveries, packs and refusals: no device said them
    shift_ms: int = 0
    communities: dict[str, int] = field(default_factory=dict)


def cassette(entries: Iterable[Journaled], anonymity: Anonymity, tally: Tally) -> Iterator[Recorded]:
    """One line for each event, in the journal's order; all else is counted. The first line decides how far dates are moved."""
    for journaled in entries:
        event = journaled.entry
        if not isinstance(event, Event):
            tally.other_count += 1
            continue
        if not tally.event_count and not anonymity.is_dated:
            tally.shift_ms = weeks_from(journaled.received_at)
        tally.event_count += 1
        tally.communities[event.community] = tally.communities.get(event.community, 0) + 1
        moved = _moved(event, tally.shift_ms)
        names = anonymity.pseudonyms
        topic, payload = encode(moved if names is None else _hidden(moved, names, anonymity.kept_texts))
        yield Recorded(journaled.received_at + tally.shift_ms, topic, payload)


def weeks_from(first_at: int) -> int:
    """How far (ms) whole weeks lead from this instant into the week of FIRST_WEEK_AT: weekday and hour stay as they were."""
    return -((first_at - FIRST_WEEK_AT) // WEEK_MS) * WEEK_MS


def _moved(event: Event, shift_ms: int) -> Event:
    """The event at another time, asking for no receipt. A clock that was never set stays one: nothing goes below 1970."""

    def move(at: float) -> int:
        return max(0, round(at) + shift_ms)

    at = event.occurred_at
    return replace(
        event,
        occurred_at=None if at is None else move(at),
        wants_receipt=False,
        attributes=with_moved_instants(dict(event.attributes), move),
    )


def _hidden(event: Event, names: Pseudonyms, kept: tuple[str, ...]) -> Event:
    return replace(
        event,
        id=names.identity(event.id),
        community=names.community(event.community),
        device=names.device(event.device),
        zone=names.place(event.zone),
        attributes={key: _attribute(key, value, names, kept) for key, value in event.attributes.items()},
    )


def _attribute(key: str, value: Attribute, names: Pseudonyms, kept: tuple[str, ...]) -> Attribute:
    """Numbers, true and false stay; of texts only instants, plain words of a standard, and what things have in common."""
    if not isinstance(value, str) or key == _ASSUMED or is_instant(key, value):
        return value
    if key in kept and (key not in KEPT_TEXTS or _PLAIN.fullmatch(value)):
        return value
    return names.device(value) if key in _NAMES else names.text(value)
