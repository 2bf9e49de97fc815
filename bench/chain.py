"""The chain alone: the default pack, 10,000 devices, one core, no input or output."""

import random
from collections.abc import Iterator
from pathlib import Path

from bench.rows import Row, best_rate, calibration_loops_per_s
from rules.engine import Engine
from rules.model import Event, EventClass, Network, PackActivation
from rules.pack import read_pack

PACK = Path(__file__).resolve().parent.parent / "rules" / "packs" / "community.yaml"
DEVICES = 10_000
START_AT = 1_780_000_000_000

MIX: tuple[tuple[int, EventClass, str, float, float], ...] = (
    (30, EventClass.READING, "temperature", 22.0, 1.0),
    (15, EventClass.READING, "smoke_obscuration", 0.3, 0.1),
    (10, EventClass.READING, "carbon_monoxide", 2.0, 1.0),
    (10, EventClass.READING, "methane", 0.2, 0.1),
    (8, EventClass.READING, "residual_current", 40.0, 8.0),
    (5, EventClass.READING, "cable_temperature", 38.0, 2.0),
    (5, EventClass.READING, "water_level", 4.0, 1.0),
    (5, EventClass.READING, "humidity", 55.0, 5.0),
    (7, EventClass.HEARTBEAT, "heartbeat", 0.0, 0.0),
    (5, EventClass.STATE, "motion", 0.0, 0.0),
)
"""Share of devices, and what they say: an ordinary day, in which almost nothing crosses a limit."""


def events(count: int, rng: random.Random, devices: int = DEVICES) -> Iterator[Event]:
    """An ordinary day's events of so many devices, each speaking in its turn."""
    speakers: list[tuple[str, EventClass, str, float, float]] = []
    for share, event_class, kind, mean, spread in MIX:
        speakers += [(f"{kind}-{n}", event_class, kind, mean, spread) for n in range(devices * share // 100)]
    rng.shuffle(speakers)
    for number in range(count):
        name, event_class, kind, mean, spread = speakers[number % len(speakers)]
        is_reading = event_class is EventClass.READING
        yield Event(
            id=f"e-{number}",
            community="bench",
            network=Network.IOT,
            event_class=event_class,
            device=name,
            kind=kind,
            value=abs(rng.gauss(mean, spread)) if is_reading else None,
            state="on" if event_class is EventClass.STATE else None,
            zone=f"b{number % 40:02}/u1/{number % 97:04}",
            occurred_at=START_AT + number,
        )


def measure(quick: bool = False) -> list[Row]:
    """Events a second through ``Engine.receive``, the best of three rounds over fresh events."""
    text = PACK.read_text(encoding="utf-8")
    engine = Engine(read_pack=read_pack)
    pack = read_pack(text, str(PACK))
    engine.receive(
        PackActivation(id="bench-pack", pack=pack.id, version=pack.version, digest=pack.digest, text=text), START_AT, position=1
    )
    stream = events(10_000_000, random.Random(1))  # a seeded mix, not a secret
    now = START_AT
    size = 20_000 if quick else 60_000
    effects = 0

    def feed(count: int) -> int:
        nonlocal now, effects
        batch = [next(stream) for _ in range(count)]
        prepared.append(batch)
        return count

    prepared: list[list[Event]] = []
    feed(2 * DEVICES)

    def drain() -> int:
        nonlocal now, effects
        batch = prepared.pop()
        for event in batch:
            now += 1
            effects += len(engine.receive(event, now, 0))
        return len(batch)

    drain()
    for _ in range(3):
        feed(size)
    rate = best_rate(drain, 3)
    return [
        Row(
            name="chain alone, default pack, 10,000 devices",
            value=round(rate),
            unit="events/s",
            yardstick="plain Python loop, turns/s on the same core",
            yardstick_value=round(calibration_loops_per_s()),
            must=50_000,
            detail=f"{effects} effects",
        )
    ]
