"""Virtual time: an hour passes when the drill says so. An event loop, a clock that may be wrong, calls without threads."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextvars import Context
from heapq import heappop, heappush
from typing import Any, Final

from shouwang.timing import Timing

START_AT: Final = 1_795_435_200_000
"""2026-11-23T12:00:00Z: the first instant of every drill, in ms since 1970."""

TURNS_MAX: Final = 20_000
"""Callbacks at one instant; more is a loop that never rests (ours)."""


class NeverRestsError(RuntimeError):
    """Something calls itself for ever without time passing."""


class Hours:
    """What time it is. ``passed_ms`` is true and only grows; the wall clock shows it from START_AT on, wrong by ``wrong_ms``."""

    def __init__(self) -> None:
        self.passed_ms = 0
        self.wrong_ms = 0
        self.set_back_ms: int | None = None  # when the wall clock last stepped back

    def monotonic_s(self) -> float:
        """Seconds since the drill began."""
        return self.passed_ms / 1000

    def wall_now(self) -> int:
        """What the computer's clock shows, in ms since 1970."""
        return START_AT + self.passed_ms + self.wrong_ms

    def step(self, seconds: float) -> None:
        """Somebody sets the wall clock, ahead or back."""
        self.wrong_ms += round(seconds * 1000)
        if seconds < 0:
            self.set_back_ms = self.passed_ms

    def sleep(self, seconds: float) -> None:
        """Let so much time pass for everybody."""
        self.passed_ms += round(seconds * 1000)

    def timing(self, begin_thread: Callable[[str], Executor]) -> Timing:
        """What desk, clerk and lease take their time from."""
        return Timing(monotonic_s=self.monotonic_s, wall_now=self.wall_now, sleep=self.sleep, begin_thread=begin_thread)


class Owing(Future[Any]):
    """A call that may not have been made yet. Whoever waits for it lets virtual time pass, and gives up when told so.

    Without a future's lock, which took longer than most calls: no other thread ever looks at it.
    """

    def __init__(self, hours: Hours) -> None:
        self._hours = hours
        self._is_done = False
        self._answer: Any = None
        self._fault: BaseException | None = None
        self._callbacks: list[Callable[[Future[Any]], object]] = []

    def done(self) -> bool:
        """Whether the call was made."""
        return self._is_done

    def cancelled(self) -> bool:
        """Never."""
        return False

    def exception(self, timeout: float | None = None) -> BaseException | None:
        """What the call raised. Raises TimeoutError at once where it has not been made: the time has passed by then."""
        if not self._is_done:
            self._hours.sleep(timeout or 0.0)
            raise TimeoutError
        return self._fault

    def result(self, timeout: float | None = None) -> Any:
        """What the call returned. Raises what it raised, and TimeoutError as ``exception`` does."""
        if (fault := self.exception(timeout)) is not None:
            raise fault
        return self._answer

    def add_done_callback(self, fn: Callable[[Future[Any]], object]) -> None:
        """Call this when the call was made; now, where it was."""
        if self._is_done:
            fn(self)
        else:
            self._callbacks.append(fn)

    def make(self, call: Callable[[], Any]) -> None:
        """Make the call."""
        try:
            self._answer = call()
        except Exception as fault:  # noqa: BLE001 - it is the answer to whoever called
            self._fault = fault
        self._is_done = True
        for callback in self._callbacks:
            callback(self)


class Inline(Executor):
    """Makes each call at once and in the caller's hands; while the store hangs, later and in order."""

    def __init__(self, hours: Hours, is_hanging: Callable[[], bool]) -> None:
        self._hours = hours
        self._is_hanging = is_hanging
        self._kept: deque[tuple[Owing, Callable[[], Any]]] = deque()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The call's future: done, unless the store hangs."""
        owing = Owing(self._hours)
        self._kept.append((owing, lambda: fn(*args, **kwargs)))
        self.go_on()
        return owing

    def go_on(self) -> None:
        """Make the calls that were kept, if nothing hangs any more."""
        while self._kept and not self._is_hanging():
            owing, call = self._kept.popleft()
            owing.make(call)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Forget what was not made."""
        del wait, cancel_futures
        self._kept.clear()


class VirtualLoop(asyncio.AbstractEventLoop):
    """An event loop that never waits: ``run`` does all that is due now, and ``next_at_ms`` says when there is more to do."""

    def __init__(self, hours: Hours, inline: Inline) -> None:
        self._hours = hours
        self._inline = inline
        self._ready: deque[asyncio.Handle] = deque()
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._count = 0
        self._is_closed = False
        self.tasks: list[asyncio.Task[Any]] = []
        self.faults: list[tuple[str, BaseException | None]] = []

    def run(self) -> bool:
        """Do what is due now, and what that leads to. Says whether there was anything."""
        asyncio._set_running_loop(self)
        done = 0
        try:
            while self._wake_due() or self._ready:
                handle = self._ready.popleft()
                if not handle.cancelled():
                    handle._run()
                done += 1
                if done > TURNS_MAX:
                    raise NeverRestsError(f"{done} callbacks at one instant, the last of {handle!r}")
        finally:
            asyncio._set_running_loop(None)
        return done > 0

    def next_at_ms(self) -> float | None:
        """When the next timer is due, in ms since the drill began; None where nobody waits for anything."""
        while self._timers and self._timers[0][2].cancelled():
            heappop(self._timers)
        return self._timers[0][0] * 1000 if self._timers else None

    def _wake_due(self) -> bool:
        timers = self._timers
        if timers:
            limit_s = self._hours.passed_ms / 1000 + 1e-6
            while timers and timers[0][0] <= limit_s:
                self._ready.append(heappop(timers)[2])
        return bool(self._ready)

    def kill(self) -> None:
        """As kill -9: nothing that waits here is ever woken, and nobody complains of it."""
        self._is_closed = True
        self._ready.clear()
        self._timers.clear()
        for task in self.tasks:
            task._log_destroy_pending = False  # type: ignore[attr-defined]  # asyncio's own switch for loops that end so
            coroutine = task.get_coro()
            if not task.done():
                with contextlib.suppress(RuntimeError):  # it waits for something more on its way out: nobody lets it
                    coroutine.close()

    # ------------------------------------------------------------------------------- what asyncio asks of an event loop

    def time(self) -> float:
        """Seconds since the drill began."""
        return self._hours.monotonic_s()

    def call_soon(  # type: ignore[override]  # its arguments are not looked at
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """Next."""
        handle = asyncio.Handle(callback, args, self, context)
        if not self._is_closed:
            self._ready.append(handle)
        return handle

    call_soon_threadsafe = call_soon  # type: ignore[assignment]  # as above

    def call_later(  # type: ignore[override]  # as above
        self, delay: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """After so many seconds."""
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at(  # type: ignore[override]  # as above
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """At this second; of two at the same one, the one that was asked for first."""
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        self._count += 1
        if not self._is_closed:
            heappush(self._timers, (when, self._count, handle))
        return handle

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """It is dropped when its time comes."""

    def create_future(self) -> asyncio.Future[Any]:
        """A future of this loop."""
        return asyncio.Future(loop=self)

    def create_task(self, coro: Any, *, name: str | None = None, context: Context | None = None) -> asyncio.Task[Any]:
        """A task of this loop."""
        task = asyncio.Task(coro, loop=self, name=name, context=context)
        if len(self.tasks) > 200:
            self.tasks = [each for each in self.tasks if not each.done()]
        self.tasks.append(task)
        return task

    def run_in_executor(  # type: ignore[override]  # as above
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """Without a thread: at once, or when the store hangs no more."""
        del executor
        future = self.create_future()
        made = self._inline.submit(func, *args)
        made.add_done_callback(lambda done: _copy(done, future))
        return future

    def get_debug(self) -> bool:
        """Never."""
        return False

    def is_running(self) -> bool:
        """While it lives."""
        return not self._is_closed

    def is_closed(self) -> bool:
        """After ``kill``."""
        return self._is_closed

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """What nobody caught is a fault of ours."""
        self.faults.append((str(context.get("message")), context.get("exception")))


def _copy(done: Future[Any], future: asyncio.Future[Any]) -> None:
    if future.done():
        return
    fault = done.exception(0)
    if fault is None:
        future.set_result(done.result(0))
    else:
        future.set_exception(fault)
