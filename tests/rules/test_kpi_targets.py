"""Every figure of the report as a person reads it: name, both titles, value, unit, both targets, source, standing."""

from dataclasses import replace

from rules.kpi import PositionKpi, kpi
from rules.kpi_load import Floods, FloodSpell, Load
from rules.kpi_spans import Quiet, Waited
from rules.kpi_targets import figures_of
from rules.model import Level

DAY_MS = 86_400_000
ISA = "ISA-18.2-2016 / IEC 62682 [K]"
EEMUA = "EEMUA 191 [K]"
NONE = ("无公开目标", "no published target", "", "unjudged")
SHARE = ("低于 1%", "below 1 %", ISA)
SPELL = FloodSpell(began_at=0, ended_at=600_000, count=41, peak=31, is_over=True)


def busy() -> PositionKpi:
    """A position in which every figure is another number."""
    quiet = [Quiet(state=state, count=count, at_once_max=31, hours=1.0) for state, count in (("shelved", 41), ("suppressed", 42))]
    return replace(
        kpi([], [], None, from_at=0, until_at=30 * DAY_MS).whole,
        load=Load(
            count=200,
            per_10min=1.5,
            per_hour=5.0,
            per_day=301.0,
            peak_10min=31,
            peak_at=0,
            busy_10min_share=0.02,
            busy_hour_share=0.005,
        ),
        floods=Floods(spells=(SPELL,), time_s=600.0, time_share=0.03),
        top_share=0.04,
        by_level={Level.RED: 2, Level.ORANGE: 12, Level.YELLOW: 20, Level.BLUE: 166},
        standing_max=11,
        stale_count=7,
        stale_max=4,
        chattering_count=0,
        fleeting_count=3,
        quiet=(*quiet, Quiet(state="out_of_service", count=43, at_once_max=1, hours=2.0)),
        waited=Waited(count=9, still_count=6, median_s=61.0, p90_s=62.0, max_s=63.0),
    )


EXPECTED = [
    (
        "per_day",
        "平均每天报警",
        "alarms per day",
        301.0,
        "",
        "不超过 150，可应付 300",
        "at most 150, manageable 300",
        ISA,
        "over",
    ),
    ("per_hour", "平均每小时报警", "alarms per hour", 5.0, "", "不超过 6，可应付 12", "at most 6, manageable 12", ISA, "good"),
    (
        "per_10min",
        "平均每 10 分钟报警",
        "alarms per 10 min",
        1.5,
        "",
        "不超过 1，可应付 2",
        "at most 1, manageable 2",
        ISA,
        "manageable",
    ),
    ("peak_10min", "10 分钟内最多报警", "most alarms in 10 min", 31.0, "", "不超过 10", "at most 10", ISA, "over"),
    ("busy_10min", "超过 10 条的 10 分钟占比", "10-min periods with more than 10", 0.02, "share", *SHARE, "over"),
    ("busy_hour", "超过 30 条的小时占比", "hours with more than 30", 0.005, "share", *SHARE, "good"),
    ("flood_count", "警报洪泛次数", "alarm floods", 1.0, "", *NONE),
    ("flood_share", "洪泛时间占比", "time in flood", 0.03, "share", *SHARE, "over"),
    ("top_share", "前十报警占比", "share of the top ten", 0.04, "share", "不超过 5%", "at most 5 %", ISA, "good"),
    ("chattering", "抖动的报警", "chattering alarms", 0.0, "", "应当没有", "none", ISA, "good"),
    ("fleeting", "瞬时报警次数", "fleeting occurrences", 3.0, "", "应当没有", "none", ISA, "over"),
    ("stale_max", "同时滞留超过 24 小时", "stale (over 24 h) at once", 4.0, "", "少于 5", "fewer than 5", ISA, "good"),
    ("stale_count", "滞留超过 24 小时的报警", "alarms that stood over 24 h", 7.0, "", *NONE),
    ("standing_max", "同时存在的报警", "standing at once", 11.0, "", "少于 10", "fewer than 10", EEMUA, "over"),
    ("level_red", "红色占比", "share of red", 0.01, "share", "约 1% 以内", "about 1% at most", ISA, "good"),
    ("level_orange", "橙色占比", "share of orange", 0.06, "share", "约 5% 以内", "about 5% at most", ISA, "over"),
    ("level_yellow", "黄色占比", "share of yellow", 0.1, "share", "约 15% 以内", "about 15% at most", ISA, "good"),
    ("level_blue", "蓝色占比", "share of blue", 0.83, "share", "约 80% 以上", "about 80% at least", ISA, "good"),
    ("shelved", "搁置次数", "times shelved", 41.0, "", *NONE),
    ("shelved_max", "同时搁置", "shelved at once", 31.0, "", "少于 30", "fewer than 30", EEMUA, "over"),
    ("suppressed", "抑制次数", "times suppressed by design", 42.0, "", *NONE),
    ("out_of_service", "停用次数", "times out of service", 43.0, "", *NONE),
    ("waited_median", "确认前等待（中位数）", "time to acknowledge, median", 61.0, "s", *NONE),
    ("waited_p90", "确认前等待（九成以内）", "time to acknowledge, 90 %", 62.0, "s", *NONE),
    ("waited_max", "确认前等待（最长）", "time to acknowledge, longest", 63.0, "s", *NONE),
    ("still_waiting", "期末仍未确认", "unacknowledged at the end", 6.0, "", *NONE),
]


def test_each_figure_is_told_with_its_target_and_who_set_it() -> None:
    told = [
        (
            figure.name,
            figure.title.zh,
            figure.title.en,
            figure.value,
            figure.unit,
            figure.target.zh,
            figure.target.en,
            figure.source,
            figure.standing.value,
        )
        for figure in figures_of(busy())
    ]
    assert told == EXPECTED
