"""The body of a message, where a fault changes what a device says and not only how it arrives."""

import json
from collections.abc import Callable
from typing import Any

from simulator.message import Message


def rewritten(message: Message, rewrite: Callable[[dict[str, Any]], None]) -> Message:
    """The message with each of its JSON objects rewritten in place; unchanged where there is none to change."""
    try:
        body = json.loads(message.payload)
    except ValueError:
        return message
    for element in body if isinstance(body, list) else [body]:
        if isinstance(element, dict):
            rewrite(element)
    return message._replace(payload=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode())
