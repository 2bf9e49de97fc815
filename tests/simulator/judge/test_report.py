"""A whole backtest, by hand: one day, one fire; a late and a noisy rule lose where they should; the same in, the same bytes."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from simulator.judge.crew import PackText
from simulator.judge.event_files import look_through
from simulator.judge.page import page
from simulator.judge.play import play
from simulator.judge.report import Report, Wishes, as_bytes, backtest
from simulator.judge.truth_file import Happened
from simulator.recording import Recorded
from tests.simulator.judge.played import FLAT, LATE, NOISY, PACK, SHADOW, a_day, at_s, reading, the_fire, written

ROOT = Path(__file__).resolve().parents[3]


def judged(
    tmp_path: Path,
    text: str = PACK,
    *,
    lines: Sequence[Recorded] | None = None,
    truth: Sequence[Happened] | None = None,
    old: str = "",
    job_count: int = 1,
) -> Any:
    seen = look_through([written(tmp_path / "events.jsonl", a_day() if lines is None else lines)])
    wishes = Wishes(
        pack=PackText(name="new", text=text),
        old=PackText(name="old", text=old) if old else None,
        truth=(the_fire(),) if truth is None else tuple(truth),
        job_count=job_count,
    )
    report: Report = backtest(seen, wishes)
    return json.loads(as_bytes(report))


def test_a_day_with_one_fire_has_the_figures_reckoned_by_hand(tmp_path: Path) -> None:
    report = judged(tmp_path)
    whole = report["all"]
    # warned at 12:00 (50 °C), alarmed and sent at 12:05 (60 °C); dangerous at 12:10
    assert {name: whole["warning"][name] for name in ("asked", "detected", "false", "lead_p50_s", "time_p50_s")} == {
        "asked": 1,
        "detected": 1,
        "false": 0,
        "lead_p50_s": 600.0,
        "time_p50_s": 0.0,
    }
    for stage in ("alarm", "dispatch"):
        figures = whole[stage]
        assert (figures["asked"], figures["detected"], figures["late"], figures["missed"]) == (1, 1, 0, 0)
        assert (figures["false"], figures["duplicates"], figures["recall"], figures["precision"]) == (0, 0, 1.0, 1.0)
        assert (figures["lead_p50_s"], figures["time_p50_s"]) == (300.0, 300.0)
    assert (whole["announced"], whole["operator_days"], whole["floods"]) == (1, 1.0, 0)
    assert whole["cost"] == {"standard": 0.0, "few_false_alarms": 0.0, "few_misses": 0.0}
    assert report["by_rule"]["heat"]["alarm"] == whole["alarm"]
    assert report["by_hazard"]["fire"] == report["by_community"]["c01"] == whole
    assert report["happenings"][0]["alarm"] == {
        "verdict": "detected",
        "at": "2026-01-01T12:05:00.000Z",
        "rule": "heat",
        "after_start_s": 300.0,
    }


def test_a_late_rule_is_late_in_time_to_alarm_and_costs(tmp_path: Path) -> None:
    shipped, late = judged(tmp_path)["all"], judged(tmp_path, LATE)["all"]
    assert (late["alarm"]["detected"], late["alarm"]["late"], late["alarm"]["missed"]) == (0, 1, 0)
    assert late["alarm"]["time_p50_s"] == 900.0 > shipped["alarm"]["time_p50_s"]
    assert late["alarm"]["lead_p50_s"] == -300.0 < shipped["alarm"]["lead_p50_s"]
    assert late["alarm"]["recall"] == 0.0
    assert all(late["cost"][profile] > shipped["cost"][profile] for profile in shipped["cost"])


def test_a_noisy_rule_loses_precision_and_fills_the_operators_day(tmp_path: Path) -> None:
    shipped, noisy = judged(tmp_path)["all"], judged(tmp_path, NOISY)["all"]
    assert noisy["alarm"]["precision"] < 0.1
    # 22 °C every third minute outside the fire: 470 alarms. Three of them within ten minutes after its end: one finds it, late,
    # because the alarm of 11:59 stood all the time, and two are duplicates.
    assert (noisy["alarm"]["false"], noisy["alarm"]["late"], noisy["alarm"]["duplicates"]) == (467, 1, 2)
    assert noisy["false_alarms_per_operator_day"] == 467.0
    assert shipped["false_alarms_per_operator_day"] == 0.0
    assert all(noisy["cost"][profile] > 10 for profile in noisy["cost"])
    assert noisy["cost"]["few_false_alarms"] > noisy["cost"]["standard"]


def test_a_noisy_rule_in_many_homes_is_a_flood(tmp_path: Path) -> None:
    lines = [
        reading(minute * 60, 20 + minute % 3, device=f"heat-{number}", zone=f"b01/u1/{number:04}")
        for minute in range(60)
        for number in range(20)
    ]
    assert judged(tmp_path, NOISY, lines=lines, truth=())["all"]["flood_share"] > 0.8
    assert judged(tmp_path, PACK, lines=lines, truth=())["all"]["flood_share"] == 0.0


def test_an_always_alarming_rule_does_not_even_find_the_fire(tmp_path: Path) -> None:
    always = PACK.replace("above: 45", "above: -30").replace("above: 57", "above: -20")
    alarm = judged(tmp_path, always)["all"]["alarm"]
    assert (alarm["detected"], alarm["missed"]) == (0, 1)  # it told the operator nothing new when it began to burn
    assert alarm["false"] == 1


def test_a_gap_in_the_recording_does_not_thin_out_false_alarms(tmp_path: Path) -> None:
    lines = [reading(minute * 60, 60 if minute == 5 else 20) for minute in range(61)]
    whole = judged(tmp_path, lines=[*lines, reading(365 * 86_400, 20)], truth=())["all"]
    assert whole["operator_days"] == round(2 / 24, 6)
    assert whole["false_alarms_per_operator_day"] == 12.0


def test_exercises_and_tests_are_counted_apart_and_never_score(tmp_path: Path) -> None:
    lines = [line._replace(payload=line.payload.replace(b"actual", b"exercise")) for line in a_day()]
    report = judged(tmp_path, lines=lines)
    assert report["apart"] == {"warning": 1, "alarm": 1, "dispatch": 1}
    assert (report["all"]["alarm"]["missed"], report["all"]["alarm"]["false"], report["all"]["announced"]) == (1, 0, 0)


def test_the_desk_closes_what_is_over_so_that_the_next_one_rings_anew(tmp_path: Path) -> None:
    lines = [reading(minute * 60, 60 if minute in (60, 600, 1200) else 20) for minute in range(1440)]
    seen = play(lines, PackText(name="x", text=PACK).read(), "c01")
    assert [one.at for one in seen.reached if one.stage == "alarm"] == [at_s(60 * 60), at_s(600 * 60), at_s(1200 * 60)]
    assert [one.at for one in seen.reached if one.stage == "dispatch"] == [at_s(60 * 60), at_s(600 * 60), at_s(1200 * 60)]


def test_two_packs_are_told_apart_with_the_time_between_them(tmp_path: Path) -> None:
    report = judged(tmp_path, LATE, old=PACK)
    told = report["against"]["difference"]["alarm"]
    assert (told["only_old"], told["only_new"], told["both"], told["later"], told["shift_p50_s"]) == (0, 0, 1, 1, 600.0)
    assert told["both_list"] == [
        {
            "community": "c01",
            "hazard": "fire",
            "zone": FLAT,
            "rule": "heat",
            "device": "heat-1",
            "at": "2026-01-01T12:05:00.000Z",
            "verdict": "right",
            "new_at": "2026-01-01T12:15:00.000Z",
            "shift_s": 600.0,
        }
    ]
    noisy = judged(tmp_path, NOISY, old=PACK)["against"]["difference"]["alarm"]
    assert (noisy["only_old"], noisy["only_new"], noisy["both"]) == (0, 469, 1)
    assert {one["verdict"] for one in noisy["only_new_list"][:200]} == {"false"}
    back = judged(tmp_path, PACK, old=NOISY)["against"]["difference"]["alarm"]
    assert (back["only_old"], back["only_new"], back["both"]) == (469, 0, 1)


def test_a_shadow_rule_scores_nothing_and_is_compared_with_the_live_ones(tmp_path: Path) -> None:
    lines = [*a_day()[:700], reading(700 * 60, 51), *a_day()[701:]]
    live, shadowed = judged(tmp_path, lines=lines), judged(tmp_path, SHADOW, lines=lines)
    assert shadowed["all"] == live["all"]
    assert list(shadowed["by_rule"]) == ["heat"]
    shadow = shadowed["shadow"]
    assert shadow["by_rule"]["draft"]["alarm"]["false"] == 1  # at 11:40
    assert shadow["by_rule"]["draft"]["alarm"]["detected"] == 1
    told = shadow["difference"]["alarm"]
    assert (told["only_old"], told["only_new"], told["both"]) == (0, 1, 1)


def test_many_processes_count_as_one_does(tmp_path: Path) -> None:
    lines = sorted(a_day("c01") + a_day("c02")[:900] + a_day("c03")[:300])
    truth = [the_fire(name) for name in ("c01", "c02", "c03")]
    one, three = (judged(tmp_path, lines=lines, truth=truth, old=LATE, job_count=count) for count in (1, 3))
    assert one == three
    assert list(one["by_community"]) == ["c01", "c02", "c03"]
    assert one["all"]["alarm"]["missed"] == 1  # in c03, where the events end before it


SCRIPT = """
import sys, hashlib
from pathlib import Path
from tests.simulator.judge.test_report import judged
from tests.simulator.judge.played import NOISY, LATE
from simulator.judge.page import page
from simulator.judge.report import as_bytes
report = judged(Path(sys.argv[1]), NOISY, old=LATE)
print(hashlib.sha256(as_bytes(report) + page(report).encode()).hexdigest())
"""


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_same_in_gives_the_same_bytes_whatever_the_hash_seed(tmp_path: Path, seed: str) -> None:
    report = judged(tmp_path, NOISY, old=LATE)
    here = hashlib.sha256(as_bytes(report) + page(report).encode()).hexdigest()
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        cwd=ROOT,
        env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "PATH": ""},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == here
