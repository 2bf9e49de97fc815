"""What people read: value, unit, limit, duration and place, in both languages."""

import pytest

from rules import primitive as p
from rules.choice import shared_path
from rules.finding import ending_of
from rules.kinds import KINDS
from rules.model import EventClass, Evidence, Sentence
from rules.sentence import about, describe, duration, number
from rules.signals import Signal
from tests.rules.score import Play, pack, rule, stage


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5.0, "5"),
        (5, "5"),
        (0.1 + 0.2, "0.3"),
        (-0.0, "0"),
        (1234.5, "1234.5"),
        (12.34567, "12.3457"),
        (-2.5, "-2.5"),
        (100, "100"),
    ],
)
def test_numbers(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (30, "30 秒", "30 s"),
        (1.5, "1.5 秒", "1.5 s"),
        (60, "1 分钟", "1 min"),
        (90, "90 秒", "90 s"),
        (3600, "1 小时", "1 h"),
        (5400, "90 分钟", "90 min"),
        (172_800, "2 天", "2 d"),
    ],
)
def test_durations(seconds: float, zh: str, en: str) -> None:
    assert duration(seconds) == Sentence(zh, en)


def seen(
    test: str, value: float | None, limit: float | str | None, kind: str = "temperature", state: str | None = None
) -> Evidence:
    return Evidence(
        event_id="e",
        device="d1",
        kind=kind,
        value=value,
        state=state,
        unit="",
        received_at=0,
        occurred_at=None,
        test=test,
        limit=limit,
    )


@pytest.mark.parametrize(
    ("evidence", "sentence"),
    [
        (
            seen("above", 60, 57),
            Sentence("温度 60 °C，达到或高于限值 57 °C", "temperature 60 °C, at or above the limit of 57 °C"),
        ),
        (seen("above", 50, 57), Sentence("温度 50 °C，低于限值 57 °C", "temperature 50 °C, below the limit of 57 °C")),
        (seen("below", 3, 4), Sentence("温度 3 °C，达到或低于限值 4 °C", "temperature 3 °C, at or below the limit of 4 °C")),
        (seen("below", 5, 4), Sentence("温度 5 °C，高于限值 4 °C", "temperature 5 °C, above the limit of 4 °C")),
        (seen("is", None, "on", state="wet"), Sentence("温度为“有水”", "temperature is “wet”")),
        (seen("is", None, "on", state="ajar"), Sentence("温度为“ajar”", "temperature is “ajar”")),
        (seen("report", None, "on", state="on"), Sentence("报告温度", "reports temperature")),
        (seen("report", None, "on", state="off"), Sentence("温度解除", "temperature is over")),
    ],
)
def test_what_was_seen(evidence: Evidence, sentence: Sentence) -> None:
    kind = KINDS[EventClass.READING, "temperature"]
    assert describe(evidence, kind, "b1") == Sentence(f"b1 的设备 d1：{sentence.zh}", f"device d1 in b1: {sentence.en}")
    assert describe(evidence, kind, "", held_s=60).en == f"device d1: {sentence.en}, for 1 min"


def test_the_pack_s_own_words_are_used_where_it_has_some() -> None:
    own = Sentence(
        "{zone}{device}{value}{unit}超{limit}持续{for_s}（{state}）{{}}",
        "{device} in {zone}: {value} {unit} over {limit} for {for_s}",
    )
    play = Play(pack(rule("hot", "temperature", alarms=(stage("red", p.Threshold(above=57), on=90),), sentence=own)))
    play.play("0 | b1/d1 temperature=60 | \n 90 | | incident opened, alarm opened")
    assert play.records("alarm")[0].sentence == Sentence("b1d160°C超57持续90 秒（—）{}", "d1 in b1: 60 °C over 57 for 90 s")


@pytest.mark.parametrize(
    ("test", "row", "zh", "en"),
    [
        (p.Silence(for_s=600), "d1 motion:on | \n 600 | ", "10 分钟|d1|—", "10 min|d1|—"),
        (p.StateIs(states=("on", "wet")), "d1 motion:on", "0 秒|d1|on", "0 s|d1|on"),
        (p.Count(of=p.StateIs(states=("on",)), count=1, within_s=60), "d1 motion:on", "1 分钟|d1|on", "1 min|d1|on"),
    ],
)
def test_for_s_is_the_span_that_the_test_speaks_of(test: p.Test, row: str, zh: str, en: str) -> None:
    own = Sentence("{for_s}|{zone}|{state}", "{for_s}|{zone}|{state}")
    play = Play(pack(rule("r", "motion", alarms=(stage("red", test),), sentence=own)))
    play.play(f"0 | {row} | incident opened, alarm opened")
    assert play.records("alarm")[0].sentence == Sentence(zh, en)


def test_a_silence_that_ends_is_told_as_such() -> None:
    play = Play(pack(rule("r", "motion", alarms=(stage("red", p.Silence(for_s=60)),))))
    play.play(
        "0 | d1 motion:on | \n 60 | | incident opened, alarm opened \n 61 | d1 motion:on | alarm cleared, incident recovered"
    )
    assert "device d1 is heard again" in play.last("alarm").sentence.en


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [("b1/u1", "b1/u1/0502", 2), ("b1", "b2", 0), ("", "b1", 0), ("", "", 0), ("b1/u1", "b1/u2", 1), ("b10", "b1", 0)],
)
def test_nearness_is_the_shared_part_of_the_path(one: str, other: str, count: int) -> None:
    assert shared_path(one, other) == count


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (3, "约 10 秒", "about 10 s"),
        (84, "约 80 秒", "about 80 s"),
        (90, "约 2 分钟", "about 2 min"),
        (5399, "约 90 分钟", "about 90 min"),
        (5400, "约 1.5 小时", "about 1.5 h"),
    ],
)
def test_a_duration_of_the_future_is_no_more_exact_than_it_can_be(seconds: float, zh: str, en: str) -> None:
    assert about(seconds) == Sentence(zh, en)


def test_what_did_not_follow() -> None:
    missed = seen("missing", None, 90.0, kind="opening", state="open")
    assert describe(missed, KINDS[EventClass.STATE, "opening"], "") == Sentence(
        "设备 d1：门窗为“打开”，此后 90 秒内没有应有的消息",
        "device d1: opening is “open”, and nothing of what must follow in 90 s",
    )


def test_an_ending_of_which_nobody_has_a_reading_is_told_by_the_rule_alone() -> None:
    waiting = stage("red", p.Threshold(above=57), 30)
    play = Play(pack(rule("heat", "temperature", alarms=(waiting,)))).play("0 | d1 temperature=60 |")
    book = play.engine._book
    watch = book.rules["heat"].watches["c1"]["d1"]
    assert ending_of(book, watch, (Signal(waiting),)) == (watch.active.rule.title, ())
