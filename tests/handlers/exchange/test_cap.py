"""A case as CAP: valid by the schema and by a validator of others, and our own reader hears its whole life."""

from collections.abc import Sequence
from typing import Any

import pytest
from capvalidator import check_schema  # type: ignore[import-untyped]  # it brings no types
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from handlers.exchange.cap import Sent, identifier_of, write_cap
from handlers.exchange.told_case import Place, ToldCase, of_incident, of_warning
from rules.model import Level, Sentence, Status, Verdict
from tests.handlers.records import incident, warning
from tests.ingest.reading import SHARED, Reader

T0 = 1_772_445_600_000
SQUARE = ((30.6, 104.0), (30.6, 104.1), (30.7, 104.1), (30.7, 104.0), (30.6, 104.0))
PLACE = Place(name=Sentence("翠苑社区", "Jade Garden"), latitude=30.67, longitude=104.06, adcode="510107", polygon=SQUARE)
NOWHERE = Place(name=Sentence("", ""))


def case(**changes: Any) -> ToldCase:
    given: dict[str, Any] = {
        "id": "i-1",
        "community": "jade",
        "hazard": "fire",
        "level": Level.RED,
        "status": Status.ACTUAL,
        "zone": "b03/u2",
        "opened_at": T0,
        "changed_at": T0,
        "title": Sentence("3栋火灾", "Fire in building 3"),
        "text": Sentence("烟感报火警", "A smoke detector reports fire"),
        "has_happened": True,
        "is_over": False,
    }
    return ToldCase(**(given | changes))


def message(told: ToldCase, before: Sequence[Sent] = (), place: Place = PLACE, sent_at: int = T0) -> bytes:
    return write_cap(told, sender="desk@jade.example", sent_at=sent_at, place=place, number=len(before) + 1, before=before)


def texts(document: bytes, name: str) -> list[str]:
    return [each.text or "" for each in etree.fromstring(document).iter(f"{{urn:oasis:names:tc:emergency:cap:1.2}}{name}")]


BEFORE = (Sent("i-1.1", T0), Sent("i-1.2", T0 + 60_000))
CASES = [
    pytest.param(case(), (), id="a first message"),
    pytest.param(case(level=Level.ORANGE), BEFORE, id="an update"),
    pytest.param(case(is_over=True), BEFORE, id="all clear"),
    pytest.param(case(is_over=True, is_untrue=True), BEFORE, id="cancelled"),
    pytest.param(case(status=Status.EXERCISE), (), id="an exercise"),
    pytest.param(case(status=Status.TEST), (), id="a test"),
    pytest.param(case(has_happened=False, hazard="typhoon", zone=""), (), id="a warning of what the pack added"),
]


@pytest.mark.parametrize("place", [PLACE, NOWHERE, Place(name=Sentence("家", "home"), latitude=0.0, longitude=0.0)])
@pytest.mark.parametrize(("told", "before"), CASES)
def test_a_validator_of_others_finds_it_valid(told: ToldCase, before: Sequence[Sent], place: Place) -> None:
    document = message(told, before, place, T0 + 120_000)
    assert check_schema(document).passed, document.decode()
    assert Reader("cap").events(document)  # and all rules that no schema can say


@pytest.mark.needs("recordings")
@pytest.mark.parametrize(("told", "before"), CASES)
def test_the_schema_of_the_standard_finds_it_valid(told: ToldCase, before: Sequence[Sent]) -> None:
    schema = etree.XMLSchema(etree.parse(str(SHARED / "payloads" / "cap12_oasis" / "CAP-v1.2.xsd")))
    schema.assertValid(etree.fromstring(message(told, before, sent_at=T0 + 120_000)))


def test_the_life_of_a_case_as_others_hear_it() -> None:
    route = Reader("cap")
    first = message(case())
    second = message(case(level=Level.ORANGE), BEFORE[:1], sent_at=T0 + 60_000)
    last = message(case(is_over=True), BEFORE, sent_at=T0 + 120_000)
    heard = [
        [(each.device, each.state, each.attributes.get("level")) for each in route.events(each)] for each in (first, second, last)
    ]
    one, two, three = (f"desk@jade.example,i-1.{number}" for number in (1, 2, 3))
    assert heard == [
        [(one, "on", "red")],
        [(two, "on", "orange"), (one, "off", None)],
        [(three, "off", "red"), (two, "off", None)],
    ]


def test_both_languages_and_the_place() -> None:
    document = message(case())
    assert texts(document, "language") == ["zh-CN", "en-US"]
    assert texts(document, "event") == ["3栋火灾", "Fire in building 3"]
    assert texts(document, "areaDesc") == ["翠苑社区 b03/u2", "Jade Garden b03/u2"]
    assert texts(document, "polygon")[0].split()[0] == "30.600000,104.000000"
    assert texts(document, "sent") == ["2026-03-02T18:00:00+08:00"]
    assert "shouwang:hazard" in texts(document, "valueName")
    (event,) = Reader("cap").events(document)
    assert (event.attributes["headline"], event.attributes["headline_en"]) == ("3栋火灾", "Fire in building 3")
    assert event.attributes["geocodes"] == "adcode:510107"


@pytest.mark.parametrize(
    ("told", "kind", "response", "urgency", "certainty"),
    [
        (case(), "Update", "Assess", "Immediate", "Observed"),
        (case(has_happened=False), "Update", "Monitor", "Expected", "Likely"),
        (case(is_over=True), "Update", "AllClear", "Past", "Observed"),
        (case(is_over=True, is_untrue=True), "Cancel", "AllClear", "Past", "Unlikely"),
    ],
)
def test_what_each_state_is_called(told: ToldCase, kind: str, response: str, urgency: str, certainty: str) -> None:
    document = message(told, BEFORE, sent_at=T0 + 120_000)
    assert texts(document, "msgType") == [kind]
    assert [texts(document, name)[0] for name in ("responseType", "urgency", "certainty")] == [response, urgency, certainty]
    assert texts(message(told), "msgType") == ["Alert"]


@pytest.mark.parametrize(("level", "severity"), [*zip(Level, ("Extreme", "Severe", "Moderate", "Minor"), strict=True)])
def test_the_four_colours(level: Level, severity: str) -> None:
    assert set(texts(message(case(level=level)), "severity")) == {severity}


@pytest.mark.parametrize(("status", "word"), [(Status.EXERCISE, "Exercise"), (Status.TEST, "Test")])
def test_an_exercise_says_so_and_is_no_real_alarm_of_any_reader(status: Status, word: str) -> None:
    document = message(case(status=status))
    assert texts(document, "status") == [word]
    assert texts(document, "note")[0].endswith(word.lower())
    assert [each.status for each in Reader("cap").events(document)] == [status]


def test_nothing_of_a_person_goes_out() -> None:
    told = of_incident(incident(acknowledged_by="zhang.san", closed_by="li.si"))
    document = message(told).decode()
    assert "zhang" not in document
    assert "li.si" not in document


def test_an_incident_and_a_warning_of_the_chain() -> None:
    closed = of_incident(incident(closed_at=T0, verdict=Verdict.FALSE))
    assert (closed.is_over, closed.is_untrue) == (True, True)
    assert (of_incident(incident(alarm_ids=("a",))).has_happened, of_incident(incident(alarm_ids=())).has_happened) == (
        True,
        False,
    )
    assert check_schema(message(closed, BEFORE, sent_at=T0 + 120_000)).passed
    told = of_warning(warning())
    assert (told.has_happened, told.is_over) == (False, False)
    assert check_schema(message(told)).passed


@given(st.text(max_size=40), st.text(max_size=40), st.text(min_size=1, max_size=20))
@example("", "", "\x08\n0")
def test_whatever_the_words_are_it_is_valid(title: str, text: str, case_id: str) -> None:
    told = case(id=case_id, title=Sentence(title, title), text=Sentence(text, text))
    document = message(told)
    assert check_schema(document).passed
    assert len(texts(document, "identifier")[0].split()) == 1


def test_identifiers_count_the_messages_of_a_case() -> None:
    assert identifier_of("i 1,2", 3) == "i-1-2.3"
