"""A case that gathers hundreds: the page shows the worst of what stands, and says how many there are beside."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from handlers.gathered import MEMBERS_MAX
from rules.effects import Effect, SaveAlarm, SaveIncident, SaveWarning
from rules.model import Entity, Level, Reason
from tests.dashboard import night
from tests.dashboard.browser import SMALL, Desk
from tests.dashboard.conftest import TOKEN, Site
from tests.dashboard.night import NOW
from tests.handlers import records

pytestmark = pytest.mark.needs("chromium")

CASE = "i-6601be5d1c20aa31"


def storm() -> list[Effect]:
    """One flood that many sensors see, the first of them the gravest."""
    zh, en = "地下车库多处积水", "water at many places of the garage"
    case = night.incident(CASE, "water_level", Level.RED, "open", "b01", NOW - 60_000, zh, en)
    told = night.fact(1, NOW - 59_000, Entity.INCIDENT, "opened", zh, en, Reason.LIMIT_CROSSED, CASE)
    effects: list[Effect] = [SaveIncident(case), told]
    for number in range(MEMBERS_MAX + 37):
        one = replace(records.alarm(f"a-{number:04}", incident_id=CASE, at=NOW - 60_000 + number), community=night.COMMUNITY)
        effects.append(SaveAlarm(one if number == 0 else replace(one, level=Level.BLUE)))
        effects.append(SaveWarning(replace(records.warning(f"w-{number:04}", incident_id=CASE), community=night.COMMUNITY)))
    return effects


def test_a_case_of_hundreds_is_shown_in_part_and_says_so(desk: Desk, night_site: Site) -> None:
    desk.log_in(TOKEN)
    night_site.books.write_all(storm())
    desk.page.locator(f"[data-incident='{CASE}']").click()
    expect(desk.page.locator("[data-test=more-alarms]")).to_have_text("另有 37 条报警未列出（未结束、最严重的在前）")
    expect(desk.page.locator("[data-test=more-warnings]")).to_contain_text("另有 37 条预警未列出")
    expect(desk.page.locator("[data-test=more-deliveries]")).to_contain_text("条未列出（未送达的在前）")
    desk.page.locator("[data-test=more-warnings]").scroll_into_view_if_needed()
    desk.page.set_viewport_size(SMALL)
    desk.picture("great-case")
    assert desk.errors == []
