"""Which rules look at which events, and what is known of a kind: worked out once for each class and kind that comes."""

from collections.abc import Mapping
from typing import Final

from rules.definition import Mode, RulePack
from rules.kinds import KINDS, Kind
from rules.model import EventClass, Evidence
from rules.reach import NEVER
from rules.watch import ActiveRule

KINDS_MAX: Final = 4096
"""Pairs of class and kind that are remembered. Kinds come from outside; beyond this they are worked out each time."""


class Route:
    """The way of one class and kind: the rules that look at it, the modes that it can switch, the range that can be believed.

    Sieves are rules that deny impossible readings. Where there are any, every value is doubted: ``low`` to ``high`` is empty.
    """

    __slots__ = ("_sieves", "high", "kind", "low", "modes", "own", "rules")

    def __init__(
        self,
        kind: Kind,
        rules: tuple[ActiveRule, ...],
        modes: tuple[Mode, ...],
        own: Mapping[str, tuple[ActiveRule, ...]] | None,
    ) -> None:
        self.kind = kind
        self._sieves = {name: _sieves(found, kind) for name, found in {"": rules, **(own or {})}.items()}
        self.rules = _no_sieves(rules)
        self.modes = modes
        self.own = None if own is None else {name: _no_sieves(found) for name, found in own.items()}  # by community
        self.low = NEVER if any(self._sieves.values()) else float("-inf") if kind.low is None else kind.low
        self.high = float("inf") if kind.high is None else kind.high

    def sieves_in(self, community: str) -> tuple[ActiveRule, ...]:
        """The sieves of this community: its own where it has rules of its own."""
        return self._sieves.get(community, self._sieves[""])

    def is_in_range(self, value: float) -> bool:
        """Whether the kind can have this value at all."""
        return (self.kind.low is None or value >= self.kind.low) and (self.kind.high is None or value <= self.kind.high)


def _sieves(rules: tuple[ActiveRule, ...], kind: Kind) -> tuple[ActiveRule, ...]:
    return tuple([rule for rule in rules if rule.is_sieve and kind.event_class is EventClass.READING])


def _no_sieves(rules: tuple[ActiveRule, ...]) -> tuple[ActiveRule, ...]:
    return tuple([rule for rule in rules if not rule.is_sieve])


class Routes:
    """All ways of one pack."""

    __slots__ = ("_known", "_pack", "_rules")

    def __init__(self, pack: RulePack, rules: tuple[ActiveRule, ...]) -> None:
        self._pack = pack
        self._rules = rules
        self._known: dict[EventClass, dict[str, Route]] = {event_class: {} for event_class in EventClass}

    def find(self, event_class: EventClass, kind: str) -> Route:
        """The way of this class and kind."""
        known = self._known[event_class]
        route = known.get(kind)
        if route is None:
            rules = [rule for rule in self._rules if _looks(rule, event_class, kind)]
            everywhere = tuple([rule for rule in rules if not rule.community])
            own = {name: self._own(name, event_class, kind) for name in self._pack.by_community}
            modes = tuple([mode for mode in self._pack.modes.values() if kind in mode.kinds])
            route = Route(self.kind(event_class, kind), everywhere, modes, own or None)
            if len(known) < KINDS_MAX:
                known[kind] = route
        return route

    def _own(self, community: str, event_class: EventClass, kind: str) -> tuple[ActiveRule, ...]:
        """What looks at it in a community with parameters: its own rules, and of the others those that it has no own of."""
        own = [rule for rule in self._rules if rule.community == community]
        instead = [rule.rule.id for rule in own]
        others = [rule for rule in self._rules if not rule.community and rule.rule.id not in instead]
        return tuple([rule for rule in (*others, *own) if _looks(rule, event_class, kind)])

    def kind(self, event_class: EventClass, name: str) -> Kind:
        """What is known of a kind: the pack's word first, then the house's, then only its name."""
        known = self._look_up(event_class, name)
        unit = self._pack.units.get(name, "")
        return known or Kind(name, event_class, name, name.replace("_", " "), unit=unit)

    def kind_of(self, evidence: Evidence) -> Kind:
        """What is known of the kind of a reading, whose class is not kept: the likeliest class that knows it."""
        if evidence.test == "report":
            classes: tuple[EventClass, ...] = (EventClass.ALARM,)
        elif evidence.value is None:
            classes = (EventClass.STATE, EventClass.ALARM, EventClass.HEARTBEAT)
        else:
            classes = (EventClass.READING, EventClass.ALARM, EventClass.STATE)
        found = [known for event_class in classes if (known := self._look_up(event_class, evidence.kind)) is not None]
        return found[0] if found else self.kind(classes[0], evidence.kind)

    def _look_up(self, event_class: EventClass, name: str) -> Kind | None:
        own = self._pack.kinds.get((event_class, name))
        return own or KINDS.get((event_class, name))


def _looks(active: ActiveRule, event_class: EventClass, kind: str) -> bool:
    match = active.rule.match
    return (not match.kinds or kind in match.kinds) and (not match.classes or event_class in match.classes)
