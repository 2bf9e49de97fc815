"""docs/exchange.md and its Chinese sister say the same, and their commands do what they say."""

import re
import shlex
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest

from handlers.exchange.contract import COLUMNS, Partner
from handlers.exchange.cursor import Place, mark_of, write_cursor
from rules.effects import RecordFact, SaveIncident
from tests.dashboard.conftest import PARTNER_TOKENS, PARTNERS, Site
from tests.handlers.records import fact, incident

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = [(DOCS / name).read_text(encoding="utf-8") for name in ("exchange.md", "exchange.zh-CN.md")]
BLOCKS = [re.findall(r"```\w+\n.*?```", page, re.DOTALL) for page in PAGES]
COMMANDS = [line for block in BLOCKS[0] for line in block.splitlines() if line.startswith("curl ")]


@pytest.fixture
def partners() -> Sequence[Partner]:
    return PARTNERS


def test_both_pages_show_the_same_commands_and_all_columns() -> None:
    assert BLOCKS[0] == BLOCKS[1]
    for page in PAGES:
        assert set(COLUMNS) <= set(re.findall(r"`(\w+)`", page))


@pytest.mark.parametrize("line", COMMANDS)
def test_each_command_succeeds(site: Site, line: str) -> None:
    site.books.write(SaveIncident(incident()), RecordFact(fact()))
    known = {"$TOKEN": PARTNER_TOKENS["street"], "$SHOUWANG": site.url, "$CURSOR": write_cursor(Place(1, mark_of(fact().id)))}
    for name, value in known.items():
        line = line.replace(name, value)
    words = shlex.split(line)[1:]
    headers = dict(words[at + 1].split(": ", 1) for at, word in enumerate(words) if word == "-H")
    method = words[words.index("-X") + 1] if "-X" in words else "GET"
    body = words[words.index("-d") + 1] if "-d" in words else None
    with httpx.Client(trust_env=False) as client:
        answer = client.request(method, words[-1], headers=headers, content=body)
    assert answer.status_code == 200, answer.text
