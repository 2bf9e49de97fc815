"""The TCP bridge: a transmitter is confirmed once the journal has committed, and denied where it is not understood."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from ingest.formats import FORMATS
from ingest.iot.gb26875_frames import CONFIRM, DENY, SEND, Frame, FrameReader, write_frame, write_time
from ingest.refusal import Refusal
from ingest.route import Listen, Route, RouteReader
from ingest.tcp_bridge import TcpBridge
from ingest.topics import Lane
from rules.model import Event, Rejected
from shouwang.clock import wall_now
from tests.ingest.mqtt_stage import DEADLINE_S, ObedientDesk, until
from tests.servers import HOST

pytestmark = pytest.mark.anyio

NOW = 1_795_435_200_000
PANEL = 0x03_79
TEXT = "三楼烟感".encode("gb18030").ljust(31, b"\0")
FIRE = bytes((2, 1, 1, 1, 40, 10, 0, 2, 0, 2, 0)) + TEXT + write_time(NOW)


def fire_frame(serial: int) -> bytes:
    """A fire of now, as a panel's transmitter sends it."""
    at = write_time(wall_now())
    return frame(serial, FIRE[: -len(at)] + at)


def frame(serial: int, data: bytes = FIRE) -> bytes:
    said = Frame(serial=serial, version=b"\1\1", time=write_time(NOW), source=PANEL, target=1, command=SEND, data=data)
    return write_frame(said)


@dataclass
class Stage:
    """A bridge at a port, the desk behind it, and the transmitters that are connected."""

    bridge: TcpBridge
    desk: ObedientDesk
    port: int
    reports: list[str]
    fatal: list[BaseException]
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def connect(self) -> "Transmitter":
        reader, writer = await asyncio.open_connection(HOST, self.port)
        self.writers.append(writer)
        return Transmitter(reader, writer)


@dataclass
class Transmitter:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    frames: FrameReader = field(default_factory=FrameReader)

    def send(self, *content: bytes) -> None:
        self.writer.write(b"".join(content))

    async def answers(self, count: int) -> list[tuple[int, int]]:
        """Command and serial number of the next answers."""
        found: list[tuple[int, int]] = []
        async with asyncio.timeout(DEADLINE_S):
            while len(found) < count:
                content = await self.reader.read(4096)
                assert content, "the connection was ended"
                found += [(each.command, each.serial) for each in self.frames.feed(content) if isinstance(each, Frame)]
        return found

    async def is_ended(self) -> bool:
        async with asyncio.timeout(DEADLINE_S):
            return await self.reader.read() == b""


@asynccontextmanager
async def bridge(desk: ObedientDesk | None = None, *, idle_s: float = 60.0, connections_max: int = 3) -> AsyncIterator[Stage]:
    desk = desk or ObedientDesk(is_prompt=True)
    known = FORMATS["gb26875"]
    listen = Listen(port=1, idle_s=idle_s, connections_max=connections_max)
    route = Route(name="panels", format=known, community="jade", network=known.network, listen=listen, zone="b01")
    reports: list[str] = []
    fatal: list[BaseException] = []
    reader = RouteReader(route, lambda: NOW)
    made = TcpBridge(reader, listen, desk, now=lambda: NOW, report=reports.append, on_fatal=fatal.append)
    sock = socket.create_server((HOST, 0))
    await made.start(sock)
    stage = Stage(made, desk, sock.getsockname()[1], reports, fatal)
    try:
        yield stage
    finally:
        await made.stop()
        for writer in stage.writers:
            writer.close()


async def test_a_fire_is_confirmed_once_it_is_journaled_and_not_before() -> None:
    async with bridge(ObedientDesk()) as stage:
        panel = await stage.connect()
        panel.send(frame(7)[:20])
        panel.send(frame(7)[20:])
        await until(lambda: stage.desk.unfinished)
        (fire,) = [event for event in stage.desk.events() if event.kind == "smoke"]
        assert (fire.state, fire.zone, fire.community) == ("on", "b01", "jade")
        assert stage.desk.taken[0].lane is Lane.CRITICAL
        assert stage.bridge.figures.confirmed_count == 0
        stage.desk.finish()
        assert await panel.answers(1) == [(CONFIRM, 7)]


async def test_several_frames_at_once_are_answered_in_their_order() -> None:
    async with bridge() as stage:
        panel = await stage.connect()
        panel.send(frame(1), frame(2, b""), frame(3))
        assert await panel.answers(3) == [(CONFIRM, 1), (CONFIRM, 2), (CONFIRM, 3)]
        assert stage.bridge.figures.confirmed_count == 3


async def test_what_is_not_understood_is_denied_journaled_and_the_connection_stays() -> None:
    broken = bytearray(frame(1))
    broken[-3] ^= 0xFF
    async with bridge() as stage:
        panel = await stage.connect()
        panel.send(bytes(broken), frame(2, b"\x63\1"), frame(3, b"\2\x09\1"), frame(4))
        assert await panel.answers(4) == [(DENY, 1), (DENY, 2), (DENY, 3), (CONFIRM, 4)]
        refused = [entry for entry in stage.desk.entries() if isinstance(entry, Rejected)]
        assert [each.reason for each in refused] == [Refusal.BAD_BYTES] * 3
        assert stage.bridge.figures.denied_count == 3


async def test_a_frame_that_is_never_ended_is_refused_when_its_connection_ends() -> None:
    async with bridge() as stage:
        panel = await stage.connect()
        panel.send(frame(1)[:40])
        panel.writer.write_eof()
        assert await panel.is_ended()
        assert [type(entry) for entry in stage.desk.entries()] == [Rejected]


async def test_a_desk_that_is_full_answers_nothing_until_it_has_room() -> None:
    async with bridge(ObedientDesk(room=0, is_prompt=True)) as stage:
        panel = await stage.connect()
        panel.send(frame(1))
        await until(lambda: stage.bridge.reader.figures.received_count)
        assert stage.desk.taken == []
        stage.desk.make_room(Lane.CRITICAL, 100)
        assert await panel.answers(1) == [(CONFIRM, 1)]


async def test_a_desk_that_stops_confirms_nothing() -> None:
    async with bridge(ObedientDesk()) as stage:
        panel = await stage.connect()
        panel.send(frame(1))
        await until(lambda: stage.desk.unfinished)
        stage.desk.unfinished.pop().done(None)
        assert await panel.is_ended()
        assert stage.bridge.figures.confirmed_count == 0


async def test_who_says_nothing_for_too_long_is_let_go() -> None:
    async with bridge(idle_s=0.05) as stage:
        assert await (await stage.connect()).is_ended()
        assert stage.bridge.figures.idle_count == 1


async def test_connections_are_counted_and_too_many_turned_away() -> None:
    async with bridge(connections_max=2) as stage:
        kept = [await stage.connect() for _ in range(2)]
        await until(lambda: stage.bridge.connection_count == 2)
        assert await (await stage.connect()).is_ended()
        kept[0].writer.close()
        await until(lambda: stage.bridge.connection_count == 1)
        panel = await stage.connect()
        panel.send(frame(9))
        assert await panel.answers(1) == [(CONFIRM, 9)]
        assert stage.bridge.figures.turned_away_count == 1


async def test_a_fault_of_ours_ends_one_connection_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.tcp_bridge.answer", lambda *_: 1 / 0)
    async with bridge() as stage:
        panel = await stage.connect()
        panel.send(frame(1))
        assert await panel.is_ended()
        assert stage.reports == ["ZeroDivisionError: division by zero"]
        assert stage.bridge.figures.stumbled_count == 1


async def test_a_fault_that_no_frame_explains_is_fatal(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> bytes:
        raise RuntimeError("the house is broken")

    monkeypatch.setattr("ingest.tcp_bridge.answer", broken)
    async with bridge() as stage:
        panel = await stage.connect()
        panel.send(frame(1))
        assert await panel.is_ended()
        await until(lambda: bool(stage.fatal))
        assert [str(fault) for fault in stage.fatal] == ["the house is broken"]
        assert stage.reports == []


async def test_a_frame_sent_again_is_the_same_event() -> None:
    async with bridge() as stage:
        for _ in range(2):
            panel = await stage.connect()
            panel.send(frame(1))
            await panel.answers(1)
        fires = [entry.id for entry in stage.desk.entries() if isinstance(entry, Event) and entry.kind == "smoke"]
        assert len(fires) == 2
        assert len(set(fires)) == 1
