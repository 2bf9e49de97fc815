"""``shouwang run``: tiny children stand in for the chain and the web, and end as those would."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from shouwang import supervisor
from shouwang.exits import Exit
from shouwang.supervisor import Supervisor

pytestmark = pytest.mark.anyio

LIVE = "import signal; signal.pause()"  # SIGTERM ends it
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); open({file!r}, 'w'); signal.pause()"


class Children:
    """What is run for a role: each life writes its process id to a file and then does what the script says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.scripts: dict[str, list[str]] = {}

    def plan(self, role: str, *lives: str) -> None:
        """What the first, second … life of this role does; the last goes on for ever after."""
        self.scripts[role] = list(lives)

    def command(self, role: str) -> list[str]:
        script = self.scripts[role].pop(0) if len(self.scripts[role]) > 1 else self.scripts[role][0]
        note = f"import os; open({str(self.folder / role)!r}, 'a').write(f'{{os.getpid()}}\\n'); "
        return [sys.executable, "-S", "-c", note + script]

    def lives(self, role: str) -> list[int]:
        """The process ids of this role so far."""
        file = self.folder / role
        return [int(line) for line in file.read_text().splitlines()] if file.exists() else []


@pytest.fixture
def children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Children:
    monkeypatch.setattr(supervisor, "BACKOFF_S", (0.0, 0.01, 0.02))
    return Children(tmp_path)


async def until(what: str, is_so: Callable[[], bool]) -> None:
    try:
        async with asyncio.timeout(20):
            while not is_so():  # noqa: ASYNC110 - what is waited for is a file that another process writes
                await asyncio.sleep(0.01)
    except TimeoutError:
        pytest.fail(f"not {what} in time")


def is_alive(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


async def supervised(children: Children, story: Callable[[], Awaitable[None]]) -> int:
    """The exit code of a supervisor that is asked to end when the story is over."""
    running = asyncio.create_task(Supervisor(tuple(children.scripts), command=children.command).run())
    await story()
    os.kill(os.getpid(), signal.SIGTERM)
    return await running


async def test_both_roles_run_and_nothing_is_left_behind(children: Children) -> None:
    children.plan("chain", LIVE)
    children.plan("web", LIVE)

    async def story() -> None:
        await until("both up", lambda: bool(children.lives("chain") and children.lives("web")))

    assert await supervised(children, story) == Exit.OK
    assert not any(is_alive(pid) for pid in children.lives("chain") + children.lives("web"))


@pytest.mark.parametrize("end", ["raise SystemExit(70)", "raise SystemExit(0)", "import os; os.kill(os.getpid(), 9)"])
async def test_a_role_that_ends_is_started_again_and_the_other_is_not_disturbed(children: Children, end: str) -> None:
    children.plan("chain", end, end, end, LIVE)
    children.plan("web", LIVE)

    async def story() -> None:
        await until("the fourth life", lambda: len(children.lives("chain")) == 4)

    assert await supervised(children, story) == Exit.OK
    assert len(children.lives("web")) == 1


@pytest.mark.parametrize("code", sorted(Exit.FINAL))
async def test_what_a_restart_cannot_mend_ends_everything_with_that_code(children: Children, code: Exit) -> None:
    children.plan("chain", f"raise SystemExit({int(code)})")
    children.plan("web", LIVE)
    async with asyncio.timeout(20):
        assert await Supervisor(("chain", "web"), command=children.command).run() == code
    assert len(children.lives("chain")) == 1
    assert not any(is_alive(pid) for pid in children.lives("web"))


@pytest.mark.parametrize("code", [*sorted(Exit.FINAL), 1])
async def test_the_shadows_may_end_as_they_like(children: Children, code: int) -> None:
    children.plan("chain", LIVE)
    children.plan("shadow", f"raise SystemExit({int(code)})", LIVE)

    async def story() -> None:
        await until("the second life", lambda: len(children.lives("shadow")) == 2)

    assert await supervised(children, story) == Exit.OK
    assert len(children.lives("chain")) == 1


async def test_the_shadows_live_while_they_are_wanted(children: Children, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shouwang.supervisor.LOOK_S", 0.01)
    children.plan("chain", LIVE)
    children.plan("shadow", LIVE)
    answers = [False, False, True]
    wanted = Supervisor(("chain", "shadow"), command=children.command, is_wanted=lambda role: answers.pop(0))
    running = asyncio.create_task(wanted.run())
    await until("the shadows live", lambda: bool(children.lives("shadow")))
    wanted.stop()
    assert (await running, answers) == (Exit.OK, [])


async def test_a_web_that_loses_its_port_later_does_not_end_the_alarm_path(children: Children) -> None:
    children.plan("chain", LIVE)
    children.plan("web", "raise SystemExit(70)", f"raise SystemExit({int(Exit.TAKEN)})", LIVE)

    async def story() -> None:
        await until("the third life", lambda: len(children.lives("web")) == 3)

    assert await supervised(children, story) == Exit.OK
    assert len(children.lives("chain")) == 1


async def test_a_role_that_cannot_be_started_is_tried_again(children: Children) -> None:
    children.plan("chain", LIVE)
    refused = iter((True, True, False))

    def command(role: str) -> list[str]:
        return ["/nowhere/python"] if next(refused) else children.command(role)

    running = asyncio.create_task(Supervisor(("chain",), command=command).run())
    await until("up", lambda: bool(children.lives("chain")))
    os.kill(os.getpid(), signal.SIGTERM)
    assert await running == Exit.OK


async def test_told_to_stop_while_a_role_is_being_started_it_leaves_nothing_behind(children: Children) -> None:
    children.plan("chain", LIVE)
    watch: list[Supervisor] = []

    def command(role: str) -> list[str]:
        watch[0].stop()  # the signal comes while the process is being made
        return children.command(role)

    watch.append(Supervisor(("chain",), command=command))
    async with asyncio.timeout(20):
        assert await watch[0].run() == Exit.OK
    assert not any(is_alive(pid) for pid in children.lives("chain"))


async def test_who_does_not_end_in_time_is_killed(children: Children, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "STOP_S", 0.2)
    deaf = children.folder / "deaf"
    children.plan("chain", STUBBORN.format(file=str(deaf)))

    async def story() -> None:
        await until("deaf", deaf.exists)

    assert await supervised(children, story) == Exit.OK
    assert not is_alive(children.lives("chain")[0])


def test_waits_grow_with_failures_in_a_row_and_begin_short() -> None:
    assert [supervisor.wait_before(failures) for failures in (1, 2, 3)] == [0.2, 0.5, 1.0]
    assert supervisor.wait_before(1000) == 10.0
