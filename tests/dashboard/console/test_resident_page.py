"""The residents' page on a small telephone, without JavaScript: filled in, mended, sent, and followed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.dashboard.browser import PATIENCE_MS, Desk
from tests.dashboard.conftest import Site
from tests.dashboard.night import NOW

pytestmark = pytest.mark.needs("chromium")


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[Desk]:
    site.clock.now = NOW
    context = browser.new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False, locale="zh-CN")
    context.set_default_timeout(PATIENCE_MS)
    desk = Desk(context.new_page(), site.url)
    desk.watch()
    yield desk
    context.close()


@pytest.mark.parametrize(
    ("language", "what", "send", "fault", "received"),
    [
        ("zh", "漏水", "提交", "请填电话号码或邮箱", "已收到"),
        ("en", "Water leak", "Send", "Give a telephone number", "Received"),
    ],
)
def test_a_report_is_filled_in_mended_sent_and_followed(
    phone: Desk, site: Site, language: str, what: str, send: str, fault: str, received: str
) -> None:
    page = phone.page
    page.goto(f"{phone.url}/report?lang={language}&zone=b03/u1")
    phone.picture(f"resident-{language}")
    page.get_by_label(what).check()
    page.locator("#text").fill("楼道")
    page.locator("#contact").fill("call me")
    page.get_by_role("button", name=send).click()
    expect(page.get_by_role("alert")).to_contain_text(fault)
    expect(page.get_by_label(what)).to_be_checked()
    phone.picture(f"resident-{language}-fault")
    page.locator("#contact").scroll_into_view_if_needed()
    phone.picture(f"resident-{language}-end")
    page.locator("#contact").fill("13812345678")
    page.get_by_role("button", name=send).click()
    expect(page.locator("[data-state=received]")).to_contain_text(received)
    phone.picture(f"resident-{language}-status")
    assert len(site.door.reports) == 1
    assert phone.outside == []
    assert [fault for fault in phone.faults if "422" not in fault] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_cut_off_on_a_small_screen(phone: Desk, language: str) -> None:
    for path in ("/report", "/report/unknown"):
        phone.page.goto(f"{phone.url}{path}?lang={language}")
        width = phone.page.locator("main").bounding_box()
        assert width is not None
        assert width["x"] + width["width"] <= 320
        for box in [
            each.bounding_box()
            for each in phone.page.locator("main :is(input:not([type=hidden]):not([tabindex]), button, p)").all()
        ]:
            assert box is None or box["x"] + box["width"] <= 320
