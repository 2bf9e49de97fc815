"""The ledger of a load: what is owed, how long it took, and what was lost, doubled or invented."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.topics import Lane
from simulator.load.ledger import Ledger, prove, quantile


def filled() -> Ledger:
    ledger = Ledger()
    for number in range(10):
        ledger.send(f"c{number}", Lane.CRITICAL, 0.0, wants_receipt=True)
        ledger.acknowledge(f"c{number}", 0.5)
        ledger.receipt(f"c{number}", (number + 1) / 10)
    ledger.send("b", Lane.BULK, 0.0, wants_receipt=False)
    return ledger


def test_it_tells_each_lane_from_sending_to_receipt() -> None:
    critical, bulk = filled().figures()
    assert (critical.lane, critical.sent_count, critical.receipt_count) == (Lane.CRITICAL, 10, 10)
    assert (critical.quantiles_s, critical.worst_s) == ((0.5, 0.9, 1.0), 1.0)
    assert (bulk.lane, bulk.receipt_count, bulk.quantiles_s, bulk.worst_s) == (Lane.BULK, 0, (), None)


def test_what_is_sent_again_counts_from_its_first_time() -> None:
    ledger = Ledger()
    ledger.send("a", Lane.BULK, 1.0, wants_receipt=True)
    ledger.send("a", Lane.BULK, 5.0, wants_receipt=True)
    ledger.acknowledge("a", 5.5)
    assert list(ledger.owed) == ["a"]
    ledger.receipt("a", 6.0)
    ledger.receipt("a", 7.0)
    assert not ledger.owed
    assert ledger.figures()[0].worst_s == 5.0
    assert ledger.events["a"].receipt_count == 2


def test_what_the_broker_never_took_is_not_owed() -> None:
    ledger = Ledger()
    ledger.send("a", Lane.BULK, 1.0, wants_receipt=True)
    assert (ledger.acknowledged, list(ledger.owed)) == ([], [])


def test_a_receipt_for_nothing_is_counted() -> None:
    ledger = filled()
    ledger.receipt("z", 1.0)
    assert ledger.stranger_count == 1


def test_the_proof_names_what_was_lost_doubled_and_invented() -> None:
    proof = prove(["a", "b", "c"], ["d"], ["a", "c", "c", "d", "x"])
    assert (proof.lost, proof.doubled, proof.strange, proof.is_good) == (("b",), ("c",), ("x",), False)
    assert prove(["a"], [], ["a"]).is_good


@given(st.lists(st.floats(0, 10), min_size=1).map(sorted), st.sampled_from([0.5, 0.9, 0.99, 1.0]))
def test_a_quantile_is_a_value_that_so_many_do_not_exceed(ordered: list[float], share: float) -> None:
    found = quantile(ordered, share)
    assert sum(value <= found for value in ordered) >= share * len(ordered) - 1e-9
    assert sum(value < found for value in ordered) < share * len(ordered)
