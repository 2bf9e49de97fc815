"""What every adapter must stand: any bytes, and names that ours may not be."""

import json
import tracemalloc
from dataclasses import replace
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.adapter import PAYLOAD_BYTES_MAX, Foreign, Ignored, Said, device_name, understand
from ingest.formats import FORMATS
from ingest.refusal import Refusal, Refused
from ingest.text import clean_name
from rules.model import Event, EventClass, Network, Rejected
from tests.hostile_page import MEMORY_MAX, SLOW_S

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=5),
    max_leaves=12,
)
WORDS = st.sampled_from(
    [
        "smoke",
        "gas",
        "action",
        "contact",
        "last_seen",
        "voltage",
        "n",
        "u",
        "v",
        "vb",
        "t",
        "bn",
        "bt",
        "bv",
        "test",
        "order_no",
        "content",
    ]
)
TOPICS = st.sampled_from(
    [
        "zigbee2mqtt/a",
        "zigbee2mqtt/a/availability",
        "zigbee2mqtt/a/action",
        "x",
        "",
        "/",
        "zigbee2mqtt/é b/ü",
        "spBv1.0/g/NBIRTH/n",
        "spBv1.0/g/DDATA/n/d",
    ]
) | st.text(max_size=20)


def foreign(topic: str, payload: bytes) -> Foreign:
    return Foreign(topic=topic, payload=payload, community="jade", network=Network.IOT, received_at=0, arrival="1")


@pytest.mark.parametrize("name", FORMATS)
@given(topic=TOPICS, payload=st.binary(max_size=60) | ANY_JSON.map(lambda each: json.dumps(each).encode()))
def test_whatever_comes_no_adapter_raises(name: str, topic: str, payload: bytes) -> None:
    told = understand(FORMATS[name].opens(), foreign(topic, payload))
    assert isinstance(told, Ignored) or told


@pytest.mark.parametrize("name", FORMATS)
@given(body=st.dictionaries(WORDS, ANY_JSON, max_size=8))
def test_whatever_stands_in_the_fields_that_it_knows_no_adapter_raises(name: str, body: dict[str, object]) -> None:
    for shape in (body, [body]):
        understand(FORMATS[name].opens(), foreign("zigbee2mqtt/a", json.dumps(shape).encode()))


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_too_large_is_refused_unread(name: str) -> None:
    told = understand(FORMATS[name].opens(), foreign("zigbee2mqtt/a", b" " * (PAYLOAD_BYTES_MAX + 1)))
    assert isinstance(told, list)
    (refused,) = told
    assert isinstance(refused, Rejected)
    assert refused.reason == "too_large"


@given(st.text(max_size=200))
def test_every_foreign_name_becomes_one_that_we_take(text: str) -> None:
    name = device_name(text)
    assert not isinstance(clean_name("device", name), Refused)
    assert 0 < len(name) <= 128


@given(st.lists(st.text(max_size=30), unique=True, max_size=30))
def test_no_two_foreign_names_meet_in_one(names: list[str]) -> None:
    assert len({device_name(each) for each in names}) == len(names)


@pytest.mark.parametrize(
    "foreign_name",
    ["living room/smoke", "客厅 烟感", "hall", "b03/u1 2.5 m", "a b.c d", "'x'", " "],
)
def test_a_part_is_called_after_its_device(foreign_name: str) -> None:
    assert device_name(f"{foreign_name}.battery_low") == f"{device_name(foreign_name)}.battery_low"


def test_a_part_is_called_after_the_name_that_a_route_gives_its_device_and_is_where_that_is() -> None:
    said = [Said(event_class=EventClass.ALARM, kind="device_fault", device="living room.battery_low", state="on")]
    known = replace(foreign("t", b"{}"), names={"living room": "客厅 烟感"}, zones={"living room": "b03/u1"})
    told = understand(lambda _: said, known)
    assert isinstance(told, list)
    assert [(each.device, each.zone) for each in told if isinstance(each, Event)] == [
        (f"{device_name('客厅 烟感')}.battery_low", "b03/u1")
    ]


@pytest.mark.parametrize("name", ["." * 200_000, "a." * 200_000, "a b." * 100_000])
def test_a_name_of_ever_so_many_parts_costs_no_time(name: str) -> None:
    said = [Said(event_class=EventClass.ALARM, kind="smoke", device=name, state="on", gateway=name)]
    known = replace(foreign("t", b"{}"), names={"hall": "H"}, zones={"hall": "b03"})
    start = thread_time()
    understand(lambda _: said, known)
    assert thread_time() - start < SLOW_S


LONG = "b" * 300_000


@pytest.mark.parametrize(
    ("name", "topic", "body"),
    [
        ("senml", "", [{"bn": LONG, "n": "x", "u": "Cel", "v": 1}] + [{"n": f"t{n}", "u": "Cel", "v": 1} for n in range(900)]),
        ("senml", "", [{"bn": [LONG], "n": "x"}] + [{"n": f"t{n}", "u": "Cel", "v": 1} for n in range(900)]),
        ("thingsboard", "v1/gateway/telemetry", {LONG: [{"ts": 1793664300000 + n, "values": {"smoke": 1}} for n in range(900)]}),
        ("fiware", "", [1] * 900 + [LONG]),
        ("zigbee2mqtt", f"zigbee2mqtt/{LONG}", {"smoke": True}),
    ],
)
def test_what_is_long_is_not_written_a_thousand_times(name: str, topic: str, body: object) -> None:
    message = foreign(topic, json.dumps(body).encode())
    understand(FORMATS[name].opens(), message)
    tracemalloc.start()
    told = understand(FORMATS[name].opens(), message)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    start = thread_time()
    understand(FORMATS[name].opens(), message)
    assert thread_time() - start < SLOW_S
    assert peak < MEMORY_MAX
    assert isinstance(told, list)
    assert {type(each) for each in told} == {Rejected}
    assert len({each.id for each in told}) == len(told)


@pytest.mark.parametrize("is_past", [True, False])
def test_a_record_of_the_past_is_kept_like_a_retained_message(is_past: bool) -> None:
    said = [Said(event_class=EventClass.ALARM, kind="smoke", device="hall", is_past=is_past)]
    told = understand(lambda _: said, foreign("t", b"{}"))
    assert isinstance(told, list)
    assert [each.is_retained for each in told if isinstance(each, Event)] == [is_past]


def test_in_a_message_of_many_things_what_is_wrong_in_one_is_refused_beside_the_others() -> None:
    good = Said(event_class=EventClass.ALARM, kind="smoke", device="a", state="on")
    bad = Refused(Refusal.WRONG_WORD, "status: expected Actual, came Real")
    told = understand(lambda _: [good, bad, good], foreign("t", b"x"))
    assert isinstance(told, list)
    first, second, third = told
    assert (type(first), type(second), type(third)) == (Event, Rejected, Event)
    assert isinstance(second, Rejected)
    assert (second.reason, second.excerpt) == ("wrong_word", b"x")
