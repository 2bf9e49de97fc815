"""``./run bench``: measure, print a table, write JSON."""

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import adapters, backtest, chain, contract, latency, memory, pipeline, simulator, storm
from bench.page import page
from bench.rows import Row

MEASURES: dict[str, Callable[[Path], list[Row]]] = {
    "chain": lambda _: chain.measure(),
    "storm": lambda _: storm.measure(),
    "contract": lambda _: contract.measure(),
    "adapters": lambda _: adapters.measure(),
    "mqtt": lambda folder: [pipeline.measure(folder, readings=1, messages=60_000)],
    "arrays": lambda folder: [pipeline.measure(folder, readings=50, messages=6_000)],
    "latency": lambda folder: latency.measure(folder, is_loaded=False),
    "loaded": lambda folder: latency.measure(folder, is_loaded=True, alarms=100),
    "backtest": backtest.measure,
    "memory": lambda _: memory.measure(),
    "simulator": lambda _: simulator.measure(),
}


def main() -> int:
    """Run what was asked for, in the order of the table."""
    parser = argparse.ArgumentParser(
        prog="./run bench", description="Measure Shouwang on this machine, as ratios to a yardstick."
    )
    parser.add_argument("--only", action="append", choices=list(MEASURES), help="only this one; may be repeated")
    parser.add_argument("--json", metavar="FILE", help="write the rows as JSON; - is standard output")
    parser.add_argument("--page", metavar="FILE", help="write the rows as the Markdown page docs/performance.md")
    chosen = parser.parse_args()
    console = Console(stderr=chosen.json == "-")
    rows: list[Row] = []
    for name in chosen.only or MEASURES:
        console.print(f"measuring {name} …")
        with tempfile.TemporaryDirectory(prefix="shouwang-bench-", ignore_cleanup_errors=True) as folder:
            rows += MEASURES[name](Path(folder))
    console.print(_table(rows))
    if chosen.page:
        Path(chosen.page).write_text(page(rows), encoding="utf-8")
    if chosen.json:
        report = {"machine": f"{platform.machine()} Python {platform.python_version()}", "rows": [row.to_json() for row in rows]}
        text = json.dumps(report, ensure_ascii=False, indent=1) + "\n"
        if chosen.json == "-":
            sys.stdout.write(text)
        else:
            Path(chosen.json).write_text(text, encoding="utf-8")
    return 0


def _table(rows: list[Row]) -> Table:
    table = Table("what", "value", "must", "yardstick", "ratio", title="Shouwang bench 性能测量")
    for row in rows:
        must = "" if row.must is None else f"{row.must:,g}"
        table.add_row(
            row.name, f"{row.value:,g} {row.unit}", must, f"{row.yardstick}: {row.yardstick_value:,g}", f"{row.ratio:.3g}"
        )
    return table


if __name__ == "__main__":
    sys.exit(main())
