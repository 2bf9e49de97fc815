"""``shouwang journal`` and ``shouwang rejected``: what came in, what was refused, and driving the refused in again."""

import itertools
from typing import Annotated

import httpx
import typer
from rich.table import Table
from rich.text import Text

from handlers.faults import StoreBroken, StoreUnavailable
from handlers.views import Page, Views
from ingest.journal import JournalDamaged, Journaled, read_only
from rules.canonical import to_json
from shouwang.exits import Exit
from shouwang.listening import address_of
from shouwang.logs import escaped
from shouwang.options import ConfigOption, DataOption, settings_or_exit, stopped
from shouwang.screen import show
from shouwang.settings import Settings
from simulator.recording import iso

rejected = typer.Typer(no_args_is_help=True, help="Refused input: list it, drive it in again.  被拒收的输入。")


def journal(
    data: DataOption = None,
    config: ConfigOption = None,
    after: Annotated[int, typer.Option(min=0, help="Begin after this position.")] = 0,
    limit: Annotated[int, typer.Option(min=1, help="At most so many lines.")] = 1_000_000_000,
) -> None:
    """Print the journal as JSON Lines: position, received_at and the entry itself. Reading harms nobody who writes."""
    settings = settings_or_exit(config, data)
    folder = settings.data / "journal"
    if not folder.is_dir():
        raise stopped(f"There is no journal in {settings.data}: name the data folder with --data.  此处没有流水。", Exit.FAILED)
    try:
        for journaled in itertools.islice(read_only(folder, after=after), limit):
            typer.echo(_line(journaled))
    except JournalDamaged as fault:
        raise stopped(str(fault), Exit.DAMAGED) from None


def _line(journaled: Journaled) -> str:
    entry, kind = to_json(journaled.entry).decode(), type(journaled.entry).__name__
    return f'{{"position":{journaled.position},"received_at":{journaled.received_at},"type":"{kind}","entry":{entry}}}'


@rejected.command("list")
def list_rejected(
    data: DataOption = None,
    config: ConfigOption = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="At most so many, the latest first.")] = 50,
) -> None:
    """List refused input: when, where it came from, why, and how it begins."""
    settings = settings_or_exit(config, data)
    page = _rejected_page(settings, limit)
    if not page.items:
        typer.echo("Nothing was refused.  没有被拒收的输入。")
        return
    table = Table("position", "at", "source", "reason", "detail", "begins with")
    for row in page.items:
        # Topics and payloads are whatever somebody sent: neither a terminal nor rich may take them for commands.
        cells = (row["position"], iso(row["at"]), row["source"], row["reason"], row["detail"], repr(row["excerpt"][:60]))
        table.add_row(*(Text(str(escaped(cell))) for cell in cells))
    show(table)


def _rejected_page(settings: Settings, limit: int) -> Page:
    views = Views(settings.database)
    try:
        return views.rejected(limit=limit)
    except (StoreUnavailable, StoreBroken) as fault:
        raise stopped(f"The store cannot be read: {fault}", Exit.FAILED) from None
    finally:
        views.close()


@rejected.command()
def redrive(
    position: Annotated[int, typer.Argument(help="The position that 'rejected list' shows.")],
    data: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Send refused input through the front door again, after the cause (a unit, a pack, a version) was mended."""
    settings = settings_or_exit(config, data)
    try:
        service = (settings.data / "service-token").read_text(encoding="ascii").strip()
        with httpx.Client(
            transport=httpx.HTTPTransport(uds=address_of(settings.socket)), timeout=10.0, trust_env=False
        ) as client:
            answer = client.post(
                f"http://front-door/v1/rejected/{position}/redrive", headers={"Authorization": f"Bearer {service}"}
            )
    except (httpx.HTTPError, OSError) as fault:
        todo = "start it with 'shouwang run'.  服务未运行。"
        raise stopped(f"The service does not answer ({fault}): {todo}", Exit.FAILED) from None
    typer.echo(answer.text)
    raise typer.Exit(Exit.OK if answer.is_success else Exit.FAILED)
