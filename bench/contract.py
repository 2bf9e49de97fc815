"""The native contract's own cost: bytes to Event."""

import json

from bench.rows import Row, best_rate, calibration_loops_per_s
from ingest.wire import decode

TOPIC = "shouwang/v1/bench/iot/reading/t-0001"


def cost_us(quick: bool = False) -> float:
    """Microseconds of one event that comes alone."""
    return 1e6 / _rate(1, quick)


def measure(quick: bool = False) -> list[Row]:
    """Events a second through ``ingest.wire.decode``, alone and in arrays of fifty."""
    rows = []
    for readings in (1, 50):
        name = "one event per message" if readings == 1 else f"arrays of {readings}"
        rows.append(
            Row(
                name=f"contract: bytes → Event, {name}",
                value=round(_rate(readings, quick)),
                unit="events/s",
                yardstick="plain Python loop, turns/s on the same core",
                yardstick_value=round(calibration_loops_per_s(0.3)),
                must=100_000,
                detail="must: at most 10 µs an event",
            )
        )
    return rows


def _rate(readings: int, quick: bool) -> float:
    payloads = [_payload(number, readings) for number in range(200)]
    turns = (2_000 if quick else 20_000) // readings

    def work() -> int:
        for turn in range(turns):
            decode(TOPIC, payloads[turn % 200], arrival=str(turn))
        return turns * readings

    return best_rate(work, 3)


def _payload(number: int, readings: int) -> bytes:
    bodies = [
        {
            "id": f"e{number}-{index}",
            "at": 1_780_000_000_000 + index,
            "kind": "temperature",
            "value": 21.5 + index / 100,
            "zone": "b01/u1/0101",
        }
        for index in range(readings)
    ]
    return json.dumps(bodies[0] if readings == 1 else bodies).encode()
