"""Every bundled scenario against the default rule pack, in virtual time: the truth comes true, and nothing else is raised."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.wire import decode
from rules.definition import RulePack
from rules.effects import AnswerAction, Effect, RecordFact
from rules.engine import Engine
from rules.model import Entity, Fact
from simulator.chance import chance
from simulator.community import build_community
from simulator.faults.models import FAULT_NAMES
from simulator.hazards.models import HAZARD_MODELS
from simulator.judge.matching import match
from simulator.judge.score import happenings
from simulator.people import People
from simulator.scenario import Scenario
from simulator.scenario_file import load_scenario, scenario_names
from simulator.scenario_packs import elder_care_pack, elder_homes
from simulator.scenario_page import page, row_of
from simulator.stream import messages
from simulator.truth import judge
from simulator.virtual import decision_of, decisions, recorded

COMMUNITY = build_community(seed=1)


WHOLE = (Path(__file__).resolve().parents[2] / "docs" / "scenarios.md").read_text(encoding="utf-8")
PAGE, ELDER_CARE = WHOLE.split("## The same with the elder care pack")


def counted(row: str) -> str:
    """A row of the page without its last cell: how long before the danger moves with every noise of a sensor."""
    return row.rsplit("|", 2)[0]


SHORT = [name for name in scenario_names() if load_scenario(name).lasts_s <= 3600]
"""The others are played by `python -m simulator.scenario_page > docs/scenarios.md`."""

BRIEF = [name for name in SHORT if load_scenario(name).lasts_s <= 900]


@pytest.mark.parametrize("name", [*SHORT, "elder_fall_and_silence"])
def test_what_is_true_is_told_in_time_and_nothing_else_as_the_page_says(pack: RulePack, name: str) -> None:
    row = row_of(name, pack)
    told = [one for one in happenings([row.town]) if one["alarm"]["verdict"] in ("late", "missed")]  # type: ignore[index]
    assert told == []
    assert match("alarm", row.town.played.reached, row.town.happened).false == []
    assert counted(str(row)) in map(counted, PAGE.splitlines())


@pytest.mark.parametrize("name", ["festival_night", "call_for_help", "fall_seen_by_radar", "stumble", "kitchen_fire"])
def test_the_elder_care_pack_says_in_time_what_is_true_and_nothing_else_as_the_page_says(name: str) -> None:
    row = row_of(name, elder_care_pack(load_scenario(name).build()))
    told = [one for one in happenings([row.town]) if one["alarm"]["verdict"] in ("late", "missed")]  # type: ignore[index]
    assert told == []
    assert match("alarm", row.town.played.reached, row.town.happened).false == []
    assert counted(str(row)) in map(counted, ELDER_CARE.splitlines())


def test_the_elder_care_pack_is_told_where_the_elders_of_a_community_live() -> None:
    homes = [flat.zone for flat in COMMUNITY.flats if flat.is_elder]
    found = re.compile(elder_homes(tuple(homes)))
    assert [flat.zone for flat in COMMUNITY.flats if found.search(flat.zone)] == homes != []
    assert re.search(elder_homes(()), homes[0]) is None
    assert elder_care_pack(COMMUNITY).by_community[COMMUNITY.id].rules != elder_care_pack(COMMUNITY).rules


def test_devices_that_fall_silent_with_the_power_ring_for_nobody(pack: RulePack) -> None:
    """Seventy of them do: neither while it is dark, nor all at once when the light is back."""
    played = row_of("power_cut_with_mass_offline", pack).town.played
    assert {one.rule for one in played.rang} == {"power_lost"}


@pytest.mark.parametrize("name", BRIEF)
def test_the_ground_truth_comes_true_in_another_community(pack: RulePack, name: str) -> None:
    scenario = load_scenario(name)
    community = scenario.build(2)
    stream = messages(community, scenario)
    score = judge(scenario, decisions(recorded(stream, scenario.start_at), pack, tail_s=0), community=community)
    assert score.is_met, str(score)


def test_the_page_names_every_scenario_model_and_fault() -> None:
    rows = [line.split("|")[1].strip() for line in PAGE.splitlines() if line.startswith("| `")]
    elders = [line.split("|")[1].strip() for line in ELDER_CARE.splitlines() if line.startswith("| `")]
    assert rows == [f"`{name}`" for name in scenario_names()]
    assert elders == [f"`{name}`" for name in (*scenario_names(), *HAZARD_MODELS, *FAULT_NAMES)]
    for text in (PAGE, ELDER_CARE):
        assert "recall 1.000" in text
        assert "Alarms that were wrong: none." in text


def test_the_page_is_written_by_its_command(pack: RulePack) -> None:
    rows = [row_of("kitchen_fire", pack), row_of("drops_of_water", pack)]
    text = "\n".join(page(rows, rows[:1], pack))
    [kitchen] = [line for line in PAGE.splitlines() if line.startswith("| `kitchen_fire` |")]
    [models] = [line for line in ELDER_CARE.splitlines() if line.startswith("| `fire` |")]
    assert text.count(counted(kitchen)) == 2
    assert models in text
    assert "- 2 scenarios, 1 of them without anything that asks for an alarm." in text
    assert PAGE.startswith(text[: text.index("## In short")])


def test_every_hazard_is_shipped_with_its_near_misses_and_quiet_weeks() -> None:
    shipped = [load_scenario(name) for name in scenario_names()]
    assert len(shipped) >= 40
    assert {hazard.model for scenario in shipped for hazard in scenario.hazards} == set(HAZARD_MODELS)
    asked = [any(peril.alarm_due_s for peril in scenario.perils(scenario.build())) for scenario in shipped]
    assert sum(asked) >= 25
    assert asked.count(False) >= 20
    assert [scenario.lasts_s for scenario in shipped if not scenario.hazards].count(604_800) >= 3


@pytest.mark.parametrize("name", scenario_names())
def test_nobody_is_asked_to_alarm_after_it_is_dangerous(name: str) -> None:
    scenario = load_scenario(name)
    for peril in scenario.perils(scenario.build()):
        dues = (peril.warning_due_s, peril.alarm_due_s)
        if peril.dangerous_s is not None and peril.hazard in ("fire", "gas", "carbon_monoxide", "flood"):
            assert all(due is None or peril.began_s < due <= peril.dangerous_s for due in dues)
            assert peril.alarm_due_s is not None
            assert peril.who


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
