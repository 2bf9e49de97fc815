"""The TCP bridge of GB 26875.3: transmitters connect, send frames, and are told "confirmed" once the journal has committed.

One frame of a connection is under way at a time, as the standard has it: a transmitter repeats what is not answered and gives it
up after the third time, so a desk that is full or a disk that fails answers nothing, and the panel's own fault lamp says so.
"""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ingest.adapter import OF_THE_CONTENT, Ignored
from ingest.committing import call_in, waited_for
from ingest.entries import Appended
from ingest.iot.gb26875_answers import answer, deny
from ingest.iot.gb26875_frames import DENY, Frame, FrameReader, Piece
from ingest.port import Desk
from ingest.route import Listen, RouteReader
from ingest.urgency import lane_for
from rules.model import Input, Rejected

READ_BYTES: Final = 4096
WRITE_S: Final = 10.0
"""How long an answer may wait for a transmitter that takes none."""
UNDER_WAY_MAX: Final = 200
"""Frames of one route that the desk is given at a time, over all connections: as for MQTT routes."""
_COMMAND_AT: Final = 26


@dataclass(slots=True)
class BridgeFigures:
    """What a bridge counted since the start."""

    connected_count: int = 0
    turned_away_count: int = 0  # above the number of connections that are allowed
    idle_count: int = 0  # ended because nothing came for too long
    confirmed_count: int = 0
    denied_count: int = 0
    stumbled_count: int = 0  # connections that ended by a fault of ours


class TcpBridge:
    """Listens for one route. All methods are called in the event loop.

    ``report`` is told where bytes made our reading stumble: their connection ends. ``on_fatal`` is given what ends a connection
    otherwise: end the process, and recover.
    """

    def __init__(
        self,
        reader: RouteReader,
        listen: Listen,
        desk: Desk,
        *,
        now: Callable[[], int],
        report: Callable[[str], None],
        on_fatal: Callable[[BaseException], None],
    ) -> None:
        self.reader = reader
        self.figures = BridgeFigures()
        reader.beside.append(self.figures)
        self._listen = listen
        self._desk = desk
        self._now = now
        self._report = report
        self._on_fatal = on_fatal
        self._under_way = asyncio.Semaphore(UNDER_WAY_MAX)
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self._room = asyncio.Event()

    async def start(self, sock: socket.socket) -> None:
        """Serve this listening socket."""
        loop = asyncio.get_running_loop()
        self._desk.on_room(lambda: call_in(loop, self._room.set))
        self._server = await asyncio.start_server(self._connected, sock=sock)

    async def stop(self) -> None:
        """Take nothing more, and end all connections: what is unanswered is sent again."""
        if self._server is not None:
            self._server.close()
        for task in list(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    @property
    def connection_count(self) -> int:
        """Connections that stand now."""
        return len(self._connections)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.connection_count >= self._listen.connections_max:
            self.figures.turned_away_count += 1
            writer.close()
            return
        self.figures.connected_count += 1
        task = asyncio.create_task(self._live(reader, writer, f"{self._now()}-{self.figures.connected_count}"))
        self._connections.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._connections.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            self._on_fatal(fault)

    async def _live(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, name: str) -> None:
        try:
            await self._serve(reader, writer, name)
        except OSError:
            pass  # gone: it comes again, and sends again what it was not answered
        except OF_THE_CONTENT as fault:  # one connection's bytes may not end the service; it is told, and counted
            self.figures.stumbled_count += 1
            self._report(f"{type(fault).__name__}: {fault}")
        finally:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, name: str) -> None:
        topic = f"gb26875/{(writer.get_extra_info('peername') or ['unknown'])[0]}"
        frames, count = FrameReader(), 0
        while True:
            try:
                async with asyncio.timeout(self._listen.idle_s):
                    content = await reader.read(READ_BYTES)
            except TimeoutError:
                self.figures.idle_count += 1
                content = b""
            for piece in frames.feed(content) if content else frames.finish():
                count += 1
                async with self._under_way:
                    back = await self._take(piece, topic, f"{name}-{count}")
                if back is None:
                    return
                await self._answer(writer, back)
            if not content:
                return

    async def _take(self, piece: Piece, topic: str, arrival: str) -> bytes | None:
        """Journal what a piece says. What to answer; None where the desk stops."""
        told = self.reader.read(topic, piece.content, arrival=arrival)
        if isinstance(told, Ignored):
            return answer(piece, self._now())
        appended = await self._journal(list(told))
        if appended is None:
            return None
        if isinstance(piece, Frame) and all(isinstance(each, Rejected) for each in told):
            return deny(piece, self._now())
        return answer(piece, self._now())

    async def _journal(self, entries: list[Input]) -> Appended | None:
        delivery, committed = waited_for(entries, lane_for(entries))
        self._room.clear()
        while not self._desk.offer(delivery):
            await self._room.wait()
            self._room.clear()
        return await committed

    async def _answer(self, writer: asyncio.StreamWriter, back: bytes) -> None:
        if not back:
            return
        if back[_COMMAND_AT] == DENY:
            self.figures.denied_count += 1
        else:
            self.figures.confirmed_count += 1
        writer.write(back)
        async with asyncio.timeout(WRITE_S):
            await writer.drain()
