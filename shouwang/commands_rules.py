"""``shouwang rules``: check a pack, keep its promises, print its schema."""

import json
from pathlib import Path
from typing import Annotated

import typer

from rules.card import without_card
from rules.definition import RulePack
from rules.pack import PackError, pack_schema
from rules.promise import Outcome, run_promises
from shouwang import commands_activate, commands_calendar, commands_packs, commands_past
from shouwang.exits import Exit
from shouwang.pack_files import load_pack
from shouwang.settings import PACKS

app = typer.Typer(no_args_is_help=True, help="Rule packs: check, test, schema.  规则包：检查、测试、模式。")

Files = Annotated[list[Path] | None, typer.Argument(help="Rule packs; the bundled ones when none is named.", show_default=False)]


def _packs(files: list[Path] | None) -> list[Path]:
    return files or sorted(path for path in PACKS.glob("*.yaml") if not path.stem.endswith("_test"))


def _read(file: Path) -> RulePack | None:
    """The pack, or None after every fault was printed as file:line:column."""
    try:
        return load_pack(file).read()
    except PackError as error:
        for each in error.faults:
            typer.echo(str(each), err=True)
        typer.echo(
            f"{file}: {len(error.faults)} fault(s); the running pack stays as it is.  规则包有误，运行中的规则不变。", err=True
        )
    return None


@app.command()
def check(files: Files = None) -> None:
    """Say every fault of a pack with file:line:column. Exit code 0 only if there is none."""
    packs = {file: _read(file) for file in _packs(files)}
    for file, pack in packs.items():
        if pack is not None:
            typer.echo(
                f"{file}: good: {pack.id} {pack.version}, {len(pack.rules)} rules, {len(pack.plans)} plans, digest {pack.digest}"
            )
            _hint_at_cards(file, pack)
    raise typer.Exit(Exit.OK if all(packs.values()) else Exit.FAILED)


def _hint_at_cards(file: Path, pack: RulePack) -> None:
    """Name the alarm rules that do not say what their alarm means. A hint: such a pack is used all the same."""
    bare = without_card(pack)
    if bare:
        names = ", ".join([rule.id for rule in bare])
        typer.echo(
            f"{file}: hint: no card (cause, consequence, action, time_to_respond) for {len(bare)} alarm rule(s): {names}"
            f"  提示：{len(bare)} 条报警规则没有卡片（原因、后果、措施、处置时限）"
        )


@app.command("test")
def keep_promises(files: Files = None) -> None:
    """Run the promises that stand beside each pack (NAME_test.yaml) in virtual time. Exit code 0 only if all are kept."""
    is_good, count = True, 0
    for file in _packs(files):
        pack = _read(file)
        promises = file.with_name(f"{file.stem}_test.yaml")
        if pack is None or not promises.is_file():
            typer.echo(
                f"{promises}: "
                + ("not run, the pack has faults" if pack is None else "there is no such file: a rule ships with its promise")
            )
            is_good = False
            continue
        outcomes = _run(pack, promises)
        count += len(outcomes)
        for outcome in outcomes:
            if not outcome.is_kept:
                typer.echo(str(outcome), err=True)
        is_good = is_good and bool(outcomes) and all(outcome.is_kept for outcome in outcomes)
    typer.echo(f"{count} promises, {'all kept' if is_good else 'NOT all kept'}")
    raise typer.Exit(Exit.OK if is_good else Exit.FAILED)


def _run(pack: RulePack, promises: Path) -> tuple[Outcome, ...]:
    """How each promise went; none where the file cannot be understood, which is told."""
    try:
        return run_promises(pack, promises.read_text(encoding="utf-8"), str(promises))
    except UnicodeDecodeError as fault:
        typer.echo(f"{promises}:1:1: is not UTF-8 text (byte {fault.start}): save it as UTF-8", err=True)
    except PackError as error:
        for each in error.faults:
            typer.echo(str(each), err=True)
    return ()


app.command("diff")(commands_packs.diff)
app.command("explain")(commands_packs.explain_rule)
app.command("calendar")(commands_calendar.calendar)
app.command("preview")(commands_past.preview)
app.command("activate")(commands_activate.activate)
app.command("history")(commands_activate.history)
app.command("rollback")(commands_activate.rollback)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a pack, for editors."""
    typer.echo(json.dumps(pack_schema(), ensure_ascii=False, indent=1))
