"""Every command of ours that a page names, in a block or in a sentence, is there, with the options that the page gives it."""

import re
from typing import Any

import pytest
from typer.main import get_command

from shouwang import cli
from tests.test_house import ROOT, tracked

SAID = re.compile(r"(?:^|`)(?:\./run )?shouwang ([a-z][^`\n]*)", re.MULTILINE)
PAGES = {path: path.read_text(encoding="utf-8") for path in tracked("*.md") if path.parent in (ROOT, ROOT / "docs")}
COMMANDS = sorted({(path.name, found.strip()) for path, text in PAGES.items() for found in SAID.findall(text)})


def commands_in(words: list[str]) -> list[Any]:
    """What the words before the options and the arguments name; ``check|test`` names two."""
    found: list[Any] = [get_command(cli.app)]
    for word in words:
        if not hasattr(found[0], "commands"):
            break
        found = [each.commands[name] for each in found for name in word.split("|")]
    return found


def test_the_pages_name_commands() -> None:
    assert {("rule-packs.md", "rules preview jade_garden.yaml --days 30"), ("console.md", "report kpi")} <= set(COMMANDS)


@pytest.mark.parametrize(("page", "command"), COMMANDS)
def test_it_is_there_with_its_options(page: str, command: str) -> None:
    words = re.split(r"\s+", re.sub(r"[\[\]]", "", command.partition(" >")[0].partition(" #")[0]))
    for named in commands_in(words):
        known = {name for parameter in named.params for name in (*parameter.opts, *parameter.secondary_opts)} | {"--help"}
        asked = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert asked <= known, f"{page}: shouwang {command}"
