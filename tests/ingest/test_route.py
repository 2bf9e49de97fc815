"""A route at work: what its messages are read as, what is counted, and that no message can stop it."""

from dataclasses import replace

import pytest

from ingest.adapter import Foreign, Ignored, pure
from ingest.formats import FORMATS
from ingest.mqtt_bundles import RouteBundler
from ingest.mqtt_link import Arrival
from ingest.refusal import Refusal
from ingest.route import Route, RouteReader
from ingest.topics import Lane
from rules.model import Event, Network, Rejected

ZIGBEE = Route(
    name="garden",
    format=FORMATS["zigbee2mqtt"],
    community="jade",
    network=Network.IOT,
    topics=("zigbee2mqtt/#",),
    zone="b09",
    zones={"hall": "b01/u1"},
    names={"hall": "s-1"},
)
AT = 1_780_000_000_000


def reader(route: Route = ZIGBEE) -> RouteReader:
    return RouteReader(route, lambda: AT)


def read(each: RouteReader, topic: str, payload: bytes, *, arrival: str) -> list[Event | Rejected]:
    told = each.read(topic, payload, arrival=arrival)
    assert isinstance(told, list)
    return told


def arrival(packet_id: int, device: str, body: str, *, is_repeated: bool = False) -> Arrival:
    return Arrival(f"zigbee2mqtt/{device}", body.encode(), packet_id, is_retained=False, is_repeated=is_repeated)


def test_a_message_is_read_as_the_route_says() -> None:
    (event,) = read(reader(), "zigbee2mqtt/hall", b'{"smoke": true}', arrival="1")
    assert isinstance(event, Event)
    assert (event.community, event.network, event.device, event.zone) == ("jade", Network.IOT, "s-1", "b01/u1")


def test_all_that_comes_is_counted_for_what_it_is() -> None:
    each = reader()
    assert len(read(each, "zigbee2mqtt/hall", b'{"smoke": true, "temperature": 20}', arrival="1")) == 2
    assert isinstance(each.read("zigbee2mqtt/bridge/state", b"{}", arrival="2"), Ignored)
    (refused,) = read(each, "zigbee2mqtt/hall", b"{", arrival="3")
    assert isinstance(refused, Rejected)
    figures = each.figures
    assert (figures.received_count, figures.event_count, figures.ignored_count, figures.rejected_count) == (3, 2, 1, 1)
    assert (figures.failed_count, figures.last_at) == (0, AT)


def test_an_adapter_that_stumbles_gives_a_refusal_with_the_message() -> None:
    def stumble(foreign: Foreign) -> Ignored:
        raise KeyError(foreign.topic)

    each = reader(replace(ZIGBEE, format=replace(ZIGBEE.format, opens=pure(stumble))))
    (refused,) = read(each, "zigbee2mqtt/hall", b"odd", arrival="1")
    assert isinstance(refused, Rejected)
    assert (refused.reason, refused.excerpt, refused.community) == (Refusal.ADAPTER_FAULT, b"odd", "jade")
    assert "KeyError" in refused.detail
    assert (each.figures.failed_count, each.figures.rejected_count) == (1, 1)


def test_what_no_message_explains_is_raised() -> None:
    def fail(foreign: Foreign) -> Ignored:
        raise MemoryError

    each = reader(replace(ZIGBEE, format=replace(ZIGBEE.format, opens=pure(fail))))
    with pytest.raises(MemoryError):
        read(each, "zigbee2mqtt/hall", b"odd", arrival="1")


@pytest.mark.parametrize(
    ("bodies", "bundles"),
    [
        (['{"smoke": true}', '{"smoke": false}'], [(Lane.CRITICAL, 2)]),
        (['{"temperature": 1}', '{"smoke": true, "temperature": 1}'], [(Lane.BULK, 1), (Lane.CRITICAL, 2)]),
        (['{"contact": true}', '{"x": 1}', '{"contact": false}'], [(Lane.NORMAL, 2)]),
        (["{", '{"temperature": 1}'], [(Lane.NORMAL, 1), (Lane.BULK, 1)]),
    ],
    ids=["on and off", "an alarm among readings", "states", "refused"],
)
def test_an_alarm_goes_by_the_critical_lane_in_the_order_of_the_messages(
    bodies: list[str], bundles: list[tuple[Lane, int]]
) -> None:
    arrivals = [arrival(number, "hall", body) for number, body in enumerate(bodies, 1)]
    found = list(RouteBundler(reader(), "t").bundles(arrivals, 1, 0))
    assert [(bundle.lane, len(bundle.entries)) for bundle in found] == bundles
    assert [packet_id for bundle in found for packet_id in bundle.packet_ids] == list(range(1, len(bodies) + 1))


def test_a_topic_of_an_earlier_configuration_is_acknowledged_and_not_read() -> None:
    bundler = RouteBundler(reader(replace(ZIGBEE, topics=("zigbee2mqtt/hall",))), "t")
    (bundle,) = bundler.bundles([arrival(1, "hall", '{"gas": true}'), arrival(2, "attic", '{"gas": true}')], 1, 0)
    assert (bundle.packet_ids, len(bundle.entries), bundler.passed_count) == ([1, 2], 1, 1)


def test_a_message_told_again_stays_the_same_event() -> None:
    bundler = RouteBundler(reader(), "t")
    first = [bundle.entries[0].id for bundle in bundler.bundles([arrival(1, "hall", '{"smoke": true}')], 1, 0)]
    bundler.remember({1: 0})
    again = [arrival(1, "hall", '{"smoke": true}', is_repeated=True), arrival(2, "hall", '{"smoke": true}')]
    (bundle,) = bundler.bundles(again, 2, 0)
    assert [entry.id for entry in bundle.entries][:1] == first
    assert bundle.entries[1].id != first[0]
    bundler.remember({1: 0})
    bundler.forget()
    (bundle,) = bundler.bundles(again[:1], 3, 0)
    assert bundle.entries[0].id != first[0]
