"""The reference of rule packs, made from the forms themselves, so that the manual cannot say anything else.

``python -m rules.reference > docs/rule-packs-reference.md`` writes the page; with the argument ``pack-schema`` or
``promises-schema`` it writes the JSON Schemas that stand beside the packs. Tests hold all three to what this file says.
"""

import json
import sys
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any, Final, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from rules.expression import VARIABLES
from rules.kinds import KINDS
from rules.model import EventClass
from rules.pack import pack_schema
from rules.pack_card import CardForm
from rules.pack_compose_form import CompositionForm, ParameterForm
from rules.pack_form import (
    EscalationForm,
    HazardForm,
    KindForm,
    MessagesForm,
    OrderForm,
    PackForm,
    PartyForm,
    PlanForm,
    PositionForm,
    ResponderForm,
    RuleForm,
    StageForm,
)
from rules.pack_inhibitions import InhibitionForm, SourceForm, TargetForm
from rules.pack_places import CalendarForm, ModeForm
from rules.pack_terms import MissingForm, PartForm, SequenceForm, SourcesForm, TermForm
from rules.primitive_form import ForecastForm, ImpossibleForm
from rules.promise import promises_schema
from rules.promise_form import CaseForm, ExpectForm, PromisesForm, StepForm
from rules.rhythm_form import RhythmForm
from rules.unusual_form import UnusualForm

_SECTIONS: Final[tuple[tuple[str, type[BaseModel]], ...]] = (
    ("The pack", PackForm),
    ("A rule", RuleForm),
    ("The card of a rule", CardForm),
    ("A stage: one of `warnings` or `alarms`", StageForm),
    ("A term: one of the parts of a test over several kinds", TermForm),
    ("A part of a combination", PartForm),
    ("Independent sources", SourcesForm),
    ("A sequence", SequenceForm),
    ("What is missing", MissingForm),
    ("A forecast of a stage", ForecastForm),
    ("An impossible reading", ImpossibleForm),
    ("What is unusual, of a stage", UnusualForm),
    ("The rhythm of a silence", RhythmForm),
    ("A hazard", HazardForm),
    ("A plan", PlanForm),
    ("The messages of a plan", MessagesForm),
    ("An order of a plan", OrderForm),
    ("An escalation of a plan", EscalationForm),
    ("A responder", ResponderForm),
    ("A party", PartyForm),
    ("An operator position", PositionForm),
    ("A kind that the pack adds", KindForm),
    ("A calendar", CalendarForm),
    ("A mode", ModeForm),
    ("A pack made from others", CompositionForm),
    ("A parameter", ParameterForm),
    ("An inhibition: which alarms quiet which", InhibitionForm),
    ("The source of an inhibition", SourceForm),
    ("The target of an inhibition", TargetForm),
)
_PROMISES: Final[tuple[tuple[str, type[BaseModel]], ...]] = (
    ("A test file", PromisesForm),
    ("A case", CaseForm),
    ("A step", StepForm),
    ("An expected fact", ExpectForm),
)


_HEAD: Final = """# Rule packs: reference

Every field of a pack and of its test file. This page is made by `python -m rules.reference`; a test holds it to the code.
How to write a pack, with reasons and examples, stands in [rule-packs.md](rule-packs.md).

A *duration* is a number of seconds or a text like `30s`, `5min`, `12h`, `7d`. *Hours* are local, like `"22:00-06:00"`. A *share*
is like `50%`. An *id* has small letters, digits and `_`, a letter first."""


def pack_reference() -> str:
    """Markdown: every field of a pack and of its test file, the names of a condition, and the kinds."""
    parts = [_table(title, form) for title, form in (*_SECTIONS, *_PROMISES)]
    return "\n\n".join([_HEAD, *parts, "\n".join(_names()), "\n".join(_kinds())]) + "\n"


def schema_text(schema: dict[str, Any]) -> str:
    """A JSON Schema as the file beside the packs holds it."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def main(arguments: list[str]) -> int:
    """Write one of the three to the output."""
    writers: dict[str, Callable[[], str]] = {
        "page": pack_reference,
        "pack-schema": lambda: schema_text(pack_schema()),
        "promises-schema": lambda: schema_text(promises_schema()),
    }
    wanted = arguments[0] if arguments else "page"
    if wanted not in writers:
        sys.stderr.write(f"unknown {wanted!r}; one of {', '.join(writers)}\n")
        return 2
    sys.stdout.write(writers[wanted]())
    return 0


def _table(title: str, form: type[BaseModel]) -> str:
    lines = [
        f"## {title}",
        "",
        " ".join((form.__doc__ or "").split()),
        "",
        "| field | form | left out | meaning |",
        "|---|---|---|---|",
    ]
    for key, field in form.model_fields.items():
        lines.append(f"| `{field.alias or key}` | {_form_of(field)} | {_default(field)} | {field.description} |")
    return "\n".join(lines)


def _form_of(field: FieldInfo) -> str:
    return _name(field.annotation, field.metadata)


def _name(annotation: Any, metadata: list[Any]) -> str:
    """What to write for a type: the name of our own form where one reads it, else of what it is made of."""
    readers = [getattr(getattr(item, "func", None), "__name__", "") for item in metadata]
    named = next((_READERS[reader] for reader in readers if reader in _READERS), None)
    if named:
        return named
    if hasattr(annotation, "__metadata__"):
        return _name(annotation.__origin__, list(annotation.__metadata__))
    inner = [part for part in get_args(annotation) if part is not type(None)]
    return _compound(getattr(annotation, "__origin__", None), inner) if inner else _plain(annotation)


def _compound(origin: Any, inner: list[Any]) -> str:
    if all(isinstance(part, str) for part in inner):
        return " · ".join(f"`{part}`" for part in inner)
    names = [_name(part, []) for part in inner]
    if origin is list:
        return f"list of {names[0]}"
    return " → ".join(names) if origin is dict else " or ".join(names)


def _plain(annotation: type) -> str:
    if issubclass(annotation, StrEnum):
        return " · ".join(f"`{member}`" for member in annotation)
    if issubclass(annotation, BaseModel):
        return _FORMS.get(annotation.__name__, annotation.__name__.removesuffix("Form").lower())
    return {"float": "number", "int": "whole number", "bool": "true or false"}.get(annotation.__name__, "text")


_FORMS: Final = {"Bilingual": "`{zh: …, en: …}`", "EventFields": "fields of a step"}
_READERS: Final = {
    "read_duration": "duration",
    "read_hours": "hours",
    "read_limit": "number or duration",
    "read_scalar": "number, duration, word, or true or false",
    "read_share": "share",
    "read_instant": "time of day",
    "_one_or_more": "word or list",
}


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be there"
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is None or value in ("", [], {}) or isinstance(value, BaseModel):
        return "none"
    return f"`{str(value).lower() if isinstance(value, bool) else f'{value:g}' if isinstance(value, float) else value}`"


def _number(value: float | None) -> str:
    return "any" if value is None or value in (float("inf"), float("-inf")) else f"{value:.12g}"


def _names() -> Iterator[str]:
    yield from ("## Names in a condition (`when`, `unwatch`)", "", "| name | type | meaning |", "|---|---|---|")
    for name, (kind, _, meaning) in VARIABLES.items():
        yield f"| `{name}` | {str(kind.name()).lower()} | {meaning} |"


def _kinds() -> Iterator[str]:
    yield from ("## Kinds that are known", "", "| kind | class | unit and range, or states | 中文 |", "|---|---|---|---|")
    for kind in KINDS.values():
        is_reading = kind.event_class is EventClass.READING
        what = f"{kind.unit}, {_number(kind.low)} to {_number(kind.high)}" if is_reading else ", ".join(kind.states)
        yield f"| `{kind.name}` | {kind.event_class.value} | {what} | {kind.zh} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
