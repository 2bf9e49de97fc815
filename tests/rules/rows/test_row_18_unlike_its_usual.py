"""Row 18: a seasonal baseline for each device of a place, learned by the hour, that warns of what is unlike its usual."""

from dataclasses import replace
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rules import definition as d
from rules import primitive as p
from rules.baseline import Side
from rules.model import Event, PackActivation, Reason, Status
from rules.pack import check_pack, read_pack
from rules.rule_words import explain
from rules.unusual import DEVICES_MAX, LEARN_MS
from rules.usual import Season
from tests.rules.score import T0, Play, event, pack, rule, stage

DAY_S = 86_400
STEP_S = 600
UNUSUAL = p.Unusual(score=0.99)
EVENING = d.Hours(start_minute=960, end_minute=240)
"""In Shanghai: from 8 to 20 hours after the beginning of the score."""


def watching(test: p.Unusual = UNUSUAL, on: float = 0, off: float = 0, *, is_restored: bool = False, **changes: Any) -> Play:
    found = rule("hum", "noise", **{"warnings": (stage("blue", test, on, off),), "warning_expires_s": 30 * DAY_S, **changes})
    return Play(pack(found), is_restored_each_step=is_restored)


def usual(at_s: float, chance: Random) -> float:
    """A pump that runs from 8 to 18 o'clock of its own clock."""
    return (60.0 if 8 * 3600 <= at_s % DAY_S < 18 * 3600 else 30.0) + chance.gauss(0, 0.5)


def reading(at_s: float, value: float, device: str = "d1", zone: str = "z1") -> Event:
    return event(device, "noise", value, id=f"{device}-{at_s}", zone=zone, unit="dB(A)")


def learn(play: Play, days: float, device: str = "d1", from_s: float = 0) -> float:
    """Feed usual days. Returns the instant of the next reading."""
    chance = Random(1)
    at_s = from_s
    while at_s < from_s + days * DAY_S:
        play.receive(reading(at_s, usual(at_s, chance), device), at_s)
        at_s += STEP_S
    return at_s


def told(play: Play) -> list[str]:
    return [f"{fact.transition} {(fact.at - T0) / 1000:g}" for fact in play.facts if fact.entity == "warning"]


def test_usual_days_say_nothing_and_an_unusual_hour_does() -> None:
    play = watching()
    at_s = learn(play, 10)
    assert told(play) == []
    play.receive(reading(at_s, 60.0), at_s)  # usual at noon, not at midnight
    assert told(play) == [f"opened {at_s:g}"]
    warning = play.last("warning")
    assert warning.reason is Reason.UNLIKE_USUAL
    assert (warning.evidence[-1].value, warning.evidence[-1].test, warning.evidence[-1].limit) == (60.0, "unusual", 0.99)
    assert warning.evidence[-1].measure == pytest.approx(30.0, abs=1.0)


def test_it_says_what_is_usual_in_both_languages() -> None:
    play = watching()
    at_s = learn(play, 10)
    play.receive(reading(at_s, 60.0), at_s)
    sentence = play.last("warning").sentence
    assert "unlike its usual: about 30" in sentence.en
    assert sentence.en.endswith("is usual for this hour")
    assert "不同寻常：此时段通常约 30" in sentence.zh
    for minutes in (10, 20):
        play.receive(reading(at_s + 60 * minutes, 30.0), at_s + 60 * minutes)
    ending = play.last("warning")
    assert ending.transition == "cancelled"
    assert "like its usual of about 30" in ending.sentence.en
    assert "恢复如常" in ending.sentence.zh


def test_without_a_season_no_hour_is_named() -> None:
    play = watching(p.Unusual(score=0.99, season=Season.NONE))
    for row in range(400):
        play.receive(reading(row * STEP_S, 30.0 + row % 3), row * STEP_S)
    play.receive(reading(400 * STEP_S, 90.0), 400 * STEP_S)
    assert play.last("warning").sentence.en.endswith("is usual")
    assert play.last("warning").evidence[-1].test == "unusual_level"


@pytest.mark.parametrize("season", list(Season))
def test_it_learns_before_it_speaks_to_the_millisecond(season: Season) -> None:
    learn_s = LEARN_MS[season] / 1000
    for beside_s, is_told in ((-0.001, False), (0, True)):
        play = watching(p.Unusual(score=0.99, season=season))
        count = int(learn_s / 3600)
        for row in range(count):
            play.receive(reading(row * 3600, 30.0 + row % 3), row * 3600)
        for row in range(150 - count):  # a hundred readings in any case
            at_s = learn_s - 3600 + 10 * (row + 1)
            play.receive(reading(at_s, 30.0 + row % 3), at_s)
        at_s = learn_s + beside_s
        play.receive(reading(at_s, 95.0), at_s)
        assert bool(told(play)) is is_told, (season, beside_s)


def test_the_hours_are_those_of_the_packs_clock() -> None:
    play = watching(p.Unusual(score=0.99, zone=ZoneInfo("Asia/Shanghai")))
    learn(play, 12)
    signal = next(iter(play.engine._book.rules["hum"].all_watches())).signals[0]
    usual_at = signal.learned["d1"].baseline._usual.at  # type: ignore[attr-defined]
    assert usual_at(17, 0.0) == pytest.approx(60, abs=2)  # 9 o'clock UTC
    assert usual_at(9, 0.0) == pytest.approx(30, abs=1)


def test_it_must_last_and_is_over_after_its_delay() -> None:
    play = watching(on=1800, off=1200)
    at_s = learn(play, 10)
    play.receive(reading(at_s, 60.0), at_s)
    for seconds in (600, 1200):
        play.receive(reading(at_s + seconds, 30.0), at_s + seconds)  # up and down again is not half an hour
    play.advance(at_s + 3000)
    assert told(play) == []
    begin_s = at_s + 2 * 3600
    for minutes in range(0, 120, 10):
        play.receive(reading(begin_s + 60 * minutes, 90.0 if minutes < 60 else 30.0), begin_s + 60 * minutes)
    assert told(play)[0] == f"opened {begin_s + 1800:g}"
    over_s = begin_s + 70 * 60  # the reading that is like its usual and did not jump there
    assert told(play)[1:] == [f"cancelled {over_s + 1200:g}"]


def test_its_delays_to_the_millisecond() -> None:
    play = watching(on=1800, off=1200)
    at_s = learn(play, 10)
    for row in range(3):
        play.receive(reading(at_s + row * STEP_S, 90.0), at_s + row * STEP_S)
    play.advance(at_s + 1799.999)
    assert told(play) == []
    play.advance(at_s + 1800)
    assert told(play) == [f"opened {at_s + 1800:g}"]
    for row in range(4, 7):
        play.receive(reading(at_s + row * STEP_S, 30.0), at_s + row * STEP_S)
    over_s = at_s + 5 * STEP_S + 1200
    play.advance(over_s - 0.001)
    assert told(play)[1:] == []
    play.advance(over_s)
    assert told(play)[1:] == [f"cancelled {over_s:g}"]


def test_it_learns_and_looks_while_the_rule_may_not_speak_and_speaks_when_it_may() -> None:
    play = watching(hours=EVENING)
    at_s = learn(play, 10)
    for row in range(36):  # six hours of the night like the day
        play.receive(reading(at_s + row * STEP_S, 90.0), at_s + row * STEP_S)
    assert told(play) == []
    open_s = at_s + 8 * 3600
    for row in range(36, 48):
        play.receive(reading(at_s + row * STEP_S, 90.0), at_s + row * STEP_S)
    play.advance(open_s - 0.001)
    assert told(play) == []
    play.advance(open_s)
    assert told(play) == [f"opened {open_s:g}"]


def test_a_night_that_went_by_before_the_rule_may_speak_is_not_told() -> None:
    play = watching(hours=EVENING)
    at_s = learn(play, 10)
    play.receive(reading(at_s, 90.0), at_s)
    chance = Random(5)
    for row in range(1, 60):
        play.receive(reading(at_s + row * STEP_S, usual(at_s + row * STEP_S, chance)), at_s + row * STEP_S)
    assert told(play) == []


def test_a_rule_that_is_edited_keeps_what_was_learned_where_its_rhythm_is_the_same() -> None:
    play = watching()
    at_s = learn(play, 10)
    edit(play, p.Unusual(score=0.98), at_s)
    play.receive(reading(at_s, 60.0), at_s)
    assert told(play) == [f"opened {at_s:g}"]
    edit(play, p.Unusual(season=Season.WEEK), at_s + 1)
    play.receive(reading(at_s + 600, 90.0), at_s + 600)
    watch = next(iter(play.engine._book.rules["hum"].all_watches()))
    assert watch.signals[0].learned["d1"].began_at == T0 + (at_s + 600) * 1000  # type: ignore[attr-defined]


def edit(play: Play, test: p.Unusual, at_s: float) -> None:
    name = str(test)
    play.packs[name] = replace(pack(rule("hum", "noise", warnings=(stage("blue", test),))), version=name)
    play.receive(PackActivation(id=name, pack="test", version=name, digest=name, text=name), at_s)


def test_each_device_has_its_own_usual() -> None:
    play = watching(key=d.Key.ZONE)
    chance = Random(2)
    for row in range(5 * 144):
        at_s = row * STEP_S
        play.receive(reading(at_s, 30.0 + chance.gauss(0, 0.5), "quiet"), at_s)
        play.receive(reading(at_s, 80.0 + chance.gauss(0, 0.5), "loud"), at_s)
    assert told(play) == []
    at_s = 5 * 144 * STEP_S
    play.receive(reading(at_s, 80.0, "loud"), at_s)
    assert told(play) == []
    play.receive(reading(at_s + 1, 80.0, "quiet"), at_s + 1)
    assert told(play) == [f"opened {at_s + 1:g}"]
    assert play.last("warning").device == "quiet"


def test_of_a_place_so_many_devices_are_learned_and_a_silent_one_gives_way() -> None:
    play = watching(key=d.Key.ZONE)
    for number in range(DEVICES_MAX + 1):
        play.receive(reading(number, 30.0, f"d{number}"), number)
    watch = next(iter(play.engine._book.rules["hum"].all_watches()))
    learned = watch.signals[0].learned  # type: ignore[attr-defined]
    assert list(learned) == [f"d{number}" for number in range(DEVICES_MAX)]
    week_s = 7 * DAY_S
    play.receive(reading(week_s - 0.001, 30.0, "new"), week_s - 0.001)
    assert "new" not in learned
    play.receive(reading(week_s, 30.0, "new"), week_s)
    assert "new" in learned
    assert "d0" not in learned


def test_a_missing_value_is_neither_usual_nor_unusual() -> None:
    play = watching()
    at_s = learn(play, 4)
    play.receive(event("d1", "noise", None, id="null"), at_s)
    assert told(play) == []


def test_what_cannot_be_or_comes_too_late_teaches_nothing_and_is_no_evidence() -> None:
    play, other = watching(), watching()
    at_s = learn(play, 10)
    learn(other, 10)
    play.receive(event("d1", "noise", 500.0, id="impossible", unit="dB(A)"), at_s)  # no sound is so loud
    play.receive(event("d1", "noise", 90.0, id="stale", occurred_at=T0 + round(at_s - 7 * DAY_S) * 1000), at_s)
    play.receive(event("d1", "noise", 90.0, id="retained", is_retained=True), at_s)
    play.receive(event("d1", "noise", 90.0, id="test", status=Status.TEST), at_s)
    assert told(play) == []
    assert learned_of(play) == learned_of(other)


def test_what_a_sieve_denies_teaches_nothing() -> None:
    sieve = rule("sieve", "noise", alarms=(stage("blue", p.Impossible(jump_per_s=0.5)),))
    noise = rule("hum", "noise", warnings=(stage("blue", UNUSUAL),))
    play = Play(pack(sieve, noise))
    at_s = learn(play, 10)
    before = learned_of(play)
    play.receive(reading(at_s - STEP_S + 2, 90.0), at_s - STEP_S + 2)  # 60 dB(A) in two seconds
    assert learned_of(play) == before
    assert told(play) == []


def learned_of(play: Play) -> object:
    watch = next(iter(play.engine._book.rules["hum"].all_watches()))
    return watch.signals[0].dump(is_open=False)


def test_an_exercise_has_a_usual_of_its_own() -> None:
    play = watching()
    at_s = learn(play, 10)
    play.receive(event("d1", "noise", 90.0, id="drill", status=Status.EXERCISE), at_s)
    assert told(play) == []


def test_a_device_that_was_judged_once_is_judged_after_a_silence() -> None:
    play = watching()
    learn(play, 10)
    at_s = 11 * DAY_S  # a day later, at the same hour
    play.receive(reading(at_s, 30.1), at_s)
    assert told(play) == []
    play.receive(reading(at_s + STEP_S, 60.0), at_s + STEP_S)
    assert told(play) == [f"opened {at_s + STEP_S:g}"]


def test_a_side_that_is_not_asked_for_is_silent() -> None:
    play = watching(p.Unusual(score=0.99, side=Side.HIGH))
    at_s = learn(play, 10)
    play.receive(reading(at_s, 1.0), at_s)
    assert told(play) == []


def test_an_anomaly_does_not_teach_its_own_level_at_once() -> None:
    play = watching(off=3600)
    at_s = learn(play, 10)
    for row in range(18):  # three hours
        play.receive(reading(at_s + row * STEP_S, 90.0), at_s + row * STEP_S)
    assert told(play) == [f"opened {at_s:g}"]
    assert play.last("warning").evidence[-1].measure == pytest.approx(30.0, abs=2.0)


def test_a_restart_at_every_step_changes_nothing() -> None:
    def played(*, is_restored: bool) -> bytes:
        play = watching(on=600, off=600, is_restored=is_restored)
        at_s = learn(play, 3.2)
        for row, value in enumerate([90.0, 90.0, 90.0, 31.0, 30.0, 90.0, 30.0]):
            play.receive(reading(at_s + row * STEP_S, value), at_s + row * STEP_S)
        assert told(play)
        return play.text()

    assert played(is_restored=True) == played(is_restored=False)


def test_its_memory_counts_ten_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rules.watch.WATCHES_MAX", 25)
    play = watching()
    for number in range(5):
        play.receive(reading(number, 30.0, f"d{number}"), number)
    assert play.engine.counts["rule.hum.watches"] == 3


PACK = """\
pack: small
version: "1.0.0"
title: {zh: 小, en: small}
parties: {desk: {title: {zh: 台, en: desk}}}
hazards: {odd: {title: {zh: 怪, en: odd}}}
plans: {look: {title: {zh: 看, en: look}, notify_on_warning: [desk]}}
rules:
  hum:
    title: {zh: 响, en: hum}
    hazard: odd
    WATCH
    kinds: KIND
    warnings:
      - {level: blue, unusual: TEST}
    plan: look
    source: ours
"""


def faults(test: str, kind: str = "noise", watch: str = "") -> list[str]:
    text = PACK.replace("TEST", test).replace("KIND", kind).replace("    WATCH\n", f"    watch: {watch}\n" if watch else "")
    return [str(fault) for fault in check_pack(text)]


def test_a_pack_can_say_it() -> None:
    assert faults("{}") == []
    text = PACK.replace("KIND", "noise").replace("    WATCH\n", "").replace("TEST", "{score: 0.999, season: week, side: low}")
    found = read_pack(text)
    test = p.Unusual(score=0.999, season=Season.WEEK, side=Side.LOW, zone=found.timezone)
    assert found.rules[0].warnings[0].condition.test == test
    (said,) = [line for line in explain(found, found.rules[0]) if "unlike" in line.en]
    assert said.en == "Blue warning: unlike its usual of this hour of the week, below it (score 0.999)"
    assert said.zh == "蓝色预警：与每周此时段相比偏低不同寻常（评分 0.999）"


@pytest.mark.parametrize(
    ("test", "kind", "watch", "said"),
    [
        ("{score: 1}", "noise", "", "less than 1"),
        ("{score: 0.5}", "noise", "", "0.9"),
        ("{season: year}", "noise", "", "'none', 'day' or 'week'"),
        ("{side: up}", "noise", "", "'high', 'low' or 'both'"),
        ("{}", "motion", "", "has no number"),
        ("{}", "noise", "community", "watch the device or the zone, not the community"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(test: str, kind: str, watch: str, said: str) -> None:
    (fault,) = faults(test, kind, watch)
    assert said in fault
    assert fault.startswith("<pack>:1")
