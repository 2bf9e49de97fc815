"""Asking a real HTTP server: one host at a checked address, its token, no redirect, nothing too large or packed, what is told."""

import ssl
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from ingest import pull_http
from ingest.mapping_paths import compile_path
from ingest.pull import HttpPull, PullFailed, Rows
from ingest.pull_http import HttpFetch
from tests.certificates import Authority

pytestmark = pytest.mark.anyio


class City:
    """What the server is to answer next, and what it was asked."""

    def __init__(self) -> None:
        self.status, self.headers, self.body = 200, {}, b"[]"  # type: tuple[int, dict[str, str], bytes]
        self.asked: list[tuple[str, str | None]] = []
        self.hosts: list[str | None] = []
        city = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                city.asked.append((self.path, self.headers.get("Authorization")))
                city.hosts.append(self.headers.get("Host"))
                self.send_response(city.status)
                for name, value in city.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(city.body)

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = Thread(target=lambda: self.server.serve_forever(poll_interval=0.02), daemon=True)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(10)


@pytest.fixture
def city() -> Iterator[City]:
    made = City()
    yield made
    made.close()


async def here(_host: str, _port: int) -> IPv4Address:
    return IPv4Address("127.0.0.1")


def fetching(city: City, path: str = "/rows?after={cursor}", **other: Any) -> HttpFetch:
    return HttpFetch(HttpPull(url=city.url + path, rows=Rows.ITEMS, **other), compile_path("$.id"), here)


async def test_it_asks_from_the_cursor_on_with_its_token(city: City, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("secret-1\n")
    fetch = fetching(city, token_file=token)
    city.body = b'[{"id": "b&c/../d"}]'
    fetched = await fetch("a b&x=1")
    assert (fetched.rows, fetched.cursor) == ((b'{"id":"b&c/../d"}',), "b&c/../d")
    token.write_text("secret-2")
    await fetch("b&c/../d")
    assert city.asked == [
        ("/rows?after=a%20b%26x%3D1", "Bearer secret-1"),
        ("/rows?after=b%26c%2F..%2Fd", "Bearer secret-2"),
    ]


async def test_no_content_is_an_answer_without_rows(city: City) -> None:
    city.status, city.body = 204, b""
    assert (await HttpFetch(HttpPull(url=city.url), None, here)("")).rows == ()


async def test_the_name_is_looked_up_once_and_the_connection_goes_where_it_led(city: City) -> None:
    looked_up: list[tuple[str, int]] = []

    async def reach(host: str, port: int) -> IPv4Address:
        looked_up.append((host, port))
        return IPv4Address("127.0.0.1")

    port = city.server.server_port
    assert (await HttpFetch(HttpPull(url=f"http://Stadt-\u00fc.invalid:{port}/"), None, reach)("")).rows == (b"[]",)
    assert looked_up == [("xn--stadt--8ya.invalid", port)]
    assert city.hosts == [f"xn--stadt--8ya.invalid:{port}"]


async def test_where_we_may_not_go_nothing_is_asked(city: City) -> None:
    async def reach(host: str, _port: int) -> IPv4Address:
        raise PullFailed(f"{host} is out of reach")

    with pytest.raises(PullFailed, match=r"127\.0\.0\.1 is out of reach"):
        await HttpFetch(HttpPull(url=city.url), None, reach)("")
    assert city.asked == []


async def test_the_certificate_is_checked_for_the_name_and_not_for_the_address(city: City, tmp_path: Path) -> None:
    authority = Authority(tmp_path / "authority")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.sign("city"))  # good for localhost and for 127.0.0.1
    city.server.socket = context.wrap_socket(city.server.socket, server_side=True)
    port = city.server.server_port
    for name, is_good in (("localhost", True), ("city.invalid", False)):
        fetch = HttpFetch(HttpPull(url=f"https://{name}:{port}/", ca_file=authority.certificate), None, here)
        if is_good:
            assert (await fetch("")).rows == (b"[]",)
        else:
            with pytest.raises(PullFailed, match="certificate is not valid for 'city"):
                await fetch("")


@pytest.mark.parametrize(
    ("status", "headers", "why"),
    [
        (302, {"Location": "http://127.0.0.1:1/inside"}, "redirects are not followed"),
        (401, {}, "token_file"),
        (404, {}, "the address in the route"),
        (500, {}, "HTTP 500"),
        (200, {"Content-Encoding": "gzip"}, "packed"),
    ],
)
async def test_what_is_no_answer_is_told(city: City, status: int, headers: dict[str, str], why: str) -> None:
    city.status, city.headers = status, headers
    with pytest.raises(PullFailed, match=why):
        await fetching(city)("1")
    assert len(city.asked) == 1


async def test_an_answer_that_never_ends_is_left(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pull_http, "BODY_MAX", 1000)
    city.body = b"[" + b" " * 2000
    with pytest.raises(PullFailed, match="over 1000 bytes"):
        await fetching(city)("1")


async def test_an_answer_that_is_late_is_left(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pull_http, "ASK_MAX_S", 0.05)
    city.headers, city.body = {"Content-Length": "100"}, b"["
    with pytest.raises(PullFailed, match=r"not complete within|no answer"):
        await fetching(city)("1")


async def test_nobody_there_no_token_and_no_authority_are_told(city: City, tmp_path: Path) -> None:
    with pytest.raises(PullFailed, match="no answer"):
        await HttpFetch(HttpPull(url="http://127.0.0.1:1/"), None, here)("")
    for broken in ("", "two\nlines"):
        (tmp_path / "token").write_text(broken)
        with pytest.raises(PullFailed, match="holds no secret"):
            await fetching(city, token_file=tmp_path / "token")("1")
    with pytest.raises(PullFailed, match="cannot be read"):
        await fetching(city, token_file=tmp_path / "none")("1")
    with pytest.raises(PullFailed, match="no answer"):
        await fetching(city, ca_file=tmp_path / "none")("1")
    assert city.asked == []
