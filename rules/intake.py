"""One event on its way through the rules. This is the path that every reading takes: what crosses nothing must cost little."""

from dataclasses import replace
from typing import Final

from rules.arrival import AHEAD_MAX_MS, CLOCK_SET_AT, Notes, note
from rules.book import Book
from rules.corroboration import take_in
from rules.effects import IssueReceipt, RecordFact
from rules.gate import show
from rules.identity import LongMemory, ShortMemory
from rules.judgement import judge, renew
from rules.model import Event, EventClass, Reason, Status
from rules.modes import switch as switch_modes
from rules.our_clock import OurClock, tell
from rules.quotes import hear
from rules.routes import Route
from rules.signals import IDLE
from rules.unjudged import asks, tell_terms
from rules.watch import ActiveRule, Watch, slot_of

_ACTUAL: Final = Status.ACTUAL
_ALARM: Final = EventClass.ALARM
_STATE: Final = EventClass.STATE
_READING: Final = EventClass.READING
_TEST: Final = Status.TEST


class Intake:
    """Judges each event on arrival, and shows it to the rules that look at its kind."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.recent = ShortMemory()
        self.known = LongMemory()
        self.notes = Notes()
        self.clock = OurClock()
        self.event_count = 0
        self.ignored: dict[Reason, int] = {}

    def prime(self, event: Event, at: int) -> None:
        """Remember a reading of the journal that was decided before a restart. What matters is in the snapshot already."""
        if event.event_class is not _ALARM and event.event_class is not _STATE:
            self.recent.is_new((event.community, event.device, event.id), at)

    def take(self, event: Event, now: int) -> None:
        """Decide on one event. What it leads to is left in the book."""
        self.event_count += 1
        event_class = event.event_class
        memory = self.known if event_class is _ALARM or event_class is _STATE else self.recent
        if event.is_retained:  # before it is remembered: the live one may still come
            reason: Reason | None = self._refuse(event, Reason.RETAINED, now)
        elif not memory.is_new((event.community, event.device, event.id), now):
            reason = Reason.DUPLICATE
        else:
            reason = self._look(event, now)
        if reason is not None:
            self.ignored[reason] = self.ignored.get(reason, 0) + 1
        if event.wants_receipt:
            is_old = reason is Reason.DUPLICATE
            receipt = IssueReceipt(event_id=event.id, community=event.community, device=event.device, at=now, is_duplicate=is_old)
            self.book.add(receipt)

    def _look(self, event: Event, now: int) -> Reason | None:
        """Show an event to the rules, or say why not."""
        if event.status is _TEST:
            return self._refuse(event, Reason.TEST_ONLY, now)
        route = self.book.routes.find(event.event_class, event.kind)
        value = event.value
        if value is not None and not route.low <= value <= route.high and self._is_impossible(event, value, route, now):
            return Reason.VALUE_IMPOSSIBLE
        age_ms = 0
        occurred_at = event.occurred_at
        if occurred_at is not None:
            age_ms = now - occurred_at
            if now >= self.clock.next_at and occurred_at >= CLOCK_SET_AT and self.clock.sample(event, age_ms, now):
                self._turn_clock(event, now)
            age_ms -= self.clock.off_ms
            if age_ms < -AHEAD_MAX_MS or occurred_at < CLOCK_SET_AT:
                reason = Reason.CLOCK_UNSET if occurred_at < CLOCK_SET_AT else Reason.CLOCK_AHEAD
                event, age_ms = self._as_of_now(event, reason, now), 0
        if route.modes:
            switch_modes(self.book, self.notes, route.modes, event, now)
        rules = route.rules if route.own is None else route.own.get(event.community, route.rules)
        return self._show(event, rules, now, age_ms)

    def _is_impossible(self, event: Event, value: float, route: Route, now: int) -> bool:
        """Whether the kind's range or a sieve denies this reading; a rule that stands for it tells it, else a note does."""
        is_denied, is_told = not route.is_in_range(value), False
        for active in route.sieves_in(event.community):
            key, slot = event.device, slot_of(event.device, event.status)
            watch = active.watches.get(event.community, {}).get(slot)
            if watch is None and not (active.is_always or value >= active.wake_above or value <= active.wake_below):
                continue
            self._consider(active, watch, key, event, now)
            watch = active.watches.get(event.community, {}).get(slot)
            if watch is not None and watch.denies(event):
                is_denied = True
                is_told = is_told or bool(watch.warning_id or watch.alarm_id)
        if is_denied and not is_told:
            self._refuse(event, Reason.VALUE_IMPOSSIBLE, now)
        return is_denied

    def _show(self, event: Event, rules: tuple[ActiveRule, ...], now: int, age_ms: int) -> Reason | None:
        """Show an event to the rules of its kind. An event that is too late for a hazard is not seen by its rules."""
        status, value, state = event.status, event.value, event.state
        if state is None and event.event_class is _ALARM:
            state = "on"
        is_late = False
        community, device = event.community, event.device
        for active in rules:
            key = device if active.is_by_device else active.key_of(event)
            watches = active.watches.get(community)
            watch = None if watches is None else watches.get(key if status is _ACTUAL else slot_of(key, status))
            if watch is None:
                if not (
                    active.is_always
                    or (value is not None and (value >= active.wake_above or value <= active.wake_below))
                    or state in active.states
                ):
                    continue  # nothing runs, and this begins nothing: the way of most readings
            elif active.is_calm_silence and age_ms <= active.late_max_ms and self._hear(watch, event, now):
                continue
            if age_ms > active.late_max_ms:
                is_late = True
            else:
                self._consider(active, watch, key, event, now)
        if is_late and event.event_class is _ALARM:
            self.clock.hold(event, now)
        return self._refuse(event, Reason.TOO_LATE, now) if is_late else None

    def _turn_clock(self, event: Event, now: int) -> None:
        """Our own clock turned out to be wrong, or right again: say so, and hear what was taken for late because of it.

        Each is its own cause: ids come from cause and instant, and two of one device may lead to the same twice.
        """
        book = self.book
        book.add(RecordFact(tell(self.clock, event, now)))
        for late in self.clock.let_go(now):
            book.cause_id = late.id
            self._look(late, now)
        book.cause_id = event.id

    def _hear(self, watch: Watch, event: Event, now: int) -> bool:
        """The usual event of a rule that waits for silence: heard, and nothing else. False where there is more to it."""
        for signal in watch.silences:
            if signal.phase != IDLE or not signal.heard_id or _is_null(event):
                return False
        for signal in watch.silences:
            signal.hear(event, now)
        if event.zone and event.zone != watch.zone:
            watch.zone = event.zone
        self.book.remember(watch)
        return True

    def _consider(self, active: ActiveRule, found: Watch | None, key: str, event: Event, now: int) -> None:
        """Show an event to one rule that it may concern."""
        active.seen_count += 1
        book = self.book
        if _is_null(event) or (active.is_silence and event.status is not _ACTUAL):
            return
        is_unwatched = asks(book, self.notes, active, found, event)
        if is_unwatched is None:
            return
        if found is None and not _may_begin(active, event):
            return
        watch = found or active.begin(event.community, key, event.status)
        was_on = event.event_class is _ALARM and any(signal.is_on for signal in watch.alarms)
        moved = show(book, watch, event, now)
        if watch.terms:
            tell_terms(book, self.notes, watch, event)
        is_update = event.event_class is _ALARM and watch.is_update(event)
        is_again = was_on and not is_update and watch.is_of(event)
        if is_unwatched:
            watch.stop_waiting()
        is_news = found is None or is_again or any(moved)
        if is_news or active.has_memory:
            _locate(watch, event)
        if is_news:
            judge(book, watch, is_again=is_again, event=event)
        elif active.has_memory or event.event_class is _ALARM:  # an alarm may have been met, which is a memory too
            if event.event_class is _ALARM:
                renew(book, watch, event)
                hear(book, watch, event)
            _remember(book, watch, event, is_update=is_update)

    def _as_of_now(self, event: Event, reason: Reason, now: int) -> Event:
        """The device's clock cannot be right: its word about time is dropped, and the fault is noted."""
        self._note(event, reason, now)
        return replace(event, occurred_at=None)

    def _refuse(self, event: Event, reason: Reason, now: int) -> Reason:
        """Not looked at, and why. An alarm that is not looked at is always told; of the rest, one a day and device."""
        if reason is Reason.VALUE_IMPOSSIBLE or event.event_class is _ALARM or reason is Reason.TOO_LATE:
            self._note(event, reason, now, is_always=event.event_class is _ALARM)
        return reason

    def _note(self, event: Event, reason: Reason, now: int, *, is_always: bool = False) -> None:
        if is_always or self.notes.is_first(event.community, event.device, reason, now):
            kind = self.book.routes.find(event.event_class, event.kind).kind
            self.book.add(RecordFact(note(event, reason, now, kind)))


def _may_begin(active: ActiveRule, event: Event) -> bool:
    """Whether a rule may begin to watch with this event; counted where only the room is missing."""
    if active.opener is not None and not active.opener.lets(event):
        return False
    has_room = active.has_room_for(event)
    active.full_count += not has_room
    return has_room


def _is_null(event: Event) -> bool:
    """Whether the event says nothing: no value and no state, from a class that should have one."""
    return event.value is None and event.state is None and (event.event_class is _READING or event.event_class is _STATE)


def _remember(book: Book, watch: Watch, event: Event, *, is_update: bool) -> None:
    """No news, but not nothing: what counts later, or an update that may be surer than what came before."""
    if is_update:
        take_in(book, watch, event)
    book.remember(watch)


def _locate(watch: Watch, event: Event) -> None:
    """Where the watch is now. What an open warning or alarm was raised for stays as it was."""
    if watch.warning_id or watch.alarm_id:
        return
    if watch.device != event.device:
        watch.device = event.device
    zone = watch.active.zone_of(event, watch)
    if zone != watch.zone:
        watch.zone = zone
