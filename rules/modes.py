"""Modes of a place: a word (armed, away, night, rainstorm) that holds for a zone and all inside it until an instant, or until
it is changed. People set it, and events do where the pack says so: an authority's warning signal for as long as it is valid.

Each source has its own word about a mode, so that one district's cancelled signal does not end the city's. What a change does to
conditions that are under way is written in ``gate``.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from rules import gate
from rules.arrival import Notes
from rules.book import Book
from rules.canonical import digest_id
from rules.definition import Mode, RulePack
from rules.expression import ConditionError
from rules.judgement import judge
from rules.model import Entity, Event, EventClass, Fact, Reason, Sentence, Status
from rules.place import BY_EVENT_MAX_S, STANDING, WHOLE_COMMUNITY, PlaceMode
from rules.sentence import duration, join
from rules.unjudged import tell_mode
from rules.validity import instant_of
from rules.warning import end_warning
from rules.watch import Watch

BY_EVENT_S: Final = 12 * 3600.0
"""For how long an event sets a mode where neither it nor the pack says so; ours, the usual validity of a weather warning."""
BY_PERSON_MAX_S: Final = 366 * 86_400.0
"""Longest time that a person may name; ours."""


def title_of(pack: RulePack, name: str) -> Sentence:
    """How a mode is called."""
    known = pack.modes.get(name)
    return known.title if known is not None else STANDING.get(name, Sentence(name, name))


def set_mode(book: Book, wanted: PlaceMode, reason: Reason, event: Event | None = None) -> None:
    """Let a mode hold, or hold for another time. Whatever it arms is looked at in the same step."""
    name = digest_id("m", wanted.community, wanted.zone, wanted.mode, wanted.source)
    before = book.modes.by_id.get(name)
    mode = replace(wanted, id=name, since_at=wanted.since_at if before is None else before.since_at)
    if before is not None and (before.until_at, before.reason) == (mode.until_at, mode.reason):
        return  # said once more
    long = Sentence("直到更改", "until it is changed")
    if mode.until_at is not None:
        left = duration(round((mode.until_at - book.now) / 1000))
        long = Sentence(f"{left.zh}", f"for {left.en}")
    title = title_of(book.pack, mode.mode)
    said = Sentence(f"{mode.set_by} 设置模式“{title.zh}”，{long.zh}", f"{mode.set_by} set the mode “{title.en}”, {long.en}")
    if mode.reason:
        said = Sentence(f"{said.zh}：{mode.reason}", f"{said.en}: {mode.reason}")
    tell(book, mode, "mode_set" if before is None else "mode_renewed", reason, said, "" if event is None else event.device)
    _change(book, mode, partial(book.put_mode, mode))
    watch_mode(book, mode)


def end_mode(book: Book, mode: PlaceMode, reason: Reason, actor: str = "") -> None:
    """This source's word is over. The mode itself is, unless another source still says it."""
    book.timers.disarm(f"mode {mode.id}")
    title = title_of(book.pack, mode.mode)
    said = Sentence(f"模式“{title.zh}”结束", f"the mode “{title.en}” is over")
    if actor:
        said = Sentence(f"{actor} 结束模式“{title.zh}”", f"{actor} ended the mode “{title.en}”")
    tell(book, mode, "mode_ended", reason, said, actor=actor)
    _change(book, mode, partial(book.put_mode, replace(mode, ended_at=book.now)))


def watch_mode(book: Book, mode: PlaceMode) -> None:
    """See to it that a mode ends when its time is over."""
    if mode.until_at is None:
        book.timers.disarm(f"mode {mode.id}")
    else:
        book.timers.arm(f"mode {mode.id}", mode.until_at, partial(_time_over, book, mode.id))


def _time_over(book: Book, name: str, _: int) -> None:
    end_mode(book, book.modes.by_id[name], Reason.MODE_ENDED)


def tell(
    book: Book, mode: PlaceMode, transition: str, reason: Reason, said: Sentence, device: str = "", actor: str | None = None
) -> None:
    """One line of the timeline about a place."""
    place = mode.zone or WHOLE_COMMUNITY
    where = Sentence("全社区", "the whole community") if not mode.zone else Sentence(mode.zone, mode.zone)
    book.add_fact(
        Fact(
            id="",
            at=book.now,
            community=mode.community,
            entity=Entity.ZONE,
            entity_id=place,
            incident_id="",
            transition=transition,
            from_state="",
            to_state="",
            reason=reason,
            cause_id=book.cause_id,
            sentence=join(where, said),
            zone=mode.zone,
            device=device,
            pack_version=book.pack.version,
            actor=(mode.set_by if not device else "") if actor is None else actor,
            value=mode.mode,
        )
    )


# -------------------------------------------------------------------------------------------------- set by events


def switch(book: Book, notes: Notes, modes: tuple[Mode, ...], event: Event, now: int) -> None:
    """Let an event set or end the modes that the pack says it speaks of. An exercise sets none; what nobody can judge is told."""
    if event.status is not Status.ACTUAL:
        return
    for mode in modes:
        try:
            if mode.guard is not None and not mode.guard(event):
                continue
            is_end = mode.ends is not None and mode.ends(event)
        except ConditionError as fault:
            tell_mode(book, notes, mode, event, fault)
            continue
        state = "on" if event.state is None and event.event_class is EventClass.ALARM else event.state
        until_at = _valid_until(book, mode, event, now)
        if is_end or state in mode.off_states or until_at <= now:
            name = digest_id("m", event.community, event.zone, mode.id, event.device)
            held = book.modes.by_id.get(name)
            if held is not None:
                end_mode(book, held, Reason.REPORTED)
        elif state in mode.on_states:
            set_mode(
                book,
                PlaceMode(
                    id="",
                    community=event.community,
                    zone=event.zone,
                    mode=mode.id,
                    source=event.device,
                    set_by=event.device,
                    reason="",
                    since_at=now,
                    until_at=until_at,
                ),
                Reason.REPORTED,
                event,
            )


def _valid_until(book: Book, mode: Mode, event: Event, now: int) -> int:
    """The attribute ``expires_at`` (ISO 8601, or ms since 1970), else the pack's time from when it was said; never too far."""
    until = instant_of(event.attributes.get("expires_at"), book.pack.timezone)
    if until is None:
        said_at = now if event.occurred_at is None else min(now, event.occurred_at)
        until = said_at + round((mode.lasts_s or BY_EVENT_S) * 1000)
    return min(until, now + round(BY_EVENT_MAX_S * 1000))


# ------------------------------------------------------------------------------------------- what a change leads to


def _change(book: Book, mode: PlaceMode, put: Callable[[], None]) -> None:
    """Make the change, and look again at every watch whose gate it opens or closes."""
    affected = [
        watch
        for active in book.rules.values()
        if mode.mode in active.mode_words
        for watch in active.all_watches()
        if watch.community == mode.community
    ]
    before = [gate.open_stages(book, watch, book.now) for watch in affected]
    put()
    for watch, was_open in zip(affected, before, strict=True):
        _follow(book, watch, was_open, mode)


def _follow(book: Book, watch: Watch, was_open: tuple[bool, ...], mode: PlaceMode) -> None:
    is_open = gate.open_stages(book, watch, book.now)
    if is_open == was_open:
        return
    gate.begin(watch, [index for index, now in enumerate(is_open) if now and not was_open[index]], book.now, by_mode=True)
    gate.end(watch, [index for index, now in enumerate(is_open) if was_open[index] and not now])
    warning = book.warnings.get(watch.warning_id)
    if warning is not None and not any(signal.is_on for signal in gate.spoken_of(watch, watch.warnings)):
        title = title_of(book.pack, mode.mode)
        said = Sentence(f"预警解除：模式“{title.zh}”有变", f"the warning is over: the mode “{title.en}” changed")
        watch.warned_rank = 0
        end_warning(book, warning, "cancel", Reason.MODE_ENDED, join(said, warning.sentence))
    judge(book, watch)
