"""``shouwang report``: the past's alarms, read beside the writer."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ingest.topics import Lane
from rules.false_ratio import wilson
from shouwang import cli
from shouwang.commands_report import ratio_said
from shouwang.exits import Exit
from tests.shouwang.spine import Spine, smoke


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


def test_a_stretch_without_alarms_says_so(burnt: Spine) -> None:
    said = report("verdicts", "--data", burnt.folder, "--from", "2000-01-01", "--to", "2000-01-02T03:04:05+08:00")
    assert said.exit_code == Exit.OK
    assert "No alarm was opened in this stretch" in said.output
    assert "2000-01-01T19:04:05" in said.output


def test_a_day_ends_with_the_day_in_the_pack_s_time_zone(burnt: Spine) -> None:
    said = report("verdicts", "--data", burnt.folder, "--from", "2000-01-01", "--to", "2000-01-01")
    assert "1999-12-31T16:00:00" in said.output
    assert "2000-01-01T16:00:00" in said.output


@pytest.mark.parametrize("wrong", [("--from", "soon"), ("--to", "2000-13-01"), ("--from", "2001-01-01", "--to", "2000-01-01")])
def test_a_time_that_is_none_is_refused_with_what_to_write(spine: Spine, wrong: tuple[str, ...]) -> None:
    said = report("verdicts", "--data", spine.folder, *wrong)
    assert said.exit_code == Exit.USAGE
    assert "2000-01-01" in said.output or "2026-11-01" in said.output


def test_without_a_store_it_says_so(tmp_path: Path) -> None:
    assert report("verdicts", "--data", tmp_path).exit_code == Exit.FAILED


def test_a_ratio_is_said_with_its_counts_and_bounds() -> None:
    assert ratio_said(None) == "–"
    assert ratio_said(wilson(1, 10)) == "10% (1/10; 2%-40%)"
