"""The report page's panel of shadow rules: what they would have raised beside the live ones; and how to try the first one."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Locator, expect

from dashboard.web import Hindsight
from rules.definition import RulePack
from tests.dashboard import night
from tests.dashboard.browser import SMALL, Desk, desk_at
from tests.dashboard.conftest import TOKEN, Site
from tests.dashboard.night import NOW
from tests.dashboard.test_shadows import HEARD, PACK
from tests.dashboard.test_shadows import NOW as HEARD_AT
from tests.dashboard.test_why_not import found_nothing

pytestmark = pytest.mark.needs("chromium")


def heard_at(site: Site, pack: RulePack, hindsight: Hindsight) -> None:
    site.clock.now = HEARD_AT
    site.app.state.web = replace(site.web, find_pack=lambda: pack, hindsight=hindsight)


@pytest.fixture
def panel(browser: Browser, site: Site) -> Iterator[tuple[Desk, Locator]]:
    """The panel of a desk in whose pack a draft is tried, and another was added a moment ago."""
    heard_at(site, PACK, Hindsight(shadows=lambda _from, _until: HEARD, look_back=found_nothing))
    site.books.write_all(night.kitchen_fire(NOW))
    with desk_at(browser, site.url, SMALL) as desk:
        desk.log_in(TOKEN)
        yield desk, desk.page.locator("[data-test=shadows]")


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("zh-CN", ["仅影子", "仅现行", "两者都报", "未听到", "还没有开始听：Fresh draft", "3 号楼 1 单元 0502 室"]),
        ("en", ["Only shadow", "Only live", "Both", "not heard", "Not heard yet: Fresh draft"]),
    ],
)
def test_it_counts_and_lists_what_the_shadow_would_have_raised(
    panel: tuple[Desk, Locator], language: str, texts: list[str]
) -> None:
    desk, shadows = panel
    desk.speak(language)
    desk.page.goto(f"{desk.url}/#/report")
    for text in texts:
        expect(shadows).to_contain_text(text)
    cells = shadows.locator("[data-shadow=draft] [data-stage=alarm] td.number")
    expect(cells).to_have_text(["6", "2", "1", "4", "−20 s" if language == "en" else "−20 秒"])
    expect(shadows.locator("[data-shadow=draft] [data-stage]")).to_have_count(2)
    expect(shadows.locator("tr[data-fate]")).to_have_count(3)
    shadows.scroll_into_view_if_needed()
    desk.picture(f"shadows-{language}")
    assert desk.page.evaluate("document.querySelector('[data-test=shadows]').scrollWidth <= window.innerWidth")
    assert desk.errors == []


def test_disagreements_lead_to_the_case_and_to_why_not(panel: tuple[Desk, Locator]) -> None:
    desk, shadows = panel
    desk.speak("en")
    desk.page.goto(f"{desk.url}/#/report")
    shadows.locator("[data-fate-choice=only_shadow]").click()
    expect(shadows.locator("tr[data-fate]")).to_have_count(1)
    with desk.page.expect_request(lambda request: "/v1/why-not?" in request.url) as asked:
        shadows.locator("[data-test=shadow-why]").click()
    assert "zone=b03%2Fu1%2F0502" in asked.value.url
    expect(shadows.locator("[data-test=why-not]")).to_contain_text("Nothing")
    expect(shadows.locator("[data-test=quiet-rules]")).to_contain_text("nothing from here concerned (1): r")
    desk.picture("shadows-why-not")
    shadows.locator("[data-fate-choice=only_live]").click()
    with desk.page.context.expect_page() as opened:
        shadows.locator("[data-test=shadow-case]").click()
    expect(opened.value).to_have_url(f"{desk.url}/#/incidents/{night.FIRE}")
    assert desk.errors == []


def test_the_stretch_of_the_page_is_the_panel_s(panel: tuple[Desk, Locator]) -> None:
    desk, shadows = panel
    desk.page.goto(f"{desk.url}/#/report")
    expect(shadows.locator("[data-shadow]")).to_have_count(1)
    with desk.page.expect_request(lambda request: request.url.endswith("/v1/reports/shadow?days=1")):
        desk.page.locator("[data-days='1']").click()


@pytest.mark.parametrize(("language", "text"), [("zh-CN", "没有影子规则"), ("en", "There are no shadow rules")])
def test_without_a_shadow_it_says_how_to_try_one(browser: Browser, site: Site, language: str, text: str) -> None:
    site.clock.now = HEARD_AT
    with desk_at(browser, site.url) as desk:
        desk.log_in(TOKEN)
        desk.speak(language)
        desk.page.goto(f"{desk.url}/#/report")
        empty = desk.page.locator("[data-test=shadow-empty]")
        expect(empty).to_contain_text(text)
        expect(empty).to_contain_text("shadow: true")
        desk.picture(f"shadows-empty-{language}")
        assert desk.errors == []
