"""How a process of the service begins: settings from the environment, logs, then its work; its exit code says how it ended."""

import sys
from collections.abc import Callable

from shouwang import logs, tether
from shouwang.exits import Exit
from shouwang.settings import Settings, SettingsError, load


def enter(role: str, work: Callable[[Settings], int]) -> None:
    """Run one role and end the process with its exit code. What the settings cannot be used for is said without a traceback."""
    if tether.FLAG in sys.argv:
        tether.tie()
    try:
        settings = load()
        logs.configure(settings.log_format, role)
        code = work(settings)
    except SettingsError as fault:
        sys.stderr.write(f"{fault}\n")
        code = Exit.USAGE
    sys.exit(code)
