"""``shouwang rules calendar``: the days of the State Council's notice, in the form of a pack."""

import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner, Result

from rules.pack import read_pack
from shouwang import cli
from shouwang.exits import Exit
from shouwang.settings import PACKS

DOCS = Path(__file__).resolve().parents[2] / "docs" / "rule-packs.md"
NOTICE_2026 = """\
calendars:
  public:
    title: {zh: 法定节假日, en: Public holidays}
    days:
      - 2026-01-01..2026-01-03  # 元旦
      - 2026-02-15..2026-02-23  # 农历除夕 春节
      - 2026-04-04..2026-04-06  # 清明节 清明节（补假）
      - 2026-05-01..2026-05-05  # 劳动节 劳动节（补假）
      - 2026-06-19..2026-06-21  # 端午节
      - 2026-09-25..2026-09-27  # 中秋节
      - 2026-10-01..2026-10-07  # 国庆节 国庆节（补假）
    workdays:
      - 2026-01-04
      - 2026-02-14
      - 2026-02-28
      - 2026-05-09
      - 2026-09-20
      - 2026-10-10
"""


def calendar(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, ["rules", "calendar", *map(str, arguments)], catch_exceptions=False)


def test_2026_is_as_the_state_council_announced_it() -> None:
    result = calendar("CN", 2026)
    assert result.exit_code == Exit.OK
    assert result.stdout == NOTICE_2026
    assert result.stderr == ""
    assert calendar("cn", 2026).stdout == NOTICE_2026


def test_a_pack_takes_it_as_it_is() -> None:
    pack = (PACKS / "community.yaml").read_text(encoding="utf-8").replace("\nmodes:\n", f"\n{NOTICE_2026}modes:\n", 1)
    assert read_pack(pack, "community.yaml").id == "community"


def test_the_dates_in_the_documentation_are_those() -> None:
    text = DOCS.read_text(encoding="utf-8")
    example = text[text.index("calendars:\n  public:") :].split("```")[0]
    said = YAML(typ="safe").load(example)["calendars"]["public"]
    known = YAML(typ="safe").load(NOTICE_2026)["calendars"]["public"]
    assert said["days"]
    assert all(day in known["days"] for day in said["days"])
    assert all(day in known["workdays"] for day in said["workdays"])


def test_a_year_that_is_not_announced_says_so_and_is_printed_all_the_same() -> None:
    result = calendar("CN", 2099)
    assert result.exit_code == Exit.OK
    assert "no make-up workdays are known yet" in result.stderr
    assert "2099-10-01" in result.stdout
    assert "workdays:" not in result.stdout


def test_elsewhere_a_weekend_is_no_part_of_a_holiday() -> None:
    result = calendar("US", 2026)
    assert "      - 2026-11-26  # Thanksgiving" in result.stdout
    assert "      - 2026-12-25  # Christmas" in result.stdout
    assert result.stderr == ""


def test_what_is_not_known_is_told() -> None:
    assert calendar("XX", 2026).exit_code == Exit.USAGE
    assert "XX: no such country is known" in calendar("XX", 2026).stderr
    assert "nothing is known of that year" in calendar("CN", 1900).stderr


def test_without_the_extra_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "shouwang.public_holidays", None)
    result = calendar("CN", 2026)
    assert result.exit_code == Exit.MISSING
    assert "pip install 'shouwang[calendar]'" in result.stderr
