"""``shouwang rules``: every fault with its place, promises kept or not, and the schema."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from shouwang import cli
from shouwang.cards_page import cards_page
from shouwang.exits import Exit
from shouwang.settings import PACKS

GOOD = (PACKS / "community.yaml").read_text(encoding="utf-8")
PROMISES = (PACKS / "community_test.yaml").read_text(encoding="utf-8")


def rules(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, ["rules", *map(str, arguments)], catch_exceptions=False)


def test_the_bundled_packs_are_good() -> None:
    result = rules("check")
    assert result.exit_code == Exit.OK
    assert "good: community" in result.output


def test_check_hints_at_alarm_rules_without_a_card_and_uses_the_pack_all_the_same(tmp_path: Path) -> None:
    assert ": hint: " not in rules("check").output
    bare = tmp_path / "bare.yaml"
    bare.write_text(re.sub(r"(  lift_trapped:(?:\n(?!  \w).*)*?)\n    card:\n(?:      .*\n)+", r"\1\n", GOOD), encoding="utf-8")
    result = rules("check", bare)
    assert result.exit_code == Exit.OK
    (hint,) = [line for line in result.output.splitlines() if ": hint: " in line]
    assert "for 1 alarm rule(s): lift_trapped" in hint
    assert "1 条报警规则没有卡片" in hint


def test_the_page_of_cards_is_the_packs_own() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "alarm-cards.md"
    assert page.read_text(encoding="utf-8") == cards_page(), "python -m shouwang.cards_page > docs/alarm-cards.md"


def test_every_fault_of_every_pack_is_told_with_its_place(tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.yaml", tmp_path / "good.yaml"
    bad.write_text(GOOD.replace("life_safety: true", "life_saftey: true"), encoding="utf-8")
    good.write_text(GOOD, encoding="utf-8")
    result = rules("check", bad, good)
    assert result.exit_code == Exit.FAILED
    lines = [line for line in result.output.splitlines() if line.startswith(f"{bad}:")]
    assert sum("life_saftey" in line for line in lines) >= GOOD.count("life_safety: true")
    assert all(line.split(":")[1].isdigit() for line in lines[:-1])
    assert f"{good}: good" in result.output


@pytest.mark.parametrize("command", ["check", "test"])
@pytest.mark.parametrize("content", [None, b"\xff\xfe", b""])
def test_a_file_that_cannot_be_read_is_told(command: str, content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "pack.yaml"
    if content is not None:
        file.write_bytes(content)
    result = rules(command, file)
    assert result.exit_code == Exit.FAILED
    assert f"{file}:" in result.output


def pack_with(folder: Path, promises: bytes | None) -> Path:
    file = folder / "pack.yaml"
    file.write_text(GOOD, encoding="utf-8")
    if promises is not None:
        (folder / "pack_test.yaml").write_bytes(promises)
    return file


def first_promise() -> str:
    """The bundled promises, down to the end of the first case."""
    head, _, rest = PROMISES.partition("\n  - case:")
    return f"{head}\n  - case:{rest.partition(chr(10) + '  - case:')[0]}\n" if rest else PROMISES


def test_kept_promises_are_counted(tmp_path: Path) -> None:
    result = rules("test", pack_with(tmp_path, first_promise().encode()))
    assert result.exit_code == Exit.OK, result.output
    assert "promises, all kept" in result.output


@pytest.mark.parametrize("promises", [None, b"", b"\xff", b"nonsense: 1\n", b"["])
def test_a_pack_whose_promises_cannot_be_run_has_not_kept_them(promises: bytes | None, tmp_path: Path) -> None:
    result = rules("test", pack_with(tmp_path, promises))
    assert result.exit_code == Exit.FAILED
    assert "pack_test.yaml" in result.output
    assert "NOT all kept" in result.output


def test_the_schema_is_the_one_that_editors_read() -> None:
    assert json.loads(rules("schema").output)["title"] == "Shouwang rule pack"


def test_a_difference_is_told_in_words_or_as_json_and_by_the_exit_code_where_asked(tmp_path: Path) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(GOOD, encoding="utf-8")
    new.write_text(GOOD.replace("above: 10, deadband: 3, for: 10s", "above: 8, deadband: 3, for: 10s"), encoding="utf-8")
    result = rules("diff", old, new)
    assert result.exit_code == Exit.OK
    assert "规则 烟雾浓度（smoke_density）：alarms[red threshold].above 由 10 %/m 改为 8 %/m" in result.output
    assert rules("diff", old, new, "--lang", "en", "--exit-code").exit_code == Exit.FAILED
    (change,) = json.loads(rules("diff", old, new, "--json").output)
    assert (change["what"], change["id"], change["before"], change["after"]) == ("changed", "smoke_density", "10 %/m", "8 %/m")
    assert rules("diff", old, old, "--exit-code").exit_code == Exit.OK
    assert "No difference." in rules("diff", old, old).output
    new.write_text("rules: [", encoding="utf-8")
    broken = rules("diff", old, new)
    assert (broken.exit_code, f"{new}:1:" in broken.output) == (Exit.USAGE, True)


def test_a_rule_is_explained_and_a_misspelt_one_is_suggested() -> None:
    result = rules("explain", "gas_level")
    assert result.exit_code == Exit.OK
    assert "Red alarm: at 20 %LEL or above, for 5 s; over when it is below 16 %LEL for 1 min" in result.output
    sentences = json.loads(rules("explain", "gas_level", "--json").output)
    assert any("橙色报警：不低于 10 %LEL" in one["zh"] for one in sentences)
    wrong = rules("explain", "gas_levl")
    assert (wrong.exit_code, "did you mean 'gas_level'?" in wrong.output) == (Exit.USAGE, True)
