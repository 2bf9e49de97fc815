"""Bursts become bundles: in order, never cutting a message, and a message told again keeps its identity."""

from ingest.mqtt_bundles import BUNDLE_ENTRIES, Bundler
from ingest.mqtt_link import Arrival
from ingest.topics import Lane

TOPIC = "shouwang/v1/garden/iot/alarm/smoke-1"


def arrival(packet_id: int, payload: str = '{"kind": "smoke", "state": "on"}', *, is_repeated: bool = False) -> Arrival:
    return Arrival(TOPIC, payload.encode(), packet_id, is_retained=False, is_repeated=is_repeated)


def ids(bundler: Bundler, arrivals: list[Arrival], generation: int = 1, first_number: int = 0) -> list[str]:
    return [entry.id for bundle in bundler.bundles(arrivals, generation, first_number) for entry in bundle.entries]


def array(start: int, count: int) -> str:
    return "[" + ",".join(f'{{"id": "e{n}", "kind": "smoke", "state": "on"}}' for n in range(start, start + count)) + "]"


def test_arrays_are_cut_between_messages_only() -> None:
    arrivals = [arrival(number + 1, array(number * 200, 200)) for number in range(7)]
    bundles = list(Bundler(Lane.CRITICAL, "t").bundles(arrivals, 1, 0))
    assert [bundle.packet_ids for bundle in bundles] == [[1, 2, 3], [4, 5, 6], [7]]
    assert [len(bundle.entries) for bundle in bundles] == [600, 600, 200]
    assert all(len(bundle.entries) - 200 < BUNDLE_ENTRIES for bundle in bundles)
    assert [entry.id for bundle in bundles for entry in bundle.entries] == [f"e{n}" for n in range(1_400)]


def test_two_equal_messages_are_two_events() -> None:
    first, second = ids(Bundler(Lane.CRITICAL, "t"), [arrival(1), arrival(2)])
    assert first != second


def test_equal_messages_of_two_connections_are_two_events() -> None:
    bundler = Bundler(Lane.CRITICAL, "t")
    assert ids(bundler, [arrival(1)], generation=1) != ids(bundler, [arrival(1)], generation=2)


def test_a_repeated_message_keeps_its_identity_once() -> None:
    bundler = Bundler(Lane.CRITICAL, "t")
    first = ids(bundler, [arrival(1), arrival(2)])
    bundler.remember({1: 0, 2: 1})
    repeated = [arrival(1, is_repeated=True), arrival(2, is_repeated=True)]
    assert ids(bundler, repeated, generation=2) == first
    assert ids(bundler, repeated, generation=3) != first  # by now these packet ids name other messages


def test_after_a_lost_session_packet_ids_mean_nothing() -> None:
    bundler = Bundler(Lane.CRITICAL, "t")
    first = ids(bundler, [arrival(1)])
    bundler.remember({1: 0})
    bundler.forget()
    assert ids(bundler, [arrival(1, is_repeated=True)], generation=2) != first


def test_own_messages_have_packet_ids_and_no_entries() -> None:
    bundler = Bundler(Lane.CRITICAL, "t")
    own = Arrival("shouwang/v1/garden/out/alarm/a-1", b"{}", 5, is_retained=True, is_repeated=False)
    (bundle,) = bundler.bundles([own], 1, 0)
    assert (bundle.packet_ids, bundle.entries, bundler.passed_count) == ([5], [], 1)


def test_what_another_lane_reads_is_acknowledged_and_nothing_else() -> None:
    bundler = Bundler(Lane.BULK, "t")
    stray = Arrival("shouwang/v1/garden/iot/alarms/smoke-1", b"{}", 7, is_retained=False, is_repeated=False)
    (bundle,) = bundler.bundles([arrival(6), stray], 1, 0)
    assert (bundle.packet_ids, len(bundle.entries), bundler.passed_count) == ([6, 7], 1, 1)
