"""A fire department's week, call by call and unit by unit, played as reports and orders: the chain must know the same times.

sf_fire_calls: San Francisco, ODC public domain (DataSF). A call is a resident's report; a row is a unit that was sent. No address
leaves this file: a case is its number.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from ingest.wire import decode
from rules.definition import Responder, RulePack
from rules.effects import AnswerAction, Effect, RecordFact
from rules.engine import Engine
from rules.model import Attribute, Entity, Fact, Input, OperatorAction, Sentence, Verb
from simulator.real_data import DATA, local_ms, rows

FOLDER: Final = Path("sf_fire_calls")
FILES: Final = ("sf_calls_2016_tail", "sf_calls_outside_fire_lone_mountain")

_CAPABILITY: Final = "patrol"  # what the plan of an ordinary report asks for: its clocks then run for every unit
_COMMUNITY: Final = "city"


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """Something that a person did: at an instant (ms), in this order where instants are the same."""

    at: int
    rank: int
    case: str
    unit: str
    verb: str  # report, order, a verb of a responder, or close


@dataclass(slots=True)
class Told:
    """What the chain knows of one case: its opening, the first order, the first unit there, its end (ms; -1: never)."""

    opened_at: int = -1
    ordered_at: int = -1
    on_scene_at: int = -1
    closed_at: int = -1


@dataclass(slots=True)
class Week:
    """The department's book as the chain has kept it. ``refused``: how often a step was illegal, by its verb."""

    cases: dict[str, Told] = field(default_factory=dict)
    unit_count: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    recorded_orders: list[int] = field(default_factory=list)  # ms from the first call of a case to its first order, as recorded
    recorded_arrivals: list[int] = field(default_factory=list)


def steps(name: str, data: Path = DATA) -> list[Step]:
    """All that was done, in time order. Raises RecordingsMissingError."""
    found: list[Step] = []
    last: dict[str, int] = {}
    for row in rows(data / FOLDER / f"{name}.csv.gz", "a fire department's calls"):
        case, unit = f"i{row['Incident Number']}", row["Unit ID"]
        at = {word: local_ms(row[f"{word} DtTm"]) for word in _COLUMNS if row[f"{word} DtTm"]}
        found.append(Step(at["Received"], 0, case, row["Call Number"], "report"))
        found += [Step(instant, rank, case, unit, verb) for rank, (instant, verb) in enumerate(_of_unit(at), start=1)]
        last[case] = max(last.get(case, 0), *at.values())
    found += [Step(at, 9, case, "", "close") for case, at in last.items()]
    return sorted(dict.fromkeys(found))


_COLUMNS: Final = ("Received", "Dispatch", "Response", "On Scene", "Available")


def _of_unit(at: Mapping[str, int]) -> Iterator[tuple[int, str]]:
    """A unit that never arrived was called off: it declines. One that arrived has accepted and set out, if it said so or not."""
    if "Dispatch" not in at:
        return
    yield at["Dispatch"], "order"
    set_out_at = at.get("Response", at.get("On Scene"))
    if set_out_at is not None:
        yield set_out_at, Verb.ACCEPT.value
        yield set_out_at, Verb.EN_ROUTE.value
    if "On Scene" in at:
        yield at["On Scene"], Verb.ON_SCENE.value
    if "Available" in at:
        yield at["Available"], (Verb.COMPLETE if "On Scene" in at else Verb.DECLINE).value


def with_units(pack: RulePack, units: list[str]) -> RulePack:
    """The pack with a department's units as its responders."""
    party = pack.responders[0].party
    made = [Responder(id=unit, title=Sentence(unit, unit), party=party, capabilities=(_CAPABILITY,)) for unit in units]
    return replace(pack, responders=tuple(made))


def play_week(all_steps: list[Step], pack: RulePack) -> Week:
    """Hand every step to the chain at its instant, as people at a console would, and read the timeline."""
    units = sorted({step.unit for step in all_steps if step.verb == "order"})
    desk = _Desk(Engine(pack=with_units(pack, units)))
    for step in all_steps:
        desk.do(step)
    desk.week.unit_count = sum(step.verb == "order" for step in all_steps)
    desk.week.recorded_orders = _waits(all_steps, "order")
    desk.week.recorded_arrivals = _waits(all_steps, Verb.ON_SCENE.value)
    return desk.week


def _waits(all_steps: list[Step], verb: str) -> list[int]:
    """From the first report of each case to its first step of this sort, ms, by the record alone."""
    reported: dict[str, int] = {}
    first: dict[str, int] = {}
    for step in all_steps:
        if step.verb == "report":
            reported.setdefault(step.case, step.at)
        elif step.verb == verb:
            first.setdefault(step.case, step.at)
    return [at - reported[case] for case, at in first.items()]


class _Desk:
    """Who reads the timeline, and knows which order belongs to which unit."""

    def __init__(self, engine: Engine) -> None:
        self.week = Week()
        self._engine = engine
        self._position = 0
        self._cases: dict[str, str] = {}  # incident id by case
        self._names: dict[str, str] = {}  # case by incident id
        self._orders: dict[tuple[str, str], str] = {}  # dispatch id by case and unit

    def do(self, step: Step) -> None:
        """One step, through the front door."""
        if step.verb == "report":
            body = f'{{"id":"{step.case}-{step.unit}","kind":"report","zone":"{step.case}"}}'.encode()
            topic = f"shouwang/v1/{_COMMUNITY}/internet/alarm/call-{step.unit}"
            for entry in decode(topic, body, arrival=step.unit):
                self._hear(step, self._receive(entry, step.at))
            return
        incident = self._cases.get(step.case, "")
        if step.verb == "order":
            self._act(step, Verb.ORDER, Entity.INCIDENT, incident, {"responder": step.unit})
        elif step.verb == "close":
            self._act(step, Verb.CLOSE, Entity.INCIDENT, incident, {"verdict": "real"})
        else:
            self._act(step, Verb(step.verb), Entity.DISPATCH, self._orders.get((step.case, step.unit), ""), {})

    def _act(self, step: Step, verb: Verb, entity: Entity, entity_id: str, arguments: dict[str, Attribute]) -> None:
        action = OperatorAction(
            id=f"{step.case}-{step.unit}-{verb.value}-{step.at}",
            community=_COMMUNITY,
            actor=step.unit or "dispatcher",
            verb=verb,
            entity=entity,
            entity_id=entity_id,
            arguments=arguments,
        )
        self._hear(step, self._receive(action, step.at))

    def _receive(self, entry: Input, at: int) -> list[Effect]:
        self._position += 1
        return [*self._engine.receive(entry, at, self._position)]

    def _hear(self, step: Step, effects: list[Effect]) -> None:
        for effect in effects:
            if type(effect) is AnswerAction and not effect.is_accepted:
                self.week.refused[step.verb] = self.week.refused.get(step.verb, 0) + 1
            elif type(effect) is RecordFact:
                self._read(effect.fact)

    def _read(self, fact: Fact) -> None:
        if fact.entity is Entity.INCIDENT and fact.transition == "opened":
            self._cases[fact.zone], self._names[fact.incident_id] = fact.incident_id, fact.zone
            self.week.cases[fact.zone] = Told(opened_at=fact.at)
            return
        told = self.week.cases.get(self._names.get(fact.incident_id, ""))
        if told is None:
            return
        if fact.entity is Entity.DISPATCH and fact.transition == "ordered":
            self._orders[self._names[fact.incident_id], str(fact.value)] = fact.entity_id
            told.ordered_at = fact.at if told.ordered_at < 0 else told.ordered_at
        elif fact.entity is Entity.DISPATCH and fact.transition == "on_scene":
            told.on_scene_at = fact.at if told.on_scene_at < 0 else told.on_scene_at
        elif fact.entity is Entity.INCIDENT and fact.to_state == "closed":
            told.closed_at = fact.at
