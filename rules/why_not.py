"""Why not: what the rules made of the events of a place, how near they came, and what held them back. For replays only.

The observer stands around the intake of a replay's engine: production never meets it. It reads what the signals remember, and
changes nothing; the replay decides as the service did.
"""

from collections.abc import Iterable

from rules import holding
from rules.book import Book
from rules.definition import Key, RulePack
from rules.effects import Effect, RecordFact
from rules.engine import Engine, ReadPack
from rules.holding import Word
from rules.intake import Intake
from rules.model import Entity, Event, Fact, Input, Reason, Resumed
from rules.near import near_of
from rules.place import lies_in
from rules.signals import IDLE, RISING
from rules.watch import ActiveRule, Watch, slot_of
from rules.why_not_shape import Asked, Look, RuleLook, Spoken, WhyNot
from rules.why_not_words import held_of, rule_said, whole_said

_SPEAKING = (Entity.WARNING, Entity.ALARM)


class View:
    """What one rule made of the place so far."""

    def __init__(self, active: ActiveRule) -> None:
        self.rule = active.rule
        self.looks = 0
        self.nearest: Look | None = None
        self.last: Look | None = None
        self.held: dict[Word, int] = {}
        self.spoken: list[Spoken] = []

    def add(self, look: Look, held: Iterable[Word], *, is_event: bool) -> None:
        """Count a look, and keep it where none was nearer."""
        self.looks += is_event
        self.last = look
        for word in held:
            self.held[word] = self.held.get(word, 0) + 1
        if self.nearest is None or look.share > self.nearest.share:
            self.nearest = look

    def answer(self) -> RuleLook:
        """What became of it."""
        held = held_of(self.held)
        return RuleLook(
            rule=self.rule.id,
            title=self.rule.title,
            hazard=self.rule.hazard,
            look_count=self.looks,
            share=0.0 if self.nearest is None else self.nearest.share,
            nearest=self.nearest,
            last=self.last,
            held=held,
            spoken=tuple(self.spoken),
            sentence=rule_said(self.rule.title, self.spoken, self.nearest, held, self.looks),
        )


class ObservedIntake(Intake):
    """An intake that also notes what it saw of one place at one time."""

    def __init__(self, book: Book, asked: Asked) -> None:
        super().__init__(book)
        self.asked = asked
        self.views: dict[str, View] = {}
        self.unseen: dict[Word, int] = {}
        self.heard_count = 0
        self.last_heard_at: int | None = None

    def take(self, event: Event, now: int) -> None:
        """As in production; and noted where it is about the place and the time."""
        asked = self.asked
        if not self._is_about(event):
            super().take(event, now)
            return
        self.last_heard_at = now
        if not asked.from_at <= now <= asked.until_at:
            super().take(event, now)
            return
        self.heard_count += 1
        before = dict(self.ignored)
        running = {active.name: _running(self._watch(active, event)) for active in self._rules_for(event)}
        super().take(event, now)
        reasons = [reason for reason, count in self.ignored.items() if count != before.get(reason, 0)]
        for reason in reasons:
            self.count_unseen(reason.value)
        for active in self._rules_for(event):
            self._note_look(active, event, now, reasons, running.get(active.name, []))

    def view(self, active: ActiveRule) -> View:
        """What is known of a rule so far."""
        return self.views.setdefault(active.rule.id, View(active))

    def count_unseen(self, word: str) -> None:
        """Count an event, or a time, of which no rule saw anything."""
        self.unseen[word, ""] = self.unseen.get((word, ""), 0) + 1

    def _is_about(self, event: Event) -> bool:
        asked = self.asked
        is_here = event.device == asked.device if asked.device else lies_in(event.zone, asked.zone)
        return is_here and asked.community in ("", event.community)

    def _rules_for(self, event: Event) -> list[ActiveRule]:
        route = self.book.routes.find(event.event_class, event.kind)
        rules = route.rules if route.own is None else route.own.get(event.community, route.rules)
        return [active for active in rules if self.asked.rule in ("", active.rule.id)]

    def _watch(self, active: ActiveRule, event: Event) -> Watch | None:
        return active.watches.get(event.community, {}).get(slot_of(active.key_of(event), event.status))

    def _note_look(self, active: ActiveRule, event: Event, now: int, reasons: list[Reason], running: list[int]) -> None:
        watch = self._watch(active, event)
        is_late = event.occurred_at is not None and now - event.occurred_at > active.late_max_ms
        unseen = [reason for reason in reasons if reason is not Reason.TOO_LATE or is_late]
        held: list[Word] = [(reason.value, "") for reason in unseen]
        if not unseen:
            held = holding.of_event(self.book, active, watch, event, now)
            if running and (watch is None or any(watch.signals[index].phase == IDLE for index in running)):
                held.append(("delay_broken", ""))
        self.note(active, watch, held, now, None if unseen else event, event)

    def note(
        self, active: ActiveRule, watch: Watch | None, held: list[Word], at: int, seen: Event | None, event: Event | None
    ) -> None:
        """Keep one look of a rule: at what it was shown, or at what it remembers."""
        near = tuple(
            [
                near_of(
                    "warning" if index < active.warning_count else "alarm",
                    stage,
                    seen,
                    None if watch is None else watch.signals[index],
                    at,
                )
                for index, stage in enumerate(active.stages)
            ]
        )
        if not held and not any(one.share >= 1.0 for one in near):
            held = [("delay_running" if any(one.is_true for one in near) else "below_limit", "")]
        look = Look(
            at=at,
            event_id="" if event is None else event.id,
            device=(watch.device if watch else "") if event is None else event.device,
            kind="" if event is None else event.kind,
            value=None if event is None else event.state if event.value is None else event.value,
            held=held_of(dict.fromkeys(held, 1)),
            near=near,
        )
        self.view(active).add(look, held, is_event=event is not None)


class ObservedEngine(Engine):
    """An engine of a replay whose intake is observed."""

    def __init__(self, asked: Asked, *, pack: RulePack | None = None, read_pack: ReadPack | None = None) -> None:
        super().__init__(pack=pack, read_pack=read_pack)
        self.asked = asked
        self._observed = ObservedIntake(self._book, asked)
        self._intake = self._observed

    def receive(self, entry: Input, now: int, position: int = 0) -> tuple[Effect, ...]:
        """As in production; what is told of the place is kept."""
        if type(entry) is Resumed and entry.deaf_since_at <= self.asked.until_at and now >= self.asked.from_at:
            self._observed.count_unseen("deaf")
        return self._keep(super().receive(entry, now, position))

    def advance(self, now: int) -> tuple[Effect, ...]:
        """As in production; what is told of the place is kept."""
        return self._keep(super().advance(now))

    def is_near(self, entry: Input) -> bool:
        """Whether an entry may matter to the place. Events of other buildings do not, unless a rule or a mode looks further."""
        if type(entry) is not Event:
            return True
        asked = self.asked
        if asked.community not in ("", entry.community):
            return False
        if asked.device or not entry.zone or entry.zone.partition("/")[0] == asked.zone.partition("/")[0]:
            return True
        route = self._book.routes.find(entry.event_class, entry.kind)
        return bool(route.modes) or any(active.rule.key is Key.COMMUNITY for active in route.rules)

    def answer(self, replayed_from_at: int) -> WhyNot:
        """What was found, once the replay stands at the end of the time asked about."""
        observed, asked = self._observed, self.asked
        for active in self._book.rules.values():
            if asked.rule in ("", active.rule.id):
                for watch in active.all_watches():
                    if asked.community in ("", watch.community) and self._is_here(active, watch.device, watch.zone):
                        held = holding.of_watch(self._book, watch, self._now)
                        observed.note(active, watch, held, self._now, None, None)
        rules = sorted([view.answer() for view in observed.views.values()], key=lambda one: (-one.share, one.rule))
        unseen = held_of(observed.unseen)
        known = [active.rule.id for active in self._book.rules.values() if asked.rule in ("", active.rule.id)]
        return WhyNot(
            asked=asked,
            pack_version=self._book.pack.version,
            replayed_from_at=replayed_from_at,
            event_count=observed.heard_count,
            last_heard_at=observed.last_heard_at,
            unseen=unseen,
            rules=tuple(rules),
            quiet_rules=tuple(sorted(set(known) - observed.views.keys())),
            sentence=whole_said(asked, observed.heard_count, rules, unseen),
        )

    def _is_here(self, active: ActiveRule, device: str, zone: str) -> bool:
        """Whether what a rule says of this device and zone is about the place; a rule for the whole community is about each."""
        asked = self.asked
        if asked.device:
            return device == asked.device
        is_around = lies_in(asked.zone, zone) if zone else active.rule.key is Key.COMMUNITY
        return is_around or lies_in(zone, asked.zone)

    def _keep(self, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
        for effect in effects:
            if type(effect) is RecordFact and effect.fact.entity in _SPEAKING:
                self._hear(effect.fact)
        return effects

    def _hear(self, fact: Fact) -> None:
        asked = self.asked
        is_asked = asked.community in ("", fact.community) and asked.rule in ("", fact.rule)
        active = next((one for one in self._book.rules.values() if one.rule.id == fact.rule), None)
        if active is None or not is_asked or not asked.from_at <= fact.at <= asked.until_at:
            return
        if not self._is_here(active, fact.device, fact.zone):
            return
        spoken = Spoken(
            at=fact.at, entity=fact.entity, entity_id=fact.entity_id, transition=fact.transition, sentence=fact.sentence
        )
        view = self._observed.view(active)
        if spoken not in view.spoken:  # what fires while an entry is received is told by both
            view.spoken.append(spoken)


def _running(watch: Watch | None) -> list[int]:
    """Which delays were running before an event: to tell what it broke off."""
    return [] if watch is None else [index for index, signal in enumerate(watch.signals) if signal.phase == RISING]
