"""The journal's disk is full: nothing is acknowledged, health is red, and work goes on by itself when there is room again."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pytest

from tests.acceptance.outside import Gateway, Publisher, facts, opened, reading, smoke, topic_of
from tests.acceptance.service import ROOT, Service
from tests.servers import HOST, Mosquitto

pytestmark = [pytest.mark.acceptance, pytest.mark.needs("mosquitto")]

DISK_MB = 24


class Disk(Protocol):
    """Where the data folder is."""

    folder: Path
    environment: dict[str, str]

    def fill(self) -> None: ...

    def free(self) -> None: ...


class SmallDisk:
    """A file system of its own, small enough to be filled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment: dict[str, str] = {}

    def fill(self) -> None:
        with (self.folder / "ballast").open("ab", buffering=0) as ballast:
            for size in (1 << 20, 1 << 12, 1):
                try:
                    while ballast.write(b"\0" * size):
                        pass
                except OSError:
                    continue

    def free(self) -> None:
        (self.folder / "ballast").unlink()


CAPPED = """
from pathlib import Path
from ingest.journal import Journal
append = Journal.append
def capped(self, entries):
    pages = 1 if Path({flag!r}).exists() else 1_000_000
    self._connection.execute(f"PRAGMA max_page_count = {{pages}}")
    return append(self, entries)
Journal.append = capped
"""
"""SQLite itself says that the disk is full, where a test may not mount one."""


class CappedJournal:
    """A journal that SQLite does not let grow."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "data"
        self._flag = folder / "full"
        code = folder / "code"
        code.mkdir()
        (code / "sitecustomize.py").write_text(CAPPED.format(flag=str(self._flag)))
        self.environment = {"PYTHONPATH": f"{code}:{ROOT}"}

    def fill(self) -> None:
        self._flag.touch()

    def free(self) -> None:
        self._flag.unlink()


@contextmanager
def mounted(folder: Path) -> Iterator[Path | None]:
    """A small file system in this folder; None where the user may not mount one."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(folder)]
    may = os.geteuid() == 0 and subprocess.run(mount, check=False, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0
    try:
        yield folder if may else None
    finally:
        if may:
            subprocess.run(["umount", "--lazy", str(folder)], check=True, stdin=subprocess.DEVNULL)


def disks() -> list[str]:
    with tempfile.TemporaryDirectory() as folder, mounted(Path(folder)) as may:
        return ["capped", "mounted"] if may else ["capped"]


@pytest.fixture(params=disks())
def disk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Disk]:
    if request.param == "capped":
        yield CappedJournal(tmp_path)
        return
    folder = tmp_path / "disk"
    folder.mkdir()
    with mounted(folder):
        yield SmallDisk(folder)


@pytest.fixture
def service(tmp_path: Path, mosquitto: Mosquitto, disk: Disk) -> Iterator[Service]:
    made = Service(
        tmp_path / "service",
        {
            "SHOUWANG_DATA": str(disk.folder),
            "SHOUWANG_MQTT__HOST": HOST,
            "SHOUWANG_MQTT__PORT": str(mosquitto.port),
            **disk.environment,
        },
    )
    made.data = disk.folder
    made.start()
    made.until_ready()
    yield made
    made.kill()


def is_journal_red(service: Service) -> bool:
    checks: list[dict[str, object]] = service.health().get("checks", [])  # type: ignore[assignment]  # plain JSON
    return any(check["name"] == "journal" and not check["ok"] for check in checks)


def test_nothing_is_acknowledged_and_it_goes_on_by_itself(service: Service, mosquitto: Mosquitto, disk: Disk) -> None:
    with Publisher(mosquitto.port) as publisher, Gateway(service) as gateway, ThreadPoolExecutor() as pool:
        assert gateway.post(smoke("before", "b01/u1/0101"), topic=topic_of("s-before")).status_code == 200
        disk.fill()
        bulk = [{"id": f"r-{n}", "kind": "temperature", "value": n / 7, "attributes": {"a": "x" * 900}} for n in range(900)]
        waiting = pool.submit(gateway.post, bulk, topic=topic_of("t-1", "reading"))
        service.until("health is red", lambda: is_journal_red(service))
        publisher.publish(topic_of("s-mqtt"), smoke("by-mqtt", "b02/u1/0101"))
        journaled = [each.entry.id for each in service.journal()]
        assert not waiting.done(), "what is not journaled is not acknowledged"
        assert not {"by-mqtt", "r-0"} & set(journaled)

        disk.free()
        assert waiting.result(40).status_code == 200
        service.until("health is green", lambda: service.health().get("ready"))
    with reading(service) as views:
        service.until(
            "the alarm was decided", lambda: {"s-before", "s-mqtt"} == {f["device"] for f in opened(facts(views), "alarm")}
        )
    ids = [each.entry.id for each in service.journal()]
    assert [ids.count(name) for name in ("before", "by-mqtt", "r-0", "r-899")] == [1, 1, 1, 1]
    assert service.stop() == 0
