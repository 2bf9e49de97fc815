"""POST /v1/actions as bytes: the JSON object of an operator's action, read as strictly as an event's."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, NotRequired

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from ingest.careful import doubled_key, read_json, write_json
from ingest.explain import explain
from ingest.http_answers import Refusing
from ingest.refusal import SENTENCES, Refused
from ingest.text import clean_text
from rules.model import NOTHING, OperatorAction, Sentence, Verb
from rules.model import Entity as Entities

Word = Annotated[str, Field(min_length=1, max_length=256)]
Entity = Literal["warning", "alarm", "incident", "dispatch", "device", "zone"]


class ActionBody(TypedDict):
    """One action as JSON. The same id is decided once, however often it is sent."""

    __pydantic_config__ = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)  # type: ignore[misc]  # pydantic's way

    id: NotRequired[
        Annotated[Word, Field(description="Identity; the header Idempotency-Key says the same. One of them must be there.")]
    ]
    community: Annotated[str, Field(max_length=256)]
    actor: Annotated[Word, Field(description="Who decided.")]
    verb: Annotated[Literal[tuple(verb.value for verb in Verb)], Field(description="What is asked.")]  # type: ignore[valid-type]  # the enum's words
    entity: Entity
    entity_id: Word
    arguments: NotRequired[Annotated[dict[Word, Annotated[str, Field(max_length=8192)] | bool | float], Field(max_length=32)]]


ACTION: Final[TypeAdapter[ActionBody]] = TypeAdapter(ActionBody)
_TWO_IDS: Final = Sentence("请求头与正文中的标识不同。", "Idempotency-Key and id differ; send one of them, or both alike.")
_NO_ID: Final = Sentence(
    "缺少标识：请在请求头 Idempotency-Key 或正文 id 中给出，重发时用同一个。",
    "There is no identity: give one in the header Idempotency-Key or in id, and use the same when you send again.",
)


def read_action(payload: bytes, idempotency_key: str | None) -> OperatorAction:
    """The action, or a refusal (422) that says what is wrong with it."""
    body = _checked(payload, idempotency_key or "")
    if isinstance(body, Refused):
        sentence = SENTENCES[body.reason]
        raise Refusing(422, body.reason, Sentence(f"{sentence.zh}：{body.detail}", f"{sentence.en}: {body.detail}"))
    action_id = body["id"]
    if not action_id:
        raise Refusing(422, "missing_field", _NO_ID, field="id")
    if idempotency_key and idempotency_key != action_id:
        raise Refusing(422, "two_ids", _TWO_IDS, field="id")
    return OperatorAction(
        id=action_id,
        community=body["community"],
        actor=body["actor"],
        verb=Verb(body["verb"]),
        entity=Entities(body["entity"]),
        entity_id=body["entity_id"],
        arguments=MappingProxyType(body["arguments"]) if body.get("arguments") else NOTHING,
    )


def _checked(payload: bytes, idempotency_key: str) -> dict[str, Any] | Refused:
    message = read_json(payload)
    if isinstance(message, Refused):
        return message
    if (doubled := doubled_key(message)) is not None:
        return doubled
    try:
        body = ACTION.validate_json(write_json(message))
    except ValidationError as faults:
        return explain(faults, tuple(ActionBody.__annotations__))
    return _clean({**body, "id": body.get("id", idempotency_key)})


def _clean(given: Mapping[str, object]) -> dict[str, Any] | Refused:
    """The same with all texts in NFC; refused where one holds control characters."""
    cleaned: dict[str, Any] = {}
    for field, value in given.items():
        name = clean_text("a name", field)
        clean: object = value
        if isinstance(value, str):
            clean = clean_text(field, value)
        elif isinstance(value, dict):
            clean = _clean(value)
        if isinstance(name, Refused):
            return name
        if isinstance(clean, Refused):
            return clean
        cleaned[name] = clean
    return cleaned
