"""Only one process writes: a second one is sent away, and a leader that slept too long finds that out before it speaks."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from os import kill
from pathlib import Path
from signal import SIGCONT, SIGSTOP

import pytest

from shouwang.exits import Exit
from tests.acceptance.outside import Gateway, facts, opened, reading, settle, smoke, topic_of
from tests.acceptance.service import Service

pytestmark = pytest.mark.acceptance

LEASE_S = 2.0
ALONE = {"SHOUWANG_MQTT__IS_ENABLED": "false", "SHOUWANG_LEASE_TTL_S": str(LEASE_S)}


@pytest.fixture
def leader(tmp_path: Path) -> Iterator[Service]:
    made = Service(tmp_path / "leader", dict(ALONE))
    yield made
    made.kill()


@pytest.mark.parametrize("role", ["chain", "all"])
def test_a_second_one_on_the_same_folder_is_told_so_and_ends(leader: Service, tmp_path: Path, role: str) -> None:
    leader.start()
    leader.until_ready()
    second = Service(tmp_path / "second", {**ALONE, "SHOUWANG_DATA": str(leader.data)}, role=role)
    assert code_of(second) == Exit.TAKEN
    said = second.log_tail()
    assert "only one may" in said
    assert "Stop the other one, or use another data folder." in said
    assert leader.health()["ready"], "the first one does not notice"


def code_of(service: Service) -> int | None:
    """How it ended by itself; None when it did not, and is ready."""
    service.start()
    return settle(service)


@pytest.fixture
def follower(tmp_path: Path, leader: Service, postgres_url: str) -> Iterator[Service]:
    """Another folder, the same PostgreSQL: as when somebody starts a restored backup beside the real one."""
    leader.settings["SHOUWANG_STORE_URL"] = postgres_url
    made = Service(tmp_path / "follower", {**ALONE, "SHOUWANG_STORE_URL": postgres_url})
    yield made
    made.kill()


def copy(leader: Service, follower: Service) -> None:
    shutil.copytree(leader.data, follower.data, ignore=shutil.ignore_patterns("door.sock"))


def test_a_second_one_on_the_same_postgresql_is_refused_while_the_first_lives(leader: Service, follower: Service) -> None:
    leader.start()
    leader.until_ready()
    copy(leader, follower)
    assert code_of(follower) == Exit.TAKEN
    assert "whose lease runs" in follower.log_tail()

    leader.kill()  # its death frees the guard: nobody needs to wait for the lease
    follower.start()
    follower.until_ready()


def test_a_leader_that_slept_through_its_lease_acknowledges_nothing_and_ends(leader: Service, follower: Service) -> None:
    leader.start()
    leader.until_ready()
    assert leader.process is not None
    sleeper = leader.process
    with Gateway(leader) as gateway, ThreadPoolExecutor() as pool:
        assert gateway.post(smoke("first", "b01/u1/0101"), topic=topic_of("s-1")).status_code == 200
        kill(sleeper.pid, SIGSTOP)
        copy(leader, follower)
        while (code := code_of(follower)) is not None:
            assert code == Exit.TAKEN
            assert "whose lease runs" in follower.log_tail()
        late = pool.submit(gateway.post, smoke("late", "b02/u1/0101"), topic=topic_of("s-2"))
        kill(sleeper.pid, SIGCONT)
        assert sleeper.wait(20) == Exit.FAULT
        assert late.exception(40) is not None or late.result().status_code >= 500
    assert "our lease" in leader.log_tail()
    assert [each.entry.id for each in leader.journal() if each.entry.id == "late"] == []
    with Gateway(follower) as gateway:
        assert gateway.post(smoke("second", "b03/u1/0101"), topic=topic_of("s-3")).status_code == 200
    with reading(follower) as views:
        follower.until("decided", lambda: [fact["device"] for fact in opened(facts(views), "alarm")] == ["s-1", "s-3"])
