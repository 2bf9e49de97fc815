"""An answer is cut into messages as its route says, and tells from where to go on; anything else is a failure that says why."""

from typing import Any

import pytest

from ingest.mapping_paths import compile_path
from ingest.pull import ROWS_MAX, Cursor, HttpPull, PullFailed, Rows
from ingest.pull_rows import cut


def of(rows: Rows, body: str | bytes, cursor: str = "", **other: Any) -> tuple[list[str], Cursor | None]:
    pull = HttpPull(url="http://city.example/", rows=rows, **other)
    content = body.encode() if isinstance(body, str) else body
    fetched = cut(content, pull, compile_path(cursor) if cursor else None)
    return [row.decode() for row in fetched.rows], fetched.cursor


@pytest.mark.parametrize(
    ("rows", "body", "cursor", "messages", "found"),
    [
        (Rows.BODY, '{"a": 1}', "", ['{"a": 1}'], None),
        (Rows.BODY, "<alert/>", "", ["<alert/>"], None),
        (Rows.BODY, " \n", "$.next", [], None),
        (Rows.BODY, '{"next": "c2"}', "$.next", ['{"next": "c2"}'], "c2"),
        (Rows.ITEMS, '[{"id": 1}, {"id": 7}]', "$.id", ['{"id":1}', '{"id":7}'], 7),
        (Rows.ITEMS, "[]", "$.id", [], None),
        (
            Rows.CSV,
            'id,zone\r\n1,b03\r\n2,"3号楼,东"\r\n',
            "$.id",
            ['{"id":"1","zone":"b03"}', '{"id":"2","zone":"3号楼,东"}'],
            "2",
        ),
        (Rows.CSV, "\ufeffid\n9\n\n", "$.id", ['{"id":"9"}'], "9"),
        (Rows.CSV, "", "$.id", [], None),
        (Rows.CSV, "id,zone\r\n", "$.id", [], None),
    ],
)
def test_messages_and_cursor(rows: Rows, body: str, cursor: str, messages: list[str], found: Cursor | None) -> None:
    assert of(rows, body, cursor) == (messages, found)


def test_the_rows_of_an_envelope_and_the_cursor_of_the_whole_answer() -> None:
    body = '{"data": [{"id": 1}], "page": {"next": "c3"}}'
    assert of(Rows.ITEMS, body, "message:$.page.next", items=compile_path("$.data")) == (['{"id":1}'], "c3")


def test_a_table_as_chinese_offices_export_it() -> None:
    assert of(Rows.CSV, "编号,地点\r\n1,三号楼\r\n".encode("gb18030"), "$['编号']", encoding="gb18030") == (
        ['{"编号":"1","地点":"三号楼"}'],
        "1",
    )


@pytest.mark.parametrize(
    ("rows", "body", "cursor", "why"),
    [
        (Rows.BODY, "<alert/>", "$.next", "not JSON"),
        (Rows.ITEMS, '{"data": []}', "", "no array"),
        (Rows.ITEMS, '[{"id": true}]', "$.id", "neither a text"),
        (Rows.ITEMS, '[{"id": "' + "x" * 600 + '"}]', "$.id", "neither a text"),
        (Rows.ITEMS, "[" + ",".join(["1"] * (ROWS_MAX + 1)) + "]", "", "at most 5000"),
        (Rows.CSV, "a,b\n1\n", "", "line 2 has 1 cells, the header 2"),
        (Rows.CSV, "a,a\n1,2\n", "", "each name once"),
        (Rows.CSV, b"\xff\xfe", "", "no CSV in utf-8"),
        (Rows.CSV, 'a\n"1', "", "no CSV"),
    ],
)
def test_what_is_not_as_agreed(rows: Rows, body: str | bytes, cursor: str, why: str) -> None:
    with pytest.raises(PullFailed, match=why):
        of(rows, body, cursor)


@pytest.mark.parametrize(("items", "cursor"), [("$..list", ""), ("$.list", "message:$..next"), ("$.list", "$[?@.a == 1]")])
def test_an_answer_that_is_too_large_to_be_searched_is_told(items: str, cursor: str) -> None:
    body = '{"list": [{"a": [' + ",".join(["1"] * 20_000) + "]}]}"
    assert len(of(Rows.ITEMS, body, items=compile_path("$.list"))[0]) == 1
    with pytest.raises(PullFailed, match="too many values to search"):
        of(Rows.ITEMS, body, cursor, items=compile_path(items))
