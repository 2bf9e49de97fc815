"""Every noun survives its canonical bytes, and equal nouns give equal bytes."""

from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from rules import effects, model
from rules.canonical import RecordError, digest_id, from_json, to_json
from rules.definition import Plan

NOUNS = [
    model.Event,
    model.OperatorAction,
    model.DeliveryReport,
    model.PackActivation,
    model.Rejected,
    model.Resumed,
    model.SetAside,
    model.EarlyWarning,
    model.Alarm,
    model.Dispatch,
    model.Incident,
    model.Fact,
    effects.Notify,
    effects.AnswerAction,
    Plan,
]


@pytest.mark.parametrize("cls", NOUNS, ids=lambda cls: cls.__name__)
@settings(deadline=None)  # the first draw of a record builds its strategies
@given(data=st.data())
def test_every_noun_survives(cls: type[Any], data: st.DataObject) -> None:
    record = data.draw(st.from_type(cls))
    try:
        text = to_json(record)
    except ValueError:
        reject()  # not a number, or infinite: refused by a test of its own
    assert from_json(cls, text) == record
    assert to_json(from_json(cls, text)) == text


def _event(**changes: Any) -> model.Event:
    values: dict[str, Any] = {
        "id": "e1",
        "community": "c",
        "network": model.Network.IOT,
        "event_class": model.EventClass.READING,
        "device": "d",
        "kind": "temperature",
    }
    return model.Event(**(values | changes))


def test_keys_are_sorted_enums_are_values_and_nothing_is_padded() -> None:
    text = to_json(_event(value=21.5, zone="三号楼", attributes={"b": True, "a": "x"})).decode()
    assert text.startswith(
        '{"attributes":{"a":"x","b":true},"community":"c","confidence":1.0,"device":"d","event_class":"reading"'
    )
    assert '"network":"iot"' in text
    assert "三号楼" in text
    assert " " not in text


def test_the_order_in_which_attributes_came_does_not_show() -> None:
    one, other = {"a": 1.0, "b": "x"}, {"b": "x", "a": 1.0}
    assert to_json(_event(attributes=one)) == to_json(_event(attributes=MappingProxyType(other)))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_not_a_number_has_no_canonical_form(value: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_json(_event(value=value))


def test_what_has_no_form_is_named() -> None:
    with pytest.raises(TypeError, match="no form for object"):
        to_json(object())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"{", "expected canonical JSON"),
        (b"[]", "expected an object for Event"),
        (b"{}", "missing"),
        (to_json(_event()).replace(b'"iot"', b'"air"'), "'air' is not a valid Network"),
        (to_json(_event()).replace(b'"attributes":{}', b'"attributes":[]'), "expected an object"),
    ],
    ids=["cut off", "a list", "nothing in it", "no such network", "a list of attributes"],
)
def test_unreadable_text_says_what_was_expected(text: bytes, expected: str) -> None:
    with pytest.raises(RecordError, match=expected):
        from_json(model.Event, text)


def test_a_tuple_is_an_array_and_bytes_are_base64() -> None:
    rejected = model.Rejected(id="r", source="t", reason="x", detail="y", excerpt=b"\x00\xff", size=2)
    text = to_json(rejected)
    assert b'"excerpt":"AP8="' in text
    with pytest.raises(RecordError):
        from_json(model.Rejected, text.replace(b"AP8=", b"*"))
    with pytest.raises(RecordError, match="expected an array"):
        from_json(Plan, b'{"id":"p","orders":{},"title":{"en":"","zh":""}}')


def test_a_plain_type_is_checked_too() -> None:
    assert from_json(str, b'"x"') == "x"
    with pytest.raises(RecordError, match="expected an object"):
        from_json(str, b"1")


def test_a_field_that_the_writer_did_not_know_keeps_its_default() -> None:
    text = to_json(_event()).replace(b'"wants_receipt":false,', b"")
    assert from_json(model.Event, text).wants_receipt is False


def test_an_id_is_a_digest_of_its_causes_in_their_order() -> None:
    assert digest_id("w", "a", 1) == digest_id("w", "a", 1)
    assert digest_id("w", "a", "bc") != digest_id("w", "ab", "c")
    assert digest_id("w", "a", "b") != digest_id("w", "b", "a")
    prefix, digits = digest_id("i", "x").split("-")
    assert (prefix, len(digits)) == ("i", 16)
