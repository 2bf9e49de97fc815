"""The page about real recordings before the judge says what the chain does today, of the small sets; and names every set."""

import io
from pathlib import Path

import pytest

from rules.definition import RulePack
from simulator.real_data import DATA
from simulator.real_judged import COLUMNS, all_sets, judged, main, rows_of
from simulator.real_sets.falls import falls
from simulator.real_sets.fires import fires
from simulator.real_sets.labelled import Case, RealSet
from tests.simulator.judge.played import a_day, the_fire

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "real-judged.md").read_text(encoding="utf-8")


def test_every_set_is_on_the_page_with_what_is_asked_of_it() -> None:
    for one in all_sets(DATA):
        assert f"| {one.name} | {one.asked} | {one.published} |" in PAGE
        assert PAGE.count(f"\n| {one.name} | ") > 1
    assert "| " + " | ".join(COLUMNS) + " |" in PAGE


@pytest.mark.needs("recordings")
def test_the_page_says_what_the_chain_does_today(pack: RulePack) -> None:
    for one in (falls(DATA), fires(DATA, "nist_smoke_alarms")):
        for row in rows_of(one, pack):
            assert row in PAGE.splitlines(), "python -m simulator.real_judged > docs/real-judged.md"


def test_a_set_is_judged_case_by_case(pack: RulePack) -> None:
    def cases() -> list[Case]:
        return [Case(name=name, records=lambda name=name: a_day(name), truth=(the_fire(name),)) for name in ("c01", "c02")]  # type: ignore[misc]

    figures, case_count, event_count = judged(RealSet(name="x", cases=lambda: iter(cases()), asked="", published=""), pack)
    assert (case_count, event_count) == (2, 2882)
    assert figures.stages["alarm"].asked == 2


def test_missing_recordings_are_told(tmp_path: Path) -> None:
    out = io.StringIO()
    assert main(["--data", str(tmp_path)], out) == 1
    assert "is missing" in out.getvalue()
