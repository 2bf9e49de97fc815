"""``shouwang report``: the past's alarms, read beside the writer."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ingest.topics import Lane
from rules.false_ratio import wilson
from rules.kpi import kpi
from rules.kpi_targets import figures_of
from shouwang import cli
from shouwang.exits import Exit
from shouwang.report_view import ratio_said, value_said
from tests.shouwang.spine import PACK_TEXT, Spine, activation, smoke


def report(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, ["report", *map(str, arguments)], catch_exceptions=False)


@pytest.fixture
def burnt(spine: Spine) -> Spine:
    """One smoke alarm that nobody has verified."""
    spine.start()
    spine.put(smoke("s1"), lane=Lane.CRITICAL)
    spine.settle()
    return spine


def test_the_verdicts_are_a_table_with_the_rules_titles(burnt: Spine) -> None:
    said = report("verdicts", "--data", burnt.folder, "--from", "2000-01-01")
    assert said.exit_code == Exit.OK
    assert "smoke_detector" in said.output
    assert "all 合计" in said.output


def test_the_verdicts_are_json_for_machines(burnt: Spine) -> None:
    plain = json.loads(report("verdicts", "--data", burnt.folder, "--from", "2000-01-01", "--json").output)
    (one,) = plain["rules"]
    assert (one["rule"], one["case_count"], one["false_ratio"]) == ("smoke_detector", 1, None)


def test_the_figures_are_told_with_target_source_and_the_worst_alarms(burnt: Spine) -> None:
    said = report("kpi", "--data", burnt.folder)
    assert said.exit_code == Exit.OK
    for word in ("平均每天报警", "at most 150", "ISA-18.2", "前十", "smoke_detector", "✔"):
        assert word in said.output, word


def test_the_figures_are_json_for_machines(burnt: Spine) -> None:
    plain = json.loads(report("kpi", "--data", burnt.folder, "--json").output)
    assert plain["whole"]["kpi"]["load"]["count"] == 1
    (position,) = plain["positions"]
    per_day = next(figure for figure in position["figures"] if figure["name"] == "per_day")
    assert (per_day["standing"], per_day["target"]["en"]) == ("good", "at most 150, manageable 300")


def test_a_quiet_stretch_has_no_position(burnt: Spine) -> None:
    said = report("kpi", "--data", burnt.folder, "--from", "2000-01-01", "--to", "2000-01-02")
    assert "No alarm stood in this stretch" in said.output


def test_values_are_said_in_their_units() -> None:
    figures = {figure.name: figure for figure in figures_of(kpi([], [], None, from_at=0, until_at=1000).whole)}
    assert value_said(figures["waited_max"]) == "–"
    assert value_said(replace(figures["waited_max"], value=90.4)) == "90 秒 90 s"
    assert value_said(replace(figures["flood_share"], value=0.0123)) == "1.2%"
    assert value_said(replace(figures["per_day"], value=12.3456)) == "12.35"


def test_a_stretch_without_alarms_says_so(burnt: Spine) -> None:
    said = report("verdicts", "--data", burnt.folder, "--from", "2000-01-01", "--to", "2000-01-02T03:04:05+08:00")
    assert said.exit_code == Exit.OK
    assert "No alarm was opened in this stretch" in said.output
    assert "2000-01-01T19:04:05" in said.output


def test_a_day_ends_with_the_day_in_the_pack_s_time_zone(burnt: Spine) -> None:
    said = report("verdicts", "--data", burnt.folder, "--from", "2000-01-01", "--to", "2000-01-01")
    assert "1999-12-31T16:00:00" in said.output
    assert "2000-01-01T16:00:00" in said.output


def test_the_time_zone_and_the_titles_are_those_of_the_pack_in_force(burnt: Spine) -> None:
    text = PACK_TEXT.replace("timezone: Asia/Shanghai", "timezone: Asia/Urumqi").replace("en: Smoke detector", "en: Smoke smelt")
    burnt.put(replace(activation(text), id="activated"))
    burnt.settle()
    said = report("verdicts", "--data", burnt.folder, "--from", "2000-01-01")
    assert "1999-12-31T18:00:00" in said.output
    assert "Smoke smelt" in said.output


@pytest.mark.parametrize("wrong", [("--from", "soon"), ("--to", "2000-13-01"), ("--from", "2001-01-01", "--to", "2000-01-01")])
def test_a_time_that_is_none_is_refused_with_what_to_write(burnt: Spine, wrong: tuple[str, ...]) -> None:
    said = report("verdicts", "--data", burnt.folder, *wrong)
    assert said.exit_code == Exit.USAGE
    assert "2000-01-01" in said.output or "2026-11-01" in said.output


def test_without_a_store_it_says_so(tmp_path: Path) -> None:
    assert report("verdicts", "--data", tmp_path).exit_code == Exit.FAILED


def test_a_ratio_is_said_with_its_counts_and_bounds() -> None:
    assert ratio_said(None) == "–"
    assert ratio_said(wilson(1, 10)) == "10% (1/10; 2%-40%)"
