"""The contract of the data exchange as a JSON Schema. ``python -m dashboard.exchange_schema`` prints it."""

import json
import sys
from typing import Any, Final

from dashboard.exchange import ExchangePage
from handlers.exchange.contract import CONTRACT

REGENERATE: Final = "python -m dashboard.exchange_schema > docs/schema/exchange.schema.json"


def document() -> dict[str, Any]:
    """What an answer of ``GET /v1/exchange/incidents`` looks like."""
    schema = ExchangePage.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:{CONTRACT.replace('/', ':')}", **schema}


def text() -> str:
    """The document as it stands in docs/schema/exchange.schema.json."""
    return json.dumps(document(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
