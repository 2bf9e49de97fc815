"""Is the process alive, would a critical alarm be handled, and what do the counters say."""

from contextlib import suppress
from typing import Final

from anyio import fail_after, move_on_after, to_thread
from fastapi import APIRouter, Response

from dashboard.access import OBSERVER, PUBLIC, GuardedRoute
from dashboard.frontdoor import DoorHealth, FrontDoorClosed
from dashboard.hub import Pulse
from dashboard.metrics import CONTENT_TYPE
from dashboard.models import Check, Live, Ready
from dashboard.web import Here, Web
from handlers.faults import StoreBroken, StoreUnavailable

router = APIRouter(route_class=GuardedRoute, tags=["health"])

STORE_MAX_S: Final = 3.0
_DOOR_OPEN: Final = Check(name="front_door", ok=True, zh="接处警主进程可达。", en="The desk answers.")
_DOOR_CLOSED: Final = Check(
    name="front_door",
    ok=False,
    zh="接处警主进程无应答：新报警可能无人处理，操作无法提交。"
    "请检查 shouwang 主进程是否在运行并查看其日志，必要时重启；同时启用人工值守。",
    en="The desk does not answer: new alarms may not be handled, and no action can be taken. "
    "See whether the main shouwang process runs, read its log, restart it if need be; watch by people meanwhile.",
)
_STORE_OK: Final = Check(name="store_readable", ok=True, zh="数据库可读。", en="The store can be read.")
_STORE_BAD: Final = Check(
    name="store_readable",
    ok=False,
    zh="数据库不可读：画面已过时。请检查数据库服务与磁盘空间。",
    en="The store cannot be read: the picture is old. Check the database and the disk's free space.",
)
_STREAM_OK: Final = Check(name="live_stream", ok=True, zh="实时推送正常。", en="The live stream runs.")
_STREAM_BAD: Final = Check(
    name="live_stream",
    ok=False,
    zh="实时推送已停止：画面不会自动更新。请重启 Web 进程并查看其日志。",
    en="The live stream has stopped: screens do not follow. Restart the web process and read its log.",
)


async def ask_door(web: Web) -> DoorHealth | None:
    """What the desk says of itself; None where it does not answer."""
    try:
        health = await web.front_door.health()
    except FrontDoorClosed:
        web.metrics.front_door_up.set(0)
        return None
    web.metrics.front_door_up.set(1)
    return health


def pulse_of(health: DoorHealth | None) -> Pulse:
    """The part of it that goes into a heartbeat."""
    return Pulse(is_ready=False, lag_ms=None) if health is None else Pulse(is_ready=health.ready, lag_ms=health.lag_ms)


@router.get("/health/live", openapi_extra={**PUBLIC}, summary="The process answers")
async def live() -> Live:
    """Say that this process answers. It says nothing about alarms: ask ``/health/ready`` for that."""
    return Live(live=True)


@router.get(
    "/health/ready",
    openapi_extra={**OBSERVER},
    responses={503: {"model": Ready, "description": "A critical alarm would not be handled; the failed checks say what to do"}},
    summary="Would a critical alarm be handled now?",
)
async def ready(web: Here, response: Response) -> Ready:
    """Ask everything that a critical alarm passes through. 503 when anything of it would fail."""
    found = await _look(web)
    response.status_code = 200 if found.ready else 503
    return found


async def _look(web: Web) -> Ready:
    door = await ask_door(web)
    ours = [_STORE_OK if await _is_store_readable(web) else _STORE_BAD, _STREAM_OK if web.hub.is_running else _STREAM_BAD]
    doors = [_DOOR_CLOSED] if door is None else [_DOOR_OPEN, *door.checks]
    return Ready(
        # The desk itself says which of its checks keep an alarm from being handled: a clock that is wrong does not.
        ready=all(check.ok for check in ours) and door is not None and door.ready,
        checks=[*doors, *ours, *await _look_at_partners(web)],
        lag_ms=door.lag_ms if door else None,
        position_journaled=door.position_journaled if door else None,
        position_applied=door.position_applied if door else None,
    )


@router.get(
    "/metrics",
    openapi_extra={**OBSERVER},
    summary="Counters for Prometheus",
)
async def metrics(web: Here) -> Response:
    """The web process's counters, followed by the desk's. Without the desk only the former: ``front_door_up`` is 0 then."""
    found = await _look(web)
    web.metrics.ready.set(found.ready)
    await _count_incidents(web, is_readable=_STORE_OK in found.checks)
    try:
        chain = await web.front_door.metrics()
        web.metrics.front_door_up.set(1)
    except FrontDoorClosed:
        chain = ""
        web.metrics.front_door_up.set(0)
    return Response(web.metrics.text() + chain, media_type=CONTENT_TYPE)


async def _count_incidents(web: Web, *, is_readable: bool) -> None:
    """An old number would look like a present one: where the store cannot be read there is none."""
    web.metrics.open_incidents.clear()
    if not is_readable:
        return
    with suppress(StoreUnavailable, StoreBroken):
        counts = await to_thread.run_sync(web.reads.counts, abandon_on_cancel=True)
        for level, count in counts.open_incidents.items():
            web.metrics.open_incidents.labels(level.value).set(count)


async def _look_at_partners(web: Web) -> list[Check]:
    """How the partners of the data exchange keep up; nothing where the store cannot be read, which its own check says."""
    if not web.partners.all:
        return []
    with suppress(StoreUnavailable, StoreBroken), move_on_after(STORE_MAX_S):
        standings = await to_thread.run_sync(web.reads.standings, web.partners.all, abandon_on_cancel=True)
        return web.partners.look(standings, web.clock(), web.metrics)
    return []


async def _is_store_readable(web: Web) -> bool:
    """Whether it answers within a few seconds: a store that hangs is as bad as one that is gone."""
    try:
        with fail_after(STORE_MAX_S):
            await to_thread.run_sync(web.reads.last_seq, abandon_on_cancel=True)
    except (StoreUnavailable, StoreBroken, TimeoutError):
        return False
    return True
