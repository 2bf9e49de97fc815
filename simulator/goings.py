"""What goes on in shared places on a day: cleaning, exhaust, charging, dancing, lorries, gusts; the same for all who feel it."""

from simulator.chance import Draws
from simulator.devices import Going, Sort
from simulator.residents import Doing


def goings(seed: int, zone: str, sort: Sort, ordinal: int) -> tuple[Doing, ...]:
    """What is done at a place on this day, as far as this sort of device feels it, in seconds of the day.

    A cause comes to a place at the same time for every device there, because its name and the place's decide.
    """
    found: list[Doing] = []
    for going in sort.goings:
        draws = Draws(seed, "going", zone, going.cause.name, round(going.hours[0] * 60), ordinal)
        found += [_doing(draws, going) for _ in range(draws.count(going.per_day))]
    return tuple(found)


def _doing(draws: Draws, going: Going) -> Doing:
    from_s = draws.between(*going.hours) * 3600
    return Doing(going.cause, from_s, from_s + draws.between(*going.lasts_s), round(draws.between(*going.strength), 2))
