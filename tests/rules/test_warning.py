"""预警: levels go up and down, and each warning has exactly one outcome."""

from typing import Any

from rules import definition as d
from rules import primitive as p
from tests.rules.score import Play, pack, rule, said, stage

FLOOD = rule(
    "flood",
    "water_level",
    warnings=(stage("blue", p.Threshold(above=50)), stage("yellow", p.Threshold(above=150))),
    alarms=(stage("orange", p.Threshold(above=270)),),
    warning_expires_s=3600,
    plan="p",
)
PLAN = d.Plan(id="p", title=said("plan"), notify_on_warning=("desk",), notify_on_alarm=("desk", "boss"))


def flood(**changes: Any) -> Play:
    return Play(pack(FLOOD, plans=(PLAN,), parties=("desk", "boss")))


def test_levels_go_up_and_down_and_the_end_cancels() -> None:
    play = flood().play("""
        0 | d1 water_level=60  | incident opened, warning opened blue
        1 | d1 water_level=160 | warning level_changed yellow, incident level_changed yellow
        2 | d1 water_level=60  | warning level_changed blue
        3 | d1 water_level=10  | warning cancelled blue, incident closed
    """)
    assert [fact.reason.value for fact in play.facts] == [
        "limit_crossed",
        "limit_crossed",
        "worsened",
        "worsened",
        "eased",
        "back_to_normal",
        "back_to_normal",
    ]
    assert play.notices == ["warning_blue_1 → desk", "warning_yellow_1 → desk"]
    assert play.records("incident")[-1].state == "closed"
    assert play.records("incident")[-1].parties == ("desk",)


def test_an_alarm_materialises_it_and_the_lead_time_is_kept() -> None:
    play = flood().play("""
        0   | d1 water_level=60  | incident opened, warning opened
        90  | d1 water_level=300 | incident alarmed orange, alarm opened, warning materialised
        100 | d1 water_level=60  | warning opened blue, alarm cleared, incident recovered
        110 | d1 water_level=160 | warning level_changed yellow
        120 | d1 water_level=0   | warning cancelled
        130 | d1 water_level=60  | warning opened blue
    """)
    assert play.records("incident")[-1].lead_time_s == 90
    assert "90" in next(fact for fact in play.facts if fact.transition == "materialised").sentence.zh


def test_an_alarm_without_a_warning_has_no_lead_time() -> None:
    play = flood().play("0 | d1 water_level=300 | incident opened, alarm opened")
    assert play.records("incident")[-1].lead_time_s is None


def test_the_second_alarm_does_not_change_the_lead_time() -> None:
    play = flood().play("""
        0  | b1/d1 water_level=60  | incident opened, warning opened
        10 | b1/d1 water_level=300 | incident alarmed, alarm opened, warning materialised
        20 | b1/d2 water_level=60  | warning opened
        50 | b1/d2 water_level=300 | alarm opened, warning materialised
    """)
    assert play.records("incident")[-1].lead_time_s == 10
    assert [fact.sentence.en for fact in play.facts if fact.transition == "materialised"][-1].startswith(
        "the warning came true, 30 s"
    )


def test_it_expires_once_and_does_not_come_back_while_it_lasts() -> None:
    flood().play("""
        0        | d1 water_level=60  | incident opened, warning opened
        3599.999 | d1 water_level=61  |
        3600     |                    | warning expired, incident closed
        3700     | d1 water_level=62  |
        3800     | d1 water_level=160 | incident opened, warning opened yellow
        7400     |                    | warning expired, incident closed
        7500     | d1 water_level=0   |
        7600     | d1 water_level=60  | incident opened, warning opened blue
    """)


def test_a_worse_level_lasts_anew_and_a_milder_one_does_not() -> None:
    flood().play("""
        0    | d1 water_level=60  | incident opened, warning opened
        1800 | d1 water_level=160 | warning level_changed, incident level_changed
        3600 | d1 water_level=60  | warning level_changed
        5399.999 |                |
        5400 |                    | warning expired, incident closed
    """)


def test_no_warning_is_opened_beside_an_active_alarm_of_the_same_watch() -> None:
    flood().play("""
        0  | d1 water_level=300 | incident opened, alarm opened
        1  | d1 water_level=310 |
        2  | d1 water_level=0   | alarm cleared, incident recovered
        3  | d1 water_level=300 | alarm retriggered, incident reopened
    """)


class TestAnAlarmThatEases:
    """The water has fallen below the alarm's limit and stands above a warning's: it is shown for what it is."""

    def test_it_leaves_a_warning_behind_that_goes_down_and_ends_with_the_water(self) -> None:
        play = flood().play("""
            0 | d1 water_level=300 | incident opened, alarm opened
            1 | d1 water_level=160 | warning opened yellow, alarm cleared, incident recovered
            2 | d1 water_level=60  | warning level_changed blue
            3 | d1 water_level=0   | warning cancelled
        """)
        opened, cleared, recovered = play.facts[2:5]
        assert (opened.reason, opened.incident_id, cleared.transition) == ("eased", recovered.incident_id, "cleared")
        assert recovered.sentence.en.endswith("the alarms are over, a warning still stands, to be closed")
        assert recovered.sentence.zh.endswith("报警已解除，预警仍在，待核实结案")

    def test_back_at_the_alarms_limit_the_warning_has_come_true(self) -> None:
        flood().play("""
            0 | d1 water_level=300 | incident opened, alarm opened
            1 | d1 water_level=160 | warning opened yellow, alarm cleared, incident recovered
            2 | d1 water_level=300 | alarm retriggered, warning materialised, incident reopened
            3 | d1 water_level=0   | alarm cleared, incident recovered
        """)

    def test_after_the_alarm_has_ended_the_next_one_was_warned_of(self) -> None:
        play = flood().play("""
            0  | d1 water_level=300     | incident opened, alarm opened
            1  | li acknowledge alarm   | alarm acknowledged, incident acknowledged
            2  | d1 water_level=160     | warning opened yellow, alarm cleared, incident recovered
            12 | d1 water_level=300     | incident reopened, alarm opened, warning materialised
        """)
        assert [(alarm.is_unwarned, alarm.lead_time_s) for alarm in play.records("alarm")[-1:]] == [(False, 10)]

    def test_it_expires_like_any_other_and_does_not_come_back(self) -> None:
        flood().play("""
            0    | d1 water_level=300 | incident opened, alarm opened
            1    | d1 water_level=160 | warning opened yellow, alarm cleared, incident recovered
            3601 |                    | warning expired
            3700 | d1 water_level=170 |
        """)

    def test_who_was_told_of_the_alarm_is_not_told_that_all_is_well(self) -> None:
        play = flood().play("""
            0 | d1 water_level=300 | incident opened, alarm opened
            1 | d1 water_level=160 | warning opened yellow, alarm cleared, incident recovered
        """)
        play.advance(3600)
        assert play.notifications[-1].step.startswith("recovered")
        assert play.notifications[-1].text.en.endswith("the alarms are over, a warning still stands")

    def test_what_a_person_keeps_quiet_leaves_none(self) -> None:
        play = flood().play("0 | d1 water_level=300 | incident opened, alarm opened")
        play.act(1, "li", "shelve", "alarm", for_s=600, reason="pump test")
        play.play("2 | d1 water_level=160 | alarm cleared, incident recovered")

    def test_a_case_that_was_closed_over_it_leaves_none(self) -> None:
        flood().play("""
            0 | d1 water_level=300                 | incident opened, alarm opened
            1 | li close incident verdict=real     | alarm closed, incident closed
            2 | d1 water_level=160                 |
        """)


def test_a_watch_is_not_closed_while_another_warning_stands() -> None:
    flood().play("""
        0 | b1/d1 water_level=60 | incident opened, warning opened
        1 | b1/d2 water_level=60 | warning opened
        2 | b1/d1 water_level=0  | warning cancelled
        3 | b1/d2 water_level=0  | warning cancelled, incident closed
    """)


def test_a_watch_that_closes_itself_leaves_no_clock_behind() -> None:
    """An acknowledgement that was taken back had set its clocks; when they were due, the case was gone and the chain stopped."""
    plan = d.Plan(id="p", title=said("plan"), clocks=(d.Target(name="accepted", within_s=60),))
    Play(pack(FLOOD, plans=(plan,))).play("""
        0  | d1 water_level=60        | incident opened, warning opened blue
        1  | li acknowledge incident   | incident acknowledged
        2  | li unacknowledge incident | incident unacknowledged
        3  | d1 water_level=10        | warning cancelled blue, incident closed
        90 |                          |
    """)
