"""处警: who is chosen, who is passed over and why, what the clocks do, and who goes next."""

from dataclasses import replace
from typing import Any

import pytest

from rules import definition as d
from rules import primitive as p
from rules.model import Status
from tests.rules.score import Play, event, hazard, pack, rule, said, stage

CLOCKS = (
    d.Target(name="accepted", within_s=60),
    d.Target(name="on_scene", within_s=180),
    d.Target(name="completed", within_s=1800),
)
FIRE = d.Order(capability="fire", task=said("put it out"), clocks=CLOCKS)
STEPS = (
    d.Escalation(at_share=0.5, notify=("desk",)),
    d.Escalation(at_share=1.0, notify=("desk", "boss")),
    d.Escalation(at_share=2.0, notify=("boss",)),
)
PLAN = d.Plan(id="p", title=said("plan"), orders=(FIRE,), notify_on_alarm=("desk",), escalations=STEPS)
HOT = rule(
    "hot",
    "temperature",
    alarms=(stage("yellow", p.Threshold(above=40)), stage("red", p.Threshold(above=57))),
    plan="p",
    is_latching=True,
)


def man(name: str, zone: str = "", capabilities: str = "fire", **changes: Any) -> d.Responder:
    return d.Responder(
        id=name, title=said(name), party="property", capabilities=tuple(capabilities.split()), zone=zone, **changes
    )


def brigade(*responders: d.Responder, plan: d.Plan = PLAN, **changes: Any) -> Play:
    return Play(pack(HOT, plans=(plan,), responders=responders, parties=("desk", "boss", "property"), **changes))


def fire(play: Play, at_s: float = 0, place: str = "b1/u1") -> Play:
    play.receive(event(f"d-{place}", "temperature", 60.0, id=f"fire-{place}-{at_s}", zone=place), at_s)
    return play


def sent(play: Play) -> list[str]:
    return [str(fact.value) for fact in play.facts if fact.transition == "ordered"]


class TestChoice:
    def test_the_nearest_who_is_able_on_duty_and_free(self) -> None:
        day = d.Hours(start_minute=9 * 60, end_minute=18 * 60)
        play = fire(
            brigade(
                man("far", "b2/u1"),
                man("cook", "b1/u1", capabilities="food"),
                man("asleep", "b1/u1", hours=day),
                man("near", "b1/u1/0502"),
                man("half", "b1/u9"),
            )
        )
        dispatch = play.records("dispatch")[0]
        assert dispatch.responder == "near"
        assert {entry.responder: entry.reason.value for entry in dispatch.passed_over} == {
            "far": "farther",
            "cook": "not_capable",
            "asleep": "off_duty",
            "half": "farther",
        }
        assert dispatch.party == "property"
        assert play.records("incident")[-1].parties == ("desk", "property")
        assert "alarm_red_1 → desk" in play.notices
        assert "ordered → near" in play.notices

    def test_a_tie_goes_by_id(self) -> None:
        assert sent(fire(brigade(man("b", "b9"), man("a", "b8")))) == ["a"]

    def test_who_is_under_way_is_not_sent_twice(self) -> None:
        play = brigade(man("a", "b1/u1"), man("b", "b9"))
        assert sent(fire(fire(play, 0, "b1/u1"), 1, "b1/u2")) == ["a", "b"]
        assert play.records("dispatch")[-1].passed_over[0].reason == "busy"

    def test_a_drill_holds_nobody_back_from_a_real_case(self) -> None:
        play = brigade(man("a"))
        play.receive(event("d1", "temperature", 60.0, id="drill", zone="b1", status=Status.EXERCISE), 0)
        fire(play, 1)
        assert [(dispatch.responder, dispatch.status.value) for dispatch in play.records("dispatch")] == [
            ("a", "exercise"),
            ("a", "actual"),
        ]
        play.receive(event("d2", "temperature", 60.0, id="drill2", zone="b7", status=Status.EXERCISE), 2)
        assert play.last("incident").transition == "no_responder"

    def test_below_the_level_of_the_order_nobody_goes(self) -> None:
        play = brigade(man("a"))
        play.play("0 | b1/d1 temperature=45 | incident opened yellow, alarm opened yellow")
        play.play("1 | b1/d1 temperature=60 | alarm level_changed, incident level_changed, dispatch ordered red")
        play.play("2 | b1/d2 temperature=60 | alarm opened")


class TestClocks:
    def test_every_step_once_then_the_order_goes_to_the_next(self) -> None:
        play = fire(brigade(man("a", "b1/u1"), man("b", "b9")))
        play.play("""
            29.999 | |
            30     | | dispatch escalated
            59.999 | |
            60     | | dispatch deadline_missed, dispatch escalated
            89.999 | |
            90     | | dispatch escalated
            119.999 | |
            120    | | dispatch escalated, dispatch expired, dispatch ordered
        """)
        assert sent(play) == ["a", "b"]
        assert [notice for notice in play.notices if "accepted" in notice] == [
            "accepted_50 → desk",
            "accepted_100 → desk",
            "accepted_100 → boss",
            "accepted_200 → boss",
        ]
        assert play.last("dispatch").reason == "plan_ordered"
        assert {entry.responder: entry.reason.value for entry in play.records("dispatch")[-1].passed_over} == {
            "a": "declined_before"
        }
        assert play.notices[-2:] == ["expired → a", "ordered → b"]

    def test_one_late_tick_tells_the_same_as_many(self) -> None:
        many, one = fire(brigade(man("a"), man("b"))), fire(brigade(man("a"), man("b")))
        for second in range(4000):
            many.advance(second)
        one.advance(3999)
        assert many.text() == one.text()

    def test_clocks_are_met_also_by_a_later_step_and_late(self) -> None:
        play = fire(brigade(man("a"))).play("""
            70  | | dispatch escalated @30, dispatch deadline_missed @60, dispatch escalated @60
            80  | a accept dispatch   | dispatch accepted, incident handling
            85  | a on_scene dispatch | dispatch on_scene
            890 | a complete dispatch | dispatch completed
            99999 | |
        """)
        clocks = play.records("dispatch")[-1].clocks
        start = clocks[0].started_at
        assert [(clock.met_at - start) // 1000 for clock in clocks] == [80, 85, 890]
        assert [clock.missed_at for clock in clocks] == [start + 60_000, None, None]

    def test_the_steps_come_in_their_order(self) -> None:
        fire(brigade(man("a"))).play("""
            1 | a accept dispatch   | dispatch accepted, incident handling
            2 | a en_route dispatch | dispatch en_route
            3 | a on_scene dispatch | dispatch on_scene
            4 | a complete dispatch | dispatch completed
        """)

    def test_the_incident_s_own_clock_stops_when_somebody_has_seen_it(self) -> None:
        plan = d.Plan(id="p", title=said("p"), clocks=(d.Target(name="acknowledged", within_s=60),), escalations=STEPS[:2])
        fire(brigade(plan=plan)).play("""
            30  |                         | incident escalated
            60  |                         | incident deadline_missed, incident escalated
            999 |                         |
        """)
        fire(brigade(plan=plan)).play("""
            30  |                         | incident escalated
            59  | li acknowledge incident | alarm acknowledged, incident acknowledged
            999 |                         |
        """)

    def test_a_new_pack_does_not_change_a_running_clock(self) -> None:
        play = fire(brigade(man("a")))
        slow = d.Plan(id="p", title=said("p"), orders=(d.Order(capability="fire", task=said("t"), clocks=()),))
        play.packs["new"] = pack(HOT, plans=(slow,), responders=(man("a"),), version="2")
        play.receive(_activation("new"), 10)
        play.play("30 | | dispatch escalated")
        assert play.records("dispatch")[-1].pack_version == "1"


def _activation(text: str) -> Any:
    from rules.model import PackActivation  # noqa: PLC0415 - only here

    return PackActivation(id=f"p-{text}", pack="test", version="2", digest="2", text=text)


class TestNobody:
    def test_it_is_said_once_owed_and_given_to_whom_becomes_free(self) -> None:
        play = fire(fire(brigade(man("a", "b1/u1"))), 1, "b2")
        assert play.last("incident").transition == "no_responder"
        play.play("""
            2  | a accept dispatch   | dispatch accepted, incident handling
            3  | a on_scene dispatch | dispatch on_scene
            4  | a complete dispatch | dispatch completed, dispatch ordered
        """)
        assert sent(play) == ["a", "a"]
        assert [notice for notice in play.notices if "no_responder" in notice] == ["no_responder_0_0_1 → desk"]

    def test_who_comes_on_duty_gets_it_within_a_minute(self) -> None:
        """T0 is 08:00 in Shanghai; 09:00 is 3,600 s later."""
        day = d.Hours(start_minute=9 * 60, end_minute=18 * 60)
        play = fire(brigade(man("a", hours=day)), 1)
        play.play("""
            3599.999 | |
            3600     | | dispatch ordered
        """)

    def test_what_is_owed_survives_a_restart(self) -> None:
        day = d.Hours(start_minute=9 * 60, end_minute=18 * 60)
        play = fire(brigade(man("a", hours=day)), 1)
        play.advance(3599)
        play.restore()
        play.play("3600 | | dispatch ordered")

    def test_a_plan_without_parties_says_it_once_as_well(self) -> None:
        plan = d.Plan(id="p", title=said("p"), orders=(FIRE,))
        play = fire(brigade(plan=plan)).play("1000 | |")
        assert [fact.transition for fact in play.facts] == ["opened", "opened", "no_responder"]

    def test_a_pack_with_more_people_helps_at_once(self) -> None:
        play = fire(brigade())
        play.packs["new"] = pack(HOT, plans=(PLAN,), responders=(man("a"),), version="2")
        play.receive(_activation("new"), 10)
        assert sent(play) == ["a"]

    def test_when_all_have_declined_it_is_left_to_people(self) -> None:
        play = fire(brigade(man("a"), man("b")))
        play.play("""
            1 | a decline dispatch | dispatch declined, dispatch ordered
            2 | b decline dispatch | dispatch declined, incident no_responder
            9 |                    |
        """)
        assert play.act(10, "li", "order", "incident", responder="a").is_accepted
        assert play.last("dispatch").reason == "operator_asked"


class TestPeople:
    def test_of_two_orders_the_one_is_reassigned_that_is_meant(self) -> None:
        plan = replace(PLAN, orders=(replace(FIRE, capability="doors"), FIRE), escalations=())
        play = fire(brigade(man("porter", capabilities="doors"), man("a", "b1"), man("b"), plan=plan))
        assert sent(play) == ["porter", "a"]
        assert play.act(20, "li", "reassign", "dispatch", responder="b").is_accepted
        assert sent(play) == ["porter", "a", "b"]
        (case,) = play.engine._book.cases.values()
        assert [entry.tried for entry in case.placed] == [(), ("a",)]

    def test_reassigned_orders_start_anew_and_free_the_first(self) -> None:
        play = fire(brigade(man("a"), man("b")))
        assert play.act(20, "li", "reassign", "dispatch", responder="a").reason == "illegal_now"
        play.play("40 | li reassign dispatch responder=b | dispatch escalated @30, dispatch reassigned, dispatch ordered")
        dispatch = play.records("dispatch")[-1]
        assert (dispatch.responder, dispatch.clocks[0].due_at - dispatch.ordered_at) == ("b", 60_000)
        assert "reassigned → a" in play.notices
        play.play("50 | b decline dispatch | dispatch declined, incident no_responder")
        fire(play, 60, "b5")
        assert sent(play)[-1] == "a"

    def test_an_operator_may_send_anybody_who_exists_but_nobody_twice(self) -> None:
        play = fire(brigade(man("a"), man("cook", capabilities="food")))
        assert play.act(1, "li", "order", "incident", responder="a").reason == "illegal_now"
        assert play.act(1, "li", "order", "incident", responder="ghost").reason == "no_responder"
        assert play.act(1, "li", "order", "incident").reason == "argument_missing"
        assert play.act(2, "li", "order", "incident", responder="cook").is_accepted
        cook = play.records("dispatch")[-1]
        assert (cook.responder, cook.clocks) == ("cook", ())
        play.play("3 | cook decline dispatch | dispatch declined")
        assert sent(play) == ["a", "cook"]

    def test_an_operator_s_order_takes_over_what_is_owed(self) -> None:
        day = d.Hours(start_minute=9 * 60, end_minute=18 * 60)
        play = fire(brigade(man("a", hours=day)))
        assert play.act(1, "li", "order", "incident", responder="a").is_accepted
        assert play.records("dispatch")[-1].task == said("put it out")
        play.play("2 | a accept dispatch | dispatch accepted, incident handling")
        play.play("3 | a on_scene dispatch | dispatch on_scene")
        play.play("4 | a complete dispatch | dispatch completed")
        play.play("9999 | | ")

    @pytest.mark.parametrize(
        ("steps", "verb", "legal"),
        [
            ("", "complete", "legal now: accept, decline, reassign"),
            ("accept", "accept", "legal now: decline, en_route, on_scene, reassign"),
            ("accept on_scene", "decline", "legal now: complete, reassign"),
        ],
    )
    def test_a_step_out_of_turn_is_refused_with_what_is_legal(self, steps: str, verb: str, legal: str) -> None:
        play = fire(brigade(man("a")))
        for step in steps.split():
            assert play.act(1, "a", step, "dispatch").is_accepted
        before = len(play.effects)
        answer = play.act(2, "a", verb, "dispatch")
        assert (answer.is_accepted, answer.reason) == (False, "illegal_now")
        assert legal in answer.sentence.en
        assert play.effects[before:] == [answer]


def test_a_case_that_comes_back_does_not_send_a_second_team_while_the_first_is_there() -> None:
    quick = rule("hot", "temperature", alarms=(stage("red", p.Threshold(above=57)),), plan="p")
    play = Play(pack(quick, plans=(PLAN,), responders=(man("a"), man("b")), hazards=(hazard("fire"),)))
    play.play("""
        0 | b1/d1 temperature=60 | incident opened, alarm opened, dispatch ordered
        1 | a accept dispatch    | dispatch accepted, incident handling
        2 | b1/d1 temperature=20 | alarm cleared, incident recovered
        3 | b1/d1 temperature=60 | alarm retriggered, incident reopened
        4 | a on_scene dispatch  | dispatch on_scene, incident handling
        5 | a complete dispatch  | dispatch completed
        6 | b1/d1 temperature=20 | alarm cleared, incident recovered
        7 | b1/d1 temperature=60 | alarm retriggered, incident reopened, dispatch ordered
    """)


def test_closing_a_case_calls_off_those_who_are_still_under_way_alone() -> None:
    play = fire(brigade(man("a"), man("b")))
    assert play.act(1, "a", "decline", "dispatch").is_accepted  # b is sent instead
    assert play.act(2, "li", "close", "incident", verdict="false").is_accepted
    assert [(fact.transition, fact.to_state) for fact in play.facts if fact.entity == "dispatch"][-2:] == [
        ("ordered", "ordered"),
        ("cancelled", "cancelled"),
    ]
    assert sent(play) == ["a", "b"]
    assert len([fact for fact in play.facts if fact.transition == "cancelled"]) == 1
