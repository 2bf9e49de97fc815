"""Care lists: references only, every fault at once and none of the cells repeated, kept in a file for the service alone."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.care_list import CareReference, CareUnreadable, Purpose
from shouwang import care_file, cli
from shouwang.care_file import BYTES_MAX, ROWS_MAX, CareFileError, CareList, read_care_list
from shouwang.care_store import CareStore
from shouwang.exits import Exit
from tests.test_house import ROOT

NOW = 1_795_435_200_000  # 2026-11-23T12:00:00Z
DAY = 86_400_000
HEAD = "reference,zone,purpose,holder,valid_until\n"
GOOD = HEAD + "JG-0001,b03/u1/0502,evacuation,翠苑社区居委会,2027-06-30\nJG-0002,b03/u1/0601,care,Jade care centre,2027/1/31\n"
RUNNER = CliRunner()


def read(text: str | bytes) -> CareList:
    return read_care_list("list.csv", text.encode() if isinstance(text, str) else text, community="jade", now=NOW)


def faults(text: str | bytes) -> list[str]:
    with pytest.raises(CareFileError) as raised:
        read(text)
    return [str(fault) for fault in raised.value.faults]


def row(**changes: str) -> str:
    cells = {
        "reference": "JG-0001",
        "zone": "b03",
        "purpose": "care",
        "holder": "翠苑社区",
        "valid_until": "2027-06-30",
    } | changes
    return HEAD + ",".join(cells.values()) + "\n"


def test_a_list_is_read() -> None:
    found = read(GOOD)
    assert found.references[0] == CareReference(
        community="jade",
        reference="JG-0001",
        zone="b03/u1/0502",
        purpose=Purpose.EVACUATION,
        holder="翠苑社区居委会",
        valid_until_at=1_814_371_200_000,  # the end of 2027-06-30 in China
    )
    assert [each.purpose.value for each in found.references] == ["evacuation", "care"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_chinese_columns_of_a_spreadsheet_are_read(encoding: str) -> None:
    text = "引用编号,区域,用途,持有单位,有效期至\r\nJG-1,b03,疏散,翠苑社区,2027-06-30\r\n,,,,\r\n"
    assert [(each.reference, each.purpose) for each in read(text.encode(encoding)).references] == [("JG-1", Purpose.EVACUATION)]


def test_what_has_expired_is_left_out_and_counted() -> None:
    found = read(row(valid_until="2026-11-22") + "JG-0002,b03,care,翠苑社区,2026-11-23\n")
    assert ([each.reference for each in found.references], found.expired_count) == (["JG-0002"], 1)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("reference", "13812345678"),
        ("reference", "510107199001011234"),
        ("reference", "张三丰的编号"),
        ("reference", "JG1"),
        ("reference", "=cmd()"),
        ("zone", "b03/13812345678"),
        ("zone", "三号楼 二单元"),
        ("zone", ""),
        ("purpose", "recommendation"),
        ("purpose", ""),
        ("holder", "张三丰"),
        ("holder", "欧阳张三丰"),
        ("holder", "居委会028-85551234"),
        ("holder", "office a.b@x.com"),
        ("holder", "=office()"),
        ("valid_until", "someday"),
        ("valid_until", "2028-06-30"),
    ],
)
def test_what_does_not_belong_in_a_list_is_refused_at_its_place_and_not_repeated(column: str, value: str) -> None:
    index = HEAD.strip().split(",").index(column) + 1
    (fault,) = faults(row(**{column: value}))
    assert fault.startswith(f"list.csv:2:{index}: ")
    assert not value or value not in fault


@pytest.mark.parametrize("name", ["name", "姓名", "phone", "联系电话", "身份证号", "diagnosis"])
def test_a_column_of_a_person_is_refused(name: str) -> None:
    (fault,) = faults(HEAD.strip() + f",{name}\nJG-0001,b03,care,翠苑社区,2027-06-30,x\n")
    assert fault.startswith("list.csv:1:6: 不允许的列")


def test_all_faults_are_listed_at_once() -> None:
    text = HEAD + "x,b03,care,翠苑社区,2027-06-30\nJG-0001,b 3,why,张三丰,never\nJG-0002,b03,care,翠苑社区,2027-06-30,more\n"
    text += "JG-0003,b03,care,翠苑社区,2027-06-30\nJG-0003,b03,care,翠苑社区,2027-06-30\n"
    places = [fault.split(": ")[0] for fault in faults(text)]
    assert places == [f"list.csv:{place}" for place in ("2:1", "3:2", "3:3", "3:4", "3:5", "4:6", "6:1")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the column reference is missing"),
        ("reference,reference\n", "comes twice"),
        (b"\xff\xff", "UTF-8"),
        (HEAD + 'JG-0001,"b03', "is no CSV"),
        (b"x" * (BYTES_MAX + 1), "is larger"),
        (HEAD + "".join(f"JG-{n:05},b03,care,翠苑社区,2027-06-30\n" for n in range(ROWS_MAX + 1)), "more than 20000 rows"),
    ],
)
def test_what_is_no_list_is_refused(text: str | bytes, said: str) -> None:
    assert any(said in fault for fault in faults(text))


def test_the_store_is_for_the_service_alone_and_forgets_what_has_expired(tmp_path: Path) -> None:
    store = CareStore(tmp_path)
    assert store.standing(NOW) == ()
    assert store.replace("jade", read(GOOD).references) == 0
    assert store.replace("other", ()) == 0
    assert (tmp_path / "care.jsonl").stat().st_mode & 0o777 == 0o600
    assert len(store.standing(NOW)) == 2
    assert [each.reference for each in store.standing(NOW + 100 * DAY)] == ["JG-0001"]
    assert "JG-0002" not in (tmp_path / "care.jsonl").read_text(encoding="utf-8")
    assert store.replace("jade", ()) == 1
    assert store.standing(NOW) == ()


@pytest.mark.parametrize("until", ["9999-12-31", "2028-01-01"])
def test_a_reference_for_ever_is_refused_with_how_long_it_may_hold(until: str) -> None:
    (fault,) = faults(row(valid_until=until))
    assert "366 days at most" in fault


def test_rows_that_are_wrong_count_as_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(care_file, "ROWS_MAX", 20)
    said = faults(HEAD + "?\n" * 25)
    assert ":22:1:" in said[-1]
    assert "load one community at a time" in said[-1]


def test_a_list_that_cannot_be_read_is_told_as_such_and_one_that_cannot_be_written_still_read(
    tmp_path: Path,
) -> None:
    store = CareStore(tmp_path)
    store.replace("jade", read(GOOD).references)
    (tmp_path / "care.lock").unlink()
    (tmp_path / "care.lock").mkdir()  # what has expired cannot be forgotten now
    assert [each.reference for each in store.standing(NOW + 100 * DAY)] == ["JG-0001"]
    (tmp_path / "care.lock").rmdir()
    (tmp_path / "care.jsonl").write_bytes(b'{"community":"jade"\xff')
    with pytest.raises(CareUnreadable, match="is damaged"):
        store.standing(NOW)
    file = tmp_path / "list.csv"
    file.write_text(GOOD, encoding="utf-8")
    loaded = RUNNER.invoke(cli.app, ["care", "load", str(file), "--community", "jade", "--data", str(tmp_path)])
    assert (loaded.exit_code, "Delete that file" in loaded.output) == (Exit.FAILED, True)
    (tmp_path / "care.jsonl").unlink()
    (tmp_path / "care.jsonl").mkdir()
    with pytest.raises(CareUnreadable, match="Is a directory"):
        store.standing(NOW)


def test_the_commands(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(HEAD, encoding="utf-8")
    checked = RUNNER.invoke(cli.app, ["care", "check", str(file)])
    assert (checked.exit_code, checked.output) == (0, "0 references (evacuation 0, care 0), 0 expired and left out\n")
    loaded = RUNNER.invoke(cli.app, ["care", "load", str(file), "--community", "jade", "--data", str(tmp_path / "data")])
    assert loaded.exit_code == 0, loaded.output
    assert (tmp_path / "data" / "care.jsonl").read_bytes() == b""
    file.write_text(HEAD + "张三,b03\n" * 300, encoding="utf-8")
    refused = RUNNER.invoke(cli.app, ["care", "check", str(file)])
    assert refused.exit_code == Exit.FAILED
    assert "and 1000 more" in refused.output
    assert "张三" not in refused.output
    missing = RUNNER.invoke(cli.app, ["care", "check", str(tmp_path / "none.csv")])
    assert missing.exit_code == Exit.FAILED
    away = RUNNER.invoke(cli.app, ["care", "load", str(tmp_path), "--community", "jade"])
    assert away.exit_code == Exit.FAILED


@pytest.mark.parametrize("page", ["care-lists.md", "care-lists.zh-CN.md"])
def test_the_list_of_the_page_is_taken(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    found = read(text.partition("```csv\n")[2].partition("```")[0])
    assert [(each.reference, each.purpose.value) for each in found.references] == [("JG-0001", "evacuation"), ("JG-0002", "care")]
