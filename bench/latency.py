"""From the publish of a critical alarm to the commit of its incident: on an idle desk, and while the bulk lane is saturated."""

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from bench.flood import Flood, Target, c_compiler
from bench.pipeline import applied, message_file, running
from bench.rows import Row, percentile
from tests.servers import HOST

ALARMS = 200
POLL_S = 0.0005


def measure(folder: Path, *, is_loaded: bool, alarms: int = ALARMS) -> list[Row]:
    """p50, p99 and the worst of so many alarms, each of a detector that never spoke before."""
    with running(folder / f"latency-{is_loaded}") as (broker, service):
        flood = Flood(folder, c_compiler())
        publishing = None
        if is_loaded:
            target = Target(host=HOST, port=broker.port)
            publishing = flood.publish(target, message_file(folder, readings=1), 2_000_000)
            before = applied(service)
            while applied(service) < before + 20_000:
                time.sleep(0.05)
        taken_ms = _alarms(broker.port, service.data / "store.db", alarms)
        if publishing is not None:
            publishing.kill()
            publishing.communicate()
    where = "while the bulk lane is saturated" if is_loaded else "idle"
    must = {"p50": None if is_loaded else 10.0, "p99": 250.0 if is_loaded else 50.0, "max": 2000.0 if is_loaded else None}
    values = {"p50": percentile(taken_ms, 0.5), "p99": percentile(taken_ms, 0.99), "max": max(taken_ms)}
    commit_ms = _commit_ms(folder)
    return [
        Row(
            name=f"critical lane, {where}: publish → incident committed, {name}",
            value=round(value, 2),
            unit="ms",
            yardstick="one durable SQLite commit on this disk, median, ms",
            yardstick_value=round(commit_ms, 3),
            must=must[name],
            detail=f"{alarms} alarms",
        )
        for name, value in values.items()
    ]


def _alarms(port: int, store: Path, count: int) -> list[float]:
    """Publish one alarm after the other; watch the store's file for the commit of each incident."""
    client = paho.Client(CallbackAPIVersion.VERSION2, client_id="latency")
    client.connect(HOST, port)
    client.loop_start()
    taken: list[float] = []
    try:
        with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True, isolation_level=None)) as reader:
            for number in range(count):
                zone = f"z{number}/u1/0101"
                body = {"id": f"alarm-{number}", "kind": "smoke", "state": "on", "zone": zone}
                start = time.perf_counter()
                client.publish(f"shouwang/v1/bench/iot/alarm/smoke-{number}", json.dumps(body), qos=1)
                while reader.execute("SELECT 1 FROM incident WHERE zone = ? LIMIT 1", (zone,)).fetchone() is None:
                    if time.perf_counter() - start > 30:
                        raise RuntimeError(f"alarm {number} is not in the store after 30 s")
                    time.sleep(POLL_S)
                taken.append((time.perf_counter() - start) * 1000)
                time.sleep(0.02)
    finally:
        client.loop_stop()
        client.disconnect()
    return taken


def _commit_ms(folder: Path) -> float:
    """What one durable commit costs here: the disk's part in every latency."""
    taken: list[float] = []
    with closing(sqlite3.connect(folder / "yardstick.db", isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("PRAGMA synchronous=FULL")
        writer.execute("CREATE TABLE IF NOT EXISTS mark (at REAL)")
        for _ in range(200):
            start = time.perf_counter()
            writer.execute("INSERT INTO mark VALUES (1)")
            taken.append((time.perf_counter() - start) * 1000)
    return percentile(taken, 0.5)
