"""The bench: its rows say what they mean, and every measure of it can be run (quickly; no number is asserted)."""

from pathlib import Path

import pytest

from bench import adapters, backtest, chain, contract, storm
from bench.page import page
from bench.rows import Row, best_rate, percentile
from ingest.formats import FORMATS

ROW = Row(name="x", value=50.0, unit="events/s", yardstick="y", yardstick_value=200.0, must=10)


def test_a_row_is_a_ratio_to_its_yardstick() -> None:
    assert ROW.ratio == 0.25
    assert ROW.to_json()["events_per_s"] == 50.0
    assert "| x | 50 events/s | 10 | y: 200 | 0.25 |" in page([ROW])


@pytest.mark.parametrize(("share", "value"), [(0.5, 5.0), (0.99, 10.0), (0.1, 1.0)])
def test_a_percentile_is_one_of_the_values(share: float, value: float) -> None:
    assert percentile([float(number) for number in range(10, 0, -1)], share) == value


def test_the_best_round_counts() -> None:
    assert best_rate(lambda: sum(range(10_000)), 2) > 0


@pytest.mark.alone
def test_the_chain_and_the_contract_can_be_measured() -> None:
    rows = chain.measure(quick=True) + contract.measure(quick=True) + storm.measure(quick=True)
    assert all(row.value > 0 and row.ratio > 0 for row in rows)
    assert "events_per_s" in rows[0].to_json()


def test_every_adapter_can_be_measured() -> None:
    rows = adapters.measure(quick=True)
    assert [row.name.split()[1] for row in rows] == [f"{name}:" for name in FORMATS]
    assert all(row.value > 0 and row.ratio > 0 for row in rows)


@pytest.mark.alone
def test_a_backtest_can_be_measured(tmp_path: Path) -> None:
    [row] = backtest.measure(tmp_path, lasts_s=60, device_count=100)
    assert (row.value > 0, row.must) == (True, 500)
