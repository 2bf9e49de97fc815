"""The way out to people: whatever apprise can reach, in a bounded set of threads, because apprise blocks.

Who has which addresses is configuration, read at delivery: a target without any is skipped, and the console shows why.
"""

import asyncio
import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import apprise

from handlers.channels.port import Outcome, Owed, Result
from handlers.routes import PEOPLE
from rules.canonical import from_json
from rules.effects import Notify
from rules.model import Level, Status

_LEVELS: Final = {Level.RED: "红色 RED", Level.ORANGE: "橙色 ORANGE", Level.YELLOW: "黄色 YELLOW", Level.BLUE: "蓝色 BLUE"}
_MARKS: Final = {Status.ACTUAL: "", Status.EXERCISE: "【演练 EXERCISE】", Status.TEST: "【测试 TEST】"}
_DEGRADED_MARK: Final = "【降级 DEGRADED】"
_TYPES: Final = {
    Level.RED: apprise.NotifyType.FAILURE,
    Level.ORANGE: apprise.NotifyType.FAILURE,
    Level.YELLOW: apprise.NotifyType.WARNING,
    Level.BLUE: apprise.NotifyType.INFO,
}


def title_of(notify: Notify, *, is_degraded: bool = False) -> str:
    """One line: what it is (exercise and test marked first), how grave, and what happened, in both languages."""
    mark = _MARKS[notify.status] + (_DEGRADED_MARK if is_degraded else "")
    return f"{mark}【{_LEVELS[notify.level]}】{notify.title.zh} · {notify.title.en}"


def body_of(notify: Notify) -> str:
    """The sentence in both languages, then where and which case. The mark comes again: some services drop the title."""
    mark = _MARKS[notify.status]
    lines = [
        f"{mark}{notify.text.zh}",
        f"{mark}{notify.text.en}",
        f"社区 community: {notify.community}",
        f"警情 incident: {notify.incident_id} ({notify.step})",
    ]
    if notify.dispatch_id:
        lines.append(f"处警 dispatch: {notify.dispatch_id}")
    return "\n".join(lines)


class PeopleChannel:
    """``addresses``: for each party or responder, apprise URLs. Raises ValueError for one that apprise cannot read."""

    name = PEOPLE

    def __init__(self, addresses: Mapping[str, Sequence[str]], *, thread_count: int = 8) -> None:
        self._services = {target: tuple(_service(target, url) for url in urls) for target, urls in addresses.items()}
        self._threads = ThreadPoolExecutor(max_workers=thread_count, thread_name_prefix="people")

    async def deliver(self, owed: Owed) -> Outcome:
        """Tell the target on all its addresses; delivered when at least one took it."""
        services = self._services.get(owed.target, ())
        if not services:
            return Outcome(result=Result.SKIPPED, detail=f"no address is configured for {owed.target!r}")
        notify = from_json(Notify, owed.payload)
        loop = asyncio.get_running_loop()
        tries = [loop.run_in_executor(self._threads, _tell, service, notify, owed.is_degraded) for service in services]
        took = await asyncio.gather(*tries)
        failed = [name for name, is_taken in zip((name for name, _ in services), took, strict=True) if not is_taken]
        if len(failed) == len(services):
            return Outcome(result=Result.RETRY, detail=f"no address took it: {', '.join(failed)}")
        detail = f"{len(services) - len(failed)} of {len(services)} addresses took it"
        return Outcome(result=Result.DELIVERED, detail=detail + (f"; not {', '.join(failed)}" if failed else ""))

    def close(self) -> None:
        """Wait for nothing that is still being sent."""
        self._threads.shutdown(wait=False, cancel_futures=True)


_Service = tuple[str, apprise.Apprise]


def _service(target: str, url: str) -> _Service:
    """An address and its name for people: never its URL, which holds a secret."""
    service = apprise.Apprise()
    scheme = url.partition(":")[0]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "'imghdr' is deprecated", DeprecationWarning)  # of one of apprise's plug-ins
        is_read = service.add(url)
    if not is_read:
        raise ValueError(f"an address of {target!r} ({scheme}://…) is none that apprise can read: see its page of URL forms")
    return scheme, service


def _tell(service: _Service, notify: Notify, is_degraded: bool) -> bool:
    said = service[1].notify(
        title=title_of(notify, is_degraded=is_degraded),
        body=body_of(notify),
        notify_type=_TYPES[notify.level],
        body_format=apprise.NotifyFormat.TEXT,
    )
    return bool(said)
