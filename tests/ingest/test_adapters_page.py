"""docs/adapters.md and docs/formats/ are what the adapters say of themselves, and the command does what the page shows."""

import json
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ingest.adapter import Foreign, Ignored, understand
from ingest.adapters_page import DOCS, READ_AT, pages, write
from ingest.formats import FORMATS
from rules.model import Event
from shouwang import cli


def test_the_pages_are_what_the_adapters_say(tmp_path: Path) -> None:
    write(tmp_path)
    for name in pages():
        assert (DOCS / name).read_text(encoding="utf-8") == (tmp_path / name).read_text(encoding="utf-8"), (
            "python -m ingest.adapters_page"
        )


def test_no_page_is_left_of_a_format_that_is_gone() -> None:
    assert {path.stem for path in (DOCS / "formats").glob("*.md")} == set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_shows_by_examples_what_it_understands(name: str) -> None:
    format_ = FORMATS[name]
    adapter = format_.opens()
    told = [
        understand(
            adapter,
            Foreign(
                topic=each.topic,
                payload=each.payload,
                community="jade",
                network=format_.network,
                received_at=READ_AT,
                arrival="1",
            ),
        )
        for each in format_.examples
    ]
    assert any(isinstance(event, Event) for each in told if not isinstance(each, Ignored) for event in each)


def test_its_command_tells_of_smoke() -> None:
    line = next(line for line in pages()["adapters.md"].splitlines() if line.startswith("echo "))
    words = shlex.split(line)
    assert words[2:] == ["|", "./run", "shouwang", "decode"]
    answer = json.loads(CliRunner().invoke(cli.app, ["decode"], input=words[1], catch_exceptions=False).stdout)
    assert [(event["class"], event["kind"], event["state"]) for event in answer["events"]] == [("alarm", "smoke", "on")]
