"""The strip of what holds beside the cases, in a real browser: modes with their end, and the list of shelves."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from rules.effects import RecordFact, SaveAlarm, SavePlaceMode
from rules.model import Entity, Level, Reason, Sentence
from rules.place import PlaceMode
from tests.dashboard import night
from tests.dashboard.browser import Desk
from tests.dashboard.conftest import TOKEN, Site
from tests.dashboard.night import NOW
from tests.handlers import records

pytestmark = pytest.mark.needs("chromium")

HOUR_MS = 3_600_000
NIGHT = PlaceMode(
    id="m-1",
    community=night.COMMUNITY,
    zone="",
    mode="night",
    source="",
    set_by="李敏",
    reason="",
    since_at=NOW - HOUR_MS,
    until_at=None,
)
AWAY = replace(NIGHT, id="m-2", zone="b03/u1/0502", mode="away", reason="探亲", until_at=NOW + 2 * HOUR_MS)


def shelve(site: Site) -> None:
    shelved = replace(
        records.alarm("a-s", at=NOW - HOUR_MS, state="shelved"),
        incident_id="i-small-0",
        zone="b02/lift-1",
        level=Level.YELLOW,
        shelved_by="王强",
        shelve_reason="维保中",
        shelved_until_at=NOW + HOUR_MS,
    )
    once = replace(shelved, id="a-o", zone="garage-b1", level=Level.BLUE, shelved_until_at=None, shelve_reason="泵在修")
    site.books.write_all([SaveAlarm(shelved), SaveAlarm(once)])


def told(site: Site, mode: PlaceMode, transition: str) -> None:
    """A mode changes, and the timeline says so, as the chain does."""
    (incident,) = [each for each in night.kitchen_fire(NOW) if isinstance(each, RecordFact)][:1]
    fact = replace(
        incident.fact,
        id=f"f-{transition}",
        at=NOW + 1,
        entity=Entity.ZONE,
        entity_id=mode.zone or "*",
        incident_id="",
        transition=transition,
        reason=Reason.OPERATOR_ASKED,
        sentence=Sentence("模式", "mode"),
    )
    site.books.write_all([SavePlaceMode(mode), RecordFact(fact)])


def test_nothing_that_holds_takes_no_room(desk: Desk) -> None:
    desk.log_in(TOKEN)
    desk.queue()
    expect(desk.page.locator("[data-test=standing]")).to_have_count(0)


@pytest.mark.parametrize(
    ("language", "everywhere", "changed", "shelves", "once"),
    [
        ("zh-CN", "全社区", "直到更改", "已搁置报警：2", "搁置至恢复一次：泵在修"),
        ("en", "Whole community", "until changed", "Shelved alarms: 2", "until it has gone back once: 泵在修"),
    ],
)
def test_modes_and_shelves_are_seen_with_place_person_and_end(
    desk: Desk, night_site: Site, language: str, everywhere: str, changed: str, shelves: str, once: str
) -> None:
    night_site.books.write_all([SavePlaceMode(NIGHT), SavePlaceMode(AWAY)])
    shelve(night_site)
    desk.log_in(TOKEN)
    desk.speak(language)
    strip = desk.page.locator("[data-test=standing]")
    held = strip.locator("[data-mode=night]")
    expect(held).to_contain_text(everywhere)
    expect(held).to_contain_text("李敏")
    expect(held).to_contain_text(changed)
    expect(strip.locator("[data-mode=away]")).to_have_attribute("title", re.compile("探亲"))
    button = strip.locator("[data-test=shelves]")
    expect(button).to_have_text(shelves)
    button.click()
    shelf = desk.page.locator("[data-test=shelf-list]")
    expect(shelf.locator("li")).to_have_count(2)
    expect(shelf).to_contain_text("维保中")
    expect(shelf).to_contain_text(once)
    desk.picture(f"standing-{language}")
    shelf.locator("button").first.click()
    expect(desk.page.locator("[data-case=i-small-0]")).to_be_visible()
    assert desk.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert desk.errors == []


def test_a_mode_that_is_set_or_over_is_seen_at_once(desk: Desk, night_site: Site) -> None:
    desk.log_in(TOKEN)
    desk.queue()
    told(night_site, NIGHT, "mode_set")
    expect(desk.page.locator("[data-mode=night]")).to_be_visible()
    told(night_site, replace(NIGHT, ended_at=NOW + 2), "mode_ended")
    expect(desk.page.locator("[data-test=standing]")).to_have_count(0)
    assert desk.errors == []


def test_many_modes_are_counted_and_named_on_pointing(desk: Desk, night_site: Site) -> None:
    night_site.books.write_all([SavePlaceMode(replace(NIGHT, id=f"m{n}", zone=f"b0{n}")) for n in range(1, 9)])
    desk.log_in(TOKEN)
    strip = desk.page.locator("[data-test=standing]")
    expect(strip.locator("[data-mode]")).to_have_count(5)
    expect(strip).to_contain_text("+3")
    assert desk.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
