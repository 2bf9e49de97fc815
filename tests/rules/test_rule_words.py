"""A rule in plain words: every part of its definition is said, in Chinese and in English, exactly."""

from typing import Any

import pytest

from rules import definition as d
from rules import primitive as p
from rules.baseline import Side
from rules.model import EventClass, Level, Sentence
from rules.rule_words import explain
from rules.terms import Agreement, Term
from rules.usual import Season
from tests.rules import score

HOT = p.Threshold(above=60.0, deadband=5.0)
PLAN = d.Plan(
    id="go",
    title=score.said("go"),
    orders=(
        d.Order(
            capability="fire_fighting",
            task=Sentence("灭火", "Put it out"),
            clocks=(d.Target(name="accepted", within_s=60.0), d.Target(name="on_scene", within_s=180.0)),
            from_level=Level.ORANGE,
        ),
    ),
    notify_on_warning=("property",),
    notify_on_alarm=("property", "fire_brigade", "guard"),
    clocks=(d.Target(name="acknowledged", within_s=90.0),),
)
GUARD = d.Responder(id="guard", title=Sentence("保安", "Guard"), party="property", capabilities=("fire_fighting",))


def told(rule: d.Rule, **changes: Any) -> list[tuple[str, str]]:
    pack = score.pack(rule, plans=[PLAN], responders=[GUARD], parties=["property", "fire_brigade"], **changes)
    return [(said.zh, said.en) for said in explain(pack, rule)]


def test_a_whole_rule_is_told_from_its_title_to_its_source() -> None:
    rule = score.rule(
        "hot",
        "temperature",
        match=d.Match(kinds=("temperature", "odd_kind"), classes=(EventClass.READING, EventClass.STATE)),
        guard_text="value > 1.0",
        unwatch_text="state == 'off'",
        confidence=0.8,
        hours=d.Hours(start_minute=22 * 60 + 5, end_minute=6 * 60),
        modes=("armed", "night"),
        not_modes=("away", "works"),
        warnings=(score.stage("yellow", p.Threshold(below=5.0, deadband=1.0), 30),),
        alarms=(
            d.Stage(
                level=Level.RED,
                condition=p.Condition(test=HOT, on_delay_s=10.0, off_delay_s=120.0),
                modes=("armed", "night"),
                not_modes=("away", "works"),
            ),
        ),
        is_latching=True,
        warning_expires_s=7200.0,
        plan="go",
        source="GB 1",
        card=d.Card(
            cause=Sentence("因", "Cause."),
            consequence=Sentence("果", "Consequence."),
            action=Sentence("做", "Action."),
            time_to_respond_s=300.0,
        ),
    )
    assert told(rule, hazards=[score.hazard("fire", is_life_safety=True)]) == [
        ("hot（中）（hot）", "hot (hot)"),
        (
            "看：每台设备的温度、odd_kind（reading、state）",
            "It looks at temperature and odd_kind (only reading, state), for each device by itself",
        ),
        ("只看满足条件的事件：value > 1.0", "Only events for which this holds: value > 1.0"),
        ("未给出置信度的来源按 0.8 计", "A source that does not say how sure it is counts as 0.8"),
        ("停止等待的事件：state == 'off'", "It stops waiting after an event for which: state == 'off'"),
        ("只在 22:05-06:00 生效", "Armed only from 22:05-06:00"),
        ("只在模式：armed、night", "Only in the modes armed, night"),
        ("不在模式：away、works", "Not in the modes away, works"),
        ("黄色预警：不高于 5，持续 30 秒；高于 6 解除", "Yellow warning: at 5 or below, for 30 s; over when it is above 6"),
        ("没有新的迹象，预警在 2 小时后到期", "Without a new sign a warning expires after 2 h"),
        (
            "红色报警：不低于 60，持续 10 秒；低于 55 持续 2 分钟后解除（模式 armed、night）（不在模式 away、works）",
            (
                "Red alarm: at 60 or above, for 10 s; over when it is below 55 for 2 min"
                " (mode armed, night) (not in mode away, works)"
            ),
        ),
        ("报警锁存，恢复后仍须人工复位", "The alarm latches: a person resets it after the danger is over"),
        ("事关生命安全，不可搁置", "A life may hang on it: it cannot be shelved"),
        ("预警告知：property（中）", "Told of a warning: property"),
        ("报警告知：property（中）、fire_brigade（中）、保安", "Told of an alarm: property, fire_brigade, Guard"),
        (
            "橙色及以上报警派警（fire_fighting）：灭火；1 分钟内接单、3 分钟内到场",
            "From orange on somebody is sent (fire_fighting): Put it out; accepted within 1 min, on scene within 3 min",
        ),
        ("警情须在 90 秒内确认", "The incident is to be acknowledged within 90 s"),
        ("可能原因：因", "Likely cause: Cause."),
        ("不处置的后果：果", "If nobody acts: Consequence."),
        ("怎么做：做", "What to do: Action."),
        ("最迟处置：5 分钟", "Act within: 5 min"),
        ("来源：GB 1", "Source: GB 1"),
    ]


@pytest.mark.parametrize(
    ("test", "zh", "en"),
    [
        (p.Rate(above=8.0, window_s=120.0), "2 分钟内上升快于 8 /min", "rising faster than 8 /min over 2 min"),
        (p.Rate(above=-8.0, window_s=120.0), "2 分钟内下降快于 8 /min", "falling faster than 8 /min over 2 min"),
        (
            p.Count(of=p.StateIs(states=("on", "open")), count=3, within_s=60.0),
            "1 分钟内 3 次状态为“有、打开”",
            "reported on or open 3 times within 1 min",
        ),
        (p.Silence(for_s=3600.0), "1 小时没有消息", "nothing is heard for 1 h"),
        (
            p.PersonalSilence(for_s=43_200.0, at_least_s=7200.0, score=0.95),
            "12 小时没有消息，或 2 小时以上且不合该处作息（评分 0.95）",
            "nothing is heard for 12 h, or for 2 h where that is unlike its rhythm (score 0.95)",
        ),
        (
            p.Forecast(in_s=600.0, window_s=1800.0, above=80.0),
            "按 30 分钟的趋势，10 分钟内将达到 80",
            "by the trend of 30 min, at 80 within 10 min",
        ),
        (
            p.Forecast(in_s=600.0, window_s=1800.0, below=-3.0),
            "按 30 分钟的趋势，10 分钟内将达到 -3",
            "by the trend of 30 min, at -3 within 10 min",
        ),
        (
            p.Unusual(score=0.9, season=Season.DAY, side=Side.HIGH),
            "与每天此时段相比偏高不同寻常（评分 0.9）",
            "unlike its usual of this hour of the day, above it (score 0.9)",
        ),
        (
            p.Unusual(score=0.9, season=Season.WEEK, side=Side.LOW),
            "与每周此时段相比偏低不同寻常（评分 0.9）",
            "unlike its usual of this hour of the week, below it (score 0.9)",
        ),
        (
            p.Unusual(score=0.9, season=Season.NONE, side=Side.BOTH),
            "与平时相比不同寻常（评分 0.9）",
            "unlike its usual at any hour (score 0.9)",
        ),
        (
            Agreement(
                of=(Term(kind="smoke", test=p.StateIs(states=("on",))), Term(kind="odd", test=HOT)), count=2, within_s=30.0
            ),
            "30 秒内至少 2 个独立来源：烟雾状态为“有”；odd不低于 60",
            "2 independent sources within 30 s: smoke reported on; odd at 60 or above",
        ),
        (
            Agreement(of=(Term(kind="temperature", test=HOT),), count=2, within_s=30.0, networks=2),
            "30 秒内至少 2 个独立来源（至少 2 个网络）：温度不低于 60 °C",
            "2 independent sources on at least 2 networks within 30 s: temperature at 60 °C or above",
        ),
        (
            p.Stuck(for_s=3600.0, tolerance=0.5),
            "stuck（stuck_for 1 h; tolerance 0.5; by_seq no）",
            "stuck (stuck_for 1 h; tolerance 0.5; by_seq no)",
        ),
    ],
)
def test_each_test_has_its_sentence(test: p.Test, zh: str, en: str) -> None:
    rule = score.rule("r", "temperature", alarms=(score.stage("orange", test),))
    assert told(rule)[2] == (f"橙色报警：{zh}", f"Orange alarm: {en}")


@pytest.mark.parametrize(
    ("key", "zh", "en"),
    [
        (d.Key.DEVICE, "每台设备", "each device"),
        (d.Key.ZONE, "每个区域", "each zone"),
        (d.Key.BUILDING, "每栋楼", "each building"),
        (d.Key.COMMUNITY, "整个社区", "the whole community"),
        (d.Key.ACTOR, "每个能分辨的人或物（否则每个区域）", "each person or thing that is told apart (else each zone)"),
    ],
)
def test_what_is_watched_by_itself_is_named(key: d.Key, zh: str, en: str) -> None:
    said = told(score.rule("r", "temperature", key=key, alarms=(score.stage("orange", HOT),)))[1]
    assert said == (f"看：{zh}的温度", f"It looks at temperature, for {en} by itself")
