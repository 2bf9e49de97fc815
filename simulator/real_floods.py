"""Runs every recorded real flood through a rule pack: ``python -m simulator.real_floods > docs/real-floods.md``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, TextIO

from rules.definition import RulePack
from rules.pack import read_pack
from simulator.floods.floodnet import FOLDER, FloodDataError, floodnet_floods
from simulator.floods.outcome import measure
from simulator.floods.page import page

PACK: Final = Path(__file__).resolve().parent.parent / "rules" / "packs" / "community.yaml"


def write_page(folder: Path, pack: RulePack) -> str:
    """Measure all floods and write the page about them. Raises FloodDataError where the recordings are missing."""
    return page([measure(flood, pack) for flood in floodnet_floods(folder)], pack)


def main(arguments: Sequence[str] | None = None, out: TextIO = sys.stdout) -> int:
    """Write the page to the output; it takes about half a minute."""
    parser = argparse.ArgumentParser(prog="python -m simulator.real_floods", description=__doc__)
    parser.add_argument("--data", type=Path, default=FOLDER, help="the collection's folder (default: %(default)s)")
    parser.add_argument("--pack", type=Path, default=PACK, help="the rule pack (default: %(default)s)")
    chosen = parser.parse_args(arguments)
    try:
        text = write_page(chosen.data, read_pack(chosen.pack.read_text(encoding="utf-8"), str(chosen.pack)))
    except FloodDataError as fault:
        out.write(f"{fault}\n")
        return 1
    out.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
