"""Of a refused message that names people nobody can be called, and it can be driven in again where it can be read."""

import json

import pytest

from ingest.adapter import Ignored
from ingest.formats import FORMATS
from ingest.masked_message import masked_message
from ingest.route import Route, RouteReader
from rules.model import Event, Rejected

CALLER = {"name": "张三丰", "phone": 13812345678, "email": "zhang.san@example.cn"}
NOTHING_SAID = {"id": "r-7", "contact": CALLER, "zone": "b03/u2", "note": "回电 010-62345678，身份证 110101199003071234"}
NAMELESS = {
    "description": "漏水，找 13912345678",
    "first_name": "Zhang",
    "phone": "13812345678",
    "extended_attributes": {"x": "Li"},
}
XML = (
    "<requests><request><description>漏水，找 13912345678</description><first_name>Zhang</first_name>"
    "<extended_attributes><x>Li</x></extended_attributes></request></requests>"
)


def told(name: str, payload: bytes) -> Event | Rejected:
    form = FORMATS[name]
    said = RouteReader(Route(name="r", format=form, community="jade", network=form.network), lambda: 0).read(
        "", payload, arrival="1"
    )
    assert not isinstance(said, Ignored)
    return said[0]


def refused(name: str, payload: bytes) -> Rejected:
    one = told(name, payload)
    assert isinstance(one, Rejected)
    return one


@pytest.mark.parametrize(
    ("name", "payload", "kept"),
    [
        (
            "resident",
            json.dumps(NOTHING_SAID),
            (
                '{"id":"r-7","contact":{"name":"张**","phone":"138****5678","email":"z***@example.cn"},"zone":"b03/u2",'
                '"note":"回电 010****5678，身份证 110101********1234"}'
            ),
        ),
        ("open311", json.dumps([NAMELESS]), '[{"description":"漏水，找 139****5678","first_name":"Z**","phone":"138****5678"}]'),
        (
            "open311",
            XML.replace("requests>", "service_requests>"),
            (
                "<service_requests><request><description>漏水，找 139****5678</description><first_name>Z**</first_name>"
                "</request></service_requests>"
            ),
        ),
        ("resident", '{"contact":"张三丰 13812345678', ""),
        ("open311", "<requests><phone>13812345678", ""),
        ("work_order", json.dumps(NOTHING_SAID), ""),
    ],
)
def test_what_is_kept_of_a_refused_message(name: str, payload: str, kept: str) -> None:
    one = refused(name, payload.encode())
    assert one.excerpt.decode() == kept
    assert not any(secret in one.detail for secret in ("张三", "13812345678", "Zhang"))
    assert one.size == (len(kept.encode()) or len(payload.encode()))  # the whole is there, or nothing to drive in


def test_what_was_refused_by_our_mistake_is_the_same_event_when_it_is_driven_in_again() -> None:
    payload = json.dumps({**NOTHING_SAID, "text": "楼道有浓烟 13912345678", "at": "2026-11-03T08:05:00+08:00"}).encode()
    again, first = told("resident", masked_message(payload)), told("resident", payload)
    assert isinstance(first, Event)
    assert again == first
    assert first.attributes["contact"] == "张** 138****5678 z***@example.cn"


def test_a_long_one_is_cut_and_a_strange_one_harmless() -> None:
    long = json.dumps({"id": "r-7", "notes": ["没有内容"] * 1000}).encode()
    one = refused("resident", long)
    assert (len(one.excerpt), one.size > 1024) == (1024, True)
    assert (
        masked_message(b'[13812345678, null, true, 1.5, {"NAME": {"a": 1}}]') == b'["138****5678",null,true,1.5,{"NAME":{"a":1}}]'
    )
