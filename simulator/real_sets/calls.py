"""A fire department's calls for the judge: each a report, and the department's own time to its order beside ours."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from simulator.judge.truth_file import Happened
from simulator.real_data import local_ms, rows
from simulator.real_sets.labelled import Case, RealSet, event
from simulator.recording import Recorded

DUE_S: Final = 265
"""The department's own p90 from call to order (set's README)."""
LASTS_S: Final = 3600
"""A call is about one happening for an hour; ours."""


def calls(data: Path) -> RealSet:
    """All calls of eight days; each battalion a community, each block a place."""
    return RealSet(
        name="sf_fire_calls",
        cases=lambda: _cases(data / "sf_fire_calls" / "sf_calls_2016_tail.csv.gz"),
        asked=(
            "report, each call at its block; alarm due 60 s after it was received (ours), of urgent ones (priority 3) an order "
            f"{DUE_S} s after"
        ),
        published="call to dispatch p50 113 s, p90 265 s (set's README; people type and choose there, our plan orders by itself)",
    )


def _cases(file: Path) -> Iterator[Case]:
    towns: dict[str, list[tuple[int, str, bool]]] = {}
    known: dict[str, None] = {}
    blocks: dict[str, str] = {}
    for row in rows(file, "the recordings of calls"):
        if row["Received DtTm"] and row["Call Number"] not in known:
            known[row["Call Number"]] = None
            zone = blocks.setdefault(row["Address"], f"block-{len(blocks):04}")
            towns.setdefault(row["Battalion"] or "none", []).append(
                (local_ms(row["Received DtTm"]), zone, row["Final Priority"] == "3")
            )
    for battalion in sorted(towns):
        name, own = f"calls-{battalion}", sorted(towns[battalion])
        yield Case(name=name, records=partial(_records, own, name), truth=tuple(_truth(own, name)))


def _records(own: list[tuple[int, str, bool]], name: str) -> Iterator[Recorded]:
    for number, (at, zone, is_urgent) in enumerate(own):
        urgency = "urgent" if is_urgent else "normal"
        body = f'"id":"{name}-{number}","kind":"report","state":"on","zone":"{zone}","attributes":{{"urgency":"{urgency}"}}'
        yield event(at, name, "internet/alarm", "telephone", body)


def _truth(own: list[tuple[int, str, bool]], name: str) -> Iterator[Happened]:
    for at, zone, is_urgent in own:
        yield Happened(
            hazard="report",
            community=name,
            zone=zone,
            start_at=at,
            end_at=at + LASTS_S * 1000,
            alarm_due_at=at + 60_000,
            dispatch_due_at=at + DUE_S * 1000 if is_urgent else None,
        )
