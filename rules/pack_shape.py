"""Holds a tree of plain values to a form, and says every fault in words: where, what was expected, what came."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from rules.pack_text import Faults, Path, Tree

FormT = TypeVar("FormT", bound=BaseModel)


def hold_to(form: type[FormT], tree: Tree, faults: Faults) -> FormT | None:
    """The whole tree as this form; None when a shape is wrong, and then every place is among the faults."""
    try:
        return form.model_validate(tree.value)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            _add(form, tree, faults, detail)
        return None


def good_part(form: type[FormT], value: object) -> FormT | None:
    """One part as this form, or None: used to go on checking what is well formed beside what is not."""
    try:
        return form.model_validate(value)
    except ValidationError:
        return None


def mended(form: type[FormT], value: object, stand_ins: Mapping[str, object], item: object) -> FormT | None:
    """One part with its faulty fields put aside, so that the sound ones beside them can be checked in the same round.

    ``stand_ins`` replaces a faulty field that must be there, ``item`` a faulty element of a list, so that the places of the
    others stay; any other faulty field is left out.
    """
    if not isinstance(value, dict):
        return None
    fields = dict(value)
    try:
        return form.model_validate(fields)
    except ValidationError as error:
        for path in [detail["loc"] for detail in error.errors(include_url=False)]:
            name = str(path[0])
            found = fields.get(name)
            if len(path) > 1 and isinstance(found, list) and isinstance(path[1], int):
                fields[name] = [*found[: path[1]], item, *found[path[1] + 1 :]]
            elif name in stand_ins:
                fields[name] = stand_ins[name]
            else:
                fields.pop(name, None)
    return good_part(form, fields)


def suggest(word: str, known: Iterable[str]) -> str:
    """What to write instead of an unknown word: the nearest known one, or the list."""
    names = sorted(known)
    near = get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    if not names:
        return "none is defined"
    shown = ", ".join(names[:12]) + (" …" if len(names) > 12 else "")
    return f"known: {shown}"


def _add(form: type[BaseModel], tree: Tree, faults: Faults, detail: ErrorDetails) -> None:
    path: Path = tuple(part for part in detail["loc"] if part != "[key]")
    name = str(path[-1]) if path else "file"
    came = _describe(detail.get("input"))
    match detail["type"]:
        case "missing":
            place = tree.place_of(path[:-1])
            message = f"{name!r} is missing: {_field_help(form, path)}"
        case "extra_forbidden":
            place = tree.place_of(path, is_key=True)
            message = f"unknown field {name!r}; {suggest(name, _fields_at(form, path[:-1]))}"
        case "string_pattern_mismatch" if "[key]" in detail["loc"]:
            place = tree.place_of(path, is_key=True)
            message = f"{name!r} is not an id: small letters, digits and _, a letter first"
        case "literal_error":
            place = tree.place_of(path, is_key="[key]" in detail["loc"])
            message = f"{name}: expected {detail.get('ctx', {}).get('expected')}, came {came}"
        case _:
            place = tree.place_of(path)
            message = f"{name}: {_soften(detail['msg'])}, came {came}"
    faults.add(*place, message)


def _soften(message: str) -> str:
    words = message.removeprefix("Input should be ").removeprefix("Value error, ")
    if words != message:
        words = f"expected {words}"
    return re.sub(r"a (valid )?dictionary( or .*)?$", "a mapping", words).replace("a valid ", "a ")


def _describe(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return f"{str(value).lower()} (yes/no)"
        case int() | float():
            return f"the number {value}"
        case str():
            return f"the text {value[:40]!r}"
        case list():
            return f"a list of {len(value)}"
        case _:
            return "a mapping"


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models_in(part)]


def _field_at(form: type[BaseModel], path: Path) -> tuple[type[BaseModel], Any]:
    """The form and the field that a path ends in; the field is None where the path ends in an item or nothing known."""
    model, field = form, None
    for part in path:
        named = {info.alias or key: info for key, info in model.model_fields.items()}
        if isinstance(part, int) or part not in named:
            field = None
            continue
        field = named[part]
        inner = _models_in(field.annotation)
        if inner:
            model = inner[0]
    return model, field


def _fields_at(form: type[BaseModel], path: Path) -> list[str]:
    model, _ = _field_at(form, path)
    return [info.alias or key for key, info in model.model_fields.items()]


def _field_help(form: type[BaseModel], path: Path) -> str:
    _, field = _field_at(form, path)
    return str(field.description) if field is not None and field.description else "it is needed here"
