"""The house rules that a reader would otherwise have to remember."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path
from statistics import median

import pytest

import shouwang
from shouwang.settings_page import settings_table

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("ingest", "rules", "handlers", "dashboard", "simulator", "shouwang")
SOURCES = sorted(
    path for name in (*PACKAGES, "bench") for path in (ROOT / name).rglob("*.py") if "node_modules" not in path.parts
)
LINES_MAX, MEDIAN_MAX, FUNCTION_MAX = 400, 150, 50
DRAWERS = {"utils", "util", "common", "helpers", "helper", "manager", "base", "core", "misc"}


def tracked(*patterns: str) -> list[Path]:
    """Files that git knows, or would know."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in done.stdout.splitlines() if (ROOT / line).is_file()]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_is_small_and_says_its_subject_first(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LINES_MAX
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "the first line says what the file is about"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < FUNCTION_MAX, f"{node.name} is longer than {FUNCTION_MAX} lines"


def test_most_rooms_are_smaller_still() -> None:
    assert median(len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES) <= MEDIAN_MAX


def test_there_is_no_drawer() -> None:
    drawers = [path for path in SOURCES if path.stem in DRAWERS or DRAWERS & set(path.parent.parts)]
    assert not drawers, f"a drawer hides what belongs somewhere: {drawers}"


def test_each_package_is_ours() -> None:
    for name in PACKAGES:
        package = __import__(name)
        assert package.__file__ is not None
        assert Path(package.__file__).is_relative_to(ROOT), (
            f"{name} is imported from elsewhere: give Shouwang its own environment"
        )


def test_nothing_built_and_nothing_large_is_in_git() -> None:
    for path in tracked():
        assert path.stat().st_size < 1_500_000, f"{path} is too large for git"
        assert not {"node_modules", "static", "dist"} & set(path.relative_to(ROOT).parts), f"{path} is built"


def test_the_hashed_requirements_are_those_of_the_lock() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    versions = {package["name"]: package.get("version") for package in lock["package"]}
    for name in ("run", "all"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        pinned = dict(re.findall(r"^([a-z0-9-]+)(?:\[[a-z,-]+\])?==([^ ;\\]+)", text, re.MULTILINE))
        assert len(pinned) > 20
        assert "--hash=sha256:" in text
        for package, version in pinned.items():
            assert versions[package] == version, f"requirements/{name}.txt has {package} {version}, the lock {versions[package]}"


def test_the_changelog_knows_the_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == shouwang.__version__
    assert f"## {shouwang.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_table_of_settings_is_the_settings() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    table = page.split("<!-- settings: generated -->\n")[1].split("<!-- end of settings -->")[0]
    assert table == settings_table(), "run: .venv/bin/python -m shouwang.settings_page"


def test_every_rule_of_prometheus_has_its_remedy() -> None:
    rules = (ROOT / "deploy" / "prometheus" / "rules.yml").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for name in re.findall(r"- alert: (\w+)", rules):
        assert f"\n### {name}\n" in page, f"the officer who is woken by {name} finds no remedy"


@pytest.mark.parametrize("path", tracked("*.md"), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (path.parent / target).exists(), f"{path.name} links to {target}, which is not there"


def test_both_readmes_show_the_same_commands() -> None:
    english, chinese = (blocks(ROOT / name) for name in ("README.md", "README.zh-CN.md"))
    assert english == chinese


def blocks(page: Path) -> list[str]:
    """The shell commands that a page shows."""
    found = re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    return [line for block in found for line in block.splitlines() if line.strip()]
