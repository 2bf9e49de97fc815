"""The page where messages are tried: a format's examples, a mapping and its faults, and what it says before anything is tried."""

from dataclasses import replace
from threading import Event

import pytest
from playwright.sync_api import Browser, expect

from dashboard.trial_shape import TrialAnswer, TrialRequest
from shouwang.trial import tried
from shouwang.trying import trials
from tests.dashboard.browser import Desk, desk_at
from tests.dashboard.conftest import TOKEN, Site
from tests.dashboard.night import NOW
from tests.dashboard.route_counts import counted

pytestmark = pytest.mark.needs("chromium")

CURSOR = "(e) => e.value.slice(e.selectionStart, e.selectionStart + 4)"


def test_what_a_device_sends_is_tried_beside_the_desk(browser: Browser, site: Site) -> None:
    site.clock.now = NOW
    gate = Event()
    gate.set()

    def run(request: TrialRequest, at: int) -> TrialAnswer:
        gate.wait(10)
        return tried(request, at)

    site.app.state.web = replace(site.web, trials=replace(trials(), run=run))
    with desk_at(browser, site.url) as desk:
        desk.log_in(TOKEN)
        link = desk.page.locator("[data-test=try]")
        assert (link.get_attribute("target"), link.get_attribute("href")) == ("_blank", "#/try")
        desk.page.goto(f"{desk.url}/#/try")
        _said(desk, "try-empty", "[data-test=try-empty]", "还没有试过", "Nothing is tried yet")
        _said(desk, "try-no-routes", "[data-test=routes-empty]", "docs/integrators.zh-CN.md", "docs/integrators.md")
        site.door.metrics = counted(garden=(12, 9, 2, 1, 0, NOW // 1000 - 120), meters=(0, 0, 0, 0, 0, 0))
        desk.page.reload()
        _said(desk, "try-routes", "[data-route=garden]", "2 分钟前", "2 min ago")
        expect(desk.page.locator("[data-route=garden] .inverse")).to_have_text("2")
        expect(desk.page.locator("[data-route=meters]")).to_contain_text("从未")
        _try_a_format(desk)
        _change_while_trying(desk, gate)
        _try_a_mapping(desk)
        assert desk.errors == []
        assert desk.outside == []


def _said(desk: Desk, name: str, where: str, zh: str, en: str) -> None:
    """It is said in both languages, and nothing is cut off."""
    for language, text in (("en", en), ("zh-CN", zh)):
        desk.speak(language)
        expect(desk.page.locator(where).first).to_contain_text(text)
        assert desk.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        desk.picture(f"{name}-{language}")


def _try_a_format(desk: Desk) -> None:
    page = desk.page
    page.select_option("[data-test=format]", "zigbee2mqtt")
    expect(page.locator("[data-message]")).to_have_count(5)
    page.fill("[name=payload-1]", '{"smoke": true}')
    page.keyboard.press("Control+Enter")
    _said(desk, "try-format", "[data-message='1'] [data-outcome=events] [data-kind=smoke]", "报警 · 烟雾 smoke", "alarm · smoke")
    expect(page.locator("[data-message='5'] [data-outcome]")).to_have_attribute("data-outcome", "ignored")
    page.fill("[name=topic-1]", "zigbee2mqtt/hall")
    expect(page.locator("[data-outcome]")).to_have_count(0)  # an answer stands beside what it answers, or not at all


def _change_while_trying(desk: Desk, gate: Event) -> None:
    page = desk.page
    gate.clear()
    page.click("[data-test=try-send]")
    page.fill("[name=topic-1]", "zigbee2mqtt/attic")
    gate.set()
    expect(page.locator("main")).to_have_attribute("aria-busy", "false")
    expect(page.locator("[data-outcome]")).to_have_count(0)


def _try_a_mapping(desk: Desk) -> None:
    page = desk.page
    page.select_option("[data-test=format]", "*")
    page.click("[data-test=try-send]")
    _said(desk, "try-mapping", "[data-message='3'] [data-outcome=rejected]", "拒收", "Rejected")
    expect(page.locator("[data-outcome=events]")).to_have_count(2)
    wrong = page.input_value("[data-test=mapping]").replace("kind: smoke", "kind: smok").replace("$.data[*]", "$.data[")
    page.fill("[data-test=mapping]", wrong)
    page.click("[data-test=try-send]")
    faults = page.locator("[data-test=mapping-faults] button")
    expect(faults).to_have_count(2)
    _said(desk, "try-faults", "[data-test=mapping-faults]", "没有该种类", "there is no alarm of kind 'smok'")
    faults.nth(1).click()
    assert page.locator("[data-test=mapping]").evaluate(CURSOR) == "smok"
