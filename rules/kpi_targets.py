"""What the figures are held to, and by whom: each figure of a report with its target, judged, and said in two languages.

The numbers are those of ISA-18.2-2016 / IEC 62682 and EEMUA 191 as the secondary literature tells them ([K]: the standards' own
text was not read for this). They are meant for one operator position and 30 days or more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rules.kpi import PositionKpi
from rules.model import Level, Sentence

MIX_FROM: Final = 100
"""Alarms from which on a share of the levels is judged; ours: with fewer, one alarm is more than a percent."""
TOP_FROM: Final = 200
"""Alarms from which on the share of the top ten is judged; ours: with fewer, ten alarms of one each are more than 5 %."""
_ISA: Final = "ISA-18.2-2016 / IEC 62682 [K]"
_EEMUA: Final = "EEMUA 191 [K]"


class Standing(StrEnum):
    """How a figure stands to its target."""

    GOOD = "good"
    MANAGEABLE = "manageable"  # over the target, within what a person can still manage
    OVER = "over"
    UNJUDGED = "unjudged"  # there is no published target, or too few alarms


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure. ``unit`` is "" for a count, "share" for 0 to 1, or "s" or "h"."""

    name: str
    title: Sentence
    value: float | None  # None: there is nothing of which it could be said
    unit: str
    target: Sentence
    source: str
    standing: Standing


def figures_of(one: PositionKpi) -> tuple[Figure, ...]:
    """Every figure of a position, in the order in which they are read."""
    return (*_rates(one), *_floods(one), *_nuisances(one), *_levels(one), *_quiet(one), *_waits(one))


def is_good(figures: tuple[Figure, ...]) -> bool:
    """Whether no figure is over what is manageable."""
    return all(figure.standing is not Standing.OVER for figure in figures)


def _rates(one: PositionKpi) -> Iterator[Figure]:
    load = one.load
    yield _held("per_day", Sentence("平均每天报警", "alarms per day"), load.per_day, 150, 300)
    yield _held("per_hour", Sentence("平均每小时报警", "alarms per hour"), load.per_hour, 6, 12)
    yield _held("per_10min", Sentence("平均每 10 分钟报警", "alarms per 10 min"), load.per_10min, 1, 2)
    yield _held("peak_10min", Sentence("10 分钟内最多报警", "most alarms in 10 min"), float(load.peak_10min), 10)
    yield _below("busy_10min", Sentence("超过 10 条的 10 分钟占比", "10-min periods with more than 10"), load.busy_10min_share)
    yield _below("busy_hour", Sentence("超过 30 条的小时占比", "hours with more than 30"), load.busy_hour_share)


def _floods(one: PositionKpi) -> Iterator[Figure]:
    yield _plain("flood_count", Sentence("警报洪泛次数", "alarm floods"), float(len(one.floods.spells)), "")
    yield _below("flood_share", Sentence("洪泛时间占比", "time in flood"), one.floods.time_share)


def _nuisances(one: PositionKpi) -> Iterator[Figure]:
    has_enough = one.load.count >= TOP_FROM
    title = Sentence("前十报警占比", "share of the top ten")
    yield _share("top_share", title, one.top_share, 0.05, Sentence("不超过 5%", "at most 5 %"), is_judged=has_enough)
    yield _held("chattering", Sentence("抖动的报警", "chattering alarms"), float(one.chattering_count), 0)
    yield _held("fleeting", Sentence("瞬时报警次数", "fleeting occurrences"), float(one.fleeting_count), 0)
    yield _fewer("stale_max", Sentence("同时滞留超过 24 小时", "stale (over 24 h) at once"), one.stale_max, 5, _ISA)
    yield _plain("stale_count", Sentence("滞留超过 24 小时的报警", "alarms that stood over 24 h"), float(one.stale_count), "")
    yield _fewer("standing_max", Sentence("同时存在的报警", "standing at once"), one.standing_max, 10, _EEMUA)


def _levels(one: PositionKpi) -> Iterator[Figure]:
    total = one.load.count
    has_enough = total >= MIX_FROM
    words = {Level.RED: ("红色", "red"), Level.ORANGE: ("橙色", "orange"), Level.YELLOW: ("黄色", "yellow")}
    for level, most in ((Level.RED, 0.01), (Level.ORANGE, 0.05), (Level.YELLOW, 0.15)):
        zh, en = words[level]
        share = one.by_level[level] / total if total else None
        target = Sentence(f"约 {most:.0%} 以内", f"about {most:.0%} at most")
        yield _share(f"level_{level.value}", Sentence(f"{zh}占比", f"share of {en}"), share, most, target, is_judged=has_enough)
    blue = one.by_level[Level.BLUE] / total if total else None
    standing = Standing.UNJUDGED if blue is None or not has_enough else Standing.GOOD if blue >= 0.8 else Standing.OVER
    yield Figure(
        name="level_blue",
        title=Sentence("蓝色占比", "share of blue"),
        value=blue,
        unit="share",
        target=Sentence("约 80% 以上", "about 80% at least"),
        source=_ISA,
        standing=standing,
    )


def _quiet(one: PositionKpi) -> Iterator[Figure]:
    titles = {
        "shelved": Sentence("搁置次数", "times shelved"),
        "suppressed": Sentence("抑制次数", "times suppressed by design"),
        "out_of_service": Sentence("停用次数", "times out of service"),
    }
    for quiet in one.quiet:
        yield _plain(quiet.state, titles[quiet.state], float(quiet.count), "")
        if quiet.state == "shelved":
            yield _fewer("shelved_max", Sentence("同时搁置", "shelved at once"), quiet.at_once_max, 30, _EEMUA)


def _waits(one: PositionKpi) -> Iterator[Figure]:
    waited = one.waited
    yield _plain("waited_median", Sentence("确认前等待（中位数）", "time to acknowledge, median"), waited.median_s, "s")
    yield _plain("waited_p90", Sentence("确认前等待（九成以内）", "time to acknowledge, 90 %"), waited.p90_s, "s")
    yield _plain("waited_max", Sentence("确认前等待（最长）", "time to acknowledge, longest"), waited.max_s, "s")
    yield _plain("still_waiting", Sentence("期末仍未确认", "unacknowledged at the end"), float(waited.still_count), "")


def _held(name: str, title: Sentence, value: float, good: float, manageable: float | None = None) -> Figure:
    """At most ``good``; up to ``manageable`` a person still manages."""
    target = Sentence(f"不超过 {good:g}", f"at most {good:g}") if good else Sentence("应当没有", "none")
    if manageable is not None:
        target = Sentence(f"{target.zh}，可应付 {manageable:g}", f"{target.en}, manageable {manageable:g}")
    limit = good if manageable is None else manageable
    standing = Standing.GOOD if value <= good else Standing.MANAGEABLE if value <= limit else Standing.OVER
    return Figure(name=name, title=title, value=value, unit="", target=target, source=_ISA, standing=standing)


def _below(name: str, title: Sentence, share: float) -> Figure:
    """Less than 1 % of the time."""
    standing = Standing.GOOD if share < 0.01 else Standing.OVER
    target = Sentence("低于 1%", "below 1 %")
    return Figure(name=name, title=title, value=share, unit="share", target=target, source=_ISA, standing=standing)


def _fewer(name: str, title: Sentence, count: int, below: int, source: str) -> Figure:
    standing = Standing.GOOD if count < below else Standing.OVER
    target = Sentence(f"少于 {below}", f"fewer than {below}")
    return Figure(name=name, title=title, value=float(count), unit="", target=target, source=source, standing=standing)


def _share(name: str, title: Sentence, share: float | None, most: float, target: Sentence, *, is_judged: bool) -> Figure:
    """At most this share, where there are enough alarms to say so."""
    judged = Standing.GOOD if share is not None and share <= most else Standing.OVER
    standing = judged if is_judged else Standing.UNJUDGED
    return Figure(name=name, title=title, value=share, unit="share", target=target, source=_ISA, standing=standing)


def _plain(name: str, title: Sentence, value: float | None, unit: str) -> Figure:
    """A figure without a published target."""
    none = Sentence("无公开目标", "no published target")
    return Figure(name=name, title=title, value=value, unit=unit, target=none, source="", standing=Standing.UNJUDGED)
