"""Runs the cheap publisher and subscriber against a broker: the yardstick of the MQTT numbers, and the load for them.

``bench/mqtt_flood.c`` is compiled when there is a C compiler; else ``bench/flood_plain.py`` does the same in Python, slower.
The messages come from a file with one ``topic<TAB>payload`` for each line; runs of ``#`` become the message's number.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent


NOBODY: Final = "-"


def c_compiler() -> str | None:
    """The C compiler of this machine, if it has one."""
    return shutil.which("gcc") or shutil.which("cc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A broker, and as whom to come."""

    host: str
    port: int
    user: str = NOBODY
    password: str = NOBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Flooded:
    """What one run did: counts, seconds, and the rates a second."""

    published: int
    publish_s: float
    published_per_s: float
    received: int
    receive_s: float
    received_per_s: float


class Flood:
    """The load tool for one run of the bench. ``folder`` takes the compiled program; without a compiler it is plain Python."""

    def __init__(self, folder: Path, compiler: str | None) -> None:
        self.language = "C" if compiler else "Python"
        self._command = [sys.executable, str(HERE / "flood_plain.py")]
        if compiler:
            program = folder / "mqtt_flood"
            build = [compiler, "-O2", "-o", str(program), str(HERE / "mqtt_flood.c")]
            subprocess.run(build, check=True, stdin=subprocess.DEVNULL, capture_output=True)
            self._command = [str(program)]

    def ceiling(self, target: Target, messages: Path, count: int, *, window: int = 500) -> Flooded:
        """How fast the broker passes QoS 1 from this publisher to this subscriber: ``received_per_s`` is the yardstick."""
        return self.wait(self._start("ceiling", target, str(messages), count, window, 0))

    def publish(
        self, target: Target, messages: Path, count: int, *, window: int = 500, rate: float = 0
    ) -> "subprocess.Popen[bytes]":
        """Start publishing with QoS 1, ``rate`` messages a second (0: as fast as the window allows)."""
        return self._start("publish", target, str(messages), count, window, rate)

    def wait(self, running: "subprocess.Popen[bytes]") -> Flooded:
        """Wait for its end. Raises RuntimeError with what it said when it failed; some messages lost is no failure."""
        out, error = running.communicate()
        if running.returncode not in {0, 2}:
            raise RuntimeError(f"the load tool failed with code {running.returncode}: {error.decode(errors='replace').strip()}")
        return Flooded(**json.loads(out))

    def _start(self, mode: str, target: Target, what: str, count: int, window: int, rate: float) -> "subprocess.Popen[bytes]":
        where = [target.host, str(target.port), target.user, target.password]
        command = [*self._command, mode, *where, what, str(count), str(window), str(rate)]
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def write_messages(path: Path, messages: Iterable[tuple[str, str]]) -> Path:
    """Write the file that the tool reads. Raises ValueError where a tab or an end of line would break the form."""
    with path.open("w", encoding="utf-8") as file:
        for topic, payload in messages:
            if set("\t\n") & set(topic + payload):
                raise ValueError(f"topic and payload may have neither tab nor end of line: {topic!r} {payload!r}")
            file.write(f"{topic}\t{payload}\n")
    return path


def readings(device_count: int, array_size: int = 1) -> Iterable[tuple[str, str]]:
    """Plain temperatures, one device for each message (or an array of ``array_size`` of them), each with its own id."""
    for device in range(device_count):
        zone = f"b{device % 20:02}/u1/{device % 900:04}"
        rows = [
            f'{{"id":"f-########-{row}","kind":"temperature","value":{18 + (device + row) % 80 / 10},"zone":"{zone}"}}'
            for row in range(array_size)
        ]
        payload = rows[0] if array_size == 1 else f"[{','.join(rows)}]"
        yield f"shouwang/v1/garden/iot/reading/t-{device:05}", payload
