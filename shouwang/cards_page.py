"""The page of the alarm cards of the bundled packs: ``python -m shouwang.cards_page > docs/alarm-cards.md``."""

import sys
from typing import Final

from rules.card import card_page
from shouwang.pack_files import load_pack
from shouwang.settings import PACKS

BUNDLED: Final = ("community", "elder_care")
"""In the order in which they build on each other."""


def cards_page() -> str:
    """Markdown, from the packs as they are."""
    return card_page({name: load_pack(PACKS / f"{name}.yaml").read() for name in BUNDLED})


if __name__ == "__main__":
    sys.stdout.write(cards_page())
