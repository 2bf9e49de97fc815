"""How the chain's process begins and ends: each refusal is one line that says what to do, and an exit code."""

import asyncio
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs
from structlog.typing import EventDict

from handlers.store import Store
from ingest.journal import Journal
from shouwang import chain
from shouwang.chain import run_chain
from shouwang.clock import wall_now
from shouwang.exits import Exit
from shouwang.settings import Settings
from tests.servers import HOST, free_port


@pytest.fixture(autouse=True)
def _plain_logs() -> Iterator[None]:
    structlog.reset_defaults()
    yield
    structlog.reset_defaults()


def settings(folder: Path, **changes: Any) -> Settings:
    values: dict[str, Any] = {"data": folder / "data", "mqtt": {"is_enabled": False}, "front_door": {"port": free_port()}}
    return Settings(**(values | changes))


def ended(made: Settings, at: str = "chain_ready") -> tuple[int, list[EventDict]]:
    """The exit code and the log of a process that is told to stop as soon as it has logged this."""

    def stop(_logger: object, _method: str, event: EventDict) -> EventDict:
        if event["event"] == at:
            os.kill(os.getpid(), signal.SIGTERM)
        return event

    with capture_logs() as logs:
        processors = structlog.get_config()["processors"]
        processors.insert(0, stop)

        async def run() -> int:
            async with asyncio.timeout(30):
                return await run_chain(made)

        return asyncio.run(run()), logs


def todo(logs: list[EventDict]) -> EventDict:
    return next(entry for entry in logs if entry["log_level"] == "error")


def test_told_to_stop_it_ends_well_and_leaves_no_socket(tmp_path: Path) -> None:
    made = settings(tmp_path)
    code, logs = ended(made)
    assert code == Exit.OK
    assert [entry["event"] for entry in logs] == ["chain_ready", "chain_stopping"]
    assert not made.socket.exists()
    again, _ = ended(made)
    assert again == Exit.OK


@pytest.mark.parametrize("text", [b"pack: [", b"\xff\xfe", None])
def test_a_pack_that_cannot_be_used_is_a_fault_of_the_settings(text: bytes | None, tmp_path: Path) -> None:
    pack = tmp_path / "pack.yaml"
    if text is not None:
        pack.write_bytes(text)
    code, logs = ended(settings(tmp_path, pack=pack))
    assert code == Exit.USAGE
    assert "rules check" in todo(logs)["todo"]


@pytest.mark.parametrize(
    "changes",
    [
        {"store_url": "nonsense"},
        {"store_url": "mysql://u:hunter2@h/d"},
        {"mqtt": {"is_tls": True, "ca_file": "/nowhere/ca.pem"}},
        {"people": {"property": ["nonsense://user:hunter2@host"]}},
    ],
)
def test_a_setting_that_cannot_be_used_is_told_without_its_secrets(changes: dict[str, Any], tmp_path: Path) -> None:
    code, logs = ended(settings(tmp_path, **changes))
    assert code == Exit.USAGE
    assert "hunter2" not in str(logs)
    assert "exc_info" not in todo(logs)


def test_a_second_instance_is_refused_and_told_who_is_first(tmp_path: Path) -> None:
    first = Journal(tmp_path / "data" / "journal", clock=wall_now)
    code, logs = ended(settings(tmp_path))
    first.close()
    assert code == Exit.TAKEN
    assert str(os.getpid()) in todo(logs)["detail"]


def test_a_store_that_somebody_elses_process_writes_is_refused_at_once(tmp_path: Path) -> None:
    made = settings(tmp_path, store_url=f"sqlite:///{tmp_path / 'store.db'}")
    store = Store(made.database)
    store.migrate()
    store.take_lease("elsewhere", wall_now(), 3600)
    code, logs = ended(made)
    store.close()
    assert code == Exit.TAKEN
    assert "elsewhere" in todo(logs)["detail"]


def test_the_lease_of_our_own_last_life_is_waited_for(tmp_path: Path) -> None:
    """The database may not have noticed yet that we died; to give up would end the service for good."""
    made = settings(tmp_path, store_url=f"sqlite:///{tmp_path / 'store.db'}", lease_ttl_s=5.0)
    store = Store(made.database)
    store.migrate()
    store.take_lease(f"{socket.gethostname()}:{made.socket.parent}", wall_now(), 5.0)
    code, logs = ended(made)
    store.close()
    assert code == Exit.OK
    assert logs[0]["event"] == "waiting_for_store"


@pytest.mark.parametrize("which", ["front door", "socket"])
def test_an_address_that_is_taken_is_named(which: str, tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1] if which == "front door" else free_port()
        if which == "socket":
            (tmp_path / "data" / "door.sock").mkdir(parents=True)
        code, logs = ended(settings(tmp_path, front_door={"port": port}))
    assert code == Exit.TAKEN
    assert todo(logs)["event"] == "cannot_listen"


def test_a_store_without_its_journal_is_for_a_person_to_look_at(tmp_path: Path) -> None:
    made = settings(tmp_path)
    assert ended(made)[0] == Exit.OK
    for file in (made.data / "journal").iterdir():
        file.unlink()
    code, logs = ended(made)
    assert code == Exit.DAMAGED
    assert "Put the journal files back" in todo(logs)["detail"]


def test_a_state_of_another_version_is_for_a_person_to_look_at(tmp_path: Path) -> None:
    made = settings(tmp_path)
    assert ended(made)[0] == Exit.OK
    store = Store(made.database)
    epoch = store.take_lease("test", wall_now(), 60)
    with store.transaction(epoch) as unit:
        unit.save_snapshot({"pack": b'{"text": "pack: [unknown"}'}, 1)
    store.release_lease(epoch)
    store.close()
    code, logs = ended(made)
    assert code == Exit.DAMAGED
    assert "another version" in todo(logs)["detail"]


def test_a_damaged_store_is_for_a_person_to_look_at(tmp_path: Path) -> None:
    made = settings(tmp_path)
    assert ended(made)[0] == Exit.OK
    (made.data / "store.db").write_bytes(b"this is no database, and long enough to be looked at as one" * 100)
    code, logs = ended(made)
    assert code == Exit.DAMAGED
    assert "restore the last backup" in todo(logs)["detail"]


@pytest.mark.parametrize("is_asked", [True, False])
def test_a_database_that_is_away_is_waited_for_and_then_told(
    is_asked: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "STORE_WAIT_S", 0.0)
    made = settings(tmp_path, store_url=f"postgresql://nobody@{HOST}:{free_port()}/none")
    if is_asked:
        monkeypatch.setattr(chain, "STORE_WAIT_S", 60.0)
        assert ended(made, at="waiting_for_store")[0] == Exit.OK
    else:
        code, logs = ended(made)
        assert code == Exit.FAULT
        assert todo(logs)["event"] == "store_unavailable"


def test_a_fault_of_ours_comes_with_its_traceback_and_may_be_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ArithmeticError("ours")

    monkeypatch.setattr("shouwang.desk.Desk.turn", fail)
    code, logs = ended(settings(tmp_path))
    assert code == Exit.FAULT
    assert isinstance(todo(logs)["exc_info"], ArithmeticError)
