"""Background work: its failure is handed on, and it ends when it is told, even where it does not hear at first."""

import asyncio

import pytest

from shouwang import watched as module
from shouwang.watched import end_all, watched

pytestmark = pytest.mark.anyio


async def forever() -> None:
    await asyncio.Event().wait()


async def fail() -> None:
    raise ArithmeticError("ours")


async def test_a_failure_is_handed_on_and_an_end_is_none() -> None:
    faults: list[BaseException] = []
    failing, ending = watched(fail(), faults.append), watched(asyncio.sleep(0), faults.append)
    await asyncio.gather(failing, ending)
    assert [str(fault) for fault in faults] == ["ours"]


async def test_to_be_cancelled_is_no_failure_however_early() -> None:
    faults: list[BaseException] = []
    early, late = watched(forever(), faults.append), watched(forever(), faults.append)
    early.cancel()  # before it began
    await asyncio.sleep(0)
    await end_all(early, late)
    assert early.cancelled()
    assert late.cancelled()
    assert not faults


async def test_who_does_not_hear_is_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AGAIN_S", 0.01)
    heard: list[int] = []

    async def deaf() -> None:
        for number in range(3):
            try:
                await forever()
            except asyncio.CancelledError:
                heard.append(number)
        raise ConnectionError("told of its own failure")

    task = asyncio.create_task(deaf())
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await end_all(task)
    assert heard == [0, 1, 2]
    assert isinstance(task.exception(), ConnectionError)
