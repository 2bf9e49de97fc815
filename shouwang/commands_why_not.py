"""``shouwang why-not``: which rules looked at a place at a time, how near they came, and what held them back."""

from typing import Annotated, Final

import typer
from rich.text import Text
from rich.tree import Tree

from rules.canonical import to_json
from rules.model import Sentence
from rules.why_not_shape import Asked, Look, RuleLook, WhyNot
from shouwang.casebook import opened_casebook
from shouwang.clock import system_now
from shouwang.exits import Exit
from shouwang.hindsight import look_back
from shouwang.instants import instant_or_stop
from shouwang.logs import escaped
from shouwang.options import ConfigOption, DataOption, settings_or_exit, stopped
from shouwang.screen import show
from simulator.recording import iso

SHOWN_MAX: Final = 12
"""Rules that the tree shows; ``--json`` has them all."""
HOUR_MS: Final = 3_600_000


def why_not(  # noqa: PLR0913, PLR0917 - the options of a command, each by its name
    place: Annotated[str, typer.Argument(metavar="PLACE", help="A zone (b03/u1/0502), or with --device a device's id.")],
    time: Annotated[str, typer.Argument(metavar="TIME", help="2026-11-01T08:00, in the pack's time zone where it has none.")],
    rule: Annotated[str, typer.Option(help="Only this rule.")] = "",
    is_device: Annotated[bool, typer.Option("--device", help="PLACE is a device.")] = False,
    community: Annotated[str, typer.Option(help="Only this community.")] = "",
    around_min: Annotated[float, typer.Option("--around", min=0, max=1440, help="Minutes before and after TIME.")] = 10.0,
    back_h: Annotated[float, typer.Option("--back", min=0, max=720, help="Hours before that in which the replay begins.")] = 24.0,
    data: DataOption = None,
    config: ConfigOption = None,
    is_json: Annotated[bool, typer.Option("--json", help="JSON, as the API gives it.")] = False,
) -> None:
    """Say why nothing was told: replays the journal beside the service, and shows every rule that looked at the place."""
    with opened_casebook(settings_or_exit(config, data)) as book:
        pack = book.pack_in_force() or book.configured_pack()
        at = instant_or_stop(time, None if pack is None else pack.timezone)
        around_ms, now = round(around_min * 60_000), system_now()
        if at > now:
            raise stopped(f"{escaped(time)} is still to come.  时间还没到。", Exit.USAGE)
        asked = Asked(
            zone="" if is_device or place == "*" else place,
            device=place if is_device else "",
            from_at=max(0, at - around_ms),
            until_at=min(now, at + around_ms),
            rule=rule,
            community=community,
        )
        found = look_back(book, asked, back_ms=round(back_h * HOUR_MS))
        if is_json:
            typer.echo(to_json(found).decode())
        else:
            show(tree_of(found))


def tree_of(found: WhyNot) -> Tree:
    """The answer as people read it: the rule that came nearest first."""
    tree = Tree(_text(found.sentence))
    tree.add(Text(f"{iso(found.asked.from_at)} … {iso(found.asked.until_at)}  规则包 pack {found.pack_version}", style="cyan"))
    if found.last_heard_at is not None:
        tree.add(Text(f"最后一次收到 last heard {iso(found.last_heard_at)}", style="cyan"))
    for held in found.unseen:
        tree.add(_text(held.sentence).append(f"  {held.count}×"))
    for one in found.rules[:SHOWN_MAX]:
        _add_rule(tree.add(_text(one.sentence)), one)
    if len(found.rules) > SHOWN_MAX:
        tree.add(Text(f"… {len(found.rules) - SHOWN_MAX} more rules: --json", style="dim"))
    if found.quiet_rules:
        names = ", ".join(found.quiet_rules)
        tree.add(Text(f"与该位置的事件无关的规则 rules that nothing from here concerned: {names}", style="dim"))
    return tree


def _add_rule(branch: Tree, one: RuleLook) -> None:
    for said in one.spoken:
        branch.add(Text(f"{iso(said.at)}  {said.transition} {said.entity_id}  ", style="cyan").append_text(_text(said.sentence)))
    if one.nearest is not None:
        _add_look(branch.add(_head("最接近 nearest", one.nearest)), one.nearest)
    if one.last is not None and one.last is not one.nearest:
        _add_look(branch.add(_head("最后 last", one.last)), one.last)


def _head(name: str, look: Look) -> Text:
    shown = "" if look.value is None else f"  {look.kind} {escaped(str(look.value))}"
    return Text(f"{name}  {iso(look.at)}  {escaped(look.device)}{shown}", style="cyan")


def _add_look(branch: Tree, look: Look) -> None:
    for near in look.near:
        branch.add(Text(f"{int(near.share * 100):3} %  ", style="cyan").append_text(_text(near.sentence)))
    for held in look.held:
        branch.add(_text(held.sentence))


def _text(said: Sentence) -> Text:
    return Text(str(escaped(said.zh)), style="default").append(f"  {escaped(said.en)}", style="dim")
