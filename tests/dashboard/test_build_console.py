"""The console is built by the wheel's node, only when its sources changed, and says plainly why it cannot be."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard import build_console
from dashboard.build_console import ConsoleBuildError, build, built_from, sources_digest

Project = Callable[[str], Path]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with a console's sources, and in the place of npm a script of the test's own."""

    def made(npm: str) -> Path:
        web = tmp_path / "dashboard" / "web"
        (web / "src").mkdir(parents=True)
        (web / "package-lock.json").write_text("{}")
        (web / "src" / "main.ts").write_text("// the console")
        contract = tmp_path / "docs" / "schema" / "openapi.json"
        contract.parent.mkdir(parents=True)
        contract.write_text("{}")
        script = tmp_path / "npm.py"
        script.write_text("import pathlib, sys\ncommand = sys.argv[1]\nweb = pathlib.Path.cwd()\n" + npm)
        monkeypatch.setattr(build_console, "_find_node", lambda: (sys.executable, str(script)))
        return tmp_path

    return made


GOOD_NPM = """
with open(web / "calls", "a") as calls:
    calls.write(" ".join(sys.argv[1:]) + "\\n")
if command == "run":
    (web / "dist").mkdir()
    (web / "dist" / "index.html").write_text("built")
"""


def calls(root: Path) -> list[str]:
    return (root / "dashboard" / "web" / "calls").read_text().splitlines()


def test_it_installs_without_scripts_builds_and_replaces_the_old_console(project: Project) -> None:
    root = project(GOOD_NPM)
    static = root / "dashboard" / "static"
    static.mkdir()
    (static / "old.js").write_text("old")
    said: list[str] = []

    assert build(root, said.append)

    assert [line.split()[0] for line in calls(root)] == ["ci", "run"]
    assert "--ignore-scripts" in calls(root)[0]
    assert (static / "index.html").read_text() == "built"
    assert not (static / "old.js").exists()
    assert len(said) == 3


def test_unchanged_sources_are_not_built_again_unless_forced(project: Project) -> None:
    root = project(GOOD_NPM)
    (root / "dashboard" / "web" / "calls").touch()
    build(root)
    before = len(calls(root))
    digest_with_calls = sources_digest(root)
    (root / "dashboard" / "static" / build_console.STAMP_NAME).write_text(digest_with_calls)

    assert not build(root)
    assert len(calls(root)) == before
    assert build(root, is_forced=True)


def test_the_digest_follows_sources_and_contract_but_not_what_was_fetched(project: Project) -> None:
    root = project(GOOD_NPM)
    web = root / "dashboard" / "web"
    first = sources_digest(root)

    (web / "node_modules").mkdir()
    (web / "node_modules" / "vue.js").write_text("foreign")
    assert sources_digest(root) == first

    (web / "src" / "main.ts").write_text("// changed")
    second = sources_digest(root)
    assert second != first

    (root / "docs" / "schema" / "openapi.json").write_text('{"openapi": "3.1.0"}')
    assert sources_digest(root) != second


def test_a_half_copied_console_counts_as_not_built(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("no stamp yet")
    assert built_from(tmp_path) == ""


@pytest.mark.parametrize("sign", ["ENOTFOUND", "ECONNREFUSED", "ETIMEDOUT", "EAI_AGAIN"])
def test_without_a_registry_it_says_so_and_that_the_service_works_all_the_same(project: Project, sign: str) -> None:
    root = project(f"sys.exit('npm error code {sign}')")

    with pytest.raises(ConsoleBuildError, match="registry is not reachable") as told:
        build(root)

    assert "work without the console" in str(told.value)
    assert sign in str(told.value)
    assert built_from(root / "dashboard" / "static") == ""


def test_a_fault_in_the_sources_shows_the_compiler_s_words_and_keeps_the_standing_console(project: Project) -> None:
    root = project("sys.exit('src/main.ts(1,1): error TS2322') if command == 'run' else None")
    static = root / "dashboard" / "static"
    static.mkdir()
    (static / "index.html").write_text("standing")

    with pytest.raises(ConsoleBuildError, match="TS2322"):
        build(root)

    assert (static / "index.html").read_text() == "standing"


def test_a_build_that_leaves_nothing_is_a_fault(project: Project) -> None:
    with pytest.raises(ConsoleBuildError, match=r"no index\.html"):
        build(project(""))


def test_without_sources_it_says_where_they_should_be(tmp_path: Path) -> None:
    (tmp_path / "dashboard").mkdir()
    with pytest.raises(ConsoleBuildError, match="sources are not at"):
        build(tmp_path)


def test_the_wheel_s_node_is_first_on_the_tools_path() -> None:
    node, npm = build_console._find_node()
    first = build_console._environment(node)["PATH"].split(os.pathsep)[0]
    assert Path(first) == Path(node).parent
    assert Path(npm).name == "npm-cli.js"
