"""docs/hostile-input.md stands for every format, shows nothing that a format did not withstand, and is still true."""

import pytest

from tests.fuzz import SUBJECTS, try_out
from tests.hostile_page import MEMORY_MAX, PAGE, ROW, SLOW_S

ROWS = {found[1]: [cell.strip() for cell in found[0].strip("|").split("|")] for found in ROW.finditer(PAGE.read_text("utf-8"))}
SMALL = 400
"""Inputs that are tried again; of so many the share of those refused is within 0.1 of that of a million (four deviations)."""


def test_every_format_has_its_row_and_withstood_what_came() -> None:
    assert sorted(ROWS) == sorted(SUBJECTS)
    for name, _, _, _, _, raised, slowest, memory, kept, _ in ROWS.values():
        assert int(raised) == 0, name
        assert float(slowest) <= SLOW_S * 1000, name
        assert max(float(memory), float(kept)) * 1e6 <= MEMORY_MAX, name


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_small_part_measured_again_is_understood_and_refused_alike(name: str) -> None:
    stood = try_out(name, SMALL, seed=1)
    assert stood.faults == []
    assert stood.understood_count > 0
    assert stood.shares[2] == pytest.approx(float(ROWS[name][4].rstrip("%")) / 100, abs=0.1)
