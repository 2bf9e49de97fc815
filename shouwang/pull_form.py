"""The part ``pull:`` of a route in the file of routes: its form, its faults, and the pull that it becomes."""

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from ingest import pull_http, pull_sql
from ingest.mapping_paths import MappedPath, PathError, compile_path
from ingest.pull import CURSOR_LENGTH_MAX, EVERY_MIN_S, EVERY_S, HttpPull, Pull, Rows, SqlPull
from rules.pack_fields import Duration, Form

Faults = Iterator[tuple[tuple[str | int, ...], str]]


class PullForm(Form):
    """What a route asks by itself, and how often."""

    url: str = Field(description="http(s)://… with {cursor} where it goes on, or postgresql://… or sqlite:///… for a select")
    every: Duration = Field(EVERY_S, ge=EVERY_MIN_S, le=86_400, description="pause between two questions, such as 60s")
    rows: Literal["body", "items", "csv"] = Field("body", description="the answer is one message; or each item; or each line")
    items: str = Field("", description="JSONPath of the array of rows in the answer, as $.data")
    encoding: Literal["utf-8", "gb18030"] = Field("utf-8", description="of a CSV")
    select: str = Field("", max_length=10_000, description="SELECT … WHERE … > :cursor ORDER BY … LIMIT …")
    cursor: str = Field("", description="JSONPath of the cursor: in the last row as $.id, in the answer as message:$.next_cursor")
    start: str | int = Field("", description="the cursor to begin with")
    token_file: str = Field("", description="a file with the bearer token, or with the database's password")
    ca_file: str = Field("", description="PEM file of the authority that signed the other side's certificate")
    allow_networks: list[str] = Field(
        [], max_length=20, description="networks of our own in which the other side may be, as 10.1.0.0/16; others are refused"
    )


def faults_of_pull(part: PullForm) -> Faults:
    """What is wrong with a well-formed pull: where in it, and what to do."""
    for name, text in (("items", part.items), ("cursor", part.cursor)):
        if text:
            try:
                compile_path(text)
            except PathError as fault:
                yield (name,), fault.message
    if len(str(part.start)) > CURSOR_LENGTH_MAX:
        yield ("start",), f"过长 / too long: at most {CURSOR_LENGTH_MAX} letters"
    yield from _faults_of_sql(part) if part.select else _faults_of_http(part)


def _faults_of_http(part: PullForm) -> Faults:
    try:
        found = urlsplit(part.url)
        is_good = found.scheme in {"http", "https"} and bool(found.hostname) and found.port != 0
    except ValueError:
        is_good = False
    if not is_good:
        yield ("url",), "须为 http(s)://主机… / it must be http(s)://HOST…; for a database give select too"
    elif "@" in found.netloc or "{" in found.netloc:
        yield (
            ("url",),
            "主机处不得有账号或 {cursor} / no account (use token_file) and no {cursor} in the host",
        )
    elif bool(part.cursor) != (pull_http.PLACE in part.url):
        yield (
            ("cursor",),
            "url 中的 {cursor} 与 cursor 须同时给出 / {cursor} in the url and cursor belong together",
        )
    if part.items and part.rows != "items":
        yield ("items",), "仅用于 rows: items / only with rows: items"
    for place, text in enumerate(part.allow_networks):
        try:
            ip_network(text)
        except ValueError as fault:
            yield ("allow_networks", place), f"须为网段，如 10.1.0.0/16 / it must be a network as 10.1.0.0/16: {fault}"


def _faults_of_sql(part: PullForm) -> Faults:
    try:
        url = make_url(part.url)
    except ArgumentError:
        yield ("url",), "须为 postgresql://… 或 sqlite:///… / it must be postgresql://USER@HOST/NAME or sqlite:///PATH"
        return
    if url.get_backend_name() not in pull_sql.BACKENDS or not url.database:
        yield ("url",), "须为 postgresql://… 或 sqlite:///… / it must be postgresql://USER@HOST/NAME or sqlite:///PATH"
    if url.password:
        yield ("url",), "密码请写入 token_file 所指的文件 / the password belongs into the file of token_file, not here"
    if not part.select.lstrip().upper().startswith(("SELECT ", "SELECT\n", "WITH ")) or ";" in part.select:
        yield ("select",), "须为一条 SELECT 语句 / it must be one SELECT, without a semicolon"
    if bool(part.cursor) != (pull_sql.PLACE in part.select):
        yield (
            ("cursor",),
            "select 中的 :cursor 与 cursor 须同时给出 / :cursor in the select and cursor belong together",
        )
    if part.rows != "body" or part.items:
        yield ("rows",), "数据库的每行即一条消息 / each row of a database is a message: leave rows and items out"
    if part.allow_networks:
        yield ("allow_networks",), "仅用于 HTTP / only where the route asks by HTTP"


def pull_of(form: PullForm, folder: Path) -> Pull:
    """The pull that a form without faults says. Files are named from this folder on."""
    secret = folder / form.token_file if form.token_file else None
    source: HttpPull | SqlPull
    if form.select:
        source = SqlPull(url=form.url, select=form.select, password_file=secret)
    else:
        source = HttpPull(
            url=form.url,
            rows=Rows(form.rows),
            items=_path(form.items),
            encoding=form.encoding,
            token_file=secret,
            ca_file=folder / form.ca_file if form.ca_file else None,
            allow_networks=tuple(ip_network(each) for each in form.allow_networks),
        )
    return Pull(source=source, every_s=form.every, cursor=_path(form.cursor), start=form.start)


def _path(text: str) -> MappedPath | None:
    return compile_path(text) if text else None
