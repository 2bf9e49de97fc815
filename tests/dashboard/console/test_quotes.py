"""What a resident wrote is on the desk at once: in the queue, in the case and in its story, as text and never as markup."""

import base64
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from dashboard.photo_bytes import Photo
from rules.effects import Effect, RecordFact, SaveIncident
from rules.model import Entity, Incident, Level, Network, Quote, Reason, Speaker
from tests.dashboard import night
from tests.dashboard.browser import LARGE, SMALL, Desk
from tests.dashboard.conftest import TOKEN, Site
from tests.dashboard.night import NOW

pytestmark = pytest.mark.needs("chromium")

CASE = "i-7701be5d1c20aa31"
KITCHEN = "着火或冒烟: 三楼厨房着火了，有老人"
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
HOSTILE = '<img src=x onerror="window.hacked=1"> https://evil.example <b>3 楼</b>'


def quote(number: int, words: str, by: Speaker = Speaker.PERSON, media: str = "") -> Quote:
    return Quote(
        event_id=f"r-{number}",
        signal_id="a-77",
        by=by,
        device=f"web.fire.{number}",
        network=Network.INTERNET,
        zone="b02/u1",
        received_at=NOW - 60_000 + number * 1000,
        occurred_at=None,
        words=words,
        media=media,
    )


def reported(*quotes: Quote, count: int) -> list[Effect]:
    """A fire of which residents tell, and the story of it."""
    zh, en = "2 号楼 1 单元 有居民报火情", "a resident tells of a fire"
    case: Incident = night.incident(CASE, "fire", Level.RED, "open", "b02/u1", NOW - 60_000, zh, en, is_life_safety=True)
    line = night.fact(
        1, NOW - 59_000, Entity.INCIDENT, "quoted", "有人上报，原话见此", "in their own words", Reason.REPORTED, CASE
    )
    told = RecordFact(replace(line.fact, value=quotes[0].words))
    return [SaveIncident(replace(case, quotes=quotes, quote_count=count)), told]


def test_the_words_are_read_in_the_queue_in_the_case_and_in_its_story(desk: Desk, night_site: Site) -> None:
    desk.log_in(TOKEN)
    photo, script = "https://app.example/p/1.jpg", "javascript:alert(1)"
    said = (quote(1, KITCHEN), quote(2, HOSTILE, media=script), quote(3, "已到现场", Speaker.GUARD, photo))
    night_site.books.write_all(reported(*said, count=5))
    row = desk.page.locator(f"[data-incident='{CASE}']")
    expect(row.locator("[data-test=quote]")).to_have_text("“已到现场”")
    row.click()
    quotes = desk.page.locator("[data-test=quotes] [data-quote]")
    expect(quotes).to_have_count(3)
    expect(quotes.nth(0)).to_contain_text("保安／网格员")
    expect(quotes.nth(0)).to_contain_text("2 号楼 1 单元")
    expect(quotes.nth(0).get_by_role("link")).to_have_attribute("href", photo)
    expect(quotes.nth(0).get_by_role("link")).to_have_attribute("rel", "noopener noreferrer")
    expect(quotes.nth(1).locator("blockquote")).to_have_text(HOSTILE)
    expect(quotes.nth(1).get_by_role("link")).to_have_count(0)
    expect(quotes.nth(2)).to_contain_text("上报人")
    expect(quotes.nth(2)).to_contain_text(KITCHEN)
    expect(desk.page.locator("[data-test=quotes]")).to_contain_text("另有更早的 2 条")
    expect(desk.page.locator("[data-fact='incident.quoted'] blockquote")).to_have_text(KITCHEN)
    assert desk.page.evaluate("window.hacked") is None
    assert desk.outside == []
    for name, size in (("small", SMALL), ("large", LARGE)):
        desk.page.set_viewport_size(size)
        desk.picture(f"quotes-{name}")
    assert desk.errors == []


def test_a_photograph_that_came_with_it_is_seen_in_the_case(desk: Desk, night_site: Site) -> None:
    desk.log_in(TOKEN)
    photos = night_site.web.photos
    assert photos is not None
    name = photos.keep(Photo("png", base64.b64decode(DOT)), NOW)
    night_site.books.write_all(reported(quote(1, KITCHEN, media=f"/v1/photos/{name}"), count=1))
    desk.page.locator(f"[data-incident='{CASE}']").click()
    shown = desk.page.locator("[data-test=photo]")
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("naturalWidth", 1)
    assert desk.outside == []
    assert desk.errors == []


def test_the_queue_brings_the_newest_words_alone(site: Site) -> None:
    site.clock.now = NOW
    site.books.write_all(reported(*[quote(number, f"{number} 楼") for number in range(8)], count=9))
    (row,) = site.client().get("/v1/incidents").json()["incidents"]
    assert [one["words"] for one in row["incident"]["quotes"]] == ["7 楼"]
    assert row["incident"]["quote_count"] == 9
    whole = site.client().get(f"/v1/incidents/{CASE}").json()["incident"]
    assert len(whole["quotes"]) == 8
