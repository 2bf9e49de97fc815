"""How a process of the service begins: settings from the environment, logs, then its work; its exit code says how it ended."""

import sys
from collections.abc import Callable

from shouwang import logs
from shouwang.exits import Exit
from shouwang.settings import Settings, SettingsError, load


def enter(role: str, work: Callable[[Settings], int]) -> None:
    """Run one role and end the process with its exit code."""
    try:
        settings = load()
    except SettingsError as fault:
        sys.stderr.write(f"{fault}\n")
        sys.exit(Exit.USAGE)
    logs.configure(settings.log_format, role)
    sys.exit(work(settings))
