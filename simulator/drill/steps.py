"""What happens in a drill, drawn from its seed before it begins: who speaks, what breaks, for how long."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

from simulator.chance import chance
from simulator.drill.disk import POINTS
from simulator.drill.outside import CHANNELS, MOODS

GAPS_MS: Final = (0, 0, 50, 200, 1000, 1000, 4000, 9000, 31_000, 70_000, 200_000, 700_000)
"""Pauses between two steps: within a burst, a human while, the clocks of the plans, a coffee (ours)."""

LASTS_S: Final = (0.3, 2.0, 8.0, 40.0, 130.0)
LAPSES: Final = ("shelf", "signal", "mode", "outage")
LAPSE_S: Final = (45.0, 120.0, 400.0)
"""How long what ends by itself holds: longer than a snapshot's distance, and over before the calm is (ours)."""
STEPS: Final = (12, 28)
"""From so many to so many steps: small drills find what large ones find, and many more of them can be run (ours)."""

_WEIGHTS: Final = {
    "danger": 16,
    "exercise": 1,
    "well": 10,
    "speak": 10,
    "repeat": 5,
    "late": 2,
    "spoil": 3,
    "beat": 4,
    "chatter": 3,
    "array": 3,
    "storm": 1,
    "retained": 4,
    "act": 14,
    "twice": 2,
}
_ABROAD: Final = {"bridge": 10, "push": 10}
ABROAD_SHARE: Final = 0.08
"""How many drills have foreign routes: each is a session more, whose time all the others would pay for (ours)."""
_FAULTS: Final = {
    "crash": 10,
    "crash_at": 8,
    "stop": 2,
    "pause": 3,
    "store_away": 4,
    "store_deaf": 3,
    "store_hangs": 2,
    "disk_full": 4,
    "broker": 3,
    "links": 3,
    "clock": 3,
    "channel": 7,
    "lapse": 3,
    "pack": 2,
    "poison": 2,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: wait so long, then let this happen. ``numbers`` are its dice, 0 to 1; ``word`` and ``size`` what it needs."""

    number: int
    gap_ms: int
    what: str
    word: str = ""
    size: float = 0.0
    numbers: tuple[float, ...] = ()

    @property
    def is_fault(self) -> bool:
        """Whether something breaks in this step."""
        return self.what in _FAULTS

    def __str__(self) -> str:
        parts = [f"{self.number:>3}", f"+{self.gap_ms / 1000:g} s", self.what, self.word, f"{self.size:g}" if self.size else ""]
        return " ".join(part for part in parts if part)


def draw(seed: int) -> tuple[Step, ...]:
    """The steps of this seed: the same on every machine."""
    dice = chance(seed, "steps")
    share = dice.choice((0.0, 0.25, 0.4, 0.6))
    kinds = dice.sample(sorted(_FAULTS), dice.randint(1, 6))
    says = _WEIGHTS | _ABROAD if dice.random() < ABROAD_SHARE else _WEIGHTS
    return tuple(_step(dice, number, share, kinds, says) for number in range(1, dice.randint(*STEPS) + 1))


def _step(dice: Random, number: int, share: float, kinds: list[str], says: Mapping[str, int]) -> Step:
    gap_ms = dice.choice(GAPS_MS)
    numbers = tuple(round(dice.random(), 6) for _ in range(4))
    if number > 2 and dice.random() < share:
        what = dice.choices(kinds, [_FAULTS[kind] for kind in kinds])[0]
        return _fault(dice, number, gap_ms, what, numbers)
    what = dice.choices(list(says), list(says.values()))[0]
    return Step(number, gap_ms, what, numbers=numbers)


def _fault(dice: Random, number: int, gap_ms: int, what: str, numbers: tuple[float, ...]) -> Step:
    word, size = "", dice.choice(LASTS_S)
    match what:
        case "crash_at":
            word = dice.choice(POINTS)
        case "channel":
            word, size = f"{dice.choice(CHANNELS)} {dice.choice(MOODS)}", dice.choice((20.0, 130.0, 1500.0))
        case "clock":
            size = dice.choice((-3_600.0, -90.0, -5.0, 5.0, 90.0, 3_600.0))
        case "broker":
            word = dice.choice(("remembers", "forgets"))
        case "pause":
            word = dice.choice(("alone", "taken over"))
            size = dice.choice((2.0, 1300.0, 1300.0))
        case "lapse":
            word, size = dice.choice(LAPSES), dice.choice(LAPSE_S)
        case "pack":
            word, size = dice.choice(("edited", "bundled")), 0.0
        case _:
            pass
    return Step(number, gap_ms, what, word, size, numbers)
