"""``./run test``: the programs that tests need, every check, every test; one closing line says how it went."""

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests import programs

ROOT = Path(__file__).resolve().parent.parent

CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("form", ("ruff", "format", "--check", "--quiet", ".")),
    ("lint", ("ruff", "check", "--quiet", ".")),
    ("types", ("mypy",)),
    ("layers", ("lint-imports", "--no-cache")),
)

SIDE_BY_SIDE = ("--dist", "loadfile", "--no-loadscope-reorder", "-q")
"""In the order of the folders: the acceptance tests, few and long, begin first and do not stand alone at the end."""
OF_THE_CORE = ("-n", "2", *SIDE_BY_SIDE)
OF_THE_REST = ("-n", "3", *SIDE_BY_SIDE)
"""One more than the two cores that are counted on: acceptance tests mostly wait for what they have started."""


def install_programs() -> None:
    """Install what the tests need where that is allowed (Debian, root); elsewhere say nothing here: the summary will."""
    packages = [programs.DEBIAN_PACKAGES[name] for name in programs.missing() if name in programs.DEBIAN_PACKAGES]
    if not programs.FONTS[1].exists():
        packages.append(programs.FONTS[0])
    if not packages or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    print(f"Installing for the tests: {' '.join(packages)}", flush=True)
    quiet = {"stdin": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    apt = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        subprocess.run([*apt, "update"], check=False, stdout=nowhere, **quiet)  # type: ignore[call-overload]
        install = [*apt, "install", "-y", "--no-install-recommends", *packages]
        done = subprocess.run(install, check=False, stdout=nowhere, **quiet)  # type: ignore[call-overload]
    if done.returncode != 0:
        print("Some could not be installed; the tests that need them are left out.", flush=True)


def run_step(name: str, command: tuple[str, ...]) -> bool:
    """Run one check and say how it went and how long it took."""
    start = time.perf_counter()
    program = Path(sys.executable).parent / command[0]
    done = subprocess.run([str(program), *command[1:]], cwd=ROOT, check=False, capture_output=True, text=True)
    is_good = done.returncode == 0
    print(f"{'ok ' if is_good else 'BAD'} {name} ({time.perf_counter() - start:.0f} s)", flush=True)
    if not is_good:
        print(done.stdout[-20_000:], done.stderr[-5_000:], sep="\n", flush=True)
    return is_good


def main() -> int:
    """Everything, or with arguments only the tests that pytest is told of."""
    parser = argparse.ArgumentParser(prog="./run test", description="Run every check and every test.")
    parser.add_argument("--only-checks", action="store_true", help="form, lint, types and layers; no tests")
    parser.add_argument(
        "pytest", nargs=argparse.REMAINDER, help="arguments for pytest: then only the tests run, without the checks"
    )
    chosen = parser.parse_args()
    install_programs()
    if chosen.pytest:
        return pytest(*chosen.pytest)
    good = [run_step(name, command) for name, command in CHECKS]
    if chosen.only_checks:
        return 0 if all(good) else 1
    good.append(core_is_tested())
    good.append(pytest(*OF_THE_REST, "-m", "not alone", "--ignore=tests/rules") == 0)
    good.append(pytest("-q", "-m", "alone") == 0)
    return 0 if all(good) else 1


def core_is_tested() -> bool:
    """The tests of the chain, and whether they reach every branch of it."""
    python("coverage", "erase")
    is_good = python("coverage", "run", "--source=rules", "-m", "pytest", *OF_THE_CORE, "tests/rules") == 0
    python("coverage", "combine", "--quiet")
    return python("coverage", "report", "--fail-under=100", "--show-missing", "--skip-covered") == 0 and is_good


def pytest(*arguments: str) -> int:
    """Run pytest in a process of its own and hand back its exit code."""
    return python("pytest", *arguments)


def python(module: str, *arguments: str) -> int:
    """Run a module in a process of its own and hand back its exit code."""
    return subprocess.run([sys.executable, "-m", module, *arguments], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
