"""The rule packs that ship, as the community of a scenario has them: elder care is told in which homes elders live alone."""

import re
from functools import cache
from pathlib import Path
from typing import Final

from rules.definition import RulePack
from rules.pack import read_pack
from rules.pack_bundle import bundle
from simulator.community import Community

PACKS: Final = Path(__file__).resolve().parents[1] / "rules" / "packs"
NOWHERE: Final = "^$"
"""What finds no home: a community in which no elder lives alone."""


@cache
def default_pack() -> RulePack:
    """The pack that ships for communities."""
    return read_pack(_text("community"), str(PACKS / "community.yaml"))


def elder_care_pack(community: Community) -> RulePack:
    """The pack that ships for elder care, with the one word that every mixed community must say: where its elders live."""
    return _elder_care(community.id, tuple([flat.zone for flat in community.flats if flat.is_elder]))


def elder_homes(zones: tuple[str, ...]) -> str:
    """These homes as the parameter ``elder_homes`` takes them: an expression that finds them and no other."""
    return f"^({'|'.join(map(re.escape, zones))})$" if zones else NOWHERE


@cache
def _elder_care(community: str, zones: tuple[str, ...]) -> RulePack:
    own = (
        'pack: elder_care_here\nversion: "1.0.0"\ntitle: {zh: 本社区老人关爱, en: Elder care of this community}\n'
        f"extends: elder_care\ncommunities:\n  {community}: {{elder_homes: '{elder_homes(zones)}'}}\n"
    )
    texts = {"elder_care_here": own, "elder_care": _text("elder_care"), "community": _text("community")}
    return read_pack(bundle("elder_care_here", texts), "elder_care_here.yaml")


def _text(name: str) -> str:
    return (PACKS / f"{name}.yaml").read_text(encoding="utf-8")
