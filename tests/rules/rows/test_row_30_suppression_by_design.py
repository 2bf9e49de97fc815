"""Row 30: suppression by design does not depend on the order in which things come, hides no danger to life, and loses nothing."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import definition as d
from rules import primitive as p
from rules.annunciation import is_annunciated
from rules.definition import Aim, Inhibition, Key
from rules.inhibition import is_standing
from rules.lifecycle import ALARM
from rules.model import Alarm, Entity, EventClass, Incident, Level, OperatorAction, PackActivation, Status, Verb
from tests.rules.score import T0, Play, event, hazard, pack, rule, said, stage

ON = p.StateIs(states=("on",))
POWER = rule("power", "power_lost", hazard="power", alarms=(stage("orange", ON),), plan="p")
FAULT = rule("fault", "device_fault", hazard="device", alarms=(stage("yellow", ON),), plan="p")
LEVELS = (stage("yellow", p.Threshold(above=10)), stage("red", p.Threshold(above=20)))
LEAK = rule("leak", "water_level", hazard="water", alarms=LEVELS, plan="p")
PLAN = d.Plan(id="p", title=said("plan"), notify_on_alarm=("desk",), clocks=(d.Target(name="acknowledged", within_s=60),))
OUTAGE = Inhibition(
    id="outage",
    title=said("power outage"),
    source=Aim(hazard="power"),
    target=Aim(hazard="device"),
    equal=Key.BUILDING,
)


DEVICE: dict[str, Any] = {"community": "c1", "entity": Entity.DEVICE, "entity_id": "d1"}


def town(*inhibitions: Inhibition, rules: tuple[d.Rule, ...] = (POWER, FAULT, LEAK), **changes: Any) -> Play:
    return Play(plain(*(inhibitions or (OUTAGE,)), rules=rules), **changes)


def plain(*inhibitions: Inhibition, rules: tuple[d.Rule, ...] = (POWER, FAULT, LEAK), version: str = "1") -> d.RulePack:
    hazards = tuple(hazard(name) for name in ("power", "device", "water"))
    made = pack(*rules, hazards=hazards, plans=(PLAN,), parties=("desk",), version=version)
    return replace(made, inhibitions=inhibitions)


def latest(play: Play) -> dict[str, Alarm]:
    """Every alarm as it now is, by its rule and device."""
    return {f"{alarm.rule}/{alarm.device}": alarm for alarm in play.records("alarm")}


def cases(play: Play) -> dict[str, Incident]:
    return {f"{incident.hazard}/{incident.zone}": incident for incident in play.records("incident")}


def walk(play: Play, rule_id: str) -> list[tuple[str, str, float]]:
    """How the alarm of this rule went: from which state to which, and when (s). Every move is one that the table has."""
    lines = [fact for fact in play.facts if fact.entity == "alarm" and fact.rule == rule_id]
    moves = {(before, after) for (before, _), after in ALARM.table.items()}
    assert {(fact.from_state, fact.to_state) for fact in lines[1:] if fact.from_state != fact.to_state} <= moves
    return [(fact.from_state, fact.to_state, (fact.at - T0) / 1000) for fact in lines]


def announced(play: Play) -> list[tuple[str, float]]:
    """Which rules made a person look up, and when (s)."""
    return [(fact.rule, (fact.at - T0) / 1000) for fact in play.facts if is_annunciated(fact)]


def test_what_the_source_explains_is_kept_counted_and_calls_nobody() -> None:
    play = town().play("""
        0  | b1/m1 power_lost!on   | incident opened orange, alarm opened orange
        1  | b1/d1 device_fault!on | incident opened yellow, alarm opened yellow, alarm suppressed
        62 |                       | incident deadline_missed @60
        63 | b1/d1 device_fault!on | alarm repeated
    """)
    alarm = latest(play)["fault/d1"]
    assert (alarm.state, alarm.is_active, alarm.occurrence_count, alarm.inhibition) == ("suppressed", True, 2, "outage")
    assert alarm.cause_id == latest(play)["power/m1"].id
    assert cases(play)["device/b1"].state == "watch"
    assert play.notices == ["alarm_orange_1 → desk"]
    assert "power outage" in [fact for fact in play.facts if fact.transition == "suppressed"][-1].sentence.en


def test_when_the_source_ends_what_is_still_true_speaks_unacknowledged() -> None:
    play = town().play("""
        0 | b1/m1 power_lost!on    | incident opened, alarm opened
        1 | b1/d1 device_fault!on  | incident opened, alarm opened, alarm suppressed
        2 | b1/d2 device_fault!on  | alarm opened, alarm suppressed
        3 | b1/d2 device_fault!off | alarm cleared
        9 | b1/m1 power_lost!off   | alarm cleared, incident recovered, alarm unsuppressed, alarm unsuppressed, incident alarmed
    """)
    assert (latest(play)["fault/d1"].state, latest(play)["fault/d1"].cause_id) == ("unacknowledged", "")
    assert latest(play)["fault/d2"].state == "normal"
    assert play.notices[-1] == "alarm_yellow_1 → desk"
    assert cases(play)["device/b1"].clocks[0].due_at == play.engine.now + 60_000


def test_a_source_that_comes_after_its_target_quiets_it_and_its_clock() -> None:
    play = town().play("""
        0   | b1/d1 device_fault!on   | incident opened, alarm opened
        1   | li acknowledge incident | alarm acknowledged, incident acknowledged
        2   | b1/d2 device_fault!on   | alarm opened
        9   | b1/m1 power_lost!on     | incident opened, alarm opened, alarm suppressed, alarm suppressed, incident quieted
        900 |                         | incident deadline_missed @69
    """)
    play.receive(event("m1", "power_lost", "off", id="off", zone="b1", event_class=EventClass.ALARM), 901)
    assert {alarm.state for name, alarm in latest(play).items() if name != "power/m1"} == {"unacknowledged"}
    assert cases(play)["device/b1"].acknowledged_by == ""
    assert [fact.transition for fact in play.facts].count("alarmed") == 1


def test_what_people_were_called_to_and_went_quiet_waits_for_their_verdict_and_what_nobody_was_called_to_closes_itself() -> None:
    told = town().play("""
        0 | b1/d1 device_fault!on  | incident opened, alarm opened
        1 | b1/m1 power_lost!on    | incident opened, alarm opened, alarm suppressed, incident quieted
        2 | b1/d1 device_fault!off | alarm cleared
        3 | b1/m1 power_lost!off   | alarm cleared, incident recovered, alarm unsuppressed, incident recovered
    """)
    assert cases(told)["device/b1"].state == "recovered"
    untold = town().play("""
        1 | b1/m1 power_lost!on    | incident opened, alarm opened
        2 | b1/d1 device_fault!on  | incident opened, alarm opened, alarm suppressed
        3 | b1/d1 device_fault!off | alarm cleared
        4 | b1/m1 power_lost!off   | alarm cleared, incident recovered, alarm unsuppressed, incident closed
    """)
    assert cases(untold)["device/b1"].state == "closed"


HAPPENINGS = ("m1 power_lost!on", "m2 power_lost!on", "d1 device_fault!on", "d2 device_fault!on", "w1 water_level=25")
WET = Inhibition(
    id="wet",
    title=said("water"),
    source=Aim(kind="water_level"),
    from_level=Level.RED,
    target=Aim(rule="power"),
    equal=Key.ZONE,
)


def outcome(play: Play) -> list[tuple[Any, ...]]:
    """What the alarms and their incidents have come to, with causes by what they are instead of by their ids."""
    alarms = latest(play)
    name_of = {alarm.id: name for name, alarm in alarms.items()}
    found = [
        (name, alarm.state, alarm.is_active, name_of.get(alarm.cause_id, ""), alarm.inhibition) for name, alarm in alarms.items()
    ]
    return sorted(found) + sorted((name, incident.state) for name, incident in cases(play).items())


def perform(happenings: tuple[str, ...], **changes: Any) -> Play:
    play = town(OUTAGE, WET, **changes)
    for number, what in enumerate(happenings):
        device, kind = what.split()
        sort = "!" if "!" in kind else "="
        name, value = kind.split(sort)
        is_reading = sort == "="
        play.receive(
            event(
                device,
                name,
                float(value) if is_reading else value,
                id=f"e{number}",
                zone="b1",
                **({} if is_reading else {"event_class": EventClass.ALARM}),
            ),
            float(number),
        )
    return play


def test_all_orders_of_arrival_come_to_the_same() -> None:
    meant = outcome(perform(HAPPENINGS))
    assert [entry[1] for entry in meant if entry[0] in ("fault/d1", "fault/d2", "power/m1", "power/m2")] == ["suppressed"] * 4
    for order in permutations(HAPPENINGS):
        assert outcome(perform(order)) == meant


@settings(max_examples=80, deadline=None)
@given(order=st.permutations(HAPPENINGS), ends=st.permutations(("m1 power_lost!off", "m2 power_lost!off", "w1 water_level=0")))
def test_in_whatever_order_they_end_nothing_stays_hidden(order: list[str], ends: list[str]) -> None:
    play = perform((*order, *ends))
    alarms = latest(play)
    assert {alarms["fault/d1"].state, alarms["fault/d2"].state} == {"unacknowledged"}
    assert all(alarm.state != "suppressed" for alarm in alarms.values())
    assert perform((*order, *ends), is_restored_each_step=True).text() == play.text()


@pytest.mark.parametrize(
    ("equal", "quiet"),
    [
        (Key.DEVICE, []),
        (Key.ZONE, ["b1/u1"]),
        (Key.BUILDING, ["b1/u1", "b1/u2"]),
        (Key.COMMUNITY, ["b1/u1", "b1/u2", "b2/u1"]),
    ],
)
def test_source_and_target_share_the_place_that_the_pack_says(equal: Key, quiet: list[str]) -> None:
    play = town(Inhibition(id="o", title=said("o"), source=Aim(hazard="power"), target=Aim(hazard="device"), equal=equal))
    play.receive(event("m1", "power_lost", "on", id="m", zone="b1/u1", event_class=EventClass.ALARM), 0)
    for number, zone in enumerate(("b1/u1", "b1/u2", "b2/u1")):
        play.receive(event(f"d{number}", "device_fault", "on", id=zone, zone=zone, event_class=EventClass.ALARM), 1)
    assert [alarm.zone for alarm in latest(play).values() if alarm.state == "suppressed"] == quiet


def test_an_exercise_quiets_nothing_real_and_another_community_nothing_here() -> None:
    play = town()
    play.receive(event("m1", "power_lost", "on", id="m", zone="b1", event_class=EventClass.ALARM, status=Status.EXERCISE), 0)
    play.receive(event("m2", "power_lost", "on", id="m2", zone="b1", event_class=EventClass.ALARM, community="c2"), 0)
    play.play("1 | b1/d1 device_fault!on | incident opened, alarm opened")


class TestLevels:
    """The source at least so severe, the target at most."""

    FLOOD = Inhibition(
        id="flood",
        title=said("flood"),
        source=Aim(rule="leak"),
        from_level=Level.RED,
        target=Aim(rule="damp"),
        to_level=Level.YELLOW,
    )
    DAMP = rule("damp", "humidity", hazard="water", alarms=LEVELS, plan="p")

    def test_a_source_quiets_from_its_level_on_and_no_longer_below(self) -> None:
        town(self.FLOOD, rules=(LEAK, self.DAMP)).play("""
            0 | b1/w1 water_level=15 | incident opened, alarm opened yellow
            1 | b1/h1 humidity=15    | alarm opened yellow
            2 | b1/w1 water_level=25 | alarm level_changed red, incident level_changed red, alarm suppressed
            3 | b1/w1 water_level=15 | alarm level_changed yellow, alarm unsuppressed
        """)

    def test_a_target_that_gets_worse_than_that_speaks_and_is_quiet_again_below(self) -> None:
        town(self.FLOOD, rules=(LEAK, self.DAMP)).play("""
            0 | b1/w1 water_level=25 | incident opened, alarm opened red
            1 | b1/h1 humidity=15    | alarm opened yellow, alarm suppressed
            2 | b1/h1 humidity=25    | alarm level_changed red, alarm unsuppressed
            3 | b1/h1 humidity=15    | alarm level_changed yellow, alarm suppressed
        """)


class TestBounded:
    """``lasts``: at most so long after the source's last occurrence."""

    SHORT = Inhibition(
        id="short",
        title=said("short"),
        source=Aim(hazard="power"),
        target=Aim(hazard="device"),
        lasts_s=600.0,
    )

    def test_it_is_over_at_its_millisecond_though_the_source_stands(self) -> None:
        play = town(self.SHORT).play("""
            0       | b1/m1 power_lost!on     | incident opened, alarm opened
            1       | li acknowledge incident | alarm acknowledged, incident acknowledged
            2       | b1/d1 device_fault!on   | incident opened, alarm opened, alarm suppressed
            599.999 |                         |
            600     |                         | alarm unsuppressed, incident alarmed
            601     | b1/d2 device_fault!on   | alarm opened
        """)
        assert play.records("alarm")[-1].state == "unacknowledged"

    def test_a_bound_of_a_source_that_is_gone_does_nothing(self) -> None:
        town(self.SHORT).play("""
            0   | b1/m1 power_lost!on     | incident opened, alarm opened
            1   | li acknowledge incident | alarm acknowledged, incident acknowledged
            2   | b1/m1 power_lost!off    | alarm cleared, incident recovered
            700 |                         |
        """)

    def test_a_bound_of_a_source_whose_case_was_closed_does_nothing(self) -> None:
        town(self.SHORT).play("""
            0   | b1/m1 power_lost!on             | incident opened, alarm opened
            1   | li close incident verdict=real  | alarm closed, incident closed
            700 |                                 |
        """)

    def test_the_source_s_next_occurrence_quiets_again_for_as_long(self) -> None:
        town(self.SHORT).play("""
            0       | b1/m1 power_lost!on     | incident opened, alarm opened
            1       | li acknowledge incident | alarm acknowledged, incident acknowledged
            2       | b1/d1 device_fault!on   | incident opened, alarm opened, alarm suppressed
            600     |                         | alarm unsuppressed, incident alarmed
            601     | li acknowledge incident | alarm acknowledged, incident acknowledged
            700     | b1/m1 power_lost!on     | alarm repeated, alarm suppressed, incident quieted
            1299.999 |                        |
            1300    |                         | alarm unsuppressed, incident alarmed
        """)


class TestLifeSafety:
    """Nothing quiets it but another danger to life, at the same place, at least as severe; and the incident stays open."""

    FIRE = rule(
        "fire", "smoke", hazard="fire", alarms=(stage("orange", p.Threshold(above=10)), stage("red", p.Threshold(above=20)))
    )
    GAS = rule(
        "gas", "methane", hazard="gas", alarms=(stage("orange", p.Threshold(above=10)), stage("red", p.Threshold(above=20)))
    )

    def play(self, source: str, target: str, *, is_gathered: bool = False) -> Play:
        inhibition = Inhibition(id="x", title=said("x"), source=Aim(hazard=source), target=Aim(hazard=target), equal=Key.BUILDING)
        made = pack(
            self.FIRE,
            self.GAS,
            POWER,
            hazards=(
                hazard("fire", is_life_safety=True),
                hazard("gas", is_life_safety=True, gathers_with=("fire",) if is_gathered else ()),
                hazard("power"),
            ),
        )
        return Play(replace(made, inhibitions=(inhibition,)))

    def test_not_by_something_harmless(self) -> None:
        self.play("power", "gas").play("""
            0 | b1/m1 power_lost!on | incident opened, alarm opened
            1 | b1/g1 methane=15    | incident opened, alarm opened
        """)

    def test_not_at_another_place(self) -> None:
        self.play("fire", "gas").play("""
            0 | b1/u1/f1 smoke=25   | incident opened, alarm opened
            1 | b1/u2/g1 methane=15 | incident opened, alarm opened
        """)

    def test_not_what_is_more_severe_than_its_cause(self) -> None:
        self.play("fire", "gas").play("""
            0 | b1/f1 smoke=15   | incident opened, alarm opened orange
            1 | b1/g1 methane=25 | incident opened, alarm opened red
        """)

    def test_in_the_same_incident_it_is_counted_under_its_cause_and_the_incident_stays_open(self) -> None:
        play = self.play("fire", "gas", is_gathered=True).play("""
            0 | b1/f1 smoke=25   | incident opened, alarm opened red
            1 | b1/g1 methane=15 | alarm opened orange, incident corroborated, alarm suppressed
            2 | b1/g1 methane=25 | alarm level_changed red
            3 | b1/f1 smoke=15   | alarm level_changed orange, alarm unsuppressed
        """)
        incident = play.records("incident")[-1]
        assert (incident.state, len(incident.alarm_ids)) == ("open", 2)

    def test_at_the_same_place_too_in_either_order(self) -> None:
        self.play("fire", "gas").play("""
            0 | b1/g1 methane=15 | incident opened, alarm opened orange
            1 | b1/f1 smoke=25   | incident opened, alarm opened red, alarm suppressed, incident quieted
            2 | b1/f1 smoke=0    | alarm cleared, incident recovered, alarm unsuppressed, incident alarmed
        """)


class TestWithPeople:
    """A shelf, a pack change, a close: whatever ends the reason for silence, what is still true speaks."""

    def test_a_shelf_that_ends_under_a_standing_cause_gives_way_to_the_suppression(self) -> None:
        play = town().play("0 | b1/d1 device_fault!on | incident opened, alarm opened")
        assert play.act(1, "li", "shelve", "alarm", reason="x", for_s=60.0).is_accepted
        play.play("""
            2  | b1/m1 power_lost!on  | incident opened, alarm opened
            61 |                      | incident deadline_missed @60, alarm unshelved, alarm suppressed, incident quieted
            62 |                      | incident deadline_missed
            63 | b1/m1 power_lost!off | alarm cleared, incident recovered, alarm unsuppressed, incident alarmed
        """)

    def test_from_the_shelf_into_suppression_is_one_move_of_the_table_and_announces_nothing(self) -> None:
        play = town().play("0 | b1/d1 device_fault!on | incident opened, alarm opened")
        assert play.act(1, "li", "shelve", "alarm", reason="x", for_s=60.0).is_accepted
        play.play("""
            2  | b1/m1 power_lost!on  | incident opened, alarm opened
            61 |                      | incident deadline_missed @60, alarm unshelved, alarm suppressed, incident quieted
        """)
        assert walk(play, "fault")[-2:] == [("shelved", "suppressed", 61.0), ("suppressed", "suppressed", 61.0)]
        assert announced(play) == [("fault", 0.0), ("power", 2.0)]
        assert play.notices == ["alarm_yellow_1 → desk", "alarm_orange_1 → desk"]

    def test_a_shelved_one_that_gets_worse_under_its_cause_goes_over_to_the_suppression(self) -> None:
        damp = Inhibition(id="o", title=said("o"), source=Aim(hazard="power"), target=Aim(rule="leak"), equal=Key.BUILDING)
        play = town(damp).play("0 | b1/w1 water_level=15 | incident opened, alarm opened yellow")
        assert play.act(1, "li", "shelve", "alarm", reason="x", for_s=60.0).is_accepted
        play.play("""
            2  | b1/m1 power_lost!on  | incident opened, alarm opened
            3  | b1/w1 water_level=25 | alarm level_changed red, alarm suppressed, incident quieted
            70 |                      | incident deadline_missed @62
            71 | b1/m1 power_lost!off | alarm cleared, incident recovered, alarm unsuppressed, incident alarmed
        """)
        assert ("shelved", "suppressed", 3.0) in walk(play, "leak")
        assert announced(play) == [("leak", 0.0), ("power", 2.0), ("leak", 71.0)]

    def test_what_comes_back_into_service_under_its_cause_goes_over_to_the_suppression(self) -> None:
        play = town().play("0 | b1/d1 device_fault!on | incident opened, alarm opened")
        works: dict[str, Any] = {"reason": "works", "for_s": 60.0}
        play.receive(OperatorAction(id="x", actor="li", verb=Verb.MAINTAIN, arguments=works, **DEVICE), 1)
        play.play("""
            2  | b1/m1 power_lost!on  | incident opened, alarm opened
            61 |                      | device maintenance_ended, alarm restored, alarm suppressed
            62 |                      | incident deadline_missed
        """)
        assert walk(play, "fault")[-2:] == [("out_of_service", "suppressed", 61.0), ("suppressed", "suppressed", 61.0)]
        assert announced(play) == [("fault", 0.0), ("power", 2.0)]

    def test_closing_the_source_s_case_lets_its_symptoms_speak(self) -> None:
        play = town().play("""
            0 | b1/d1 device_fault!on | incident opened, alarm opened
            2 | b1/m1 power_lost!on   | incident opened, alarm opened, alarm suppressed, incident quieted
        """)
        power = cases(play)["power/b1"].id
        assert play.act(3, "li", "close", power, verdict="real").is_accepted
        assert latest(play)["fault/d1"].state == "unacknowledged"

    def test_a_new_pack_without_the_inhibition_ends_it_and_with_it_begins_it(self) -> None:
        play = town().play("""
            0 | b1/m1 power_lost!on   | incident opened, alarm opened
            1 | b1/d1 device_fault!on | incident opened, alarm opened, alarm suppressed
        """)
        play.packs |= {"2": plain(version="2"), "3": plain(OUTAGE, version="3")}
        play.receive(PackActivation(id="p2", pack="test", version="2", digest="2", text="2"), 2)
        assert latest(play)["fault/d1"].state == "unacknowledged"
        play.receive(PackActivation(id="p3", pack="test", version="3", digest="3", text="3"), 3)
        assert latest(play)["fault/d1"].state == "suppressed"
        assert cases(play)["device/b1"].state == "watch"

    def test_a_quieted_alarm_of_a_latching_rule_waits_for_its_reset(self) -> None:
        kept = rule("fault", "device_fault", hazard="device", alarms=(stage("yellow", ON),), plan="p", is_latching=True)
        play = town(rules=(POWER, kept)).play("""
            0 | b1/m1 power_lost!on    | incident opened, alarm opened
            1 | b1/d1 device_fault!on  | incident opened, alarm opened, alarm suppressed
            2 | b1/d1 device_fault!off | alarm cleared
            3 | b1/m1 power_lost!off   | alarm cleared, incident recovered, alarm unsuppressed, incident alarmed
        """)
        assert latest(play)["fault/d1"].state == "latched_unacknowledged"


def test_what_was_about_to_be_told_is_not_told_once_it_is_suppressed_and_is_when_it_speaks() -> None:
    waiting = replace(PLAN, messages=d.Messages(wait_s=30.0), clocks=())
    play = Play(replace(plain(OUTAGE), plans={"p": waiting})).play("""
        0   | b1/d1 device_fault!on | incident opened, alarm opened
        10  | b1/m1 power_lost!on   | incident opened, alarm opened, alarm suppressed, incident quieted
        60  |                       |
        100 | b1/m1 power_lost!off  | alarm cleared, incident recovered, alarm unsuppressed, incident alarmed
        130 |                       |
    """)
    about = {incident.id: incident.hazard for incident in play.records("incident")}
    told = [(about[notice.incident_id], (notice.at - play.facts[0].at) / 1000) for notice in play.notifications]
    assert [at for hazard_id, at in told if hazard_id == "device"] == [130.0]


def test_what_went_back_before_its_cause_came_stays_listed_until_a_person_has_seen_it() -> None:
    play = town().play("""
        0 | b1/d1 device_fault!on  | incident opened, alarm opened
        1 | b1/d1 device_fault!off | alarm cleared, incident recovered
        2 | b1/m1 power_lost!on    | incident opened, alarm opened
    """)
    assert latest(play)["fault/d1"].state == "returned_unacknowledged"


def test_what_was_acknowledged_before_it_was_quiet_is_nobody_s_afterwards() -> None:
    play = town().play("""
        0 | b1/d1 device_fault!on | incident opened, alarm opened
        1 | li acknowledge alarm  | alarm acknowledged, incident acknowledged
        2 | b1/m1 power_lost!on   | incident opened, alarm opened, alarm suppressed, incident quieted
        3 | b1/m1 power_lost!off  | alarm cleared, incident recovered, alarm unsuppressed, incident alarmed
    """)
    assert (latest(play)["fault/d1"].state, latest(play)["fault/d1"].acknowledged_by) == ("unacknowledged", "")


def test_a_source_out_of_service_explains_nothing() -> None:
    play = town().play("0 | b1/m1 power_lost!on | incident opened, alarm opened")
    source = latest(play)["power/m1"]
    assert is_standing(source)
    assert not is_standing(replace(source, state="out_of_service"))
    assert not is_standing(replace(source, is_active=False))
