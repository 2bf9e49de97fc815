"""Whether a critical alarm would be handled now, said honestly, check by check, with what to do (reliability I12)."""

from dataclasses import asdict, dataclass

from shouwang.clock import monotonic_s
from shouwang.desk import Desk

STUCK_S = 10.0
"""A desk that has not turned for so long does not turn."""
LAG_MAX = 20_000
"""Entries journaled and not decided; more than two seconds' work at the slowest rate that we allow ourselves."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold, and the remedy in both languages when it does not."""

    name: str
    ok: bool
    zh: str
    en: str


def desk_checks(desk: Desk) -> list[Check]:
    """What the spine says of itself."""
    progress = desk.progress
    silent_s = monotonic_s() - progress.last_turn_s
    lag = progress.journaled_position - progress.decided_position
    return [
        Check(
            "desk",
            desk.is_running and silent_s < STUCK_S,
            "主处理线程正常" if silent_s < STUCK_S else f"主处理线程已 {silent_s:.0f} 秒无响应：请查看日志，服务应会自动重启",
            "the desk turns"
            if silent_s < STUCK_S
            else f"the desk has not turned for {silent_s:.0f} s: see the log; it should restart by itself",
        ),
        Check(
            "journal",
            not progress.journal_failure,
            "流水可写"
            if not progress.journal_failure
            else f"流水无法写入，未确认任何新消息：请检查磁盘空间（{progress.journal_failure}）",
            "the journal can be written"
            if not progress.journal_failure
            else f"the journal cannot be written, so nothing new is acknowledged: free disk space ({progress.journal_failure})",
        ),
        Check(
            "store",
            not progress.store_failure,
            "数据库可写"
            if not progress.store_failure
            else f"数据库不可用，事件仍在记入流水：请恢复数据库（{progress.store_failure}）",
            "the store can be written"
            if not progress.store_failure
            else f"the store is away; events are still journaled: bring the database back ({progress.store_failure})",
        ),
        Check(
            "lag",
            lag <= LAG_MAX,
            f"待处理 {lag} 条",
            f"{lag} entries are journaled and not yet decided",
        ),
    ]


def lane_checks(connected: dict[str, bool]) -> list[Check]:
    """What the broker sessions say: without the critical lane no alarm comes in by MQTT."""
    return [
        Check(
            f"mqtt_{lane}",
            ok,
            f"MQTT {lane} 通道已连接" if ok else f"MQTT {lane} 通道未连接：请检查消息服务器地址、账号与网络",
            f"the MQTT {lane} lane is connected"
            if ok
            else f"the MQTT {lane} lane is not connected: check the broker's address, account, network",
        )
        for lane, ok in connected.items()
    ]


def clock_check(desk: Desk) -> Check:
    """Whether our clock is right by what the sources say. Alarms are raised all the same, so this makes nothing unready."""
    off_s = round(desk.clock_off_ms / 1000)
    zh, en = ("快", "ahead") if off_s > 0 else ("慢", "behind")
    return Check(
        "clock",
        not off_s,
        f"本机时钟{zh}约 {abs(off_s)} 秒（多个来源一致）：报警照常处理，请立即校准" if off_s else "本机时钟正常",
        f"this computer's clock is about {abs(off_s)} s {en}, as several sources say: alarms are raised all the same; set it"
        if off_s
        else "this computer's clock agrees with the sources",
    )


def report(desk: Desk, connected: dict[str, bool]) -> dict[str, object]:
    """The whole answer of ``/internal/health``."""
    checks = desk_checks(desk) + lane_checks(connected)
    progress = desk.progress
    return {
        "ready": all(check.ok for check in checks),
        "checks": [asdict(check) for check in (*checks, clock_check(desk))],
        "lag_ms": 0
        if progress.applied_position == progress.journaled_position
        else round((monotonic_s() - progress.last_turn_s) * 1000),
        "position_journaled": progress.journaled_position,
        "position_applied": progress.applied_position,
    }
