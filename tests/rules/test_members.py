"""One incident of thousands: the last warning or alarm that joins or leaves it costs no more than one of the first hundreds.

Work is counted, not timed: the steps that Python takes for one event, and the bytes of what it asks to be kept, told and saved.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from types import FrameType
from typing import Any

import pytest

from rules import primitive as p
from rules.canonical import to_json
from rules.effects import RecordFact, SaveIncident
from rules.engine import Engine
from rules.members import LISTED_MAX, without_alarm
from rules.model import Incident
from tests.rules.score import T0, Play, event, hazard, pack, rule, stage
from tests.rules.test_merging import plan

STAGES = {
    "warning": {"warnings": (stage("yellow", p.Threshold(above=10)),)},
    "alarm": {"alarms": (stage("yellow", p.Threshold(above=10)),)},
}
FEW, MANY = 300, 1500


def town(entity: str) -> Play:
    """A town whose water is one happening, however many sensors see it."""
    wet = rule("wet", "water_level", hazard="water", plan="wet", **STAGES[entity])
    return Play(pack(wet, hazards=(hazard("water", gather_within_s=3600),), plans=(plan("wet"),), parties=("desk", "boss")))


def joins(play: Play, entity: str, number: int, at_s: float) -> str:
    """The id of the warning or alarm that this sensor leads to."""
    found = [getattr(effect, entity).id for effect in sees(play, number, 15, at_s) if hasattr(effect, entity)]
    return str(found[0])


def sees(play: Play, number: int, value: float, at_s: float) -> list[Any]:
    return list(play.receive(event(f"d{number:05}", "water_level", value, id=f"e{number}-{value}", zone="b1/u1"), at_s))


class Work:
    """The steps that Python took, each an instruction of ours."""

    def __init__(self) -> None:
        self.step_count = 0

    def see(self, frame: FrameType, what: str, _: object) -> Callable[..., Any]:
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        self.step_count += what == "opcode"
        return self.see


@contextmanager
def counted() -> Iterator[Work]:
    work, before = Work(), sys.gettrace()
    sys.settrace(work.see)
    try:
        yield work
    finally:
        sys.settrace(before)


def cost_of(do: Callable[[], list[Any]]) -> tuple[int, int]:
    """The steps of this, and the bytes of its effects."""
    effects: list[Any] = []
    step_count = steps_of(lambda: effects.extend(do()))
    return step_count, sum(len(to_json(effect)) for effect in effects)


def steps_of(do: Callable[[], object]) -> int:
    with counted() as work:
        do()
    return work.step_count


@pytest.mark.parametrize("entity", STAGES)
def test_whoever_joins_or_leaves_last_costs_what_the_hundreds_before_cost(entity: str) -> None:
    play = town(entity)
    joining = {}
    for number in range(MANY):
        if number in (FEW, MANY - 1):
            joining[number] = cost_of(partial(sees, play, number, 15, number / 100))
        else:
            sees(play, number, 15, number / 100)
    last = play.records("incident")[-1]
    counts = {"warning": last.unlisted_warning_count, "alarm": last.unlisted_alarm_count}
    assert counts == {"warning": 0, "alarm": 0} | {entity: MANY - LISTED_MAX}
    leaving = {}
    for number in range(MANY):
        if number in (FEW, MANY - FEW):
            leaving[number] = cost_of(partial(sees, play, number, 5, 20 + number / 100))
        else:
            sees(play, number, 5, 20 + number / 100)
    assert play.last("incident").to_state == {"warning": "closed", "alarm": "recovered"}[entity]
    for few, many in ((joining[FEW], joining[MANY - 1]), (leaving[FEW], leaving[MANY - FEW])):
        assert many[0] < 1.2 * few[0]
        assert many[1] < 1.2 * few[1]


def test_alarms_that_are_acknowledged_one_by_one_are_not_all_asked_each_time() -> None:
    play = town("alarm")
    names = [joins(play, "alarm", number, number / 100) for number in range(1000)]
    costs = [steps_of(partial(play.act, 20, "li", "acknowledge", name)) for name in names[:3]]
    for name in names[3:-3]:
        play.act(20, "li", "acknowledge", name)
    costs += [steps_of(partial(play.act, 20, "li", "acknowledge", name)) for name in names[-3:]]
    assert costs[4] < 1.2 * costs[1]
    assert play.records("incident")[-1].acknowledged_by == "li"


@pytest.mark.parametrize("entity", STAGES)
def test_an_incident_names_the_newest_and_counts_the_others(entity: str) -> None:
    play = town(entity)
    names = [joins(play, entity, n, n) for n in range(LISTED_MAX + 3)]
    case = play.records("incident")[-1]
    assert getattr(case, f"{entity}_ids") == tuple(names[3:])
    assert getattr(case, f"unlisted_{entity}_count") == 3


def test_what_is_no_longer_named_ends_with_its_incident_in_the_order_in_which_it_came() -> None:
    """Also after a restart, of which the order of ids must not be seen."""
    told = []
    for is_restored in (False, True):
        play = town("alarm")
        opened = [joins(play, "alarm", n, n // 2) for n in range(LISTED_MAX + 20)]
        if is_restored:
            play.restore()
        play.act(1000, "li", "close", "incident", verdict="false")
        closed = [fact.entity_id for fact in play.facts if fact.entity == "alarm" and fact.transition == "closed"]
        assert sorted(closed) == sorted(opened)
        assert closed[20:] == opened[20:]
        told.append(play.text())
    assert told[0] == told[1]


def test_two_great_incidents_become_one_and_everything_open_moves() -> None:
    stages = STAGES["alarm"]
    rules = [rule(name, kind, hazard=name, **stages) for name, kind in (("water", "water_level"), ("heat", "temperature"))]
    play = Play(pack(*rules, hazards=(hazard("water"), hazard("heat"))))
    for number in range(LISTED_MAX + 10):
        play.receive(event(f"w{number}", "water_level", 15, id=f"w{number}", zone="b1"), number)
        play.receive(event(f"t{number}", "temperature", 15, id=f"t{number}", zone="b1"), number)
    water, heat = [next(one for one in reversed(play.records("incident")) if one.hazard == name) for name in ("water", "heat")]
    play.act(500, "li", "merge", heat.id, into=water.id)
    joint = next(one for one in reversed(play.records("incident")) if one.id == water.id)
    moved = [alarm.id for alarm in {one.id: one for one in play.records("alarm")}.values() if alarm.incident_id == water.id]
    assert len(moved) == 2 * (LISTED_MAX + 10)
    assert len(joint.alarm_ids) + joint.unlisted_alarm_count == 2 * (LISTED_MAX + 10)
    assert joint.alarm_ids == tuple(heat.alarm_ids)


def test_where_one_is_split_off_another_is_named_in_its_stead() -> None:
    play = town("alarm")
    names = [joins(play, "alarm", n, n) for n in range(LISTED_MAX + 2)]
    before = play.records("incident")[-1]
    play.act(500, "li", "split", before.id, alarm=names[-1])
    left = next(one for one in reversed(play.records("incident")) if one.id == before.id)
    assert left.alarm_ids == tuple(names[1:-1])
    assert left.unlisted_alarm_count == 1


def test_one_that_was_not_named_is_split_off_the_others() -> None:
    before = _incident(("a-3", "a-4"), unlisted=2)
    assert _members(without_alarm(before, "a-1", ("a-2", "a-3", "a-4"))) == (("a-2", "a-3", "a-4"), 0)
    assert _members(without_alarm(before, "a-1", ("a-3", "a-4"))) == (("a-3", "a-4"), 1)  # a-2 is over
    assert _members(without_alarm(replace(before, unlisted_alarm_count=0), "a-3", ("a-4",))) == (("a-4",), 0)


def _members(incident: Incident) -> tuple[tuple[str, ...], int]:
    return incident.alarm_ids, incident.unlisted_alarm_count


def _incident(listed: tuple[str, ...], unlisted: int) -> Incident:
    play = town("alarm")
    first = next(effect for effect in sees(play, 1, 15, 0) if isinstance(effect, SaveIncident)).incident
    return replace(first, alarm_ids=listed, unlisted_alarm_count=unlisted)


def test_a_state_that_names_all_of_many_is_read_and_goes_on() -> None:
    """As it was saved before an incident named only the newest."""
    play = town("warning")
    for number in range(LISTED_MAX + 5):
        sees(play, number, 15, number)
    play.restore()
    names = [f"w-{number}" for number in range(LISTED_MAX + 50)]
    for key, text in play.saved.items():
        if key.startswith("case/"):
            old = text.decode().replace('"unlisted_warning_count":5,', "")
            head, _, tail = old.partition('"warning_ids":[')
            play.saved[key] = (head + '"warning_ids":' + to_json(names).decode() + tail.partition("]")[2]).encode()
    play.engine = Engine.restore(play.saved.items(), read_pack=play.read_pack)
    sees(play, 999, 15, 500)
    last = play.records("incident")[-1]
    assert len(last.warning_ids) == LISTED_MAX
    assert last.unlisted_warning_count == 51


def test_the_story_of_a_storm_has_a_line_for_each() -> None:
    play = town("warning")
    for number in range(LISTED_MAX + 5):
        sees(play, number, 15, number)
    told = [effect.fact.entity_id for effect in play.effects if isinstance(effect, RecordFact) and effect.fact.at >= T0]
    assert len({name for name in told if name.startswith("w-")}) == LISTED_MAX + 5
