"""``shouwang explain``: on an installation in which something happened."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ingest.topics import Lane
from rules.model import Entity, OperatorAction, Verb
from shouwang import cli
from shouwang.exits import Exit
from tests.shouwang.spine import COMMUNITY, Spine, event, smoke
from tests.shouwang.test_casebook import keep_packs


def said(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, list(map(str, arguments)), catch_exceptions=False)


@pytest.fixture
def burned(spine: Spine) -> Spine:
    """Smoke that grew until it was an alarm, which somebody acknowledged; and an alarm that was reported at once."""
    spine.start()
    for number in range(40):
        value = min(20.0, number * 0.8)
        spine.put(
            event(f"r{number}", kind="smoke_obscuration", device="s-1", value=value, attributes={"gateway": "gw-7"}),
            lane=Lane.BULK,
        )
        spine.pass_time(5)
    spine.put(smoke("call", zone="b09/u1/0101"), lane=Lane.CRITICAL)
    spine.settle()
    spine.put(
        OperatorAction(
            id="ack",
            community=COMMUNITY,
            actor="Li",
            verb=Verb.ACKNOWLEDGE,
            entity=Entity.INCIDENT,
            entity_id=id_of(spine, Entity.INCIDENT),
        )
    )
    spine.settle()
    return spine


def id_of(spine: Spine, entity: Entity, rule: str = "") -> str:
    return next(fact.entity_id for fact in spine.facts() if fact.entity is entity and rule in fact.rule)


def test_the_tree_leads_from_the_incident_to_the_readings_and_to_who_was_sent(burned: Spine) -> None:
    result = said("explain", id_of(burned, Entity.INCIDENT), "--data", burned.folder)
    assert result.exit_code == Exit.OK
    for part in ("因为 because of", "smoke_density", "gw-7", "%/m", "micro_station_1", "略过 passed over", "Li"):
        assert part in result.output, part


def test_an_alarm_a_warning_and_an_order_are_explained_too(burned: Spine) -> None:
    for entity in (Entity.ALARM, Entity.WARNING, Entity.DISPATCH):
        result = said("explain", id_of(burned, entity), "--data", burned.folder, "--json")
        graph = json.loads(result.output)
        assert graph["id"] == id_of(burned, entity)
        assert any(node["sort"] == "event" for node in graph["nodes"])


def test_the_cited_events_alone_lead_to_the_same(burned: Spine) -> None:
    result = said("explain", id_of(burned, Entity.INCIDENT), "--data", burned.folder, "--check")
    assert result.exit_code == Exit.OK
    assert "✔" in result.output
    assert "✘" not in result.output


def test_a_journal_that_has_dropped_the_events_is_told(burned: Spine) -> None:
    name = id_of(burned, Entity.ALARM)
    burned.stop()
    for file in (burned.folder / "journal").iterdir():
        file.unlink()
    result = said("explain", name, "--data", burned.folder, "--check")
    assert result.exit_code == Exit.FAILED
    assert "✘" in result.output


def test_without_its_pack_nothing_is_checked(burned: Spine, tmp_path: Path) -> None:
    name = id_of(burned, Entity.ALARM)
    burned.stop()
    keep_packs(burned)
    for file in (burned.folder / "journal").iterdir():
        file.unlink()
    config = tmp_path / "shouwang.toml"
    config.write_text(f'pack = "{tmp_path / "none.yaml"}"\n', encoding="utf-8")
    result = said("explain", name, "--data", burned.folder, "--config", config, "--check")
    assert (result.exit_code, "Nothing was checked" in result.output) == (Exit.FAILED, True)


def test_what_is_not_there_is_said(burned: Spine) -> None:
    result = said("explain", "i-none", "--data", burned.folder)
    assert (result.exit_code, "i-none" in result.output) == (Exit.FAILED, True)


def test_a_damaged_journal_is_said(burned: Spine) -> None:
    name = id_of(burned, Entity.ALARM)
    burned.stop()
    newest = max((burned.folder / "journal").glob("20*.sqlite"))
    newest.write_bytes(newest.read_bytes().replace(b"batch", b"botch"))
    assert said("explain", name, "--data", burned.folder, "--check").exit_code == Exit.DAMAGED


def test_a_store_that_is_not_there_is_said(tmp_path: Path) -> None:
    result = said("explain", "i-1", "--data", tmp_path)
    assert (result.exit_code, "store" in result.output) == (Exit.FAILED, True)


def test_a_long_story_is_cut_in_the_tree(burned: Spine) -> None:
    for _ in range(30):
        burned.pass_time(60)
    burned.settle()
    result = said("explain", id_of(burned, Entity.INCIDENT), "--data", burned.folder)
    assert "× notification: --json" in result.output
