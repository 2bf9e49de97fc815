"""Conditions in CEL: checked when they are read, and never silently false when they run."""

from types import MappingProxyType
from typing import Any

import pytest

from rules.expression import REMEMBERED_MAX, TEXT_MAX, VARIABLES, ConditionError, ConditionSyntaxError, compile_condition
from rules.model import Event, EventClass, Network, Status


def event(**fields: Any) -> Event:
    known: dict[str, Any] = {
        "id": "e1",
        "community": "c01",
        "network": Network.IOT,
        "event_class": EventClass.ALARM,
        "device": "camera-1",
        "kind": "fall",
        "zone": "b03/u1/0502",
        "state": "on",
        "confidence": 0.8,
    }
    return Event(**(known | fields))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("confidence >= 0.7", True),
        ("confidence >= 0.81", False),
        ("state == 'off' || confidence >= 0.9", False),
        ("class == 'alarm' && network == 'iot' && status == 'actual'", True),
        ("zone.startsWith('b03/') && zone.matches('^[^/]+/[^/]+/[^/]+$')", True),
        ("device in ['camera-1', 'camera-2']", True),
        ("community == 'c01' && id == 'e1' && unit == '' && kind == 'fall'", True),
        ("has_value && value > 3.0", False),
        ("has_state", True),
        ("has(attributes.away) && attributes.away == true", False),
    ],
)
def test_a_condition_reads_the_event(condition: str, expected: bool) -> None:
    assert compile_condition(condition)(event()) is expected


@pytest.mark.parametrize(
    ("condition", "attributes", "expected"),
    [
        ("attributes.persons > 0.0", {"persons": 2.0}, True),
        ("attributes.persons > 0", {"persons": 2}, True),
        ("attributes.away == true", {"away": True}, True),
        ("attributes.urgency in ['urgent', 'emergency']", {"urgency": "calm"}, False),
    ],
)
def test_attributes_are_text_number_or_yes_and_no(condition: str, attributes: dict[str, Any], expected: bool) -> None:
    assert compile_condition(condition)(event(attributes=MappingProxyType(attributes))) is expected


@pytest.mark.parametrize(
    ("condition", "fields", "lacks"),
    [
        ("attributes.away == true", {}, "away"),
        ("attributes.score >= 0.8", {"attributes": {"score": "high"}}, "overload"),
        ("value > 3.0", {}, "value"),
        ("state == 'on'", {"state": None, "event_class": EventClass.STATE}, "state"),
        ("[0,1,2,3,4,5,6,7,8,9].all(a, " * 6 + "a >= 0" + ")" * 6, {}, "budget"),
    ],
)
def test_what_cannot_be_judged_is_an_error_and_never_false(condition: str, fields: dict[str, Any], lacks: str) -> None:
    with pytest.raises(ConditionError, match=lacks) as raised:
        compile_condition(condition)(event(**fields))
    assert raised.value.event_id == "e1"
    assert raised.value.condition == condition


@pytest.mark.parametrize(
    ("condition", "line", "column", "advice"),
    [
        ("kind ==", 1, 8, "mismatched input"),
        ("confidence >= 1", 1, 12, "1.0 instead of 1"),
        ("kind == 'fall' &&\n  confidenc > 0.7", 2, 3, "the names are"),
        ("kind = 'fall'", 1, 6, "compare with =="),
        ("kind == fall", 1, 9, "texts need quotes"),
        ("value > 'a'", 1, 7, "no matching overload"),
        ("kind", 1, 1, "yes or no"),
        ("attributes.away", 1, 1, "yes or no"),
        ("zone.matches('[')", 1, 14, "regular expression"),
        ("kind == 'x' ||\n matches(zone, '(')", 2, 16, "regular expression"),
        ("", 1, 1, "mismatched input"),
        ("(" * 200 + "true" + ")" * 200, 1, 1, "recursion"),
        ("true || " * TEXT_MAX + "true", 1, 1, "characters"),
    ],
)
def test_a_faulty_condition_says_where_and_what_to_do(condition: str, line: int, column: int, advice: str) -> None:
    with pytest.raises(ConditionSyntaxError) as raised:
        compile_condition(condition)
    assert (raised.value.line, raised.value.column) == (line, column)
    assert advice in raised.value.message


def test_all_faults_of_a_condition_are_said_at_once() -> None:
    with pytest.raises(ConditionSyntaxError) as raised:
        compile_condition("confidence >= 1 && colour == 'red'")
    assert [column for _, column, _ in raised.value.faults] == [12, 20]


def test_a_word_inside_a_text_is_no_name() -> None:
    assert compile_condition("kind != 'value of state'")(event(state=None)) is True


def test_every_name_can_be_used_with_its_type() -> None:
    full = event(value=1.0, unit="°C", status=Status.EXERCISE, attributes={"a": 1.0})
    for name in VARIABLES:
        assert compile_condition(f"{name} == {name}")(full) is True


def test_an_expensive_regular_expression_is_linear() -> None:
    assert compile_condition("device.matches('^(a+)+$')")(event(device="a" * 5000 + "!")) is False


def test_a_remembered_verdict_is_of_the_same_type_of_value() -> None:
    guard = compile_condition("has(attributes.away) && attributes.away == true")
    assert guard(event(attributes={"away": True})) is True
    assert guard(event(attributes={"away": 1.0})) is False
    assert guard(event(attributes={"away": "true"})) is False
    assert guard(event()) is False
    assert guard(event(attributes={"away": True})) is True


def test_more_places_than_are_remembered_are_still_judged_right() -> None:
    guard = compile_condition("zone.endsWith('7')")
    for _ in range(2):
        for number in range(REMEMBERED_MAX + 10):
            assert guard(event(zone=f"b01/{number}")) is (number % 10 == 7)


def test_what_cannot_be_judged_is_not_remembered_as_anything() -> None:
    guard = compile_condition("attributes.away == true")
    for _ in range(2):
        with pytest.raises(ConditionError):
            guard(event())
    assert guard(event(attributes={"away": True})) is True
