"""The desk of a backtest: an operator and responders who take exactly so long for each step, whatever the pack.

Without people an alarm that nobody acknowledges stays open, and all that happens later at its place hides behind it. The people
of the demonstration close what has recovered; a press or a report never says that it is over, so this desk also closes what has
been quiet for half an hour. What a sensor still reports stays open: nobody closes a power cut while it is dark.
"""

from heapq import heappop, heappush
from random import Random
from typing import Final

from rules.kinds import KINDS
from rules.model import Entity, EventClass, Fact, OperatorAction, Verb
from simulator.people import OPERATOR, Pace, People

PACE: Final = Pace(
    acknowledge_s=(60, 60),
    verify_s=(120, 120),
    accept_s=(60, 60),
    en_route_s=(30, 30),
    on_scene_s=(90, 90),
    complete_s=(600, 600),
    reset_s=(60, 60),
    close_s=(60, 60),
)
"""Acknowledged, accepted after 60 s, on scene 3 min after the order (公消〔2015〕301号, micro fire station); the rest is ours."""
QUIET_MS: Final = 1_800_000
"""A case of which nothing was told for half an hour is closed, unless the chain forbids it; ours, as a hazard gathers."""


_STANDS: Final = ("unacknowledged", "acknowledged")
_OVER: Final = ("normal", "returned_unacknowledged", "latched_unacknowledged", "latched_acknowledged")


class Desk:
    """Everybody who acts in a backtest."""

    def __init__(self) -> None:
        self._people = People(Random(0), PACE)  # noqa: S311 - every step has one length only: no chance is left
        self._last: dict[str, int] = {}  # when something was told last of each open case that has alarmed
        self._standing: dict[str, dict[str, None]] = {}  # of each case the alarms whose end a sensor will tell
        self._quiet: list[tuple[int, str, str]] = []  # when it would be quiet for long, the case, its community

    def notice(self, fact: Fact) -> None:
        """Read one line of the timeline."""
        self._people.notice(fact, fact.at)
        case = fact.incident_id
        if fact.entity is Entity.INCIDENT and fact.to_state == "closed":
            self._last.pop(case, None)
            self._standing.pop(case, None)
        elif case and fact.entity in (Entity.ALARM, Entity.DISPATCH) and (case in self._last or fact.transition == "opened"):
            self._last[case] = fact.at
            self._follow(fact)
            heappush(self._quiet, (fact.at + QUIET_MS, case, fact.community))

    def _follow(self, fact: Fact) -> None:
        if fact.entity is not Entity.ALARM:
            return
        if fact.to_state in _STANDS and fact.evidence and not is_momentary(fact):
            self._standing.setdefault(fact.incident_id, {})[fact.entity_id] = None
        elif fact.to_state in _OVER:
            self._standing.get(fact.incident_id, {}).pop(fact.entity_id, None)

    def next_deadline(self) -> int | None:
        """When somebody acts next (ms); None when nobody has anything to do."""
        while self._quiet and self._last.get(self._quiet[0][1]) != self._quiet[0][0] - QUIET_MS:
            heappop(self._quiet)
        quiet_at = self._quiet[0][0] if self._quiet else None
        acts_at = self._people.next_deadline()
        return quiet_at if acts_at is None or (quiet_at is not None and quiet_at < acts_at) else acts_at

    def due(self, now: int) -> tuple[OperatorAction, ...]:
        """What is to be done by now; each action is handed out once."""
        actions = [*self._people.due(now)]
        while self._quiet and self._quiet[0][0] <= now:
            at, case, community = heappop(self._quiet)
            if self._last.get(case) == at - QUIET_MS and not self._standing.get(case):
                self._last.pop(case)
                actions.append(_close(case, community, at))
        return tuple(actions)


def is_momentary(fact: Fact) -> bool:
    """Whether the evidence is a press, a sighting or a report: no sensor will say that it is over."""
    kind = KINDS.get((EventClass.ALARM, fact.evidence[-1].kind))
    return kind is not None and kind.is_momentary


def _close(case: str, community: str, at: int) -> OperatorAction:
    return OperatorAction(
        id=f"act-quiet-{case}-{at}",
        community=community,
        actor=OPERATOR,
        verb=Verb.CLOSE,
        entity=Entity.INCIDENT,
        entity_id=case,
        arguments={"verdict": "real"},
    )
