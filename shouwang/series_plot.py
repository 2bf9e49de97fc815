"""A series and what the baseline says of it, as a picture. Needs matplotlib: the optional extra ``plot``."""

import warnings
from array import array
from pathlib import Path
from typing import Final

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rules.model import Level

SIZE: Final = (12.0, 6.0)
"""Inches, at 120 dots an inch."""
SHOWN_MAX: Final = 1e100
"""Larger values are drawn as this one: beyond, a drawing's own arithmetic ends."""
COLOURS: Final = {Level.BLUE: "#2f7ed8", Level.YELLOW: "#d9a400", Level.ORANGE: "#e8590c"}
DAY_MS: Final = 86_400_000.0
"""Dates are drawn in days since 1970."""
_YEARS: Final = (-62_000_000_000_000, 253_000_000_000_000)  # ms: the years 5 to 9987


class Picture:
    """Collects the rows, then draws them: 24 bytes a row."""

    def __init__(self) -> None:
        self._instants = array("q")
        self._values = array("d")
        self._scores = array("d")
        self._told: dict[Level, array[int]] = {level: array("q") for level in COLOURS}

    def add(self, at: int, number: float | None, score: float, level: Level | None) -> None:
        """Take in one row: its instant (ms), its value, its score and its level if it has one."""
        if level is not None:
            self._told[level].append(len(self._instants))
        self._instants.append(min(max(at, _YEARS[0]), _YEARS[1]))
        self._values.append(float("nan") if number is None else min(max(number, -SHOWN_MAX), SHOWN_MAX))
        self._scores.append(score)

    def write(self, file: Path, title: str) -> None:
        """Draw the values above and the scores below, with a mark where a level was reached. Raises OSError."""
        times = [at / DAY_MS for at in self._instants]
        with warnings.catch_warnings(), rc_context({"agg.path.chunksize": 10_000, "axes.grid": True, "grid.alpha": 0.3}):
            warnings.simplefilter("ignore")  # a font without a sign of the title is no reason to say anything
            figure = Figure(figsize=SIZE, dpi=120, layout="constrained")
            above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
            above.plot(times, self._values, linewidth=0.8, color="#444444")
            below.plot(times, self._scores, linewidth=0.8, color="#444444")
            self._mark(above, below, times)
            above.xaxis_date()
            above.set_title(title, parse_math=False)
            above.set_ylabel("value")
            below.set_ylabel("score")
            below.set_ylim(-0.05, 1.05)
            figure.savefig(file)

    def _mark(self, above: Axes, below: Axes, times: list[float]) -> None:
        for level, rows in self._told.items():
            if rows:
                x = [times[row] for row in rows]
                above.plot(x, [self._values[row] for row in rows], "o", color=COLOURS[level], label=level.value)
                below.plot(x, [self._scores[row] for row in rows], "o", color=COLOURS[level], markersize=4)
        if any(self._told.values()):
            above.legend(loc="upper left")
