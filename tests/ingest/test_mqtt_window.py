"""Acknowledgements leave in the order of receipt, each once, whatever the order in which the desk finishes."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.mqtt_window import AckWindow

bursts = st.lists(st.lists(st.integers(0, 65_535), min_size=1, max_size=5), max_size=20)


@given(bursts, st.randoms(use_true_random=False))
def test_each_is_acknowledged_once_and_in_order(packets: list[list[int]], random: object) -> None:
    window = AckWindow(1)
    held = [window.add(packet_ids) for packet_ids in packets]
    random.shuffle(held)  # type: ignore[attr-defined]
    acknowledged = [packet_id for burst in held for packet_id in window.finish(burst)]
    assert acknowledged == [packet_id for packet_ids in packets for packet_id in packet_ids if packet_id]
    assert window.held_count == 0


def test_a_burst_waits_for_those_before_it() -> None:
    window = AckWindow(1)
    first, second = window.add([1, 2]), window.add([3])
    assert window.finish(second) == []
    assert window.held_count == 3
    assert window.finish(first) == [1, 2, 3]


def test_closing_tells_what_comes_again() -> None:
    window = AckWindow(1)
    done, _unfinished = window.add([7, 0]), window.add([0, 8, 9])
    window.finish(done)
    assert window.close() == {8: 3, 9: 4}  # packet id → number of the message on this connection
    assert not window.is_open
