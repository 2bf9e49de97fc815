"""Residents report without a login and follow their report; the page keeps its limits and tells nothing of anybody."""

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from dashboard.report_form import BODY_MAX, WHATS
from dashboard.report_page import ASKED, OVER_ALL, PER_ADDRESS, serve_reports
from rules.effects import RecordFact, SaveAlarm, SaveDispatch, SaveIncident
from rules.model import Entity
from shouwang.settings import Settings
from tests.dashboard.conftest import Site
from tests.dashboard.night import NOW
from tests.handlers import records

FORM = {"what": "water", "text": "楼道漏水", "place": "3栋 2单元", "contact": "13812345678"}
DAY = 86_400_000


class Fields(HTMLParser):
    """The fields of a form, and the ids that labels and descriptions name."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.ids: set[str] = set()
        self.named: set[str] = set()
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        self.ids.add(given.get("id", ""))
        self.named |= set(given.get("aria-describedby", "").split()) | ({given["for"]} if "for" in given else set())
        if tag == "input" and given.get("type") != "radio":
            self.fields[given["name"]] = given.get("value", "")


@pytest.fixture
def visitor(site: Site) -> httpx.Client:
    site.clock.now = NOW
    made = httpx.Client(
        base_url=site.url, timeout=20, trust_env=False, headers={"Accept": "text/html", "Accept-Language": "zh-CN"}
    )
    site.clients.append(made)
    return made


def sent(visitor: httpx.Client, **changes: str) -> httpx.Response:
    seal = Fields(visitor.get("/report").text).fields["seal"]
    return visitor.post("/report", data={"seal": seal, **FORM, **changes})


def code_of(answer: httpx.Response) -> str:
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix("/report/").partition("?")[0]


def state(visitor: httpx.Client, code: str) -> str:
    return visitor.get(f"/report/{code}").text.partition('data-state="')[2].partition('"')[0]


def case(code: str, name: str = "i-1", **incident: object) -> list[SaveIncident | SaveAlarm | RecordFact]:
    """A case that cites the report."""
    evidence = (replace(records.EVIDENCE, device=f"web.water.{code}", kind="report"),)
    told = replace(records.fact(f"f-{name}", at=NOW + 1000), entity=Entity.ALARM, entity_id=f"a-{name}", evidence=evidence)
    alarm = replace(records.alarm(f"a-{name}", incident_id=name, at=NOW), evidence=evidence)
    kept = records.incident(name, at=NOW, hazard=f"report-{name}", **incident)  # type: ignore[arg-type]  # by name
    return [SaveIncident(kept), SaveAlarm(alarm), RecordFact(told)]


def test_a_report_goes_through_the_front_door_and_leads_to_its_code(site: Site, visitor: httpx.Client) -> None:
    code = code_of(sent(visitor))
    assert site.door.reports == [
        {
            "id": code,
            "reporter": f"water.{code}",
            "channel": "web",
            "what": "漏水",
            "text": "楼道漏水",
            "zone": "3栋/2单元",
            "address": "3栋 2单元",
            "contact": {"phone": "13812345678"},
        }
    ]
    assert site.door.actions == []
    page = visitor.get(f"/report/{code}").text
    assert "已收到，等待值班员查看" in page
    assert not any(word in page for word in ("楼道", "3栋", "138", "漏水"))


@pytest.mark.parametrize(
    ("what", "urgency"), [("fire", "urgent"), ("gas", "urgent"), ("help", "urgent"), ("lift", "urgent"), ("other", None)]
)
def test_where_a_life_may_hang_on_it_the_report_is_urgent(
    site: Site, visitor: httpx.Client, what: str, urgency: str | None
) -> None:
    code_of(sent(visitor, what=what))
    assert site.door.reports[0].get("urgency") == urgency


def test_a_qr_code_names_the_place_and_nothing_else(site: Site, visitor: httpx.Client) -> None:
    assert Fields(visitor.get("/report?zone=b03/u1").text).fields["zone"] == "b03/u1"
    for wrong in ("b03/../x y", '"><script>', "/b03", "b" * 300, "a/b/c/d/e/f/g"):
        assert "<script" not in (page := visitor.get("/report", params={"zone": wrong}).text)
        assert 'name="zone"' not in page
    code_of(sent(visitor, zone="b03/u1", place=""))
    assert site.door.reports[0]["zone"] == "b03/u1"


def test_a_telephone_number_is_no_place_and_a_flat_is(site: Site, visitor: httpx.Client) -> None:
    zones = {
        "打13812345678问": "",
        "3栋 138 1234 5678": "",
        "3栋，138-1234-5678": "",
        "(028)8555-1234": "",
        "12-2-1502": "12-2-1502",
        "3栋 2单元 1502": "3栋/2单元/1502",
        "03栋 2单元 1502 东侧": "03栋/2单元/1502/东侧",
    }
    for place in zones:
        code_of(sent(visitor, place=place))
    assert [each.get("zone", "") for each in site.door.reports] == list(zones.values())


def test_sent_twice_it_is_one_report(site: Site, visitor: httpx.Client) -> None:
    seal = Fields(visitor.get("/report").text).fields["seal"]
    assert code_of(visitor.post("/report", data={**FORM, "seal": seal})) == code_of(
        visitor.post("/report", data={**FORM, "seal": seal})
    )
    assert site.door.reports[0] == site.door.reports[1]


@pytest.mark.parametrize(
    ("changes", "zh", "en"),
    [
        ({"what": ""}, "请选择发生了什么", "Choose what has happened"),
        ({"what": "party"}, "请选择发生了什么", "Choose what has happened"),
        ({"what": "other", "text": " \u200b"}, "请写明是什么事", "write what it is"),
        ({"place": ""}, "请写明在哪里", "Write where it is"),
        ({"text": "长" * 501}, "最多 500 个字，现在 501 个", "500 letters at most, now 501"),
        ({"contact": "call me"}, "请填电话号码或邮箱", "Give a telephone number"),
        ({"website": "http://spam.example"}, "隐藏栏", "hidden field"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_given_is_kept(
    site: Site, visitor: httpx.Client, changes: dict[str, str], zh: str, en: str
) -> None:
    given = {**FORM, "place": '<b>&"3栋', **changes}
    for language, text in (("zh", zh), ("en", en)):
        answer = visitor.post(f"/report?lang={language}", data=given)
        assert (answer.status_code, site.door.reports) == (422, [])
        assert text in answer.text
        fields = Fields(answer.text)
        assert fields.named <= fields.ids
        assert fields.fields["place"] == given["place"]
        assert fields.fields["website"] == ""
        assert "<b>&" not in answer.text


def test_every_field_has_a_label_and_no_script_runs(visitor: httpx.Client) -> None:
    for language in ("zh", "en"):
        answer = visitor.get(f"/report?lang={language}")
        fields = Fields(answer.text)
        assert {"text", "place", "contact", "website"} <= fields.named <= fields.ids
        assert not {"script", "img", "iframe"} & fields.tags
        assert all((said.en if language == "en" else said.zh) in answer.text for said in WHATS.values())
        assert ("只有值班员能看" if language == "zh" else "only the duty desk sees it") in answer.text
    assert "Report to the duty desk" in visitor.get("/report", headers={"Accept-Language": "en-GB"}).text
    assert visitor.get("/report.css").headers["content-type"].startswith("text/css")


def test_the_head_of_each_page_is_strict(visitor: httpx.Client) -> None:
    for path in ("/report", f"/report/{code_of(sent(visitor))}", "/report/unknown"):
        head = visitor.get(path).headers
        assert head["cache-control"] == "no-store"
        assert head["x-robots-tag"] == "noindex, nofollow"
        assert head["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
        assert "script-src" not in head["content-security-policy"]
        assert (head["referrer-policy"], head["x-frame-options"]) == ("same-origin", "DENY")


def test_a_page_of_another_site_cannot_send(site: Site, visitor: httpx.Client) -> None:
    assert visitor.post("/report", data=FORM, headers={"Origin": "https://evil.example"}).status_code == 403
    assert visitor.post("/report", data=FORM, headers={"Origin": site.url}).status_code == 303


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"x" * (BODY_MAX + 1), 400), ("what=水".encode(), 400), (b"&".join([b"a=1"] * 30), 400), (b"", 422), (b"%ff=%00", 422)],
)
def test_what_no_form_sends_is_refused_in_words(site: Site, visitor: httpx.Client, body: bytes, status: int) -> None:
    answer = visitor.post("/report", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert (answer.status_code, site.door.reports) == (status, [])
    assert "<h1>向值班台报告</h1>" in answer.text


def test_one_address_cannot_flood_the_desk_and_others_still_report(site: Site, visitor: httpx.Client) -> None:
    statuses = [visitor.post("/report", data=FORM).status_code for _ in range(PER_ADDRESS[0] + 2)]
    assert statuses == [303] * PER_ADDRESS[0] + [429, 429]
    refused = visitor.post("/report", data=FORM)
    assert (refused.headers["retry-after"], "请打电话" in refused.text) == ("600", True)
    elsewhere = {"X-Forwarded-For": "203.0.113.7"}
    assert visitor.post("/report", data=FORM, headers=elsewhere).status_code == 303
    site.clock.now += 600_000
    assert visitor.post("/report", data=FORM).status_code == 303


def test_all_together_cannot_flood_it_either(site: Site, visitor: httpx.Client) -> None:
    statuses = [
        visitor.post("/report", data=FORM, headers={"X-Forwarded-For": f"203.0.113.{number}"}).status_code
        for number in range(OVER_ALL[0] + 1)
    ]
    assert statuses == [303] * OVER_ALL[0] + [429]
    assert len(site.door.reports) == OVER_ALL[0]


def test_while_the_desk_does_not_answer_the_page_says_to_telephone(site: Site, visitor: httpx.Client) -> None:
    for status in (503, 429, 500):
        site.door.report_status = status
        answer = sent(visitor)
        assert (answer.status_code, "请打电话报告" in answer.text) == (503, True)
    site.door.close()
    answer = sent(visitor)
    assert (answer.status_code, 'href="tel:01055501234"' in answer.text) == (503, True)


def test_the_report_is_followed_from_its_coming_to_its_end(site: Site, visitor: httpx.Client) -> None:
    code = code_of(sent(visitor))
    site.books.write(*case(code))
    assert state(visitor, code) == "received"
    site.books.write(*case(code, acknowledged_by="李敏")[:1])
    assert state(visitor, code) == "seen"
    site.books.write(SaveDispatch(replace(records.dispatch(), incident_id="i-1", state="ordered")))
    assert state(visitor, code) == "seen"
    site.books.write(SaveDispatch(replace(records.dispatch(), incident_id="i-1", state="en_route")))
    assert state(visitor, code) == "coming"
    site.books.write(*case(code, state="handling")[:1])
    assert state(visitor, code) == "coming"
    site.books.write(*case(code, closed_at=NOW + 9000)[:1])
    assert state(visitor, code) == "done"
    site.books.write(*case(code, closed_at=NOW + 9000, merged_into="i-2")[:1], SaveIncident(records.incident("i-2", at=NOW)))
    assert state(visitor, code) == "received"
    page = visitor.get(f"/report/{code}").text
    assert not any(word in page for word in ("李敏", "i-1", "i-2", "b03", "厨房"))


def test_one_of_many_reports_of_a_fire_is_followed_by_the_line_that_quotes_it(site: Site, visitor: httpx.Client) -> None:
    code = code_of(sent(visitor))
    evidence = (replace(records.EVIDENCE, device=f"web.fire.{code}", kind="report"),)
    told = replace(records.fact("f-q", at=NOW + 1000, transition="quoted"), entity=Entity.INCIDENT, evidence=evidence)
    kept = records.incident("i-1", at=NOW, hazard="fire")
    site.books.write(SaveIncident(kept), RecordFact(told))
    assert state(visitor, code) == "received"
    site.books.write(SaveIncident(replace(kept, acknowledged_by="zhang", state="acknowledged")))
    assert state(visitor, code) == "seen"
    into = records.incident("i-2", at=NOW, hazard="gas", acknowledged_by="zhang")
    site.books.write(SaveIncident(replace(kept, merged_into="i-2", closed_at=NOW + 9000)), SaveIncident(into))
    assert state(visitor, code) == "seen"
    site.books.write(SaveIncident(replace(into, closed_at=NOW + 9999)))
    page = visitor.get(f"/report/{code}").text
    assert "已处理完毕" in page
    assert "i-2" not in page


def test_another_s_case_is_not_shown_for_mine(site: Site, visitor: httpx.Client) -> None:
    mine, theirs = code_of(sent(visitor)), code_of(sent(visitor, text="别的"))
    site.books.write(*case(theirs, acknowledged_by="李敏"))
    assert (state(visitor, mine), state(visitor, theirs)) == ("received", "seen")


def test_unknown_and_expired_codes_look_alike(site: Site, visitor: httpx.Client) -> None:
    code = code_of(sent(visitor))
    unknown = visitor.get("/report/AAAAABBBBBCCCCCDDDDD")
    site.clock.now += 31 * DAY
    expired = visitor.get(f"/report/{code}")
    assert (unknown.status_code, expired.status_code) == (404, 404)
    assert unknown.text == expired.text
    assert {**unknown.headers, "date": ""} == {**expired.headers, "date": ""}


def test_without_a_setting_there_is_no_page() -> None:
    bare = FastAPI()
    before = len(bare.routes)
    serve_reports(bare, None)
    assert len(bare.routes) == before
    assert Settings(data=Path("unused")).report_page.community == ""


def test_who_asks_too_often_waits(visitor: httpx.Client) -> None:
    code = code_of(sent(visitor))
    statuses = [visitor.get(f"/report/{code}").status_code for _ in range(ASKED[0] + 1)]
    assert statuses == [200] * ASKED[0] + [429]


def test_without_the_store_the_status_page_says_so(site: Site, visitor: httpx.Client) -> None:
    code = code_of(sent(visitor))
    site.lose_store()
    answer = visitor.get(f"/report/{code}")
    assert (answer.status_code, "暂时查不到进度" in answer.text) == (503, True)
    assert code_of(sent(visitor))
