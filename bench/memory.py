"""How much a hundred thousand devices weigh, in a process of their own."""

import random
import resource
import subprocess
import sys

from bench.chain import PACK, START_AT, events
from bench.rows import Row
from rules.engine import Engine
from rules.model import PackActivation
from rules.pack import read_pack

DEVICES = 100_000


def measure() -> list[Row]:
    """Resident megabytes of a chain that knows 100,000 devices, above those of the same process without them."""
    done = subprocess.run([sys.executable, "-m", "bench.memory"], capture_output=True, text=True, check=True)
    empty_mb, full_mb = (float(part) for part in done.stdout.split())
    return [
        Row(
            name="100,000 devices, resident",
            value=round(full_mb),
            unit="MB",
            yardstick="the same process before the first event, MB",
            yardstick_value=round(empty_mb),
            must=1000,
        )
    ]


def resident_mb() -> float:
    """The most that this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Fill a chain, and print both weights."""
    text = PACK.read_text(encoding="utf-8")
    pack = read_pack(text, str(PACK))
    engine = Engine(read_pack=read_pack)
    engine.receive(PackActivation(id="bench", pack=pack.id, version=pack.version, digest=pack.digest, text=text), START_AT, 1)
    empty = resident_mb()
    now = START_AT
    for event in events(3 * DEVICES, random.Random(1), devices=DEVICES):
        now += 1
        engine.receive(event, now, 0)
    print(empty, resident_mb())


if __name__ == "__main__":
    main()
