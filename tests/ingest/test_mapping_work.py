"""One message may ask only so much work of a mapping: what is read before that is taken, the rest is refused, and it is said."""

from pathlib import Path
from typing import Any

import pytest

from ingest.mapping_work import WORK_MAX, Exhausted, Work, size_of
from rules.model import Event, Rejected
from tests.ingest.mapping_kit import understood

TITLE = "mapping: box\ntitle: {zh: 箱, en: Box}\n"
RECORDS = f"{TITLE}device: $.n\neach: $.d[*]\n"
SMOKE = "  - {class: alarm, kind: smoke}\n"
WIDE = {f"k{number}": dict.fromkeys("abcdefghij", 1) for number in range(40)}


def records(count: int, **more: Any) -> list[dict[str, Any]]:
    return [{"n": f"d{number}", **more} for number in range(count)]


def conditional(condition: str, count: int = 1) -> str:
    return f"events:\n{f'  - {{class: alarm, kind: smoke, when: {condition!r}}}{chr(10)}' * count}"


@pytest.mark.parametrize(
    ("mapping", "body"),
    [
        (RECORDS + conditional("record.a.exists(x, record.a.exists(y, x + y < 0))"), {"d": records(200, a=[1] * 90)}),
        (RECORDS + conditional("record.a.exists(x, x < 0)", 20), {"d": records(200, a=[1] * 60)}),
        (RECORDS + conditional("has(message.wide)", 20), {"d": records(200), "wide": WIDE}),
        (
            f"{TITLE}device: $.n\nat: $..y\nevents:\n{SMOKE}" * 1,
            {"n": "d", "a": [[1] * 20] * 900},
        ),
        (f"{TITLE}device: $.n\nat: '$.a[?@.b == 1].c'\nevents:\n{SMOKE}", {"n": "d", "a": [{"b": 0}] * 5000}),
        (f"{RECORDS}at: message:$..y\nevents:\n{SMOKE}", {"d": records(9), "a": [1] * 17_000}),
    ],
    ids=["nested macros", "many conditions", "the message to each", "descents", "filter", "into the message"],
)
def test_what_would_take_too_long_is_refused(mapping: str, body: object, tmp_path: Path) -> None:
    told = understood(mapping, body, tmp_path)
    assert isinstance(told, list)
    assert isinstance(told[-1], Rejected)
    assert (told[-1].reason, "looked at too often" in told[-1].detail) == ("too_many", True)


def test_what_was_read_before_is_taken(tmp_path: Path) -> None:
    squares = conditional("record.a.all(x, record.a.all(y, x == y))")
    told = understood(RECORDS + squares, {"d": records(60, a=[1] * 50)}, tmp_path)
    assert isinstance(told, list)
    assert [each.device for each in told if isinstance(each, Event)] == [f"d{number}" for number in range(len(told) - 1)]
    assert 10 < len(told) < 60


def test_an_ordinary_message_at_its_limits_is_read_whole(tmp_path: Path) -> None:
    fields = {f"f{number}": number for number in range(18)}
    mapping = f"{RECORDS}when: record.f1 == 1\nevents:\n  - {{class: reading, kind: temperature, value: $.f2}}\n{SMOKE}"
    told = understood(mapping, {"d": records(200, **fields)}, tmp_path)
    assert isinstance(told, list)
    assert [type(each) for each in told] == [Event] * 400


def test_more_events_than_a_message_may_say_are_not_even_made(tmp_path: Path) -> None:
    told = understood(f"{RECORDS}events:\n{SMOKE * 20}", {"d": records(200)}, tmp_path)
    assert isinstance(told, list)
    (refused,) = told
    assert isinstance(refused, Rejected)
    assert refused.detail.endswith("came 1020")


def test_the_same_message_ends_the_same_every_time(tmp_path: Path) -> None:
    mapping, body = RECORDS + conditional("record.a.all(x, record.a.all(y, x == y))"), {"d": records(60, a=[1] * 50)}
    first, second = (understood(mapping, body, tmp_path) for _ in range(2))
    assert isinstance(first, list)
    assert first == second


def test_a_share_is_spent_before_the_work_is_done() -> None:
    work = Work()
    work.spend(WORK_MAX)
    with pytest.raises(Exhausted):
        work.spend(1)


@pytest.mark.parametrize(
    ("value", "size"), [(None, 1), ([], 1), ([1, [2, 3]], 5), ({"a": {"b": 1}, "c": "x"}, 4), ("x" * 640, 11)]
)
def test_the_size_of_a_value(value: object, size: int) -> None:
    assert size_of(value) == size
