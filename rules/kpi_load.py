"""How many alarms an operator position had to take in: averages, peaks, and floods. Over announced instants (ms), in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rules.flood import BEGINS_ABOVE, WINDOW_MS, Flood

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 86_400_000
HOUR_ABOVE: Final = 30
"""An hour with more than 30 alarms is one too busy (ISA-18.2-2016 / IEC 62682 [K])."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """The announced alarms of a stretch. Shares are 0 to 1, of the whole 10 minutes and hours since its beginning."""

    count: int
    per_10min: float
    per_hour: float
    per_day: float
    peak_10min: int  # the most in any 10 minutes, wherever they begin
    peak_at: int | None  # when it was reached
    busy_10min_share: float  # with more than 10
    busy_hour_share: float  # with more than 30


@dataclass(frozen=True, slots=True, kw_only=True)
class FloodSpell:
    """One flood. ``ended_at`` is the end of the stretch where ``is_over`` is false."""

    began_at: int
    ended_at: int
    count: int  # alarms of it, those that made it one included
    peak: int
    is_over: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Floods:
    """The floods of a stretch, counted from the alarms of this stretch alone."""

    spells: tuple[FloodSpell, ...]
    time_s: float
    time_share: float


def load_of(announced: Sequence[int], from_at: int, until_at: int) -> Load:
    """How busy it was. ``announced`` are instants in [from_at, until_at), in order."""
    long = until_at - from_at
    peak, peak_at = _peak(announced)
    return Load(
        count=len(announced),
        per_10min=len(announced) * WINDOW_MS / long,
        per_hour=len(announced) * HOUR_MS / long,
        per_day=len(announced) * DAY_MS / long,
        peak_10min=peak,
        peak_at=peak_at,
        busy_10min_share=_busy_share(announced, from_at, until_at, WINDOW_MS, BEGINS_ABOVE),
        busy_hour_share=_busy_share(announced, from_at, until_at, HOUR_MS, HOUR_ABOVE),
    )


def floods_of(announced: Sequence[int], from_at: int, until_at: int) -> Floods:
    """The floods by the rule that the live desk goes by (flood.py): above 10 in 10 minutes, until below 5."""
    flood, spells = Flood(), []
    for at in announced:
        over_at = flood.over_at()
        if over_at is not None and over_at <= at:
            spells.append(_spell(flood, over_at))
            flood.end()
        flood.take(at)
    over_at = flood.over_at()
    if over_at is not None:
        spells.append(_spell(flood, min(over_at, until_at), is_over=over_at <= until_at))
    time_ms = sum([spell.ended_at - spell.began_at for spell in spells])
    return Floods(spells=tuple(spells), time_s=time_ms / 1000, time_share=time_ms / (until_at - from_at))


def _spell(flood: Flood, ended_at: int, *, is_over: bool = True) -> FloodSpell:
    began_at = ended_at if flood.began_at is None else flood.began_at
    return FloodSpell(began_at=began_at, ended_at=ended_at, count=flood.count, peak=flood.peak, is_over=is_over)


def _peak(announced: Sequence[int]) -> tuple[int, int | None]:
    """The most within 10 minutes, exactly; one announced exactly 10 minutes before is no longer among them."""
    best, best_at, first = 0, None, 0
    for number, at in enumerate(announced):
        while at - announced[first] >= WINDOW_MS:
            first += 1
        if number - first + 1 > best:
            best, best_at = number - first + 1, at
    return best, best_at


def _busy_share(announced: Sequence[int], from_at: int, until_at: int, size_ms: int, above: int) -> float:
    """The share of the periods of this size, from the beginning of the stretch on, with more than so many."""
    counts: dict[int, int] = {}
    for at in announced:
        number = (at - from_at) // size_ms
        counts[number] = counts.get(number, 0) + 1
    busy = len([count for count in counts.values() if count > above])
    return busy / -((from_at - until_at) // size_ms)
