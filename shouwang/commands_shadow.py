"""``shouwang shadow``: what the shadow rules of the pack in force would have done on live events. Reading harms nobody."""

import json
from collections.abc import Iterator
from typing import Annotated, Any, Final

import typer

from shouwang.casebook import opened_casebook
from shouwang.clock import system_now
from shouwang.exits import Exit
from shouwang.logs import escaped
from shouwang.options import ConfigOption, DataOption, settings_or_exit, stopped
from shouwang.shadow_report import heard_in
from simulator.judge.words import STAGE_WORDS

DAY_MS: Final = 86_400_000
LISTED_MAX: Final = 20
"""Decisions of a stage that are listed; ``--json`` has up to 200 of each."""

app = typer.Typer(no_args_is_help=True, help="What shadow rules would have done on live events.  影子规则在真实事件上会做什么。")


@app.callback()
def root() -> None:
    """Nothing is done before a command is named."""


@app.command("report")
def shadow_report(
    data: DataOption = None,
    config: ConfigOption = None,
    days: Annotated[int, typer.Option(min=1, max=90, help="How many days to look back.")] = 7,
    is_json: Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")] = False,
) -> None:
    """Compare the shadow rules with the live ones: only live, only shadow, both and how much earlier. 影子规则对比。"""
    settings = settings_or_exit(config, data)
    until_at = system_now()
    from_at = until_at - days * DAY_MS
    with opened_casebook(settings) as book:
        found: Any = heard_in(settings.data, book.story, from_at, until_at)
    if found is None:
        todo = "Give a rule 'shadow: true', activate the pack, and let 'shouwang run' run."
        raise stopped(f"No shadow rule was heard yet. {todo}  尚无影子规则的记录。", Exit.FAILED)
    if is_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for line in _lines(found):
        typer.echo(str(escaped(line)))


def _lines(found: Any) -> Iterator[str]:
    yield f"影子规则 shadow rules, {found['from']} - {found['until']}; 已听到 heard until {found['heard_until'] or '-'}"
    for gap in found["gaps"]:
        yield f"  未听到 not heard: {gap['from']} - {gap['until']}"
    for rule in found["rules"]:
        over = f", 止 until {rule['until']}" if rule["until"] else ""
        yield f"{rule['rule']} ({rule['hazard']}): 自 since {rule['since']}{over}, {rule['heard_days']:g} d"
        for stage, told in rule["difference"].items():
            words = STAGE_WORDS[stage]
            yield from _stage(f"{words.zh} {words.en}", told)
    if not found["rules"]:
        yield "这段时间没有影子规则。No shadow rule was in force in this stretch."


def _stage(title: str, told: Any) -> Iterator[str]:
    shift = "" if told["shift_p50_s"] is None else f", 时移中位 shift p50 {told['shift_p50_s']:+g} s"
    moved = f", 较早 earlier {told['earlier']}, 较晚 later {told['later']}{shift}" if told["both"] else ""
    yield (
        f"  {title}: 仅现行 only live {told['only_old']}, 仅影子 only shadow {told['only_new']}, 两者 both {told['both']}{moved}"
    )
    for mark, name in (("-", "only_old_list"), ("+", "only_new_list")):
        for one in told[name][:LISTED_MAX]:
            yield f"    {mark} {one['at']}  {one['rule']}  {one['community']}/{one['zone']} {one['device']}"
        if len(told[name]) > LISTED_MAX:
            yield f"    {mark} … --json"
