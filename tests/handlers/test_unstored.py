"""What cannot wait for the store: judged on the facts of the real chain, so that what is kept quietly rings nowhere."""

import pytest

from handlers.unstored import cannot_wait
from rules import definition as d
from rules import primitive as p
from rules.effects import RecordFact
from rules.model import Entity, Fact, OperatorAction, Status, Verb
from tests.rules.score import Play, event, hazard, pack, rule, stage

HOT = rule(
    "hot", "temperature", hazard="heat", alarms=(stage("orange", p.Threshold(above=50)), stage("red", p.Threshold(above=80)))
)
MILD = rule("mild", "humidity", hazard="damp", alarms=(stage("yellow", p.Threshold(above=50)),))
OUT = rule("out", "power", hazard="outage", alarms=(stage("red", p.StateIs(states=("off",))),))
QUIETS = d.Inhibition(id="quiets", title=HOT.title, source=d.Aim(hazard="outage"), target=d.Aim(hazard="heat"), equal=d.Key.ZONE)


def desk() -> Play:
    hazards = (hazard("heat"), hazard("damp"), hazard("outage"))
    return Play(pack(HOT, MILD, OUT, hazards=hazards, inhibitions=(QUIETS,)))


def urgent(play: Play) -> list[tuple[str, str, str]]:
    """Rule, transition and state of the facts that would leave without the store."""
    facts = [effect.fact for effect in play.effects if isinstance(effect, RecordFact) and cannot_wait(effect)]
    return [(fact.rule, fact.transition, fact.to_state) for fact in facts]


def test_a_grave_alarm_leaves_and_a_mild_one_waits() -> None:
    play = desk().play("""
        0 | z/d1 temperature=60 | incident opened, alarm opened orange
        1 | z/d2 humidity=60    | incident opened, alarm opened yellow
        2 | z/d1 temperature=90 | alarm level_changed red, incident level_changed
    """)
    assert urgent(play) == [("hot", "opened", "unacknowledged"), ("hot", "level_changed", "unacknowledged")]


def test_what_is_suppressed_from_the_start_does_not_ring_until_it_is_quiet_no_more() -> None:
    play = desk().play("""
        0 | z/p1 power:off      | incident opened, alarm opened
        1 | z/d1 temperature=90 | incident opened, alarm opened, alarm suppressed
    """)
    assert urgent(play) == [("out", "opened", "unacknowledged")]
    play.receive(event("p1", "power", "on", zone="z"), 2)
    assert urgent(play)[1:] == [("hot", "unsuppressed", "unacknowledged")]


def test_nor_what_is_out_of_service() -> None:
    play = desk()
    action = OperatorAction(
        id="m",
        community="c1",
        actor="li",
        verb=Verb.MAINTAIN,
        entity=Entity.ZONE,
        entity_id="z",
        arguments={"reason": "works", "for_s": 60.0},
    )
    play.receive(action, 0)
    play.receive(event("d1", "temperature", 90.0, zone="z"), 1)
    assert urgent(play) == []
    play.advance(60)
    assert urgent(play) == [("hot", "restored", "unacknowledged")]


@pytest.mark.parametrize("status", [Status.ACTUAL, Status.EXERCISE])
def test_an_exercise_shows_the_way_that_a_real_one_would_go(status: Status) -> None:
    play = desk().play("0 | z/d1 temperature=60 | incident opened, alarm opened", status=status)
    facts: list[Fact] = [effect.fact for effect in play.effects if isinstance(effect, RecordFact) and cannot_wait(effect)]
    assert [(fact.transition, fact.status) for fact in facts] == [("opened", status)]
