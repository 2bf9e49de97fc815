"""The words of the console: the same keys in both languages, and no key twice: the second would take the first one's place."""

import json
from typing import Any

import pytest

from dashboard.build_console import ROOT

WORDS = ROOT / "dashboard" / "web" / "src" / "language"


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    assert sorted(set(names)) == sorted(names), [name for name in names if names.count(name) > 1]
    return dict(pairs)


def keys(words: dict[str, Any], above: str = "") -> list[str]:
    found: list[str] = []
    for name, said in words.items():
        found += keys(said, f"{above}{name}.") if isinstance(said, dict) else [above + name]
    return found


@pytest.mark.parametrize("name", ["zh-CN", "en"])
def test_no_key_is_said_twice(name: str) -> None:
    assert json.loads((WORDS / f"{name}.json").read_text("utf-8"), object_pairs_hook=once)


def test_both_languages_have_the_same_keys() -> None:
    zh, en = (json.loads((WORDS / f"{name}.json").read_text("utf-8")) for name in ("zh-CN", "en"))
    assert keys(zh) == keys(en)
