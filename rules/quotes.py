"""原话: what came with an event for people to read or look at, in the words of whoever sent it, and in no words of ours.

The chain decides by kinds and states; who sends the fire team wants to read “third floor, an old man is inside” as it was
written. A case keeps the newest of what was said, counts all of it, and each has a line in the story. It is cut to a length and
rid of what is not seen or turns the direction of a text; that telephone numbers are masked is for the way in. What leaves the
desk (topics, hooks, messages to other systems) does not carry it.
"""

import re
from dataclasses import replace
from typing import Final

from rules.book import Book
from rules.model import Event, EventClass, Incident, Network, Quote, Reason, Sentence, Speaker
from rules.signals import copy_of
from rules.watch import Watch

WORDS_MAX: Final = 500
"""Characters of one quote; what a form of ours takes."""
KEPT_MAX: Final = 8
"""The newest that a case keeps: as many as one screen shows; ours."""
LINES_MAX: Final = 64
"""Quotes that each get a line of their own in the story; all are counted. Our form takes 60 reports a minute; ours."""

_WORDS: Final = ("headline", "instruction", "text", "description", "status_notes")
_MEDIA: Final = ("photo", "clip")
_MEDIA_MAX: Final = 500
_GUARDS: Final = ("guard", "grid")
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)
_REPEATED: Final = re.compile(r"\n\s*")

_SAID: Final = {
    Speaker.PERSON: Sentence("有人上报，原话见此", "somebody reports, in their own words"),
    Speaker.GUARD: Sentence("保安或网格员上报，原话见此", "a guard reports, in their own words"),
    Speaker.AUTHORITY: Sentence("发布机构的原文见此", "the authority says, in its own words"),
    Speaker.DEVICE: Sentence("设备附带的说明或影像", "the device sends a text or a picture with it"),
}


def hear(book: Book, watch: Watch, event: Event) -> None:
    """Take what came with this event for people into the case of this watch, where there is one and it is news there."""
    if event.event_class is not EventClass.ALARM or not event.attributes:
        return
    record = book.alarms.get(watch.alarm_id) or book.warnings.get(watch.warning_id)
    case = None if record is None else book.cases.get(record.incident_id)
    if record is None or case is None:
        return
    one = quote_of(event, book.now, record.id)
    before = case.incident
    if one is None or any(_is_same(one, known) for known in before.quotes):
        return
    count = before.quote_count + 1
    incident = replace(before, quotes=_newest((*before.quotes, one)), quote_count=count)
    book.put_case(replace(case, incident=incident))
    if count <= LINES_MAX or count & (count - 1) == 0:  # then only 128, 256 …
        book.tell(
            incident,
            "quoted",
            Reason.REPORTED,
            _SAID[one.by],
            from_state=incident.state,
            evidence=(copy_of(event, book.now, "report", None),),
            value=one.words or one.media,
        )


def quote_of(event: Event, now: int, signal_id: str) -> Quote | None:
    """What this event brings for people; None where it is nothing. ``signal_id``: the alarm or warning that it speaks for."""
    told = event.attributes
    words = cleaned("\n".join([text for name in _WORDS if isinstance(text := told.get(name), str) and text]))
    media = next((text for name in _MEDIA if isinstance(text := told.get(name), str) and text), "")
    if not words and not media:
        return None
    return Quote(
        event_id=event.id,
        signal_id=signal_id,
        by=_speaker_of(event),
        device=event.device,
        network=event.network,
        zone=event.zone,
        received_at=now,
        occurred_at=event.occurred_at,
        words=words,
        media=media if len(media) <= _MEDIA_MAX and not _UNSEEN.search(media) else "",
    )


def cleaned(text: str) -> str:
    """The text without what cannot be seen, without empty lines, and not longer than ``WORDS_MAX``."""
    seen = _REPEATED.sub("\n", _UNSEEN.sub("", text[: 8 * WORDS_MAX])).strip()
    return seen if len(seen) <= WORDS_MAX else seen[: WORDS_MAX - 1] + "…"


def joined(kept: Incident, gone: Incident) -> tuple[Quote, ...]:
    """Of two cases that become one: the newest of both."""
    return _newest(tuple(sorted((*kept.quotes, *gone.quotes), key=lambda one: one.received_at)))


def parted(incident: Incident, signal_id: str) -> tuple[Incident, tuple[Quote, ...]]:
    """A case from which one alarm is split off: the case that is left, and what goes with the alarm."""
    gone = tuple([one for one in incident.quotes if one.signal_id == signal_id])
    left = tuple([one for one in incident.quotes if one.signal_id != signal_id])
    return replace(incident, quotes=left, quote_count=incident.quote_count - len(gone)), gone


def _newest(quotes: tuple[Quote, ...]) -> tuple[Quote, ...]:
    return quotes[-KEPT_MAX:]


def _is_same(one: Quote, known: Quote) -> bool:
    """Whether this says what is known. Of a device the first stands for all: a camera has a new picture every second."""
    if one.device != known.device:
        return False
    return one.by is Speaker.DEVICE or (one.words, one.media) == (known.words, known.media)


def _speaker_of(event: Event) -> Speaker:
    if event.kind == "warning_signal":
        return Speaker.AUTHORITY
    if event.network not in (Network.INTERNET, Network.DATA):
        return Speaker.DEVICE
    return Speaker.GUARD if event.attributes.get("channel") in _GUARDS else Speaker.PERSON
