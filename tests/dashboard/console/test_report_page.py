"""The console's page of the report: judged figures, floods, the worst alarms and verdicts; and what it says of nothing."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect

from rules.definition import Position
from rules.effects import RecordFact, SaveAlarm, SaveIncident
from rules.model import Entity, Level, Reason, Verdict
from tests.dashboard.browser import LARGE, SMALL, Desk, desk_at
from tests.dashboard.conftest import TOKEN, Site
from tests.dashboard.night import NOW
from tests.handlers.records import alarm, fact, incident
from tests.rules.score import pack, rule, said

pytestmark = pytest.mark.needs("chromium")

HOUR = 3_600_000


@pytest.fixture
def desk(browser: Browser, site: Site) -> Iterator[Desk]:
    site.clock.now = NOW
    with desk_at(browser, site.url) as made:
        yield made


@pytest.fixture
def month(site: Site) -> Site:
    """A flood of thirty leaks, a contact that flaps, and what people found out."""
    site.clock.now = NOW
    rules = (rule("smoke", "smoke", title=said("Smoke detector")), rule("contact", "opening", title=said("Door contact")))
    desks = (
        Position(id="north", title=said("North desk"), zones=("b01",)),
        Position(id="south", title=said("South desk"), zones=("b02",)),
    )
    site.app.state.web = replace(site.web, find_pack=lambda: pack(*rules, positions=desks))
    for number in range(40):
        at = NOW - 5 * HOUR + number * 8000
        verdict = (Verdict.FALSE, Verdict.REAL, Verdict.BENIGN, Verdict.UNTRIAGED)[number % 4]
        put(site, number, at, rule="smoke", zone="b01", device=f"smoke-0{number % 7}", verdict=verdict)
    for number in range(40, 48):
        put(
            site,
            number,
            NOW - 2 * HOUR + number * 15_000,
            rule="contact",
            zone="b02",
            device="door-1",
            level=Level.BLUE,
            ended=5000,
        )
    return site


def put(
    site: Site,
    number: int,
    at: int,
    *,
    rule: str,
    zone: str,
    device: str,
    level: Level = Level.YELLOW,
    verdict: Verdict = Verdict.UNTRIAGED,
    ended: int | None = None,
) -> None:
    case = incident(f"i-{number}", zone=f"{zone}/{number}", at=at, verdict=verdict, closed_at=at + 1)
    record = replace(alarm(f"a-{number}", incident_id=case.id, at=at), rule=rule, zone=zone, device=device)
    opened = replace(
        fact(f"f-{number}", at=at, entity=Entity.ALARM),
        entity_id=record.id,
        to_state="unacknowledged",
        rule=rule,
        zone=zone,
        device=device,
        level=level,
    )
    lines = [opened]
    if ended is not None:
        cleared = replace(opened, id=f"f-{number}-over", at=at + ended, transition="cleared", from_state="unacknowledged")
        lines.append(replace(cleared, to_state="returned_unacknowledged", reason=Reason.BACK_TO_NORMAL))
    site.books.write_all([SaveIncident(case), SaveAlarm(record), *[RecordFact(each) for each in lines]])


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("zh-CN", ["报警绩效", "10 分钟内最多报警", "不超过 10", "ISA-18.2", "超标", "警报洪泛", "报得最多的", "误报率"]),
        (
            "en",
            ["Alarm performance", "Most alarms in 10 min", "at most 10", "ISA-18.2", "over", "Alarm floods", "Smoke detector"],
        ),
    ],
)
def test_each_figure_is_judged_against_its_target_with_its_source(
    desk: Desk, month: Site, language: str, texts: list[str]
) -> None:
    desk.log_in(TOKEN)
    desk.speak(language)
    desk.page.goto(f"{desk.url}/#/report")
    page = desk.page.locator("[data-test=report-page]")
    for text in texts:
        expect(page).to_contain_text(text)
    expect(page.locator("[data-figure=peak_10min]")).to_have_attribute("data-standing", "over")
    expect(page.locator("[data-figure=per_day]")).to_have_attribute("data-standing", "good")
    expect(page.locator("[data-test=floods] tbody tr")).to_have_count(1)
    expect(page.locator("[data-test=top-alarm]")).to_have_count(7)
    expect(page.locator("[data-rule=smoke]")).to_contain_text("10/30")
    desk.picture(f"report-{language}")
    desk.page.locator("[data-test=verdict-table]").scroll_into_view_if_needed()
    desk.picture(f"report-{language}-end")
    assert desk.errors == []
    assert desk.outside == []


def test_each_position_has_its_own_figures(desk: Desk, month: Site) -> None:
    desk.log_in(TOKEN)
    desk.speak("en")
    desk.page.goto(f"{desk.url}/#/report")
    page = desk.page.locator("[data-test=report-page]")
    expect(page).to_contain_text("40 alarms announced")
    page.get_by_text("South desk").click()
    expect(page).to_contain_text("8 alarms announced")
    expect(page.locator("[data-figure=chattering]")).to_have_attribute("data-standing", "over")
    expect(page).to_contain_text("Chattering or fleeting")


def test_another_stretch_is_counted_from_the_service_s_time(desk: Desk, month: Site) -> None:
    desk.log_in(TOKEN)
    desk.speak("en")
    desk.page.goto(f"{desk.url}/#/report")
    page = desk.page.locator("[data-test=report-page]")
    expect(page).to_contain_text("40 alarms announced")
    with desk.page.expect_request(lambda request: "/v1/reports/kpi?from_at=" in request.url) as asked:
        page.get_by_text("1 d", exact=True).click()
    assert abs(int(asked.value.url.rsplit("=", 1)[1]) - (NOW - 24 * HOUR)) < HOUR
    expect(page).to_contain_text("less than the 30 days")


def test_where_nothing_was_the_page_says_so(desk: Desk) -> None:
    desk.log_in(TOKEN)
    desk.speak("zh-CN")
    desk.page.goto(f"{desk.url}/#/report")
    expect(desk.page.locator("[data-test=report-empty]")).to_contain_text("这段时间没有报警")
    desk.picture("report-empty")
    assert desk.errors == []


def test_the_desk_opens_it_beside_itself_and_it_leads_back(desk: Desk, month: Site) -> None:
    desk.log_in(TOKEN)
    link = desk.page.locator("[data-test=report]")
    assert link.get_attribute("target") == "_blank"
    with desk.page.context.expect_page() as opened:
        link.click()
    expect(opened.value.locator("[data-test=report-page]")).to_be_visible()
    expect(desk.page.locator("[data-connection=live]")).to_be_visible()
    opened.value.locator("[data-test=report-page] .link").click()
    expect(opened.value.locator("header.top-bar [data-connection]")).to_be_visible()


def test_what_cannot_be_read_is_said_and_can_be_tried_again(desk: Desk, month: Site) -> None:
    desk.log_in(TOKEN)
    desk.speak("en")
    desk.page.route("**/v1/reports/kpi*", lambda route: route.abort())
    desk.page.goto(f"{desk.url}/#/report")
    expect(desk.page.locator("[data-test=report-fault]")).to_contain_text("could not be read")
    desk.page.unroute("**/v1/reports/kpi*")
    desk.page.locator("[data-test=report-fault] button").click()
    expect(desk.page.locator("[data-test=report-page]")).to_contain_text("40 alarms announced")


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["1366x768", "1920x1080"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_nothing_is_cut_off(browser: Browser, month: Site, size: dict[str, int], language: str) -> None:
    with desk_at(browser, month.url, size) as desk:  # type: ignore[arg-type]  # the two sizes are of this type
        desk.log_in(TOKEN)
        desk.speak(language)
        assert desk.page.evaluate("document.querySelector('header.top-bar').scrollWidth <= window.innerWidth")
        desk.page.goto(f"{desk.url}/#/report")
        desk.page.wait_for_selector("[data-figure]")
        assert desk.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert desk.page.evaluate(
            "[...document.querySelectorAll('section.card')].every((one) => one.scrollWidth <= one.clientWidth + 1)"
        )
