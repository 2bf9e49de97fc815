"""Sparkplug B: births, aliases, counts, deaths; the samples of the specification; and what was never born."""

import json
import re
from typing import Any

import pytest

from ingest.adapter import Adapter, Foreign, Ignored, understand
from ingest.formats import FORMATS
from ingest.iot.sparkplug_nodes import BYTES_MAX, Nodes
from ingest.iot.sparkplug_payload import _METRIC, METRICS_MAX, Metric, Payload, as_typed, read_payload, rebirth_command
from ingest.refusal import Refused
from rules.model import Event, EventClass, Network, Rejected, Status
from tests.ingest.iot.sparkplug_kit import from_json, payload, said, told
from tests.programs import RECORDINGS

NODE, DEVICE = "spBv1.0/g/NBIRTH/n", "spBv1.0/g/DBIRTH/n/d"
SAMPLES = RECORDINGS / "payloads" / "sparkplug_b"
BORN = [("heartbeat", None, "g.n.d"), ("device_fault", "off", "g.n.d.offline")]
AGAIN = ("device_fault", "on", "g.n.rebirth")


def opened(*metrics: dict[str, Any], birth: int = 0) -> Adapter:
    """An adapter that has heard the births of node n and device d, which has these metrics."""
    adapter = FORMATS["sparkplug_b"].opens()
    told(adapter, NODE, payload({"name": "bdSeq", "type": "Int64", "value": birth}, seq=0))
    told(adapter, DEVICE, payload(*metrics, seq=1))
    return adapter


def data(adapter: Adapter, *metrics: dict[str, Any], seq: int = 2) -> list[tuple[Any, ...]]:
    return said(adapter, "spBv1.0/g/DDATA/n/d", payload(*metrics, seq=seq))


@pytest.mark.parametrize(
    ("name", "type_", "value", "expected"),
    [
        ("smoke", "Boolean", True, ("smoke", "on", "g.n.d")),
        ("Smoke Alarm", "Boolean", False, ("smoke", "off", "g.n.d")),
        ("Temperature", "Float", 21.5, ("temperature", 21.5, "g.n.d")),
        ("Temperature", "Double", -3.25, ("temperature", -3.25, "g.n.d")),
        ("Temperature", "Int16", -4, ("temperature", -4.0, "g.n.d")),
        ("Temperature", "Int64", -4, ("temperature", -4.0, "g.n.d")),
        ("Room1/Humidity", "Int32", 48, ("humidity", 48.0, "g.n.d.Room1")),
        ("A/B/Humidity", "Int32", 48, ("humidity", 48.0, "g.n.d.A.B")),
        ("supply_voltage", "Float", 12.5, ("voltage", 12.5, "g.n.d.supply_voltage")),
        ("tank_residual_current", "Int32", 30, ("residual_current", 30.0, "g.n.d.tank_residual_current")),
        ("door_open", "Boolean", True, ("opening", "open", "g.n.d")),
        ("battery_low", "Boolean", True, ("device_fault", "on", "g.n.d.battery_low")),
        ("gas", "String", "True", ("gas", "on", "g.n.d")),
        ("Temperature", "Float", None, ("temperature", None, "g.n.d")),
        ("door_open", "Boolean", None, ("opening", None, "g.n.d")),
        ("smoke", "Boolean", None, ("heartbeat", None, "g.n.d")),  # an alarm that is not known is no alarm
        ("target_temperature", "Float", 21.5, ("heartbeat", None, "g.n.d")),
        ("Outputs/LEDs/Green", "Boolean", True, ("heartbeat", None, "g.n.d")),
    ],
)
def test_what_a_metric_says_by_name_and_by_alias(name: str, type_: str, value: object, expected: tuple[Any, ...]) -> None:
    adapter = opened({"name": name, "alias": 9, "type": type_, "value": None})
    assert data(adapter, {"name": name, "type": type_, "value": value}) == [expected]
    assert data(adapter, {"alias": 9, "type": type_, "value": value}, seq=3) == [expected]


def test_behind_a_birth_neither_name_nor_type_need_come() -> None:
    adapter = opened({"name": "Temperature", "alias": 9, "type": "Int32", "value": 20})
    content = bytes.fromhex("0801 1208 10 09 50 fcffffff0f 18 02".replace("08 10", "0810"))
    assert [value for _, value, _ in said(adapter, "spBv1.0/g/DDATA/n/d", content)] == [-4.0]


def test_the_time_is_the_metrics_own_else_the_messages() -> None:
    adapter = opened()
    answer = told(
        adapter, "spBv1.0/g/DDATA/n/d", payload({"name": "smoke", "timestamp": 1_486_144_500_000, "value": True}, seq=2)
    )
    assert isinstance(answer, list)
    assert [each.occurred_at for each in answer if isinstance(each, Event)] == [1_486_144_500_000]


@pytest.mark.parametrize(
    ("name", "type_", "expected"),
    [
        (
            "nbirth",
            "NBIRTH",
            [
                ("device_fault", "off", "g.n.rebirth"),
                ("heartbeat", None, "g.n"),
                ("device_fault", "off", "g.n.offline"),
                ("voltage", 12.1, "g.n.Supply-Voltage-f3e30153"),
            ],
        ),
        ("dbirth", "DBIRTH", [AGAIN, *BORN]),
        ("ddata", "DDATA", [AGAIN, ("heartbeat", None, "g.n.d")]),
        ("ddeath", "DDEATH", [AGAIN, ("device_fault", "on", "g.n.d.offline")]),
        ("ndeath", "NDEATH", [("device_fault", "on", "g.n.offline")]),
        ("payload_metric_alias_example", "DDATA", [AGAIN, ("heartbeat", None, "g.n.d")]),
        ("ncmd", "NCMD", []),
        ("dcmd", "DCMD", []),
    ],
)
@pytest.mark.needs("recordings")
def test_the_samples_of_the_specification(name: str, type_: str, expected: list[tuple[Any, ...]]) -> None:
    topic = f"spBv1.0/g/{type_}/n" + ("/d" if type_[0] == "D" else "")
    view = (SAMPLES / f"{name}.json").read_bytes()
    for content in (from_json(view), view):  # some nodes send the JSON view itself
        found = said(FORMATS["sparkplug_b"].opens(), topic, content)
        assert found == expected


@pytest.mark.needs("recordings")
def test_the_fields_are_numbered_as_in_the_published_definition() -> None:
    text = (SAMPLES / "sparkplug_b.proto").read_text(encoding="utf-8")
    metric = text[text.index("message Metric {") :]
    for name, number, _ in _METRIC:
        assert re.search(rf"\b{name}\s*= {number};", metric), name
    for name, number in (("timestamp", 1), ("metrics", 2), ("seq", 3)):
        assert re.search(rf"\b{name}\s*= {number};", metric[metric.index("MetricValueExtension {") :])


@pytest.mark.parametrize(
    ("seqs", "rebirths"),
    [
        ([2, 3, 4], 0),
        ([2, 2, 3], 0),  # delivered twice
        ([3], 1),
        ([2, 4, 6, 8], 1),  # said once, until it is born anew
        ([*range(2, 256), 0, 1, 2], 0),  # it wraps
        ([*range(2, 255), 0], 1),
    ],
)
def test_a_missing_number_asks_for_a_rebirth_once(seqs: list[int], rebirths: int) -> None:
    adapter = opened({"name": "smoke", "alias": 1, "type": "Boolean", "value": False})
    heard = [each for seq in seqs for each in data(adapter, {"alias": 1, "value": True}, seq=seq)]
    assert heard.count(AGAIN) == rebirths
    assert heard.count(("smoke", "on", "g.n.d")) == len(seqs)  # what can be read is read


def test_a_rebirth_ends_what_asked_for_it() -> None:
    adapter = opened()
    assert AGAIN in data(adapter, {"alias": 5, "value": 1}, seq=2)
    assert ("device_fault", "off", "g.n.rebirth") in said(adapter, NODE, payload(seq=0))
    assert AGAIN in data(adapter, {"alias": 5, "value": 1}, seq=1)


def test_an_alias_that_no_birth_named_and_a_node_never_born_ask_for_a_rebirth() -> None:
    assert data(opened(), {"alias": 5, "value": 1}) == [AGAIN, ("heartbeat", None, "g.n.d")]
    unborn = FORMATS["sparkplug_b"].opens()
    assert data(unborn, {"name": "smoke", "type": "Boolean", "value": True}) == [AGAIN, ("smoke", "on", "g.n.d")]


def test_a_nodes_death_makes_it_offline_and_all_its_values_unknown() -> None:
    adapter = opened({"name": "Temperature", "type": "Float", "value": 20.0}, {"name": "smoke", "type": "Boolean", "value": True})
    death = payload({"name": "bdSeq", "type": "Int64", "value": 0})
    assert said(adapter, "spBv1.0/g/NDEATH/n", death) == [("device_fault", "on", "g.n.offline"), ("temperature", None, "g.n.d")]
    assert AGAIN in data(adapter, {"name": "smoke", "value": True}, seq=2)  # who speaks after its death must be born


def test_a_devices_death_is_its_own() -> None:
    adapter = opened({"name": "Temperature", "alias": 1, "type": "Float", "value": 20.0})
    told(adapter, "spBv1.0/g/DBIRTH/n/e", payload({"name": "Temperature", "alias": 2, "type": "Float", "value": 20.0}, seq=2))
    death = said(adapter, "spBv1.0/g/DDEATH/n/d", payload(seq=3))
    assert death == [("device_fault", "on", "g.n.d.offline"), ("temperature", None, "g.n.d")]
    assert said(adapter, "spBv1.0/g/DDATA/n/e", payload({"alias": 2, "value": 21.0}, seq=4)) == [("temperature", 21.0, "g.n.e")]
    assert AGAIN in data(adapter, {"alias": 1, "value": 21.0}, seq=5)


def test_the_late_will_of_an_earlier_life_ends_nothing() -> None:
    adapter = opened(birth=4)
    answer = told(adapter, "spBv1.0/g/NDEATH/n", payload({"name": "bdSeq", "type": "Int64", "value": 3}))
    assert isinstance(answer, Ignored)
    assert "earlier life" in answer.reason


def events(adapter: Adapter, topic: str, content: bytes) -> list[Event]:
    answer = told(adapter, topic, content)
    return [each for each in answer if isinstance(each, Event)] if isinstance(answer, list) else []


def test_a_birth_tells_what_is_so_and_calls_nobody_again() -> None:
    adapter = FORMATS["sparkplug_b"].opens()
    told(adapter, NODE, payload(seq=0))
    born = payload({"name": "sos", "type": "Boolean", "value": True}, {"name": "smoke", "type": "Boolean", "value": True}, seq=1)
    sos, smoke = [each for each in events(adapter, DEVICE, born) if each.kind in {"sos", "smoke"}]
    assert (sos.is_retained, smoke.is_retained) == (True, False)


def test_history_is_of_the_past() -> None:
    (smoke,) = events(opened(), "spBv1.0/g/DDATA/n/d", payload({"name": "smoke", "value": True, "is_historical": True}, seq=2))
    assert smoke.is_retained


def test_a_test_holds_until_it_is_taken_back() -> None:
    adapter = opened(
        {"name": "self_test", "alias": 1, "type": "Boolean", "value": False}, {"name": "smoke", "alias": 2, "value": False}
    )
    found = []
    for seq, metrics in enumerate(([(1, True), (2, True)], [(2, False)], [(1, False), (2, True)]), start=2):
        content = payload(*({"alias": alias, "value": value} for alias, value in metrics), seq=seq)
        found += [each.status for each in events(adapter, "spBv1.0/g/DDATA/n/d", content) if each.event_class is EventClass.ALARM]
    assert found == [Status.TEST, Status.TEST, Status.ACTUAL]


@pytest.mark.parametrize(
    "topic", ["spBv1.0/g/NDATA", "spBv1.0/g/NDATA/n/d", "spBv1.0/g/DDATA/n", "spBv1.0/g/OTHER/n", "other/g/NDATA/n", ""]
)
def test_a_topic_that_is_none_is_refused(topic: str) -> None:
    answer = told(FORMATS["sparkplug_b"].opens(), topic, payload(seq=0))
    assert isinstance(answer, list)
    assert [each.reason for each in answer if isinstance(each, Rejected)] == ["bad_topic"]


@pytest.mark.parametrize("topic", ["spBv1.0/STATE/host", "spBv1.0/g/NCMD/n", "spBv1.0/g/DCMD/n/d"])
def test_what_is_said_to_nodes_is_of_no_concern(topic: str) -> None:
    assert isinstance(told(FORMATS["sparkplug_b"].opens(), topic, b"anything"), Ignored)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff\xff", "bad_bytes"),
        (b"\x12\x05\x0a", "bad_bytes"),
        (b"", "empty"),
        (b'{"metrics": 1}', "wrong_type"),
        (b'{"metrics": [1]}', "wrong_type"),
        (b"{", "not_json"),
        (b"\x12\x00" * (METRICS_MAX + 1), "too_many"),
    ],
)
def test_what_is_no_payload_is_refused(content: bytes, reason: str) -> None:
    answer = told(FORMATS["sparkplug_b"].opens(), NODE, content)
    assert isinstance(answer, list)
    assert [each.reason for each in answer if isinstance(each, Rejected)] == [reason]


def test_the_command_that_asks_for_all_anew() -> None:
    topic, content = rebirth_command("g", "n", 1_486_144_502_122)
    assert topic == "spBv1.0/g/NCMD/n"
    stamp = {"name": "Node Control/Rebirth", "timestamp": 1_486_144_502_122, "type": "Boolean", "value": True}
    assert content == payload(stamp)
    read = read_payload(content)
    assert isinstance(read, Payload)
    assert read.seq is None


def test_what_is_remembered_has_a_bound() -> None:
    nodes = Nodes()
    for node in range(60):
        remembered = nodes.of(f"g.{node}")
        for index in range(1000):
            remembered.learn("d", Metric(name=f"m{index}", alias=index, datatype=0, timestamp=None, value=0, is_historical=False))
        nodes.weigh(f"g.{node}")
    assert sum(each.size for each in nodes._nodes.values()) <= nodes.size <= BYTES_MAX
    assert nodes._sizes.keys() == nodes._nodes.keys()
    assert "g.59" in nodes._nodes
    assert "g.0" not in nodes._nodes


def test_a_large_birth_is_learnt_whole_and_told_in_bounds() -> None:
    metrics = [{"name": f"r{index}/temperature", "alias": index, "type": "Int32", "value": 20} for index in range(1500)]
    adapter = FORMATS["sparkplug_b"].opens()
    told(adapter, NODE, payload(seq=0))
    assert 990 <= len(events(adapter, DEVICE, payload(*metrics, seq=1))) <= 1000
    assert data(adapter, {"alias": 1499, "value": 21}) == [("temperature", 21.0, "g.n.d.r1499")]


def test_what_a_device_forgets_is_given_back() -> None:
    nodes = Nodes()
    node = nodes.of("g.n")
    before = node.size
    node.learn("d", Metric(name="m", alias=1, datatype=0, timestamp=None, value=0, is_historical=False))
    node.forget("d")
    assert (node.size, node.metrics, node.aliases) == (before, {}, {})


@pytest.mark.parametrize(
    ("value", "datatype", "expected"),
    [(255, 1, -1), (127, 1, 127), (1, 11, True), (0, 11, False), (7, 0, 7), ("x", 1, "x"), (True, 1, True)],
)
def test_values_are_what_their_type_says(value: Any, datatype: int, expected: object) -> None:
    assert as_typed(value, datatype) == expected
    assert not isinstance(read_payload(payload(seq=0)), Refused)


def test_a_name_that_is_no_utf_8_costs_nothing_but_itself() -> None:
    born = payload({"name": "smoke", "type": "Boolean", "value": True}, {"name": "Temp", "type": "Float", "value": 21.5}, seq=1)
    read = read_payload(born.replace(b"smoke", b"s\xf3oke"))
    assert isinstance(read, Payload)
    assert [(metric.name, metric.value) for metric in read.metrics] == [("s\ufffdoke", True), ("Temp", 21.5)]


def test_a_missed_birth_is_asked_for_at_once_and_again_each_minute_until_it_comes() -> None:
    adapter = FORMATS["sparkplug_b"].opens()
    asked: list[tuple[int, str]] = []

    def hear(at: int, topic: str, content: bytes) -> None:
        foreign = Foreign(topic=topic, payload=content, community="jade", network=Network.IOT, received_at=at, arrival=str(at))
        understand(adapter, foreign, lambda ask: asked.append((at, ask.topic)))

    for at in (0, 1_000, 59_999, 60_000, 61_000):
        hear(at, "spBv1.0/g/NDATA/n", payload({"alias": 7, "value": True}, seq=at % 256))
    hear(62_000, NODE, payload({"name": "bdSeq", "type": "Int64", "value": 1}, seq=0))
    hear(180_000, "spBv1.0/g/NDATA/n", payload({"name": "smoke", "type": "Boolean", "value": False}, seq=1))
    assert asked == [(0, "spBv1.0/g/NCMD/n"), (60_000, "spBv1.0/g/NCMD/n")]


def test_one_metric_does_not_end_what_another_says_in_the_same_message() -> None:
    metrics = [
        {"name": "smoke", "dataType": "Boolean", "value": True},
        {"name": "fire_alarm", "dataType": "Boolean", "value": False},
    ]
    body = json.dumps({"timestamp": 1_793_664_306_000, "seq": 1, "metrics": metrics}).encode()
    found = said(FORMATS["sparkplug_b"].opens(), "spBv1.0/g/DDATA/n/d", body)
    assert [each for each in found if each[0] == "smoke"] == [("smoke", "on", "g.n.d")]
