"""Row 31: a device or a zone out of service for a while. Nothing is lost: what is still true at the end re-emerges.

Unacknowledged, with its true beginning; what is over is told as over. Order-independent with shelving and suppression.
"""

from dataclasses import replace
from typing import Any

import pytest

from rules import definition as d
from rules import primitive as p
from rules.annunciation import is_annunciated
from rules.effects import AnswerAction
from rules.model import Entity, OperatorAction, PackActivation, Verb
from tests.rules.score import T0, Play, event, hazard, pack, rule, said, stage

HOT = (stage("yellow", p.Threshold(above=50)), stage("red", p.Threshold(above=90)))
PLAN = d.Plan(
    id="p",
    title=said("plan"),
    notify_on_warning=("desk",),
    notify_on_alarm=("desk",),
    clocks=(d.Target(name="acknowledged", within_s=60),),
)


def site(*, parties: tuple[str, ...] = ("desk", "property"), is_life_safety: bool = False, **changes: Any) -> Play:
    warm = (stage("blue", p.Threshold(above=30)),)
    hot = rule("hot", "temperature", hazard="heat", alarms=HOT, warnings=warm, plan="p", **changes)
    made = pack(hot, hazards=(hazard("heat", is_life_safety=is_life_safety),), plans=(PLAN,), parties=parties)
    return Play(made, is_restored_each_step=True)


def ask(play: Play, at_s: float, verb: str, place: str, **arguments: Any) -> AnswerAction:
    """``place`` is a zone, or a device where it begins with @."""
    action = OperatorAction(
        id=f"{verb}{at_s}{place}",
        community="c1",
        actor="li",
        verb=Verb(verb),
        entity=Entity.DEVICE if place.startswith("@") else Entity.ZONE,
        entity_id=place.removeprefix("@"),
        arguments=arguments,
    )
    (answer,) = [effect for effect in play.receive(action, at_s) if isinstance(effect, AnswerAction)]
    return answer


def maintain(play: Play, at_s: float, place: str = "b1", for_s: float = 600, **arguments: Any) -> None:
    answer = ask(play, at_s, "maintain", place, reason="works", for_s=for_s, **arguments)
    assert answer.is_accepted, answer.sentence.en


def states(play: Play) -> list[str]:
    """The states that the alarm went through."""
    found: list[str] = []
    for alarm in play.records("alarm"):
        if not found or found[-1] != alarm.state:
            found.append(alarm.state)
    return found


def told(play: Play) -> list[tuple[float, str]]:
    """Who was told, when."""
    return [((notice.at - T0) / 1000, notice.target) for notice in play.notifications]


class TestWhatIsTrueAtTheEnd:
    def test_comes_out_unacknowledged_with_its_true_beginning_and_is_told(self) -> None:
        play = site()
        maintain(play, 0)
        play.play("""
            10      | b1/u1/d1 temperature=60 | incident opened, alarm opened, alarm retired
            599.999 |                         |
            600     |                         | zone maintenance_ended, alarm restored, incident alarmed
        """)
        alarm = play.records("alarm")[-1]
        assert (alarm.state, alarm.opened_at, alarm.is_active) == ("unacknowledged", T0 + 10_000, True)
        assert told(play) == [(600, "desk")]
        assert play.last("alarm").sentence.en.startswith("back in service; it began 590 s ago and still holds")
        play.play("660 | | incident deadline_missed")

    def test_also_where_it_was_active_and_acknowledged_before(self) -> None:
        play = site()
        play.play("""
            0 | b1/d1 temperature=60    | incident opened, alarm opened
            1 | li acknowledge incident | alarm acknowledged, incident acknowledged
        """)
        maintain(play, 2)
        assert play.records("alarm")[-1].state == "out_of_service"
        play.advance(602)
        alarm = play.records("alarm")[-1]
        assert (alarm.state, alarm.acknowledged_by, alarm.opened_at) == ("unacknowledged", "", T0)
        assert play.records("incident")[-1].state == "open"

    def test_a_latched_one_waits_for_its_reset(self) -> None:
        play = site(is_latching=True)
        maintain(play, 0)
        play.play("""
            1   | b1/d1 temperature=60 | incident opened, alarm opened, alarm retired
            2   | b1/d1 temperature=0  | alarm cleared
        """)
        play.advance(600)
        assert play.records("alarm")[-1].state == "latched_unacknowledged"

    def test_a_latched_one_whose_rule_is_gone_waits_for_its_reset_too(self) -> None:
        play = site(is_latching=True)
        maintain(play, 0)
        play.play("1 | b1/d1 temperature=60 | incident opened, alarm opened, alarm retired")
        play.packs["none"] = pack(hazards=(hazard("heat"),), plans=(PLAN,), parties=("desk", "property"), version="2")
        play.receive(PackActivation(id="p2", pack="test", version="2", digest="2", text="none"), 2)
        play.advance(600)
        assert play.records("alarm")[-1].state == "latched_unacknowledged"

    def test_what_grew_worse_meanwhile_comes_out_as_bad_as_it_is(self) -> None:
        play = site()
        maintain(play, 0)
        play.play("""
            1   | b1/d1 temperature=60 | incident opened, alarm opened, alarm retired
            2   | b1/d1 temperature=95 | alarm level_changed red
        """)
        play.advance(600)
        assert (play.records("alarm")[-1].level, play.records("incident")[-1].level) == ("red", "red")
        assert told(play) == [(600, "desk")]

    def test_a_warning_is_given_at_the_end(self) -> None:
        play = site()
        maintain(play, 0)
        play.play("""
            1   | b1/d1 temperature=40 |
            600 |                      | zone maintenance_ended, incident opened, warning opened
        """)
        assert told(play) == [(600, "desk")]

    def test_what_was_in_service_all_the_time_is_not_looked_at_again(self) -> None:
        play = site()
        maintain(play, 0)
        play.play("""
            1   | b2/d2 temperature=40 | incident opened, warning opened
            600 |                      | zone maintenance_ended
        """)

    def test_a_warning_that_stands_stays_and_grows_worse_for_nobody(self) -> None:
        play = site().play("0 | b1/d1 temperature=40 | incident opened, warning opened")
        maintain(play, 1, "@d1")
        play.play("2 | b1/d1 temperature=20 | warning cancelled, incident closed")

    def test_one_that_had_gone_back_and_comes_again_meanwhile_rings_for_nobody_and_is_no_alarm_of_a_flood(self) -> None:
        play = site().play("""
            0 | b1/d1 temperature=60 | incident opened, alarm opened
            1 | b1/d1 temperature=0  | alarm cleared, incident recovered
        """)
        maintain(play, 2)
        play.play("3 | b1/d1 temperature=60 | alarm retriggered, alarm retired")
        assert [is_annunciated(fact) for fact in play.facts if fact.at == T0 + 3000] == [False, False]
        assert states(play)[-1] == "out_of_service"
        play.advance(602)
        assert (play.records("alarm")[-1].state, play.records("alarm")[-1].occurrence_count) == ("unacknowledged", 2)


class TestWhatIsOver:
    def test_it_is_told_as_over_at_the_end_and_nobody_is_called(self) -> None:
        play = site()
        maintain(play, 0)
        play.play("""
            10  | b1/d1 temperature=60 | incident opened, alarm opened, alarm retired
            20  | b1/d1 temperature=0  | alarm cleared
            600 |                      | zone maintenance_ended, alarm restored, incident closed
        """)
        assert states(play) == ["out_of_service", "normal"]
        assert "is over" in play.last("alarm").sentence.en
        assert told(play) == []

    def test_no_occurrence_is_lost(self) -> None:
        play = site()
        maintain(play, 0)
        for second in range(1, 7):
            play.receive(event("d1", "temperature", 60.0 if second % 2 else 0.0, id=str(second), zone="b1"), second)
        play.advance(600)
        assert play.records("alarm")[-1].occurrence_count == 3
        assert play.records("outage")[-1].held_count == 1
        assert play.last("zone").sentence.en == "b1: back in service; alarms held meanwhile: 1"


class TestWhatIsCovered:
    @pytest.mark.parametrize(
        ("place", "seen", "is_held"),
        [
            ("b1", "b1/u1/d1", True),
            ("b1", "b1/d1", True),
            ("b1", "b10/d1", False),
            ("b1/u1", "b1/d1", False),
            ("*", "b2/d1", True),
            ("*", "d1", True),
            ("@d1", "b1/d1", True),
            ("@d1", "b1/d2", False),
        ],
    )
    def test_a_zone_with_all_in_it_or_a_device(self, place: str, seen: str, is_held: bool) -> None:
        play = site()
        maintain(play, 0, place)
        play.play(f"1 | {seen} temperature=60 | incident opened, alarm opened" + (", alarm retired" if is_held else ""))
        assert bool(told(play)) is not is_held
        assert (play.records("outage")[-1].held_count == 1) is is_held

    def test_another_device_that_sees_the_same_is_told(self) -> None:
        play = site(key=d.Key.ZONE)
        maintain(play, 0, "@d1")
        play.play("""
            1 | b1/d1 temperature=60 | incident opened, alarm opened, alarm retired
            2 | b1/d2 temperature=95 | alarm level_changed red, alarm restored, incident alarmed
        """)
        assert told(play) == [(2, "desk")]

    def test_another_community_is_in_service(self) -> None:
        play = site()
        maintain(play, 0, "*")
        play.play("1 | b1/d1 temperature=60 | incident opened, alarm opened", community="c2")

    def test_of_two_outages_the_later_end_counts(self) -> None:
        play = site()
        maintain(play, 0, "b1", for_s=100)
        maintain(play, 0, "@d1", for_s=200)
        play.play("""
            1   | b1/d1 temperature=60 | incident opened, alarm opened, alarm retired
            100 |                      | zone maintenance_ended
            200 |                      | device maintenance_ended, alarm restored, incident alarmed
        """)


class TestLifeSafety:
    def test_is_told_all_the_same_unless_the_outage_says_so(self) -> None:
        play = site(is_life_safety=True)
        maintain(play, 0)
        play.play("1 | b1/d1 temperature=60 | incident opened, alarm opened")
        assert told(play) == [(1, "desk")]

    def test_of_a_whole_zone_it_is_never_held(self) -> None:
        play = site(is_life_safety=True)
        for place in ("b1", "*"):
            answer = ask(play, 0, "maintain", place, reason="works", for_s=60, life_safety=True)
            assert (answer.is_accepted, answer.reason) == (False, "life_safety_not_shelved")
        assert "single devices" in answer.sentence.en
        assert (play.records("outage"), told(play)) == ([], [])

    def test_of_a_single_device_it_is_held_loudly_and_for_twelve_hours_at_most(self) -> None:
        play = site(is_life_safety=True)
        answer = ask(play, 0, "maintain", "@d1", reason="works", for_s=12 * 3600.001, life_safety=True)
        assert (answer.is_accepted, answer.reason) == (False, "argument_missing")
        maintain(play, 1, "@d1", for_s=12 * 3600, life_safety=True)
        began = play.last("device")
        assert (began.level, "post a watch" in began.sentence.en, told(play)) == ("orange", True, [(1, "property")])
        assert play.notifications[0].is_critical
        play.play("2 | b1/d1 temperature=60 | incident opened, alarm opened, alarm retired")
        play.advance(1 + 12 * 3600)
        assert told(play)[1:] == [(43_201, "property"), (43_201, "desk")]

    def test_the_rest_of_the_zone_keeps_ringing(self) -> None:
        play = site(is_life_safety=True)
        maintain(play, 0, "@d1", life_safety=True)
        play.play("1 | b1/d1 temperature=60 | incident opened, alarm opened, alarm retired")
        play.play("2 | b1/d2 temperature=60 | incident alarmed, alarm opened")
        assert told(play) == [(0, "property"), (2, "desk")]

    def test_its_warnings_are_held_with_it(self) -> None:
        play = site(is_life_safety=True)
        maintain(play, 0, "@d1", for_s=60, life_safety=True)
        play.play("1 | b1/d1 temperature=40 |\n60 | | device maintenance_ended, incident opened, warning opened")

    @pytest.mark.parametrize(("parties", "expected"), [(("desk", "boss"), [(0, "desk")]), ((), [])])
    def test_who_is_told_where_there_is_no_property(self, parties: tuple[str, ...], expected: list[tuple[float, str]]) -> None:
        play = site(parties=parties)
        maintain(play, 0, "@d1", life_safety=True)
        assert told(play) == expected


class TestPlanned:
    def test_it_begins_and_ends_by_itself(self) -> None:
        play = site()
        maintain(play, 0, from_s=100, for_s=50)
        assert play.last("zone").transition == "maintenance_planned"
        play.play("""
            1      | b1/d1 temperature=60 | incident opened, alarm opened
            99.999 |                      | incident deadline_missed @61
            100    |                      | zone maintenance_began, alarm retired, incident quieted
            150    |                      | zone maintenance_ended, alarm restored, incident alarmed
        """)

    def test_it_is_called_off(self) -> None:
        play = site()
        maintain(play, 0, from_s=100)
        assert ask(play, 1, "restore", "b1").is_accepted
        assert "calls the planned outage off" in play.last("zone").sentence.en
        play.play("999 | |")

    def test_it_is_ended_early_by_a_person(self) -> None:
        play = site()
        maintain(play, 0, "@d1")
        play.play("1 | b1/d1 temperature=60 | incident opened, alarm opened, alarm retired")
        assert ask(play, 2, "restore", "@d1").is_accepted
        assert play.last("device").sentence.en == "device d1: li puts it back in service; alarms held meanwhile: 1"
        assert (play.records("outage")[-1].ended_by, play.records("alarm")[-1].state) == ("li", "unacknowledged")
        play.play("602 | | incident deadline_missed @62")


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("place", "arguments", "expected"),
        [
            ("b1", {"for_s": 60}, "argument_missing"),
            ("b1", {"reason": "works"}, "argument_missing"),
            ("b1", {"reason": "works", "for_s": 0}, "argument_missing"),
            ("b1", {"reason": "works", "for_s": 30 * 86_400.001}, "argument_missing"),
            ("b1", {"reason": "works", "for_s": 60, "from_s": 90 * 86_400.001}, "argument_missing"),
            ("b1", {"reason": "works", "for_s": 60, "life_safety": "yes"}, "argument_missing"),
            ("b1//", {"reason": "works", "for_s": 60}, "unknown_entity"),
            ("@ ", {"reason": "works", "for_s": 60}, "unknown_entity"),
        ],
    )
    def test_and_nothing_is_changed(self, place: str, arguments: dict[str, Any], expected: str) -> None:
        play = site()
        assert ask(play, 0, "maintain", place, **arguments).reason == expected
        assert play.records("outage") == []

    def test_what_is_in_service_cannot_be_restored(self) -> None:
        play = site()
        maintain(play, 0, "b1")
        assert ask(play, 1, "restore", "b1/u1").reason == "illegal_now"


class TestWithAShelf:
    """An alarm that is shelved and out of service speaks when both are over, whichever came and went first."""

    @pytest.mark.parametrize(("shelf_s", "outage_s"), [(100, 300), (300, 100)])
    def test_shelved_first(self, shelf_s: float, outage_s: float) -> None:
        play = site().play("0 | b1/d1 temperature=60 | incident opened, alarm opened")
        assert play.act(1, "li", "shelve", "alarm", reason="x", for_s=shelf_s).is_accepted
        maintain(play, 1, for_s=outage_s)
        before = len(told(play))
        play.advance(300.999)
        assert len(told(play)) == before
        assert [is_annunciated(fact) for fact in play.facts if fact.at > T0 + 1000].count(True) == 0
        play.advance(301)
        assert play.records("alarm")[-1].state == "unacknowledged"

    def test_out_of_service_it_cannot_be_shelved(self) -> None:
        play = site()
        maintain(play, 0)
        play.play("1 | b1/d1 temperature=60 | incident opened, alarm opened, alarm retired")
        assert play.act(2, "li", "shelve", "alarm", reason="x", for_s=60).reason == "illegal_now"

    def test_taken_off_the_shelf_by_hand_it_is_out_of_service(self) -> None:
        play = site().play("0 | b1/d1 temperature=60 | incident opened, alarm opened")
        play.act(1, "li", "shelve", "alarm", reason="x", for_s=600)
        maintain(play, 2)
        play.act(3, "li", "unshelve", "alarm")
        assert play.records("alarm")[-1].state == "out_of_service"


class TestWithAnInhibition:
    """The two rules of one place: power lost quiets heat. Outage and inhibition may begin and end in any order."""

    def both(self) -> Play:
        power = rule("power", "power", hazard="power", key=d.Key.ZONE, alarms=(stage("red", p.StateIs(states=("off",))),))
        hot = rule("hot", "temperature", hazard="heat", key=d.Key.ZONE, alarms=HOT)
        made = pack(hot, power, hazards=(hazard("heat"), hazard("power")))
        inhibition = d.Inhibition(
            id="i", title=said("i"), source=d.Aim(hazard="power"), target=d.Aim(hazard="heat"), equal=d.Key.ZONE
        )
        return Play(replace(made, inhibitions=(inhibition,)), is_restored_each_step=True)

    @pytest.mark.parametrize("is_outage_first", [True, False])
    def test_the_outage_stands_above_the_suppression_in_any_order(self, is_outage_first: bool) -> None:
        play = self.both()
        play.receive(event("d1", "temperature", 60.0, id="h", zone="b1"), 0)
        if is_outage_first:
            maintain(play, 1, "@d1")
        play.receive(event("p1", "power", "off", id="off", zone="b1"), 1)
        if not is_outage_first:
            maintain(play, 1, "@d1")
        assert [alarm.state for alarm in play.records("alarm") if alarm.rule == "hot"][-1] == "out_of_service"
        play.advance(601)
        assert [alarm.state for alarm in play.records("alarm") if alarm.rule == "hot"][-1] == "suppressed"
        assert not any(is_annunciated(fact) for fact in play.facts if fact.rule == "hot" and fact.at > T0)
        play.receive(event("p1", "power", "on", id="on", zone="b1"), 700)
        assert [alarm.state for alarm in play.records("alarm") if alarm.rule == "hot"][-1] == "unacknowledged"

    def test_what_is_out_of_service_quiets_nothing(self) -> None:
        play = self.both()
        play.receive(event("p1", "power", "off", id="off", zone="b1"), 0)
        play.receive(event("d1", "temperature", 60.0, id="h", zone="b1"), 1)
        maintain(play, 2, "@p1")
        assert [alarm.state for alarm in play.records("alarm") if alarm.rule == "hot"][-1] == "unacknowledged"
