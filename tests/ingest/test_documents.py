"""The contract's documents are the models' own words, and the examples on its page are what they say."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ingest.documents import REGENERATE, asyncapi, documents
from ingest.wire import decode, event_schema
from rules.model import Event
from tests.ingest.test_wire_refusals import CORPUS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/event-contract.md").read_text(encoding="utf-8")
SHAPES = {"wrong_type", "unknown_field", "wrong_word", "too_many", "out_of_range", "not_an_object"}
ONLY_IN_WORDS = {
    "class state",
    "16",
    "1.0",
}  # a reading's state, the levels of a zone, and 1.0, which is an integer in JSON Schema


@pytest.mark.parametrize("path", ["docs/schema/event.schema.json", "docs/schema/asyncapi.json", "docs/event-contract.md"])
def test_the_kept_document_is_the_models_own(path: str) -> None:
    assert (ROOT / path).read_text(encoding="utf-8") == documents(ROOT)[path], (
        f"the contract changed; regenerate by: {REGENERATE}"
    )


def test_the_examples_on_the_page_are_events() -> None:
    topic = re.findall(r"Topic `(\S+)`", PAGE)[0]
    examples = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)

    assert len(examples) >= 2
    for example in examples:
        (event,) = decode(topic, example.encode())
        assert isinstance(event, Event)
        Draft202012Validator(event_schema()).validate(json.loads(example))


def test_the_schema_refuses_what_the_wire_refuses_for_its_shape() -> None:
    Draft202012Validator.check_schema(event_schema())
    validator = Draft202012Validator(event_schema())
    wrong = [row[2].decode() for row in CORPUS if row[0] in SHAPES and not any(word in row[3] for word in ONLY_IN_WORDS)]

    assert len(wrong) > 15
    assert [message[:200] for message in wrong if validator.is_valid(json.loads(message))] == []


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    document = asyncapi()
    found = references(document)

    assert len(found) > 20
    for reference in found:
        place: Any = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def references(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [each for key, part in value.items() for each in ([part] if key == "$ref" else references(part))]
    return [each for part in value for each in references(part)] if isinstance(value, list) else []
