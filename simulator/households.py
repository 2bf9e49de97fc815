"""Who lives in a home: families with children, couples, people alone, night workers, the retired, elders who live alone."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final


class Household(StrEnum):
    """What sort of life a home leads."""

    FAMILY = "family"  # 有孩子的家庭
    COUPLE = "couple"  # 夫妻
    SINGLE = "single"  # 独居青年
    NIGHT_SHIFT = "night_shift"  # 夜班
    RETIRED = "retired"  # 退休夫妇
    ELDER = "elder"  # 独居老人
    EMPTY = "empty"  # 空置


_SHARES: Final = (
    (Household.FAMILY, 0.42),
    (Household.COUPLE, 0.2),
    (Household.SINGLE, 0.12),
    (Household.NIGHT_SHIFT, 0.04),
    (Household.RETIRED, 0.16),
    (Household.EMPTY, 0.06),
)
"""Of the homes in which no elder lives alone; ours, near the household sizes of Chengdu's 2020 census [K]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flat:
    """One home. ``is_elder``: somebody old lives alone here, watched over by motion sensors and a call button.

    ``has_family``: there are children elsewhere, who visit at weekends and take the elder with them for some days now and then.
    ``has_cat``: it walks past the motion sensor at night.
    """

    zone: str
    is_elder: bool
    household: Household = Household.FAMILY
    has_family: bool = True
    has_cat: bool = False


def household_of(dice: Random, *, is_elder: bool) -> Household:
    """What sort of life a home leads, by chance."""
    if is_elder:
        return Household.ELDER
    place = dice.random()
    for household, share in _SHARES:
        place -= share
        if place < 0:
            return household
    return Household.FAMILY
