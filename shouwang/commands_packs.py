"""``shouwang rules diff`` and ``explain``: what a pack says otherwise than another, and what one rule does, in plain words."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from rules.definition import RulePack
from rules.pack import PackError
from rules.pack_diff import Change, compare
from rules.pack_shape import suggest
from rules.rule_words import explain
from shouwang.exits import Exit
from shouwang.options import stopped
from shouwang.pack_files import load_pack
from shouwang.settings import PACKS

Lang = Annotated[str, typer.Option(help="zh, en, or both.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]


def read_or_stop(file: Path, code: Exit = Exit.FAILED) -> RulePack:
    """The pack, or every fault as file:line:column and the end."""
    try:
        return load_pack(file).read()
    except PackError as error:
        raise stopped("\n".join([str(fault) for fault in error.faults]), code) from None


def diff(
    old: Annotated[Path, typer.Argument(help="The pack as it is.")],
    new: Annotated[Path, typer.Argument(help="The pack as it would be.")],
    is_json: AsJson = False,
    lang: Lang = "both",
    has_exit_code: Annotated[bool, typer.Option("--exit-code", help="End with 1 where they differ.")] = False,
) -> None:
    """Say what NEW says otherwise than OLD, by its meaning: rules, limits with units, plans, who is told. 规则包差异。"""
    changes = compare(read_or_stop(old, Exit.USAGE), read_or_stop(new, Exit.USAGE))
    print_changes(changes, is_json=is_json, lang=lang)
    raise typer.Exit(Exit.FAILED if has_exit_code and changes else Exit.OK)


def print_changes(changes: tuple[Change, ...], *, is_json: bool, lang: str) -> None:
    """Each change as a line, or all as a JSON array."""
    if is_json:
        typer.echo(json.dumps([as_plain(each) for each in changes], ensure_ascii=False, indent=1))
        return
    for each in changes:
        say(each.sentence.zh, each.sentence.en, lang)
    if not changes:
        say("没有差异。", "No difference.", lang)


def as_plain(change: Change) -> dict[str, object]:
    """A change for JSON, with its sentences."""
    return {**asdict(change), "sentence": asdict(change.sentence)}


def say(zh: str, en: str, lang: str) -> None:
    """One statement, in the language asked for."""
    if lang in ("zh", "both"):
        typer.echo(zh)
    if lang != "zh":
        typer.echo(f"  {en}" if lang == "both" else en)


def explain_rule(
    rule: Annotated[str, typer.Argument(help="The rule's id.")],
    file: Annotated[Path, typer.Option("--pack", help="The pack that it is in.")] = PACKS / "community.yaml",
    community: Annotated[str, typer.Option(help="With the parameters of this community.")] = "",
    lang: Lang = "both",
    is_json: AsJson = False,
) -> None:
    """Say in plain words what a rule looks at, when it warns, alarms and clears, and who goes by when. 用白话说明一条规则。"""
    pack = read_or_stop(file)
    pack = pack.by_community.get(community, pack)
    found = next((one for one in pack.rules if one.id == rule), None)
    if found is None:
        known = suggest(rule, [one.id for one in pack.rules])
        raise stopped(f"There is no rule {rule!r} in {file}; {known}  没有这条规则。", Exit.USAGE)
    sentences = explain(pack, found)
    if is_json:
        typer.echo(json.dumps([asdict(each) for each in sentences], ensure_ascii=False, indent=1))
        return
    for each in sentences:
        say(each.zh, each.en, lang)
