"""``shouwang backtest``: what it writes, and that everything that is wrong is told at once, with its place."""

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from shouwang import cli
from shouwang.exits import Exit

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
KITCHEN, TRUTH = EXAMPLES / "kitchen.jsonl", EXAMPLES / "kitchen.truth.jsonl"

OLD = """
pack: old
version: "0.9.0"
title: {zh: 旧, en: Old}
extends: community
disable: [smoke_detector]
"""


def backtest(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, ["backtest", *map(str, arguments)], catch_exceptions=False)


def test_several_files_may_follow_one_option(tmp_path: Path) -> None:
    lines = KITCHEN.read_text(encoding="utf-8").splitlines(keepends=True)
    parts = [tmp_path / "first.jsonl", tmp_path / "second.jsonl"]
    parts[0].write_text("".join(lines[:50]), encoding="utf-8")
    parts[1].write_text("".join(lines[50:]), encoding="utf-8")
    together = backtest("--events", KITCHEN, "--truth", TRUTH, "--report", tmp_path / "a", "--jobs", 1)
    apart = backtest("--report", tmp_path / "b", "--events", *parts, "--truth", TRUTH, "--jobs", 1)
    assert (together.exit_code, apart.exit_code) == (Exit.OK, Exit.OK)
    for name in ("report.json", "report.html"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_against_another_pack_its_difference_is_told(tmp_path: Path) -> None:
    old = tmp_path / "old.yaml"
    old.write_text(OLD, encoding="utf-8")
    done = backtest("--events", KITCHEN, "--truth", TRUTH, "--report", tmp_path / "r", "--against", old)
    assert done.exit_code == Exit.OK, done.output
    assert "与旧规则包相比 against the old pack" in done.output
    report = json.loads((tmp_path / "r" / "report.json").read_text(encoding="utf-8"))
    told = report["against"]["difference"]["alarm"]
    assert (told["only_old"], told["only_new"]) == (0, 1)
    assert told["only_new_list"][0]["rule"] in ("smoke_detector", "smoke_density")


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    events, truth, pack = tmp_path / "events.jsonl", tmp_path / "truth.jsonl", tmp_path / "pack.yaml"
    events.write_text("nonsense\n")
    truth.write_text("[]\n{}\n")
    pack.write_text("pack: [\n")
    done = backtest("--events", events, "--truth", truth, "--pack", pack, "--report", tmp_path / "r")
    assert done.exit_code == Exit.FAILED
    for place in (f"{events}:1:1:", f"{truth}:1:1:", f"{truth}:2:1:", f"{pack}:"):
        assert place in done.output
    assert not (tmp_path / "r").exists()


def test_files_without_any_event_of_a_community_are_told(tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    events.write_text('{"topic":"weather/now","payload":{},"at":1}\n')
    done = backtest("--events", events, "--truth", TRUTH, "--report", tmp_path / "r")
    assert (done.exit_code, "shouwang/v1/" in done.output) == (Exit.FAILED, True)


def test_a_report_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "r").write_text("in the way")
    done = backtest("--events", KITCHEN, "--truth", TRUTH, "--report", tmp_path / "r")
    assert done.exit_code == Exit.USAGE
    done = backtest("--events", KITCHEN, "--truth", TRUTH, "--report", tmp_path / "r" / "below")
    assert (done.exit_code, "cannot be written" in done.output) == (Exit.FAILED, True)
