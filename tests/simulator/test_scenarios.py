"""Every bundled scenario against the default rule pack, in virtual time: the truth comes true, and nothing else is raised."""

from collections.abc import Iterator

import pytest

from ingest.wire import decode
from rules.definition import RulePack
from rules.effects import AnswerAction, Effect, RecordFact
from rules.engine import Engine
from rules.model import Entity, Fact
from simulator.chance import chance
from simulator.community import build_community
from simulator.people import People
from simulator.scenario import Scenario
from simulator.scenario_file import load_scenario, scenario_names
from simulator.stream import messages
from simulator.truth import judge
from simulator.virtual import decision_of, decisions, recorded

COMMUNITY = build_community(seed=1)


@pytest.mark.parametrize(
    ("name", "seed"),
    [(name, 1) for name in scenario_names() if name != "quiet_day"]
    + [(name, 2) for name in scenario_names() if load_scenario(name).lasts_s < 10_000],
)
def test_the_ground_truth_comes_true(pack: RulePack, name: str, seed: int) -> None:
    scenario = load_scenario(name)
    stream = messages(build_community(seed), scenario)
    score = judge(scenario, decisions(recorded(stream, scenario.start_at), pack, tail_s=0))
    assert score.is_met, str(score)


def test_on_a_quiet_day_nothing_is_noticed(pack: RulePack) -> None:
    scenario = load_scenario("quiet_day")
    stream = recorded(messages(COMMUNITY, scenario), scenario.start_at)
    assert list(decisions(stream, pack, tail_s=0)) == []


def test_the_same_stream_gives_the_same_decisions(pack: RulePack) -> None:
    scenario = load_scenario("kitchen_fire")
    runs = [list(decisions(recorded(messages(COMMUNITY, scenario), scenario.start_at), pack)) for _ in range(2)]
    assert runs[0] == runs[1]
    assert runs[0]


def play(scenario: Scenario, pack: RulePack) -> Iterator[Fact | AnswerAction]:
    """The scenario with people in it: facts as they fall, and the answers to what people did."""
    engine, people = Engine(pack=pack), People(chance(1, "people"))

    def follow(effects: tuple[Effect, ...]) -> Iterator[Fact | AnswerAction]:
        for effect in effects:
            if isinstance(effect, RecordFact):
                people.notice(effect.fact, effect.fact.at)
                yield effect.fact
            elif isinstance(effect, AnswerAction):
                yield effect

    for at, topic, payload in recorded(messages(COMMUNITY, scenario), scenario.start_at):
        while (due_at := people.next_deadline()) is not None and due_at <= at:
            for action in people.due(due_at):
                yield from follow(engine.receive(action, due_at))
        for entry in decode(topic, payload):
            yield from follow(engine.receive(entry, at))


def test_people_take_the_kitchen_fire_from_its_warning_to_the_closed_case(pack: RulePack) -> None:
    scenario = load_scenario("kitchen_fire")
    story = list(play(scenario, pack))
    refused = [each for each in story if isinstance(each, AnswerAction) and not each.is_accepted]
    assert refused == []
    timeline = [each for each in story if isinstance(each, Fact)]
    assert judge(scenario, map(decision_of, timeline)).is_met
    orders = {fact.entity_id: fact.to_state for fact in timeline if fact.entity is Entity.DISPATCH}
    assert orders
    assert set(orders.values()) == {"completed"}
    cases = {fact.entity_id: fact.to_state for fact in timeline if fact.entity is Entity.INCIDENT}
    assert set(cases.values()) == {"closed"}
