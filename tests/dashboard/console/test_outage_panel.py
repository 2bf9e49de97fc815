"""The console's list and form of what is out of service, and the line that says what would be hidden, in a real browser."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from rules.effects import SaveAlarm, SaveOutage
from rules.model import Level
from rules.place import Outage
from tests.dashboard import night
from tests.dashboard.browser import Desk
from tests.dashboard.conftest import TOKEN, Site
from tests.dashboard.night import NOW

pytestmark = pytest.mark.needs("chromium")

HOUR_MS = 3_600_000


def outage(name: str, **changes: object) -> SaveOutage:
    made = Outage(
        id=name,
        community=night.COMMUNITY,
        zone="b03/u1",
        device="",
        owner="王工",
        reason="消防水泵年检",
        from_at=NOW - HOUR_MS,
        until_at=NOW + HOUR_MS,
        is_running=True,
        held_count=3,
    )
    return SaveOutage(replace(made, **changes))  # type: ignore[arg-type]


@pytest.fixture
def night_site(night_site: Site) -> Site:
    works = outage("o-1")
    detector = outage(
        "o-2", zone="", device="smoke-b03-0502-kitchen", from_at=NOW + HOUR_MS, is_running=False, is_life_safety=True
    )
    night_site.books.write_all([works, detector])
    return night_site


@pytest.mark.parametrize(
    ("language", "told", "texts"),
    [
        (
            "zh-CN",
            "会隐去 0 条",
            ["3 号楼 1 单元", "停用中，已隐去 3 条报警", "王工：消防水泵年检", "计划停用", "含生命安全报警"],
        ),
        (
            "en",
            "0 of 0 alarms would have been hidden",
            ["Running, 3 alarms held", "王工: 消防水泵年检", "Planned", "Life-safety alarms too"],
        ),
    ],
)
def test_what_is_out_of_service_is_listed_with_owner_reason_and_end(
    desk: Desk, language: str, told: str, texts: list[str]
) -> None:
    desk.log_in(TOKEN)
    desk.speak(language)
    desk.page.click("[data-test=outages]")
    expect(desk.page.locator("[data-outage]")).to_have_count(2)
    for text in texts:
        expect(desk.page.locator("[data-test=outage-list]")).to_contain_text(text)
    desk.page.fill("[name=place]", "smoke-b03-0502-kitchen")
    expect(desk.page.locator("[data-test=preview]")).to_contain_text(told)
    desk.picture(f"outages-{language}")
    assert desk.errors == []


def test_a_place_is_taken_out_of_service_by_the_form(desk: Desk, night_site: Site) -> None:
    desk.log_in(TOKEN)
    desk.page.click("[data-test=outages]")
    expect(desk.page.locator("[data-test=maintain]")).to_be_disabled()
    desk.page.locator("[data-test=zone]").click()
    desk.page.fill("[name=place]", "b03")
    expect(desk.page.locator("[data-test=preview]")).to_contain_text("过去 7 天")
    desk.page.fill("[name=reason]", "水泵检修")
    desk.page.click("[data-test=maintain]")
    expect(desk.page.locator("[data-test=outage-answer]")).to_be_visible()
    (asked,) = night_site.door.actions
    assert (asked["verb"], asked["entity"], asked["entity_id"], asked["community"]) == (
        "maintain",
        "zone",
        "b03",
        night.COMMUNITY,
    )
    assert asked["arguments"] == {"reason": "水泵检修", "for_s": 7200}


def test_it_is_ended_early_by_its_button(desk: Desk, night_site: Site) -> None:
    desk.log_in(TOKEN)
    desk.page.click("[data-test=outages]")
    desk.page.locator("[data-outage=o-1] [data-test=restore]").click()
    expect(desk.page.locator("[data-test=outage-answer]")).to_be_visible()
    (asked,) = night_site.door.actions
    assert (asked["verb"], asked["entity"], asked["entity_id"], asked["arguments"]) == ("restore", "zone", "b03/u1", {})


def test_a_refusal_is_told_with_its_sentence(desk: Desk, night_site: Site) -> None:
    night_site.door.action_status = 409
    desk.log_in(TOKEN)
    desk.page.click("[data-test=outages]")
    desk.page.locator("[data-outage=o-1] [data-test=restore]").click()
    expect(desk.page.locator("[data-test=outage-answer].bad")).to_contain_text("警情已结案")


def test_before_shelving_it_is_said_what_would_have_been_hidden(desk: Desk, night_site: Site) -> None:
    [gas] = [effect.alarm for effect in night.gas_leak(NOW) if isinstance(effect, SaveAlarm)]
    night_site.books.write(SaveAlarm(replace(gas, id="a-sump", incident_id="i-small-1", level=Level.YELLOW)))
    desk.log_in(TOKEN, path="/#/incidents/i-small-1")
    desk.press("shelve", within="[data-signal=a-sump]")
    expect(desk.page.locator(".el-dialog [data-test=preview]")).to_contain_text("过去 7 天：会隐去 0 条报警")
    desk.picture("shelving")
