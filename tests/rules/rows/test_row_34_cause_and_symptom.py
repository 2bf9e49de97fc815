"""Row 34: a symptom is recorded under its cause and calls nobody; when the cause ends and the symptom still holds, it speaks."""

from dataclasses import replace
from typing import Any

import pytest

from rules import definition as d
from rules import primitive as p
from rules.definition import Aim, Inhibition
from rules.model import Alarm, Status
from tests.rules.score import Play, event, hazard, pack, rule, said, stage

PLAN = d.Plan(id="p", title=said("plan"), notify_on_alarm=("desk",))
HEAT = rule("heat", "temperature", hazard="heat", alarms=(stage("yellow", p.Threshold(above=40)),), plan="p")
FAN = rule("fan", "power", hazard="fan", alarms=(stage("orange", p.Threshold(below=5)),), plan="p")
SMOKE = rule("smoke", "smoke_obscuration", hazard="fire", alarms=(stage("red", p.Threshold(above=10)),), plan="p")


def room(*inhibitions: Inhibition, **changes: Any) -> Play:
    made = pack(
        HEAT,
        FAN,
        SMOKE,
        hazards=(hazard("heat"), hazard("fan"), hazard("fire", is_life_safety=True)),
        plans=(PLAN,),
        parties=("desk",),
    )
    return Play(replace(made, inhibitions=inhibitions), **changes).play("""
        0 | b1/t1 temperature=50 | incident opened, alarm opened
        1 | b1/f1 power=0        | incident opened, alarm opened
    """)


def latest(play: Play) -> dict[str, Alarm]:
    return {alarm.rule: alarm for alarm in play.records("alarm")}


def name(play: Play, at_s: float, symptom: str = "heat", cause: str = "fan") -> str:
    """Name the cause; what the chain answered: 'operator_asked' where it did."""
    alarms = latest(play)
    return play.act(at_s, "li", "name_cause", alarms[symptom].id, cause=alarms[cause].id if cause in alarms else cause).reason


def test_a_named_symptom_is_recorded_under_its_cause_and_quiet() -> None:
    play = room()
    assert name(play, 2) == "operator_asked"
    heat, fan = latest(play)["heat"], latest(play)["fan"]
    assert (heat.state, heat.cause_id, heat.cause_named_by, heat.inhibition) == ("suppressed", fan.id, "li", "")
    told = [(fact.transition, fact.reason, fact.value) for fact in play.facts if fact.entity_id == heat.id][1:]
    assert told == [("cause_named", "cause_named", fan.id), ("suppressed", "cause_named", None)]
    assert play.records("incident")[-1].state == "watch"
    notices = list(play.notices)
    play.play("3 | b1/t1 temperature=60 |")
    assert play.notices == notices


def test_when_the_cause_ends_the_symptom_that_still_holds_speaks() -> None:
    play = room()
    assert name(play, 2) == "operator_asked"
    play.play("400 | b1/f1 power=50 | alarm cleared, incident recovered, alarm unsuppressed, incident alarmed")
    heat = latest(play)["heat"]
    assert (heat.state, heat.cause_id, heat.cause_named_by) == ("unacknowledged", "", "")
    assert play.last("alarm").reason == "cause_ended"
    assert "alarm_yellow_2 → desk" in play.notices


def test_a_symptom_that_has_gone_before_ends_with_its_cause() -> None:
    play = room()
    assert name(play, 2) == "operator_asked"
    play.play("""
        3 | b1/t1 temperature=20 | alarm cleared
        4 | b1/f1 power=50       | alarm cleared, incident recovered, alarm unsuppressed, incident recovered
    """)
    assert latest(play)["heat"].state == "normal"


def test_a_cause_may_be_taken_back() -> None:
    play = room()
    assert name(play, 2, cause="none") == "illegal_now"
    assert name(play, 3) == "operator_asked"
    assert name(play, 4, cause="none") == "operator_asked"
    assert (latest(play)["heat"].state, latest(play)["heat"].cause_id) == ("unacknowledged", "")


def test_an_inhibition_names_the_cause_by_itself_and_a_person_s_word_goes_first() -> None:
    rule_says = Inhibition(id="x", title=said("x"), source=Aim(rule="smoke"), target=Aim(rule="heat"))
    play = room(rule_says)
    play.play("2 | b1/s1 smoke_obscuration=20 | incident opened, alarm opened, alarm suppressed, incident quieted")
    assert (latest(play)["heat"].cause_id, latest(play)["heat"].inhibition) == (latest(play)["smoke"].id, "x")
    assert name(play, 3) == "operator_asked"
    assert (latest(play)["heat"].cause_id, latest(play)["heat"].inhibition) == (latest(play)["fan"].id, "")
    play.play("4 | b1/f1 power=50 | alarm cleared, incident recovered, alarm suppressed")
    assert (latest(play)["heat"].cause_id, latest(play)["heat"].cause_named_by) == (latest(play)["smoke"].id, "")
    play.play("5 | b1/s1 smoke_obscuration=0 | alarm cleared, incident recovered, alarm unsuppressed, incident alarmed")


def test_refused_what_would_hide_a_danger() -> None:
    play = room()
    assert name(play, 2, cause="heat") == "illegal_now"  # itself
    assert name(play, 3, cause="a-unknown") == "unknown_entity"
    play.play("4 | b1/s1 smoke_obscuration=20 | incident opened, alarm opened")
    assert name(play, 5, symptom="smoke", cause="fan") == "life_safety_not_shelved"
    assert name(play, 6, symptom="heat", cause="fan") == "operator_asked"
    assert name(play, 7, symptom="fan", cause="heat") == "illegal_now"  # in a circle
    play.play("8 | b1/f1 power=50 | alarm cleared, incident recovered, alarm unsuppressed, incident alarmed")
    assert name(play, 9) == "illegal_now"  # it is over
    play.receive(event("f9", "power", 0.0, id="x", zone="b1", status=Status.EXERCISE), 10)
    assert name(play, 11, cause=play.records("alarm")[-1].id) == "unknown_entity"
    assert play.act(12, "li", "name_cause", "alarm").reason == "argument_missing"


def test_a_symptom_that_gets_worse_stays_recorded_with_its_level() -> None:
    stages = (stage("yellow", p.Threshold(above=40)), stage("red", p.Threshold(above=60)))
    made = pack(replace(HEAT, alarms=stages), FAN, hazards=(hazard("heat"), hazard("fan")), plans=(PLAN,), parties=("desk",))
    play = Play(made).play("""
        0 | b1/t1 temperature=50 | incident opened, alarm opened
        1 | b1/f1 power=0        | incident opened, alarm opened
    """)
    assert name(play, 2) == "operator_asked"
    play.play("3 | b1/t1 temperature=70 | alarm level_changed red")
    assert (latest(play)["heat"].state, latest(play)["heat"].level) == ("suppressed", "red")


@pytest.mark.parametrize("is_restored_each_step", [True])
def test_named_causes_survive_a_restart_at_every_step(is_restored_each_step: bool) -> None:
    def perform(**changes: Any) -> bytes:
        play = room(**changes)
        name(play, 2)
        play.play("3 | b1/f1 power=50 | alarm cleared, incident recovered, alarm unsuppressed, incident alarmed")
        return play.text()

    assert perform(is_restored_each_step=is_restored_each_step) == perform()
