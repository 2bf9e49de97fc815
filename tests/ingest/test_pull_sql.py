"""Asking a database: a partner's view on a real PostgreSQL and on SQLite; read only, bounded, and told when it fails."""

import sqlite3
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from ingest import pull_sql
from ingest.mapping_paths import compile_path
from ingest.pull import BODY_MAX, Cursor, Fetched, PullFailed, SqlPull
from ingest.pull_sql import SqlFetch

pytestmark = pytest.mark.anyio

SELECT = "SELECT id, kind, zone FROM hotline WHERE id > :cursor ORDER BY id"


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "hot line.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE hotline (id INTEGER, kind TEXT, zone TEXT)")
        rows = [(1, "smoke", "b03"), (2, "gas", None), (3, "sos", "b05"), (3, "sos", "b06")]
        connection.executemany("INSERT INTO hotline VALUES (?, ?, ?)", rows)
    connection.close()
    return f"sqlite:///{path}"


async def ask(url: str, select: str = SELECT, cursor: Cursor = 0, path: str | None = "$.id", **other: Any) -> Fetched:
    return await SqlFetch(SqlPull(url=url, select=select, **other), compile_path(path) if path else None)(cursor)


async def test_each_row_is_a_message_and_the_last_one_says_where_to_go_on(file: str) -> None:
    fetched = await ask(file, SELECT + " LIMIT 2")
    assert fetched.rows == (b'{"id":1,"kind":"smoke","zone":"b03"}', b'{"id":2,"kind":"gas","zone":null}')
    assert fetched.cursor == 2
    rest = await ask(file, cursor=3)
    assert (rest.rows, rest.cursor) == ((), None)


async def test_rows_of_one_cursor_are_not_torn_apart(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pull_sql, "ROWS_MAX", 3)
    assert (await ask(file)).cursor == 2
    monkeypatch.setattr(pull_sql, "ROWS_MAX", 1)
    with pytest.raises(PullFailed, match="the same cursor 3"):
        await ask(file, cursor=2)


@pytest.mark.parametrize(
    ("select", "why"),
    [
        ("SELECT missing FROM hotline", "no such column"),
        ("WITH gone AS (SELECT 1) DELETE FROM hotline", "readonly database"),
        ("SELECT :other", "other"),
        ("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n", "interrupted"),
    ],
)
async def test_what_a_database_does_not_do_is_told(file: str, select: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pull_sql, "ASK_MAX_S", 0.05 if why == "interrupted" else 20)
    with pytest.raises(PullFailed, match=why):
        await ask(file, select, path=None)


async def test_numbers_that_are_none_are_null_and_an_exact_one_stays_exact(file: str) -> None:
    (row,) = (await ask(file, "SELECT 9e999 AS far, -9e999 AS low, 1.5 AS near", path=None)).rows
    assert row == b'{"far":null,"low":null,"near":1.5}'
    odd = [Decimal("NaN"), Decimal("Infinity"), Decimal("1e5000"), Decimal("-1e5000"), Decimal("2.50"), Decimal(10**20)]
    assert pull_sql._plain({"odd": odd}) == {"odd": [None, None, None, None, 2.5, 10**20]}


async def test_rows_are_counted_while_they_come(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    monkeypatch.setattr(pull_sql, "BODY_MAX", 2)
    monkeypatch.setattr(pull_sql, "_plain", seen.append)
    with pytest.raises(PullFailed, match="put a LIMIT"):
        await ask(file, "SELECT 'x' AS small FROM hotline", path=None)
    assert len(seen) == 3  # the fourth row was not looked at


async def test_rows_that_are_too_large_and_a_database_that_is_not_there_are_told(file: str, tmp_path: Path) -> None:
    with pytest.raises(PullFailed, match="put a LIMIT"):
        await ask(file, f"SELECT printf('%.{BODY_MAX}c', 'x') AS big", path=None)
    with pytest.raises(PullFailed, match="unable to open"):
        await ask(f"sqlite:///{tmp_path / 'none.db'}")
    assert not (tmp_path / "none.db").exists()


@pytest.mark.needs("postgres")
async def test_a_partners_view_on_postgresql_with_its_types_and_nothing_but_read(postgres_url: str, tmp_path: Path) -> None:
    url = make_url(postgres_url).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(), autocommit=True) as owner:
        owner.execute("CREATE SEQUENCE numbers")
        owner.execute("CREATE TABLE report (number numeric, at timestamptz, kind text, more jsonb, raw bytea)")
        owner.execute("INSERT INTO report VALUES (1.5, '2026-11-23 12:00:00+00', 'smoke', '{\"floor\": 3}', 'a')")
        owner.execute(
            "CREATE TABLE odd AS SELECT 'Infinity'::numeric AS far, '{1.5,NaN}'::numeric[] AS each, 1e400::numeric AS huge"
        )
        owner.execute("INSERT INTO report VALUES (2, '2026-11-23 12:00:01+00', 'gas', NULL, NULL)")
    (tmp_path / "password").write_text("not asked for")
    select = "SELECT number, at AT TIME ZONE 'UTC' AS at, kind, more, raw FROM report WHERE at > :cursor ORDER BY at LIMIT 1"
    given: dict[str, Any] = {"select": select, "path": "$.at", "password_file": tmp_path / "password"}
    first = await ask(url.render_as_string(), cursor="2026-01-01", **given)
    assert first.rows == (b'{"number":1.5,"at":"2026-11-23T12:00:00","kind":"smoke","more":{"floor":3},"raw":"61"}',)
    second = await ask(url.render_as_string(), cursor=f"{first.cursor}Z", **given)
    assert b'"number":2,"at":"2026-11-23T12:00:01"' in second.rows[0]
    odd = await ask(url.render_as_string(), "SELECT * FROM odd", path=None)
    assert odd.rows == (b'{"far":null,"each":[1.5,null],"huge":null}',)
    for select, why in (
        ("SELECT nextval('numbers')", "read-only transaction"),
        ("WITH gone AS (DELETE FROM report RETURNING 1) SELECT 1", "data-modifying"),
    ):
        with pytest.raises(PullFailed, match=why):
            await ask(url.render_as_string(), select, path=None)
