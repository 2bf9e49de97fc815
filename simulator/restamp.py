"""Moves the instants that stand inside a message, each in the form in which it came."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from simulator.recording import SECONDS_BELOW, iso
from simulator.rewriting import rewritten

Move = Callable[[float], int]
"""From an instant to another, in ms since 1970."""

UNREADABLE: Final = "unreadable_at"
"""The attribute that keeps a time as it came because nobody could read it."""


def restamped(payload: bytes, move: Move) -> bytes:
    """A payload with its ``at`` and the instants among its attributes moved; one without any, or that is no JSON, as it is."""
    if b'at"' not in payload:
        return payload

    def restamp(event: dict[str, Any]) -> None:
        if "at" in event:
            event["at"] = moved(event["at"], move)
        if isinstance(event.get("attributes"), dict):
            event["attributes"] = with_moved_instants(event["attributes"], move)

    return rewritten(payload, restamp)


def with_moved_instants(attributes: dict[str, Any], move: Move) -> dict[str, Any]:
    """The attributes with those moved whose name ends in ``_at``: when a signal expires, say."""
    return {key: moved(value, move) if is_instant(key, value) else value for key, value in attributes.items()}


def is_instant(key: str, value: Any) -> bool:
    """Whether an attribute says when something is: its name ends in ``_at``, and it is a number or ISO 8601 with an offset."""
    if not key.endswith("_at") or key == UNREADABLE:
        return False
    if isinstance(value, str):
        return _has_offset(value)
    return isinstance(value, int | float) and not isinstance(value, bool)


def moved(at: Any, move: Move) -> Any:
    """An instant moved in time, in the form in which it came; what is no instant with an offset is left as it is."""
    if isinstance(at, str):
        return iso(move(datetime.fromisoformat(at).timestamp() * 1000)) if _has_offset(at) else at
    if isinstance(at, int | float) and not isinstance(at, bool):
        is_seconds = abs(at) < SECONDS_BELOW
        instant = move(at * 1000 if is_seconds else at)
        return instant / 1000 if is_seconds else instant
    return at


def _has_offset(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
