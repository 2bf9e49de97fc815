"""Answers on their way from the desk's thread to whoever waits in an event loop."""

import asyncio
from threading import Thread

import pytest

from rules.effects import AnswerAction
from rules.model import Reason, Sentence
from shouwang import answers as module
from shouwang.answers import Answers

pytestmark = pytest.mark.anyio


def answer(action_id: str) -> AnswerAction:
    return AnswerAction(
        action_id=action_id,
        community="jade",
        is_accepted=True,
        reason=Reason.OPERATOR_ASKED,
        sentence=Sentence("是", "yes"),
        at=0,
    )


def give(answers: Answers, *given: AnswerAction) -> None:
    """As the desk does: from another thread."""

    def work() -> None:
        for each in given:
            answers.give(each)

    thread = Thread(target=work)
    thread.start()
    thread.join()


async def test_who_waits_is_told_and_so_is_everybody_else_who_waits_for_it() -> None:
    answers = Answers()
    waiting = [asyncio.create_task(answers.wait("a", 20)) for _ in range(3)]
    other = asyncio.create_task(answers.wait("b", 20))
    await asyncio.sleep(0)
    give(answers, answer("a"))
    assert await asyncio.gather(*waiting) == [answer("a")] * 3
    assert not other.done()
    give(answers, answer("b"))
    assert await other == answer("b")


async def test_who_asks_a_moment_late_is_told_at_once() -> None:
    answers = Answers()
    give(answers, answer("a"))
    assert await answers.wait("a", 0) == answer("a")


async def test_who_waits_too_long_gets_nothing_and_leaves_nothing() -> None:
    answers = Answers()
    assert await answers.wait("a", 0.01) is None
    assert answers._waiting == {}
    give(answers, answer("a"))
    assert await answers.wait("a", 0) == answer("a")


async def test_who_goes_away_leaves_nothing_and_harms_nobody() -> None:
    answers = Answers()
    gone, staying = (asyncio.create_task(answers.wait("a", 20)) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    give(answers, answer("a"))
    assert await staying == answer("a")
    assert answers._waiting == {}


async def test_only_so_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEEP_MAX", 3)
    answers = Answers()
    give(answers, *(answer(f"a{number}") for number in range(5)))
    assert [await answers.wait(f"a{number}", 0) is not None for number in range(5)] == [False, False, True, True, True]


def test_a_loop_that_has_ended_does_not_stop_the_desk() -> None:
    answers = Answers()

    async def leave() -> None:
        task = asyncio.create_task(answers.wait("a", 20))
        await asyncio.sleep(0)
        kept.append(task)

    kept: list[asyncio.Task[AnswerAction | None]] = []
    loop = asyncio.new_event_loop()
    loop.run_until_complete(leave())
    kept[0].cancel()
    waiters = dict(answers._waiting)
    loop.run_until_complete(asyncio.gather(*kept, return_exceptions=True))
    loop.close()
    answers._waiting.update(waiters)  # as it is between the end of the loop and the last answer
    answers.give(answer("a"))
