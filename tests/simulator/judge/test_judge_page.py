"""docs/judge.md is held to the code, and the report page shows what the report says."""

import json
import re
import shlex
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from shouwang import cli
from simulator.judge.cost import PROFILES
from simulator.judge.page import page
from simulator.judge.report import SCHEMA
from simulator.judge.truth_file import read_truth
from simulator.judge.words import FIGURE_WORDS, WEIGHT_WORDS, said

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "docs" / "judge.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Any, str]:
    """What the command of the manual prints, its report and its page."""
    [command] = re.findall(r"```sh\n\./run shouwang (backtest .*)\n```", TEXT)
    folder = tmp_path_factory.mktemp("told")
    words = [str(ROOT / word) if (ROOT / word).is_file() else word for word in shlex.split(command)]
    result = CliRunner().invoke(cli.app, [*words[:-1], str(folder / "report")], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    report = json.loads((folder / "report" / "report.json").read_text(encoding="utf-8"))
    return result.output, report, (folder / "report" / "report.html").read_text(encoding="utf-8")


def test_the_command_of_the_manual_prints_what_the_manual_says(told: tuple[str, Any, str]) -> None:
    [shown] = re.findall(r"```text\n(.*?)```", TEXT, re.DOTALL)
    assert shown in told[0]


def test_the_line_of_truth_in_the_manual_is_read(tmp_path: Path) -> None:
    [line] = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
    file = tmp_path / "truth.jsonl"
    file.write_text(line, encoding="utf-8")
    assert read_truth(file) == read_truth(ROOT / "docs" / "examples" / "kitchen.truth.jsonl")[:1]


def test_the_table_of_weights_is_the_weights() -> None:
    rows = [[cell.strip() for cell in line.split("|")[1:5]] for line in TEXT.splitlines() if line.count("|") == 6]
    profiles = [asdict(profile) for profile in PROFILES]
    named = [name for name in profiles[0] if name not in ("id", "title_zh", "title_en")]
    assert [row[0] for row in rows[2:]] == named == list(WEIGHT_WORDS)
    for name, *weights in rows[2:]:
        assert weights == [f"{profile[name]:g}" for profile in profiles]
    assert [title.split(" ")[0] for title in rows[0][1:]] == [profile.id for profile in PROFILES]


def test_every_field_of_the_report_is_named(told: tuple[str, Any, str]) -> None:
    table = TEXT[TEXT.index("## report.json") :]
    named = {word for line in table.splitlines() if line.startswith("| `") for word in re.findall(r"`(\w+)`", line.split("|")[1])}
    assert named == {*told[1], "against", "shadow"}
    assert told[1]["schema"] == SCHEMA


def test_the_page_shows_every_figure_in_both_languages(told: tuple[str, Any, str]) -> None:
    _, report, html = told
    for name, words in FIGURE_WORDS.items():
        assert words.zh in html
        assert words.en in html
        assert said(name, report["all"]["alarm"][name], 1) in html
    assert html.count("<svg") == 3
    assert "漏报 missed" in html
    assert "http" not in html  # it needs nothing else


def test_what_comes_from_outside_stays_text(told: tuple[str, Any, str]) -> None:
    report = json.loads(json.dumps(told[1]).replace("b03/u1/0502", "<script>alert(1)</script>").replace('"fire"', '"<b>fire"'))
    assert "<script>" not in page(report)
    assert "<b>" not in page(report)


@pytest.mark.parametrize(
    ("name", "value", "count", "expected"),
    [
        ("recall", 0.5, 0, "50.0 %"),
        ("lead_p50_s", 119.94, 0, "119.9 s"),
        ("lead_p50_s", -180.0, 0, "-3.0 min"),
        ("lead_p50_s", None, 3, "从未 never"),
        ("lead_p50_s", None, 0, "–"),
        ("precision", None, 3, "–"),
        ("asked", 3, 0, "3"),
        ("false_alarms_per_operator_day", 1.25, 0, "1.25"),
    ],
)
def test_a_figure_is_written_as_people_read_it(name: str, value: object, count: int, expected: str) -> None:
    assert said(name, value, count) == expected
