"""The way out to MQTT: states (retained), receipts and commands, QoS 1, over one connection that comes back by itself."""

import asyncio
import ssl
from dataclasses import dataclass
from typing import Any, Final

import aiomqtt
import stamina
import structlog

from handlers.channels.port import Outcome, Owed, Result
from handlers.routes import MQTT

_log = structlog.get_logger(__name__)
_PAYLOAD_MAX: Final = 262_144  # bytes; a broker cuts the connection for what it finds too large, again and again
_SHORT_S: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """Where and as whom to publish. ``client_id`` is this process's own: two with one id throw each other out."""

    host: str
    port: int
    client_id: str
    username: str | None = None
    password: str | None = None
    tls: ssl.SSLContext | None = None
    keepalive_s: int = 15
    answer_within_s: float = 8.0
    in_flight_max: int = 64


@dataclass(frozen=True, slots=True)
class _Line:
    """One connection while it stands; ``gone`` is done when it no longer does."""

    client: aiomqtt.Client
    gone: asyncio.Future[None]


class MqttChannel:
    """Publishes while connected; without a connection, a try is to be made again. Works while ``run`` is running."""

    name = MQTT

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._line: _Line | None = None
        self._connection_count = 0

    @property
    def connection_count(self) -> int:
        """How often it connected."""
        return self._connection_count

    @property
    def is_connected(self) -> bool:
        """Whether a connection stands now."""
        return self._line is not None

    async def run(self) -> None:
        """Keep a connection until cancelled. Between failures it waits 0.5 to 15 s, scattered; after a good one not at all."""
        while True:
            async for attempt in stamina.retry_context(
                on=aiomqtt.MqttError, attempts=None, timeout=None, wait_initial=0.5, wait_max=15.0
            ):
                with attempt:
                    await self._hold()

    async def deliver(self, owed: Owed) -> Outcome:
        """Publish with QoS 1 and wait for the broker's puback."""
        if len(owed.payload) > _PAYLOAD_MAX:
            return Outcome(result=Result.REFUSED, detail=f"{len(owed.payload)} bytes are over our {_PAYLOAD_MAX}")
        line = self._line
        if line is None:
            return Outcome(result=Result.RETRY, detail=f"not connected to {self._broker.host}:{self._broker.port}")
        sending = asyncio.create_task(self._publish(line.client, owed))
        waits: set[asyncio.Future[Any]] = {sending, line.gone}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                return sending.result()
            return Outcome(result=Result.RETRY, detail="the connection was lost before the puback")
        finally:
            sending.cancel()

    async def _publish(self, client: aiomqtt.Client, owed: Owed) -> Outcome:
        try:
            await client.publish(owed.target, owed.payload, qos=1, retain=owed.is_retained, timeout=self._broker.answer_within_s)
        except aiomqtt.MqttError as error:
            return Outcome(result=Result.RETRY, detail=f"no puback: {error}")
        except ValueError as error:
            return Outcome(result=Result.REFUSED, detail=f"MQTT cannot carry this topic or message: {error}")
        return Outcome(result=Result.DELIVERED, detail="puback")

    async def _hold(self) -> None:
        """Connect, and stay until the connection is lost. Raises MqttError when it never stood, or only for a moment."""
        broker = self._broker
        client = aiomqtt.Client(
            broker.host,
            broker.port,
            identifier=broker.client_id,
            username=broker.username,
            password=broker.password,
            tls_context=broker.tls,
            keepalive=broker.keepalive_s,
            max_inflight_messages=broker.in_flight_max,
        )
        client.pending_calls_threshold = broker.in_flight_max
        loop = asyncio.get_running_loop()
        gone: asyncio.Future[None] = loop.create_future()
        async with client:
            since = loop.time()
            self._line = _Line(client, gone)
            self._connection_count += 1
            _log.info("publisher connected", host=broker.host, port=broker.port)
            try:
                async for _ in client.messages:
                    continue  # we subscribe to nothing: this only ends, by an error, when the connection does
            except aiomqtt.MqttError as error:
                _log.warning("publisher disconnected", host=broker.host, port=broker.port, error=str(error))
                if loop.time() - since < _SHORT_S:
                    raise
            finally:
                self._line = None
                gone.set_result(None)
