"""``shouwang rules preview``, ``chatter`` and ``outages``: over a store that the spine has filled."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ingest.topics import Lane
from rules.alarm_record import occurrences_of
from rules.delay_proposal import advice_of
from rules.hidden import Past
from rules.hiding import hidden_by_outages
from rules.model import Entity, EventClass, OperatorAction, Verb
from rules.place import Outage
from rules.primitive import Threshold
from shouwang import cli, commands_past
from shouwang.exits import Exit
from shouwang.settings import PACKS
from tests.rules.score import T0, Play, hazard, pack, rule, stage
from tests.rules.score import event as reading
from tests.shouwang.spine import COMMUNITY, NOON, PACK_TEXT, Spine, activation, event, smoke


def said(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, list(map(str, arguments)), catch_exceptions=False)


@pytest.fixture
def filled(spine: Spine, monkeypatch: pytest.MonkeyPatch) -> Spine:
    """A smoke detector that has spoken, a contact that flaps, and an outage."""
    spine.start()
    spine.put(smoke("s1"), lane=Lane.CRITICAL)
    for number in range(8):
        state = "dry" if number % 2 else "wet"
        spine.put(event(f"w{number}", EventClass.STATE, device="w-1", kind="moisture", state=state))
        spine.settle()
    spine.put(
        OperatorAction(
            id="m",
            community=COMMUNITY,
            actor="li",
            verb=Verb.MAINTAIN,
            entity=Entity.DEVICE,
            entity_id="smoke-s9",
            arguments={"reason": "cleaned", "for_s": 600, "life_safety": True},
        )
    )
    spine.settle()
    monkeypatch.setattr(commands_past, "wall_now", lambda: NOON + 3_600_000)
    return spine


def test_what_is_out_of_service_is_listed(filled: Spine) -> None:
    result = said("outages", "--data", filled.folder)
    assert result.exit_code == 0, result.output
    assert "device smoke-s9" in result.output
    assert "li: cleaned" in result.output
    assert "life safety too" in result.output
    assert json.loads(said("outages", "--json", "--data", filled.folder).output)["device"] == "smoke-s9"


def test_each_inhibition_of_the_pack_is_tried(filled: Spine, tmp_path: Path) -> None:
    result = said("rules", "preview", "--data", filled.folder)
    assert result.exit_code == 0, result.output
    assert "alarms would have been hidden" in result.output
    first = json.loads(said("rules", "preview", "--json", "--data", filled.folder).stdout.splitlines()[0])
    assert first["rang_count"] >= 1
    assert said("rules", "preview", tmp_path / "none.yaml", "--data", filled.folder).exit_code == Exit.USAGE


def test_restless_alarms_are_listed_or_it_is_said_that_there_are_none(filled: Spine) -> None:
    result = said("chatter", "--data", filled.folder, "--days", 1)
    assert result.exit_code == 0, result.output
    assert "chattering" in result.output or "No alarm chatters" in result.output
    assert "No alarm chatters" in said("chatter", "--data", filled.folder, "--community", "nowhere").output


@pytest.fixture
def activated(filled: Spine) -> Spine:
    """Another pack than the configured one took over."""
    text = PACK_TEXT.replace('version: "1.0.0"', 'version: "2.0.0"').replace("en: caused by the power cut", "en: tried at night")
    filled.put(replace(activation(text), id="activated"))
    filled.settle()
    return filled


@pytest.mark.parametrize("command", [("chatter",), ("rules", "preview")])
def test_the_past_is_judged_by_the_pack_in_force_and_that_is_said(activated: Spine, command: tuple[str, ...]) -> None:
    result = said(*command, "--data", activated.folder)
    assert result.stdout.splitlines()[0] == "community 2.0.0: the pack in force  现行规则包"
    assert ("tried at night" in result.stdout) is (command == ("rules", "preview"))
    plain = said(*command, "--json", "--data", activated.folder)
    assert plain.stderr == "community 2.0.0: the pack in force  现行规则包\n"
    assert all(isinstance(json.loads(line), dict) for line in plain.stdout.splitlines())


def test_a_pack_that_is_named_is_the_one_that_is_tried(activated: Spine) -> None:
    result = said("rules", "preview", PACKS / "community.yaml", "--data", activated.folder)
    assert result.output.startswith("community 1.0.0: the pack named")
    assert "caused by the power cut" in result.output


def test_where_the_journal_has_lost_the_pack_in_force_the_configured_one_judges(activated: Spine) -> None:
    for day in (activated.folder / "journal").iterdir():
        day.unlink()
    result = said("chatter", "--data", activated.folder)
    assert result.output.startswith("community 1.0.0: the configured pack, because none is known to be in force")


def test_the_lists_are_cut_and_marked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(commands_past, "LISTED_MAX", 1)
    hot = rule("hot", "temperature", alarms=(stage("red", Threshold(above=50.0)),))
    play = Play(pack(hot, hazards=(hazard("fire", is_life_safety=True),)))
    for number in range(6):
        value = 20.0 if number % 2 else 60.0
        play.receive(reading("d1", "temperature", value, id=str(number), zone="b1"), 5 * number)
    play.act(100, "li", "verify", "incident", verdict="real")
    assert play.pack is not None
    past = Past(
        since_at=T0,
        until_at=T0 + 100_000,
        occurrences=occurrences_of(play.facts, play.pack),
        incidents={incident.id: incident for incident in play.records("incident")},
        pack=play.pack,
    )
    outage = Outage(
        id="o",
        community="c1",
        zone="",
        device="d1",
        owner="li",
        reason="x",
        from_at=T0,
        until_at=T0 + 50_000,
        is_life_safety=True,
    )
    commands_past._list(hidden_by_outages(past, (outage,)))
    shown = capsys.readouterr().out
    assert "LIFE SAFETY" in shown
    assert "REAL" in shown
    assert "2 more" in shown
    (advice,) = advice_of(past)
    assert "off-delay" in commands_past._advised(advice)


def test_without_a_store_it_says_so(tmp_path: Path) -> None:
    for command in (("chatter",), ("outages",), ("rules", "preview")):
        assert said(*command, "--data", tmp_path).exit_code == Exit.FAILED
