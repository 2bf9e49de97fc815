"""Which state may follow which: four tables, and the one function that moves. What is not in a table cannot happen."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


class IllegalMove(ValueError):  # noqa: N818 - it is an answer to the caller, and reads as one
    """A transition that the table does not have. Nothing was changed; ``legal`` holds what is possible instead."""

    def __init__(self, lifecycle: str, state: str, transition: str, legal: tuple[str, ...]) -> None:
        super().__init__(f"{lifecycle} in state {state} cannot {transition}; legal now: {', '.join(legal) or 'nothing'}")
        self.state = state
        self.transition = transition
        self.legal = legal


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The states of one kind of record, how it begins, and how it moves."""

    name: str
    initial: str
    table: Mapping[tuple[str, str], str]
    final: tuple[str, ...]

    def is_final(self, state: str) -> bool:
        """Whether nothing can follow."""
        return state in self.final


def move(lifecycle: Lifecycle, state: str, transition: str) -> str:
    """The state after the transition. Raises IllegalMove, and changes nothing, where the table has no such move."""
    following = lifecycle.table.get((state, transition))
    if following is None:
        raise IllegalMove(lifecycle.name, state, transition, legal(lifecycle, state))
    return following


def legal(lifecycle: Lifecycle, state: str) -> tuple[str, ...]:
    """The transitions that are possible from this state, in the order of the table."""
    return tuple([transition for origin, transition in lifecycle.table if origin == state])


def _lifecycle(name: str, initial: str, final: tuple[str, ...], rows: str) -> Lifecycle:
    """Read rows of ``state: transition>state transition>state``, so that the tables below can be read like tables."""
    table: dict[tuple[str, str], str] = {}
    for row in rows.strip().splitlines():
        state, moves = row.split(":")
        for step in moves.split():
            transition, following = step.split(">")
            table[state.strip(), transition] = following
    return Lifecycle(name, initial, MappingProxyType(table), final)


WARNING: Final = _lifecycle(
    "warning",
    "active",
    ("materialised", "cancelled", "expired"),
    """
    active: change_level>active suppress>suppressed materialise>materialised cancel>cancelled expire>expired
    suppressed: change_level>suppressed unsuppress>active materialise>materialised cancel>cancelled expire>expired
    """,
)
"""预警: told, or quiet as a consequence of an alarm that stands; and exactly one of three outcomes."""

# ISA-18.2 figure 2. The condition (return, retrigger) and the person (acknowledge, reset) move independently.
# An alarm record ends in normal; the next occurrence is a new record. Reset out of acknowledged is for what was reported
# and has no sensor that will report its end: a person has looked. From the shelf an alarm comes back by itself unacknowledged,
# and by a person's hand acknowledged, because that person has it before their eyes (ISA-18.2's advice). Where its cause stands
# when a shelf or an outage ends, it goes over to suppressed at once: in between it waits for nobody.
ALARM: Final = _lifecycle(
    "alarm",
    "unacknowledged",
    ("normal",),
    """
    unacknowledged: acknowledge>acknowledged return>returned_unacknowledged latch>latched_unacknowledged \
retrigger>unacknowledged worsen>unacknowledged ease>unacknowledged \
shelve>shelved suppress>suppressed retire>out_of_service close>normal
    acknowledged: unacknowledge>unacknowledged return>normal latch>latched_acknowledged retrigger>acknowledged \
worsen>unacknowledged ease>acknowledged reset>normal shelve>shelved suppress>suppressed retire>out_of_service close>normal
    returned_unacknowledged: acknowledge>normal retrigger>unacknowledged \
shelve>shelved suppress>suppressed retire>out_of_service close>normal
    latched_unacknowledged: acknowledge>latched_acknowledged retrigger>unacknowledged \
shelve>shelved suppress>suppressed retire>out_of_service close>normal
    latched_acknowledged: unacknowledge>latched_unacknowledged reset>normal retrigger>unacknowledged \
shelve>shelved suppress>suppressed retire>out_of_service close>normal
    shelved: return>shelved latch>shelved retrigger>shelved ease>shelved worsen>unacknowledged \
unshelve_active>unacknowledged unshelve_latched>latched_unacknowledged unshelve_normal>normal \
unshelve_seen_active>acknowledged unshelve_seen_latched>latched_acknowledged unshelve_seen_normal>normal \
suppress>suppressed close>normal
    suppressed: return>suppressed latch>suppressed retrigger>suppressed ease>suppressed worsen>suppressed \
unsuppress_active>unacknowledged unsuppress_latched>latched_unacknowledged unsuppress_normal>normal \
retire>out_of_service close>normal
    out_of_service: return>out_of_service latch>out_of_service retrigger>out_of_service ease>out_of_service \
worsen>out_of_service restore_active>unacknowledged restore_latched>latched_unacknowledged restore_normal>normal \
suppress>suppressed close>normal
    """,
)
"""报警: the alarm state model of ISA-18.2, with shelved, suppressed by design and out of service."""

UNACKNOWLEDGED: Final = ("unacknowledged", "returned_unacknowledged", "latched_unacknowledged")
"""In these states an alarm waits for a person to acknowledge it, whether its condition holds or not."""
QUIET: Final = ("shelved", "suppressed", "out_of_service")
"""In these states an alarm asks for nobody's attention, whatever its condition does; what it does is still told and counted."""

INCIDENT: Final = _lifecycle(
    "incident",
    "watch",
    ("closed",),
    """
    watch: alarm>open acknowledge>watch unacknowledge>watch quiet>watch recover>recovered merge>closed close>closed
    open: acknowledge>acknowledged respond>handling recover>recovered alarm>open worsen>open quiet>watch \
merge>closed close>closed
    acknowledged: unacknowledge>open respond>handling recover>recovered alarm>acknowledged worsen>open quiet>watch \
merge>closed close>closed
    handling: acknowledge>handling unacknowledge>handling respond>handling recover>recovered alarm>handling worsen>handling \
quiet>handling merge>closed close>closed
    recovered: acknowledge>recovered unacknowledge>recovered respond>recovered alarm>open worsen>open quiet>recovered \
merge>closed close>closed
    """,
)
"""警情: from a watch over warnings, by alarm, answer and recovery, to the close that a person decides. While all its alarms are
suppressed it is a watch again (``quiet``); merged into another incident it is closed, and that one goes on."""

DISPATCH: Final = _lifecycle(
    "dispatch",
    "ordered",
    ("completed", "declined", "expired", "reassigned", "cancelled"),
    """
    ordered: accept>accepted decline>declined expire>expired reassign>reassigned cancel>cancelled
    accepted: en_route>en_route on_scene>on_scene decline>declined reassign>reassigned cancel>cancelled
    en_route: on_scene>on_scene decline>declined reassign>reassigned cancel>cancelled
    on_scene: complete>completed reassign>reassigned cancel>cancelled
    """,
)
"""处警: an order on its way: 接单, 出警, 到场, 完毕; or 退单, 超时, 转办, 撤销."""
