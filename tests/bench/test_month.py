"""The month: its plan and truth are what the page says, and a small part of it is played by the same code."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bench.month import live
from bench.month_page import Run, page, plan_rows
from simulator.judge.score import figures_of
from simulator.month import COMMUNITY_COUNT, DAY_COUNT, DAY_S, fitting, month_of, plan_of
from simulator.scenario_packs import default_pack
from simulator.world import unfelt

PAGE = Path(__file__).resolve().parents[2] / "docs" / "judge-month.md"


def test_the_page_names_every_day_and_asks_for_what_is_true() -> None:
    text = PAGE.read_text(encoding="utf-8")
    [days] = re.findall(r"^\| communities, devices, days \| .*, (\d+) \|$", text, re.MULTILINE)
    assert [line for line in text.splitlines() if line.startswith("- c0")] == list(plan_rows(int(days)))
    months = [month_of(number, day_count=int(days)) for number in range(1, COMMUNITY_COUNT + 1)]
    asked = Counter(one.hazard for month in months for one in month.truth if one.alarm_due_at is not None)
    rows = [line.split("|")[1:3] for line in text.splitlines() if line.startswith("| `")]
    assert {name.strip(" `"): int(count) for name, count in rows if int(count)} == dict(asked)


def test_every_second_day_is_quiet_and_every_scenario_comes_about_as_often() -> None:
    plans = [plan_of(number) for number in range(1, COMMUNITY_COUNT + 1)]
    assert all([day for day, _ in plan] == list(range(1, DAY_COUNT + 1, 2)) for plan in plans)
    often = Counter(name for plan in plans for _, name in plan)
    assert set(often) == set(fitting())
    assert set(often.values()) <= {1, 2}
    assert len(often) > 50


@pytest.mark.parametrize("number", [1, COMMUNITY_COUNT])
def test_what_happens_is_felt_and_true_on_its_own_day(number: int) -> None:
    month = month_of(number)
    assert not [*unfelt(month.scenario, month.community)]
    assert 280 < len(month.community.devices) < 330
    days = {int((one.start_at - month.scenario.start_at) / 1000 // DAY_S) + 1 for one in month.truth}
    assert days <= {day + late for day, _ in month.plan for late in (0, 1)}  # a night goes on into the next day
    assert month_of(number) == month


def test_a_part_of_it_is_made_judged_and_told() -> None:
    lived = live(1, 0.05, default_pack())
    assert lived.town.played.event_count > 3_000
    assert (lived.making_s > 0, lived.judging_s > 0, lived.peak_mb > 10) == (True, True, True)
    figures: Any = figures_of([lived.town]).plain()
    assert figures["operator_days"] == pytest.approx(0.05, rel=0.01)
    told = "\n".join(page(Run(lived=(lived,), wall_s=1.0, job_count=1, day_count=1), default_pack()))
    assert f"| events | {lived.town.played.event_count:,} |" in told
    assert "- c01: 1 `" in told
