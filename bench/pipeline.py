"""The whole way: MQTT QoS 1 → journal → puback → chain → store, through a real Mosquitto, beside that broker's own ceiling."""

import json
import random
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.flood import Flood, Target, c_compiler
from bench.rows import Row
from tests.acceptance.service import Service
from tests.servers import HOST, Mosquitto

DEVICES = 2_000
BROKER_LINES = ["max_queued_messages 1000000", "max_inflight_messages 2000"]
"""The broker's queue must hold what the flood is ahead; deploy/mosquitto/mosquitto.conf has a site's settings."""


@contextmanager
def running(folder: Path) -> Iterator[tuple[Mosquitto, Service]]:
    """A broker and the chain's process, ready. SQLite, synchronous=FULL, the default pack."""
    with Mosquitto(folder / "broker", lines=BROKER_LINES) as broker:
        settings = {"SHOUWANG_MQTT__HOST": HOST, "SHOUWANG_MQTT__PORT": str(broker.port)}
        service = Service(folder / "service", settings)
        service.start()
        try:
            service.until_ready()
            yield broker, service
        finally:
            service.kill()


def message_file(folder: Path, *, readings: int) -> Path:
    """One message for each of 2,000 devices: ordinary temperatures, alone or as an array of so many."""
    rng = random.Random(7)
    file = folder / f"messages-{readings}.tsv"
    with file.open("w", encoding="utf-8") as out:
        for device in range(DEVICES):
            bodies = [
                {
                    "id": f"e{device:04}-{index}-########",
                    "at": 1_780_000_000_000 + index * 1000,
                    "kind": "temperature",
                    "value": round(rng.gauss(22, 0.5), 2),
                    "unit": "°C",
                    "zone": f"b{device % 40:02}/u1/{device % 97:04}",
                }
                for index in range(readings)
            ]
            text = json.dumps(bodies[0] if readings == 1 else bodies, ensure_ascii=False, separators=(",", ":"))
            out.write(f"shouwang/v1/bench/iot/reading/t-{device:04}\t{text}\n")
    return file


def applied(service: Service) -> int:
    """The journal position that the store has applied; -1 while the service does not answer."""
    position = service.health().get("position_applied", -1)
    return position if isinstance(position, int) else -1


def drain(service: Service, until: int, *, stalled_s: float = 30.0) -> float:
    """Seconds until the position is applied. Raises RuntimeError when it stands still for too long."""
    start = last_change = time.perf_counter()
    seen = -1
    while (position := applied(service)) < until:
        now = time.perf_counter()
        if position != seen:
            seen, last_change = position, now
        elif now - last_change > stalled_s:
            raise RuntimeError(f"the service stands still at {position} of {until}:\n{service.log_tail()}")
        time.sleep(0.05)
    return time.perf_counter() - start


def measure(folder: Path, *, readings: int, messages: int) -> Row:
    """Events a second, sustained, with the publisher ahead of the service all the time."""
    flood = Flood(folder, c_compiler())
    file = message_file(folder, readings=readings)
    with running(folder / f"run-{readings}") as (broker, service):
        target = Target(host=HOST, port=broker.port)
        ceiling = flood.ceiling(target, _plain(folder), 60_000).received_per_s
        before = applied(service)
        start = time.perf_counter()
        publishing = flood.publish(target, file, messages)
        drain(service, before + messages * readings)
        seconds = time.perf_counter() - start
        flood.wait(publishing)
    name = "one event per message" if readings == 1 else f"arrays of {readings} readings"
    return Row(
        name=f"MQTT QoS 1 → journal → puback → chain → store (SQLite, synchronous=FULL), {name}",
        value=round(messages * readings / seconds),
        unit="events/s",
        yardstick=f"Mosquitto's own QoS 1 ceiling, {flood.language} publisher to {flood.language} subscriber, messages/s",
        yardstick_value=round(ceiling),
        must=8_000 if readings == 1 else 50_000,
        detail=f"{messages} messages in {seconds:.1f} s",
    )


def _plain(folder: Path) -> Path:
    """Messages as large as ours, on a topic that nobody of ours reads."""
    source, plain = message_file(folder, readings=1), folder / "plain.tsv"
    if not plain.exists():
        shutil.copyfile(source, plain)
        plain.write_text(plain.read_text(encoding="utf-8").replace("shouwang/v1/bench/", "yardstick/v1/bench/"), encoding="utf-8")
    return plain
