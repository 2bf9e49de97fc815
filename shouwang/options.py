"""The options that several commands share, and how they become settings."""

from pathlib import Path
from typing import Annotated

import typer

from shouwang.exits import Exit
from shouwang.settings import Settings, SettingsError, load

ConfigOption = Annotated[Path | None, typer.Option(help="A TOML file with settings; see docs/operations.md.")]
DataOption = Annotated[Path | None, typer.Option(help="The folder for journal, store and secrets.")]


def settings_or_exit(config: Path | None = None, data: Path | None = None, **given: object) -> Settings:
    """The settings, or a message with every fault and exit code 2."""
    try:
        return load(config, data=data, **given)
    except SettingsError as fault:
        raise stopped(str(fault), Exit.USAGE) from None


def stopped(text: str, code: Exit) -> typer.Exit:
    """Say on standard error why nothing is done; the caller raises what comes back."""
    typer.echo(text, err=True)
    return typer.Exit(code)
