"""Puts the first fault that pydantic found into our words: the reason, the field, what was expected, what came."""

from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from ingest.body import FIELDS
from ingest.refusal import Refusal, Refused, shown

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_REASONS: Final = {
    "extra_forbidden": Refusal.UNKNOWN_FIELD,
    "finite_number": Refusal.NOT_FINITE,
    "greater_than_equal": Refusal.OUT_OF_RANGE,
    "less_than_equal": Refusal.OUT_OF_RANGE,
    "string_too_long": Refusal.TOO_LONG,
    "string_too_short": Refusal.BAD_NAME,
    "string_pattern_mismatch": Refusal.BAD_NAME,
    "literal_error": Refusal.WRONG_WORD,
    "too_long": Refusal.TOO_MANY,
    "too_short": Refusal.EMPTY,
}
_OTHERS_SAY: Final = {
    "timestamp": "at",
    "time": "at",
    "ts": "at",
    "occurred_at": "at",
    "type": "kind",
    "device_class": "kind",
    "metric": "kind",
    "location": "zone",
    "area": "zone",
    "event_id": "id",
    "uuid": "id",
    "sequence": "seq",
}
"""What other systems call our fields: a hint for integrators, never a translation."""
_RECURSION: Final = "recursion limit"


def explain(error: ValidationError, fields: tuple[str, ...] = FIELDS) -> Refused:
    """The refusal of one JSON object that may have these fields."""
    faults = error.errors(include_url=False)
    fault = next((one for one in faults if one["type"] == "finite_number"), faults[0])
    where = ".".join(str(part) for part in fault["loc"] if part not in ("str", "bool", "float", "constrained-str"))
    if not where:
        return Refused(Refusal.NOT_AN_OBJECT, f"expected a JSON object, came {shown(fault['input'])}")
    if fault["type"] == "extra_forbidden":
        return _unknown_field(where, fields)
    if fault["type"] == "missing":
        return Refused(Refusal.MISSING_FIELD, f"{where}: expected, came without it: {shown(fault['input'])}")
    reason = _REASONS.get(fault["type"], Refusal.WRONG_TYPE)
    return Refused(reason, f"{where}: expected {_expected(fault, faults)}, came {shown(fault['input'])}")


def explain_json(message: str, payload: bytes) -> Refused:
    """The refusal of bytes that are no JSON at all. ``message`` is the parser's own."""
    if _RECURSION in message:
        return Refused(Refusal.TOO_DEEP, f"expected an object, or an array of objects, with flat attributes: {message}")
    try:
        payload.decode("utf-8")
    except UnicodeDecodeError as fault:
        came = f"byte 0x{payload[fault.start]:02x} at offset {fault.start}"
        return Refused(Refusal.NOT_UTF8, f"expected UTF-8, came {came}; GB18030 or GB2312 text must be converted before sending")
    if payload.startswith(b"\xef\xbb\xbf"):
        return Refused(Refusal.NOT_JSON, "expected JSON, came a byte order mark before it; send UTF-8 without one")
    return Refused(Refusal.NOT_JSON, f"expected JSON: {message}")


def _unknown_field(where: str, fields: tuple[str, ...]) -> Refused:
    word = where.lower()
    meant = _OTHERS_SAY.get(word) or next((field for field in fields if word.startswith(field) or field.startswith(word)), "")
    hint = f"; is {meant} meant?" if meant in fields else "; anything else belongs into attributes"
    return Refused(Refusal.UNKNOWN_FIELD, f"{shown(where)} is not one of {', '.join(fields)}{hint}")


def _expected(fault: "ErrorDetails", faults: "list[ErrorDetails]") -> str:
    if fault["loc"][0] == "attributes" and len(fault["loc"]) > 1 and fault["type"].endswith("_type"):
        return "a text, a number, true or false (no null, no nesting)"
    allowed = [
        one["msg"].removeprefix("Input should be ").removeprefix("a valid ") for one in faults if one["loc"][0] == fault["loc"][0]
    ]
    words = " or ".join(dict.fromkeys(allowed)).replace("String should have at", "text of at")
    return words.replace("String should match pattern", "lower-case letters, digits and _, like")
