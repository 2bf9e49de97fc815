"""The banner of an alarm flood, in a real browser: what explains it, lives first; and nothing where there is none."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from rules.definition import RulePack
from rules.effects import Effect, RecordFact, SaveAlarm, SaveIncident
from rules.model import Alarm, Entity, Fact, Level, Reason, Sentence
from tests.dashboard import night
from tests.dashboard.browser import Desk
from tests.dashboard.conftest import TOKEN, Site
from tests.dashboard.night import NOW
from tests.handlers import records
from tests.rules.score import pack, rule

pytestmark = pytest.mark.needs("chromium")

TITLES = {
    "power": Sentence("停电", "Power cut"),
    "fault": Sentence("设备故障", "Device fault"),
    "combustible_gas": Sentence("可燃气体", "Combustible gas"),
    "heat": Sentence("温升", "Heat"),
    "smoke": Sentence("烟雾", "Smoke"),
}
BANNER = f"[data-flood='{night.COMMUNITY}/']"


def named() -> RulePack:
    return pack(*[replace(rule(name, "generic"), title=title) for name, title in TITLES.items()])


@pytest.fixture
def night_site(night_site: Site) -> Site:
    night_site.app.state.web = replace(night_site.web, find_pack=named)
    return night_site


def told(name: str, at: int, entity: Entity, entity_id: str, transition: str, to_state: str) -> RecordFact:
    fact = Fact(
        id=name,
        at=at,
        community=night.COMMUNITY,
        entity=entity,
        entity_id=entity_id,
        incident_id="",
        transition=transition,
        from_state="",
        to_state=to_state,
        reason=Reason.FLOOD_BEGAN,
        cause_id="e",
        sentence=Sentence("警报洪泛", "alarm flood"),
        zone="b02",
        rule="fault",
    )
    return RecordFact(fact)


def power_cut(count: int = 40) -> list[Effect]:
    """A power cut in building 2, and the faults that follow from it; a flood begins with the eleventh of them."""
    lost = night.incident("i-power", "device_lost", Level.ORANGE, "open", "b02", NOW - 60_000, "2 号楼停电", "Power cut")
    case = replace(lost, hazard="electric", title=TITLES["power"])
    cut = replace(
        records.alarm("a-power", at=NOW - 60_000),
        incident_id=case.id,
        hazard="electric",
        rule="power",
        zone="b02",
        level=Level.ORANGE,
        is_latching=False,
    )
    others: list[Alarm] = [
        replace(
            cut, id=f"a-f{number}", zone=f"b02/u1/{number}", rule="fault", level=Level.YELLOW, state="suppressed", cause_id=cut.id
        )
        for number in range(count - 1)
    ]
    lines = [
        told(f"f-{number}", NOW - 60_000 + number * 1000, Entity.ALARM, one.id, "opened", "unacknowledged")
        for number, one in enumerate(others)
    ]
    began = told("f-began", NOW - 50_000, Entity.POSITION, night.COMMUNITY, "flood_began", "flood")
    return [SaveIncident(case), *[SaveAlarm(one) for one in (cut, *others)], *lines[:11], began, *lines[11:]]


def test_without_a_flood_it_takes_no_room(desk: Desk) -> None:
    desk.log_in(TOKEN)
    desk.queue()
    expect(desk.page.locator("[data-flood]")).to_have_count(0)
    assert desk.errors == []


@pytest.mark.parametrize(
    ("language", "title", "share", "life"),
    [("zh-CN", "警报洪泛", "40 / 43 条", "生命安全"), ("en", "Alarm flood", "40 of 43", "Life safety")],
)
def test_the_causes_stand_below_the_top_and_lives_come_first(
    desk: Desk, night_site: Site, language: str, title: str, share: str, life: str
) -> None:
    night_site.books.write_all(power_cut())
    desk.log_in(TOKEN)
    desk.speak(language)
    banner = desk.page.locator(BANNER)
    expect(banner).to_contain_text(title)
    causes = banner.locator("[data-cause]")
    expect(causes).to_have_count(4)
    assert [str(each.get_attribute("data-cause")) for each in causes.all()][-1] == "power", (
        "explains most, but no life hangs on it"
    )
    expect(causes.first).to_contain_text(life)
    power = banner.locator("[data-cause=power]")
    expect(power).to_contain_text(share)
    expect(power).not_to_contain_text(life)
    desk.picture(f"flood-{language}")
    power.click()
    expect(desk.page.locator("[data-case=i-power]")).to_be_visible()
    assert desk.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert desk.errors == []


def test_what_explains_most_is_never_behind_the_rest(desk: Desk, night_site: Site) -> None:
    fire = night.kitchen_fire(NOW)
    alarm = next(each.alarm for each in fire if isinstance(each, SaveAlarm))
    lives = [SaveAlarm(replace(alarm, id=f"a-l{number}", zone=f"b1{number}/u1")) for number in range(7)]
    night_site.books.write_all([*power_cut(), *lives])
    desk.log_in(TOKEN)
    banner = desk.page.locator(BANNER)
    expect(banner.locator("[data-cause]")).to_have_count(6)
    expect(banner.locator("[data-cause]").last).to_have_attribute("data-cause", "power")
    expect(banner).to_contain_text("另有 5 个原因")
    assert desk.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_it_comes_with_the_flood_and_goes_with_it(desk: Desk, night_site: Site) -> None:
    desk.log_in(TOKEN)
    desk.queue()
    night_site.books.write_all(power_cut())
    expect(desk.page.locator(BANNER)).to_be_visible()
    night_site.books.write_all([told("f-over", NOW, Entity.POSITION, night.COMMUNITY, "flood_over", "normal")])
    expect(desk.page.locator("[data-flood]")).to_have_count(0)
    assert desk.errors == []
