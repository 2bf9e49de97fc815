"""A case as an NGSI-LD alert: the form of the published sample, and our own reader understands it."""

import json
from typing import Any

import pytest

from handlers.exchange.ngsi_ld import entity_id, write_ngsi_ld
from handlers.exchange.told_case import Place
from rules.model import Level, Sentence, Status
from tests.handlers.exchange.test_cap import NOWHERE, PLACE, T0, case
from tests.ingest.reading import SHARED, Reader


def entity(place: Place = PLACE, **changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(write_ngsi_ld(case(**changes), source="https://desk.jade.example", place=place))
    return found


@pytest.mark.needs("recordings")
def test_it_has_the_form_of_the_published_sample() -> None:
    sample = json.loads((SHARED / "payloads" / "fiware_alert" / "example-normalized.jsonld").read_text(encoding="utf-8"))
    ours = entity(hazard="flood", is_over=True)
    assert set(sample) <= set(ours)
    for name, value in sample.items():
        if isinstance(value, dict):
            assert (name, ours[name]["type"]) == (name, value["type"])
    assert ours["dateIssued"]["value"].keys() == sample["dateIssued"]["value"].keys()


def test_our_own_reader_understands_it() -> None:
    event = Reader("fiware").one(entity())
    assert (event.kind, event.state, event.occurred_at) == ("report", "on", T0)
    assert event.attributes["urgency"] == "emergency"
    assert (event.attributes["latitude"], event.attributes["longitude"]) == (30.67, 104.06)
    flood = Reader("fiware").one(entity(hazard="flood", level=Level.ORANGE, is_over=True, changed_at=T0 + 60_000))
    assert (flood.kind, flood.attributes["level"], flood.attributes["expires_at"]) == ("warning_signal", "orange", T0 + 60_000.0)


@pytest.mark.parametrize(("level", "severity"), [*zip(Level, ("critical", "high", "medium", "low"), strict=True)])
def test_the_four_colours(level: Level, severity: str) -> None:
    assert entity(level=level)["severity"]["value"] == severity


@pytest.mark.parametrize(
    ("status", "mark"), [(Status.EXERCISE, "【演练 Exercise】"), (Status.TEST, "【测试 Test】"), (Status.ACTUAL, "3栋火灾")]
)
def test_an_exercise_says_so_first(status: Status, mark: str) -> None:
    told = entity(status=status)
    assert told["description"]["value"].startswith(mark)
    assert told["data"]["value"]["status"] == status.value


def test_what_is_not_known_is_not_there() -> None:
    told = entity(NOWHERE, hazard="another", title=Sentence("甲", "A"))
    assert not {"location", "subCategory", "validTo"} & set(told)
    assert told["category"]["value"] == "security"
    assert told["id"] == entity_id(case()) == "urn:ngsi-ld:Alert:shouwang:jade:i-1"
