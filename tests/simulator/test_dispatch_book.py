"""A fire department's record: the chain's book shows the same times, and steps that cannot be are refused."""

import gzip
from pathlib import Path

import pytest

from rules.definition import RulePack
from simulator.dispatch_book import FOLDER, Step, play_week, steps
from simulator.real_dispatch import row_of

HEAD = "Call Number,Unit ID,Incident Number,Received DtTm,Dispatch DtTm,Response DtTm,On Scene DtTm,Available DtTm\n"
PAGE = Path(__file__).resolve().parents[2] / "docs" / "real-dispatch.md"


def data(tmp_path: Path, *rows: str) -> Path:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "calls.csv.gz").write_bytes(gzip.compress((HEAD + "\n".join(rows) + "\n").encode()))
    return tmp_path


def row(unit: str, *clock: str, case: str = "1") -> str:
    return ",".join([f"9{case}", unit, case, *(f"2026-01-01T{time}" if time else "" for time in clock)])


def test_one_unit_arrives_and_another_is_called_off(tmp_path: Path, pack: RulePack) -> None:
    found = steps(
        "calls",
        data(
            tmp_path,
            row("E1", "10:00:00", "10:01:00", "10:02:00", "10:05:00", "10:30:00"),
            row("T2", "10:00:00", "10:01:30", "10:02:30", "", "10:06:00"),
            row("E3", "10:00:00", "", "", "", "10:07:00"),
        ),
    )
    assert [step.verb for step in found if step.unit == "E1"] == ["order", "accept", "en_route", "on_scene", "complete"]
    assert [step.verb for step in found if step.unit == "T2"] == ["order", "accept", "en_route", "decline"]
    assert [step.verb for step in found if not step.unit] == ["close"]
    week = play_week(found, pack)
    (told,) = week.cases.values()
    start = told.opened_at
    assert [at - start for at in (told.ordered_at, told.on_scene_at, told.closed_at)] == [60_000, 300_000, 1_800_000]
    assert (week.unit_count, week.refused) == (2, {})
    assert (week.recorded_orders, week.recorded_arrivals) == ([60_000], [300_000])


def test_a_step_out_of_order_is_refused_and_the_rest_goes_on(pack: RulePack) -> None:
    made = [
        Step(0, 0, "i1", "91", "report"),
        Step(1000, 1, "i1", "E1", "order"),
        Step(2000, 4, "i1", "E1", "on_scene"),
        Step(3000, 2, "i1", "E1", "accept"),
        Step(4000, 4, "i1", "E1", "on_scene"),
    ]
    week = play_week(made, pack)
    assert week.refused == {"on_scene": 1}
    assert week.cases["i1"].on_scene_at - week.cases["i1"].opened_at == 4000


@pytest.mark.needs("recordings")
def test_the_page_has_the_figures_of_the_record(pack: RulePack) -> None:
    """One neighbourhood's fires: 64 and 160 s to the order, 258 and 379 s to the arrival, as the record's own README has them."""
    name = "sf_calls_outside_fire_lone_mountain"
    line = row_of(name, play_week(steps(name), pack))
    assert line in PAGE.read_text(encoding="utf-8"), "python -m simulator.real_dispatch > docs/real-dispatch.md"
    assert line.count("64 / 160 s") == line.count("258 / 379 s") == 2
