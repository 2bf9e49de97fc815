"""Runs the streaming baseline over labelled series: ``python -m simulator.nab`` prints the score and writes the page about it.

``docs/early-warning-baseline.md`` is that page; a test holds it to what the detector does today.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, TextIO

from rules.baseline import DETECTION, Baseline
from rules.usual import HOUR_MS
from simulator.labelled_series import Series, cloud_series, nab_profiles, nab_series
from simulator.nab_page import page
from simulator.nab_score import Scored, best_result, score_at
from simulator.real_data import DATA, RecordingsMissingError

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "early-warning-baseline.md"


def run(series: Iterable[Series]) -> list[Scored]:
    """What the detector says of each series: a new one for each, all with the same constants."""
    return [Scored(each.name, _scores(each), each.windows) for each in series]


def _scores(series: Series) -> tuple[float, ...]:
    baseline = Baseline()
    return tuple(baseline.take(at // HOUR_MS, value).score for at, value in zip(series.instants, series.values, strict=True))


def write_page(data: Path) -> str:
    """Run everything and write the page about it. Raises RecordingsMissingError where the series are missing."""
    profiles = nab_profiles(data)
    nab = run(nab_series(data))
    best = [best_result(nab, profile) for profile in profiles]
    fixed = [score_at(nab, profile, DETECTION) for profile in profiles]
    return page(best, fixed, run(cloud_series(data)))


def main(arguments: Sequence[str] | None = None, out: TextIO = sys.stdout) -> int:
    """Print the scores, and write the page where asked to."""
    parser = argparse.ArgumentParser(prog="python -m simulator.nab", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="the collections' folder (default: %(default)s)")
    parser.add_argument("--page", type=Path, default=PAGE, help="where the page is written (default: %(default)s)")
    chosen = parser.parse_args(arguments)
    try:
        text = write_page(chosen.data)
    except RecordingsMissingError as fault:
        out.write(f"{fault}\n")
        return 1
    chosen.page.write_text(text, encoding="utf-8")
    shown = [line for line in text.splitlines() if line.startswith("|")]
    out.write("\n".join([*shown, "", f"written: {chosen.page}"]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
