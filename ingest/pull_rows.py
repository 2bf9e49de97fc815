"""An answer cut into messages, and the cursor that is in it. Pure, but for a refusal that is told by PullFailed."""

import csv
import io
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Final

from ingest.careful import read_json, write_json
from ingest.mapping_paths import MappedPath, Message
from ingest.mapping_work import Exhausted
from ingest.pull import CURSOR_LENGTH_MAX, ROWS_MAX, Cursor, Fetched, HttpPull, PullFailed, Rows
from ingest.refusal import Refused

COLUMNS_MAX: Final = 200


def cut(body: bytes, pull: HttpPull, cursor: MappedPath | None) -> Fetched:
    """The messages of an HTTP answer. Raises PullFailed for one that is not as the route says."""
    digest = digest_of(body)
    match pull.rows:
        case Rows.BODY:
            rows = (body,) if body.strip() else ()
            whole = _json(body) if cursor is not None and rows else None
            return Fetched(rows, cursor_in(cursor, whole, whole), digest)
        case Rows.ITEMS:
            whole = _json(body)
            records = _items(whole, pull.items)
        case Rows.CSV:
            whole = None
            records = _lines(body, pull.encoding)
    return Fetched(written(records), cursor_in(cursor, records[-1] if records else None, whole), digest)


def digest_of(content: bytes) -> str:
    """By what an answer is known again."""
    return sha256(content).hexdigest()[:32]


def written(records: Sequence[Any]) -> tuple[bytes, ...]:
    """Each record as a message. Raises PullFailed for too many."""
    if len(records) > ROWS_MAX:
        raise PullFailed(f"the answer has {len(records)} rows and at most {ROWS_MAX} are taken: have it ask for fewer at a time")
    return tuple(write_json(record) for record in records)


def cursor_in(path: MappedPath | None, record: Any, whole: Any) -> Cursor | None:
    """What the path finds in the last record, or with ``message:`` in the whole answer. Raises PullFailed where it is none."""
    if path is None:
        return None
    is_found, value = _first(path, Message(record, whole, ""))
    if not is_found or value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int) or len(str(value)) > CURSOR_LENGTH_MAX:
        raise PullFailed(f"the cursor at {path.text} is neither a text of at most {CURSOR_LENGTH_MAX} letters nor a whole number")
    return value


def _first(path: MappedPath, message: Message) -> tuple[bool, Any]:
    try:
        return path.first(message)
    except Exhausted:
        raise PullFailed(
            f"the answer has too many values to search for {path.text}: name the place without '..', '*' and '?', as $.data"
        ) from None


def _json(body: bytes) -> Any:
    found = read_json(body)
    if isinstance(found, Refused):
        raise PullFailed(f"the answer is not JSON: {found.detail}")
    return found


def _items(whole: Any, path: MappedPath | None) -> list[Any]:
    found = whole if path is None else _first(path, Message(whole, whole, ""))[1]
    if not isinstance(found, list):
        where = "the answer" if path is None else f"what is at {path.text}"
        raise PullFailed(f"{where} is no array: say in items where the rows are, as $.data")
    return found


def _lines(body: bytes, encoding: str) -> list[dict[str, str]]:
    try:
        text = body.decode("utf-8-sig" if encoding == "utf-8" else encoding)
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as fault:
        raise PullFailed(f"the answer is no CSV in {encoding}: {fault}") from None
    lines = [line for line in lines if line]
    if not lines:
        return []
    names, *rest = lines
    if len(set(names)) < len(names) or len(names) > COLUMNS_MAX:
        raise PullFailed(f"the header has {len(names)} columns; expected at most {COLUMNS_MAX}, each name once")
    for number, line in enumerate(rest, start=2):
        if len(line) != len(names):
            raise PullFailed(f"line {number} has {len(line)} cells, the header {len(names)}")
    return [dict(zip(names, line, strict=True)) for line in rest]
