"""What the commands that explain read: the pack of the settings is read whole, and the one in force then is found again."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dashboard.web import JournalUnreadable
from ingest.journal import Journal
from ingest.topics import Lane
from rules.model import Entity
from rules.why_not_shape import Asked
from shouwang import cli, hindsight
from shouwang.casebook import Casebook, opened_casebook
from shouwang.exits import Exit
from shouwang.options import settings_or_exit
from shouwang.past_packs import PastPacks
from tests.shouwang.spine import NOON, Spine, activation, smoke
from tests.shouwang.test_pack_files import SITE
from tests.shouwang.test_shadow_follow import LIVE

DAY_S = 86_400
OLD = "b01/u1/0101"
CARD = """    card:
      cause: {zh: 有烟, en: smoke}
      consequence: {zh: 起火, en: it burns}
      action: {zh: 去看, en: go and look}
      time_to_respond: 3min
"""
FIRST = LIVE + CARD
SECOND = LIVE.replace('version: "1.0.0"', 'version: "2.0.0"')


@pytest.fixture
def long_ago(spine: Spine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Spine:
    """A pack that a person put in force, an alarm by it days later, then another pack; the first pack's day is dropped."""
    monkeypatch.setenv("SHOUWANG_PACK", str(tmp_path / "none.yaml"))
    monkeypatch.setattr("tests.shouwang.spine.activation", lambda: activation(FIRST))
    spine.start()
    spine.settle()
    first_day = NOON + 3 * DAY_S * 1000
    spine.clock.at = first_day
    spine.put(smoke("call", zone=OLD), lane=Lane.CRITICAL)
    spine.settle()
    spine.clock.at = first_day + DAY_S * 1000
    spine.put(replace(activation(SECOND), actor="Li"))
    spine.settle()
    spine.stop()
    day = datetime.fromtimestamp(first_day / 1000, UTC).date()
    with closing(Journal(spine.folder / "journal", clock=spine.clock)) as journal:
        assert journal.drop_before(day, applied_position=journal.last_position())
    return spine


@pytest.fixture
def book(long_ago: Spine) -> Iterator[Casebook]:
    with opened_casebook(settings_or_exit(None, long_ago.folder)) as opened:
        yield opened


def alarm_of(spine: Spine) -> Any:
    return next(fact for fact in spine.facts() if fact.entity is Entity.ALARM)


def keep_packs(spine: Spine, *kept: dict[str, object]) -> None:
    """Let the chain remember these activations alone, as if many others had taken over since."""
    with closing(sqlite3.connect(spine.folder / "store.db")) as store, store:
        body = json.dumps({"text": "", "activations": kept}).encode()
        store.execute("UPDATE snapshot SET value = ? WHERE key = 'pack'", (body,))


def test_a_configured_pack_may_extend_another(tmp_path: Path, spine: Spine) -> None:
    site, config = tmp_path / "site.yaml", tmp_path / "shouwang.toml"
    site.write_text(SITE, encoding="utf-8")
    config.write_text(f'pack = "{site}"\n', encoding="utf-8")
    with opened_casebook(settings_or_exit(config, spine.folder)) as book:
        pack = book.configured_pack()
    assert pack is not None
    assert "smoke_detector" in [rule.id for rule in pack.rules]


def test_a_pack_is_known_whose_day_the_journal_has_dropped(long_ago: Spine, book: Casebook) -> None:
    fact = alarm_of(long_ago)
    then, now = book.pack_at(fact.at, fact.pack_version), book.pack_in_force()
    assert then is not None
    assert now is not None
    assert (then.version, now.version) == (fact.pack_version, activation(SECOND).version)
    assert book.pack_at(NOON - 1, fact.pack_version) is None, "it was not in force yet"


def test_a_pack_that_neither_the_chain_nor_the_journal_has_is_not_made_up(long_ago: Spine, book: Casebook) -> None:
    fact = alarm_of(long_ago)
    keep_packs(long_ago)
    assert book.pack_at(fact.at, fact.pack_version) is None
    in_force = book.pack_in_force()
    assert in_force is not None, "the journal has it"
    assert in_force.version == activation(SECOND).version


def test_an_old_alarm_is_explained_and_checked_by_the_pack_of_then(long_ago: Spine) -> None:
    name = alarm_of(long_ago).entity_id
    found = CliRunner().invoke(cli.app, ["explain", name, "--data", str(long_ago.folder), "--check", "--json"])
    assert found.exit_code == Exit.OK, found.output
    graph = json.loads(found.stdout)
    [alarm] = [node for node in graph["nodes"] if node["id"] == name]
    assert alarm["card"] is not None
    assert "✔" in found.stderr


def test_why_not_replays_with_the_pack_of_then(long_ago: Spine, book: Casebook) -> None:
    fact = alarm_of(long_ago)
    found = hindsight.look_back(book, Asked(zone=OLD, from_at=fact.at - 1000, until_at=fact.at + 1000))
    assert found.pack_version == fact.pack_version
    assert fact.entity_id in [said.entity_id for rule in found.rules for said in rule.spoken]


def test_the_web_asks_for_the_pack_of_then_and_reads_it_once(long_ago: Spine) -> None:
    fact = alarm_of(long_ago)
    past = PastPacks(settings_or_exit(None, long_ago.folder))
    first = past(fact.at, fact.pack_version)
    assert first is not None
    assert past(fact.at, fact.pack_version) is first
    assert past(fact.at, "none") is None


def test_a_pack_that_this_version_cannot_read_is_said(long_ago: Spine) -> None:
    fact = alarm_of(long_ago)
    [activated, _] = [one for one in long_ago.facts() if one.entity is Entity.PACK]
    keep_packs(long_ago, {"at": activated.at, "version": fact.pack_version, "text": "rules: of another age"})
    said = CliRunner().invoke(cli.app, ["explain", fact.entity_id, "--data", str(long_ago.folder)])
    assert (said.exit_code, "cannot be read by this version" in said.stderr) == (Exit.FAILED, True), said.output
    settings = settings_or_exit(None, long_ago.folder)
    assert PastPacks(settings)(fact.at, fact.pack_version) is None
    with pytest.raises(JournalUnreadable):
        hindsight.looking_back(settings, Asked(zone=OLD, from_at=fact.at, until_at=fact.at))
