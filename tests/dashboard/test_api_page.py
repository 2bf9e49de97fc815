"""docs/api.md says what the API is: its table is the routes, and its commands do what they say."""

import json
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from dashboard.api import bare_app
from rules.effects import RecordFact, SaveIncident
from rules.model import Verb
from tests.dashboard.conftest import TOKEN, Site
from tests.handlers import records

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.strip().splitlines()]


@dataclass
class Command:
    """One curl command, as far as the page uses curl."""

    method: str = "GET"
    url: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None


def test_the_table_of_routes_is_complete() -> None:
    told = set(re.findall(r"^\| (GET|POST|DELETE) \| `([^`]+)` \| (\w+) \|", PAGE, re.MULTILINE))
    made = {
        (method, context.path, (context.openapi_extra or {})["x-policy"])
        for context in iter_route_contexts(bare_app().routes)
        for method in (context.methods or ())
    }
    assert told == made


def test_every_verb_is_told() -> None:
    assert {verb.value for verb in Verb} <= set(re.findall(r"`(\w+)`", PAGE))


def test_the_error_has_the_one_form() -> None:
    for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL):
        assert set(json.loads(block)["error"]) == {"code", "zh", "en"}


@pytest.mark.parametrize("line", COMMANDS)
def test_each_command_succeeds(site: Site, line: str) -> None:
    site.books.write(SaveIncident(records.incident()), RecordFact(records.fact()))
    command = _read(line.replace("$TOKEN", TOKEN).replace("$SHOUWANG", site.url))
    with (
        httpx.Client(trust_env=False, timeout=20) as client,
        client.stream(command.method, command.url, headers=command.headers, content=command.body) as answer,
    ):
        assert answer.status_code == 200
        assert next(answer.iter_lines())


def _read(line: str) -> Command:
    words = iter(shlex.split(line))
    assert next(words) == "curl"
    command = Command()
    for word in words:
        if word == "-X":
            command.method = next(words)
        elif word == "-H":
            name, _, value = next(words).partition(": ")
            command.headers[name] = value
        elif word == "-d":
            command.body = next(words)
        elif word != "-N":
            command.url = word
    return command
