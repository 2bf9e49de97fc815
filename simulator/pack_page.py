"""The command that plays real recordings through a rule pack and prints a page about what it made of them."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TextIO

from rules.definition import RulePack
from rules.pack import read_pack
from simulator.real_data import DATA, RecordingsMissingError

PACK: Final = Path(__file__).resolve().parent.parent / "rules" / "packs" / "community.yaml"

Writer = Callable[[Path, RulePack], str]
"""Writes the page from the folder of collections and a pack. Raises RecordingsMissingError where they are missing."""


def print_page(name: str, about: str | None, write: Writer, arguments: Sequence[str] | None, out: TextIO) -> int:
    """Obey the command line of ``python -m simulator.NAME``: its exit code."""
    parser = argparse.ArgumentParser(prog=f"python -m simulator.{name}", description=about)
    parser.add_argument("--data", type=Path, default=DATA, help="the collections' folder (default: %(default)s)")
    parser.add_argument("--pack", type=Path, default=PACK, help="the rule pack (default: %(default)s)")
    chosen = parser.parse_args(arguments)
    try:
        text = write(chosen.data, read_pack(chosen.pack.read_text(encoding="utf-8"), str(chosen.pack)))
    except RecordingsMissingError as fault:
        out.write(f"{fault}\n")
        return 1
    out.write(text)
    return 0
