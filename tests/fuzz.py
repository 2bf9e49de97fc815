"""``./run fuzz``: what every foreign format does with a million messages that nobody should send (docs/hostile-input.md).

An adapter may refuse, but neither raise, nor work for longer than 50 ms, nor take more than 10 MB, whatever the bytes are.
"""

import argparse
import gc
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from types import FunctionType, ModuleType
from typing import Final

from rich.console import Console
from rich.progress import Progress

from ingest.adapter import PAYLOAD_BYTES_MAX, Example, Foreign, Format, Ignored, understand
from ingest.areas import Spot
from ingest.formats import FORMATS
from ingest.topics import _remembered
from ingest.wire import decode
from rules.model import Event, Network, Rejected
from tests.hostile_bytes import LARGE_ONE_IN, hostile
from tests.hostile_page import MEMORY_MAX, PAGE, SLOW_S, Stood, page_of

_WEIGHED_ONE_IN: Final = 500
"""Weighing makes a call several times slower, so that it is done for some, and for all that are large."""

_NATIVE: Final = (
    Example("shouwang/v1/jade/iot/alarm/s1", b'{"kind":"smoke","state":"on","at":1793664306000,"zone":"b03/u1/0502","seq":7}'),
    Example("shouwang/v1/jade/iot/reading/m1", b'[{"kind":"temperature","value":21.5},{"kind":"humidity","value":40,"id":"e1"}]'),
    Example(
        "shouwang/v1/jade/video/state/c1", b'{"kind":"motion","state":null,"attributes":{"n":2},"status":"test","receipt":true}'
    ),
)
_SPOT: Final = Spot(latitude=30.66, longitude=104.06, codes=(("adcode", "510107"),))
_KNOWN: Final = {"a known device": "b03/u1/0502"}
_NWS: Final = (
    b'{"@context":[],"type":"FeatureCollection","features":[{"id":"https://api.weather.gov/alerts/urn:oid:2.49.0.1","type":"Feature",'
    b'"geometry":{"type":"Polygon","coordinates":[[[104,30],[105,30],[105,31],[104,31],[104,30]]]},"properties":{'
    b'"@type":"wx:Alert","id":"urn:oid:2.49.0.1","areaDesc":"Here","geocode":{"SAME":["051010"],"UGC":["CAZ509"]},'
    b'"references":[{"@id":"u","identifier":"urn:oid:2.49.0.0","sender":"w-nws.webmaster@noaa.gov","sent":"2026-11-03T08:00:00-00:00"}],'
    b'"sent":"2026-11-03T09:00:00-00:00","effective":"2026-11-03T09:00:00-00:00","onset":null,"expires":"2026-11-03T20:00:00-00:00",'
    b'"ends":null,"status":"Actual","messageType":"Update","category":"Met","severity":"Severe","certainty":"Likely",'
    b'"urgency":"Expected","event":"Flood Warning","sender":"w-nws.webmaster@noaa.gov","senderName":"NWS","headline":"Flood",'
    b'"description":"Water","instruction":null,"response":"Avoid","parameters":{"NWSheadline":["x"]}}}]}'
)
_MORE: Final = {"cap": (Example("", _NWS),)}
"""Forms that a format takes and its page does not show."""
SUBJECTS: Final = (*FORMATS, "native")
"""What is tried out: the foreign formats, and our own contract."""


Told = Sequence[Event | Rejected] | Ignored
Reads = Callable[[Foreign], Told]


def try_out(name: str, count: int, seed: int) -> Stood:
    """Give a format ``count`` hostile messages, one adapter for all of them."""
    examples, network, reads, kept = _subject(name)
    stood = Stood(name=name, count=count, faults=[])
    for number, each in enumerate(hostile(examples, seed, count)):
        foreign = _foreign(network, each, number)
        is_weighed = number % _WEIGHED_ONE_IN == 0 or number % LARGE_ONE_IN == LARGE_ONE_IN - 1
        try:
            told = _time(reads, foreign, stood)
            if isinstance(told, Ignored):
                stood.ignored_count += 1
            elif any(isinstance(event, Event) for event in told):
                stood.understood_count += 1
            if is_weighed:
                _weigh(reads, foreign, stood)
        except Exception as error:  # noqa: BLE001 - whatever an adapter raises is what is looked for
            stood.raised_count += 1
            _note(stood, f"{type(error).__name__}: {error}", each)
    stood.kept = _size_of(kept)
    return stood


def _subject(name: str) -> tuple[Sequence[Example], Network, Reads, object]:
    """Examples, network, how it is asked, and what holds its memory."""
    if name not in FORMATS:
        return _NATIVE, Network.IOT, _read_native, _remembered
    format_ = FORMATS[name]
    adapter = format_.opens()
    return (*format_.examples, *_MORE.get(name, ())), format_.network, lambda foreign: understand(adapter, foreign), adapter


def _read_native(foreign: Foreign) -> Told:
    return decode(
        foreign.topic, foreign.payload, is_retained=foreign.is_retained, arrival=foreign.arrival, bytes_max=PAYLOAD_BYTES_MAX
    )


def _time(reads: Reads, foreign: Foreign, stood: Stood) -> Told:
    """Processor time, and the best of three where it looks slow: a neighbour makes a call slower, never faster."""
    start = time.thread_time()
    told = reads(foreign)
    best = time.thread_time() - start
    for _ in range(2 if best > SLOW_S else 0):
        start = time.thread_time()
        reads(foreign)
        best = min(best, time.thread_time() - start)
    if best > SLOW_S:
        _note(stood, f"{best * 1000:.0f} ms", Example(foreign.topic, foreign.payload))
    stood.slowest_s = max(stood.slowest_s, best)
    return told


def _weigh(reads: Reads, foreign: Foreign, stood: Stood) -> None:
    tracemalloc.start()
    reads(foreign)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    if peak > MEMORY_MAX:
        _note(stood, f"{peak / 1e6:.1f} MB", Example(foreign.topic, foreign.payload))
    stood.memory_max = max(stood.memory_max, peak)


def _size_of(adapter: object) -> int:
    """Bytes of all that hangs on an adapter: what its object or closure holds, without the code."""
    seen: set[int] = set()
    waiting, total = [adapter], 0
    while waiting:
        part = waiting.pop()
        if id(part) in seen or isinstance(part, type | ModuleType):
            continue
        seen.add(id(part))
        total += sys.getsizeof(part)
        waiting.extend(part.__closure__ or () if isinstance(part, FunctionType) else gc.get_referents(part))
    return total


def foreign_of(format_: Format, each: Example, number: int) -> Foreign:
    """The message as a route would hand it on, some of them retained."""
    return _foreign(format_.network, each, number)


def _foreign(network: Network, each: Example, number: int) -> Foreign:
    return Foreign(
        topic=each.topic,
        payload=each.payload,
        community="jade",
        network=network,
        received_at=1_793_664_310_000 + number,
        arrival=str(number),
        is_retained=number % 7 == 0,
        spot=_SPOT if number % 2 else None,
        zones=_KNOWN if number % 3 == 0 else {},
        names=_KNOWN if number % 3 == 0 else {},
    )


def _note(stood: Stood, what: str, each: Example) -> None:
    if len(stood.faults) < 10:
        stood.faults.append(f"{stood.name}: {what}: topic {each.topic!r}, {len(each.payload)} bytes: {each.payload[:200]!r}")


def main() -> int:
    """Try all, print the table and every fault; 1 where a format did not withstand."""
    parser = argparse.ArgumentParser(prog="./run fuzz", description="Give every foreign format messages that nobody should send.")
    parser.add_argument("--format", action="append", choices=SUBJECTS, help="only this format; may be repeated")
    parser.add_argument("--count", type=int, default=1_000_000, help="inputs for each format (1000000)")
    parser.add_argument("--seed", type=int, default=1, help="what they are drawn from (1)")
    parser.add_argument("--processes", type=int, default=2, help="how many formats at a time (2)")
    parser.add_argument("--page", action="store_true", help="write docs/hostile-input.md, a format's row as soon as it is done")
    chosen = parser.parse_args()
    command, done = f"./run fuzz --seed {chosen.seed} --page", []
    today = time.strftime("%Y-%m-%d", time.gmtime())
    names = chosen.format or SUBJECTS
    with ProcessPoolExecutor(chosen.processes) as pool, Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("formats 格式", total=len(names))
        for future in as_completed([pool.submit(try_out, name, chosen.count, chosen.seed) for name in names]):
            done.append(future.result())
            if chosen.page:
                before = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
                PAGE.write_text(page_of(done, command, before, today), encoding="utf-8")
            progress.advance(task)
    sys.stdout.write("\n".join([page_of(done, command, "", today), *[fault for each in done for fault in each.faults], ""]))
    return 0 if all(each.is_good for each in done) else 1


if __name__ == "__main__":
    sys.exit(main())
