"""``./run mutants``: plants small faults in the rule chain and counts those that its tests find (docs/mutants.md).

mutmut makes one fault at a time: another comparison, another number, a call that is left out. All of them take hours, so that
a share of them is drawn, each with the same chance, by a seed. Nothing is changed in the sources: it all happens in a copy.
"""

import argparse
import ast
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "mutants.md"

FOUND: Final = ("killed", "timeout", "segfault", "caught by type check")
"""What mutmut calls a fault that the tests have noticed: one failed, or never came to an end."""
MISSED: Final = ("survived", "suspicious", "no tests")

# test_determinism starts processes of its own and plays every pack for minutes; and the ids of tests must be the same each time
# that they are collected in one process.
_SETTINGS: Final = """
[tool.mutmut]
source_paths = ["rules/"]
also_copy = ["ingest", "handlers", "dashboard", "simulator", "shouwang", "conftest.py", "rules", "docs", "README.md"]
pytest_add_cli_args_test_selection = ["tests/rules"]
pytest_add_cli_args = [
  "-q", "-p", "no:xdist", "-p", "no:cacheprovider", "--deselect", "tests/rules/test_determinism.py",
  "-o", "disable_test_id_escaping_and_forfeit_all_rights_to_community_support=true",
]
"""
# mutmut collects the tests twice in one process, and hypothesis then takes a method of a class for two. And each fault is tried
# in a process that inherits what the chain has remembered without it, which would hide the fault.
_CONFTEST: Final = """
import sys
from functools import _lru_cache_wrapper

def pytest_sessionstart() -> None:
    rooms = [vars(room) for name, room in sys.modules.items() if name.startswith("rules.")]
    for remembered in [one for room in rooms for one in room.values() if isinstance(one, _lru_cache_wrapper)]:
        remembered.cache_clear()

settings.register_profile("planted", settings.get_profile("unhurried"), suppress_health_check=["differing_executors"])
settings.load_profile("planted")
"""
_RESULT: Final = re.compile(r"\s*(rules\.(?P<room>\w+)\.\S+__mutmut_\d+): (?P<verdict>[a-z ]+)$")

_HEAD: Final = """# Planted faults: what the chain's tests would notice

Every test of the chain passes; that says nothing of what they would let through. So faults are planted, one at a time, in a copy
of `rules/` ([mutmut](https://mutmut.readthedocs.io/)): another comparison, another number, a call left out, a word changed. A
fault is found when a test fails or never ends. Words that people read are planted faults like any other.

This page is made by `{command}`.
"""


def functions_of(room: str, source: str) -> Iterator[str]:
    """mutmut's names of all that it changes in a room of the chain: functions and methods, not what is nested in them."""
    for part in ast.parse(source).body:
        if isinstance(part, ast.FunctionDef):
            yield f"rules.{room}.x_{part.name}"
        elif isinstance(part, ast.ClassDef):
            yield from [f"rules.{room}.xǁ{part.name}ǁ{one.name}" for one in part.body if isinstance(one, ast.FunctionDef)]


def drawn(functions: Iterable[str], share: float, seed: int) -> list[str]:
    """Patterns of a share (0 to 1) of the faults. A function is drawn, then the last digit of the numbers of its faults: so each
    fault has the same chance, however many its function has. From a tenth on all functions are drawn, and more digits of each.
    """
    random, digits = Random(seed), math.ceil(share * 10)
    return [
        f"{name}__mutmut_*{digit}"
        for name in functions
        if random.random() < share * 10 / digits
        for digit in sorted(random.sample(range(10), digits))
    ]


def copy_of_the_project(folder: Path) -> Path:
    """What git knows of, in a folder of its own, with mutmut's settings."""
    copy = folder / "main"
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, copy / name)
    (copy / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text(encoding="utf-8") + _SETTINGS, encoding="utf-8")
    with (copy / "conftest.py").open("a", encoding="utf-8") as conftest:
        conftest.write(_CONFTEST)
    shared = ROOT.parent / "shared"
    if shared.is_dir():
        (folder / "shared").symlink_to(shared)
    return copy


def plant(copy: Path, patterns: Iterable[str], processes: int) -> dict[str, str]:
    """Plant the faults whose names are like one of these (none: all). Returns what became of each, by its name."""
    mutmut = str(Path(sys.executable).parent / "mutmut")
    settled = {**os.environ, "CI": "true"}  # hypothesis then draws the same examples for every fault
    subprocess.run([mutmut, "run", "--max-children", str(processes), *patterns], cwd=copy, check=True, env=settled)
    shown = subprocess.run([mutmut, "results", "--all", "true"], cwd=copy, check=True, capture_output=True, text=True).stdout
    return verdicts_in(shown)


def verdicts_in(shown: str) -> dict[str, str]:
    """The verdicts in what mutmut shows; faults that were not planted are left out."""
    found = [_RESULT.match(line) for line in shown.splitlines()]
    return {one[1]: one["verdict"] for one in found if one and one["verdict"] in (*FOUND, *MISSED)}


def score_of(verdicts: Mapping[str, str]) -> float:
    """The share of planted faults that were found, 0 to 1."""
    return sum(verdict in FOUND for verdict in verdicts.values()) / len(verdicts)


def error_of(verdicts: Mapping[str, str]) -> float:
    """How far the score of all faults may be from that of those drawn: 1.96 standard errors of a share, 0 to 1."""
    score = score_of(verdicts)
    return 1.96 * math.sqrt(score * (1 - score) / len(verdicts))


def page_of(verdicts: Mapping[str, str], command: str) -> str:
    """The page: the score, the verdicts, and the rooms in which the most faults were missed."""
    counts = Counter(verdicts.values())
    found = sum(counts[verdict] for verdict in FOUND)
    rows = [f"| {verdict} | {counts[verdict]} |" for verdict in (*FOUND, *MISSED) if counts[verdict]]
    planted, missed = (
        Counter(_room(name) for name in verdicts),
        Counter(_room(name) for name in verdicts if verdicts[name] in MISSED),
    )
    rooms = [f"| `rules/{room}.py` | {planted[room]} | {count} |" for room, count in missed.most_common(20)]
    return "\n".join(
        [
            _HEAD.format(command=command),
            f"**{found} of {len(verdicts)} found: {score_of(verdicts):.1%}** (±{error_of(verdicts):.1%}, 95 %, for all).\n",
            "| what became of it | faults |\n|---|---|",
            *rows,
            "\n| where most were missed | planted | missed |\n|---|---|---|",
            *rooms,
            "",
        ]
    )


def _room(name: str) -> str:
    return name.split(".")[1]


def main() -> int:
    """Plant, count, print; 1 where fewer were found than asked for."""
    parser = argparse.ArgumentParser(
        prog="./run mutants", description="Plant small faults in rules/ and count what the tests find."
    )
    parser.add_argument("--share", type=float, default=0.02, help="the share of all faults that is planted, 0 to 1 (0.02)")
    parser.add_argument("--seed", type=int, default=1, help="draws them (1)")
    parser.add_argument("--only", metavar="ROOM", default="*", help="only in this room of rules/, like alarm")
    parser.add_argument("--processes", type=int, default=2, help="how many at a time (2)")
    parser.add_argument("--least", type=float, default=0.85, help="the share that must be found (0.85)")
    parser.add_argument("--page", action="store_true", help="write docs/mutants.md")
    parser.add_argument("--missed", action="store_true", help="name those that no test found")
    chosen = parser.parse_args()
    rooms = {path.stem: path.read_text(encoding="utf-8") for path in sorted((ROOT / "rules").glob(f"{chosen.only}.py"))}
    functions = [name for room, source in rooms.items() for name in functions_of(room, source)]
    patterns = drawn(functions, chosen.share, chosen.seed)
    with tempfile.TemporaryDirectory(prefix="mutants") as folder:
        verdicts = plant(copy_of_the_project(Path(folder)), patterns, chosen.processes)
    if chosen.missed:
        print(*[f"{name}: {verdict}" for name, verdict in verdicts.items() if verdict in MISSED], sep="\n")
    command = f"./run mutants --share {chosen.share:g} --seed {chosen.seed} --page"
    page = page_of(verdicts, command)
    if chosen.page:
        PAGE.write_text(page, encoding="utf-8")
    print(page)
    return 0 if score_of(verdicts) >= chosen.least else 1


if __name__ == "__main__":
    sys.exit(main())
