"""The fields of an event's JSON object, as pydantic holds them; strict: nothing is converted, nothing unknown is let in."""

from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field, TypeAdapter
from typing_extensions import TypedDict

TEXT_LENGTH_MAX: Final = 8192
KEYS_MAX: Final = 256
KEY_LENGTH_MAX: Final = 256
ARRAY_LENGTH_MAX: Final = 1000
"""Events in one message: so many bad ones are refused in about 50 ms, and an alarm behind them never waits longer."""
SEQ_MAX: Final = 2**63 - 1
WORD_PATTERN: Final = r"^[a-z][a-z0-9_]*$"

_Key = Annotated[str, Field(min_length=1, max_length=KEY_LENGTH_MAX)]
_Text = Annotated[str, Field(max_length=TEXT_LENGTH_MAX)]


class EventBody(TypedDict, total=False):
    """One event as JSON. ``kind`` and a value or a state are enough; a heartbeat needs neither."""

    __pydantic_config__ = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)  # type: ignore[misc]  # pydantic's way

    kind: Annotated[
        str,
        Field(max_length=64, pattern=WORD_PATTERN, description="What is measured or reported. Left out: only a heartbeat may."),
    ]
    value: Annotated[
        float | None,
        Field(description="The number, in the kind's unit. A reading needs it; null: the device has no value now."),
    ]
    state: Annotated[
        Annotated[str, Field(max_length=64, pattern=WORD_PATTERN)] | None,
        Field(description="The state. A state needs it (null: not known); an alarm without it, or with null, is on."),
    ]
    unit: Annotated[
        str, Field(max_length=32, description="The unit. It must be the kind's own, which is also what is taken when left out.")
    ]
    id: Annotated[
        str, Field(min_length=1, max_length=128, description="Identity of the event: the same id again is the same event.")
    ]
    at: Annotated[
        Annotated[str, Field(max_length=TEXT_LENGTH_MAX)] | float | None,
        Field(description="When it happened: ISO 8601 (no offset: Asia/Shanghai), or seconds or milliseconds since 1970."),
    ]
    seq: Annotated[int, Field(ge=0, le=SEQ_MAX, description="The device's own count of what it sent.")]
    zone: Annotated[str, Field(max_length=256, description="Where it is, from large to small: b03/u1/0502.")]
    confidence: Annotated[float, Field(ge=0, le=1, description="How sure the source is. Left out: 1.")]
    status: Annotated[Literal["actual", "exercise", "test"], Field(description="Left out: actual.")]
    receipt: Annotated[bool, Field(description="True: publish a receipt once the event is journaled, decided and stored.")]
    gateway: Annotated[
        str, Field(min_length=1, max_length=128, description="What the device spoke through; kept as an attribute.")
    ]
    attributes: Annotated[
        dict[_Key, _Text | bool | float],
        Field(max_length=KEYS_MAX, description="Anything else worth keeping: texts, numbers, true or false; no nesting."),
    ]


ONE: Final[TypeAdapter[EventBody]] = TypeAdapter(EventBody)
MANY: Final[TypeAdapter[list[EventBody]]] = TypeAdapter(
    Annotated[list[EventBody], Field(min_length=1, max_length=ARRAY_LENGTH_MAX)]
)
PAYLOAD: Final[TypeAdapter[Any]] = TypeAdapter(
    EventBody | Annotated[list[EventBody], Field(min_length=1, max_length=ARRAY_LENGTH_MAX)]
)
"""What a message may hold: one event or an array of them. For the JSON Schema."""
FIELDS: Final = tuple(EventBody.__annotations__)


def event_schema() -> dict[str, Any]:
    """JSON Schema of a message: one event, or an array of them. What only the class decides, the words say."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A message to Shouwang: one event, or an array of events",
        **PAYLOAD.json_schema(),
    }
