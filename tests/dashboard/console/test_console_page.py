"""The console's page in a real browser, over the real web process and a real store; only the desk behind it is played."""

import gzip
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from rules.definition import Card
from rules.effects import SaveAlarm, SaveIncident
from rules.model import Entity, GivenVerdict, Level, Reason, Sentence, Verdict
from tests.dashboard import night
from tests.dashboard.browser import LARGE, SMALL, Desk, desk_at
from tests.dashboard.conftest import TOKEN, Site
from tests.dashboard.night import NOW
from tests.rules.score import pack, rule

pytestmark = pytest.mark.needs("chromium")

FIRST_LOAD_MAX = 450_000  # bytes, gzip
HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>{{ 7*7 }}'


def test_a_wrong_token_is_refused_and_the_right_one_opens_the_desk(desk: Desk) -> None:
    desk.page.goto(desk.url)
    expect(desk.page.locator("form")).to_contain_text("token")
    desk.page.fill("#token", "sw_wrong")
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("[data-test=login-fault]")).to_contain_text("令牌不对")

    desk.page.fill("#token", f" {TOKEN} ")
    desk.page.keyboard.press("Enter")

    expect(desk.page.locator("[data-incident]")).to_have_count(6)


def test_the_queue_shows_the_worst_first_with_place_age_state_and_the_clock_that_presses(desk: Desk) -> None:
    desk.log_in(TOKEN)

    assert desk.queue()[:3] == [night.FIRE, night.GAS, "i-small-0"]
    fire = desk.page.locator(f"[data-incident='{night.FIRE}']")
    expect(fire).to_contain_text("红")
    expect(fire).to_contain_text("3 号楼 1 单元 0502 室")
    expect(fire).to_contain_text("7 分钟前")
    expect(fire).to_contain_text("处置中")
    expect(fire.locator("[data-clock=accepted]")).to_contain_text("超时 02:0")
    expect(desk.page.locator(f"[data-incident='{night.GAS}'] [data-clock=acknowledged]")).to_contain_text("剩 00:")
    expect(desk.page.locator("[data-count=orange] b")).to_have_text("2")


def test_ages_and_countdowns_tick_from_the_service_s_time(desk: Desk, night_site: Site) -> None:
    desk.log_in(TOKEN)
    gas = desk.page.locator(f"[data-incident='{night.GAS}'] [data-clock=acknowledged]")
    expect(gas).to_have_attribute("data-clock-state", "near")

    night_site.clock.now += 30_000

    expect(gas).to_have_attribute("data-clock-state", "missed")
    expect(gas).to_contain_text("超时")


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            "zh-CN",
            [
                "红色 I 级",
                "0502 厨房烟雾 12.4 %/m",
                "未核实",
                "携灭火器",
                "高于 10 %/m",
                "12.4 %/m",
                "升速超过 8 °C/min",
                "忙",
                "超过时限",
                "保安一号岗 出警",
                "微站二组 超过接单时限",
                "保安二号岗 (忙)",
                "物业服务中心",
                "微型消防站",
            ],
        ),
        (
            "en",
            [
                "Red · I",
                "flat 0502, is 12.4 %/m",
                "not verified",
                "extinguisher",
                "above 10 %/m",
                "faster than 8 °C/min",
                "deadline missed",
                "Guard post 1 set out",
                "Fire team 2 did not accept",
                "Guard post 2 (busy)",
                "Property service",
                "Micro fire station",
            ],
        ),
    ],
)
def test_a_case_tells_why_with_evidence_story_orders_and_parties(desk: Desk, language: str, texts: list[str]) -> None:
    desk.log_in(TOKEN)
    desk.speak(language)
    case = desk.open(night.FIRE)
    for text in [*texts, "smoke-b03-0502-kitchen", "2026.11", "street_office"]:
        expect(case).to_contain_text(text)
    for each in ("guard-wang", "guard-zhao", "microstation-2", "fire_station"):
        expect(case).not_to_contain_text(each)
    expect(case.locator("[data-party=property]")).to_have_attribute("title", "property")
    desk.picture(f"case-{language}")
    expect(case.locator("[data-fact]")).to_have_count(8)
    expect(case.locator("[data-dispatch=d-1] [data-clock=on_scene]")).to_have_attribute("data-clock-state", "near")
    expect(case.locator("[data-dispatch=d-2] [data-clock=accepted]")).to_have_attribute("data-clock-state", "missed")


def test_a_link_leads_to_its_case_even_through_the_login(desk: Desk) -> None:
    desk.log_in(TOKEN, path=f"/#/incidents/{night.GAS}")
    expect(desk.case(night.GAS)).to_contain_text("1203")
    assert desk.page.url.endswith(f"#/incidents/{night.GAS}")


def test_an_unknown_case_is_said_to_be_unknown(desk: Desk) -> None:
    desk.log_in(TOKEN, path="/#/incidents/i-none")
    expect(desk.page.locator("main")).to_contain_text("找不到这起警情")


def test_acknowledging_sends_one_action_in_the_operator_s_name(desk: Desk, night_site: Site) -> None:
    desk.log_in(TOKEN, operator="王芳")
    desk.open(night.GAS)
    desk.press("acknowledge")
    assert "已确认" in desk.answer("accepted")
    assert len(night_site.door.actions) == 1
    asked = night_site.door.actions[0]
    assert (asked["verb"], asked["entity"], asked["entity_id"], asked["actor"]) == ("acknowledge", "incident", night.GAS, "王芳")


def test_closing_asks_for_the_verdict_first(desk: Desk, night_site: Site) -> None:
    desk.log_in(TOKEN)
    desk.open(night.FIRE)
    desk.press("close")
    expect(desk.page.locator(".el-dialog [data-test=send]")).to_be_disabled()
    desk.picture("closing")
    assert night_site.door.actions == []

    desk.choose("real")
    desk.send()

    desk.answer("accepted")
    assert night_site.door.actions[0]["arguments"] == {"verdict": "real"}


def test_shelving_asks_for_a_reason_and_minutes_and_sends_seconds(desk: Desk, night_site: Site) -> None:
    [gas] = [effect.alarm for effect in night.gas_leak(NOW) if isinstance(effect, SaveAlarm)]
    night_site.books.write(SaveAlarm(replace(gas, id="a-sump", incident_id="i-small-1", level=Level.YELLOW)))
    desk.log_in(TOKEN, path="/#/incidents/i-small-1")
    desk.press("shelve", within="[data-signal=a-sump]")
    expect(desk.page.locator(".el-dialog [data-test=send]")).to_be_disabled()

    desk.page.fill(".el-dialog [data-argument=reason] textarea", "水泵检修")
    desk.page.fill(".el-dialog [data-argument=for_s] input", "45")
    desk.page.keyboard.press("Tab")
    desk.send()

    desk.answer("accepted")
    assert night_site.door.actions[0]["arguments"] == {"reason": "水泵检修", "for_s": 2700}


@pytest.mark.parametrize(
    ("status", "state", "text"),
    [(409, "refused", "警情已结案"), (202, "unanswered", "已记录"), (500, "unsent", "无应答")],
)
def test_an_answer_that_is_not_a_yes_is_told_with_its_sentence(
    desk: Desk, night_site: Site, status: int, state: str, text: str
) -> None:
    night_site.door.action_status = status
    desk.log_in(TOKEN)
    desk.open(night.GAS)
    desk.press("acknowledge")
    assert text in desk.answer(state)


def test_what_changes_appears_by_itself(desk: Desk, night_site: Site) -> None:
    desk.log_in(TOKEN)
    [fire] = [effect.incident for effect in night.kitchen_fire(NOW) if isinstance(effect, SaveIncident)]
    desk.open(night.FIRE)
    new = night.incident("i-new", "gas", Level.RED, "open", "b09/u1/0101", NOW, "新的一起", "a new one")
    over = replace(fire, state="closed", closed_at=NOW, closed_by="王芳")

    night_site.books.write(
        SaveIncident(new),
        night.fact(90, NOW, Entity.INCIDENT, "opened", "新的一起", "a new one", Reason.REPORTED, "i-new"),
        SaveIncident(over),
        night.fact(91, NOW, Entity.INCIDENT, "closed", "王芳 结案", "closed by 王芳", Reason.OPERATOR_ASKED),
    )

    expect(desk.page.locator("[data-incident='i-new']")).to_be_visible()
    expect(desk.page.locator(f"[data-incident='{night.FIRE}']")).to_have_count(0)
    case = desk.case(night.FIRE)
    expect(case).to_have_attribute("data-case-state", "closed")
    expect(case.locator(".head [data-verb]")).to_have_count(0)
    assert desk.queue()[0] == "i-new"


def test_what_could_not_be_read_for_a_while_is_read_when_the_store_is_back(desk: Desk, night_site: Site) -> None:
    desk.log_in(TOKEN)
    assert len(desk.queue()) == 6
    desk.page.route("**/v1/incidents/i-new", lambda route: route.fulfill(status=503, json={}), times=1)
    with desk.page.expect_response(lambda answer: answer.url.endswith("/v1/incidents/i-new") and answer.status == 503):
        night_site.books.write(
            SaveIncident(night.incident("i-new", "gas", Level.RED, "open", "b09", NOW, "新", "new")),
            night.fact(90, NOW, Entity.INCIDENT, "opened", "新", "new", Reason.REPORTED, "i-new"),
        )
    expect(desk.page.locator("[data-incident='i-new']")).to_be_visible()


def test_silence_of_the_service_is_shown_at_once_and_greys_the_picture(desk: Desk, night_site: Site) -> None:
    desk.page.clock.install()
    desk.log_in(TOKEN)
    expect(desk.page.locator("[data-test=stale]")).to_have_count(0)

    night_site.stop()
    desk.page.clock.fast_forward(16_000)

    expect(desk.page.locator("[data-test=stale]")).to_contain_text("实时数据已中断")
    expect(desk.page.locator("[data-test=stale]")).to_contain_text("电话")
    expect(desk.page.locator("[data-connection=stale]")).to_be_visible()
    expect(desk.page.locator("main.stale")).to_be_visible()
    desk.picture("stale-zh-CN")
    desk.speak("en")
    expect(desk.page.locator("[data-test=stale]")).to_contain_text("Live data is interrupted")
    desk.picture("stale-en")


def test_a_chain_that_is_not_ready_is_told_while_the_line_is_up(desk: Desk, night_site: Site) -> None:
    desk.log_in(TOKEN)
    expect(desk.page.locator("[data-trouble]")).to_have_count(0)
    night_site.door.health["ready"] = False
    expect(desk.page.locator("[data-trouble=chain_not_ready]")).to_contain_text("新的报警可能未被处理")
    night_site.door.health["ready"] = True
    expect(desk.page.locator("[data-trouble]")).to_have_count(0)


def test_a_session_that_has_ended_leads_to_the_login_and_back(desk: Desk, night_site: Site) -> None:
    desk.log_in(TOKEN)
    desk.open(night.GAS)
    desk.page.context.clear_cookies()
    desk.press("acknowledge")
    expect(desk.page.locator("[data-test=login-fault]")).to_contain_text("登录已失效")
    desk.page.fill("#token", TOKEN)
    desk.page.keyboard.press("Enter")
    desk.case(night.GAS)


def test_the_desk_can_be_worked_by_keys_alone(desk: Desk, night_site: Site) -> None:
    desk.log_in(TOKEN)
    desk.page.wait_for_selector("[data-incident]")
    desk.page.keyboard.press("j")
    desk.page.keyboard.press("j")
    desk.page.keyboard.press("j")
    desk.page.keyboard.press("k")
    desk.page.keyboard.press("Enter")
    desk.case(night.GAS)
    desk.page.keyboard.press("a")
    desk.answer("accepted")
    assert night_site.door.actions[0]["entity_id"] == night.GAS


def test_an_empty_queue_says_that_it_is_on_watch(browser: Browser, site: Site) -> None:
    with desk_at(browser, site.url) as desk:
        desk.log_in(TOKEN)
        expect(desk.page.locator("[data-test=empty]")).to_contain_text("没有未结案的警情")
        expect(desk.page.locator("main")).not_to_contain_text("从左侧选择")
        desk.picture("empty")


def test_filters_show_the_past_and_one_level(desk: Desk) -> None:
    desk.log_in(TOKEN)
    desk.page.click("text=全部 >> nth=0")
    expect(desk.page.locator("[data-incident='i-small-4']")).to_contain_text("已结案")
    desk.page.click("[data-count=blue]")
    expect(desk.page.locator("[data-incident]")).to_have_count(1)


def test_text_from_devices_and_packs_stays_text(desk: Desk, night_site: Site) -> None:
    [alarm] = [effect.alarm for effect in night.gas_leak(NOW) if isinstance(effect, SaveAlarm)]
    said = Sentence(HOSTILE, HOSTILE)
    case = night.incident(
        "i-hostile", "gas", Level.RED, "open", "b01/<i>x", NOW, HOSTILE, HOSTILE, title=said, parties=(HOSTILE,)
    )
    evidence = tuple(replace(each, device=HOSTILE, kind="constructor", state=HOSTILE, value=None) for each in alarm.evidence)
    night_site.books.write(
        SaveIncident(case),
        SaveAlarm(
            replace(alarm, id="a-x", incident_id="i-hostile", rule=HOSTILE, device=HOSTILE, sentence=said, evidence=evidence)
        ),
        night.fact(1, NOW, Entity.ALARM, "opened", HOSTILE, HOSTILE, Reason.REPORTED, "i-hostile", actor=HOSTILE),
    )
    desk.log_in(TOKEN, path="/#/incidents/i-hostile")
    expect(desk.case("i-hostile").locator("[data-test=why]")).to_have_text(HOSTILE)
    expect(desk.case("i-hostile").locator(".place")).to_have_text("1 号楼 <i>x")
    assert desk.page.evaluate("window.hacked") is None
    assert desk.page.locator("img[src=x]").count() == 0


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["1366x768", "1920x1080"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_nothing_is_cut_off_and_nothing_goes_wrong_at_either_size(
    browser: Browser, night_site: Site, size: dict[str, int], language: str
) -> None:
    with desk_at(browser, night_site.url, size) as desk:  # type: ignore[arg-type]  # the two sizes are of this type
        desk.log_in(TOKEN)
        desk.speak(language)
        desk.open(night.FIRE)
        assert desk.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert desk.page.evaluate(OVERFLOWING) == []
        assert desk.outside == []
        assert desk.errors == []


OVERFLOWING = """() => [...document.querySelectorAll('.row, .stage, .signal, .dispatch, .head, header.top-bar, .timeline li')]
  .filter((each) => each.scrollWidth > each.clientWidth + 1).map((each) => each.className + ': ' + each.innerText)"""


def test_the_first_load_is_light(built: Path) -> None:
    files = [path for path in built.rglob("*") if path.is_file()]
    weight = sum(len(gzip.compress(path.read_bytes())) for path in files)
    assert weight < FIRST_LOAD_MAX, f"{weight} bytes gzip"


def test_why_is_answered_on_asking_down_to_the_readings(desk: Desk) -> None:
    desk.log_in(TOKEN)
    desk.page.locator(f"[data-incident='{night.FIRE}']").click()
    panel = desk.page.locator("[data-test=why-panel]")
    expect(panel.locator("[data-why]")).to_have_count(0)
    panel.locator("[data-test=why-toggle]").click()
    expect(panel.locator("[data-why=event]").first).to_be_visible()
    expect(panel).to_contain_text("因为")
    expect(panel).to_contain_text("12.4 %/m")
    expect(panel.locator("[data-why=dispatch]").first).to_contain_text("略过")
    panel.locator("[data-test=why-toggle]").click()
    expect(panel.locator("[data-why]")).to_have_count(0)


def test_why_says_so_where_nothing_was_cited(desk: Desk, night_site: Site) -> None:
    bare = night.incident("i-bare", "gas", Level.RED, "open", "b07", NOW, "人工立案", "opened by hand")
    night_site.books.write_all([SaveIncident(bare)])
    desk.log_in(TOKEN)
    desk.page.locator("[data-incident='i-bare']").click()
    desk.page.locator("[data-test=why-toggle]").click()
    expect(desk.page.locator("[data-test=why-none]")).to_be_visible()


@pytest.mark.parametrize(("language", "within"), [("zh-CN", "最迟 3 分钟"), ("en", "act within 3 min")])
def test_an_alarm_says_what_to_do_and_by_when(desk: Desk, night_site: Site, language: str, within: str) -> None:
    card = Card(
        cause=Sentence("厨房起火", "a kitchen fire"),
        consequence=Sentence("烟气上窜", "smoke rises"),
        action=Sentence("派微型消防站并打119", "Send the fire team, call 119"),
        time_to_respond_s=180,
    )
    night_site.app.state.web = replace(night_site.web, find_pack=lambda: pack(rule("smoke", "smoke", card=card)))
    desk.log_in(TOKEN)
    desk.speak(language)
    case = desk.open(night.FIRE)
    head = case.locator("[data-test=what-to-do]")
    expect(head).to_contain_text(card.action.zh if language == "zh-CN" else card.action.en)
    expect(head).to_contain_text(within)
    shown = case.locator("[data-test=alarm-card]")
    expect(shown).to_have_count(1)
    expect(shown.locator("[data-test=act-within]")).to_have_text(within)
    expect(shown).to_contain_text(card.action.zh if language == "zh-CN" else card.action.en)
    desk.picture(f"alarm-card-{language}")
    assert desk.errors == []


@pytest.mark.parametrize(
    ("language", "earlier", "later"), [("zh-CN", "属实 · 李敏", "误报 · 王强"), ("en", "real · 李敏", "false alarm · 王强")]
)
def test_a_changed_verdict_stands_beside_the_earlier_one(
    desk: Desk, night_site: Site, language: str, earlier: str, later: str
) -> None:
    fire = next(effect.incident for effect in night.kitchen_fire(NOW) if isinstance(effect, SaveIncident))
    given = (
        GivenVerdict(verdict=Verdict.REAL, at=NOW - 60_000, by="李敏"),
        GivenVerdict(verdict=Verdict.FALSE, at=NOW - 30_000, by="王强", why="<b>steam</b>"),
    )
    night_site.books.write_all([SaveIncident(replace(fire, verdict=Verdict.FALSE, verdicts=given))])
    desk.log_in(TOKEN)
    desk.speak(language)
    rows = desk.open(night.FIRE).locator("[data-test=verdicts] li")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text(f"{later} · <b>steam</b>")
    expect(rows.nth(1)).to_contain_text(earlier)
    desk.picture(f"verdicts-{language}")
    desk.press("verify")
    expect(desk.page.locator(".el-dialog [data-choice=untriaged]")).to_be_visible()
    expect(desk.page.locator(".el-dialog [data-argument=reason]")).to_be_visible()
    assert desk.errors == []
