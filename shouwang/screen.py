"""Tables and trees for people: as wide as the terminal is, and wide down a pipe, so that nothing of them is cut."""

from typing import Final

from rich.console import Console, RenderableType

PIPED_WIDTH: Final = 250
"""Columns where nobody knows how wide the reader is: wide enough that grep finds whole words; ours."""


def show(what: RenderableType) -> None:
    """Print it."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=PIPED_WIDTH)
    console.print(what)
