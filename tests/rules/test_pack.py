"""A pack is read whole or not at all, and everything that is wrong with it is said at once, where it is wrong."""

from random import Random
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.definition import Hours, Key
from rules.expression import ConditionError
from rules.model import Event, EventClass, Level, Network
from rules.pack import PackError, check_pack, pack_schema, read_pack
from rules.pack_text import SIZE_MAX
from rules.primitive import Count, Rate, Silence, StateIs, Threshold

GOOD: Final = """\
pack: small
version: "1.2.3"
title: {zh: 小包, en: Small}
kinds:
  hydrogen: {title: {zh: 氢气, en: hydrogen}, class: reading, unit: ppm, low: 0, high: 40000}
parties:
  property: {title: {zh: 物业, en: Property}}
responders:
  guard: {title: {zh: 保安, en: Guard}, party: property, capabilities: [patrol], hours: "08:00-20:00"}
hazards:
  fire: {title: {zh: 火灾, en: Fire}, life_safety: true, late_max: 1h}
  elder: {title: {zh: 老人, en: Elder}}
plans:
  go:
    title: {zh: 去, en: Go}
    clocks: {acknowledged: 60}
    notify_on_alarm: [property, guard]
    orders:
      - capability: patrol
        task: {zh: 看, en: Look}
        clocks: {accepted: 60s, on_scene: 3min}
    escalations:
      - {at: 50%, notify: [property]}
      - {at: 1.0, notify: [guard]}
rules:
  heat:
    title: {zh: 温度, en: Heat}
    hazard: fire
    kinds: temperature
    unit: °C
    when: confidence >= 0.5
    latching: true
    warnings:
      - {level: yellow, above: 50, deadband: 2, for: 30s}
      - {level: blue, rises_per_min: 8.3, over: 1min}
    alarms:
      - {level: red, above: 57, for: 5s, clear_after: 60s}
    plan: go
    source: EN 54-5
  silent:
    title: {zh: 无活动, en: Silence}
    hazard: elder
    watch: zone
    kinds: [motion]
    unwatch: has(attributes.away)
    hours: "22:00-06:00"
    warnings:
      - {level: yellow, silent_for: 12h}
    alarms:
      - {level: orange, state: "on", times: 3, within: 10s}
    warning_expires: 1d
    plan: go
    sentence: {zh: "{zone} 无活动", en: "{zone} is silent for {for_s}"}
    source: ours
"""


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_a_good_pack_says_what_was_written() -> None:
    pack = read_pack(GOOD)
    heat, silent = pack.rules
    assert (pack.id, pack.version, str(pack.timezone)) == ("small", "1.2.3", "Asia/Shanghai")
    assert pack.hazards["fire"].is_life_safety
    assert pack.hazards["fire"].late_max_s == 3600
    assert [(stage.level, stage.condition.test) for stage in heat.warnings] == [
        (Level.BLUE, Rate(above=8.3, window_s=60)),
        (Level.YELLOW, Threshold(above=50, deadband=2)),
    ]
    assert heat.alarms[0].condition.on_delay_s == 5
    assert heat.alarms[0].condition.off_delay_s == 60
    assert heat.is_latching
    assert silent.key is Key.ZONE
    assert silent.hours == Hours(start_minute=1320, end_minute=360)
    assert silent.warnings[0].condition.test == Silence(for_s=43200)
    assert silent.alarms[0].condition.test == Count(of=StateIs(states=("on",)), count=3, within_s=10)
    assert silent.warning_expires_s == 86400
    assert [(step.at_share, step.notify) for step in pack.plans["go"].escalations] == [(0.5, ("property",)), (1.0, ("guard",))]
    assert pack.plans["go"].orders[0].from_level is Level.ORANGE
    assert pack.responders[0].hours == Hours(start_minute=480, end_minute=1200)


def test_a_pack_adds_kinds_with_their_unit() -> None:
    pack = read_pack(GOOD)
    assert pack.units["hydrogen"] == "ppm"
    assert pack.units["temperature"] == "°C"
    assert pack.kinds[EventClass.READING, "hydrogen"].high == 40000


def test_conditions_of_a_pack_judge_events() -> None:
    guard = read_pack(GOOD).rules[0].guard
    unwatch = read_pack(GOOD).rules[1].unwatch
    assert guard is not None
    assert unwatch is not None
    event = Event(
        id="e", community="c", network=Network.IOT, event_class=EventClass.READING, device="d", kind="temperature", confidence=0.4
    )
    assert not guard(event)
    assert not unwatch(event)
    wrong = read_pack(GOOD.replace("confidence >= 0.5", "attributes.x > 1.0")).rules[0].guard
    assert wrong is not None
    with pytest.raises(ConditionError):
        wrong(event)


def test_the_same_text_gives_the_same_pack() -> None:
    first, second = read_pack(GOOD), read_pack(GOOD)
    assert first.digest == second.digest
    assert [rule.digest for rule in first.rules] == [rule.digest for rule in second.rules]


def test_a_rules_digest_is_of_its_own_content_only() -> None:
    before = read_pack(GOOD)
    commented = read_pack(GOOD.replace("rules:\n", "rules:\n  # a remark\n"))
    changed = read_pack(GOOD.replace("above: 57", "above: 58"))
    assert commented.digest != before.digest
    assert [rule.digest for rule in commented.rules] == [rule.digest for rule in before.rules]
    assert changed.rules[0].digest != before.rules[0].digest
    assert changed.rules[1].digest == before.rules[1].digest


FAULTS: Final = [
    # shape
    ("  heat:\n    title", "  heat:\n    titel", "titel", "unknown field 'titel'; did you mean 'title'?"),
    ("    source: EN 54-5\n", "", "  heat:", "'source' is missing"),
    ("above: 57", "above: hot", "hot", "above: expected a number, came the text 'hot'"),
    ("latching: true", "latching: yes", "yes", "latching: expected a boolean, came the text 'yes'"),
    ("level: red", "level: crimson", "crimson", "'red', 'orange', 'yellow' or 'blue', came the text 'crimson'"),
    ("en: Small}", "}", "title: {zh: 小包", "'en' is missing: English"),
    ('"1.2.3"', "1.2", "1.2", "version: expected a string, came the number 1.2"),
    ("above: 57", "above: .inf", ".inf", "expected a number, came the text '.inf'"),
    ("above: 57", "above: 0x39", "0x39", "expected a number, came the text '0x39'"),
    ("for: 5s", "for: 5m", "5m", "like 30s, 5min, 12h, 7d"),
    ("for: 5s", "for: 1000d", "1000d", "between 0 and 366d"),
    ("deadband: 2", "deadband: -2", "-2, for", "greater than or equal to 0"),
    ('"22:00-06:00"', '"22-06"', '"22-06"', "22:00-06:00"),
    ('"22:00-06:00"', '"22:00-22:00"', '"22:00-22:00"', "the same"),
    ('"22:00-06:00"', '"25:00-26:00"', '"25:00-26:00"', "an hour is"),
    ("at: 50%", "at: half", "half", "like 50%"),
    ("  heat:\n", "  Heat-1:\n", "Heat-1", "not an id"),
    # words
    ("hazard: fire", "hazard: fier", "fier", "unknown hazard 'fier'; did you mean 'fire'?"),
    ("plan: go\n    source: EN", "plan: run\n    source: EN", "run", "unknown plan 'run'; known: go"),
    ("kinds: temperature", "kinds: temprature", "temprature", "unknown kind 'temprature'; did you mean 'temperature'?"),
    ("party: property", "party: nobody", "nobody", "unknown party 'nobody'"),
    ("capability: patrol", "capability: dive", "dive", "no responder has the capability 'dive'"),
    ("notify_on_alarm: [property, guard]", "notify_on_alarm: [property, mayor]", "mayor", "unknown party or responder 'mayor'"),
    ("notify: [guard]", "notify: [ghost]", "ghost", "unknown party or responder 'ghost'"),
    ("late_max: 1h}", "gathers_with: [flod]}", "flod", "unknown hazard 'flod'"),
    ("late_max: 1h}", "gathers_with: [fire]}", "fire]}", "itself"),
    ("parties:", "timezone: Asia/Chengdu\nparties:", "Asia/Chengdu", "unknown time zone"),
    # kinds and units
    ("unit: °C", "unit: °F", "°F", "measured in °C, not in °F"),
    ("    unit: °C\n", "", "  heat:", "write unit: '°C'"),
    ("above: 57", "above: 5700", "5700", "outside what temperature can be, -60 to 1400 °C"),
    ("kinds: temperature", "kinds: power", "above: 50", "comes as state too"),
    ("kinds: temperature", "kinds: [temperature, humidity]", "kinds: [temperature", "one limit cannot be in % and in °C"),
    ('state: "on"', 'state: "of"', '"of"', "motion never is 'of'; did you mean 'off'?"),
    ("kinds: [motion]", "kinds: [motion]\n    classes: [alarm]", "motion]\n    classes", "comes as state, never as alarm"),
    ("    kinds: [motion]\n", "", "  silent:", "looks at no kind"),
    ("hydrogen: {", "methane: {", "methane", "is known already"),
    ("unit: ppm, low: 0", "low: 0", "hydrogen", "needs a unit"),
    ("low: 0, high: 40000", "low: 5, high: 5", "5, high", "not below high"),
    ("class: reading, unit: ppm, low: 0, high: 40000", "class: state", "hydrogen", "needs its states"),
    # stages
    ("{level: red, above: 57", "{level: red, above: 57, state: hot", "{level: red", "exactly one test"),
    ("{level: red, above: 57", "{level: red", "{level: red", "this has none"),
    (", over: 1min", "", "{level: blue", "a rate needs over"),
    (", within: 10s", "", "{level: orange", "times and within belong together"),
    ("silent_for: 12h", "silent_for: 12h, for: 5s", "5s}\n    alarms:\n      - {level: orange", "its own delay"),
    ("silent_for: 12h", "silent_for: 12h, deadband: 1", "1}\n    alarms:\n      - {level: orange", "belongs to above or below"),
    ("above: 57", "above: 57, deadband: 2000", "2000", "wider than all"),
    ("{level: blue, rises_per_min: 8.3, over: 1min}", "{level: red, above: 40}", "40}", "swap them"),
    ("above: 50,", "above: 60,", "60, deadband", "comes after every alarm of this rule"),
    ("hazard: elder\n", "hazard: elder\n    latching: true\n", "latching: true\n    watch", None),
    # conditions and sentences
    ("confidence >= 0.5", "confidence >= 1", ">= 1", "1.0 instead of 1"),
    ("unwatch: has(attributes.away)", "unwatch: attributes.away", "attributes.away\n    hours", "yes or no"),
    ("when: confidence >= 0.5", "unwatch: confidence >= 0.5", "unwatch: confidence", "this rule has no silent_for"),
    ("{zone} 无活动", "{place} 无活动", '"{place}', "unknown place {place}"),
    ("{zone} 无活动", "{zone 无活动", '"{zone 无', "not a sentence template"),
    ("{zone} 无活动", "{zone!r}", '"{zone!r}', "without a format"),
    # plans
    ("on_scene: 3min", "on_scene: 30s", "30s}\n    esc", "on_scene within 30 s is before accepted within 60 s"),
    ("accepted: 60s", "acknowledged: 60s", "60s, on_scene", "an incident is acknowledged, not an order"),
    ("at: 1.0", "at: 25%", "25%", "from the earliest share to the latest"),
]


@pytest.mark.parametrize(("old", "new", "where", "message"), FAULTS, ids=lambda text: str(text)[:20])
def test_a_fault_is_said_where_it_is(old: str, new: str, where: str, message: str | None) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    faults = check_pack(text, "site.yaml")
    if message is None:
        assert faults == ()
        return
    line = line_of(text, where)
    column = text.index(where) - text.rfind("\n", 0, text.index(where))
    found = [fault for fault in faults if message in fault.message]
    assert found, f"no fault says {message!r}: {[str(fault) for fault in faults]}"
    assert found[0].line == line
    assert found[0].column == column or where.startswith("  ") or "missing" in message
    assert str(found[0]).startswith(f"site.yaml:{line}:")


def test_all_faults_are_said_at_once_in_the_order_of_the_file() -> None:
    text = GOOD
    for old, new in (
        ("party: property", "party: x"),
        ("hazard: fire", "hazard: y"),
        ("unit: °C", "unit: K"),
        ("for: 5s", "for: 5m"),
    ):
        text = text.replace(old, new, 1)
    with pytest.raises(PackError) as raised:
        read_pack(text, "site.yaml")
    lines = [fault.line for fault in raised.value.faults]
    assert lines == [line_of(GOOD, part) for part in ("party: property", "hazard: fire", "unit: °C", "for: 5s")]
    assert lines == sorted(lines)
    assert str(raised.value).count("site.yaml:") == len(lines)


def test_what_is_well_formed_is_checked_beside_what_is_not() -> None:
    text = (
        GOOD.replace("above: 57", "above: hot").replace("plan: go\n    source: EN 54-5", "plan: gone").replace("when: ", "wenn: ")
    )
    messages = [fault.message for fault in check_pack(text)]
    assert len(messages) == 4
    assert "unknown field 'wenn'; did you mean 'when'?" in messages
    assert "above: expected a number, came the text 'hot'" in messages
    assert "unknown plan 'gone'; did you mean 'go'?" in messages
    assert any(message.startswith("'source' is missing") for message in messages)


def test_a_broken_hazard_is_still_known_by_its_name() -> None:
    faults = check_pack(GOOD.replace("{title: {zh: 老人, en: Elder}}", "{title: 老人}"))
    assert [fault.message for fault in faults] == ["title: expected a mapping, came the text '老人'"]


@pytest.mark.parametrize(
    ("style", "line", "column"),
    [
        ("when: confidence >= 1", 0, 22),
        ('when: "confidence >= 1"', 0, 23),
        ("when: |\n      kind == 'x' ||\n      confidence >= 1", 2, 18),
        ("when: >-\n      kind == 'x' ||\n      confidence >= 1", 0, 11),
    ],
)
def test_a_conditions_fault_is_mapped_into_the_file(style: str, line: int, column: int) -> None:
    text = GOOD.replace("when: confidence >= 0.5", style)
    fault = check_pack(text)[0]
    assert (fault.line, fault.column) == (line_of(text, style) + line, column)
    assert fault.message.startswith("when: found no matching overload")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "empty"),
        ("pack: [", 1, "not YAML"),
        ("pack:\n\tsmall: 1", 2, "a tab"),
        ("- a\n- b", 1, "expected a mapping"),
        ("pack: small\npack: other", 2, "stands here twice, first in line 1"),
        ("? [a]\n: b", 1, "a key must be a word"),
        ("pack: !!python/object:os.system x", 1, "tag"),
        ("pack: *nobody", 1, "undefined alias"),
        ("[" * 5000, 1, "nested"),
        ("a: 1\n---\nb: 2", 2, "not YAML"),
        ("pack: \0", 1, "not YAML"),
        ("x" * (SIZE_MAX + 1), 1, "at most 262144"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_pack_at_all_is_said_in_words(text: str, line: int, message: str) -> None:
    assert [fault for fault in check_pack(text) if fault.line == line and message in fault.message]


def test_an_alias_bomb_is_refused_quickly() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))
    assert any("aliases or nesting" in fault.message for fault in check_pack(bomb))


def test_plain_aliases_are_allowed() -> None:
    text = GOOD.replace("escalations:", "escalations: &steps") + "# *steps could be used again\n"
    assert check_pack(text) == ()


def test_words_like_on_and_no_stay_words() -> None:
    assert check_pack(GOOD.replace('state: "on"', "state: on")) == ()


def test_hundreds_of_mutated_packs_are_read_or_refused_and_nothing_else() -> None:
    dice = Random(20260101)
    for _ in range(120):
        text = list(GOOD)
        for _ in range(dice.randint(1, 4)):
            place = dice.randrange(len(text))
            text[place : place + dice.randint(0, 3)] = dice.choice(
                ["", " ", "\n", ":", "{", "}", "-", "x", "9", "&a ", "*a ", "\t", '"']
            )
        faults = check_pack("".join(text))
        assert all(fault.line >= 1 and fault.column >= 1 and fault.message for fault in faults)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert all(fault.message for fault in check_pack(text))


def test_the_schema_knows_the_fields_and_their_meaning() -> None:
    schema = pack_schema()
    stage = schema["$defs"]["StageForm"]["properties"]
    assert "for" in stage
    assert "on-delay" in stage["for"]["description"]
    assert schema["required"] == ["pack", "version", "title"]
    whole = ["parties", "hazards", "plans", "rules"]
    assert schema["anyOf"] == [{"required": ["extends"]}, {"required": whole}], "one that extends another needs only what differs"


WARNINGS: Final = """    warnings:
      - {level: yellow, above: 50, deadband: 2, for: 30s}
      - {level: blue, rises_per_min: 8.3, over: 1min}
"""
ALARMS: Final = """    alarms:
      - {level: red, above: 57, for: 5s, clear_after: 60s}
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (WARNINGS + ALARMS, "", "the rule neither warns nor alarms"),
        (ALARMS, "", "only an alarm latches, and this rule has none"),
        (GOOD[GOOD.index("  heat:\n") :], "  heat: 57\n", "expected a mapping, came the number 57"),
        (
            "class: reading, unit: ppm",
            "class: reading, states: [much], unit: ppm",
            "a reading has a unit and a range, not states",
        ),
        ("class: reading, unit: ppm", "class: state", "needs its states, like [on, off]"),
    ],
)
def test_a_part_that_can_do_nothing_is_said_to_be_so(old: str, new: str, message: str) -> None:
    assert old in GOOD
    assert any(message in fault.message for fault in check_pack(GOOD.replace(old, new)))
