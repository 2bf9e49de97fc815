"""The day and night of a home: when it sleeps, works, learns, cooks, washes, travels, comes back, moves and draws water."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from simulator.calendar_cn import is_long_holiday, is_school_day, is_workday
from simulator.chance import chance
from simulator.devices import Cause
from simulator.households import Flat, Household
from simulator.sorts.causes import COOKING, FRYING, LAUNDRY, MOSQUITO_COIL, RENOVATION, SHOWER, SPRAY, SWEEPING

DAY_S: Final = 86_400
_MINUTE_S: Final = 60
_TRIP_BLOCK_D: Final = 45  # in each of these many days a home travels once at most
Spans = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Doing:
    """Something that somebody does: from when to when, and how strongly it shows."""

    cause: Cause
    from_s: float
    to_s: float
    strength: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of one home, in seconds of the local day. Times may run past midnight."""

    wakes_s: float
    sleeps_s: float
    away: Spans
    doings: tuple[Doing, ...]
    doors_s: tuple[float, ...]
    moves_s: tuple[float, ...]  # somebody was seen moving, elders' homes only
    baths: Spans = ()  # somebody is in the bathroom, elders' homes only
    medicine_s: tuple[float, ...] = ()
    told_away_s: float | None = None  # the family tells the desk that an elder travels
    journey_s: tuple[float, float] | None = None  # the part of the day for which that holds, elders' homes only

    def is_home(self, second: float) -> bool:
        """Whether somebody is at home at this second of the day."""
        return not any(start <= second < end for start, end in self.away)

    def is_up(self, second: float) -> bool:
        """Whether somebody is at home and awake."""
        return self.wakes_s <= second < self.sleeps_s and self.is_home(second)

    def water_flow(self, second: float) -> float:
        """Mean water drawn around this second in L/h: most in the morning and in the evening, none at night or away."""
        if not self.is_up(second):
            return 0.0
        is_busy = second < self.wakes_s + 3600 or any(
            each.from_s - 600 <= second < each.to_s + 900 for each in self.doings if each.cause in (COOKING, FRYING)
        )
        return 40.0 if is_busy else 9.0


def day_of(seed: int, flat: Flat, day: date) -> Day:
    """This day of this home; the same for the same seed."""
    dice = chance(seed, "day", flat.zone, day.toordinal())
    household = Household.ELDER if flat.is_elder else flat.household
    wakes_h, sleeps_h = _HOURS.get(household, (6.7, 22.7))
    wakes, sleeps = dice.gauss(wakes_h, 0.35) * 3600, dice.gauss(sleeps_h, 0.35) * 3600
    away = _away(dice, household, wakes, day)
    trip = _trip(seed, flat, household, day)
    if trip is not None:
        away = (*(span for span in away if span[1] <= trip[0] or span[0] >= trip[1]), trip)
    meals = [_meal(dice, around) for around in _meal_hours(dice, household, day) if _is_free(around * 3600, away)]
    others = [each for each in _others(dice, wakes, sleeps, day) if _is_free(each.from_s, away)]
    doors = [second for trip_s in away for second in trip_s if 0 < second < DAY_S]
    if flat.is_elder and flat.has_family and day.weekday() == 6 and trip is None:
        visit = dice.gauss(10.5, 0.7) * 3600
        doors += [visit, visit + dice.uniform(1.5, 5) * 3600]
    is_watched = flat.is_elder
    return Day(
        wakes_s=wakes,
        sleeps_s=sleeps,
        away=away,
        doings=tuple(meals + others),
        doors_s=tuple(sorted(doors)),
        moves_s=tuple(_moves(dice, wakes, sleeps, away, has_cat=flat.has_cat)) if is_watched else (),
        baths=tuple(_baths(dice, wakes, sleeps, away)) if is_watched else (),
        medicine_s=tuple(s for s in (wakes + 2400, 19.2 * 3600 + dice.uniform(0, 1800)) if _is_free(s, away))
        if is_watched
        else (),
        told_away_s=trip[0] + 900 if trip is not None and is_watched and trip[0] > 0 else None,
        journey_s=trip if is_watched else None,
    )


_HOURS: Final = {
    Household.ELDER: (6.2, 21.4),
    Household.RETIRED: (6.4, 21.9),
    Household.SINGLE: (7.4, 23.6),
    Household.NIGHT_SHIFT: (14.5, 21.0),
}
"""When homes get up and go to bed, in hours; ours."""


def _away(dice: Random, household: Household, wakes: float, day: date) -> Spans:
    if household is Household.EMPTY:
        return ((0.0, float(DAY_S)),)
    if household in (Household.ELDER, Household.RETIRED):  # a walk, on most mornings
        starts = dice.gauss(9.3, 0.4) * 3600
        return ((starts, starts + dice.uniform(30, 110) * _MINUTE_S),) if dice.random() < 0.8 else ()
    if household is Household.NIGHT_SHIFT:
        return ((0.0, dice.gauss(7.2, 0.3) * 3600), (dice.gauss(21.6, 0.2) * 3600, float(DAY_S)))
    if not is_workday(day):  # an outing
        starts = dice.gauss(13.5, 1.0) * 3600
        return ((starts, starts + dice.uniform(1, 4) * 3600),) if dice.random() < 0.5 else ()
    leaves = wakes + dice.uniform(45, 110) * _MINUTE_S
    if household is Household.FAMILY:  # somebody stays at home in a quarter of them; else the children come first
        returns = dice.gauss(16.8, 0.3) if is_school_day(day) else dice.gauss(17.6, 0.8)
        return ((leaves, returns * 3600),) if dice.random() < 0.75 else ()
    return ((leaves, dice.gauss(18.6, 0.8) * 3600),) if dice.random() < 0.9 else ()


def _trip(seed: int, flat: Flat, household: Household, day: date) -> tuple[float, float] | None:
    """The part of this day that a journey of several days takes; None on most days.

    Elders without family stay at home. In a long public holiday a third of the homes travel, at other times few.
    """
    if household is Household.EMPTY or (flat.is_elder and not flat.has_family):
        return None
    block, place = divmod(day.toordinal(), _TRIP_BLOCK_D)
    dice = chance(seed, "trip", flat.zone, block)
    first, lasts = dice.randint(1, 34), dice.randint(2, 6)
    share = 0.5 if flat.is_elder else 0.2
    travels = dice.random() < share and first <= place < first + lasts
    is_first, is_last = place == first, place == first + lasts - 1
    goes_on_holiday = chance(seed, "holiday", flat.zone, day.year).random() < 0.33
    if not travels and goes_on_holiday and is_long_holiday(day):
        travels = True
        is_first = not is_long_holiday(day - timedelta(days=1))
        is_last = not is_long_holiday(day + timedelta(days=1))
    if not travels:
        return None
    return (10.0 * 3600 if is_first else 0.0, 16.0 * 3600 if is_last else float(DAY_S))


def _meal_hours(dice: Random, household: Household, day: date) -> tuple[float, ...]:
    breakfast, lunch, dinner = dice.gauss(7.0, 0.3), dice.gauss(11.7, 0.3), dice.gauss(18.5, 0.5)
    is_at_noon = household in (Household.ELDER, Household.RETIRED) or not is_workday(day) or dice.random() < 0.3
    return (breakfast, lunch, dinner) if is_at_noon else (breakfast, dinner)


def _is_free(second: float, away: Spans) -> bool:
    return not any(start - 1800 <= second < end for start, end in away)


def _meal(dice: Random, around: float) -> Doing:
    starts = around * 3600
    if dice.random() < 0.06:
        return Doing(FRYING, starts, starts + dice.uniform(8, 18) * _MINUTE_S, dice.uniform(0.5, 1.0))
    return Doing(COOKING, starts, starts + dice.uniform(8, 25) * _MINUTE_S, dice.uniform(0.1, 1.0))


def _others(dice: Random, wakes: float, sleeps: float, day: date) -> list[Doing]:
    """What else moves readings: washing oneself and one's clothes, cleaning, spraying, coils on summer nights, craftsmen."""

    def at(
        cause: Cause, share: float, start_s: float, minutes: tuple[float, float], strength: tuple[float, float]
    ) -> list[Doing]:
        lasts_s = dice.uniform(*minutes) * _MINUTE_S
        force, is_done = dice.uniform(*strength), dice.random() < share
        return [Doing(cause, start_s, start_s + lasts_s, force)] if is_done else []

    is_warm = 5 <= day.month <= 9
    free = dice.uniform(9, 17) * 3600
    return [
        *at(SHOWER, 0.85 if is_warm else 0.6, sleeps - dice.uniform(1800, 7200), (8, 20), (0.4, 1.0)),
        *at(SHOWER, 0.3 if is_warm else 0.05, wakes + 600, (5, 10), (0.3, 0.7)),
        *at(LAUNDRY, 0.3, wakes + dice.uniform(1800, 10_800), (45, 80), (0.7, 1.0)),
        *at(SWEEPING, 0.2 if is_workday(day) else 0.5, free, (15, 45), (0.3, 1.0)),
        *at(SPRAY, 0.08 if is_warm else 0.03, dice.uniform(8, 21) * 3600, (1, 3), (0.3, 1.0)),
        *at(MOSQUITO_COIL, 0.35 if is_warm else 0.0, sleeps - 1800, (180, 420), (0.5, 1.0)),
        *at(RENOVATION, 0.004 if is_workday(day) else 0.0, 9.5 * 3600, (30, 150), (0.4, 1.0)),
    ]


def _moves(dice: Random, wakes: float, sleeps: float, away: Spans, *, has_cat: bool) -> list[float]:
    """Seconds at which an elder is seen moving: every few minutes by day, once or twice at night; the cat whenever it likes."""
    seconds = [dice.uniform(0.5 * 3600, max(wakes - 900, 3600.0)) for _ in range(dice.randint(1, 2))]
    second = wakes
    while second < sleeps:
        seconds.append(second)
        second += dice.uniform(4, 22) * _MINUTE_S
    is_long_away = any(end - start > 6 * 3600 for start, end in away)
    if has_cat and not is_long_away:  # it comes along on a journey
        seconds += [dice.uniform(0, 6 * 3600) for _ in range(dice.randint(2, 8))]
    return sorted(second for second in seconds if not any(start <= second < end for start, end in away))


def _baths(dice: Random, wakes: float, sleeps: float, away: Spans) -> list[tuple[float, float]]:
    """When an elder is in the bathroom: every few hours by day, once or twice at night."""
    starts = [dice.uniform(0.8, 4.8) * 3600 for _ in range(dice.randint(1, 2))]
    second = wakes + 300
    while second < sleeps:
        starts.append(second)
        second += dice.uniform(1.2, 3.2) * 3600
    visits: list[tuple[float, float]] = []
    for start in sorted(starts):
        end = start + dice.uniform(3, 16) * _MINUTE_S
        if _is_free(start, away) and (not visits or start > visits[-1][1] + 60):
            visits.append((start, end))
    return visits
