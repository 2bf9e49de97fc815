"""并案与分案: two incidents become one, one becomes two; clocks, orders, shelves and places follow, and nothing is lost."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import definition as d
from rules import primitive as p
from rules.definition import Aim, Inhibition
from rules.model import Alarm, Dispatch, EarlyWarning, EventClass, Incident, Level, Status
from tests.rules.score import T0, Play, event, hazard, pack, rule, said, stage


def order(capability: str, level: Level = Level.YELLOW) -> d.Order:
    return d.Order(
        capability=capability, task=said(f"do {capability}"), clocks=(d.Target(name="accepted", within_s=60),), from_level=level
    )


def plan(name: str, *orders: d.Order, within_s: float = 100) -> d.Plan:
    return d.Plan(
        id=name,
        title=said(name),
        orders=orders,
        notify_on_alarm=("desk",),
        clocks=(d.Target(name="acknowledged", within_s=within_s),),
        escalations=(d.Escalation(at_share=1.0, notify=("boss",)),),
    )


def man(name: str, capability: str) -> d.Responder:
    return d.Responder(id=name, title=said(name), party="desk", capabilities=(capability,))


STAGES = (stage("yellow", p.Threshold(above=10)), stage("red", p.Threshold(above=20)))
LEAK = rule("leak", "water_level", hazard="water", alarms=STAGES, plan="wet")
HOT = rule("hot", "temperature", hazard="heat", warnings=(stage("blue", p.Threshold(above=5)),), alarms=STAGES, plan="warm")
PLANS = (plan("wet", order("pump")), plan("warm", order("look"), order("cool", Level.RED), within_s=40))
TOWN = pack(
    LEAK,
    HOT,
    hazards=(hazard("water"), hazard("heat", is_life_safety=False)),
    plans=PLANS,
    parties=("desk", "boss"),
    responders=(man("pumper", "pump"), man("looker", "look"), man("cooler", "cool")),
)


def town(**changes: Any) -> Play:
    return Play(TOWN, **changes)


def two(**changes: Any) -> Play:
    """Water at b1/u1 since 0 s, heat at b1/u2 since 10 s."""
    return town(**changes).play("""
        0  | b1/u1/w water_level=15 | incident opened, alarm opened, dispatch ordered
        10 | b1/u2/t temperature=15 | incident opened, alarm opened, dispatch ordered
    """)


def latest(play: Play, what: str) -> dict[str, Any]:
    return {record.id: record for record in play.records(what)}


def incident(play: Play, name: str) -> Incident:
    found: Incident = next(one for one in reversed(play.records("incident")) if one.hazard == name)
    return found


def merge(play: Play, at_s: float, gone: str = "heat", into: str = "water") -> Any:
    return play.act(at_s, "li", "merge", incident(play, gone).id, into=incident(play, into).id)


@pytest.mark.parametrize("is_restored_each_step", [False, True])
def test_an_escalation_that_the_other_brings_and_that_is_due_already_is_told_now(is_restored_each_step: bool) -> None:
    """Found by ``shouwang drill 298``: it was told with its own, old instant, behind what had been told since."""
    hasty = replace(plan("warm"), escalations=(d.Escalation(at_share=0.5, notify=("boss",)),))
    patient = replace(plan("wet"), escalations=())
    play = Play(replace(TOWN, plans={"wet": patient, "warm": hasty}), is_restored_each_step=is_restored_each_step).play("""
        0  | b1/u1/w water_level=15 | incident opened, alarm opened
        70 | b1/u2/t temperature=15 | incident opened, alarm opened
    """)
    assert merge(play, 80).is_accepted
    play.advance(90)
    told = [(fact.at, fact.transition) for fact in play.facts]
    assert (T0 + 80_000, "escalated") in told
    assert told == sorted(told, key=lambda each: each[0])


class TestMerge:
    def test_what_is_open_moves_over_and_the_other_is_closed_and_says_where(self) -> None:
        play = two()
        assert merge(play, 20).is_accepted
        gone, kept = incident(play, "heat"), incident(play, "water")
        assert (gone.state, gone.merged_into, gone.closed_by, gone.closed_at) == ("closed", kept.id, "li", play.engine.now)
        for what in ("alarm", "dispatch"):
            assert {record.incident_id for record in latest(play, what).values()} == {kept.id}
        assert len(kept.alarm_ids) == len(kept.dispatch_ids) == 2
        told = [(fact.incident_id, fact.transition, fact.value) for fact in play.facts[-2:]]
        assert told == [(gone.id, "merged", kept.id), (kept.id, "took_in", gone.id)]

    def test_the_clock_that_is_due_first_goes_on(self) -> None:
        play = two()
        assert merge(play, 20).is_accepted
        assert incident(play, "water").clocks[0].due_at == play.engine.now + 30_000
        play.play("""
            49.999 |                         |
            50     |                         | incident deadline_missed, incident escalated
            55     | li acknowledge incident | alarm acknowledged, alarm acknowledged, incident acknowledged
        """)

    @pytest.mark.parametrize(("who", "state", "acknowledged_by"), [("heat", "open", ""), ("water", "open", "")])
    def test_while_one_of_the_two_waits_the_joint_case_waits(self, who: str, state: str, acknowledged_by: str) -> None:
        play = two()
        assert play.act(15, "wu", "acknowledge", incident(play, who).id).is_accepted
        assert merge(play, 20).is_accepted
        joint = incident(play, "water")
        assert (joint.state, joint.acknowledged_by) == (state, acknowledged_by)
        assert joint.clocks[0].met_at is None

    def test_two_that_people_have_stay_acknowledged(self) -> None:
        play = two()
        for name in ("heat", "water"):
            assert play.act(15, "wu", "acknowledge", incident(play, name).id).is_accepted
        assert merge(play, 20).is_accepted
        assert (incident(play, "water").state, incident(play, "water").acknowledged_by) == ("acknowledged", "wu")
        play.advance(500)
        late = [fact.entity for fact in play.facts if fact.transition == "deadline_missed"]
        assert late == ["dispatch", "dispatch"]

    def test_what_comes_later_to_either_place_joins_the_joint_case(self) -> None:
        play = two()
        assert merge(play, 20).is_accepted
        play.play("""
            30 | b1/u2/t2 temperature=15 | alarm opened
            31 | b1/u1/w2 water_level=15 | alarm opened
        """)
        assert len(incident(play, "water").alarm_ids) == 4
        assert play.act(40, "li", "close", incident(play, "water").id, verdict="real").is_accepted
        play.play("50 | b1/u2/t3 temperature=15 | incident opened, alarm opened, dispatch ordered")

    def test_worse_sends_whom_either_plan_sends(self) -> None:
        play = two()
        assert merge(play, 20).is_accepted
        play.play("30 | b1/u2/t temperature=25 | alarm level_changed red, incident level_changed red, dispatch ordered")
        responders = [one.responder for one in latest(play, "dispatch").values()]
        assert responders == ["pumper", "looker", "cooler"]

    def test_an_order_that_fails_after_the_merge_is_tried_again_and_owed(self) -> None:
        play = two()
        assert merge(play, 20).is_accepted
        play.play("30 | looker decline dispatch | dispatch declined, incident no_responder")
        play.play("31 | looker decline dispatch |")

    def test_into_a_case_that_had_recovered_it_is_open_again(self) -> None:
        play = two()
        play.play("12 | b1/u1/w water_level=0 | alarm cleared, incident recovered")
        assert play.act(15, "wu", "acknowledge", incident(play, "heat").id).is_accepted
        assert merge(play, 20).is_accepted
        assert (incident(play, "water").state, incident(play, "water").acknowledged_by) == ("acknowledged", "wu")

    def test_a_case_that_is_being_handled_makes_the_joint_one_so_and_a_recovered_one_changes_nothing(self) -> None:
        play = two()
        play.play("15 | looker accept dispatch | dispatch accepted, incident handling")
        assert merge(play, 20).is_accepted
        assert incident(play, "water").state == "handling"
        other = two()
        other.play("12 | b1/u2/t temperature=0 | alarm cleared, incident recovered")
        assert merge(other, 20).is_accepted
        assert (incident(other, "water").state, len(incident(other, "water").alarm_ids)) == ("open", 2)

    def test_a_watch_moves_its_warning_which_then_comes_true_there(self) -> None:
        play = town().play("""
            0  | b1/u1/w water_level=15 | incident opened, alarm opened, dispatch ordered
            10 | b1/u2/t temperature=7  | incident opened, warning opened
        """)
        assert merge(play, 20).is_accepted
        play.play("30 | b1/u2/t temperature=15 | alarm opened, warning materialised")
        warning: EarlyWarning = play.records("warning")[-1]
        alarm: Alarm = play.records("alarm")[-1]
        assert warning.incident_id == alarm.incident_id == incident(play, "water").id
        assert alarm.lead_time_s == 20.0

    def test_a_shelf_survives_the_merge(self) -> None:
        play = two()
        assert play.act(15, "li", "shelve", "alarm", reason="x", for_s=100.0).is_accepted
        assert merge(play, 20).is_accepted
        assert play.records("alarm")[-1].state == "shelved"
        play.engine.advance(play.engine.now)
        play.advance(114.999)
        assert play.records("alarm")[-1].state == "shelved"
        play.advance(115)
        assert (play.records("alarm")[-1].state, play.records("alarm")[-1].incident_id) == (
            "unacknowledged",
            incident(play, "water").id,
        )

    def test_of_the_same_plan_each_order_is_given_once(self) -> None:
        play = town().play("""
            0 | b1/u1/w water_level=15 | incident opened, alarm opened, dispatch ordered
            1 | b1/u3/w3 water_level=15 | incident opened, alarm opened, incident no_responder
        """)
        first, second = dict.fromkeys(one.id for one in play.records("incident"))
        assert play.act(2, "li", "merge", first, into=second).is_accepted
        assert len(latest(play, "dispatch")) == 1
        assert not [fact for fact in play.facts if fact.at > play.facts[0].at + 2000]
        dispatch: Dispatch = play.records("dispatch")[-1]
        assert dispatch.incident_id == second
        play.play("50 | pumper decline dispatch | dispatch declined, incident no_responder")

    def test_whoever_was_called_for_the_one_is_called_for_the_other_too(self) -> None:
        play = town().play("""
            0   | b1/u1/w water_level=15  | incident opened, alarm opened, dispatch ordered
            1   | pumper accept dispatch  | dispatch accepted, incident handling
            100 |                         | incident deadline_missed, incident escalated
            105 | li acknowledge incident | alarm acknowledged, incident acknowledged
            120 | b1/u2/t temperature=15  | incident opened, alarm opened, dispatch ordered
        """)
        assert merge(play, 130).is_accepted
        play.play("160 | | incident deadline_missed, incident escalated")
        assert [notice for notice in play.notices if "boss" in notice] == [
            "acknowledged_100_1 → boss",
            "acknowledged_100_2 → boss",
        ]

    def test_two_watches_are_one_watch(self) -> None:
        play = town().play("""
            0 | b1/u1/t1 temperature=7 | incident opened, warning opened
            1 | b1/u2/t2 temperature=7 | incident opened, warning opened
        """)
        first, second = dict.fromkeys(one.id for one in play.records("incident"))
        assert play.act(2, "li", "merge", first, into=second).is_accepted
        joint: Incident = play.records("incident")[-1]
        assert (joint.state, len(joint.warning_ids)) == ("watch", 2)
        play.play("3 | b1/u1/t1 temperature=0 | warning cancelled")
        play.play("4 | b1/u2/t2 temperature=0 | warning cancelled, incident closed")

    def test_of_an_order_that_both_have_given_each_responder_stays_sent(self) -> None:
        play = Play(replace(TOWN, responders=(man("p1", "pump"), man("p2", "pump")))).play("""
            0 | b1/u1/w1 water_level=15 | incident opened, alarm opened, dispatch ordered
            1 | b1/u3/w3 water_level=25 | incident opened, alarm opened, dispatch ordered
        """)
        first, second = dict.fromkeys(one.id for one in play.records("incident"))
        assert play.act(2, "li", "merge", second, into=first).is_accepted
        joint: Incident = play.records("incident")[-1]
        assert (joint.id, joint.level, len(joint.dispatch_ids)) == (first, "red", 2)
        play.play("3 | li acknowledge incident | alarm acknowledged, alarm acknowledged, incident acknowledged")

    def test_refused_into_itself_into_nothing_and_into_an_exercise(self) -> None:
        play = two()
        assert merge(play, 20, into="heat").reason == "illegal_now"
        assert play.act(21, "li", "merge", incident(play, "heat").id, into="i-nothing").reason == "unknown_entity"
        assert play.act(22, "li", "merge", incident(play, "heat").id).reason == "argument_missing"
        play.receive(event("w9", "water_level", 15.0, id="x", zone="b9", status=Status.EXERCISE), 23)
        assert merge(play, 24).reason == "illegal_now"

    def test_without_a_plan_the_other_s_is_followed(self) -> None:
        bare = replace(LEAK, id="bare", match=d.Match(kinds=("humidity",)), hazard="damp", plan="")
        made = pack(
            bare, HOT, hazards=(hazard("damp"), hazard("heat")), plans=PLANS, parties=("desk",), responders=TOWN.responders
        )
        play = Play(made).play("""
            0 | b1/h humidity=15    | incident opened, alarm opened
            1 | b1/t temperature=15 | incident opened, alarm opened, dispatch ordered
        """)
        assert merge(play, 2, into="damp").is_accepted
        assert incident(play, "damp").plan == "warm"
        play.play("3 | looker decline dispatch | dispatch declined, incident no_responder")


class TestSplit:
    def one(self, **changes: Any) -> Play:
        return town(**changes).play("""
            0 | b1/u1/w1 water_level=15 | incident opened, alarm opened, dispatch ordered
            1 | b1/u1/w2 water_level=25 | incident level_changed, alarm opened
        """)

    def split(self, play: Play, at_s: float, device: str = "w2") -> Any:
        (alarm,) = {one.id: one for one in play.records("alarm") if one.device == device}.values()
        return play.act(at_s, "li", "split", alarm.incident_id, alarm=alarm.id)

    def test_the_alarm_gets_a_case_clocks_and_orders_of_its_own_and_the_first_is_as_severe_as_what_is_left(self) -> None:
        play = self.one()
        assert self.split(play, 10).is_accepted
        first, second = latest(play, "incident").values()
        assert (first.zone, first.level, len(first.alarm_ids)) == ("b1/u1", "yellow", 1)
        assert (second.zone, second.level, second.state) == ("b1/u1/w2", "red", "open")
        assert second.clocks[0].due_at == play.engine.now + 100_000
        assert [(fact.incident_id, fact.transition) for fact in play.facts[-3:]] == [
            (second.id, "opened"),
            (second.id, "no_responder"),
            (first.id, "split"),
        ]

    def test_what_this_device_reports_later_stays_with_its_own_case(self) -> None:
        play = self.one()
        assert self.split(play, 10).is_accepted
        play.play("""
            20 | b1/u1/w2 water_level=0  | alarm cleared, incident recovered
            21 | li acknowledge alarm    | alarm acknowledged, incident acknowledged
            30 | b1/u1/w2 water_level=15 | incident reopened, alarm opened, incident no_responder
            31 | b1/u1/w3 water_level=15 | alarm opened
        """)
        first, second = latest(play, "incident").values()
        assert (len(first.alarm_ids), len(second.alarm_ids)) == (2, 2)

    def test_no_two_open_incidents_share_hazard_and_place(self) -> None:
        second_rule = replace(LEAK, id="leak2")
        play = Play(replace(TOWN, rules=(LEAK, second_rule, HOT))).play(
            "0 | b1/u1/w1 water_level=15 | incident opened, alarm opened, dispatch ordered, alarm opened"
        )
        play.play("1 | b1/u1/w2 water_level=15 | alarm opened, alarm opened")
        home = play.records("incident")[-1].id
        for number, alarm in enumerate(list(latest(play, "alarm").values())[:3]):
            assert play.act(10 + number, "li", "split", home, alarm=alarm.id).is_accepted
        zones = [one.zone for one in latest(play, "incident").values()]
        assert zones == ["b1/u1", "b1/u1/w1", "b1/u1/w1/leak2", "b1/u1/w2"]
        last = list(latest(play, "alarm").values())[3]
        assert play.act(20, "li", "split", home, alarm=last.id).reason == "illegal_now"  # it is alone already

    def test_where_every_place_is_taken_it_is_refused(self) -> None:
        play = self.one()
        assert self.split(play, 10).is_accepted
        play.play("""
            20 | b1/u1/w2 water_level=0  | alarm cleared, incident recovered
            21 | li acknowledge alarm    | alarm acknowledged, incident acknowledged
            30 | b1/u1/w2 water_level=15 | incident reopened, alarm opened, incident no_responder
        """)
        split = list(latest(play, "incident"))[1]
        again = play.act(40, "li", "split", split, alarm=play.records("alarm")[-1].id)
        assert again.is_accepted  # its own place is held by the first, its device's by the second: then its rule's
        zones = sorted(one.zone for one in latest(play, "incident").values())
        assert zones == ["b1/u1", "b1/u1/w2", "b1/u1/w2/leak"]
        play.play("""
            50 | b1/u1/w2 water_level=0  | alarm cleared, incident recovered
            51 | li acknowledge alarm    | alarm acknowledged, incident acknowledged
        """)
        play.advance(60)
        play.play("61 | b1/u1/w2 water_level=15 | incident reopened, alarm opened, incident no_responder")
        full = play.act(70, "li", "split", split, alarm=play.records("alarm")[-1].id)
        assert (full.is_accepted, full.reason) == (False, "illegal_now")

    def test_an_alarm_that_was_merged_in_goes_back_to_its_own_place(self) -> None:
        play = two()
        assert merge(play, 20).is_accepted
        heat = next(one for one in play.records("alarm") if one.hazard == "heat")
        assert play.act(30, "li", "split", incident(play, "water").id, alarm=heat.id).is_accepted
        fresh = list(latest(play, "incident").values())[-1]
        assert (fresh.hazard, fresh.zone, fresh.state) == ("heat", "b1/u2", "open")
        play.play("40 | b1/u2/t2 temperature=15 | alarm opened")
        assert play.records("alarm")[-1].incident_id == fresh.id

    def test_acknowledged_shelved_returned_and_suppressed_alarms_stay_what_they_are(self) -> None:
        seen = self.one().play("5 | li acknowledge incident | alarm acknowledged, alarm acknowledged, incident acknowledged")
        assert self.split(seen, 10).is_accepted
        assert list(latest(seen, "incident").values())[-1].state == "acknowledged"
        gone = self.one().play("5 | b1/u1/w2 water_level=0 | alarm cleared")
        assert self.split(gone, 10).is_accepted
        assert list(latest(gone, "incident").values())[-1].state == "recovered"
        dark = Inhibition(id="x", title=said("x"), source=Aim(kind="temperature"), target=Aim(hazard="water"))
        quiet = Play(replace(TOWN, inhibitions=(dark,))).play("""
            0 | b1/u1/t temperature=15  | incident opened, alarm opened, dispatch ordered
            1 | b1/u1/w1 water_level=15 | incident opened, alarm opened, alarm suppressed
            2 | b1/u1/w2 water_level=15 | alarm opened, alarm suppressed
        """)
        assert self.split(quiet, 10).is_accepted
        assert list(latest(quiet, "incident").values())[-1].state == "watch"

    def test_refused_for_an_alarm_of_another_case_or_none(self) -> None:
        play = two()
        heat = play.records("alarm")[-1]
        assert play.act(20, "li", "split", incident(play, "water").id, alarm=heat.id).reason == "illegal_now"
        assert play.act(21, "li", "split", incident(play, "water").id, alarm="a-none").reason == "unknown_entity"
        assert play.act(22, "li", "split", heat.incident_id, alarm=heat.id).reason == "illegal_now"


def test_merged_and_split_at_every_step_of_a_restart_it_is_the_same() -> None:
    def perform(**changes: Any) -> bytes:
        play = two(**changes)
        merge(play, 20)
        play.receive(event("t2", "temperature", 25.0, id="t2", zone="b1/u2"), 30)
        heat = next(one for one in play.records("alarm") if one.hazard == "heat")
        play.act(40, "li", "split", incident(play, "water").id, alarm=heat.id)
        play.receive(event("t3", "temperature", 25.0, id="t3", zone="b1/u2"), 50)
        play.receive(event("p1", "sos", "on", id="p1", zone="b1/u2", event_class=EventClass.ALARM), 60)
        play.advance(2000)
        return play.text()

    assert perform(is_restored_each_step=True) == perform()


SENSORS = ("u1/w1", "u1/w2", "u2/w3", "u1/t1", "u2/t2")
DEEDS = st.lists(
    st.one_of(
        st.tuples(
            st.just("read"), st.sampled_from(["u1/w1", "u1/w2", "u2/w3", "u1/t1", "u2/t2"]), st.sampled_from([0, 7, 15, 25])
        ),
        st.tuples(st.sampled_from(["merge", "split", "acknowledge", "close", "shelve"]), st.integers(0, 5), st.integers(0, 5)),
    ),
    min_size=4,
    max_size=30,
)


def act_out(deeds: list[tuple[str, Any, Any]], **changes: Any) -> Play:
    play = town(**changes)
    for number, (what, one, other) in enumerate(deeds):
        if what == "read":
            zone, device = one.split("/")
            kind = "water_level" if device.startswith("w") else "temperature"
            play.receive(event(device, kind, float(other), id=f"e{number}", zone=f"b1/{zone}"), number)
            continue
        incidents = [one.id for one in latest(play, "incident").values()]
        alarms = list(latest(play, "alarm"))
        if not incidents or not alarms:
            continue
        case, alarm = incidents[one % len(incidents)], alarms[other % len(alarms)]
        if what == "shelve":
            play.act(number, "li", what, alarm, reason="x", for_s=3.0)
        else:
            into = incidents[other % len(incidents)]
            given = {"merge": {"into": into}, "split": {"alarm": alarm}, "close": {"verdict": "false"}}
            play.act(number, "li", what, case, **given.get(what, {}))
    play.advance(len(deeds) + 300)
    return play


@settings(max_examples=150, deadline=None)
@given(deeds=DEEDS)
def test_whatever_is_merged_and_split_nothing_is_lost(deeds: list[tuple[str, Any, Any]]) -> None:
    play = act_out(deeds)
    incidents = latest(play, "incident")
    opened = {name: one for name, one in incidents.items() if one.state != "closed"}
    assert len({(one.hazard, one.zone) for one in opened.values()}) == len(opened)
    for what, ids in (("alarm", "alarm_ids"), ("warning", "warning_ids"), ("dispatch", "dispatch_ids")):
        for name, record in latest(play, what).items():
            if record.ended_at is None:
                assert [case.id for case in opened.values() if name in getattr(case, ids)] == [record.incident_id]
    for one in incidents.values():
        assert not one.merged_into or (one.state == "closed" and one.merged_into in incidents)
    assert len({notice.key for notice in play.notifications}) == len(play.notifications)
    assert act_out(deeds, is_restored_each_step=True).text() == play.text()
