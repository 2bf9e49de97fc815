"""The console's care list: nothing before somebody asks; then the references, and the look in the case's story."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from dashboard.care_list import SHOWN_MAX, CareReference, Purpose
from tests.dashboard import night
from tests.dashboard.browser import Desk
from tests.dashboard.conftest import TOKEN, Site
from tests.dashboard.night import NOW

pytestmark = pytest.mark.needs("chromium")


@pytest.fixture
def night_site(night_site: Site) -> Site:
    entry = CareReference(
        community=night.COMMUNITY,
        reference="JG-0001",
        zone="b03/u1/0602",
        purpose=Purpose.EVACUATION,
        holder="翠苑社区居委会",
        valid_until_at=NOW + 86_400_000,
    )
    night_site.app.state.web = replace(night_site.web, find_care=lambda _: (entry,))
    return night_site


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-CN", "有 1 人需要关照，请向翠苑社区居委会凭编号 JG-0001 询问"),
        ("en", "ask 翠苑社区居委会 with reference JG-0001"),
    ],
)
def test_a_look_shows_whom_to_ask_and_is_recorded(desk: Desk, night_site: Site, language: str, said: str) -> None:
    desk.log_in(TOKEN)
    desk.speak(language)
    desk.open(night.FIRE)
    card = desk.page.locator("[data-test=care]")
    expect(card).to_be_visible()
    expect(card).not_to_contain_text("JG-0001")
    card.locator("[data-test=care-look]").click()
    expect(card.locator("[data-test=care-lines]")).to_contain_text(said)
    desk.picture(f"care-{language}")
    (asked,) = night_site.door.actions
    assert (asked["verb"], asked["entity"]) == ("note", "incident")
    assert desk.errors == []


def test_a_building_with_more_than_a_look_gives_is_told_as_such(desk: Desk, night_site: Site) -> None:
    (entry,) = night_site.web.find_care(NOW)
    many = [replace(entry, reference=f"JG-{number:04}") for number in range(SHOWN_MAX + 1)]
    night_site.app.state.web = replace(night_site.web, find_care=lambda _: many)
    desk.log_in(TOKEN)
    desk.open(night.FIRE)
    desk.page.locator("[data-test=care-look]").click()
    expect(desk.page.locator("[data-test=care-more]")).to_have_text("只列出最近的 100 条，其余请向持有单位询问")
    desk.picture("care-more")


def test_a_look_that_cannot_be_recorded_shows_nothing_and_says_why(desk: Desk, night_site: Site) -> None:
    night_site.door.action_status = 409
    desk.log_in(TOKEN)
    desk.open(night.FIRE)
    desk.page.locator("[data-test=care-look]").click()
    expect(desk.page.locator("[data-test=care-failure]")).to_contain_text("警情已结案")
    expect(desk.page.locator("[data-test=care-lines]")).to_have_count(0)
