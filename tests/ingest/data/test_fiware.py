"""FIWARE alerts: the published samples in all their forms, and what each category means."""

import json
from typing import Any

import pytest

from tests.ingest.reading import SHARED, Reader, score

SAMPLES = SHARED / "payloads" / "fiware_alert"
ISSUED_AT = 1_483_349_155_000  # 2017-01-02T09:25:55Z
VALID_TO = 1_483_352_755_000.0


def reader() -> Reader:
    return Reader("fiware")


def entity(**changes: object) -> dict[str, object]:
    return {"id": "Alert:7", "type": "Alert", "category": "weather", "dateIssued": "2026-03-02T10:00:00Z"} | changes


@pytest.mark.needs("recordings")
@pytest.mark.parametrize("name", ["example.json", "example-1.json", "example.jsonld", "example-normalized.jsonld"])
def test_the_published_samples_say_the_same_in_every_form(name: str) -> None:
    event = reader().one((SAMPLES / name).read_bytes())
    assert (event.network.value, *score(event)) == ("data", "alarm", "warning_signal", "on", "Alert:1")
    assert (event.occurred_at, event.attributes["expires_at"]) == (ISSUED_AT, VALID_TO)
    assert (event.attributes["level"], event.attributes["category"]) == ("orange", "traffic")
    assert event.attributes["text"] == "The road is completely blocked for 3kms"
    assert (event.attributes["latitude"], event.attributes["longitude"]) == (40.423852777777775, -3.712247222222222)
    assert event.attributes["source"] == "account.lab.fiware.org"  # whose account it is, is nobody's business here


@pytest.mark.needs("recordings")
def test_the_schema_beside_the_samples_is_no_alert() -> None:
    assert "no entity" in reader().ignored((SAMPLES / "schema.json").read_bytes())


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"severity": "critical"}, {"level": "red"}),
        ({"severity": "high"}, {"level": "orange"}),
        ({"severity": "medium"}, {"level": "yellow"}),
        ({"severity": "low"}, {"level": "blue"}),
        ({"severity": "informational"}, {"level": None}),
        ({"severity": None}, {"level": None}),
        ({"subCategory": "rainfall"}, {"type": "rainstorm"}),
        ({"subCategory": "tropicalCyclone"}, {"type": "typhoon"}),
        ({"subCategory": "snail"}, {"type": None, "sub_category": "snail"}),
        ({"validTo": "soon"}, {"expires_at": None, "unreadable_expires_at": "soon"}),
        ({"location": {"type": "Point", "coordinates": [0.0, 0.0]}}, {"latitude": None, "doubtful_place": "0,0"}),
        ({"location": {"type": "Point", "coordinates": [171.3, 34.2]}}, {"latitude": 34.2, "longitude": 171.3}),
        ({"location": {"type": "Polygon", "coordinates": [[[1, 2]]]}}, {"latitude": None}),
        ({"location": {"type": "Point", "coordinates": [1]}}, {"latitude": None}),
        ({"description": "rain\x00\u202e"}, {"text": "rain"}),
        ({"alertSource": "https://[x"}, {"source": None}),
    ],
)
def test_what_a_hazard_says(changes: dict[str, object], expected: dict[str, object]) -> None:
    event = reader().one(entity(**changes))
    assert (event.kind, event.state) == ("warning_signal", "on")
    assert {name: event.attributes.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("changes", "kind", "urgency", "text"),
    [
        ({"category": "security", "subCategory": "buildingFire", "severity": "critical"}, "report", "emergency", "building fire"),
        ({"category": "security", "subCategory": "robbery", "severity": "high"}, "report", "urgent", "robbery"),
        ({"category": "health", "subCategory": "heartAttack", "severity": "low"}, "report", None, "heart attack"),
        ({"category": "health", "subCategory": "fallenPatient", "severity": "high"}, "fall", None, "fallen patient"),
        ({"category": "health", "description": "ill"}, "report", None, "ill"),
    ],
)
def test_what_people_need_help_for_is_no_weather(changes: dict[str, object], kind: str, urgency: str | None, text: str) -> None:
    event = reader().one(entity(**changes))
    assert (event.kind, event.state, event.attributes.get("urgency"), event.attributes["text"]) == (kind, "on", urgency, text)


def test_a_changed_entity_is_heard_and_a_repeated_one_is_the_same_event() -> None:
    route = reader()
    first, again, worse = (route.one(entity(severity=severity)) for severity in ("low", "low", "high"))
    assert first.id == again.id != worse.id
    assert first.device == worse.device


def test_a_notification_holds_entities_and_a_deleted_one_is_over() -> None:
    note = {"id": "n", "subscriptionId": "s", "data": [entity(), entity(id="b", deletedAt="2026-03-02T11:00:00Z")]}
    on, off = reader().events(note)
    assert (score(on)[2:], score(off)[2:]) == (("on", "Alert:7"), ("off", "b"))
    assert off.occurred_at == 1_772_449_200_000
    gone = reader().one(entity(category="security", deletedAt="2026-03-02T11:00:00Z"))
    assert score(gone) == ("alarm", "report", "off", "Alert:7")


def test_terms_may_be_written_out_as_addresses() -> None:
    body: dict[str, Any] = {
        "id": "urn:ngsi-ld:WeatherAlert:9",
        "type": "https://uri.fiware.org/ns/data-models#WeatherAlert",
        "https://uri.fiware.org/ns/data-models#severity": {"type": "Property", "value": "high"},
        "https://uri.etsi.org/ngsi-ld/default-context/category": {"value": "weather"},
    }
    event = reader().one(body)
    assert (event.device, event.attributes["level"], event.occurred_at) == ("9", "orange", None)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"{", "not_json"),
        ([1], "not_an_object"),
        ({"type": "Alert"}, "missing_field"),
        ({"type": "Alert", "id": " "}, "missing_field"),
    ],
)
def test_what_is_no_alert_is_refused(body: object, reason: str) -> None:
    assert reader().refusal(body).startswith(reason)


def test_other_entities_are_of_no_concern() -> None:
    assert reader().ignored({"id": "a", "type": "Vehicle"})
    assert reader().ignored({"id": "a", "type": ["Alert"]})
    assert reader().ignored(json.loads("[]"))


def test_one_wrong_entity_of_several_does_not_silence_the_others() -> None:
    told = reader().told([1, {"type": "Alert"}, entity()])
    assert isinstance(told, list)
    assert [type(each).__name__ for each in told] == ["Rejected", "Rejected", "Event"]


def test_a_flood_of_entities_is_refused_before_they_are_read() -> None:
    assert reader().refusal([entity() for _ in range(1001)]).startswith("too_many")


DAY_MS = 86_400_000


@pytest.mark.parametrize(
    ("changes", "later_ms", "is_same"),
    [
        ({}, 0, True),  # delivered again
        ({}, DAY_MS, False),  # tomorrow it is another
        ({"description": "the gate"}, 0, False),
        ({"severity": "critical"}, 0, False),
        ({"deletedAt": "2026-03-02T11:00:00Z"}, 0, False),
        ({"modifiedAt": "2026-03-02T11:00:00Z"}, 0, False),
        ({"subCategory": "fallenPatient"}, 0, False),
    ],
)
def test_an_alert_without_a_time_is_the_same_for_a_day_while_it_says_the_same(
    changes: dict[str, object], later_ms: int, *, is_same: bool
) -> None:
    plain = entity(category="security", dateIssued=None, description="a window")
    listening = reader()
    first = listening.one(plain, received_at=ISSUED_AT)
    second = listening.one(plain | changes, received_at=ISSUED_AT + later_ms)
    assert (first.id == second.id) is is_same


@pytest.mark.parametrize(
    ("changed", "is_same"),
    [({}, False), ({"modifiedAt": "2026-03-02T10:00:00Z"}, True), ({"dateModified": "2026-03-02T10:00:00Z"}, True)],
)
def test_a_fall_without_any_time_is_heard_each_time(changed: dict[str, object], *, is_same: bool) -> None:
    fall = entity(category="health", subCategory="fallenPatient", dateIssued=None) | changed
    listening = reader()
    first, second = (listening.one(fall, received_at=ISSUED_AT) for _ in range(2))
    assert (first.id == second.id) is is_same
