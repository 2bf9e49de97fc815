"""The load tool of bench/mqtt_flood.c in plain Python, for machines without a C compiler: same arguments, same output, slower."""

import json
import multiprocessing
import re
import select
import socket
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

IDLE_S = 5.0
NUMBER = re.compile(rb"#+")
Result = tuple[int, float]


class Wire:
    """One MQTT 3.1.1 connection: whole packets in, bytes out."""

    def __init__(self, host: str, port: int, user: str, password: str, client_id: str) -> None:
        self._socket = socket.create_connection((host, port), timeout=IDLE_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(0.0)
        self._in = b""
        self.out = bytearray()
        login = b"" if user == "-" else text(user) + text(password)
        flags = b"\x02" if user == "-" else b"\xc2"
        self.out += packet(0x10, text("MQTT") + b"\x04" + flags + b"\0\0" + text(client_id) + login)
        if self.expect(0x20) != 0:
            raise ConnectionError("the broker refused us (user, password?)")

    def subscribe(self, topic_filter: str) -> None:
        """Ask for a filter with QoS 1."""
        self.out += packet(0x82, b"\0\1" + text(topic_filter) + b"\1")
        if self.expect(0x90) > 1:
            raise ConnectionError("the broker refused the subscription (access list?)")

    def expect(self, kind: int) -> int:
        """Wait for one packet of this kind and return its last byte."""
        end = time.perf_counter() + IDLE_S
        while time.perf_counter() < end:
            for found, body in self.turn(0.1):
                if found & 0xF0 == kind:
                    return body[-1]
        raise TimeoutError("the broker did not answer in time")

    def turn(self, timeout_s: float) -> list[tuple[int, bytes]]:
        """Write what waits, read what is there, and return the whole packets as (kind, body)."""
        readable, writable, _ = select.select([self._socket], [self._socket] if self.out else [], [], timeout_s)
        if writable:
            del self.out[: self._socket.send(self.out)]
        if not readable:
            return []
        data = self._socket.recv(1 << 18)
        if not data:
            raise ConnectionError("the broker closed the connection (user, password, access list?)")
        self._in += data
        packets, used = [], 0
        while (found := whole(self._in, used)) is not None:
            start, used_next = found
            packets.append((self._in[used], self._in[start:used_next]))
            used = used_next
        self._in = self._in[used:]
        return packets


def whole(data: bytes, at: int) -> tuple[int, int] | None:
    """Where the body of the packet at ``at`` starts and ends; None when it is not whole yet."""
    length = shift = 0
    for place in range(at + 1, min(at + 5, len(data))):
        length |= (data[place] & 127) << shift
        shift += 7
        if not data[place] & 128:
            end = place + 1 + length
            return (place + 1, end) if end <= len(data) else None
    return None


def text(value: str) -> bytes:
    """A string with its length before it."""
    raw = value.encode()
    return len(raw).to_bytes(2, "big") + raw


def packet(kind: int, body: bytes) -> bytes:
    """A packet with its fixed header."""
    head, rest = bytearray([kind]), len(body)
    while True:
        rest, low = rest >> 7, rest & 127
        head.append(low | (128 if rest else 0))
        if not rest:
            return bytes(head) + body


def publish(wire: Wire, messages: list[tuple[str, bytes]], count: int, window: int, rate: float) -> Result:
    """Publish with QoS 1 and count the acknowledgements."""
    sent = acked = 0
    start = heard = time.perf_counter()
    while acked < count and time.perf_counter() - heard < IDLE_S:
        due = min(count, int((time.perf_counter() - start) * rate) + 1) if rate else count
        while sent < due and sent - acked < window and len(wire.out) < 1 << 18:
            topic, payload = messages[sent % len(messages)]
            number = str(sent)
            body = NUMBER.sub(lambda run, number=number: number.zfill(len(run[0])).encode(), payload)  # type: ignore[misc]
            wire.out += packet(0x32, text(topic) + (sent % 65_535 + 1).to_bytes(2, "big") + body)
            sent += 1
        got = sum(kind & 0xF0 == 0x40 for kind, _ in wire.turn(0.001 if sent == due < count else 0.1))
        acked += got
        if got or sent == due < count:
            heard = time.perf_counter()
    return acked, time.perf_counter() - start


def subscribe(wire: Wire, count: int) -> Result:
    """Take messages and acknowledge them; from the first to the last."""
    taken, first, last = 0, 0.0, time.perf_counter()
    while taken < count and time.perf_counter() - last < IDLE_S * (1 if taken else 4):
        for kind, body in wire.turn(0.1):
            if kind & 0xF0 != 0x30:
                continue
            last = time.perf_counter()
            first = first or last
            taken += 1
            if kind & 0x06:
                topic = int.from_bytes(body[:2], "big")
                wire.out += b"\x40\x02" + body[2 + topic : 4 + topic]
    return taken, last - first


def _subscriber(where: list[str], count: int, pipe: Connection) -> None:
    wire = Wire(where[0], int(where[1]), where[2], where[3], "flood-subscriber")
    wire.subscribe("#")
    pipe.send((0, 0.0))
    pipe.send(subscribe(wire, count))


def main(arguments: list[str]) -> int:
    """As bench/mqtt_flood.c."""
    mode, *where = arguments[:5]
    what, count, window, rate = arguments[5], int(arguments[6]), int(arguments[7]), float(arguments[8])
    sent: Result = (0, 0.0)
    got: Result = (0, 0.0)
    ours, theirs = multiprocessing.Pipe()
    if mode == "ceiling":
        multiprocessing.Process(target=_subscriber, args=(where, count, theirs), daemon=True).start()
        ours.recv()
    wire = Wire(where[0], int(where[1]), where[2], where[3], f"flood-{mode}")
    if mode == "subscribe":
        wire.subscribe(what)
        got = subscribe(wire, count)
    else:
        lines = Path(what).read_text(encoding="utf-8").splitlines()
        messages = [(topic, payload.encode()) for topic, payload in (line.split("\t", 1) for line in lines)]
        sent = publish(wire, messages, count, window, rate)
        got = ours.recv() if mode == "ceiling" else got
    rates = [done / seconds if seconds else 0.0 for done, seconds in (sent, got)]
    keys = ("published", "publish_s", "published_per_s", "received", "receive_s", "received_per_s")
    sys.stdout.write(json.dumps(dict(zip(keys, (*sent, rates[0], *got, rates[1]), strict=True))) + "\n")
    return 0 if sent[0] + got[0] >= count else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
