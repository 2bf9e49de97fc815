"""Reports on a terminal: figures with their targets, the worst alarms, and verdicts, in both languages."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

import typer
from rich.table import Table
from rich.text import Text

from rules.canonical import to_json
from rules.definition import RulePack
from rules.false_ratio import Ratio, RuleVerdicts
from rules.kpi import KpiReport, PositionKpi
from rules.kpi_targets import Figure, Standing, figures_of
from rules.model import Verdict
from rules.sentence import duration, number
from shouwang.logs import escaped
from shouwang.screen import show
from simulator.recording import iso

MARKS: Final[Mapping[Standing, str]] = {
    Standing.GOOD: "✔",
    Standing.MANAGEABLE: "~",
    Standing.OVER: "✘",
    Standing.UNJUDGED: "",
}


def titles_in(pack: RulePack | None) -> dict[str, str]:
    """What to call the rules, by their ids."""
    return {rule.id: f"{rule.title.zh} {rule.title.en}" for rule in pack.rules} if pack is not None else {}


def as_plain(report: KpiReport) -> dict[str, object]:
    """The report for JSON, each position with its judged figures."""
    plain: dict[str, object] = json.loads(to_json(report))
    plain["whole"] = _plain(report.whole)
    plain["positions"] = [_plain(one) for one in report.positions]
    return plain


def _plain(one: PositionKpi) -> dict[str, object]:
    return {"kpi": json.loads(to_json(one)), "figures": [json.loads(to_json(figure)) for figure in figures_of(one)]}


def show_kpi(report: KpiReport, pack: RulePack | None) -> None:
    """Each position by itself: its figures, then the alarms that are worth looking at; the verdicts at the end."""
    typer.echo(f"{iso(report.from_at)} … {iso(report.until_at)}")
    if not report.positions:
        typer.echo("No alarm stood in this stretch.  此段时间没有报警。")
    for one in report.positions:
        show(figure_table(one))
        if one.top:
            show(top_table(one, titles_in(pack)))
    if report.apart_count:
        typer.echo(
            f"{report.apart_count} of exercises and tests are in no figure.  另有演练、测试报警 {report.apart_count} 条，未计入。"
        )
    if report.verdicts:
        show(verdict_table(report.verdicts, report.all_verdicts, titles_in(pack)))


def figure_table(one: PositionKpi) -> Table:
    """Every figure with its target and where that comes from."""
    table = Table(
        "figure 指标", "value 数值", "", "target 目标", "source 依据", title=f"{escaped(one.position)}", title_justify="left"
    )
    for figure in figures_of(one):
        target = f"{figure.target.zh} {figure.target.en}"
        name = f"{figure.title.zh} {figure.title.en}"
        table.add_row(name, value_said(figure), MARKS[figure.standing], target, Text(figure.source))
    return table


def top_table(one: PositionKpi, titles: Mapping[str, str]) -> Table:
    """The alarms that were announced most often."""
    table = Table("top ten 前十", "place 位置", "alarms 报警", "share 占比")
    for top in one.top:
        name = Text(f"{escaped(titles.get(top.rule, ''))} {escaped(top.rule)}".strip())
        table.add_row(name, Text(str(escaped(top.place))), str(top.count), f"{top.share:.1%}")
    return table


def verdict_table(found: Sequence[RuleVerdicts], everything: RuleVerdicts, titles: Mapping[str, str]) -> Table:
    """One row per rule, then one of all: cases once each, drills and exercises apart."""
    table = Table(
        "rule 规则",
        "cases 警情",
        "untriaged 未核实",
        "real 属实",
        "benign 无害",
        "false 误报",
        "false ratio 误报率",
        "apart 演练",
    )
    for one in (*found, everything):
        name = Text(f"{escaped(titles.get(one.rule, ''))} {escaped(one.rule)}".strip() or "all 合计")
        counts = [one.by_verdict[each] for each in (Verdict.UNTRIAGED, Verdict.REAL, Verdict.BENIGN, Verdict.FALSE)]
        table.add_row(name, str(one.case_count), *map(str, counts), ratio_said(one.false_ratio), str(one.apart_count))
    return table


def value_said(figure: Figure) -> str:
    """The value with its unit; a dash where there is none."""
    if figure.value is None:
        return "–"
    if figure.unit == "share":
        return f"{figure.value:.1%}"
    if figure.unit == "s":
        long = duration(round(figure.value))
        return f"{long.zh} {long.en}"
    return number(round(figure.value, 2))


def ratio_said(ratio: Ratio | None) -> str:
    """A share with its counts and bounds; a dash where nothing was found out."""
    if ratio is None:
        return "–"
    return f"{ratio.share:.0%} ({ratio.count}/{ratio.of}; {ratio.low:.0%}-{ratio.high:.0%})"
