"""What must hold of the console's sources: both languages say everything, nothing foreign is in them, its own tests pass."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard.build_console import ROOT, _environment, _find_node
from rules.kinds import KINDS
from rules.lifecycle import ALARM, DISPATCH, INCIDENT, WARNING
from rules.model import Entity, Level, Reason, Status, Verdict

WEB = ROOT / "dashboard" / "web"
LANGUAGES = ("zh-CN", "en")
Words = dict[str, Any]


def words(language: str) -> Words:
    read: Words = json.loads((WEB / "src" / "language" / f"{language}.json").read_text(encoding="utf-8"))
    return read


def leaves(tree: Words, path: str = "") -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value


def sources() -> Iterator[Path]:
    for pattern in ("*.vue", "*.ts", "*.css"):
        yield from (path for path in (WEB / "src").rglob(pattern) if "generated" not in path.parts)


def test_both_languages_have_the_same_keys_in_the_same_order() -> None:
    assert [key for key, _ in leaves(words("zh-CN"))] == [key for key, _ in leaves(words("en"))]


def test_both_languages_fill_in_the_same_values() -> None:
    chinese, english = dict(leaves(words("zh-CN"))), dict(leaves(words("en")))
    for key, text in chinese.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", english[key])), key
        assert text.strip()
        assert english[key].strip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_that_the_chain_can_say_has_a_word(language: str) -> None:
    said = words(language)
    states = {
        state
        for cycle in (WARNING, ALARM, INCIDENT, DISPATCH)
        for (origin, _), end in cycle.table.items()
        for state in (origin, end)
    }
    assert states <= said["state"].keys()
    assert {reason.value for reason in Reason} <= said["reason"].keys()
    assert {verdict.value for verdict in Verdict} <= said["verdict"].keys()
    assert {level.value for level in Level} == said["level"].keys() == said["level_long"].keys()
    assert {entity.value for entity in Entity} == said["entity"].keys()
    assert {status.value for status in Status if status is not Status.ACTUAL} <= said["queue"].keys()
    assert {kind.name for kind in KINDS.values()} <= said["kind"].keys()
    assert {state for kind in KINDS.values() for state in kind.states} <= said["device_state"].keys()


def test_no_source_puts_html_together() -> None:
    for path in sources():
        text = path.read_text(encoding="utf-8")
        assert "v-html" not in text, path
        assert "innerHTML" not in text, path


def test_no_source_names_another_site() -> None:
    for path in sources():
        assert not re.search(r"https?://", path.read_text(encoding="utf-8")), path


def test_the_lock_names_no_registry_and_pins_every_package_by_digest() -> None:
    lock = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    for name, entry in packages.items():
        assert "resolved" not in entry, name
        assert entry.get("integrity", "").startswith("sha512-"), name
    assert packages["node_modules/typescript"]["version"].startswith("5.9.")


def test_every_source_file_is_short_and_says_its_subject() -> None:
    for path in sources():
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 400, path
        head = lines[1] if path.suffix == ".vue" else lines[0]
        assert head.startswith(("// ", "/* ")), path


def test_the_pure_parts_pass_their_own_tests() -> None:
    node, _ = _find_node()
    files = sorted(str(path) for path in (WEB / "tests").glob("*.test.ts"))
    assert files
    done = subprocess.run(
        [node, "--test", *files],
        cwd=WEB,
        env=_environment(node),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_document_names_every_key_of_the_desk() -> None:
    keys = re.findall(r"keys: \[([^\]]*)\]", (WEB / "src" / "parts" / "KeysHelp.vue").read_text(encoding="utf-8"))
    document = (ROOT / "docs" / "console.md").read_text(encoding="utf-8")
    named = [name for group in keys for name in re.findall(r"'([^']+)'", group)]
    assert named
    for name in named:
        assert document.count(f"`{name}`") == 2, name
