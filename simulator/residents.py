"""The day and night of a home: when it sleeps, cooks, leaves, comes back, moves and draws water."""

from dataclasses import dataclass
from random import Random
from typing import Final

from simulator.chance import chance
from simulator.community import Flat

DAY_S: Final = 86_400
_MINUTE_S: Final = 60


@dataclass(frozen=True, slots=True)
class Cooking:
    """A meal on the stove. ``strength`` is the peak smoke it gives off at the flat's detector, in %/m."""

    from_s: float
    to_s: float
    strength: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of one home, in seconds of the local day. Times may run past midnight."""

    wakes_s: float
    sleeps_s: float
    away: tuple[tuple[float, float], ...]
    meals: tuple[Cooking, ...]
    doors_s: tuple[float, ...]
    moves_s: tuple[float, ...]  # somebody was seen moving, elders' homes only

    def is_home(self, second: float) -> bool:
        """Whether somebody is at home at this second of the day."""
        return not any(start <= second < end for start, end in self.away)

    def water_flow(self, second: float) -> float:
        """Mean water drawn around this second in L/h: most in the morning and in the evening, none at night or away."""
        if not self.is_home(second) or not self.wakes_s <= second < self.sleeps_s:
            return 0.0
        is_busy = second < self.wakes_s + 3600 or any(meal.from_s - 600 <= second < meal.to_s + 900 for meal in self.meals)
        return 40.0 if is_busy else 9.0


def day_of(seed: int, flat: Flat, number: int) -> Day:
    """The given day (0 is the day on which the simulation starts) of this home; the same for the same seed."""
    dice = chance(seed, "day", flat.zone, number)
    wakes = dice.gauss(6.6 if not flat.is_elder else 5.9, 0.5) * 3600
    sleeps = dice.gauss(22.6 if not flat.is_elder else 21.4, 0.5) * 3600
    away = _away(dice, flat, wakes, number)
    meals = tuple(_meal(dice, around) for around in _meal_hours(dice, flat, number) if _is_free(around * 3600, away))
    doors = tuple(second for trip in away for second in trip)
    moves = tuple(_moves(dice, wakes, sleeps, away)) if flat.is_elder else ()
    return Day(wakes_s=wakes, sleeps_s=sleeps, away=away, meals=meals, doors_s=doors, moves_s=moves)


def _away(dice: Random, flat: Flat, wakes: float, number: int) -> tuple[tuple[float, float], ...]:
    if flat.is_elder:  # a walk, on most mornings
        starts = dice.gauss(9.3, 0.4) * 3600
        return ((starts, starts + dice.uniform(30, 110) * _MINUTE_S),) if dice.random() < 0.8 else ()
    if number % 7 >= 5:  # an outing at the weekend
        starts = dice.gauss(13.5, 1.0) * 3600
        return ((starts, starts + dice.uniform(1, 4) * 3600),) if dice.random() < 0.5 else ()
    leaves = wakes + dice.uniform(45, 110) * _MINUTE_S
    return ((leaves, dice.gauss(18.0, 0.7) * 3600),) if dice.random() < 0.75 else ()


def _meal_hours(dice: Random, flat: Flat, number: int) -> tuple[float, ...]:
    breakfast, lunch, dinner = dice.gauss(7.0, 0.3), dice.gauss(11.7, 0.3), dice.gauss(18.5, 0.5)
    is_at_noon = flat.is_elder or number % 7 >= 5 or dice.random() < 0.3
    return (breakfast, lunch, dinner) if is_at_noon else (breakfast, dinner)


def _is_free(second: float, away: tuple[tuple[float, float], ...]) -> bool:
    return not any(start - 1800 <= second < end for start, end in away)


def _meal(dice: Random, around: float) -> Cooking:
    starts = around * 3600
    return Cooking(starts, starts + dice.uniform(8, 25) * _MINUTE_S, dice.uniform(0.1, 1.0))


def _moves(dice: Random, wakes: float, sleeps: float, away: tuple[tuple[float, float], ...]) -> list[float]:
    """Seconds at which an elder is seen moving: every few minutes by day, once or twice at night."""
    seconds = sorted(dice.uniform(0.5 * 3600, max(wakes - 900, 3600.0)) for _ in range(dice.randint(1, 2)))
    second = wakes
    while second < sleeps:
        if not any(start <= second < end for start, end in away):
            seconds.append(second)
        second += dice.uniform(4, 22) * _MINUTE_S
    return seconds
