"""What the figures of a backtest are called, in Chinese and English: one list for the summary, the page and the manual."""

from typing import Final

from rules.model import Sentence

STAGE_WORDS: Final = {
    "warning": Sentence("预警", "warning"),
    "alarm": Sentence("报警", "alarm"),
    "dispatch": Sentence("处警", "dispatch"),
}
FIGURE_WORDS: Final = {
    "asked": Sentence("应报", "asked for"),
    "detected": Sentence("及时", "in time"),
    "late": Sentence("迟报", "late"),
    "missed": Sentence("漏报", "missed"),
    "false": Sentence("误报", "false"),
    "duplicates": Sentence("重复", "duplicates"),
    "unasked": Sentence("不计", "unasked"),
    "recall": Sentence("召回率", "recall"),
    "noticed": Sentence("察觉率", "noticed"),
    "precision": Sentence("精确率", "precision"),
    "lead_p50_s": Sentence("提前量中位", "lead p50"),
    "lead_p10_s": Sentence("提前量 p10", "lead p10"),
    "time_p50_s": Sentence("用时中位", "time p50"),
    "time_p90_s": Sentence("用时 p90", "time p90"),
}
"""Of one stage, in the order in which they are shown."""
LOAD_WORDS: Final = {
    "false_alarms_per_operator_day": Sentence("每席位日误报", "false alarms per operator-day"),
    "announced_per_operator_day": Sentence("每席位日报警", "alarms per operator-day"),
    "floods": Sentence("洪泛次数", "floods"),
    "flood_s": Sentence("洪泛时长", "time in flood"),
    "flood_share": Sentence("洪泛占比", "share of time in flood"),
}
"""Of the operator's load."""
VERDICT_WORDS: Final = {
    "right": Sentence("及时", "in time"),
    "detected": Sentence("及时", "in time"),
    "late": Sentence("迟报", "late"),
    "missed": Sentence("漏报", "missed"),
    "false": Sentence("误报", "false"),
    "duplicate": Sentence("重复", "duplicate"),
    "unasked": Sentence("不计", "unasked"),
    "not asked": Sentence("不要求", "not asked"),
}
WEIGHT_WORDS: Final = {
    "missed": Sentence("漏报", "missed"),
    "late": Sentence("迟报", "late"),
    "false_alarm": Sentence("误报", "false alarm"),
    "false_warning": Sentence("误预警", "false warning"),
    "false_dispatch": Sentence("误处警", "false dispatch"),
    "duplicate": Sentence("重复", "duplicate"),
    "flood_minute": Sentence("洪泛每分钟", "minute of flood"),
    "stage_missed": Sentence("漏预警、漏处警", "warning or dispatch missed"),
}
"""Of a profile's weights (cost.py)."""
DIFFERENCE_WORDS: Final = {
    "only_old": Sentence("仅旧", "only old"),
    "only_new": Sentence("仅新", "only new"),
    "both": Sentence("两者", "both"),
    "earlier": Sentence("更早", "earlier"),
    "later": Sentence("更晚", "later"),
    "shift_p50_s": Sentence("时移中位", "shift p50"),
}

NONE: Final = "–"
NEVER: Final = Sentence("从未", "never")


def said(name: str, value: object, count: int = 0) -> str:
    """A figure as people read it: shares in percent, durations in s or min. ``count`` is of how many a percentile is one."""
    if value is None:
        return f"{NEVER.zh} {NEVER.en}" if count and name.endswith("_s") else NONE
    if not isinstance(value, int | float):
        return str(value)
    if name in ("recall", "noticed", "precision", "flood_share"):
        return f"{value * 100:.1f} %"
    if name.endswith("_s"):
        return f"{value:.1f} s" if abs(value) < 120 else f"{value / 60:.1f} min"
    return str(value) if isinstance(value, int) else f"{value:.2f}"
