"""What people write is masked on every way in, before it is journaled; what devices say is left as it came."""

import json

import pytest

from ingest.callers import Caller, without_caller
from ingest.wire import decode, encode
from rules.model import Event
from rules.quotes import _WORDS

CALL = "着火了 138 1234 5678，或 13812345678，li.si@mail.example，11010119900307888X"
MASKED = "着火了 138****5678，或 138****5678，l***@mail.example，110101********888X"


def heard(kind: str, **attributes: str) -> Event:
    (event,) = decode(f"shouwang/v1/jade/internet/alarm/d1-{kind}", json.dumps({"kind": kind, "attributes": attributes}).encode())
    assert isinstance(event, Event)
    return event


@pytest.mark.parametrize("kind", ["report", "sos"])
def test_the_numbers_in_what_people_write_are_masked_also_in_our_own_contract(kind: str) -> None:
    event = heard(kind, text=CALL, photo="https://x.example/13812345678.jpg")
    assert dict(event.attributes) == {"text": MASKED, "photo": "https://x.example/13812345678.jpg"}
    (again,) = decode(*encode(event))
    assert isinstance(again, Event)
    assert again.attributes == event.attributes


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("138.1234.5678", "138****5678"),
        ("138－1234－5678", "138****5678"),
        ("138—1234—5678", "138****5678"),
        ("138 123 45678", "138****5678"),
        ("+86 138 1234 5678", "138****5678"),
        ("１３８１２３４５６７８", "１３８****５６７８"),
        ("028-8555-1234", "028****1234"),
        ("(028)85551234", "(028)****1234"),
        ("（0571）8555 1234", "（0571）****1234"),
        ("０２８－８５５５１２３４", "０２８****１２３４"),
        ("510104 19900101 123X", "510104********123X"),
        ("2026-11-03 08:04", "2026-11-03 08:04"),
        ("30.66120, 104.08230", "30.66120, 104.08230"),
        ("3栋2单元502，19层，10:20", "3栋2单元502，19层，10:20"),
        ("CD20261103000126", "CD20261103000126"),
        ("400-820-8820", "400-820-8820"),  # everybody's
    ],
)
def test_numbers_are_masked_as_people_write_them_and_nothing_else_is(written: str, kept: str) -> None:
    assert heard("report", text=f"请打{written}，快").attributes["text"] == f"请打{kept}，快"
    assert without_caller(f"请打{written}，快", Caller(), 200) == f"请打{kept}，快"


def test_every_text_that_a_case_quotes_is_masked_on_its_way_in() -> None:
    event = heard("report", **dict.fromkeys(_WORDS, CALL))
    assert dict(event.attributes) == dict.fromkeys(_WORDS, MASKED)


def test_what_a_device_says_is_left_as_it_came() -> None:
    assert heard("smoke", text="serial 13812345678").attributes["text"] == "serial 13812345678"
