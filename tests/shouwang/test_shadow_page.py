"""What the web says of shadow rules is what the command says, to the figure, and leads to the live case."""

import json
import sys

import pytest
from typer.testing import CliRunner

from dashboard.shadow_shape import ShadowsTooMany
from rules.model import Entity
from shouwang.cli import app
from shouwang.options import settings_or_exit
from shouwang.shadow_page import shadows_heard
from tests.shouwang.spine import NOON, Spine
from tests.shouwang.test_shadow_follow import followed, shadowed

__all__ = ["shadowed"]
DAY_MS = 86_400_000


@pytest.fixture
def heard(shadowed: Spine) -> Spine:
    with followed(shadowed) as (follower, _):
        follower.turn()
    return shadowed


def test_it_has_the_figures_of_the_command_and_the_latest_of_each_fate(heard: Spine, monkeypatch: pytest.MonkeyPatch) -> None:
    until_at = heard.clock.at + 1000
    monkeypatch.setattr("shouwang.commands_shadow.system_now", lambda: until_at)
    command = CliRunner().invoke(app, ["shadow", "report", "--data", str(heard.folder), "--json"])
    told = json.loads(command.output)["rules"][0]["difference"]
    page = shadows_heard(settings_or_exit(None, heard.folder), until_at - 7 * DAY_MS, until_at)
    assert page is not None
    [draft] = page.rules
    for name, stage in (("warning", draft.warning), ("alarm", draft.alarm), ("dispatch", draft.dispatch)):
        assert (stage.both_count, stage.only_shadow_count) == (told[name]["both"], told[name]["only_new"])
        assert (stage.only_live_count, stage.shift_p50_s) == (told[name]["only_old"], told[name]["shift_p50_s"])
        assert stage.raised_count == stage.both_count + stage.only_shadow_count
    assert (draft.rule, draft.since_at, draft.until_at, page.heard_until_at) == ("hot_draft", NOON, None, heard.clock.at)
    both, only = [row for row in draft.latest if row.stage == "alarm"]
    case = next(fact.incident_id for fact in heard.facts() if fact.entity is Entity.ALARM)
    assert (both.fate, both.rule, both.live_rule, both.incident_id) == ("both", "hot_draft", "smoke_detector", case)
    assert (only.fate, only.at, only.zone, only.incident_id) == ("only_shadow", NOON + 3_600_000, "b01/u1/0101", "")


def test_what_only_the_live_rules_said_leads_to_its_case(heard: Spine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.judge.difference.APART_MAX_MS", 1)
    page = shadows_heard(settings_or_exit(None, heard.folder), 0, heard.clock.at + 1000)
    assert page is not None
    alarms = [row for row in page.rules[0].latest if row.stage == "alarm"]
    assert [row.fate for row in alarms] == ["only_shadow", "only_live", "only_shadow"]
    assert (alarms[1].rule, bool(alarms[1].incident_id)) == ("smoke_detector", True)


def test_before_a_shadow_was_heard_there_is_nothing(shadowed: Spine) -> None:
    assert shadows_heard(settings_or_exit(None, shadowed.folder), 0, shadowed.clock.at) is None


def test_more_lines_than_a_page_is_made_from_are_refused(heard: Spine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shouwang.shadow_page.FACTS_MAX", 1)
    with pytest.raises(ShadowsTooMany):
        shadows_heard(settings_or_exit(None, heard.folder), 0, sys.maxsize >> 1)
