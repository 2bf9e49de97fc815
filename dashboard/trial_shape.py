"""What may be tried before anybody sends it to a live desk: messages of a foreign format or by a mapping, and what they say."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field, StrictBool, StrictStr, model_validator

from dashboard.models import Answer, Argument, Question
from rules.model import Sentence

MESSAGES_MAX: Final = 20
MAPPING_MAX: Final = 65_536
"""Characters of a mapping; the example on its page has 1 kB."""
PAYLOAD_MAX: Final = 262_144
"""Characters of one payload; a request has at most 1 MB in all."""
EVENTS_MAX: Final = 200
"""Events that an answer lists; all are counted."""


class TrialMessage(Question):
    """One message as it would come."""

    topic: Annotated[StrictStr, Field(max_length=1024)] = ""
    payload: Annotated[StrictStr, Field(max_length=PAYLOAD_MAX)]
    encoding: Literal["utf8", "hex"] = "utf8"
    retain: StrictBool = Field(default=False, description="the broker had kept it: a copy of the past")


class TrialRequest(Question):
    """Messages, in the order in which they would come, and how to read them: a format by its name, or a mapping's YAML."""

    format: Annotated[StrictStr, Field(max_length=64)] = ""
    mapping: Annotated[StrictStr, Field(max_length=MAPPING_MAX)] = ""
    messages: Annotated[list[TrialMessage], Field(max_length=MESSAGES_MAX)] = Field(default_factory=list)

    @model_validator(mode="after")
    def has_one_way(self) -> "TrialRequest":
        """A format or a mapping, one of them."""
        if bool(self.format) == bool(self.mapping):
            raise ValueError("say format or mapping, one of them")
        return self


class TrialFault(Answer):
    """One thing that is wrong in the mapping, counted from 1, and what to do."""

    line: int
    column: int
    sentence: Sentence


class TriedEvent(Answer):
    """An event as it would be taken in; ``at`` by ISO 8601, as the message has it."""

    model_config = ConfigDict(populate_by_name=True)

    network: str
    class_: str = Field(alias="class")
    device: str
    kind: str
    value: float | None
    unit: str
    state: str | None
    at: str | None
    status: str
    zone: str
    retained: bool = Field(description="a copy of the past: it decides nothing")
    attributes: dict[str, Argument]


class TriedMessage(Answer):
    """What one message says."""

    outcome: Literal["events", "rejected", "ignored"]
    reason: str
    event_count: int
    events: list[TriedEvent]


class TrialAnswer(Answer):
    """What was tried says this. A mapping with a fault is no mapping: then there are ``faults`` and no messages."""

    at: int
    faults: list[TrialFault]
    messages: list[TriedMessage]
    is_whole: bool = Field(description="whether every event is listed")


class TrialExample(Answer):
    """A message to begin with."""

    topic: str
    payload: str
    encoding: Literal["utf8", "hex"]


class FormatItem(Answer):
    """One format that is understood, with examples in the order in which they come."""

    name: str
    network: str
    title: Sentence
    examples: list[TrialExample]


class TrialStopped(Exception):  # noqa: N818 - a bound that was reached, not a mistake of ours
    """What was tried took more time or memory than a trial may."""


def _cannot(_request: TrialRequest, _at: int) -> TrialAnswer:
    raise TrialStopped("nothing can be tried in this process")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trials:
    """What the web process knows of formats. ``run`` may raise TrialStopped; ``mapping`` is an example, with its messages."""

    formats: tuple[FormatItem, ...] = ()
    mapping: str = ""
    mapping_examples: tuple[TrialExample, ...] = ()
    run: Callable[[TrialRequest, int], TrialAnswer] = _cannot
