"""The OpenAPI document: the contract from which the console's types are made. ``python -m dashboard.openapi`` prints it."""

import json
import sys
from typing import Any

from pydantic.json_schema import models_json_schema

from dashboard.access import SESSION_SCHEME, TOKEN_SCHEME
from dashboard.api import bare_app
from dashboard.models import Heartbeat, Reset, TimelineEntry

REGENERATE = "python -m dashboard.openapi > docs/schema/openapi.json"


def document() -> dict[str, Any]:
    """The whole document, as the app describes itself, with what FastAPI cannot see: the stream's events and the logins."""
    app = bare_app()
    schema = app.openapi()
    _, streamed = models_json_schema(
        [(TimelineEntry, "serialization"), (Heartbeat, "serialization"), (Reset, "serialization")],
        ref_template="#/components/schemas/{model}",
    )
    components = schema["components"]
    for name, model in streamed["$defs"].items():
        components["schemas"].setdefault(name, model)
    components["securitySchemes"] = {
        TOKEN_SCHEME: {"type": "http", "scheme": "bearer", "description": "the token made at first start, sw_…"},
        SESSION_SCHEME: {"type": "apiKey", "in": "cookie", "name": "shouwang", "description": "made by POST /v1/session"},
    }
    _leave_out_what_cannot_happen(schema)
    _say_media_type(schema, "/metrics", "text/plain", {"schema": {"type": "string"}})
    _say_media_type(schema, "/v1/stream", "text/event-stream", {"schema": {"type": "string"}})
    components["schemas"] = dict(sorted(components["schemas"].items()))
    return schema


def _leave_out_what_cannot_happen(schema: dict[str, Any]) -> None:
    """Without a body nothing is too long; what anybody may read is refused to nobody."""
    for operations in schema["paths"].values():
        for method, operation in operations.items():
            responses = operation["responses"]
            impossible = {"400", "413"} if method == "get" else set()
            if operation["x-policy"] == "public" and method == "get":
                impossible |= {"401", "403", "422", "429", "503"}
            operation["responses"] = {status: responses[status] for status in sorted(responses) if status not in impossible}


def _say_media_type(schema: dict[str, Any], path: str, media_type: str, form: dict[str, Any]) -> None:
    """What succeeds here is no JSON; what fails is, as everywhere."""
    responses = schema["paths"][path]["get"]["responses"]
    for status, answer in responses.items():
        kept = [
            each["schema"] for each in answer.get("content", {}).values() if "ErrorBody" in each.get("schema", {}).get("$ref", "")
        ]
        answer["content"] = {media_type: form} if status == "200" else {"application/json": {"schema": kept[0]}}


def text() -> str:
    """The document as it stands in docs/schema/openapi.json."""
    return json.dumps(document(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
