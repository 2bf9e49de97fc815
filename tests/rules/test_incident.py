"""警情: what is gathered, how the case goes through its states, and when it is over."""

from typing import Any

import pytest

from rules import definition as d
from rules import primitive as p
from rules.definition import Key
from rules.model import Sentence, Status
from rules.where import place_of
from tests.rules.score import Play, event, hazard, pack, rule, said, stage

HOT = rule("hot", "temperature", alarms=(stage("red", p.Threshold(above=57)),), plan="p")
LEAK = rule("leak", "methane", hazard="gas", alarms=(stage("orange", p.Threshold(above=10)),))
PLAN = d.Plan(id="p", title=said("plan"), notify_on_alarm=("desk",), clocks=(d.Target(name="acknowledged", within_s=60),))


def town(*rules: d.Rule, **changes: Any) -> Play:
    return Play(pack(*(rules or (HOT, LEAK)), plans=(PLAN,), parties=("desk",), **changes))


def incident_ids(play: Play) -> list[str]:
    return list(dict.fromkeys(incident.id for incident in play.records("incident")))


@pytest.mark.parametrize(
    ("key", "zone", "place"),
    [
        (Key.DEVICE, "b1/u1", "b1/u1/d1"),
        (Key.DEVICE, "", "d1"),
        (Key.ZONE, "b1/u1", "b1/u1"),
        (Key.ZONE, "", "d1"),
        (Key.BUILDING, "b1/u1", "b1"),
        (Key.BUILDING, "", "d1"),
        (Key.COMMUNITY, "b1/u1", ""),
    ],
)
def test_the_place_is_as_exact_as_the_hazard_gathers(key: Key, zone: str, place: str) -> None:
    assert place_of(key, zone, "d1") == place


def test_one_place_and_hazard_is_one_incident_and_another_place_another() -> None:
    play = town().play("""
        0 | b1/u1/d1 temperature=60 | incident opened, alarm opened
        1 | b1/u1/d2 temperature=60 | alarm opened
        2 | b1/u2/d3 temperature=60 | incident opened, alarm opened
        3 | b1/u1/d4 methane=20     | incident opened, alarm opened
    """)
    assert [len(incident.alarm_ids) for incident in play.records("incident")] == [1, 2, 1, 1]


def test_what_comes_late_to_an_open_place_still_joins_it() -> None:
    play = town().play("""
        0     | b1/d1 temperature=60     | incident opened, alarm opened
        1     | li acknowledge incident  | alarm acknowledged, incident acknowledged
        99999 | b1/d2 temperature=60     | alarm opened
        99999 | li acknowledge incident  | alarm acknowledged
    """)
    assert len(incident_ids(play)) == 1
    assert play.act(99999, "li", "acknowledge", "incident").reason == "illegal_now"


class TestGathersWith:
    HAZARDS = (hazard("fire", gather_within_s=600, gather_by=Key.BUILDING), hazard("gas", gathers_with=("ghost", "fire")))

    def test_it_joins_the_other_hazard_s_incident_within_its_time(self) -> None:
        play = town(hazards=self.HAZARDS).play("""
            0   | b1/u1/d1 temperature=60 | incident opened, alarm opened
            60  |                         | incident deadline_missed
            600 | b1/u9/d2 methane=20     | alarm opened orange
            900 | b1/u7/d3 methane=20     | alarm opened
        """)
        assert len(incident_ids(play)) == 1
        assert play.records("incident")[-1].hazard == "fire"

    def test_a_millisecond_later_it_is_a_case_of_its_own(self) -> None:
        town(hazards=self.HAZARDS).play("""
            0       | b1/u1/d1 temperature=60 | incident opened, alarm opened
            60      |                         | incident deadline_missed
            600.001 | b1/u9/d2 methane=20     | incident opened, alarm opened
        """)

    def test_it_does_not_work_backwards(self) -> None:
        town(hazards=self.HAZARDS).play("""
            0 | b1/u1/d2 methane=20     | incident opened, alarm opened
            1 | b1/u1/d1 temperature=60 | incident opened, alarm opened
        """)


def test_an_exercise_is_a_case_of_its_own_everywhere() -> None:
    play = town()
    play.play("0 | b1/d1 temperature=60 | incident opened, alarm opened", status=Status.EXERCISE)
    play.play("1 | b1/d1 temperature=60 | incident opened, alarm opened")
    assert [fact.status.value for fact in play.facts] == ["exercise"] * 2 + ["actual"] * 2
    assert len(incident_ids(play)) == 2
    assert [(notice.status.value, notice.is_critical) for notice in play.notifications] == [("exercise", False), ("actual", True)]


class TestStates:
    def test_from_open_to_closed(self) -> None:
        play = town().play("""
            0 | b1/d1 temperature=60            | incident opened red, alarm opened
            1 | li acknowledge incident         | alarm acknowledged, incident acknowledged
            2 | b1/d1 temperature=20            | alarm cleared, incident recovered
            3 | li verify incident verdict=real | incident verified
            4 | li close incident               | incident closed
            5 | b1/d1 temperature=60            | incident opened, alarm opened
        """)
        closed = [incident for incident in play.records("incident") if incident.state == "closed"]
        assert (closed[0].verdict, closed[0].closed_by, closed[0].closed_at is not None) == ("real", "li", True)
        assert len(incident_ids(play)) == 2
        assert closed[0].clocks[0].met_at is not None

    def test_back_after_recovery_it_opens_again_with_new_clocks(self) -> None:
        play = town().play("""
            0   | b1/d1 temperature=60    | incident opened, alarm opened
            1   | li acknowledge incident | alarm acknowledged, incident acknowledged
            2   | b1/d1 temperature=20    | alarm cleared, incident recovered
            299 | b1/d1 temperature=60    | incident reopened, alarm opened
            359 |                         | incident deadline_missed
        """)
        assert play.records("incident")[-1].acknowledged_by == ""
        assert play.notices == ["alarm_red_1 → desk", "alarm_red_2 → desk"]

    def test_a_contact_that_flaps_tells_the_parties_once_in_five_minutes(self) -> None:
        play = town().play("0 | b1/d1 temperature=60 | incident opened, alarm opened")
        for second in range(10, 50, 10):
            play.play(f"{second} | b1/d1 temperature=20 | alarm cleared, incident recovered")
            play.play(f"{second + 5} | b1/d1 temperature=60 | alarm retriggered, incident reopened")
        play.play("290 | b1/d1 temperature=20 | incident deadline_missed @105, alarm cleared, incident recovered")
        play.play("299.999 | b1/d1 temperature=60 | alarm retriggered, incident reopened")
        assert play.notices == ["alarm_red_1 → desk"]
        play.play("300 | b1/d1 temperature=20 | alarm cleared, incident recovered")
        assert play.notices == ["alarm_red_1 → desk", "alarm_red_2 → desk"]
        assert play.notifications[-1].text.en.startswith("5 more alarms, the latest: alarm again (time 6)")
        play.advance(600)
        assert play.notices[2:] == ["recovered_3 → desk"]

    def test_it_has_recovered_only_when_everything_has(self) -> None:
        town().play("""
            0 | b1/d1 temperature=60 | incident opened, alarm opened
            1 | b1/d2 temperature=60 | alarm opened
            2 | b1/d1 temperature=20 | alarm cleared
            3 | b1/d2 temperature=20 | alarm cleared, incident recovered
        """)

    def test_acknowledging_the_last_alarm_acknowledges_the_case(self) -> None:
        play = town().play("""
            0 | b1/d1 temperature=60 | incident opened, alarm opened
            1 | b1/d2 temperature=60 | alarm opened
        """)
        first, second = [fact.entity_id for fact in play.facts if fact.entity == "alarm"]
        assert play.act(2, "li", "acknowledge", first).is_accepted
        assert play.last("incident").transition == "opened"
        assert play.act(3, "li", "acknowledge", second).is_accepted
        assert play.last("incident").transition == "acknowledged"
        assert play.act(4, "li", "acknowledge", second).reason == "illegal_now"

    def test_a_worse_alarm_wants_to_be_seen_by_whoever_saw_the_milder(self) -> None:
        stages = (stage("yellow", p.Threshold(above=40)), stage("red", p.Threshold(above=57)))
        play = town(rule("hot", "temperature", alarms=stages, plan="p")).play("""
            0   | b1/d1 temperature=45    | incident opened yellow, alarm opened
            10  | li acknowledge incident | alarm acknowledged, incident acknowledged
            20  | b1/d2 temperature=60    | incident level_changed red, alarm opened
            80  |                         | incident deadline_missed
            81  | li acknowledge incident | alarm acknowledged, incident acknowledged
        """)
        assert play.notices == ["alarm_yellow_1 → desk", "alarm_red_2 → desk"]

    def test_the_plan_comes_with_the_first_rule_that_has_one(self) -> None:
        early = rule("early", "methane", warnings=(stage("blue", p.Threshold(above=5)),))
        play = town(early, HOT).play("""
            0  | b1/d1 methane=6      | incident opened, warning opened
            1  | b1/d2 temperature=60 | incident alarmed, alarm opened, warning materialised
        """)
        assert play.records("incident")[-1].plan == "p"
        assert play.notices == ["alarm_red_1 → desk"]


class TestClosing:
    DANGER = (hazard("fire", is_life_safety=True),)

    def test_not_while_a_life_may_hang_on_it_unless_it_was_false_or_a_drill(self) -> None:
        for verdict in ("real", "benign"):
            play = town(hazards=self.DANGER).play("0 | b1/d1 temperature=60 | incident opened, alarm opened")
            refused = play.act(1, "li", "close", "incident", verdict=verdict)
            assert (refused.is_accepted, refused.reason) == (False, "illegal_now")
            assert "60 °C" in refused.sentence.en
        for verdict in ("false", "drill"):
            play = town(hazards=self.DANGER).play("0 | b1/d1 temperature=60 | incident opened, alarm opened")
            assert play.act(1, "li", "close", "incident", verdict=verdict).is_accepted

    def test_a_press_does_not_hold_a_case_open(self) -> None:
        sos = rule("sos", "sos smoke", alarms=(stage("red", p.StateIs(states=("on",))),))
        town(sos, hazards=self.DANGER).play("""
            0 | b1/d1 sos!on                   | incident opened, alarm opened
            1 | li close incident verdict=real | alarm closed, incident closed
        """)
        smoke = town(sos, hazards=self.DANGER).play("0 | b1/d1 smoke!on | incident opened, alarm opened")
        assert not smoke.act(1, "li", "close", "incident", verdict="real").is_accepted
        smoke.play("""
            2 | li acknowledge incident        | alarm acknowledged, incident acknowledged
            3 | li reset alarm                 | alarm reset, incident recovered
            4 | li close incident verdict=real | incident closed
        """)

    def test_a_verdict_is_needed(self) -> None:
        play = town().play("0 | b1/d1 temperature=60 | incident opened, alarm opened")
        assert play.act(1, "li", "close", "incident").reason == "argument_missing"
        assert play.act(1, "li", "verify", "incident", verdict="untriaged").reason == "argument_missing"
        assert play.act(1, "li", "verify", "incident", verdict="perhaps").reason == "argument_missing"

    def test_everything_under_it_ends(self) -> None:
        order = d.Order(capability="fire", task=said("go"), clocks=(d.Target(name="accepted", within_s=60),))
        plan = d.Plan(id="p", title=said("p"), orders=(order, order), clocks=PLAN.clocks)
        man = d.Responder(id="a", title=said("a"), party="x", capabilities=("fire",))
        play = Play(
            pack(
                rule(
                    "hot",
                    "temperature",
                    warnings=(stage("blue", p.Threshold(above=40)),),
                    alarms=(stage("red", p.Threshold(above=57)),),
                    plan="p",
                ),
                plans=(plan,),
                responders=(man,),
            )
        )
        play.play("""
            0  | b1/d1 temperature=60             | incident opened, alarm opened, dispatch ordered, incident no_responder
            1  | b1/d2 temperature=45             | warning opened
            2  | li close incident verdict=false  | alarm closed, dispatch cancelled, warning cancelled, incident closed
            99999 |                               |
        """)
        assert play.notices == ["ordered → a", "cancelled → a"]
        assert play.last("warning").reason == "incident_closed"
        assert play.engine.next_deadline() is None

    def test_a_watch_can_be_closed_by_a_person_as_well(self) -> None:
        early = rule("early", "methane", warnings=(stage("blue", p.Threshold(above=5)),))
        play = town(early).play("""
            0 | b1/d1 methane=6                  | incident opened, warning opened
            1 | li acknowledge incident          | incident acknowledged
            2 | li close incident verdict=benign | warning cancelled, incident closed
            3 | b1/d1 methane=7                  |
        """)
        assert play.records("incident")[-1].state == "closed"

    def test_a_watch_to_which_somebody_was_sent_waits_for_them(self) -> None:
        early = rule("early", "methane", warnings=(stage("blue", p.Threshold(above=5)),))
        man = d.Responder(id="a", title=said("a"), party="x", capabilities=("look",))
        for end in ("decline", "accept on_scene complete"):
            play = town(early, responders=(man,)).play("0 | b1/d1 methane=6 | incident opened, warning opened")
            assert play.act(1, "li", "order", "incident", responder="a").is_accepted
            play.play("2 | b1/d1 methane=0 | warning cancelled")
            for verb in end.split():
                assert play.act(3, "a", verb, "dispatch").is_accepted
            assert play.last("incident").transition == "closed"


def test_records_carry_where_what_and_which_version() -> None:
    play = town()
    play.receive(event("d1", "temperature", 60.0, zone="b1/u1", id="e9", community="elsewhere"), 0)
    alarm, incident = play.records("alarm")[0], play.records("incident")[0]
    assert (alarm.community, alarm.zone, alarm.device, alarm.rule, alarm.pack_version) == (
        "elsewhere",
        "b1/u1",
        "d1",
        "hot",
        "1",
    )
    assert incident.title == Sentence("fire（中） · b1/u1", "fire · b1/u1")
    assert alarm.evidence[0].event_id == "e9"
    fact = play.facts[-1]
    assert (fact.cause_id, fact.value, fact.evidence[0].limit) == ("e9", 60.0, 57)
