"""``shouwang rules preview``, ``chatter`` and ``outages``: what the record of the alarms says. Reading harms nobody."""

from pathlib import Path
from typing import Annotated, Final

import typer

from rules.canonical import to_json
from rules.definition import Inhibition, RulePack
from rules.delay_proposal import SHARE, Advice, advice_of
from rules.hidden import Preview
from rules.hiding import hidden_by_inhibitions
from rules.model import Sentence, Verdict
from shouwang.casebook import opened_casebook
from shouwang.clock import wall_now
from shouwang.logs import escaped
from shouwang.options import ConfigOption, DataOption, settings_or_exit
from shouwang.pack_used import pack_used
from simulator.recording import iso

DAY_MS: Final = 86_400_000
LISTED_MAX: Final = 20
"""Alarms that a preview lists; ``--json`` has them all."""
Days = Annotated[int, typer.Option(min=1, max=90, help="How many days to look back.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]
Community = Annotated[list[str] | None, typer.Option(help="Only these communities. May be repeated.")]


def preview(
    pack: Annotated[Path | None, typer.Argument(help="The pack whose inhibitions are tried; the one in force if none.")] = None,
    data: DataOption = None,
    config: ConfigOption = None,
    days: Days = 7,
    community: Community = None,
    is_json: AsJson = False,
) -> None:
    """Say of each inhibition of a pack what it would have hidden in the last days, from the record. 抑制规则预演。"""
    now = wall_now()
    with opened_casebook(settings_or_exit(config, data)) as book:
        tried = pack_used(book, pack, is_json=is_json)
        past = book.reads.past(tried, now - days * DAY_MS, now, communities=tuple(community or ()))
    for inhibition in _all(tried, community or []):
        found = hidden_by_inhibitions(past, (inhibition,))
        if is_json:
            typer.echo(to_json(found).decode())
        else:
            typer.echo(f"{inhibition.id}  {_said(inhibition.title)}")
            _list(found)
    if not tried.inhibitions:
        typer.echo("The pack has no inhibitions.  规则包没有抑制规则。", err=is_json)


def chatter(
    data: DataOption = None,
    config: ConfigOption = None,
    days: Days = 30,
    share: Annotated[float, typer.Option(min=0.01, max=1, help="How much of it a proposal must remove.")] = SHARE,
    community: Community = None,
    is_json: AsJson = False,
) -> None:
    """List alarms that chatter (3 times in 1 min) or are fleeting, with the delay that would have helped. 抖动与延时建议。"""
    now = wall_now()
    with opened_casebook(settings_or_exit(config, data)) as book:
        past = book.reads.past(pack_used(book, is_json=is_json), now - days * DAY_MS, now, communities=tuple(community or ()))
    found = advice_of(past, share)
    for advice in found:
        typer.echo(to_json(advice).decode() if is_json else _advised(advice))
    if not found and not is_json:
        typer.echo("No alarm chatters, and none is fleeting.  没有抖动或瞬时报警。")


def outages(data: DataOption = None, config: ConfigOption = None, is_json: AsJson = False) -> None:
    """List what is out of service, planned or running: place, owner, reason, from when until when. 停用列表。"""
    with opened_casebook(settings_or_exit(config, data)) as book:
        found = book.reads.outages()
    for one in found:
        if is_json:
            typer.echo(to_json(one).decode())
            continue
        place = f"device {one.device}" if one.device else one.zone or "*"
        loud = "  life safety too, 含生命安全" if one.is_life_safety else ""
        state = f"running, {one.held_count} held" if one.is_running else "planned"
        line = f"{one.community} {place}  {iso(one.from_at)} - {iso(one.until_at)}  {state}  {one.owner}: {one.reason}{loud}"
        typer.echo(str(escaped(line)))
    if not found and not is_json:
        typer.echo("Nothing is out of service.  没有停用。")


def _all(pack: RulePack, communities: list[str]) -> list[Inhibition]:
    """The inhibitions as they hold where they are asked for, each id once."""
    packs = [pack.by_community.get(name, pack) for name in communities] or [pack]
    return list({inhibition.id: inhibition for own in packs for inhibition in own.inhibitions}.values())


def _list(found: Preview) -> None:
    typer.echo(f"  {_said(found.sentence)}")
    for one in found.hidden[:LISTED_MAX]:
        marks = "  LIFE SAFETY 生命安全" * one.is_life_safety + "  REAL 属实" * (one.verdict is Verdict.REAL)
        line = f"  {iso(one.began_at)}  {one.rule}  {one.level}  {one.zone} {one.device}  {one.fate}{marks}"
        typer.echo(str(escaped(line)))
    if len(found.hidden) > LISTED_MAX:
        typer.echo(f"  … {len(found.hidden) - LISTED_MAX} more: --json  其余见 --json")


def _advised(advice: Advice) -> str:
    key = advice.chatter.key
    lines = [f"{key.community} {key.rule} {key.place}  {_said(advice.sentence)}"]
    lines += [f"  {_said(one.sentence)}{'  (estimate 估计)' if one.is_estimate else ''}" for one in advice.proposals]
    return "\n".join([str(escaped(line)) for line in lines])


def _said(sentence: Sentence) -> str:
    return f"{sentence.zh}  {sentence.en}"
