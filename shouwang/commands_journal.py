"""``shouwang journal`` and ``shouwang rejected``: what came in, what was refused, and driving the refused in again."""

from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.table import Table

from handlers.views import Views
from ingest.journal import read_only
from rules.canonical import to_json
from shouwang.exits import Exit
from shouwang.settings import load
from simulator.recording import iso

rejected = typer.Typer(no_args_is_help=True, help="Refused input: list it, drive it in again.  被拒收的输入。")

PIPED_WIDTH = 250
"""Columns where nobody knows how wide the reader is: wide enough that grep finds whole words."""

DataOption = Annotated[Path | None, typer.Option(help="The folder for journal, store and secrets.")]
ConfigOption = Annotated[Path | None, typer.Option(help="A TOML file with settings.")]


def journal(
    data: DataOption = None,
    config: ConfigOption = None,
    after: Annotated[int, typer.Option(min=0, help="Begin after this position.")] = 0,
    limit: Annotated[int, typer.Option(min=1, help="At most so many lines.")] = 1_000_000_000,
) -> None:
    """Print the journal as JSON Lines: position, received_at and the entry itself. Reading harms nobody who writes."""
    settings = load(config, data=data)
    for number, journaled in enumerate(read_only(settings.data / "journal", after=after)):
        if number >= limit:
            return
        entry = to_json(journaled.entry).decode()
        kind = type(journaled.entry).__name__
        typer.echo(f'{{"position":{journaled.position},"received_at":{journaled.received_at},"type":"{kind}","entry":{entry}}}')


@rejected.command("list")
def list_rejected(
    data: DataOption = None,
    config: ConfigOption = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="At most so many, the latest first.")] = 50,
) -> None:
    """List refused input: when, where it came from, why, and how it begins."""
    settings = load(config, data=data)
    page = Views(settings.database).rejected(limit=limit)
    if not page.items:
        typer.echo("Nothing was refused.  没有被拒收的输入。")
        return
    table = Table("position", "at", "source", "reason", "detail", "begins with")
    for row in page.items:
        table.add_row(
            str(row["position"]), iso(row["at"]), row["source"], row["reason"], row["detail"], repr(row["excerpt"][:60])
        )
    console = Console()
    console.print(table) if console.is_terminal else Console(width=PIPED_WIDTH).print(table)


@rejected.command()
def redrive(
    position: Annotated[int, typer.Argument(help="The position that 'rejected list' shows.")],
    data: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Send refused input through the front door again, after the cause (a unit, a pack, a version) was mended."""
    settings = load(config, data=data)
    service = (settings.data / "service-token").read_text(encoding="ascii").strip()
    try:
        with httpx.Client(transport=httpx.HTTPTransport(uds=str(settings.socket)), timeout=10.0, trust_env=False) as client:
            answer = client.post(
                f"http://front-door/v1/rejected/{position}/redrive", headers={"Authorization": f"Bearer {service}"}
            )
    except httpx.HTTPError as fault:
        typer.echo(f"The service does not answer ({fault}): start it with 'shouwang run'.  服务未运行。", err=True)
        raise typer.Exit(Exit.FAILED) from None
    typer.echo(answer.text)
    raise typer.Exit(Exit.OK if answer.is_success else Exit.FAILED)
