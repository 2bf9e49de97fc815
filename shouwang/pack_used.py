"""By which pack a command judges the past: the one in force, as the API does; and which one that was is said."""

from pathlib import Path

import typer

from rules.definition import RulePack
from rules.model import Sentence
from shouwang.casebook import Casebook
from shouwang.commands_packs import read_or_stop
from shouwang.exits import Exit


def pack_used(book: Casebook, named: Path | None = None, *, is_json: bool) -> RulePack:
    """The pack named, else the one in force, else the configured one; a pack with faults is the end, with every fault.

    Which one it is goes where errors go when the command prints JSON.
    """
    live = book.pack_in_force() if named is None else None
    pack = live or read_or_stop(named or book.settings.pack, Exit.USAGE)
    how = Sentence("现行规则包", "the pack in force")
    if named is not None:
        how = Sentence("所指定的规则包", "the pack named")
    elif live is None:
        how = Sentence("设置中的规则包，尚无已启用的", "the configured pack, because none is known to be in force")
    typer.echo(f"{pack.id} {pack.version}: {how.en}  {how.zh}", err=is_json)
    return pack
