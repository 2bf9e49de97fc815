"""People: they acknowledge, go, arrive, finish and close, each after a while, and never before there is something to do."""

from dataclasses import replace

import pytest

from rules.model import Entity, Fact, OperatorAction, Reason, Sentence, Verb
from simulator.chance import chance
from simulator.people import People

NOW = 1_800_000_000_000


@pytest.fixture
def people() -> People:
    return People(chance(1))


def fact(entity: Entity, transition: str, to_state: str, entity_id: str = "x-1") -> Fact:
    return Fact(
        id=f"f-{entity}-{transition}-{entity_id}",
        at=NOW,
        community="c01",
        entity=entity,
        entity_id=entity_id,
        incident_id="i-1",
        transition=transition,
        from_state="",
        to_state=to_state,
        reason=Reason.LIMIT_CROSSED,
        cause_id="e-1",
        sentence=Sentence("", ""),
    )


def all_due(people: People) -> list[tuple[Verb, str]]:
    return [(action.verb, action.entity_id) for action in people.due(NOW + 3_600_000)]


def test_an_alarm_is_acknowledged_and_verified_once(people: People) -> None:
    people.notice(fact(Entity.ALARM, "opened", "unacknowledged", "a-1"), NOW)
    people.notice(fact(Entity.ALARM, "opened", "unacknowledged", "a-2"), NOW)
    assert all_due(people) == [(Verb.ACKNOWLEDGE, "i-1"), (Verb.VERIFY, "i-1")]
    assert people.next_deadline() is None


def test_nobody_acts_before_the_time_they_need(people: People) -> None:
    people.notice(fact(Entity.ALARM, "opened", "unacknowledged"), NOW)
    due_at = people.next_deadline()
    assert due_at is not None
    assert NOW + 4_000 <= due_at <= NOW + 10_000
    assert people.due(due_at - 1) == ()
    assert len(people.due(due_at)) == 1


def test_an_order_is_followed_step_by_step(people: People) -> None:
    for transition, state, verb in [
        ("ordered", "ordered", Verb.ACCEPT),
        ("accepted", "accepted", Verb.EN_ROUTE),
        ("en_route", "en_route", Verb.ON_SCENE),
        ("on_scene", "on_scene", Verb.COMPLETE),
    ]:
        people.notice(fact(Entity.DISPATCH, transition, state, "d-1"), NOW)
        assert all_due(people) == [(verb, "d-1")]


def test_an_order_is_answered_by_whom_it_was_given_to(people: People) -> None:
    people.notice(replace(fact(Entity.DISPATCH, "ordered", "ordered", "d-1"), value="mfs-1"), NOW)
    assert [action.actor for action in people.due(NOW + 3_600_000)] == ["mfs-1"]


def test_a_latched_alarm_is_acknowledged_and_then_reset(people: People) -> None:
    people.notice(fact(Entity.ALARM, "cleared", "latched_unacknowledged", "a-1"), NOW)
    assert all_due(people) == [(Verb.ACKNOWLEDGE, "a-1")]
    people.notice(fact(Entity.ALARM, "acknowledged", "latched_acknowledged", "a-1"), NOW)
    assert all_due(people) == [(Verb.RESET, "a-1")]


def test_a_case_is_closed_when_all_recovered_and_every_order_has_ended(people: People) -> None:
    people.notice(fact(Entity.ALARM, "opened", "unacknowledged"), NOW)
    people.notice(fact(Entity.DISPATCH, "ordered", "ordered", "d-1"), NOW)
    people.notice(fact(Entity.DISPATCH, "ordered", "ordered", "d-2"), NOW)
    people.notice(fact(Entity.INCIDENT, "recovered", "recovered", "i-1"), NOW)
    people.notice(fact(Entity.DISPATCH, "completed", "completed", "d-1"), NOW)
    assert Verb.CLOSE not in [verb for verb, _ in all_due(people)]
    people.notice(fact(Entity.DISPATCH, "declined", "declined", "d-2"), NOW)
    assert all_due(people) == [(Verb.CLOSE, "i-1")]


def test_an_early_warning_alone_moves_nobody(people: People) -> None:
    people.notice(fact(Entity.WARNING, "opened", "active"), NOW)
    people.notice(fact(Entity.INCIDENT, "opened", "watch", "i-1"), NOW)
    assert all_due(people) == []


def test_the_same_dice_give_the_same_deeds() -> None:
    def deeds() -> list[OperatorAction]:
        people = People(chance(5))
        people.notice(fact(Entity.ALARM, "opened", "unacknowledged"), NOW)
        people.notice(fact(Entity.DISPATCH, "ordered", "ordered", "d-1"), NOW)
        return list(people.due(NOW + 3_600_000))

    assert deeds() == deeds()
    assert len({deed.id for deed in deeds()}) == len(deeds())
