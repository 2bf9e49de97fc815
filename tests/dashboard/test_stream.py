"""The live stream: every line of the timeline once and in order, whatever happens to the connection."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import httpx
import pytest

from dashboard.hub import QUEUE_MAX
from rules.effects import RecordFact
from rules.model import Sentence
from tests.dashboard.conftest import TOKEN, Site
from tests.handlers import records


@dataclass(frozen=True, slots=True)
class Heard:
    event: str
    id: int | None
    data: dict[str, object]


def test_a_line_arrives_as_soon_as_it_is_stored(site: Site) -> None:
    with listening(site) as events:
        assert next(events).event == "heartbeat"
        _write(site, 1)
        heard = fact_heard(events)
        assert heard.id == heard.data["seq"] == 1
        assert heard.data["fact"]["id"] == "f-1"  # type: ignore[index]  # JSON of a fact


def test_without_a_place_to_resume_only_what_is_new_is_sent(site: Site) -> None:
    _write(site, 1, 2, 3)
    with listening(site) as events:
        assert next(events).data["seq"] == 3
        _write(site, 4)
        assert fact_heard(events).id == 4


@pytest.mark.parametrize("way", ["header", "query"])
def test_resuming_misses_nothing_and_repeats_nothing(site: Site, way: str) -> None:
    _write(site, *range(1, 301))
    heard: list[int] = []
    while len(heard) < 400:
        last = heard[-1] if heard else 0
        headers, params = ({"Last-Event-ID": str(last)}, {}) if way == "header" else ({}, {"after": str(last)})
        with listening(site, headers=headers, params=params) as events:
            for _ in range(100):
                heard.append(fact_heard(events).id or 0)
                if heard[-1] == 250:
                    _write(site, *range(301, 401))
    assert heard == list(range(1, 401))


def test_what_is_stored_while_a_client_catches_up_is_not_lost(site: Site) -> None:
    _write(site, *range(1, 200))
    with listening(site, params={"after": "0"}) as events, listening(site, params={"after": "0"}) as others:
        for number in range(1, 400):
            if number % 20 == 0 and number < 300:
                _write(site, *range(200 + (number - 20) // 20 * 10, 210 + (number - 20) // 20 * 10))
            if number >= 340:
                break
            assert fact_heard(events).id == number
        assert [fact_heard(others).id for _ in range(339)] == list(range(1, 340))


def test_a_client_that_does_not_read_is_cut_off_and_resumes_without_a_gap(site: Site) -> None:
    """It never reads while far more is written than its queue and the sockets hold; another client is served all the time."""
    text = "长" * 5_000
    with _stalled(site) as connection, listening(site) as events:
        next(events)
        total = QUEUE_MAX * 4
        for start in range(1, total, 64):
            _write(site, *range(start, start + 64), text=text)
            for number in range(start, start + 64):
                assert fact_heard(events).id == number
        received = _read_to_the_end(connection)
    assert received[-1].event == "reset"
    assert received[-1].data["code"] == "too_slow"
    ids = [each.id for each in received if each.id is not None]
    assert ids == list(range(1, len(ids) + 1))
    assert len(ids) < total
    with listening(site, headers={"Last-Event-ID": str(ids[-1])}) as events:
        assert [fact_heard(events).id for _ in range(total - len(ids))] == list(range(len(ids) + 1, total + 1))
    assert "shouwang_web_stream_resets_total 1.0" in site.client().get("/metrics").text


def test_a_heartbeat_says_how_old_the_picture_is(site: Site) -> None:
    site.web.hub.set_pace(poll_s=0.05, heartbeat_s=0.05)
    site.door.health = {**site.door.health, "lag_ms": 77}
    with listening(site) as events:
        beat = _beat(events, lag_ms=77)
        assert beat["at"] == site.clock.now
        assert (beat["is_store_readable"], beat["is_chain_ready"]) == (True, True)
        site.door.close()
        beat = _beat(events, lag_ms=None)
        assert beat["is_chain_ready"] is False


def test_a_session_that_was_ended_stops_watching(site: Site) -> None:
    site.web.hub.set_pace(poll_s=0.05, heartbeat_s=0.05)
    client = site.client(token=None)
    assert client.post("/v1/session", json={"token": TOKEN}).status_code == 200
    with client.stream("GET", "/v1/stream") as answer:
        events = _events(answer.iter_lines())
        assert next(events).event == "heartbeat"
        assert client.delete("/v1/session", headers={"Origin": site.url}).status_code == 204
        assert all(each.event == "heartbeat" for each in events), "the server ends the stream"


def test_a_foreign_last_event_id_is_refused(site: Site) -> None:
    for foreign in ("-1", "x", "1.5", "٣", "9" * 30):
        answer = site.client().get("/v1/stream", headers={b"Last-Event-ID": foreign.encode()})
        assert answer.status_code == 422, foreign
    assert site.client().get("/v1/stream", params={"after": "-1"}).status_code == 422


def test_stopping_the_web_process_ends_its_streams(site: Site) -> None:
    ended = threading.Event()

    def watch() -> None:
        with site.client().stream("GET", "/v1/stream") as answer:
            answer.headers["content-type"].index("text/event-stream")
            started.set()
            try:
                for _ in answer.iter_lines():
                    pass
            except httpx.RemoteProtocolError:
                pass
        ended.set()

    started = threading.Event()
    thread = threading.Thread(target=watch)
    thread.start()
    assert started.wait(10)
    site.stop()
    assert ended.wait(10)
    thread.join(10)


@contextmanager
def listening(
    site: Site, headers: dict[str, str] | None = None, params: dict[str, str] | None = None
) -> Iterator[Iterator[Heard]]:
    with site.client().stream("GET", "/v1/stream", headers=headers, params=params) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield _events(answer.iter_lines())


def _events(lines: Iterator[str]) -> Iterator[Heard]:
    event, data, number = "", "", None
    for line in lines:
        if line.startswith("event: "):
            event = line.removeprefix("event: ")
        elif line.startswith("data: "):
            data = line.removeprefix("data: ")
        elif line.startswith("id: "):
            number = int(line.removeprefix("id: "))
        elif not line and data:
            yield Heard(event, number, json.loads(data))
            event, data, number = "", "", None


def fact_heard(events: Iterator[Heard]) -> Heard:
    return next(each for each in events if each.event == "fact")


def _beat(events: Iterator[Heard], *, lag_ms: int | None) -> dict[str, object]:
    return next(each.data for each in events if each.event == "heartbeat" and each.data["lag_ms"] == lag_ms)


def _write(site: Site, *numbers: int, text: str = "") -> None:
    facts = [records.fact(f"f-{number}", at=number) for number in numbers]
    site.books.write_all([RecordFact(replace(fact, sentence=Sentence(text, text)) if text else fact) for fact in facts])


@contextmanager
def _stalled(site: Site) -> Iterator[socket.socket]:
    """A client that asks for the stream and then reads nothing."""
    host, port = site.url.removeprefix("http://").split(":")
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(20)
        connection.connect((host, int(port)))
        head = ["GET /v1/stream?after=0 HTTP/1.1", f"Host: {host}:{port}", f"Authorization: Bearer {TOKEN}", "Connection: close"]
        connection.sendall("\r\n".join([*head, "", ""]).encode())
        yield connection


def _read_to_the_end(connection: socket.socket) -> list[Heard]:
    raw = bytearray()
    while chunk := connection.recv(1 << 20):
        raw += chunk
    _, _, body = bytes(raw).partition(b"\r\n\r\n")
    text = bytearray()
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size, 16)
        text += body[:length]
        body = body[length + 2 :]
    return list(_events(iter(text.decode().split("\n"))))
