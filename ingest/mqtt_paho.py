"""One connection to the broker by paho-mqtt, driven from asyncio through paho's public socket callbacks.

Facts about paho 2.2 that shape this file (docs/decisions/0009-the-mqtt-reader.md has the measurements):

* ``loop_read`` reads one packet for each call, whatever ``max_packets`` says, so a burst is a loop of calls until nothing comes;
* paho's own keepalive counts a reader that pauses as a dead connection, because the PINGRESP waits behind the messages that are
  not read. While we pause we therefore send the two bytes of PINGREQ ourselves, and paho's clock rests;
* an exception of a callback comes out of ``loop_read`` and so on; what is not caught here, asyncio would swallow.
"""

import asyncio
import select
import ssl
from collections.abc import Callable, Sequence
from typing import Final

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from ingest.mqtt_link import Arrival, Ear, Loudly
from ingest.mqtt_settings import MqttSettings, MqttVersion

PINGREQ: Final = b"\xc0\x00"
DISCONNECT: Final = b"\xe0\x00"
GOOD_BYE_S: Final = 1.0
SEND_RETAINED: Final = 0
NO_RETAINED: Final = 2  # Retain Handling: do not send what was retained before we subscribed
FAILURE_FROM: Final = 128
UNSPECIFIED: Final = 128


class PahoLink:
    """See ingest.mqtt_link.Link. Made for one connection and thrown away with it."""

    tick_s = 1.0  # paho looks at its keepalive when it is told to

    def __init__(self, settings: MqttSettings, client_id: str, ear: Ear) -> None:
        self._settings = settings
        self._ear = ear
        self._loop = asyncio.get_running_loop()
        self._loudly = Loudly(ear.broke)
        self._inbox: list[Arrival] = []
        self._happenings: list[Callable[[], None]] = []
        self._filters: Sequence[str] = ()
        self._subscribe_id: int | None = None
        self._fd = -1
        self._is_attached = False
        self._is_writing = False
        self._is_paused = False
        self._is_closed = False
        self._pinged_at_s = 0.0
        self._trusts_paho_from_s = 0.0
        self._client = _make_client(settings, client_id)
        self._listen(self._client)

    # ---------------------------------------------------------------------------------------------- ingest.mqtt_link.Link

    async def open(self) -> None:
        """Connect in a thread, because paho's connecting blocks, and read from then on in the loop."""
        if self._settings.tls is not None:
            self._client.tls_set_context(await asyncio.to_thread(self._settings.tls))
        await asyncio.to_thread(self._connect)
        if self._is_closed:
            self.drop()
            return
        with self._loudly:
            self._attach()

    def subscribe(self, filters: Sequence[str], *, with_retained: bool) -> None:
        """One SUBSCRIBE for all filters. With 3.1.1 retained messages always come, and carry their flag."""
        self._filters = filters
        if self._settings.version is MqttVersion.V5:
            options = SubscribeOptions(qos=1, retainHandling=SEND_RETAINED if with_retained else NO_RETAINED)
            _, self._subscribe_id = self._client.subscribe([(each, options) for each in filters])
        else:
            _, self._subscribe_id = self._client.subscribe([(each, 1) for each in filters])
        self._client.loop_write()

    def watch(self, topic: str) -> None:
        """A SUBSCRIBE of its own, so that its refusal does not look like a refusal of events."""
        if self._settings.version is MqttVersion.V5:
            self._client.subscribe(topic, options=SubscribeOptions(qos=0))
        else:
            self._client.subscribe(topic, 0)
        self._client.loop_write()

    def ask(self, topic: str, payload: bytes) -> None:
        """A PUBLISH in passing. A topic that MQTT cannot carry is asked nothing."""
        if self._is_closed or any(mark in topic for mark in "+#\0"):
            return
        self._client.publish(topic, payload, qos=0)
        self._client.loop_write()

    def acknowledge(self, packet_ids: Sequence[int]) -> None:
        """Queue all of them and write once."""
        if self._is_closed or not packet_ids:
            return
        acknowledge = self._client.ack
        for packet_id in packet_ids:
            acknowledge(packet_id, 1)
        self._client.loop_write()
        self._settle()

    def pause(self) -> None:
        """Take the socket out of the loop's readers."""
        if not self._is_paused:
            self._is_paused = True
            self._pinged_at_s = self._loop.time()
            if self._is_attached:
                self._loop.remove_reader(self._fd)

    def resume(self) -> None:
        """Put it back, and look at once: with TLS, messages may wait in memory, where the loop does not see them."""
        if self._is_paused:
            self._is_paused = False
            self._trusts_paho_from_s = self._loop.time() + self._settings.keepalive_s / 2
            if self._is_attached:
                self._loop.add_reader(self._fd, self._on_readable)
                self._loop.call_soon(self._on_readable)

    def tick(self) -> None:
        """Keepalive. Paho's clock runs only where no PINGRESP can be unread: a while after a pause, the socket found empty."""
        if not self._is_attached:
            return
        with self._loudly:
            if self._is_paused and self._broker_has_left():
                self._lose("the broker closed the connection while reading was paused")
                return
            is_caught_up = not self._is_paused and self._read_burst()
            if is_caught_up and self._loop.time() >= self._trusts_paho_from_s:
                self._client.loop_misc()
                self._settle()
            else:
                self._ping()

    async def close(self) -> None:
        """Send DISCONNECT and read on until the broker has hung up, which is when it has taken our last acknowledgements.

        Paho would close the socket at once: then the broker may never see them, and all of it comes again.
        """
        self._is_closed = True
        if not self._is_attached:
            return
        with self._loudly:
            self._client.loop_write()
        sock = self._client.socket()
        if sock is not None and not self._client.want_write():
            self._detach()
            hung_up = asyncio.Event()
            try:
                sock.send(DISCONNECT)
                self._loop.add_reader(self._fd, _read_to_the_end, sock.recv, hung_up)
                async with asyncio.timeout(GOOD_BYE_S):
                    await hung_up.wait()
            except OSError:
                pass  # the broker is gone, or too slow (TimeoutError is an OSError): it will send again what it did not hear
            self._loop.remove_reader(self._fd)
        self.drop()

    def drop(self) -> None:
        """Close the socket; paho's callbacks are cut off first, so that nothing follows."""
        self._is_closed = True
        self._detach()
        client = self._client
        client.on_disconnect = client.on_socket_close = None
        client.on_socket_register_write = client.on_socket_unregister_write = None
        sock = client.socket()
        if sock is not None:
            sock.close()

    # ------------------------------------------------------------------------------------------------------ the socket

    def _connect(self) -> None:
        settings = self._settings
        properties = None
        if settings.version is MqttVersion.V5:
            properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho left it untyped
            properties.SessionExpiryInterval = settings.session_expiry_s
            properties.ReceiveMaximum = settings.unacknowledged_max
            properties.MaximumPacketSize = settings.packet_bytes_max
            self._client.connect(settings.host, settings.port, settings.keepalive_s, clean_start=False, properties=properties)
        else:
            self._client.connect(settings.host, settings.port, settings.keepalive_s)

    def _attach(self) -> None:
        """Begin to read and write in the loop. Until here paho's callbacks came in the connecting thread and only took notes."""
        sock = self._client.socket()
        if sock is None:
            raise ConnectionError("the connection was lost before it began")
        self._fd = sock.fileno()
        self._is_attached = True
        if not self._is_paused:
            self._loop.add_reader(self._fd, self._on_readable)
        self._client.loop_write()
        if self._client.want_write():
            self._on_write_wanted()
        self._settle()

    def _on_readable(self) -> None:
        if self._is_paused or not self._is_attached:
            return
        with self._loudly:
            self._read_burst()

    def _on_writable(self) -> None:
        with self._loudly:
            self._client.loop_write()
            self._settle()

    def _read_burst(self) -> bool:
        """Read until nothing comes or the burst is full, and hand it on. Returns whether the socket was found empty."""
        read, inbox = self._client.loop_read, self._inbox
        is_empty = False
        for _ in range(self._settings.burst_max):
            before = len(inbox)
            result = read()
            if len(inbox) == before and not self._happenings:
                is_empty = True  # or it was a PINGRESP, or half a packet: the loop calls again when there is more
                break
            if self._happenings or result != MQTTErrorCode.MQTT_ERR_SUCCESS:
                break
        if not is_empty:
            self._look_into_tls()
        self._settle()
        return is_empty

    def _look_into_tls(self) -> None:
        sock = self._client.socket()
        if isinstance(sock, ssl.SSLSocket) and sock.pending():
            self._loop.call_soon(self._on_readable)

    def _settle(self) -> None:
        """Hand on what paho's callbacks noted: first the messages, then what happened after them."""
        if self._inbox:
            arrivals = self._inbox.copy()
            self._inbox.clear()
            self._ear.arrived(arrivals)
        while self._happenings:
            self._happenings.pop(0)()

    def _ping(self) -> None:
        """Tell the broker that we live. Only between packets: paho has nothing half-written when it wants no write."""
        now_s = self._loop.time()
        sock = self._client.socket()
        if sock is None or self._client.want_write() or now_s - self._pinged_at_s < self._settings.keepalive_s / 2:
            return
        self._pinged_at_s = now_s
        try:
            sock.send(PINGREQ)
        except BlockingIOError:
            return  # the broker does not read what we send; it has bytes of ours and cannot think us dead
        except OSError as error:
            self._lose(f"the connection died: {error}")

    def _broker_has_left(self) -> bool:
        """Whether the broker's end is closed, although unread messages may hide that from a reader.

        They are given up: unacknowledged, they come again. To wait for room to read them would cost more, because a broker that
        lost our session throws away all that is published until we are back.
        """
        poll = select.poll()
        poll.register(self._fd, getattr(select, "POLLRDHUP", 0))  # errors and hang-ups are reported without asking
        return bool(poll.poll(0))

    def _lose(self, why: str) -> None:
        self.drop()
        self._ear.closed(UNSPECIFIED, why)

    def _detach(self) -> None:
        if self._is_attached:
            self._is_attached = False
            self._loop.remove_reader(self._fd)
            self._stop_writing()

    def _on_write_wanted(self) -> None:
        if self._is_attached and not self._is_writing:
            self._is_writing = True
            self._loop.add_writer(self._fd, self._on_writable)

    def _stop_writing(self) -> None:
        if self._is_writing:
            self._is_writing = False
            self._loop.remove_writer(self._fd)

    # ------------------------------------------------------------------------------------------------ paho's callbacks

    def _listen(self, client: Client) -> None:
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        client.on_socket_close = lambda *_: self._detach()
        client.on_socket_register_write = lambda *_: self._on_write_wanted()
        client.on_socket_unregister_write = lambda *_: self._stop_writing()

    def _on_message(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError as error:  # a broker should not let it through; the contract refuses it by its form
            topic = error.object.decode(errors="backslashreplace")
        self._inbox.append(Arrival(topic, bytes(message.payload), message.mid, message.retain, message.dup))

    def _on_connect(
        self, _client: Client, _userdata: object, flags: ConnectFlags, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        if reason.is_failure:
            self._happenings.append(lambda: self._ear.refused(reason.value, str(reason)))
        else:
            self._happenings.append(lambda: self._ear.connected(has_session=flags.session_present))

    def _on_subscribe(
        self, _client: Client, _userdata: object, mid: int, reasons: list[ReasonCode], _properties: Properties | None
    ) -> None:
        if mid != self._subscribe_id:
            return
        refused = [each for each, reason in zip(self._filters, reasons, strict=False) if reason.value >= FAILURE_FROM]
        self._happenings.append(lambda: self._ear.subscribed(refused))

    def _on_disconnect(
        self, _client: Client, _userdata: object, _flags: DisconnectFlags, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        if not self._is_closed:
            self._is_closed = True
            self._happenings.append(lambda: self._ear.closed(reason.value, str(reason)))


def _make_client(settings: MqttSettings, client_id: str) -> Client:
    is_v5 = settings.version is MqttVersion.V5
    client = Client(
        CallbackAPIVersion.VERSION2,
        client_id=client_id,
        clean_session=None if is_v5 else False,
        protocol=MQTTProtocolVersion.MQTTv5 if is_v5 else MQTTProtocolVersion.MQTTv311,
        reconnect_on_failure=False,  # else a refused version makes paho connect anew, blocking, inside loop_read
        manual_ack=True,
    )
    client.connect_timeout = settings.connect_timeout_s
    client.suppress_exceptions = False
    if settings.username:
        client.username_pw_set(settings.username, settings.password or None)
    return client


def _read_to_the_end(receive: Callable[[int], bytes], hung_up: asyncio.Event) -> None:
    """Throw away what still comes, unacknowledged, until the other side has closed."""
    try:
        while receive(65_536):
            pass
    except (BlockingIOError, ssl.SSLWantReadError):
        return
    except OSError:
        pass
    hung_up.set()
