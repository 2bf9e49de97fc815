"""An hour ahead: when several sources are off by the same amount it is our clock, and no alarm is lost by it."""

import pytest

from rules.our_clock import OurClock
from rules.primitive import StateIs, Threshold
from tests.rules.score import T0, Play, hazard, pack, rule, stage

HOUR_S = 3600
OFF = "clock_off"


def desk(*, is_restored_each_step: bool = False) -> Play:
    return Play(
        pack(
            rule("hot", "temperature", alarms=(stage("red", Threshold(above=57)),)),
            rule("sos", "sos", hazard="help", alarms=(stage("red", StateIs(states=("on",))),)),
            hazards=(hazard("fire", late_max_s=600), hazard("help", late_max_s=600)),
        ),
        is_restored_each_step=is_restored_each_step,
    )


def say(play: Play, at_s: float, what: str, expected: str = "", *, old_s: float = HOUR_S) -> None:
    play.play(f"{at_s} | {what} | {expected}", occurred_at=T0 + round((at_s - old_s) * 1000))


@pytest.mark.parametrize("is_restored_each_step", [False, True])
def test_three_who_agree_make_it_our_clock_and_what_was_silenced_is_heard(is_restored_each_step: bool) -> None:
    play = desk(is_restored_each_step=is_restored_each_step)
    say(play, 0, "d1 temperature=20")
    say(play, 5, "d2 sos!on", "device late")  # too soon for a sample of its own
    say(play, 10, "d3 temperature=20", old_s=HOUR_S + 60)
    say(play, 20, "d1 temperature=21", f"journal {OFF}, incident opened, alarm opened")
    told = play.last("journal")
    assert (told.reason, told.value) == ("our_clock_off", 3600)
    assert "1 h ahead" in told.sentence.en
    assert play.engine.clock_off_ms == 3_600_000
    assert [record.device for record in play.records("alarm")] == ["d2"]
    say(play, 21, "d4 temperature=80", "incident opened, alarm opened")
    say(play, 22, "d5 temperature=80", "device late", old_s=HOUR_S + 661)


def test_once_heard_it_is_not_heard_again_when_the_clock_is_set_right() -> None:
    play = desk()
    say(play, 1, "d2 sos!on", "device late")
    for at_s, device in ((11, "d3"), (21, "d4")):
        say(play, at_s, f"{device} temperature=20", f"journal {OFF}, incident opened, alarm opened" if device == "d4" else "")
    for at_s, device in ((31, "d3"), (41, "d4"), (51, "d3")):
        say(play, at_s, f"{device} temperature=20", "journal clock_right" if at_s == 51 else "device clock_wrong", old_s=0)
    assert play.engine.clock_off_ms == 0
    assert play.last("journal").reason == "our_clock_right"


def test_what_one_device_said_twice_while_it_was_silenced_is_two_warnings() -> None:
    """All of it is heard at one instant, when a third source proves the clock; each is its own cause, so no id comes twice."""
    play = Play(
        pack(
            rule("blocked", "sos", hazard="lane", warnings=(stage("blue", StateIs(states=("on",))),)),
            hazards=(hazard("lane", late_max_s=600),),
        )
    )
    say(play, 1, "d2 sos!on", "incident opened, warning opened", old_s=0)
    for at_s, state in ((2, "off"), (3, "on"), (4, "off"), (5, "on")):
        say(play, at_s, f"d2 sos!{state}", "device late")
    again = ", ".join(["warning cancelled, incident closed, incident opened, warning opened"] * 2)
    for at_s, device, expected in ((11, "d3", ""), (21, "d4", ""), (31, "d3", f"journal {OFF}, {again}")):
        say(play, at_s, f"{device} temperature=20", expected)
    assert len({warning.id for warning in play.records("warning")}) == 3


def test_behind_it_blames_no_device() -> None:
    play = desk()
    for at_s, device in ((0, "d1"), (10, "d2")):
        say(play, at_s, f"{device} temperature=20", "device clock_wrong", old_s=-HOUR_S)
    say(play, 20, "d3 temperature=20", f"journal {OFF}", old_s=-HOUR_S)
    assert "1 h behind" in play.last("journal").sentence.en


@pytest.mark.parametrize(
    ("devices", "ages_s", "why"),
    [
        (("d1", "d2", "d3"), (HOUR_S, HOUR_S - 300, HOUR_S - 600), "a queue that is emptied"),
        (("d1", "d2", "d3"), (HOUR_S, HOUR_S + 121, HOUR_S + 242), "ages that rise: no clock that catches up"),
        (("d1", "d1", "d1"), (HOUR_S, HOUR_S, HOUR_S), "one device's own clock"),
        (("d1", "d2", "d3"), (0, 0, HOUR_S), "one of three"),
        (("d1", "d2", "d3"), (119, 119, 119), "slow networks"),
    ],
)
def test_it_is_not_our_clock(devices: tuple[str, ...], ages_s: tuple[float, ...], why: str) -> None:
    play = desk()
    for number, (device, old_s) in enumerate(zip(devices, ages_s, strict=True)):
        say(play, number * 10, f"{device} temperature=20", old_s=old_s)
    assert play.engine.clock_off_ms == 0, why


@pytest.mark.parametrize("is_restored_each_step", [False, True])
def test_while_it_catches_up_the_few_sources_of_a_small_place_are_heard(is_restored_each_step: bool) -> None:
    """Set back by an hour it walks on at half speed: whoever speaks every five minutes is 150 s less old each time."""
    play = desk(is_restored_each_step=is_restored_each_step)
    say(play, 0, "d1 temperature=20", old_s=HOUR_S)
    say(play, 150, "d2 sos!on", "device late", old_s=HOUR_S - 150)
    say(play, 300, "d3 temperature=20", f"journal {OFF}, incident opened, alarm opened", old_s=HOUR_S - 300)
    say(play, 450, "d4 sos!on", "incident opened, alarm opened", old_s=HOUR_S - 450)
    assert [record.device for record in play.records("alarm")] == ["d2", "d4"]


@pytest.mark.parametrize(
    ("ages_s", "why"),
    [
        ((0, -600, -600), "two devices whose clocks run ahead, and one that is right"),
        ((HOUR_S, HOUR_S - 600, HOUR_S - 1200), "falls of more than a clock that catches up explains, however long ago"),
    ],
)
def test_long_pauses_between_the_samples_prove_nothing(ages_s: tuple[float, ...], why: str) -> None:
    play = desk()
    for number, old_s in enumerate(ages_s):
        at_s = number * 700
        told = "device clock_wrong" if old_s < 0 else ""
        say(play, at_s, f"d{number} temperature=20", told, old_s=old_s)
    assert play.engine.clock_off_ms == 0, why


def test_samples_of_an_older_release_are_taken_anew() -> None:
    clock = OurClock()
    clock.load({"off": 0, "next": 0, "samples": [["jade/d1", 9], ["jade/d2", 9]], "held": []})
    assert clock.dump()["samples"] == []


def test_what_is_older_than_our_error_or_came_too_long_ago_stays_late() -> None:
    play = desk()
    say(play, 0, "d2 sos!on", "device late")  # the first sample
    say(play, 5, "d7 sos!on", "device late", old_s=3 * HOUR_S)
    say(play, 601, "d3 temperature=20")
    say(play, 611, "d4 temperature=20", f"journal {OFF}")
    assert not play.records("alarm")


def test_an_event_without_a_time_is_no_sample() -> None:
    play = desk()
    for at_s, device in ((0, "d1"), (10, "d2"), (20, "d3")):
        play.play(f"{at_s} | {device} temperature=20 |")
        say(play, at_s + 1, f"{device}x temperature=20", "device clock_wrong", old_s=(T0 + at_s * 1000) / 1000)
    assert play.engine.clock_off_ms == 0
