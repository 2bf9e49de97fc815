"""Which tests need a program beyond Python or the recordings of real happenings, and what happens where those are missing.

A test says ``@pytest.mark.needs("mosquitto")`` or ``needs("recordings")``. Where that is missing the test is left out, and one
line at the end says so and how to get it. In continuous integration (``CI`` is set) nothing may be left out and nothing skipped:
either fails the run.
"""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from simulator.real_data import DATA

DEBIAN_PACKAGES = {
    "mosquitto": "mosquitto",
    "mosquitto_pub": "mosquitto-clients",
    "postgres": "postgresql",
    "chromium": "chromium",
    "promtool": "prometheus",
}
"""The Debian package that brings each program."""

RECORDINGS = DATA.parent
"""The folder of real recordings; ``needs("recordings")``."""

FONTS = ("fonts-wqy-microhei", Path("/usr/share/fonts/truetype/wqy"))
"""Without these a screenshot shows Chinese as boxes."""


def find(program: str) -> str | None:
    """The path of a program, also where Debian keeps it off the ordinary PATH."""
    places = [os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"]
    places += [str(folder) for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    return shutil.which(program, path=os.pathsep.join(places))


def missing() -> list[str]:
    """The programs of the table that this machine lacks, and ``recordings`` where their folder does."""
    programs = [program for program in DEBIAN_PACKAGES if find(program) is None]
    return programs if RECORDINGS.is_dir() else [*programs, "recordings"]


def is_ci() -> bool:
    """Whether this run may leave nothing out."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


class _Tally:
    """What this run left out or skipped."""

    def __init__(self) -> None:
        self.left_out: dict[str, int] = {}
        self.skipped: list[str] = []


_TALLY = pytest.StashKey[_Tally]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_TALLY] = _Tally()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    gone = set(missing())
    kept: list[pytest.Item] = []
    out: list[pytest.Item] = []
    for item in items:
        lacking = [mark.args[0] for mark in item.iter_markers("needs") if mark.args[0] in gone]
        (out if lacking else kept).append(item)
        for program in lacking[:1]:
            config.stash[_TALLY].left_out[program] = config.stash[_TALLY].left_out.get(program, 0) + 1
    if out and is_ci():
        names = ", ".join(sorted(config.stash[_TALLY].left_out))
        raise pytest.UsageError(f"CI may leave nothing out, and these are missing: {names}")
    items[:] = kept
    if out:
        config.hook.pytest_deselected(items=out)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and _CURRENT:
        _CURRENT[0].skipped.append(report.nodeid)


_CURRENT: list[_Tally] = []


def pytest_sessionstart(session: pytest.Session) -> None:
    _CURRENT[:] = [session.config.stash[_TALLY]]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Side by side, the workers leave out and this process tells: each worker saw every test, so one word is enough."""
    if _CURRENT:
        _CURRENT[0].left_out.update(getattr(node, "workeroutput", {}).get("left_out", {}))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = session.config.stash[_TALLY].left_out
    if is_ci() and session.config.stash[_TALLY].skipped and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    tally = config.stash[_TALLY]
    if tally.left_out:
        what = ", ".join(f"{count} for {name}" for name, count in sorted(tally.left_out.items()))
        packages = " ".join(sorted({DEBIAN_PACKAGES[name] for name in tally.left_out if name in DEBIAN_PACKAGES}))
        ways = [f"'apt-get install {packages}' brings them"] if packages else []
        ways += [f"the recordings belong into {RECORDINGS}"] if "recordings" in tally.left_out else []
        terminalreporter.line(f"Left out: {what} (not on this machine; {'; '.join(ways)}).", yellow=True)
    if tally.skipped and is_ci():
        terminalreporter.line(f"CI may skip no test, and skipped: {', '.join(tally.skipped)}", red=True)
