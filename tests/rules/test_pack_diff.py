"""Two packs are compared by what they mean, and a rule says in words what its definition says."""

from dataclasses import replace

import pytest

from rules import primitive as p
from rules.model import Level
from rules.pack import read_pack
from rules.pack_diff import Change, compare
from rules.rule_words import explain
from tests.rules.test_compose import HEAD, PARAMETERS, read
from tests.rules.test_pack import GOOD


def changes(before: str, after: str) -> list[tuple[str, str, str, str, str, str]]:
    assert before in GOOD
    found = compare(read_pack(GOOD), read_pack(GOOD.replace(before, after)))
    return [(one.what, one.section, one.id, one.field, one.before, one.after) for one in found]


def test_the_same_in_other_words_is_no_difference() -> None:
    assert changes("over: 1min", "over: 60s") == []
    assert changes("acknowledged: 60", "acknowledged: 1min") == []
    assert changes("version:", "# a remark\nversion:") == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("above: 57", "above: 58.5", ("rules", "heat", "alarms[red threshold].above", "57 °C", "58.5 °C")),
        (
            "5s, clear_after: 60s",
            "5s, clear_after: 2min",
            ("rules", "heat", "alarms[red threshold].clear_after", "1 min", "2 min"),
        ),
        ("rises_per_min: 8.3", "rises_per_min: 9", ("rules", "heat", "warnings[blue rate].above", "8.3 °C/min", "9 °C/min")),
        (
            "when: confidence >= 0.5",
            "when: confidence >= 0.6",
            ("rules", "heat", "when", "confidence >= 0.5", "confidence >= 0.6"),
        ),
        ("latching: true", "latching: false", ("rules", "heat", "latching", "yes", "no")),
        ("watch: zone", "watch: building", ("rules", "silent", "watch", "zone", "building")),
        ("times: 3", "times: 4", ("rules", "silent", "alarms[orange count].times", "3", "4")),
        ("silent_for: 12h", "silent_for: 13h", ("rules", "silent", "warnings[yellow silence].silent_for", "12 h", "13 h")),
        (
            "notify_on_alarm: [property, guard]",
            "notify_on_alarm: [guard]",
            ("plans", "go", "notify_on_alarm", "property, guard", "guard"),
        ),
        ("accepted: 60s, on", "accepted: 30s, on", ("plans", "go", "orders[patrol].clocks.accepted", "1 min", "30 s")),
        ("late_max: 1h", "late_max: 2h", ("hazards", "fire", "late_max", "1 h", "2 h")),
        ('hours: "08:00-20:00"', 'hours: "09:00-20:00"', ("responders", "guard", "start_minute", "08:00", "09:00")),
        ("zh: 温度", "zh: 高温", ("rules", "heat", "title", "温度 / Heat", "高温 / Heat")),
        ('"1.2.3"', '"1.2.4"', ("pack", "small", "version", "1.2.3", "1.2.4")),
        ("high: 40000", "high: 50000", ("kinds", "reading/hydrogen", "high", "40000", "50000")),
    ],
)
def test_a_field_that_differs_is_told_with_its_unit(before: str, after: str, expected: tuple[str, ...]) -> None:
    assert changes(before, after) == [("changed", *expected)]


def test_rules_that_come_and_go_are_told_by_name() -> None:
    old, new = read_pack(GOOD), read("disable: [silent]\noverride: {hazards: {elder: null}}\n")
    assert [(one.what, one.section, one.id) for one in compare(old, new) if not one.field] == [
        ("removed", "pack", "small"),
        ("added", "pack", "site"),
        ("removed", "hazards", "elder"),
        ("removed", "rules", "silent"),
    ]
    removed = next(one for one in compare(old, new) if one.id == "silent").sentence
    assert (removed.zh, removed.en) == ("删除规则 无活动（silent）", "removed: rule silent (Silence)")


def test_what_differs_in_one_community_alone_is_told_with_its_name() -> None:
    old, new = read(PARAMETERS), read(PARAMETERS.replace("heat_limit: 60", "heat_limit: 62"))
    (found,) = compare(old, new)
    assert found == Change(
        what="changed",
        section="rules",
        id="heat",
        field="alarms[red threshold].above",
        before="60 °C",
        after="62 °C",
        title=found.title,
        community="c1",
    )
    assert found.sentence.en == "c1: rule heat (Heat): alarms[red threshold].above from 60 °C to 62 °C"
    everywhere = compare(old, read(PARAMETERS.replace("default: 57", "default: 58")))
    assert [(one.community, one.before, one.after) for one in everywhere] == [("", "57 °C", "58 °C")]
    assert HEAD in (HEAD + PARAMETERS)


def test_two_stages_alike_are_told_apart_and_a_new_one_has_no_before() -> None:
    more = GOOD.replace("clear_after: 60s}\n", "clear_after: 60s}\n      - {level: red, above: 80}\n")
    found = [one for one in compare(read_pack(GOOD), read_pack(more)) if one.field.endswith("above")]
    assert [(one.field, one.before, one.after) for one in found] == [("alarms[red threshold 2].above", "", "80 °C")]
    assert "from — to 80 °C" in found[0].sentence.en


# --------------------------------------------------------------------------------------------------------- a rule in words


def told(rule_id: str, text: str = GOOD) -> tuple[list[str], list[str]]:
    pack = read_pack(text)
    sentences = explain(pack, next(rule for rule in pack.rules if rule.id == rule_id))
    return [one.zh for one in sentences], [one.en for one in sentences]


def test_a_rule_of_limits_is_told_whole_in_both_languages() -> None:
    zh, en = told("heat")
    assert en == [
        "Heat (heat)",
        "It looks at temperature, for each device by itself",
        "Only events for which this holds: confidence >= 0.5",
        "Blue warning: rising faster than 8.3 °C/min over 1 min",
        "Yellow warning: at 50 °C or above, for 30 s; over when it is below 48 °C",
        "Without a new sign a warning expires after 1 h",
        "Red alarm: at 57 °C or above, for 5 s; over when it is below 57 °C for 1 min",
        "The alarm latches: a person resets it after the danger is over",
        "A life may hang on it: it cannot be shelved",
        "Told of an alarm: Property, Guard",
        "From orange on somebody is sent (patrol): Look; accepted within 1 min, on scene within 3 min",
        "The incident is to be acknowledged within 1 min",
        "Source: EN 54-5",
    ]
    assert "红色报警：不低于 57 °C，持续 5 秒；低于 57 °C 持续 1 分钟后解除" in zh
    assert "橙色及以上报警派警（patrol）：看；1 分钟内接单、3 分钟内到场" in zh


def test_a_rule_of_silence_says_its_hours_and_when_it_stops_waiting() -> None:
    zh, en = told("silent")
    assert "Yellow warning: nothing is heard for 12 h" in en
    assert "Orange alarm: reported on 3 times within 10 s" in en
    assert "It stops waiting after an event for which: has(attributes.away)" in en
    assert "Armed only from 22:00-06:00" in en
    assert "只在 22:00-06:00 生效" in zh


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (p.Threshold(below=5, deadband=1), "at 5 °C or below; over when it is above 6 °C"),
        (p.Rate(above=-2, window_s=60), "falling faster than 2 °C/min over 1 min"),
        (p.Forecast(above=50, in_s=1800, window_s=600), "by the trend of 10 min, at 50 °C within 30 min"),
    ],
)
def test_every_test_has_words(test: p.Test, expected: str) -> None:
    pack = read_pack(GOOD)
    heat = pack.rules[0]
    stage = replace(heat.alarms[0], level=Level.RED, condition=p.Condition(test=test, off_delay_s=0))
    nightly = replace(stage, modes=("night",), not_modes=("away",))
    changed = replace(heat, alarms=(stage, nightly), plan="none", modes=("armed",), not_modes=("drill",))
    said = [one.en for one in explain(pack, changed)]
    assert f"Red alarm: {expected}" in said
    assert f"Red alarm: {expected} (mode night) (not in mode away)" in said
    assert "Only in the modes armed" in said
    assert "Not in the modes drill" in said


def test_every_rule_of_the_bundled_pack_can_be_told() -> None:
    with open("rules/packs/community.yaml", encoding="utf-8") as file:
        pack = read_pack(file.read())
    for rule in pack.rules:
        said = explain(pack, rule)
        assert all(one.zh and one.en for one in said), rule.id
        assert len(said) >= 4
