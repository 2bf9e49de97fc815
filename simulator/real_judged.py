"""Runs recorded real sets through the judge: ``python -m simulator.real_judged > docs/real-judged.md``."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from rules.definition import RulePack
from simulator.judge.figures import Figures
from simulator.judge.play import play
from simulator.judge.reached import Played
from simulator.judge.score import Town, figures_of, towns_of
from simulator.judge.truth_file import Happened
from simulator.judge.words import said
from simulator.pack_page import print_page
from simulator.real_sets.alarm_floods import alarm_floods
from simulator.real_sets.calls import calls
from simulator.real_sets.falls import falls
from simulator.real_sets.fires import fires
from simulator.real_sets.floods import floods
from simulator.real_sets.labelled import RealSet
from simulator.real_sets.sirens import sirens
from simulator.real_sets.video import videos

HEAD = """# Real recordings before the judge

What the rule pack `{pack}` {version} reaches on recorded sets of real happenings, by the rules of [judge.md](judge.md). Written
by `python -m simulator.real_judged > docs/real-judged.md` (some minutes); a test holds the small sets to what the chain does
today. Numbers marked [K] are remembered from the source, not read in it.

What `meva_video` can show and what not: the people and vehicles are real (acted by staff), their cameras' mistakes are ours. Its
one theft, its bags put down and its vehicles that reverse are asked of nobody. ONVIF cameras give no score: they have judged by
themselves and are believed at once (rule `perimeter_sure`), so that at night their ghosts ring too, and how often is our number,
not theirs. Before that rule, when one camera had to see somebody three times in 30 s or two sources had to agree, 127 of 191
visits were told in time, 23 never, and no ghost rang. A school full of people in armed hours rings more than anybody could hear:
nobody should arm a place that is in use.

"""
COLUMNS = (
    *("set", "cases", "events", "stage", "asked", "in time", "late", "missed", "false", "duplicates", "recall", "precision"),
    *("lead p50", "lead p10", "time p50", "time p90", "announced", "false alarms per operator-day", "time in flood"),
)


def all_sets(data: Path) -> tuple[RealSet, ...]:
    """Every set, in the order of the page."""
    return (
        fires(data, "fsri_fires"),
        fires(data, "nist_smoke_alarms"),
        floods(data),
        falls(data),
        sirens(data),
        alarm_floods(data),
        calls(data),
        videos(data, at_night=False),
        videos(data, at_night=True),
    )


def write_page(data: Path, pack: RulePack) -> str:
    """Play all sets and write the page about them. Raises RecordingsMissingError where they are missing."""
    sets = all_sets(data)
    table: list[str] = []
    parts: list[str] = []
    for one in sets:
        towns, case_count, event_count = _played(one, pack)
        table += _rows(one, figures_of(towns), case_count, event_count)
        parts += [] if one.misses is None else ["\n" + one.misses(towns)]
    notes = [f"| {one.name} | {one.asked} | {one.published} |" for one in sets]
    return (
        HEAD.format(pack=pack.id, version=pack.version)
        + "\n".join([_row(COLUMNS), _row(["---"] * len(COLUMNS)), *table])
        + "\n\n## What is asked, and what others have reached\n\n| set | what is asked | published |\n|---|---|---|\n"
        + "\n".join(notes)
        + "\n"
        + "".join(parts)
    )


def rows_of(one: RealSet, pack: RulePack) -> Iterator[str]:
    """The rows of a set: one for each stage that was asked for or reached."""
    return _rows(one, *judged(one, pack))


def _rows(one: RealSet, figures: Figures, case_count: int, event_count: int) -> Iterator[str]:
    for stage, tally in figures.stages.items():
        plain = tally.plain()
        if not (tally.asked or tally.right or tally.false):
            continue
        counts = [plain[name] for name in ("asked", "detected", "late", "missed", "false", "duplicates")]
        shares = [said(name, plain[name]) for name in ("recall", "precision")]
        leads = [_english(said(name, plain[name], len(tally.ahead_ms))) for name in ("lead_p50_s", "lead_p10_s")]
        times = [_english(said(name, plain[name], tally.asked)) for name in ("time_p50_s", "time_p90_s")]
        whole = figures.plain()
        load = [
            f"{figures.rang_count:,}",
            said("", whole["false_alarms_per_operator_day"]),
            said("flood_share", whole["flood_share"]),
        ]
        cells = [one.name, case_count, f"{event_count:,}", stage, *counts, *shares, *leads, *times]
        yield _row([*cells, *(load if stage == "alarm" else ["", "", ""])])


def judged(one: RealSet, pack: RulePack) -> tuple[Figures, int, int]:
    """The figures of a set over all its cases, how many cases, and how many events."""
    towns, case_count, event_count = _played(one, pack)
    return figures_of(towns), case_count, event_count


def _played(one: RealSet, pack: RulePack) -> tuple[tuple[Town, ...], int, int]:
    played: list[Played] = []
    truth: list[Happened] = []
    for case in one.cases():
        played.append(play(case.records(), pack, case.name))
        truth += case.truth
    return towns_of(played, truth), len(played), sum(each.event_count for each in played)


def _english(text: str) -> str:
    return text.removeprefix("从未 ")


def _row(cells: Iterable[object]) -> str:
    return "| " + " | ".join([str(cell) for cell in cells]) + " |"


def main(arguments: Sequence[str] | None = None, out: TextIO = sys.stdout) -> int:
    """Write the page to the output; it takes some minutes."""
    return print_page("real_judged", __doc__, write_page, arguments, out)


if __name__ == "__main__":
    sys.exit(main())
