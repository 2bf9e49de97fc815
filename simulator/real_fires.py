"""Runs every recorded real fire through a rule pack: ``python -m simulator.real_fires > docs/real-fires.md``."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from rules.definition import RulePack
from simulator.convert_fires import all_fires
from simulator.fires.outcome import measure
from simulator.fires.page import page
from simulator.pack_page import print_page


def write_page(data: Path, pack: RulePack) -> str:
    """Measure all fires and write the page about them. Raises RecordingsMissingError where they are missing."""
    return page([measure(fire, pack) for fire in all_fires(data)], pack)


def main(arguments: Sequence[str] | None = None, out: TextIO = sys.stdout) -> int:
    """Write the page to the output."""
    return print_page("real_fires", __doc__, write_page, arguments, out)


if __name__ == "__main__":
    sys.exit(main())
