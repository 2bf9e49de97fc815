"""A backtest in a few lines of plain text, for the terminal and for a log."""

from collections.abc import Iterator, Mapping
from typing import Any

from simulator.judge.truth_file import STAGES
from simulator.judge.words import DIFFERENCE_WORDS, FIGURE_WORDS, LOAD_WORDS, STAGE_WORDS, said

_COUNTS = ("asked", "detected", "late", "missed", "false", "duplicates")
_SHARES = ("recall", "precision")
_DIFFERENCES = {
    "against": "与旧规则包相比 against the old pack",
    "shadow": "影子规则与现行规则相比 shadow rules (new) beside the live ones (old)",
}


def summary(report: Mapping[str, Any]) -> str:
    """The plain text, with its line end."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    what, pack, whole = report["input"], report["pack"], report["all"]
    yield f"回测 backtest: {pack['id']} {pack['version']}"
    yield (
        f"  {what['lines']} lines, {what['events']} events ({what['refused']} refused) of {len(what['communities'])} communities,"
        f" {whole['operator_days']:.2f} operator-days; {what['happenings']} happenings"
    )
    if what["unheard"]:
        yield f"  无数据 no events at all from: {', '.join(what['unheard'])}: all that happened there is missed"
    for stage in STAGES:
        figures = whole[stage]
        parts = [f"{FIGURE_WORDS[name].zh} {FIGURE_WORDS[name].en} {figures[name]}" for name in _COUNTS]
        parts += [f"{FIGURE_WORDS[name].zh} {FIGURE_WORDS[name].en} {said(name, figures[name])}" for name in _SHARES]
        yield f"  {STAGE_WORDS[stage].zh} {STAGE_WORDS[stage].en}: " + ", ".join(parts)
        yield "      " + ", ".join(_times(figures))
    yield "  " + ", ".join([f"{words.zh} {words.en} {said(name, whole[name])}" for name, words in LOAD_WORDS.items()])
    titles = {one["id"]: one for one in report["profiles"]}
    costs = [f"{titles[name]['title_zh']} {titles[name]['title_en']} {cost:.2f}" for name, cost in whole["cost"].items()]
    yield "  代价 cost: " + ", ".join(costs)
    if any(report["apart"].values()):
        yield f"  演练与测试不计分 exercises and tests, not scored: {report['apart']}"
    for name, title in _DIFFERENCES.items():
        if name in report:
            yield f"  {title}:"
            yield from _differences(report[name]["difference"])


def _times(figures: Mapping[str, Any]) -> Iterator[str]:
    for name in ("lead_p50_s", "lead_p10_s", "time_p50_s", "time_p90_s"):
        count = figures["lead_count" if name.startswith("lead") else "asked"]
        yield f"{FIGURE_WORDS[name].zh} {FIGURE_WORDS[name].en} {said(name, figures[name], count)}"


def _differences(difference: Mapping[str, Any]) -> Iterator[str]:
    for stage in STAGES:
        own = difference[stage]
        told = ", ".join([f"{words.zh} {words.en} {said(name, own[name])}" for name, words in DIFFERENCE_WORDS.items()])
        yield f"    {STAGE_WORDS[stage].zh} {STAGE_WORDS[stage].en}: {told}"
