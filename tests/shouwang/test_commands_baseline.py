"""``shouwang baseline``: what it prints of a series, from a file or a pipe, and what it says where it cannot."""

import csv
import gzip
import io
import os
import pty
import random
import select
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from rules.baseline import DETECTION, LEARNING_COUNT, Baseline
from rules.model import Level
from shouwang import cli
from shouwang.commands_baseline import level_of
from shouwang.exits import Exit
from simulator.real_data import DATA

ROOT = Path(__file__).resolve().parents[2]
BEGIN = datetime(2026, 1, 5)  # noqa: DTZ001 - a wall clock's


def baseline(*arguments: object, given: str | bytes | None = None) -> Result:
    return CliRunner().invoke(cli.app, ["baseline", *map(str, arguments)], input=given, catch_exceptions=False)


def calm(count: int = 1500) -> list[tuple[datetime, float]]:
    """A pump that runs from 8 to 18 o'clock, every ten minutes, with one wild reading behind."""
    chance = random.Random(1)
    rows = []
    for row in range(count):
        at = BEGIN + timedelta(minutes=10 * row)
        rows.append((at, (60.0 if 8 <= at.hour < 18 else 30.0) + chance.gauss(0, 0.5)))
    rows[-10] = (rows[-10][0], 300.0)
    return rows


def written(file: Path, rows: list[tuple[datetime, float]], head: str = "timestamp,value") -> Path:
    file.write_text("\n".join([head, *(f"{at:%Y-%m-%d %H:%M:%S},{value:.2f}" for at, value in rows)]) + "\n")
    return file


def table(result: Result) -> list[dict[str, str]]:
    assert result.exit_code == Exit.OK, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_each_row_comes_back_with_score_and_level(tmp_path: Path) -> None:
    rows = calm()
    told = table(baseline(written(tmp_path / "pump.csv", rows)))
    assert list(told[0]) == ["timestamp", "value", "score", "level"]
    assert [row["timestamp"] for row in told] == [f"{at:%Y-%m-%d %H:%M:%S}" for at, _ in rows]
    assert [row["value"] for row in told] == [f"{value:.2f}" for _, value in rows]
    assert all(0 <= float(row["score"]) <= 1 for row in told)
    assert told[-10]["level"] != "none"
    assert all((row["level"] == "none") is (float(row["score"]) < DETECTION) for row in told)
    assert {row["score"] for row in told[:LEARNING_COUNT]} == {"0.000000"}


def test_it_is_the_detector_of_the_rules(tmp_path: Path) -> None:
    rows = calm()
    detector = Baseline()
    hours = [(at - datetime(1970, 1, 1)) // timedelta(hours=1) for at, _ in rows]  # noqa: DTZ001 - a wall clock's
    expected = [f"{detector.take(hour, round(value, 2)).score:.6f}" for hour, (_, value) in zip(hours, rows, strict=True)]
    assert [row["score"] for row in table(baseline(written(tmp_path / "pump.csv", rows)))] == expected


def test_no_row_knows_what_comes_behind_it(tmp_path: Path) -> None:
    rows = calm()
    whole = baseline(written(tmp_path / "whole.csv", rows)).stdout.splitlines()
    part = baseline(written(tmp_path / "part.csv", rows[:700])).stdout.splitlines()
    assert part == whole[:701]


def test_the_levels() -> None:
    assert [level_of(score) for score in (0, 0.989999, 0.99, 0.998999, 0.999, 0.9998, 0.9999, 1)] == [
        *(None, None, Level.BLUE, Level.BLUE),
        *(Level.YELLOW, Level.YELLOW, Level.ORANGE, Level.ORANGE),
    ]


def test_a_pipe_and_a_packed_file_say_the_same(tmp_path: Path) -> None:
    file = written(tmp_path / "pump.csv", calm(300))
    packed = tmp_path / "pump.csv.gz"
    packed.write_bytes(gzip.compress(file.read_bytes()))
    said = baseline(file).stdout
    assert baseline("-", given=file.read_bytes()).stdout == said
    assert baseline(packed).stdout == said


def test_down_a_pipe_a_row_is_told_when_it_comes() -> None:
    command = [sys.executable, "-m", "shouwang", "baseline", "-"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write(b"timestamp,value\n2026-01-05,7\n")
        running.stdin.flush()
        ready, _, _ = select.select([running.stdout], [], [], 60)
        assert ready
        assert running.stdout.readline() == b"timestamp,value,score,level\n"
        running.stdin.close()
        assert running.stdout.read() == b"2026-01-05,7,0.000000,none\n"
        assert running.wait() == Exit.OK


def test_whoever_reads_may_have_seen_enough(tmp_path: Path) -> None:
    file = written(tmp_path / "pump.csv", calm(3000))
    command = f"{sys.executable} -m shouwang baseline {file} | head -1"
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "timestamp,value,score,level\n"
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("text", "timestamp", "value"),
    [
        ("timestamp,value\n2014-04-01 00:00:00,1\n", "2014-04-01 00:00:00", "1"),
        ("\ufefftimestamp,value\r\n2014-04-01 00:00:00,1\r\n", "2014-04-01 00:00:00", "1"),
        ("\n\nTimeStamp,Value,Label\n2014-04-01T00:00:00Z,1,0\n", "2014-04-01T00:00:00Z", "1"),
        (",timestamp,value\n0,2014-04-01 00:00:00,1\n", "2014-04-01 00:00:00", "1"),
        ("time;level_mm\n2014-04-01 00:00;3,14\n", "2014-04-01 00:00", "3.14"),
        ("date\ttemperature\tlabel\n2014/4/1 0:05\t1\t0\n", "2014/4/1 0:05", "1"),
        ("时间,数值\n2014年4月1日 8:05,3\n", "2014年4月1日 8:05", "3"),
        ("when,reading,other\n2014-04-01,3,4\n", "2014-04-01", "3"),
        ('"timestamp","note","value"\n"2014-04-01","a, ""b""\nc","3"\n', "2014-04-01", "3"),
        ("1396310400,5\n1396310700,6\n", "1396310400", "5"),
        ("2014-04-01,5,9\n", "2014-04-01", "5"),
        ("#time,v\n1396310400000,5\n", "1396310400000", "5"),
        ("timestamp,value\n2014-04-01,1e308\n", "2014-04-01", "1e308"),
    ],
)
def test_columns_are_found_where_nobody_names_them(text: str, timestamp: str, value: str) -> None:
    row = table(baseline("-", given=text.encode()))[0]
    assert (row["timestamp"], row["value"]) == (timestamp, value)


def test_columns_can_be_named_or_counted() -> None:
    text = "a,b,c\n2014-04-01,1,2\n"
    assert table(baseline("-", "--time", "a", "--value", "c", given=text))[0]["value"] == "2"
    assert table(baseline("-", "--value", "B", given=text))[0]["value"] == "1"
    assert table(baseline("-", "--time", "1", "--value", "3", given=text))[0]["value"] == "2"


def test_a_missing_value_is_neither_usual_nor_unusual(tmp_path: Path) -> None:
    rows = calm()
    lines = written(tmp_path / "whole.csv", rows).read_text().splitlines()
    holes = ["", "NaN", "null", "n/a", "-"]
    for number, hole in enumerate(holes):
        lines.insert(400 + 7 * number, f"{lines[400 + 7 * number].split(',')[0]},{hole}")
    result = baseline("-", given="\n".join(lines))
    assert "<stdin>:401:1: the first of 5 missing value(s)" in result.stderr
    told = table(result)
    assert [(row["score"], row["level"]) for row in told if not row["value"]] == [("0.000000", "none")] * 5
    assert [row for row in told if row["value"]] == table(baseline(tmp_path / "whole.csv"))


def test_a_constant_series_says_nothing_and_a_step_out_of_it_does() -> None:
    lines = [f"{BEGIN + timedelta(minutes=5 * row)},{7 if row < 1000 else 8}" for row in range(1003)]
    told = table(baseline("-", given="\n".join(lines)))
    assert {row["score"] for row in told[:1000]} == {"0.000000"}
    assert told[1000]["level"] != "none"


def test_times_out_of_order_are_told_by_line_and_judged_as_they_stand() -> None:
    lines = ["timestamp,value", *(f"2026-01-{day:02},1" for day in (3, 2, 2, 4, 1, 1)), *["2025-01-02,1", "2025-01-01,1"] * 5]
    result = baseline("-", given="\n".join(lines))
    assert len(table(result)) == 16
    assert "<stdin>:3:1: this time is earlier" in result.stderr
    assert "<stdin>:4:1" not in result.stderr  # equal is in order
    assert result.stderr.count("this time is earlier") == 5
    assert "8 rows in all are earlier" in result.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "<stdin>:1:1: is empty"),
        ("timestamp,value\n", "<stdin>:1:1: has names of columns but no row"),
        ("timestamp,value\n2026-01-01,1\n\n2026-01-02,  x1\n", "<stdin>:4:14: 'x1' is no number"),
        ('timestamp,note,value\n2026-01-01,"a\nb",1\n2026-01-02,"a,b",x\n', "<stdin>:4:18: 'x' is no number"),
        ("timestamp,value\n2026-01-01,1_000\n", "<stdin>:2:12: '1_000' is no number"),
        ("timestamp,value\n 2026-13-01,1\n", "<stdin>:2:2: '2026-13-01' is no time; write it as"),
        ("value,timestamp\n1,2026-01-01\n1,01/02/2026\n", "<stdin>:3:3: '01/02/2026' is no time"),
        ("value,timestamp\n1,1396310400\n1,1e400\n", "<stdin>:3:3: '1e400' is no time"),
        ("value,timestamp\n1,1396310400\n1\n", "<stdin>:3:1: has 1 column(s) where 2 are expected"),
        ("value\n1\n", "<stdin>:1:1: no column of times was found; name it with --time"),
        ("index,value\n0,1\n", "<stdin>:1:1: no column of times was found; name it with --time COLUMN, one of: index, value"),
        ("date,a,b\n2026-01-01,1,2\n", "<stdin>:1:1: which column is the value is not clear; name it with --value"),
        (f"timestamp,value\n2026-01-01,{'9' * 200_000}\n", "<stdin>:2:1: cannot be read"),
    ],
)
def test_what_is_wrong_is_said_with_line_and_column(text: str, said: str) -> None:
    result = baseline("-", given=text)
    assert result.exit_code == Exit.FAILED
    assert said in result.stderr


def test_what_came_before_a_fault_stands() -> None:
    result = baseline("-", given="timestamp,value\n2026-01-01,1\n2026-01-02,x\n")
    assert result.stdout.splitlines()[1:] == ["2026-01-01,1,0.000000,none"]


def test_a_named_column_that_is_not_there(tmp_path: Path) -> None:
    result = baseline("-", "--value", "c", given="a,b\n2026-01-01,1\n")
    assert "there is no column 'c'; give --value one of: a, b" in result.stderr


def test_text_that_is_not_utf8_and_files_that_are_none(tmp_path: Path) -> None:
    file = tmp_path / "old.csv"
    file.write_bytes("时间,数值\n2026-01-01,3\n".encode("gbk"))
    assert f"{file}:1:2: is not UTF-8 text" in baseline(file).stderr
    file.write_bytes("timestamp,note,value\n2026-01-01,a,3\n2026-01-01,a水泵,3\n".encode("gbk"))
    assert f"{file}:3:14: is not UTF-8 text" in baseline(file).stderr
    file.write_bytes("时间,数值\n2026-01-01,3\n".encode("utf-16")[:-1])
    assert "is not UTF-8 text" in baseline(file).stderr
    file.write_bytes("时间,数值\n2026-01-01,3\n".encode("utf-16"))
    assert table(baseline(file))[0]["value"] == "3"
    broken = tmp_path / "broken.csv.gz"
    broken.write_bytes(gzip.compress(b"timestamp,value\n" + b"2026-01-01,3\n" * 99)[:-20])
    assert "cannot be read" in baseline(broken).stderr
    assert baseline(tmp_path / "none.csv").exit_code == Exit.USAGE
    assert "cannot be read: Is a directory" in baseline(tmp_path).stderr


def test_an_infinite_value_is_taken_for_missing() -> None:
    result = baseline("-", given="timestamp,value\n2026-01-01,1e400\n2026-01-02,-inf\n2026-01-03,1\n")
    assert [row["value"] for row in table(result)] == ["", "", "1"]
    assert "<stdin>:2:12: '1e400' is larger than any number can be" in result.stderr


def test_the_picture(tmp_path: Path) -> None:
    rows = calm(400)
    picture = tmp_path / "pump.png"
    file = written(tmp_path / "水泵.csv", rows)
    file.write_text(file.read_text() + "2026-02-01,\n2026-02-02,1e308\n")
    assert table(baseline(file, "--plot", picture))
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 10_000


def test_a_picture_that_cannot_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "timestamp,value\n2026-01-01,1\n"
    assert "must end in .png" in baseline("-", "--plot", tmp_path / "a.txt", given=text).stderr
    assert "make it first" in baseline("-", "--plot", tmp_path / "no" / "a.png", given=text).stderr
    (tmp_path / "a.png").mkdir()
    result = baseline("-", "--plot", tmp_path / "a.png", given=text)
    assert (result.exit_code, "cannot be written" in result.stderr) == (Exit.FAILED, True)
    monkeypatch.setitem(sys.modules, "shouwang.series_plot", None)
    result = baseline("-", "--plot", tmp_path / "b.png", given=text)
    assert result.exit_code == Exit.MISSING
    assert "pip install 'shouwang[plot]'" in result.stderr
    assert result.stdout == ""


def test_without_a_picture_matplotlib_is_not_looked_for() -> None:
    code = "import sys; from shouwang import cli; sys.exit('matplotlib' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize("is_piped", [False, True])
def test_a_terminal_sees_how_far_it_is(tmp_path: Path, is_piped: bool) -> None:
    file = written(tmp_path / "pump.csv", calm(3000))
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "shouwang", "baseline", "-" if is_piped else str(file)]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120"}
    with (
        file.open("rb") as source,
        subprocess.Popen(["cat"], stdin=source, stdout=subprocess.PIPE) as pipe,
        subprocess.Popen(command, cwd=ROOT, stdin=pipe.stdout, stdout=subprocess.PIPE, stderr=theirs, env=environment) as running,
    ):
        os.close(theirs)
        assert running.stdout is not None
        assert len(running.stdout.read().splitlines()) == 3001
        assert running.wait() == Exit.OK
    seen = os.read(ours, 100_000).decode()
    os.close(ours)
    assert ("stdin" if is_piped else "pump.csv") in seen
    assert "rows" in seen
    assert "100%" in seen
    assert "0:00:" in seen


@pytest.mark.needs("recordings")
def test_the_series_of_nab_as_they_are() -> None:
    told = table(baseline(DATA / "nab" / "data" / "realTraffic" / "speed_t4013.csv.gz"))  # one hour in it comes twice
    assert len(told) == 2495
    assert {row["level"] for row in told} >= {"none", "blue"}
