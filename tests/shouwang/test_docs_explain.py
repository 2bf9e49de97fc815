"""docs/explain.md: every command on the page does what the page says, and its table has every word."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ingest.topics import Lane
from rules.model import Entity
from rules.why_not_words import HELD
from shouwang import cli
from tests.shouwang.spine import Spine, event, smoke

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "explain.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]


@pytest.fixture
def seen(spine: Spine, monkeypatch: pytest.MonkeyPatch) -> Spine:
    """A detector that reported a fire, and a room that only grew warm."""
    spine.start()
    spine.put(smoke("call", zone="b09/u1/0101"), lane=Lane.CRITICAL)
    for number in range(20):
        spine.put(event(f"r{number}", value=20.0 + number), lane=Lane.BULK)
        spine.pass_time(60)
    spine.settle()
    monkeypatch.setattr("shouwang.commands_why_not.system_now", lambda: spine.clock.at)
    return spine


def test_the_page_has_both_questions() -> None:
    assert len(COMMANDS) == 7
    assert {shlex.split(line)[1] for line in COMMANDS} == {"explain", "why-not"}


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_the_page_works(seen: Spine, line: str) -> None:
    names = {
        "INCIDENT": next(fact.entity_id for fact in seen.facts() if fact.entity is Entity.INCIDENT),
        "ALARM": next(fact.entity_id for fact in seen.facts() if fact.entity is Entity.ALARM),
    }
    words = [names.get(word, word) for word in shlex.split(line)[1:]]
    result = CliRunner().invoke(cli.app, [*words, "--data", str(seen.folder)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert "smoke_detector" in result.output or "temperature" in result.output


def test_the_table_has_every_word() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)
    assert rows == [(word, said.zh, said.en) for word, said in HELD.items()]
