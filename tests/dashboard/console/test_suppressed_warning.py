"""An early warning that a standing alarm explains is shown quiet under its cause, in a real browser."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from rules.effects import SaveIncident, SaveWarning
from rules.model import Level
from tests.dashboard import night
from tests.dashboard.browser import Desk
from tests.dashboard.conftest import TOKEN, Site
from tests.dashboard.night import FIRE, NOW

pytestmark = pytest.mark.needs("chromium")


def test_it_says_that_it_is_suppressed_and_by_what(desk: Desk, night_site: Site) -> None:
    effects = night.kitchen_fire(NOW)
    case = next(one.incident for one in effects if isinstance(one, SaveIncident) and one.incident.id == FIRE)
    told = next(one.warning for one in effects if isinstance(one, SaveWarning))
    quiet = replace(told, id="w-9", state="suppressed", level=Level.BLUE, ended_at=None, cause_id="a-1", inhibition="outage")
    over = replace(quiet, id="w-8", state="cancelled", ended_at=NOW)
    named = replace(case, warning_ids=(*case.warning_ids, "w-9", "w-8"))
    night_site.books.write_all([SaveWarning(quiet), SaveWarning(over), SaveIncident(named)])
    desk.log_in(TOKEN)
    desk.page.locator(f"[data-incident='{FIRE}']").click()
    card = desk.page.locator("[data-signal='w-9']")
    expect(card.locator("[data-state=suppressed]")).to_have_text("已抑制")
    expect(card.locator("[data-test=cause]")).to_contain_text("a-1")
    expect(desk.page.locator("[data-signal='w-8'] [data-test=cause]")).to_have_count(0)
    card.scroll_into_view_if_needed()
    desk.picture("suppressed-warning")
    assert desk.errors == []
