"""Row 25: one active alarm per place or device and type, with count, first and last; a new occurrence after it has ended."""

from typing import Any

from rules import primitive as p
from rules.definition import Key
from rules.model import Alarm, Event
from tests.rules.score import T0, Play, event, pack, rule, stage

LEAK = rule("leak", "water_level", alarms=(stage("yellow", p.Threshold(above=10)),))
PRESS = rule("press", "sos", alarms=(stage("red", p.StateIs(states=("on",))),))


def latest(play: Play) -> list[Alarm]:
    """Every alarm as it now is, the first raised first."""
    found: dict[str, Alarm] = {alarm.id: alarm for alarm in play.records("alarm")}
    return list(found.values())


def times(alarm: Alarm) -> tuple[int, float, float | None]:
    """Count, and the seconds of the first and the last occurrence."""
    last_at = alarm.last_at
    return alarm.occurrence_count, (alarm.opened_at - T0) / 1000, None if last_at is None else (last_at - T0) / 1000


def test_a_condition_that_goes_on_is_one_alarm_however_many_readings_report_it() -> None:
    play = Play(pack(LEAK)).play("""
        0 | d1 water_level=15 | incident opened, alarm opened
        1 | d1 water_level=16 |
        2 | d1 water_level=99 |
    """)
    (alarm,) = latest(play)
    assert times(alarm) == (1, 0, 0)


def test_reports_that_repeat_are_counted_with_the_first_and_the_last() -> None:
    play = Play(pack(PRESS)).play("""
        0 | d1 sos!on | incident opened, alarm opened
        3 | d1 sos!on | alarm repeated
        7 | d1 sos!on | alarm repeated
    """)
    (alarm,) = latest(play)
    assert times(alarm) == (3, 0, 7)


def test_coming_back_before_it_has_ended_is_the_same_alarm() -> None:
    play = Play(pack(LEAK)).play("""
        0 | d1 water_level=15 | incident opened, alarm opened
        1 | d1 water_level=0  | alarm cleared, incident recovered
        9 | d1 water_level=15 | alarm retriggered, incident reopened
    """)
    (alarm,) = latest(play)
    assert times(alarm) == (2, 0, 9)


def test_coming_back_after_it_has_ended_is_a_new_alarm_of_the_same_incident() -> None:
    play = Play(pack(LEAK)).play("""
        0 | d1 water_level=15    | incident opened, alarm opened
        1 | d1 water_level=0     | alarm cleared, incident recovered
        2 | li acknowledge alarm | alarm acknowledged, incident acknowledged
        9 | d1 water_level=15    | incident reopened, alarm opened
    """)
    first, second = latest(play)
    assert (times(first), times(second)) == ((1, 0, 0), (1, 9, 9))
    assert first.ended_at == T0 + 2000
    assert first.incident_id == second.incident_id


def test_the_window_after_a_closed_case_is_gather_within_to_the_millisecond() -> None:
    def pressed_again(at_s: float) -> list[Alarm]:
        held = rule("held", "smoke", alarms=(stage("red", p.StateIs(states=("on",))),))
        play = Play(pack(held)).play("""
            0 | d1 smoke!on                     | incident opened, alarm opened
            1 | li close incident verdict=false | alarm closed, incident closed
        """)
        play.play(f"{at_s} | d1 smoke!on | {'incident opened, alarm opened' if at_s >= 1801 else ''}")
        return latest(play)

    assert len(pressed_again(1800.999)) == 1
    assert len(pressed_again(1801)) == 2


def test_the_key_says_what_one_alarm_is_about() -> None:
    def alarms_of(key: Key, *other: Any) -> list[tuple[str, str]]:
        zoned = rule("zoned", "water_level", key=key, alarms=(stage("yellow", p.Threshold(above=10)),))
        play = Play(pack(zoned, *other))
        for at_s, who in enumerate(("b1/u1/d1", "b1/u1/d2", "b1/u2/d3", "b2/u1/d4")):
            play.receive(_reading(who, at_s), at_s)
        return [(alarm.rule, alarm.zone) for alarm in latest(play)]

    assert len(alarms_of(Key.DEVICE)) == 4
    assert len(alarms_of(Key.ZONE)) == 3
    assert alarms_of(Key.BUILDING) == [("zoned", "b1"), ("zoned", "b2")]
    assert alarms_of(Key.COMMUNITY) == [("zoned", "")]
    assert len(alarms_of(Key.COMMUNITY, LEAK)) == 5  # another type at the same device is another alarm


def _reading(who: str, number: int) -> Event:
    zone, _, device = who.rpartition("/")
    return event(device, "water_level", 50.0, id=f"e{number}", zone=zone)
