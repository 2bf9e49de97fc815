"""Plays a fire department's orders through the chain: ``python -m simulator.real_dispatch > docs/real-dispatch.md``."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, TextIO

from rules.definition import RulePack
from simulator.dispatch_book import FILES, Week, play_week, steps
from simulator.judge.figures import percentile
from simulator.pack_page import print_page

_HEAD: Final = """# Real orders to responders

Calls of the San Francisco Fire Department (DataSF, public domain), played as the people of a duty desk would: each call is a
report, each unit a responder who is ordered, accepts, sets out, arrives and is free again when the record says so; a unit that
never arrived declines. The last two columns are what the record itself gives: the chain's book must show the same, to the
second. This page is made by `python -m simulator.real_dispatch > docs/real-dispatch.md`.
"""

_TAIL: Final = """
A few rows of the record have times out of order: such steps are refused with a reason, and the rest goes on.
"""

_COLUMNS: Final = (
    "calls",
    "incidents",
    "units",
    "closed",
    "steps refused",
    "call to order p50 / p90",
    "call to arrival p50 / p90",
    "record: order",
    "record: arrival",
)


def write_page(data: Path, pack: RulePack) -> str:
    """Play both files and write the page about them. Raises RecordingsMissingError where they are missing."""
    rows = [row_of(name, play_week(steps(name, data), pack)) for name in FILES]
    return "\n".join([_HEAD, f"| {' | '.join(_COLUMNS)} |", "|---" * len(_COLUMNS) + "|", *rows]) + "\n" + _TAIL


def row_of(name: str, week: Week) -> str:
    """One file: what the chain's book says of it, beside the record."""
    told = week.cases.values()
    ordered = [case.ordered_at - case.opened_at for case in told if case.ordered_at >= 0]
    arrived = [case.on_scene_at - case.opened_at for case in told if case.on_scene_at >= 0]
    cells = (
        name,
        f"{len(week.cases):,}",
        f"{week.unit_count:,}",
        f"{sum(case.closed_at >= 0 for case in told):,}",
        str(sum(week.refused.values())),
        *[_spread(waits) for waits in (ordered, arrived, week.recorded_orders, week.recorded_arrivals)],
    )
    return f"| {' | '.join(cells)} |"


def _spread(waits_ms: Sequence[int]) -> str:
    return f"{percentile(waits_ms, 0.5):g} / {percentile(waits_ms, 0.9):g} s"


def main(arguments: Sequence[str] | None = None, out: TextIO = sys.stdout) -> int:
    """Write the page to the output."""
    return print_page("real_dispatch", __doc__, write_page, arguments, out)


if __name__ == "__main__":
    sys.exit(main())
