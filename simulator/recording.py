"""Recorded event files: JSON Lines of ``{"topic", "payload", "received_at"}``, plain or gzip, read and written line by line.

``at`` is the older name of ``received_at``: both are read, and a line that has both is read by ``received_at``.
"""

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple
from zlib import error as BadGzip  # noqa: N812 - zlib calls it error

SECONDS_BELOW: Final = 1e11
"""Numbers below this are seconds (until the year 5138), from it on milliseconds (from March 1973)."""

_NOT_JSON: Final = "expected one JSON object per line, but this is not JSON"
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_USUAL: Final = re.compile(rb'\{"(?:received_at|at)":"([^"\\]*)","topic":"([^"\\]*)","payload":(\{(?:[^{}]|\{[^{}]*\})*\})\}\n?')
"""A line as we write it, with an object that holds at most one more level: braces in its texts make it an unusual one."""
_AT_MAX: Final = 253_402_300_799_999  # the end of the year 9999


class Recorded(NamedTuple):
    """One recorded message. ``at`` is when it was received, in ms since 1970."""

    at: int
    topic: str
    payload: bytes


class RecordingError(ValueError):
    """A line that cannot be replayed; the message says file, line, what was expected and what came."""


def read_recording(path: Path) -> Iterator[Recorded]:
    """Read a recorded file as it is consumed. ``.gz`` is unpacked. Raises RecordingError at the first faulty line."""
    yield from read_lines(raw_lines(path), str(path))


def raw_lines(path: Path) -> Iterator[bytes]:
    """The lines of a file as they are; ``.gz`` is unpacked. Raises RecordingError where it cannot be read."""
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            yield from file
    except (OSError, EOFError, BadGzip) as fault:
        raise RecordingError(f"{path}: cannot be read as {'gzip' if path.suffix == '.gz' else 'a file'}: {fault}") from None


def read_lines(lines: Iterable[bytes], name: str) -> Iterator[Recorded]:
    """Read the lines of a recorded file; empty lines are passed over."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield read_line(line, f"{name}:{number}")


def write_recording(path: Path, records: Iterable[Recorded]) -> int:
    """Write a file that ``read_recording`` reads; gzip when it ends with .gz. Returns how many lines. The same in, same bytes."""
    count = 0
    with path.open("wb") as raw:
        file = gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0, compresslevel=6) if path.suffix == ".gz" else raw
        try:
            for record in records:
                file.write(line_of(record))
                count += 1
        finally:
            file.close()
    return count


def line_of(record: Recorded) -> bytes:
    """One line. A payload that is a JSON object or array stands as such, anything else as a string."""
    text = record.payload.decode("utf-8", errors="replace")
    is_json = text[:1] in ("{", "[") and _is_json(text)
    payload = text if is_json else json.dumps(text, ensure_ascii=False)
    topic = json.dumps(record.topic, ensure_ascii=False)
    return f'{{"received_at":"{iso(record.at)}","topic":{topic},"payload":{payload}}}\n'.encode()


def iso(at: int) -> str:
    """An instant as ISO 8601 in UTC with milliseconds: 2026-03-02T10:10:00.000Z."""
    moment = datetime.fromtimestamp(at // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{at % 1000:03d}Z"


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return "\n" not in text


def read_line(line: bytes, where: str) -> Recorded:
    """One line. ``where`` is its file and line number; what is wrong is told with the column. Raises RecordingError."""
    at, topic, payload = look_at(line, where)
    if isinstance(payload, str):
        return Recorded(at, topic, payload.encode("utf-8", errors="surrogatepass"))
    return Recorded(at, topic, _ENCODER.encode(payload).encode("utf-8", errors="surrogatepass"))


def read_known(line: bytes, where: str) -> Recorded:
    """The same of a line that was looked at before and found good; several times faster where it is written as we write it."""
    usual = _USUAL.fullmatch(line)
    if usual is None:
        return read_line(line, where)
    return Recorded(read_instant(usual[1].decode(), "received_at"), usual[2].decode(), usual[3])


def look_at(line: bytes, where: str) -> tuple[int, str, Any]:
    """Instant, topic and payload (an object, an array or a text) of one line. Raises RecordingError as ``read_line`` does."""
    try:
        record = json.loads(line)
    except json.JSONDecodeError as fault:
        raise RecordingError(f"{where}:{fault.colno}: {_NOT_JSON}: {fault.msg}") from None
    except (ValueError, RecursionError) as fault:
        raise RecordingError(f"{where}:1: {_NOT_JSON}: {fault}") from None
    if not isinstance(record, dict):
        expected = "expected a JSON object with topic, payload and received_at"
        raise RecordingError(f"{where}:1: {expected}, but found {_sort_of(record)}")
    clock = "received_at" if "received_at" in record else "at"
    missing = [name for name in ("topic", "payload") if name not in record]
    missing += [] if clock in record else ["received_at"]
    if missing:
        raise RecordingError(f'{where}:1: {", ".join(missing)} missing; a line is {{"topic", "payload", "received_at"}}')
    name = "topic"
    try:
        topic = _topic(record["topic"])
        name = clock
        at = read_instant(record[clock], clock)
        name = "payload"
        return at, topic, _payload(record["payload"])
    except ValueError as fault:
        raise RecordingError(f"{where}:{column_of(line, name)}: {fault}") from None


def column_of(line: bytes, name: str) -> int:
    """In which column (from 1, in characters) the value of this key of the line's own object begins; 1 where there is none."""
    text = line.decode("utf-8", errors="replace")
    reader, place, found = json.JSONDecoder(), text.find("{") + 1, 1
    while (key_at := text.find('"', place)) >= 0:
        try:
            key, place = reader.raw_decode(text, key_at)
            place = text.index(":", place) + 1
            place += len(text[place:]) - len(text[place:].lstrip())
            found = place + 1 if key == name else found  # JSON's own way with a key given twice: the last one
            place = reader.raw_decode(text, place)[1]
        except ValueError:
            break
    return found


def _topic(topic: Any) -> str:
    if not isinstance(topic, str) or not topic or "\0" in topic or "+" in topic or "#" in topic:
        raise ValueError(f"topic must be the name of one MQTT topic without wildcards, but is {topic!r}")
    return topic


def _payload(payload: Any) -> Any:
    if isinstance(payload, str | dict | list):
        return payload
    raise ValueError(f"payload must be an object, an array or a string, but is {_sort_of(payload)}")


def read_instant(at: Any, name: str) -> int:
    """An instant in ms since 1970, from ISO 8601 with an offset or from seconds or milliseconds. Raises ValueError."""
    expected = f"{name} must be ISO 8601 with an offset, or seconds or milliseconds since 1970"
    if isinstance(at, str):
        try:
            moment = datetime.fromisoformat(at)
        except ValueError:
            raise ValueError(f"{expected}, but is {at!r}") from None
        if moment.tzinfo is None:
            raise ValueError(f"{expected}, but {at!r} has no offset; append Z if it is UTC")
        instant = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    elif isinstance(at, int | float) and not isinstance(at, bool) and abs(at) <= _AT_MAX:
        instant = round(at * 1000) if abs(at) < SECONDS_BELOW else round(at)
    else:
        raise ValueError(f"{expected}, but is {at!r}")
    if not 0 <= instant <= _AT_MAX:
        raise ValueError(f"{expected}, between 1970 and 9999, but is {at!r}")
    return instant


def _sort_of(value: Any) -> str:
    names = {dict: "an object", list: "an array", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
