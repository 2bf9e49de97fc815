"""Writes every recorded real fire as an event file: ``python -m simulator.convert_fires FOLDER``."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from simulator.fires.battery import battery_fire
from simulator.fires.delco import delco_fires
from simulator.fires.fsri import fsri_fires
from simulator.fires.nist import nist_fires
from simulator.fires.real_fire import RealFire
from simulator.real_data import DATA, RecordingsMissingError
from simulator.recording import write_recording


def all_fires(data: Path = DATA) -> Iterator[RealFire]:
    """Every fire of the three collections, in a fixed order. Raises RecordingsMissingError when one is not there."""
    yield from fsri_fires(data / "fsri_fires")
    yield battery_fire(data / "fsri_fires" / "li_ion_cell_level.csv.gz")
    yield from nist_fires(data / "nist_smoke_alarms")
    yield from delco_fires(data / "delco_fire_co")


def main(arguments: Sequence[str] | None = None, out: TextIO = sys.stdout) -> int:
    """Convert all fires, or those whose name contains a given text."""
    parser = argparse.ArgumentParser(prog="python -m simulator.convert_fires", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the .jsonl.gz files go")
    parser.add_argument("--data", type=Path, default=DATA, help="the collections' folder (default: %(default)s)")
    parser.add_argument("--only", default="", help="only fires whose name contains this")
    chosen = parser.parse_args(arguments)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    try:
        for fire in all_fires(chosen.data):
            if chosen.only in fire.name:
                path = chosen.folder / f"{fire.name}.jsonl.gz"
                out.write(f"{path}: {write_recording(path, fire.records())} events\n")
    except RecordingsMissingError as fault:
        out.write(f"{fault}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
