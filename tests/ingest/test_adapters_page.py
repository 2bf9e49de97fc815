"""docs/adapters.md is what the adapters say of themselves, and its command does what it shows."""

import json
import shlex
from pathlib import Path

from typer.testing import CliRunner

from ingest.adapters_page import page
from shouwang import cli

PAGE = Path(__file__).resolve().parents[2] / "docs" / "adapters.md"


def test_the_page_is_what_the_adapters_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m ingest.adapters_page > docs/adapters.md"


def test_its_command_tells_of_smoke() -> None:
    line = next(line for line in page().splitlines() if line.startswith("echo "))
    words = shlex.split(line)
    assert words[2:] == ["|", "./run", "shouwang", "decode"]
    answer = json.loads(CliRunner().invoke(cli.app, ["decode"], input=words[1], catch_exceptions=False).stdout)
    assert [(event["class"], event["kind"], event["state"]) for event in answer["events"]] == [("alarm", "smoke", "on")]
