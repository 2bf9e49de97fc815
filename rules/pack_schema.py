"""The JSON Schema of a pack file for editors: every field with its meaning, also where a pack is made from others.

The forms know what a whole pack is. In a file there is more: a pack that extends another needs only what differs, what it
overrides is a part of a form, and ``$name`` may stand wherever a value does.
"""

from copy import deepcopy
from typing import Any, Final

from rules.pack_compose_form import CompositionForm
from rules.pack_form import PackForm

Schema = dict[str, Any]

_PARAMETER: Final[Schema] = {
    "type": "string",
    "pattern": r"^\$(\{[a-z][a-z0-9_]*\}|[a-z][a-z0-9_]*)$",
    "description": "the value of a parameter of this pack",
}
_OWN: Final = ("pack", "version", "title")
_WITH_PARAMETERS: Final = ("RuleForm", "HazardForm", "PlanForm", "StageForm", "OrderForm", "EscalationForm")
_CHANGED: Final = "Changed"


def pack_schema() -> Schema:
    """JSON Schema of a pack, for editors that complete and underline while one writes."""
    whole = PackForm.model_json_schema(by_alias=True)
    parts = CompositionForm.model_json_schema(by_alias=True)
    defs: Schema = {**whole.pop("$defs"), **parts["$defs"], "ParameterValue": _PARAMETER}
    sections = {name: entry for name, field in whole["properties"].items() if (entry := _entry_of(field))}
    sections["parameters"] = "ParameterForm"
    for entry in sections.values():
        defs[f"{entry}{_CHANGED}"] = _changed(defs[entry])
    for name in list(defs):
        if name.removesuffix(_CHANGED) in _WITH_PARAMETERS:
            defs[name]["properties"] = {field: _or_parameter(each) for field, each in defs[name]["properties"].items()}
    properties = {**whole.pop("properties"), **parts["properties"]}
    properties["override"] = _override(sections, str(parts["properties"]["override"]["description"]))
    needed = [name for name in whole.pop("required") if name not in _OWN]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": dict(sorted(defs.items())),
        **whole,
        "title": "Shouwang rule pack",
        "properties": properties,
        "required": list(_OWN),
        "anyOf": [{"required": ["extends"]}, {"required": needed}],
    }


def _entry_of(field: Schema) -> str:
    """The name of the form of a section's entries; '' where they are no forms."""
    inner: Schema = next(iter(field.get("patternProperties", {}).values()), {})
    return str(inner.get("$ref", "")).rpartition("/")[2]


def _changed(form: Schema) -> Schema:
    """A part of a form: nothing must be there, and null takes a field back to its default."""
    changed = {key: value for key, value in deepcopy(form).items() if key not in ("required", "default")}
    changed["title"] = f"{form.get('title', '')}{_CHANGED}"
    changed["properties"] = {name: _or({"type": "null"}, field) for name, field in changed["properties"].items()}
    return changed


def _or(other: Schema, field: Schema) -> Schema:
    said = {key: field[key] for key in ("description",) if key in field}
    return {**said, "anyOf": [{key: value for key, value in field.items() if key != "description"}, other]}


def _or_parameter(field: Schema) -> Schema:
    return field if field.get("type") in ("array", "object") else _or({"$ref": "#/$defs/ParameterValue"}, field)


def _override(sections: dict[str, str], description: str) -> Schema:
    properties = {
        name: {
            "type": "object",
            "additionalProperties": {"anyOf": [{"$ref": f"#/$defs/{entry}{_CHANGED}"}, {"type": "null"}]},
        }
        for name, entry in sections.items()
    }
    return {"description": description, "type": "object", "additionalProperties": False, "properties": properties}
