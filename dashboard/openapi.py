"""The OpenAPI document: the contract from which the console's types are made. ``python -m dashboard.openapi`` prints it."""

import json
import sys
from typing import Any

from pydantic.json_schema import models_json_schema

from dashboard.access import SESSION_SCHEME, TOKEN_SCHEME
from dashboard.app import bare_app
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
    components["schemas"] = dict(sorted(components["schemas"].items()))
    return schema


def text() -> str:
    """The document as it stands in docs/schema/openapi.json."""
    return json.dumps(document(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
