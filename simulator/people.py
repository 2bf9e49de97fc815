"""The people of a simulated community: an operator and responders who answer what they are told, each after a human while.

They read the timeline as anybody at a console would, and act only by operator actions through the front door. The module is
pure: it is told facts and the time, and says what is to be done when.
"""

from dataclasses import dataclass, field
from heapq import heappop, heappush
from random import Random
from typing import Final

from rules.model import Entity, Fact, OperatorAction, Verb

OPERATOR: Final = "duty-operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long people take, in seconds, as the shortest and the longest time for each step."""

    acknowledge_s: tuple[float, float] = (4, 10)
    verify_s: tuple[float, float] = (12, 20)
    accept_s: tuple[float, float] = (5, 12)
    en_route_s: tuple[float, float] = (3, 6)
    on_scene_s: tuple[float, float] = (15, 25)
    complete_s: tuple[float, float] = (15, 25)
    reset_s: tuple[float, float] = (3, 6)
    close_s: tuple[float, float] = (5, 9)


_NEXT_STEP: Final = {
    "ordered": (Verb.ACCEPT, "accept_s"),
    "accepted": (Verb.EN_ROUTE, "en_route_s"),
    "en_route": (Verb.ON_SCENE, "on_scene_s"),
    "on_scene": (Verb.COMPLETE, "complete_s"),
}
"""What a responder does after each stage of an order, and how long that takes."""

_ORDER_ENDS: Final = ("completed", "declined", "expired", "reassigned", "cancelled")


@dataclass(slots=True)
class _Case:
    """What the operator remembers of one incident."""

    is_seen: bool = False
    is_recovered: bool = False
    is_closing: bool = False
    open_orders: set[str] = field(default_factory=set)


class People:
    """Everybody who acts. ``dice`` decides how long each step takes; ``pace`` between which bounds."""

    def __init__(self, dice: Random, pace: Pace | None = None) -> None:
        self._dice = dice
        self._pace = pace or Pace()
        self._cases: dict[str, _Case] = {}
        self._goers: dict[str, str] = {}  # who was sent, by order
        self._diary: list[tuple[int, str, OperatorAction]] = []

    def notice(self, fact: Fact, now: int) -> None:
        """Read one line of the timeline, and plan what it calls for."""
        if not fact.incident_id:
            return
        case = self._cases.setdefault(fact.incident_id, _Case())
        if fact.entity is Entity.ALARM:
            self._watch_alarm(fact, now, case)
        elif fact.entity is Entity.DISPATCH:
            self._follow_order(fact, now, case)
        elif fact.entity is Entity.INCIDENT:
            case.is_recovered = fact.to_state == "recovered"
            case.is_closing = case.is_closing and case.is_recovered
            if fact.to_state == "closed":
                self._cases.pop(fact.incident_id)
                return
        if case.is_seen and case.is_recovered and not case.open_orders and not case.is_closing:
            case.is_closing = True
            self._plan(fact, now, Verb.CLOSE, Entity.INCIDENT, self._pace.close_s)

    def due(self, now: int) -> tuple[OperatorAction, ...]:
        """What is to be done by now, in the order of its time; each action is handed out once."""
        actions: list[OperatorAction] = []
        while self._diary and self._diary[0][0] <= now:
            actions.append(heappop(self._diary)[2])
        return tuple(actions)

    def next_deadline(self) -> int | None:
        """When somebody acts next, in ms; None when nobody has anything to do."""
        return self._diary[0][0] if self._diary else None

    def _watch_alarm(self, fact: Fact, now: int, case: _Case) -> None:
        """The first alarm of a case is acknowledged and verified as the case; what latches is acknowledged and reset."""
        if fact.transition == "opened" and not case.is_seen:
            case.is_seen = True
            self._plan(fact, now, Verb.ACKNOWLEDGE, Entity.INCIDENT, self._pace.acknowledge_s)
            self._plan(fact, now, Verb.VERIFY, Entity.INCIDENT, self._pace.verify_s)
        elif fact.to_state == "latched_unacknowledged":
            self._plan(fact, now, Verb.ACKNOWLEDGE, Entity.ALARM, self._pace.acknowledge_s)
        elif fact.to_state == "latched_acknowledged":
            self._plan(fact, now, Verb.RESET, Entity.ALARM, self._pace.reset_s)

    def _follow_order(self, fact: Fact, now: int, case: _Case) -> None:
        if fact.transition == "ordered":
            self._goers[fact.entity_id] = str(fact.value or "responder")
        if fact.transition in _ORDER_ENDS:
            self._goers.pop(fact.entity_id, None)
            case.open_orders.discard(fact.entity_id)
        elif fact.to_state in _NEXT_STEP:
            case.open_orders.add(fact.entity_id)
            verb, takes = _NEXT_STEP[fact.to_state]
            self._plan(fact, now, verb, Entity.DISPATCH, getattr(self._pace, takes))

    def _plan(self, fact: Fact, now: int, verb: Verb, entity: Entity, takes_s: tuple[float, float]) -> None:
        entity_id = fact.incident_id if entity is Entity.INCIDENT else fact.entity_id
        due_at = now + round(self._dice.uniform(*takes_s) * 1000)
        action = OperatorAction(
            id=f"act-{verb}-{entity_id}-{fact.id}",
            community=fact.community,
            actor=self._goers[entity_id] if entity is Entity.DISPATCH else OPERATOR,
            verb=verb,
            entity=entity,
            entity_id=entity_id,
            arguments={"verdict": "real"} if verb in (Verb.VERIFY, Verb.CLOSE) else {},
        )
        heappush(self._diary, (due_at, action.id, action))
