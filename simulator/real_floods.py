"""Runs every recorded real flood through a rule pack: ``python -m simulator.real_floods > docs/real-floods.md``."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from rules.definition import RulePack
from simulator.floods.floodnet import floodnet_floods
from simulator.floods.outcome import measure
from simulator.floods.page import page
from simulator.pack_page import print_page


def write_page(data: Path, pack: RulePack) -> str:
    """Measure all floods and write the page about them. Raises RecordingsMissingError where they are missing."""
    return page([measure(flood, pack) for flood in floodnet_floods(data)], pack)


def main(arguments: Sequence[str] | None = None, out: TextIO = sys.stdout) -> int:
    """Write the page to the output; it takes about half a minute."""
    return print_page("real_floods", __doc__, write_page, arguments, out)


if __name__ == "__main__":
    sys.exit(main())
