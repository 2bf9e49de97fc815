"""``shouwang alarms``: the alarms that have not ended; with ``--state shelved`` the shelves, who filled them and until when."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from handlers.faults import StoreBroken, StoreUnavailable
from handlers.standing import AlarmFilter, StandingViews
from rules.lifecycle import ALARM
from shouwang.exits import Exit
from shouwang.logs import escaped
from shouwang.options import ConfigOption, DataOption, settings_or_exit, stopped
from shouwang.screen import show
from simulator.recording import iso

STATES = tuple(dict.fromkeys(state for state, _ in ALARM.table))


def alarms(
    data: DataOption = None,
    config: ConfigOption = None,
    state: Annotated[list[str] | None, typer.Option(help=f"Only these: {', '.join(STATES)}. May be repeated.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="At most so many, the worst and longest open first.")] = 100,
) -> None:
    """List the alarms that have not ended: level, state, place, since when, and why one is quiet."""
    unknown = [name for name in state or () if name not in STATES]
    if unknown:
        raise stopped(f"There is no state {unknown[0]!r}; it is one of: {', '.join(STATES)}.", Exit.USAGE)
    settings = settings_or_exit(config, data)
    views = StandingViews(settings.database)
    try:
        page = views.standing(AlarmFilter(states=tuple(state or ())), limit=limit)
    except (StoreUnavailable, StoreBroken) as fault:
        raise stopped(f"The store cannot be read: {fault}", Exit.FAILED) from None
    finally:
        views.close()
    if not page.items:
        typer.echo("No such alarm stands.  没有此类报警。")
        return
    table = Table("id", "level", "state", "zone", "device", "since", "count", "quiet", "what")
    for row in page.items:
        cells = (row["id"], row["level"], row["state"], row["zone"], row["device"], iso(row["opened_at"]))
        said = row["sentence"]["zh"]
        table.add_row(*(Text(str(escaped(cell))) for cell in (*cells, row["occurrence_count"], _quiet(row), said)))
    show(table)


def _quiet(row: Mapping[str, Any]) -> str:
    """Why it is quiet, where it is."""
    if row["state"] == "shelved":
        until = iso(row["shelved_until_at"])
        once = ", or once back to normal" if row.get("is_one_shot") else ""
        return f"{row['shelved_by']} until {until}{once}: {row['shelve_reason']}"
    if row.get("cause_id"):
        return f"symptom of {row['cause_id']} ({row.get('inhibition') or row.get('cause_named_by')})"
    return ""
