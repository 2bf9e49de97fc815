"""Row 19: rules that know the calendar and the mode of their place: night, holiday, armed, away, drill.

A gate decides when a rule may speak, not what it sees: what is true when it opens is raised, what was pending when it closes
does not come about, and an alarm stays until its condition is gone. T0 is Thursday 2026-01-01, 08:00 in Shanghai.
"""

from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rules import definition as d
from rules import primitive as p
from rules.effects import AnswerAction
from rules.expression import ConditionError, compile_condition
from rules.model import Entity, Event, EventClass, OperatorAction, PackActivation, Status, Verb
from tests.rules.score import T0, Play, event, pack, rule, said, stage

OPEN = p.StateIs(states=("open",))
NIGHT = d.Hours(start_minute=22 * 60, end_minute=6 * 60)
AT_22, AT_06 = 50_400, 79_200
DAY_S = 86_400


def town(*rules: d.Rule, modes: tuple[d.Mode, ...] = ()) -> Play:
    return Play(replace(pack(*rules), modes={mode.id: mode for mode in modes}), is_restored_each_step=True)


def door(*, on: float = 0, off: float = 0, test: p.Test = OPEN, kinds: str = "opening", **changes: Any) -> d.Rule:
    return rule("door", kinds, alarms=(stage("yellow", test, on, off),), **changes)


def ask(play: Play, at_s: float, zone: str, **arguments: Any) -> AnswerAction:
    action = OperatorAction(
        id=f"m{at_s}", community="c1", actor="li", verb=Verb.SET_MODE, entity=Entity.ZONE, entity_id=zone, arguments=arguments
    )
    (answer,) = [effect for effect in play.receive(action, at_s) if isinstance(effect, AnswerAction)]
    return answer


def set_mode(play: Play, at_s: float, mode: str = "armed", zone: str = "*", **arguments: Any) -> None:
    answer = ask(play, at_s, zone, mode=mode, **arguments)
    assert answer.is_accepted, answer.sentence.en


class TestHoursAndDays:
    @pytest.mark.parametrize("row", ["0 | d1 opening:open |", f"{AT_22 - 0.001} | d1 opening:open |"])
    def test_a_condition_that_is_true_when_the_hours_begin_is_raised_then(self, row: str) -> None:
        play = town(door(hours=NIGHT)).play(row)
        play.play(f"{AT_22 - 0.001} | |\n{AT_22} | | incident opened, alarm opened")
        assert play.records("alarm")[-1].evidence[0].received_at < T0 + AT_22 * 1000

    def test_its_delay_counts_from_the_beginning_of_the_hours(self) -> None:
        town(door(hours=NIGHT, on=60)).play(f"""
            0               | d1 opening:open |
            {AT_22 + 59.999} |                |
            {AT_22 + 60}     |                | incident opened, alarm opened
        """)

    def test_what_was_over_before_the_hours_began_is_not_raised(self) -> None:
        town(door(hours=NIGHT, off=120)).play(f"""
            0             | d1 opening:open   |
            {AT_22 - 1}   | d1 opening:closed |
            {AT_22 + 999} |                   |
        """)

    def test_what_was_pending_when_the_hours_end_begins_again_with_the_next(self) -> None:
        town(door(hours=NIGHT, on=60)).play(f"""
            {AT_06 - 59}         | d1 opening:open |
            {AT_22 + DAY_S}      |                 |
            {AT_22 + DAY_S + 60} |                 | incident opened, alarm opened
        """)

    def test_an_alarm_outlives_its_hours_and_ends_with_its_condition(self) -> None:
        town(door(hours=NIGHT)).play(f"""
            {AT_22}         | d1 opening:open   | incident opened, alarm opened
            {AT_06 + 9}     |                   |
            {AT_06 + 10}    | d1 opening:closed | alarm cleared, incident recovered
            {AT_06 + 11}    | d1 opening:open   |
            {AT_22 + DAY_S} |                   | alarm retriggered, incident reopened
        """)

    def test_what_stands_already_when_the_hours_begin_again_is_not_told_twice(self) -> None:
        town(door(hours=NIGHT)).play(f"""
            {AT_22}             | d1 opening:open   | incident opened, alarm opened
            {AT_22 + DAY_S}     |                   |
            {AT_22 + DAY_S + 1} | d1 opening:closed | alarm cleared, incident recovered
        """)

    def test_a_warning_that_stands_when_the_hours_begin_again_goes_on(self) -> None:
        watched = rule("door", "opening", warnings=(stage("blue", OPEN),), hours=NIGHT, warning_expires_s=3 * DAY_S)
        town(watched).play(f"""
            {AT_22}             | d1 opening:open   | incident opened, warning opened
            {AT_22 + DAY_S}     |                   |
            {AT_22 + DAY_S + 1} | d1 opening:closed | warning cancelled, incident closed
        """)

    def test_a_case_that_was_closed_over_a_door_still_open_is_a_new_one_in_the_next_night(self) -> None:
        town(door(hours=NIGHT)).play(f"""
            {AT_22}         | d1 opening:open                 | incident opened, alarm opened
            {AT_22 + 1}     | li close incident verdict=real  | alarm closed, incident closed
            {AT_22 + DAY_S} |                                 | incident opened, alarm opened
        """)

    def test_a_warning_that_expired_over_it_comes_anew_in_the_next_night(self) -> None:
        watched = rule("door", "opening", warnings=(stage("blue", OPEN),), hours=NIGHT, warning_expires_s=60)
        town(watched).play(f"""
            0               | d1 opening:open |
            {AT_22}         |                 | incident opened, warning opened
            {AT_22 + 60}    |                 | warning expired, incident closed
            {AT_22 + DAY_S} |                 | incident opened, warning opened
        """)

    def test_a_sighting_of_the_day_is_none_of_the_night(self) -> None:
        seen = rule("seen", "intrusion", alarms=(stage("yellow", p.StateIs(states=("on",))),), hours=NIGHT)
        town(seen).play(f"""
            {AT_22 - 1} | d1 intrusion!on |
            {AT_22}     |                 |
            {AT_22 + 1} | d1 intrusion!on | incident opened, alarm opened
        """)

    def test_smoke_that_is_reported_before_the_hours_is_still_there_when_they_begin(self) -> None:
        smoke = rule("smoke", "smoke", alarms=(stage("red", p.StateIs(states=("on",))),), hours=NIGHT)
        town(smoke).play(f"0 | d1 smoke!on |\n{AT_22} | | incident opened, alarm opened")

    def test_hits_before_the_hours_are_not_counted(self) -> None:
        often = p.Count(of=OPEN, count=2, within_s=60)
        town(door(test=often, hours=NIGHT)).play(f"""
            {AT_22 - 1} | d1 opening:open |
            {AT_22}     |                 |
            {AT_22 + 1} | d1 opening:open |
            {AT_22 + 2} | d1 opening:open | incident opened, alarm opened
        """)

    def test_on_workdays_only_and_a_holiday_is_none(self) -> None:
        holiday = frozenset({date(2026, 1, 2).toordinal()})
        workdays = d.Days(weekdays=(0, 1, 2, 3, 4), minus=holiday, plus=frozenset({date(2026, 1, 4).toordinal()}))
        sunday = 3 * DAY_S - 8 * 3600
        town(door(hours=None, days=(workdays,), on=1)).play(f"""
            {DAY_S}        | d1 opening:open |
            {sunday}       |                 |
            {sunday + 0.999} |               |
            {sunday + 1}   |                 | incident opened, alarm opened
        """)

    def test_a_pack_whose_calendar_arms_today_raises_what_is_true(self) -> None:
        free, worked = d.Days(weekdays=(0, 1, 2)), d.Days(weekdays=(0, 1, 2, 3))
        first, second = (
            pack(door(days=(days,), digest="same"), version=version) for days, version in ((free, "1"), (worked, "2"))
        )
        play = Play(first)
        play.packs["second"] = second
        play.play("0 | d1 opening:open |")
        play.receive(PackActivation(id="p", pack="test", version="2", digest="2", text="second"), 1)
        assert [fact.transition for fact in play.facts] == ["opened", "opened", "activated"]

    def test_a_pack_in_another_time_zone_moves_the_hours(self) -> None:
        play = Play(pack(door(hours=NIGHT, digest="same")))
        there = replace(pack(door(hours=NIGHT, digest="same"), version="2"), timezone=ZoneInfo("Asia/Tokyo"))
        play.packs["there"] = there
        play.play("0 | d1 opening:open |")
        play.receive(PackActivation(id="p", pack="test", version="2", digest="2", text="there"), 1)
        play.play(f"{AT_22 - 3600.001} | |\n{AT_22 - 3600} | | incident opened, alarm opened")

    def test_a_rule_that_watches_nothing_wakes_nobody(self) -> None:
        play = Play(pack(door(hours=NIGHT))).play(f"0 | d1 opening:open |\n1 | d1 opening:closed |\n{AT_22} | |")
        assert play.engine.next_deadline() is None

    def test_days_without_end_are_not_looked_for(self) -> None:
        past = d.Days(plus=frozenset({date(2025, 1, 1).toordinal()}))
        play = Play(pack(door(days=(past,)))).play("0 | d1 opening:open |")
        assert play.engine.next_deadline() is None


class TestModes:
    def test_becomes_armed_while_it_is_true_already(self) -> None:
        play = town(door(modes=("armed",), on=30)).play("0 | d1 opening:open |\n99 | |")
        set_mode(play, 100)
        assert play.last("zone").sentence.en == "the whole community: li set the mode “armed”, until it is changed"
        play.play("129.999 | |\n130 | | incident opened, alarm opened")

    def test_without_a_delay_it_is_raised_in_the_same_step(self) -> None:
        play = town(door(modes=("armed",))).play("0 | d1 opening:open |")
        set_mode(play, 100)
        assert [fact.transition for fact in play.facts] == ["mode_set", "opened", "opened"]

    def test_disarmed_ends_what_is_pending_and_keeps_what_is_active(self) -> None:
        two = (stage("yellow", OPEN), stage("red", OPEN, 60))
        play = town(rule("door", "opening", alarms=two, modes=("armed",)))
        set_mode(play, 0)
        play.play("1 | d1 opening:open | incident opened, alarm opened yellow")
        set_mode(play, 60.999, is_on=False)
        play.play("100 | |\n101 | d1 opening:closed | alarm cleared, incident recovered\n102 | d1 opening:open |")

    def test_a_mode_holds_for_its_zone_and_all_inside_it(self) -> None:
        play = town(door(modes=("armed",)))
        set_mode(play, 0, zone="b1/u1")
        play.play("""
            1 | b1/u1/0101/d1 opening:open | incident opened, alarm opened
            2 | b1/u10/d2 opening:open     |
            3 | b1/d3 opening:open         |
            4 | d4 opening:open            |
        """)

    def test_it_ends_by_itself_at_its_instant(self) -> None:
        play = town(door(modes=("armed",)))
        set_mode(play, 0, for_s=60, reason="holiday")
        assert play.records("mode")[-1].until_at == T0 + 60_000
        play.play("59.999 | | \n60 | | zone mode_ended\n61 | d1 opening:open |")
        assert play.last("zone").reason == "mode_ended"
        assert play.records("mode")[-1].ended_at == T0 + 60_000

    def test_set_again_it_lasts_anew_and_the_same_word_twice_is_said_once(self) -> None:
        play = town(door(modes=("armed",)))
        for at_s in (0, 30):
            set_mode(play, at_s, for_s=60)
        set_mode(play, 31)
        set_mode(play, 32)
        assert [fact.transition for fact in play.facts] == ["mode_set", "mode_renewed", "mode_renewed"]
        play.play("9999 | |")
        assert play.records("mode")[-1].since_at == T0

    def test_not_modes_holds_a_rule_back(self) -> None:
        play = town(door(not_modes=("drill",)))
        set_mode(play, 0, "drill")
        play.play("1 | d1 opening:open |")
        set_mode(play, 2, "drill", is_on=False)
        assert [fact.transition for fact in play.facts][-2:] == ["opened", "opened"]

    def test_hours_and_mode_must_both_be(self) -> None:
        play = town(door(modes=("armed",), hours=NIGHT)).play("0 | d1 opening:open |")
        set_mode(play, 1)
        play.play(f"{AT_22} | | incident opened, alarm opened")

    def test_a_stage_of_its_own_mode(self) -> None:
        low = d.Stage(
            level=stage("blue", p.Threshold(above=5)).level, condition=p.Condition(test=p.Threshold(above=5)), modes=("wet",)
        )
        watched = rule("level", "water_level", warnings=(low, stage("yellow", p.Threshold(above=10))))
        play = town(watched, modes=(d.Mode(id="wet", title=said("wet")),)).play("0 | d1 water_level=7 |")
        set_mode(play, 1, "wet")
        assert play.last("warning").level == "blue"
        play.play("2 | d1 water_level=12 | warning level_changed yellow, incident level_changed yellow")
        set_mode(play, 3, "wet", is_on=False)
        assert play.last("warning").transition == "level_changed"
        play.play("4 | d1 water_level=7 | warning cancelled, incident closed")

    def test_a_warning_that_only_the_mode_made_one_ends_with_it(self) -> None:
        watched = rule("door", "opening", warnings=(stage("blue", OPEN),), modes=("armed",))
        play = town(watched).play("0 | d1 opening:open |")
        set_mode(play, 1, for_s=60)
        play.play("61 | | zone mode_ended, warning cancelled, incident closed")
        assert play.last("warning").reason == "mode_ended"
        set_mode(play, 70)
        assert play.last("warning").transition == "opened"

    def test_a_silence_is_counted_from_the_end_of_the_absence(self) -> None:
        quiet = rule("quiet", "motion", key=d.Key.ZONE, warnings=(stage("blue", p.Silence(for_s=60)),), not_modes=("away",))
        play = town(quiet).play("0 | home/d1 motion:on |")
        set_mode(play, 30, "away", zone="home")
        play.play("500 | |")
        set_mode(play, 1000, "away", zone="home", is_on=False)
        play.play("1059.999 | |\n1060 | | incident opened, warning opened")

    def test_a_silence_of_which_nothing_was_heard_has_nothing_to_count(self) -> None:
        quiet = rule("quiet", "motion", warnings=(stage("blue", p.Silence(for_s=60)), stage("yellow", OPEN)), not_modes=("away",))
        play = town(quiet)
        set_mode(play, 0, "away")
        set_mode(play, 1, "away", is_on=False)
        play.play("500 | |")

    def test_a_case_closed_over_a_door_still_open_is_a_new_one_when_armed_again(self) -> None:
        play = town(door(modes=("armed",)))
        set_mode(play, 0)
        play.play("""
            1 | d1 opening:open                | incident opened, alarm opened
            2 | li close incident verdict=real | alarm closed, incident closed
        """)
        set_mode(play, 3, is_on=False)
        set_mode(play, 4)
        assert [fact.transition for fact in play.facts][-3:] == ["mode_set", "opened", "opened"]

    def test_a_mode_that_changes_nothing_touches_nothing(self) -> None:
        play = town(door(modes=("armed",))).play("0 | b1/d1 opening:open |")
        set_mode(play, 1, zone="b2")
        set_mode(play, 2, zone="b1")
        set_mode(play, 3)
        assert len(play.records("alarm")) == 1

    def test_another_community_has_modes_of_its_own(self) -> None:
        play = town(door(modes=("armed",))).play("0 | d1 opening:open |", community="c2")
        set_mode(play, 1)
        assert play.records("alarm") == []

    def test_deaf_for_a_while_the_mode_ends_on_time(self) -> None:
        play = town(door(modes=("armed",)))
        set_mode(play, 0, for_s=60)
        assert play.engine.next_deadline() == T0 + 60_000


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("zone", "arguments", "expected"),
        [
            ("*", {"mode": "armd"}, "argument_missing"),
            ("*", {}, "argument_missing"),
            ("*", {"mode": "armed", "for_s": 0}, "argument_missing"),
            ("*", {"mode": "armed", "for_s": 366 * 86_400.001}, "argument_missing"),
            ("*", {"mode": "armed", "for_s": True}, "argument_missing"),
            ("*", {"mode": "armed", "for_s": "60"}, "argument_missing"),
            ("*", {"mode": "armed", "is_on": "no"}, "argument_missing"),
            ("b1//0101", {"mode": "armed"}, "unknown_entity"),
            ("b1", {"mode": "armed", "is_on": False}, "illegal_now"),
        ],
    )
    def test_and_nothing_is_changed(self, zone: str, arguments: dict[str, Any], expected: str) -> None:
        play = town(modes=(d.Mode(id="wet", title=said("wet")), d.Mode(id="night", title=said("night"))))
        assert ask(play, 0, zone, **arguments).reason == expected
        assert play.records("mode") == []

    def test_a_mode_set_for_more_is_ended_there(self) -> None:
        play = town()
        set_mode(play, 0)
        answer = ask(play, 1, "b1/u1", mode="armed", is_on=False)
        assert (answer.reason, answer.sentence.en) == ("illegal_now", "the mode “armed” is set for *; end it there")

    def test_the_pack_says_how_long_where_nobody_does(self) -> None:
        play = town(modes=(d.Mode(id="away", title=said("away"), lasts_s=60),))
        set_mode(play, 0, "away")
        assert play.records("mode")[-1].until_at == T0 + 60_000


class TestSetByEvents:
    WET = d.Mode(id="wet", title=said("wet"), kinds=("opening",), on_states=("open",), off_states=("closed",), lasts_s=600)

    def test_a_state_switches_it_on_and_off(self) -> None:
        play = town(modes=(self.WET,)).play("0 | b1/d1 opening:open | zone mode_set\n1 | b1/d1 opening:closed | zone mode_ended")
        assert (play.records("mode")[-1].zone, play.records("mode")[-1].source) == ("b1", "d1")
        play.play("2 | b1/d1 opening:closed |\n3 | b1/d1 opening:ajar |")

    def test_an_exercise_and_what_a_guard_refuses_switch_nothing(self) -> None:
        play = town(modes=(self.WET,)).play("0 | d1 opening:open |", status=Status.EXERCISE)
        refuses = d.Mode(id="a", title=said("a"), kinds=("opening",), on_states=("open",), guard=lambda _: False)
        town(modes=(refuses,)).play("0 | d1 opening:open |")
        assert play.facts == []

    @pytest.mark.parametrize("part", ["guard", "ends"])
    def test_what_nobody_can_judge_switches_nothing_and_is_told_once_a_day_and_mode(self, part: str) -> None:
        def fails(_: Event) -> bool:
            raise ConditionError("has", "e1", "no such attribute")

        changes: dict[str, Any] = {"id": "broken", "title": said("broken"), part: fails}
        broken = replace(self.WET, **changes)
        play = town(modes=(broken,)).play("0 | b1/d1 opening:open | pack unjudged\n1 | b1/d2 opening:closed |")
        told = play.last("pack")
        assert (told.reason, told.rule, told.zone, told.device, told.value) == ("guard_unjudged", "", "b1", "d1", "open")
        assert told.sentence.en == (
            "the condition of mode “broken” cannot be judged: the event of device d1 lacks something (no such attribute); "
            "the mode stays as it is. Told once a day"
        )
        assert "模式“broken（中）”的条件无法判断" in told.sentence.zh
        play.play("86400 | b1/d1 opening:open | pack unjudged")
        assert play.records("mode") == []

    def test_and_counted_each_time(self) -> None:
        play = town(modes=(replace(self.WET, guard=compile_condition("attributes.level > 1.0")),))
        play.is_restored_each_step = False
        play.play("0 | d1 opening:open | pack unjudged\n1 | d1 opening:open |\n2 | d1 opening:closed |")
        assert play.engine.counts["mode.wet.errors"] == 3

    def test_what_can_be_judged_of_the_same_event_switches_its_mode(self) -> None:
        broken = replace(self.WET, id="broken", title=said("broken"), guard=compile_condition("attributes.level > 1.0"))
        play = town(modes=(broken, self.WET)).play("0 | b1/d1 opening:open | pack unjudged, zone mode_set")
        assert play.records("mode")[-1].mode == "wet"

    def test_it_holds_for_the_pack_s_time_from_when_it_was_said(self) -> None:
        play = town(modes=(self.WET,))
        play.play("100 | d1 opening:open | zone mode_set", occurred_at=T0 + 40_000)
        play.play("639.999 | |\n640 | | zone mode_ended")

    def test_an_alarm_without_a_state_says_on(self) -> None:
        called = d.Mode(id="wet", title=said("wet"), kinds=("warning_signal",))
        play = town(modes=(called,))
        play.receive(event("w", "warning_signal", event_class=EventClass.ALARM), 0)
        assert play.records("mode")[-1].until_at == T0 + 12 * 3600 * 1000
