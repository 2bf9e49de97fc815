"""The form of what composes packs: which it extends, what it overrides and disables, and its parameters by community."""

from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from rules.pack_fields import Bilingual, Form, Id, Words, read_duration

ParameterType = Literal["number", "duration", "hours", "level", "word", "text", "flag"]
Plain = bool | int | float | str
LEVELS: Final = ("red", "orange", "yellow", "blue")


def read_scalar(value: object) -> object:
    """What a parameter can be: no list, no mapping, not nothing."""
    if not isinstance(value, bool | int | float | str):
        raise PydanticCustomError("plain", "Input should be a number, a duration, a word, or true or false")
    return value


def read_limit(value: object) -> object:
    """A number, or the seconds of a duration."""
    return read_duration(value) if isinstance(value, str) else value


Scalar = Annotated[Plain, BeforeValidator(read_scalar), WithJsonSchema({"type": ["number", "string", "boolean"]})]
Limit = Annotated[float, BeforeValidator(read_limit), WithJsonSchema({"type": ["number", "string"]})]
Changes = Annotated[dict[str, object], WithJsonSchema({"type": "object"})]


class ParameterForm(Form):
    """A number or word that each community may set for itself. It is written ``$name`` where it is used."""

    title: Bilingual = Field(description="what people read")
    type: ParameterType = Field("number", description="what it is; where it is used must take that")
    unit: str = Field("", description="of a number; held to the unit of the rules that use it")
    low: Limit | None = Field(None, description="the smallest that a community may set, of a number or a duration")
    high: Limit | None = Field(None, description="the largest that a community may set")
    words: list[str] = Field(default_factory=list, description="of a word: those that may be set")
    default: Scalar = Field(description="what holds where a community sets nothing")


class CompositionForm(Form):
    """How this pack is made from others. All of it may be left out."""

    extends: Words = Field(default_factory=list, description="ids of the packs that this one starts from")
    override: dict[str, dict[str, Changes | None]] = Field(
        default_factory=dict,
        description="by section and id: the fields that are different here; a field that is null goes back to its default, "
        "an entry that is null is left out",
    )
    disable: list[str] = Field(default_factory=list, description="ids of rules of those packs that do not hold here")
    parameters: dict[Id, ParameterForm] = Field(default_factory=dict, description="what each community may set for itself")
    communities: dict[str, dict[str, Scalar]] = Field(
        default_factory=dict, description="by community: the parameters that it sets"
    )
