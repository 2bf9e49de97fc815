"""The reference part of docs/rule-packs.md, made from the forms themselves, so that the manual cannot say anything else."""

from collections.abc import Iterator
from typing import Any, Final, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from rules.expression import VARIABLES
from rules.kinds import KINDS
from rules.model import EventClass
from rules.pack_form import (
    EscalationForm,
    HazardForm,
    KindForm,
    OrderForm,
    PackForm,
    PartyForm,
    PlanForm,
    ResponderForm,
    RuleForm,
    StageForm,
)
from rules.promise_form import CaseForm, ExpectForm, PromisesForm, StepForm

_SECTIONS: Final[tuple[tuple[str, type[BaseModel]], ...]] = (
    ("The pack", PackForm),
    ("A rule", RuleForm),
    ("A stage: one of `warnings` or `alarms`", StageForm),
    ("A hazard", HazardForm),
    ("A plan", PlanForm),
    ("An order of a plan", OrderForm),
    ("An escalation of a plan", EscalationForm),
    ("A responder", ResponderForm),
    ("A party", PartyForm),
    ("A kind that the pack adds", KindForm),
)
_PROMISES: Final[tuple[tuple[str, type[BaseModel]], ...]] = (
    ("A test file", PromisesForm),
    ("A case", CaseForm),
    ("A step", StepForm),
    ("An expected fact", ExpectForm),
)


def pack_reference() -> str:
    """Markdown: every field of a pack and of its test file, the names of a condition, and the kinds."""
    parts = [_table(title, form) for title, form in (*_SECTIONS, *_PROMISES)]
    return "\n\n".join([*parts, "\n".join(_names()), "\n".join(_kinds())]) + "\n"


def _table(title: str, form: type[BaseModel]) -> str:
    lines = [
        f"### {title}",
        "",
        f"{(form.__doc__ or '').strip()}",
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
    readers = [getattr(item, "func", None) for item in metadata]
    named = next((_READERS[reader.__name__] for reader in readers if reader is not None and reader.__name__ in _READERS), None)
    if named:
        return named
    inner = [part for part in get_args(annotation) if part is not type(None)]
    origin = getattr(annotation, "__origin__", None)
    if hasattr(annotation, "__metadata__"):
        return _name(annotation.__origin__, list(annotation.__metadata__))
    if origin is list:
        return f"list of {_name(inner[0], [])}"
    if origin is dict:
        return f"{_name(inner[0], [])} → {_name(inner[1], [])}"
    if inner and all(isinstance(part, str) for part in inner):
        return " · ".join(f"`{part}`" for part in inner)
    if inner:
        return " or ".join(_name(part, []) for part in inner)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation.__name__.removesuffix("Form").lower() if annotation.__name__ != "Bilingual" else "`{zh: …, en: …}`"
    return {"str": "text", "float": "number", "int": "whole number", "bool": "true or false"}.get(annotation.__name__, "text")


_READERS: Final = {
    "read_duration": "duration",
    "read_hours": "hours",
    "read_share": "share",
    "read_instant": "time of day or offset",
    "_one_or_more": "word or list",
}


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be there"
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is None or value in ("", [], {}):
        return "none"
    return f"`{str(value).lower() if isinstance(value, bool) else f'{value:g}' if isinstance(value, float) else value}`"


def _names() -> Iterator[str]:
    yield from ("### Names in a condition (`when`, `unwatch`)", "", "| name | type | meaning |", "|---|---|---|")
    for name, (kind, _, meaning) in VARIABLES.items():
        yield f"| `{name}` | {str(kind.name()).lower()} | {meaning} |"


def _kinds() -> Iterator[str]:
    yield from ("### Kinds that are known", "", "| kind | class | unit and range, or states | 中文 |", "|---|---|---|---|")
    for kind in KINDS.values():
        is_reading = kind.event_class is EventClass.READING
        what = f"{kind.unit}, {kind.low:g} to {kind.high:g}" if is_reading else ", ".join(kind.states)
        yield f"| `{kind.name}` | {kind.event_class.value} | {what} | {kind.zh} |"
