"""All faults by the name that a scenario calls them with, and how they are drawn from a seed."""

from random import Random
from typing import Annotated, Any, Final, get_args

from pydantic import Field

from simulator.chance import chance
from simulator.faults.clocks import ClockJump, ClockSkew
from simulator.faults.connections import BrokerRestart, ReconnectStorm
from simulator.faults.delivery import Corruption, Delay, Duplicate, Loss, Reorder
from simulator.faults.sick_devices import Chatter, Dead, Storm, Stuck

Fault = Annotated[
    Loss
    | Duplicate
    | Reorder
    | Delay
    | Corruption
    | ClockSkew
    | ClockJump
    | Chatter
    | Stuck
    | Dead
    | Storm
    | ReconnectStorm
    | BrokerRestart,
    Field(discriminator="fault"),
]

FAULTS: Final = tuple(get_args(get_args(Fault)[0]))
"""The faults' classes, in the order in which people read of them."""

_BY_NAME: Final = {get_args(model.model_fields["fault"].annotation)[0]: model for model in FAULTS}

FAULT_NAMES: Final[tuple[str, ...]] = tuple(_BY_NAME)
"""The names that a fault may have."""

_RANGES: Final[dict[str, tuple[float, float]]] = {  # how bad it gets when it is drawn; ours
    "loss.share": (0.005, 0.1),
    "duplicate.share": (0.01, 0.3),
    "duplicate.within_s": (0, 120),
    "reorder.share": (0.1, 1),
    "reorder.within_s": (1, 60),
    "delay.share": (0.01, 0.2),
    "delay.by_s": (10, 600),
    "corruption.share": (0.002, 0.05),
    "clock_skew.share": (0.05, 0.8),
    "clock_skew.by_s": (1, 600),
    "clock_jump.share": (0.01, 0.3),
    "clock_jump.by_s": (-2e9, 2e9),
    "chatter.share": (0.01, 0.2),
    "chatter.every_s": (0.5, 10),
    "stuck.share": (0.01, 0.2),
    "dead.share": (0.01, 0.1),
    "storm.share": (0.002, 0.02),
    "storm.within_s": (5, 120),
    "reconnect_storm.away_s": (30, 600),
    "reconnect_storm.within_s": (1, 60),
    "broker_restart.away_s": (5, 120),
    "broker_restart.again": (0, 1),
}


def draw(names: tuple[str, ...], seed: int, lasts_s: float) -> tuple[Fault, ...]:
    """These faults, each with its measure drawn from the seed, beginning within the first half of ``lasts_s``.

    Raises KeyError for a name that is no fault's.
    """
    return tuple(_drawn(name, chance(seed, "faults", number, name), lasts_s) for number, name in enumerate(names))


def draw_any(count: int, seed: int, lasts_s: float) -> tuple[Fault, ...]:
    """So many different faults that the seed chooses."""
    names = chance(seed, "faults").sample(FAULT_NAMES, min(count, len(FAULT_NAMES)))
    return draw(tuple(names), seed, lasts_s)


def _drawn(name: str, dice: Random, lasts_s: float) -> Fault:
    fields: dict[str, Any] = {"fault": name, "from_s": float(round(dice.uniform(0, lasts_s / 2)))}
    for key, (low, high) in _RANGES.items():
        if key.startswith(f"{name}."):
            fields[key.removeprefix(f"{name}.")] = float(f"{dice.uniform(low, high):.3g}")
    drawn: Fault = _BY_NAME[name].model_validate(fields)
    return drawn
