"""Runs every recorded real fire through a rule pack: ``python -m simulator.real_fires > docs/real-fires.md``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, TextIO

from rules.definition import RulePack
from rules.pack import read_pack
from simulator.convert_fires import all_fires
from simulator.fires.outcome import measure
from simulator.fires.page import page
from simulator.fires.real_fire import DATA, FireDataError

PACK: Final = Path(__file__).resolve().parent.parent / "rules" / "packs" / "community.yaml"


def write_page(data: Path, pack: RulePack) -> str:
    """Measure all fires and write the page about them. Raises FireDataError where the recordings are missing."""
    return page([measure(fire, pack) for fire in all_fires(data)], pack)


def main(arguments: Sequence[str] | None = None, out: TextIO = sys.stdout) -> int:
    """Write the page to the output."""
    parser = argparse.ArgumentParser(prog="python -m simulator.real_fires", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="the collections' folder (default: %(default)s)")
    parser.add_argument("--pack", type=Path, default=PACK, help="the rule pack (default: %(default)s)")
    chosen = parser.parse_args(arguments)
    try:
        text = write_page(chosen.data, read_pack(chosen.pack.read_text(encoding="utf-8"), str(chosen.pack)))
    except FireDataError as fault:
        out.write(f"{fault}\n")
        return 1
    out.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
