"""What a rule pack says, once it has been read and found good: typed, frozen, and without a trace of YAML."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from enum import StrEnum
from types import MappingProxyType

from rules.kinds import Kind
from rules.model import Event, EventClass, Level, Sentence
from rules.primitive import Condition

Guard = Callable[[Event], bool]
"""A compiled CEL condition over one event. Raises ``rules.expression.ConditionError`` where the event lacks what it names."""


class Key(StrEnum):
    """What a rule watches one of at a time."""

    DEVICE = "device"
    ZONE = "zone"
    BUILDING = "building"  # the first part of the zone
    COMMUNITY = "community"
    ACTOR = "actor"  # of rules alone: who or what was seen, wherever it goes, else its zone; see rules/actors.py


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """At this condition the rule speaks with this level."""

    level: Level
    condition: Condition
    modes: tuple[str, ...] = ()  # only while one of these holds for its place
    not_modes: tuple[str, ...] = ()  # not while one of these holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Which events a rule looks at. Empty tuples match all."""

    kinds: tuple[str, ...]
    classes: tuple[EventClass, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Local hours in which a rule is armed, as minutes of the day; ``start > end`` runs over midnight."""

    start_minute: int
    end_minute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """A set of local days: these weekdays (0 is Monday) without ``minus``, and the dates of ``plus``; dates are ordinals."""

    weekdays: tuple[int, ...] = ()
    plus: frozenset[int] = field(default_factory=frozenset)
    minus: frozenset[int] = field(default_factory=frozenset)

    def has(self, ordinal: int) -> bool:
        """Whether the day with this ordinal is one of them."""
        return ordinal in self.plus or ((ordinal - 1) % 7 in self.weekdays and ordinal not in self.minus)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """A word that can hold for a place: armed, away, rainstorm. Where it looks at kinds, events switch it; people always can."""

    id: str
    title: Sentence
    kinds: tuple[str, ...] = ()
    guard: Guard | None = None  # which of their events speak of it
    ends: Guard | None = None  # which of those end it, besides the states below
    on_states: tuple[str, ...] = ("on",)
    off_states: tuple[str, ...] = ("off",)
    lasts_s: float | None = None  # where neither the event nor the person says until when; None: until it is changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """合理化卡片: what the person at the desk needs when the rule alarms (ISA-18.2: every alarm is rationalised)."""

    cause: Sentence
    consequence: Sentence
    action: Sentence
    time_to_respond_s: float  # from the alarm until it is too late to prevent the consequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: what it looks at, when it warns, when it alarms, what happens then."""

    id: str
    title: Sentence
    hazard: str
    key: Key
    match: Match
    warnings: tuple[Stage, ...] = ()  # the mildest first
    alarms: tuple[Stage, ...] = ()  # the mildest first
    guard: Guard | None = None
    guard_text: str = ""
    unwatch: Guard | None = None  # of a Silence: an event for which this is true stops the watch until the next other one
    unwatch_text: str = ""
    hours: Hours | None = None
    days: tuple[Days, ...] = ()  # on any of these; empty: every day
    modes: tuple[str, ...] = ()  # only while one of these holds for its place
    not_modes: tuple[str, ...] = ()  # not while one of these holds
    is_latching: bool | None = None  # as its hazard, where the rule does not say
    warning_expires_s: float = 3600.0
    plan: str = ""
    confidence: float | None = None  # of a source that does not say how sure it is; None: it is counted and not weighed
    sentence: Sentence | None = None  # template with {device} {zone} {kind} {value} {unit} {limit} {state} {for_s} {heading}
    source: str = ""  # standard and clause, or "ours"
    card: Card | None = None
    is_shadow: bool = False  # a draft that is checked and does nothing; a backtest says what it would have done
    digest: str = ""  # of the rule's own text: unchanged digest keeps running conditions over a reload


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """A kind of danger: what gathers into one incident, and whether a life may hang on it."""

    id: str
    title: Sentence
    is_life_safety: bool = False
    is_latching: bool = False
    gather_by: Key = Key.ZONE
    gather_within_s: float = 1800.0
    gathers_with: tuple[str, ...] = ()  # hazards whose open incident at the same place takes this one in
    late_max_s: float = 600.0  # older than this on arrival: recorded, but no alarm


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """Which alarms are meant: exactly one of these is given."""

    hazard: str = ""
    rule: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inhibition:
    """While an alarm of the source stands, those of the target at the same place are its symptoms and are suppressed."""

    id: str
    title: Sentence
    source: Aim
    target: Aim
    from_level: Level = Level.BLUE  # the source is at least so severe
    to_level: Level = Level.RED  # the target is at most so severe
    equal: Key = Key.ZONE
    lasts_s: float | None = None  # at most so long after the source's last occurrence


# ---------------------------------------------------------------------------------------------------- the response


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A deadline of a stage, counted from the order (or from the incident's opening for ``acknowledged``)."""

    name: str  # acknowledged | accepted | en_route | on_scene | completed
    within_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """When this share of a clock has run and the step has not happened, tell these. 1.0 is the deadline itself."""

    at_share: float
    notify: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Somebody with this capability is sent, at once, when the incident has an alarm of ``from_level`` or worse."""

    capability: str
    task: Sentence
    clocks: tuple[Target, ...]
    from_level: Level = Level.ORANGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    """How messages about one incident are grouped: seconds before the first, between two, and until the same is said again."""

    wait_s: float = 0.0  # life safety never waits
    interval_s: float = 300.0
    """A contact that flaps would fill every telephone: a message in five minutes at the same level; ours."""
    repeat_s: float = 0.0  # 0: never; ends when somebody acknowledges or sets out
    tells_recovery: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """预案: who must go and by when, who is told, and what happens when a clock is missed."""

    id: str
    title: Sentence
    orders: tuple[Order, ...] = ()
    notify_on_warning: tuple[str, ...] = ()
    notify_on_alarm: tuple[str, ...] = ()
    messages: Messages = Messages()
    clocks: tuple[Target, ...] = ()  # the incident's own: acknowledged
    escalations: tuple[Escalation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """共管方: an organisation that manages, prevents and handles with the others."""

    id: str
    title: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """席位: an operator position. Its person can take in only so many alarms. Without zones, or parties, it answers for all."""

    id: str
    title: Sentence
    zones: tuple[str, ...] = ()  # these and all within them
    parties: tuple[str, ...] = ()  # alarms of which the plan tells one of these


@dataclass(frozen=True, slots=True, kw_only=True)
class Responder:
    """处警人员: who goes. ``zone`` is where they usually are: the longer the shared path, the nearer."""

    id: str
    title: Sentence
    party: str
    capabilities: tuple[str, ...]
    zone: str = ""
    hours: Hours | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePack:
    """Everything a community has decided about warning, alarm and dispatch, in one version."""

    id: str
    version: str
    digest: str
    title: Sentence
    timezone: tzinfo
    hazards: Mapping[str, Hazard]
    rules: tuple[Rule, ...]
    plans: Mapping[str, Plan]
    parties: Mapping[str, Party]
    responders: tuple[Responder, ...]
    inhibitions: tuple[Inhibition, ...] = ()
    units: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  # of every reading: the house's, the pack's
    kinds: Mapping[tuple[EventClass, str], Kind] = field(default_factory=lambda: MappingProxyType({}))  # that the pack adds
    positions: tuple[Position, ...] = ()
    by_community: Mapping[str, "RulePack"] = field(default_factory=lambda: MappingProxyType({}))  # where parameters are set
    modes: Mapping[str, Mode] = field(default_factory=lambda: MappingProxyType({}))
