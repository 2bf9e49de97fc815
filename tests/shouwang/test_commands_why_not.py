"""``shouwang why-not``: on an installation in which something did not happen."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from dashboard.web import JournalUnreadable
from ingest.topics import Lane
from rules.model import Entity, OperatorAction, Verb
from rules.why_not_shape import Asked
from shouwang import cli, hindsight
from shouwang.casebook import opened_casebook
from shouwang.exits import Exit
from shouwang.hindsight import looking_back
from shouwang.options import settings_or_exit
from simulator.recording import iso
from tests.shouwang.spine import COMMUNITY, NOON, Spine, event, smoke

ZONE = "b01/u1/0101"


def said(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, list(map(str, arguments)), catch_exceptions=False)


@pytest.fixture
def calm(spine: Spine, monkeypatch: pytest.MonkeyPatch) -> Spine:
    """A room that grew warm and no more, and one that was away when somebody moved in it."""
    spine.start()
    action = OperatorAction(
        id="away",
        community=COMMUNITY,
        actor="Li",
        verb=Verb.SET_MODE,
        entity=Entity.ZONE,
        entity_id="b01/u1/0101",
        arguments={"mode": "away", "is_on": True},
    )
    spine.put(action)
    spine.settle()
    for number in range(20):
        spine.put(event(f"r{number}", value=20.0 + number, device="t-1"), lane=Lane.BULK)
        spine.pass_time(60)
    spine.settle()
    monkeypatch.setattr("shouwang.commands_why_not.system_now", lambda: spine.clock.at)
    return spine


def asked(calm: Spine, *arguments: object, minute: float = 20) -> dict[str, Any]:
    result = said("why-not", ZONE, iso(NOON + round(minute * 60_000)), *arguments, "--data", calm.folder, "--json")
    assert result.exit_code == Exit.OK, result.output
    found: dict[str, Any] = json.loads(result.output)
    return found


def test_each_rule_says_how_near_it_came(calm: Spine) -> None:
    found = asked(calm)
    assert found["event_count"] == 10
    by_rule = {one["rule"]: one for one in found["rules"]}
    assert by_rule["temperature"]["look_count"] == 10
    assert 0.3 < by_rule["temperature"]["share"] < 1
    assert [held["word"] for held in by_rule["temperature"]["held"]] == ["below_limit"]
    assert "smoke_density" in found["quiet_rules"]
    assert found["pack_version"]


def test_the_tree_is_for_people(calm: Spine) -> None:
    result = said("why-not", ZONE, iso(NOON + 1_200_000), "--data", calm.folder)
    assert result.exit_code == Exit.OK
    for part in ("条件未满足", "wanted at least 57", "t-1", "最接近 nearest", "smoke_density"):
        assert part in result.output, part


def test_a_mode_that_was_set_before_the_replay_begins_still_holds(calm: Spine) -> None:
    found = asked(calm, "--back", 0, "--around", 1)
    assert found["replayed_from_at"] == NOON + 19 * 60_000
    assert {held["word"] for one in found["rules"] for held in one["held"]}


def test_one_rule_or_one_device(calm: Spine) -> None:
    assert [one["rule"] for one in asked(calm, "--rule", "temperature")["rules"]] == ["temperature"]
    result = said("why-not", "t-1", iso(NOON + 600_000), "--device", "--data", calm.folder, "--json")
    assert json.loads(result.output)["event_count"] == 20
    nobody = said("why-not", "t-9", iso(NOON + 600_000), "--device", "--data", calm.folder)
    assert "no event came" in nobody.output


def test_what_did_speak_is_shown(calm: Spine) -> None:
    calm.put(smoke("call", zone=ZONE), lane=Lane.CRITICAL)
    calm.settle()
    calm.pass_time(60)
    result = said("why-not", ZONE, iso(NOON + 1_200_000), "--data", calm.folder)
    assert "it spoke" in result.output
    assert "opened a-" in result.output


def test_it_decides_as_the_service_did(calm: Spine) -> None:
    """The replay of a fire tells the very alarm, by its id."""
    calm.put(smoke("call", zone=ZONE), lane=Lane.CRITICAL)
    calm.settle()
    calm.pass_time(60)
    told = next(fact.entity_id for fact in calm.facts() if fact.entity is Entity.ALARM)
    spoken = [one["entity_id"] for rule in asked(calm)["rules"] for one in rule["spoken"]]
    assert told in spoken


def test_of_too_much_only_the_last_is_replayed(calm: Spine) -> None:
    settings = settings_or_exit(None, calm.folder)
    question = Asked(zone=ZONE, from_at=NOON, until_at=NOON + 1_200_000)
    with opened_casebook(settings) as book:
        whole = hindsight.look_back(book, question)
        part = hindsight.look_back(book, question, entries_max=5)
    assert (whole.event_count, part.event_count) == (20, 5)
    assert part.replayed_from_at > whole.replayed_from_at


def test_the_web_asks_the_same(calm: Spine) -> None:
    settings = settings_or_exit(None, calm.folder)
    found = looking_back(settings, Asked(zone=ZONE, from_at=NOON, until_at=NOON + 1_200_000))
    assert found.event_count == 20


def test_a_damaged_journal_is_said(calm: Spine) -> None:
    calm.stop()
    newest = max((calm.folder / "journal").glob("20*.sqlite"))
    newest.write_bytes(newest.read_bytes().replace(b"batch", b"botch"))
    assert said("why-not", ZONE, iso(NOON), "--data", calm.folder).exit_code == Exit.DAMAGED
    with pytest.raises(JournalUnreadable):
        looking_back(settings_or_exit(None, calm.folder), Asked(zone=ZONE, from_at=NOON, until_at=NOON))


@pytest.mark.parametrize(("time", "word"), [("noon", "no time"), ("2099-01-01T00:00", "still to come")])
def test_a_time_that_is_none_is_said(calm: Spine, time: str, word: str) -> None:
    result = said("why-not", ZONE, time, "--data", calm.folder)
    assert (result.exit_code, word in result.output) == (Exit.USAGE, True)


def test_an_empty_journal_has_nothing_to_say(spine: Spine) -> None:
    spine.start()
    result = said("why-not", "*", "2026-11-23T12:00+00:00", "--data", spine.folder)
    assert result.exit_code in (Exit.OK, Exit.USAGE)
