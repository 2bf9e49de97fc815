"""The contract as documents, made from the models: JSON Schema, AsyncAPI, and the tables of docs/event-contract.md.

``python -m ingest.documents`` writes them; a test holds them equal.
"""

import json
import sys
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from ingest.body import ONE, event_schema
from ingest.refusal import SENTENCES
from ingest.topics import LANES, PREFIX
from rules.effects import IssueReceipt
from rules.kinds import KINDS
from rules.model import Alarm, Dispatch, EarlyWarning, EventClass, Incident, Network

REGENERATE: Final = "python -m ingest.documents"
_EVENT_SCHEMA: Final = "docs/schema/event.schema.json"
_ASYNCAPI: Final = "docs/schema/asyncapi.json"
_PAGE: Final = "docs/event-contract.md"
_REF: Final = "#/components/schemas/{model}"
_OUT: Final[dict[str, type]] = {"warning": EarlyWarning, "alarm": Alarm, "incident": Incident, "dispatch": Dispatch}


def asyncapi() -> dict[str, Any]:
    """The AsyncAPI 3.0 document of what goes in and out over MQTT."""
    models: list[tuple[Any, Any, TypeAdapter[Any]]] = [(cls, "serialization", TypeAdapter(cls)) for cls in _OUT.values()]
    models.append((IssueReceipt, "serialization", TypeAdapter(IssueReceipt)))
    _, definitions = TypeAdapter.json_schemas(models, ref_template=_REF)
    messages = {name: _message(name, {"$ref": _REF.format(model=cls.__name__)}) for name, cls in _OUT.items()}
    messages["receipt"] = _message("receipt", {"$ref": _REF.format(model="IssueReceipt")})
    messages["event"] = _message("event", {"oneOf": [_ref("EventBody"), {"type": "array", "items": _ref("EventBody")}]})
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Shouwang 守望",
            "version": "1",
            "description": "Events in; early warnings, alarms, incidents, dispatches and receipts out: docs/event-contract.md.",
        },
        "defaultContentType": "application/json",
        "channels": {"events": _events_channel(), **{name: _out_channel(name) for name in (*_OUT, "receipt")}},
        "operations": {
            "takeEvents": {"action": "receive", "channel": {"$ref": "#/channels/events"}},
            **{f"tell_{name}": {"action": "send", "channel": {"$ref": f"#/channels/{name}"}} for name in (*_OUT, "receipt")},
        },
        "components": {
            "messages": messages,
            "schemas": dict(sorted({**definitions["$defs"], "EventBody": ONE.json_schema(ref_template=_REF)}.items())),
        },
    }


def _ref(model: str) -> dict[str, str]:
    return {"$ref": _REF.format(model=model)}


def _message(name: str, payload: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "contentType": "application/json", "payload": payload}


def _events_channel() -> dict[str, Any]:
    return {
        "address": f"{PREFIX}/{{community}}/{{network}}/{{class}}/{{device}}",
        "description": "QoS 1. One object or an array. The class decides the lane: "
        + ", ".join(f"{event_class} → {lane}" for event_class, lane in LANES.items()),
        "parameters": {
            "community": {"description": "The community's name."},
            "network": {"enum": [network.value for network in Network]},
            "class": {"enum": [event_class.value for event_class in EventClass]},
            "device": {"description": "The device's name."},
        },
        "messages": {"event": {"$ref": "#/components/messages/event"}},
    }


def _out_channel(name: str) -> dict[str, Any]:
    told = (
        "once, when the event is journaled, decided and stored"
        if name == "receipt"
        else "retained while it lasts; empty at its end"
    )
    return {
        "address": f"{PREFIX}/{{community}}/out/{name}/{{id}}",
        "description": f"QoS 1, {told}. In an id, % / + # are percent-encoded.",
        "parameters": {"community": {"description": "The community's name."}, "id": {"description": f"The {name}'s id."}},
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
    }


def kinds_table() -> str:
    """The table of kinds as Markdown."""
    lines = ["| class | kind | 中文 | unit or states | believed range |", "|---|---|---|---|---|"]
    for kind in KINDS.values():
        said = " \\| ".join(kind.states) if kind.states else kind.unit
        is_bounded = kind.low is not None and kind.high is not None and kind.high != float("inf")
        believed = f"{kind.low:,.0f} … {kind.high:,.0f}" if is_bounded else ""
        lines.append(f"| {kind.event_class} | `{kind.name}` | {kind.zh} | {said} | {believed} |")
    return "\n".join(lines)


def refusals_table() -> str:
    """The table of reasons for refusing as Markdown."""
    rows = (f"| `{reason}` | {sentence.zh} | {sentence.en} |" for reason, sentence in SENTENCES.items())
    return "\n".join(["| reason | 中文 | English |", "|---|---|---|", *rows])


def fill_page(page: str) -> str:
    """The page with its generated parts as they should be."""
    for name, table in (("kinds", kinds_table()), ("refusals", refusals_table())):
        begin, end = f"<!-- generated: {name} -->\n", f"<!-- end: {name} -->"
        before, _, rest = page.partition(begin)
        _, _, after = rest.partition(end)
        page = f"{before}{begin}{table}\n{end}{after}"
    return page


def documents(root: Path) -> dict[str, str]:
    """Every generated document: its path under the root, and its whole text."""
    return {
        _EVENT_SCHEMA: json.dumps(event_schema(), ensure_ascii=False, indent=2) + "\n",
        _ASYNCAPI: json.dumps(asyncapi(), ensure_ascii=False, indent=2) + "\n",
        _PAGE: fill_page((root / _PAGE).read_text(encoding="utf-8")),
    }


if __name__ == "__main__":
    here = Path.cwd()
    for path, text in documents(here).items():
        (here / path).write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path}\n")
