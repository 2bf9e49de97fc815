"""The people of a drill: the simulator's operator and responders, a second operator who does anything, and their patience.

What could not be handed in (nobody there, door full) is handed in again under the same id, as a console does.
"""

import sqlite3
from collections import deque
from collections.abc import Iterator
from random import Random
from typing import Final

from ingest.entries import Appended
from ingest.port import Delivery
from ingest.topics import Lane
from rules.model import Attribute, Entity, Fact, OperatorAction, Verb
from simulator.drill.house import House
from simulator.people import Pace, People

_OPEN: Final = {
    Entity.INCIDENT: "SELECT id, community FROM incident WHERE closed_at IS NULL ORDER BY id",
    Entity.ALARM: "SELECT id, community FROM alarm WHERE ended_at IS NULL ORDER BY id",
    Entity.DISPATCH: "SELECT id, community FROM dispatch WHERE ended_at IS NULL ORDER BY id",
}
_VERBS: Final = {
    Entity.INCIDENT: (Verb.ACKNOWLEDGE, Verb.VERIFY, Verb.CLOSE, Verb.NOTE, Verb.UNACKNOWLEDGE, Verb.ORDER, Verb.MERGE),
    Entity.ALARM: (Verb.ACKNOWLEDGE, Verb.SHELVE, Verb.SHELVE, Verb.UNSHELVE, Verb.RESET, Verb.UNACKNOWLEDGE),
    Entity.DISPATCH: (Verb.ACCEPT, Verb.DECLINE, Verb.ON_SCENE, Verb.COMPLETE, Verb.REASSIGN),
}
_RESPONDERS: Final = ("guard_1", "guard_2", "engineer_1", "micro_station_1", "nobody")
_LAST: Final = "SELECT doc FROM {table} WHERE {ended} IS NULL ORDER BY id"


class Crew:
    """Reads the timeline and acts. ``handed_in`` are the actions that the house said to have journaled."""

    def __init__(self, dice: Random) -> None:
        self._people = People(dice, Pace())
        self._waiting: deque[OperatorAction] = deque()
        self._under_way: dict[str, OperatorAction] = {}
        self.handed_in: dict[str, OperatorAction] = {}
        self._count = 0

    def read(self, news: list[Fact], now_ms: int) -> None:
        """Read what is new at the console."""
        for fact in news:
            self._people.notice(fact, now_ms)
        news.clear()

    def want(self, action: OperatorAction) -> None:
        """Have this handed in."""
        self._waiting.append(action)

    def act(self, house: House | None, now_ms: int) -> bool:
        """Do what is due, as far as there is a door to knock at. Says whether anything was handed in."""
        self._waiting.extend(self._people.due(now_ms))
        if house is None or not self._waiting:
            return False
        while self._waiting:
            action = self._waiting.popleft()
            self._under_way[action.id] = action
            if not house.desk.offer(Delivery([action], lambda appended, one=action: self._heard(one, appended), Lane.CRITICAL)):  # type: ignore[misc]
                self._waiting.appendleft(action)
                break
        return True

    def lose_touch(self) -> None:
        """The house is gone: what was under way is not known to have arrived, and is handed in again."""
        self._waiting.extendleft(reversed(self._under_way.values()))
        self._under_way.clear()

    @property
    def is_idle(self) -> bool:
        """Whether all that was wanted is in the journal."""
        return not self._waiting and not self._under_way

    def _heard(self, action: OperatorAction, appended: Appended | None) -> None:
        self._under_way.pop(action.id, None)
        if appended is None:
            self._waiting.append(action)
        else:
            self.handed_in[action.id] = action

    def anything(self, connection: sqlite3.Connection, numbers: tuple[float, ...]) -> OperatorAction | None:
        """Something that a second operator might do to what is open, wise or not; None where nothing is."""
        found = [(entity, *row) for entity, query in _OPEN.items() for row in connection.execute(query)]
        if not found:
            return None
        entity, entity_id, community = found[int(numbers[0] * len(found))]
        verb = _VERBS[entity][int(numbers[1] * len(_VERBS[entity]))]
        others = [row[1] for row in found if row[0] is Entity.INCIDENT]
        arguments: dict[str, Attribute] = {
            "reason": "a drill",
            "for_s": (30.0, 300.0, 3000.0)[int(numbers[2] * 3)],
            "verdict": ("real", "false", "benign")[int(numbers[3] * 3)],
            "text": "a note",
            "responder": _RESPONDERS[int(numbers[2] * len(_RESPONDERS))],
            "into": others[int(numbers[3] * len(others))] if others else "none",
        }
        return self.action(community, verb, entity, entity_id, arguments)

    def tidy_up(self, connection: sqlite3.Connection) -> None:
        """After the storm: take everything off the shelves, see it through, and close it."""
        for action in self._tidying(connection):
            self.want(action)

    def _tidying(self, connection: sqlite3.Connection) -> Iterator[OperatorAction]:
        said: dict[str, Attribute] = {"verdict": "real", "reason": "after the storm"}
        for entity, verbs in (
            (Entity.ALARM, (Verb.UNSHELVE, Verb.ACKNOWLEDGE, Verb.RESET)),
            (Entity.DISPATCH, (Verb.ACCEPT, Verb.EN_ROUTE, Verb.ON_SCENE, Verb.COMPLETE)),
            (Entity.INCIDENT, (Verb.ACKNOWLEDGE, Verb.VERIFY, Verb.CLOSE)),
        ):
            for entity_id, community in connection.execute(_OPEN[entity]).fetchall():
                for verb in verbs:
                    yield self.action(community, verb, entity, entity_id, said)

    def action(
        self, community: str, verb: Verb, entity: Entity, entity_id: str, arguments: dict[str, Attribute]
    ) -> OperatorAction:
        """What an operator asks for, under an id of its own."""
        self._count += 1
        return OperatorAction(
            id=f"o{self._count}",
            community=community,
            actor="li",
            verb=verb,
            entity=entity,
            entity_id=entity_id,
            arguments=arguments,
        )
