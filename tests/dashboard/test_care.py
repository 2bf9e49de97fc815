"""Care references: opened by a case, for its purpose alone, to an operator, after the look is in the journal."""

from dataclasses import replace

import pytest

from dashboard.care_list import SHOWN_MAX, CareReference, CareUnreadable, Purpose, opened_by
from rules.effects import SaveIncident
from tests.dashboard.conftest import METRICS_TOKEN, Site
from tests.handlers import records

NOW = 1_000_000


def entry(number: str, zone: str, purpose: Purpose = Purpose.EVACUATION, **changes: object) -> CareReference:
    made = CareReference(
        community="jiayuan", reference=number, zone=zone, purpose=purpose, holder="翠苑社区居委会", valid_until_at=NOW + 1
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # any field may be given by name


LIST = (
    entry("E-0601", "b03/u1/0601"),
    entry("E-0502", "b03/u1/0502"),
    entry("E-far", "b04/u1/0502"),
    entry("E-old", "b03/u1/0502", valid_until_at=NOW),
    entry("E-other", "b03/u1/0502", community="other"),
    entry("E-whole", "b03"),
    entry("C-0502", "b03/u1/0502", Purpose.CARE),
    entry("C-0601", "b03/u1/0601", Purpose.CARE),
)


@pytest.mark.parametrize(
    ("hazard", "zone", "expected"),
    [
        ("fire", "b03/u1/0502", ["E-0502", "E-whole", "E-0601"]),  # the building must be left: the flat itself first
        ("fire", "b04", ["E-far"]),
        ("sos", "b03/u1/0502", ["C-0502"]),  # care is for the flat that called
        ("elder", "b03/u1", ["C-0502", "C-0601"]),
        ("power_lost", "b03/u1/0502", ["C-0502", "C-0601"]),  # oxygen at home: whoever lives on the same riser
        ("fire", "", []),  # where is not known: nobody's reference
        ("fire", "b0", []),
        ("intrusion", "b03/u1/0502", []),
        ("report", "b03/u1/0502", []),
    ],
)
def test_a_case_opens_the_references_of_its_purpose_and_place(hazard: str, zone: str, expected: list[str]) -> None:
    assert [each.reference for each in opened_by(LIST, community="jiayuan", hazard=hazard, zone=zone, now=NOW)] == expected


@pytest.fixture
def listed(site: Site) -> Site:
    site.app.state.web = replace(site.web, find_care=lambda now: LIST if now == NOW else ())
    site.books.write(SaveIncident(records.incident()))
    return site


def test_a_look_is_journaled_with_the_name_of_who_looked_and_then_answered(listed: Site) -> None:
    answer = listed.client().post("/v1/incidents/i-1/care")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["at"], told["purpose"], [line["reference"] for line in told["lines"]]) == (
        NOW,
        "evacuation",
        ["E-0502", "E-whole", "E-0601"],
    )
    assert told["lines"][0]["sentence"] == {
        "zh": "b03/u1/0502 有 1 人需要关照，请向翠苑社区居委会凭编号 E-0502 询问",
        "en": "1 person in need of care at b03/u1/0502: ask 翠苑社区居委会 with reference E-0502",
    }
    (note,) = listed.door.actions
    assert (note["actor"], note["verb"], note["entity_id"]) == ("duty desk", "note", "i-1")
    assert note["arguments"]["text"] == "查看关爱名单引用（用途：疏散），3 条 / looked into care references for evacuation: 3"


@pytest.mark.parametrize(("count", "is_whole"), [(SHOWN_MAX, True), (SHOWN_MAX + 1, False)])
def test_what_one_look_gives_is_bounded_and_says_so(listed: Site, count: int, *, is_whole: bool) -> None:
    many = [entry(f"E-{number:04}", "b03") for number in range(count)]
    listed.app.state.web = replace(listed.web, find_care=lambda _: many)
    told = listed.client().post("/v1/incidents/i-1/care").json()
    assert (len(told["lines"]), told["is_whole"]) == (SHOWN_MAX, is_whole)


def test_a_look_that_cannot_be_journaled_shows_nothing(listed: Site) -> None:
    listed.door.action_status = 409
    assert listed.client().post("/v1/incidents/i-1/care").status_code == 409
    listed.door.close()
    answer = listed.client().post("/v1/incidents/i-1/care")
    assert answer.status_code == 503
    assert "E-0502" not in answer.text


def test_a_look_not_decided_in_time_is_in_the_journal_and_answered(listed: Site) -> None:
    listed.door.action_status = 202
    assert len(listed.client().post("/v1/incidents/i-1/care").json()["lines"]) == 3


def test_a_list_that_cannot_be_read_hides_no_case_and_is_told_to_whoever_looks(listed: Site) -> None:
    def find(_: int) -> tuple[CareReference, ...]:
        raise CareUnreadable("care.jsonl: Permission denied")

    listed.app.state.web = replace(listed.web, find_care=find)
    case = listed.client().get("/v1/incidents/i-1")
    assert (case.status_code, case.json()["care_purpose"]) == (200, "evacuation")
    look = listed.client().post("/v1/incidents/i-1/care")
    assert (look.status_code, look.json()["error"]["code"]) == (503, "care_unreadable")
    assert "Permission denied" in look.json()["error"]["zh"]
    assert listed.door.actions == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"hazard": "intrusion"}, "no_purpose"), ({"closed_at": 2000, "state": "closed"}, "illegal_now")],
)
def test_no_purpose_no_look(listed: Site, changes: dict[str, object], code: str) -> None:
    listed.books.write(SaveIncident(replace(records.incident("i-2", zone="b09"), **changes)))  # type: ignore[arg-type]  # by name
    answer = listed.client().post("/v1/incidents/i-2/care")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, code)
    assert listed.door.actions == []


def test_an_unknown_case_and_a_token_that_only_observes_open_nothing(listed: Site) -> None:
    assert listed.client().post("/v1/incidents/none/care").json()["error"]["code"] == "no_such_incident"
    assert listed.client(token=METRICS_TOKEN).post("/v1/incidents/i-1/care").status_code == 403
    assert listed.client(token=None).post("/v1/incidents/i-1/care").status_code == 401
    assert listed.door.actions == []
