"""``shouwang scenario``: faults by file, line and column, a play that is judged, files that another tool reads."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from shouwang import cli
from shouwang.exits import Exit
from simulator.recording import read_recording
from simulator.scenario_file import scenario_names

SMALL = """\
scenario: small
title: {zh: 小, en: Small}
starts: 2026-03-02T18:10:00+08:00
lasts_s: 300
tells: a test
community: {building_count: 1, unit_count: 1, floor_count: 5, flat_count: 1}
hazards:
  - {model: fire, zone: b01/u1/0501, starts_s: 10, growth: fast}
"""


def scenario(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, ["scenario", *map(str, arguments)], catch_exceptions=False)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    file = tmp_path / "small.yaml"
    file.write_text(SMALL, encoding="utf-8")
    return file


def test_the_list_names_every_bundled_scenario_in_both_languages() -> None:
    lines = scenario("list").output.splitlines()
    assert [line.split()[0] for line in lines] == list(scenario_names())
    [kitchen] = [line for line in lines if line.startswith("kitchen_fire ")]
    assert "厨房起火  Kitchen fire" in kitchen
    told = [json.loads(line) for line in scenario("list", "--json").output.splitlines()]
    assert [line["scenario"] for line in told] == list(scenario_names())


def test_every_bundled_scenario_is_good() -> None:
    done = scenario("check")
    assert done.exit_code == Exit.OK, done.output
    assert done.output.count(": good: ") == len(scenario_names())


def test_check_tells_all_faults_of_all_files(tmp_path: Path, small: Path) -> None:
    form = tmp_path / "form.yaml"
    form.write_text(SMALL.replace("lasts_s: 300", "lasts_s: soon").replace("en: Small", "es: Small"), encoding="utf-8")
    place = tmp_path / "place.yaml"
    place.write_text(SMALL.replace("0501, starts", "0901, starts") + "  - {model: intrusion, zone: b01/u1/0501, starts_s: 5}\n")
    done = scenario("check", form, small, place, tmp_path / "none.yaml")
    assert done.exit_code == Exit.FAILED
    for told in (
        f"{form}:4:1: lasts_s: Input should be a valid number",
        f"{form}:2:1: title.en: Field required",
        f"{form}:2:16: title.es: Extra inputs",
        f"{small}: good:",
        f"{place}:8:19: hazards.0.zone: the fire at b01/u1/0901 changes smoke_obscuration, carbon_",
        f"{place}:9:24: hazards.1.zone: the intrusion needs a camera at b01/u1/0501",
        "there is no such scenario; bundled are",
    ):
        assert told in done.output


def test_a_play_is_judged_and_the_same_every_time(small: Path) -> None:
    first, second = scenario("play", small, "--json"), scenario("play", small, "--json")
    assert first.exit_code == Exit.OK, first.output
    assert first.output == second.output
    assert "the ground truth was met" in first.stderr
    assert any(json.loads(line)["transition"] == "ordered" for line in first.stdout.splitlines())


def test_a_chain_that_hears_nothing_has_not_met_the_truth(small: Path) -> None:
    small.write_text(f"{SMALL}faults:\n  - {{fault: dead, share: 1}}\n", encoding="utf-8")
    done = scenario("play", small)
    assert done.exit_code == Exit.FAILED
    assert "MISSED: alarm of fire at b01/u1/0501" in done.output
    assert "fault 故障: dead share=1" in done.stderr


def test_faults_are_drawn_from_the_seed_and_told_first(small: Path) -> None:
    told = [scenario("play", small, "--faults", faults).stderr.splitlines() for faults in ("loss,reorder", "loss,reorder", "2")]
    assert told[0] == told[1]
    assert [line.split()[2] for line in told[0][1:3]] == ["loss", "reorder"]
    assert sum("fault 故障" in line for line in told[2]) == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["play", "kitchen_fyre"], "there is no such scenario"),
        (["play", "kitchen_fire", "--faults", "gremlins"], "There is no fault gremlins; there are loss, duplicate"),
        (["play", "kitchen_fire", "--pack", "none.yaml"], "none.yaml"),
        (["export", "kitchen_fire", "--events", "/none/e", "--truth", "/none/t"], "Nothing can be written there"),
    ],
)
def test_what_cannot_be_done_is_told(arguments: list[str], told: str) -> None:
    done = scenario(*arguments)
    assert done.exit_code == Exit.USAGE
    assert told in done.output


def test_a_place_that_another_seeds_community_lacks_is_told(small: Path) -> None:
    small.write_text(SMALL.replace("fire, zone: b01/u1/0501", "fire, zone: b02/u1/0501"), encoding="utf-8")
    assert "cannot be played with seed 7: the fire at b02/u1/0501" in scenario("play", small, "--seed", 7).output


def test_the_export_is_events_and_truth(small: Path, tmp_path: Path) -> None:
    events, truth = tmp_path / "events.jsonl.gz", tmp_path / "truth.jsonl"
    assert scenario("export", small, "--events", events, "--truth", truth).exit_code == Exit.OK
    assert len(list(read_recording(events))) > 100
    fire = json.loads(truth.read_text(encoding="utf-8").splitlines()[0])
    assert list(fire) == ["hazard", "community", "zone", "start", "dangerous_at", "end", "due_by"]
    assert fire["hazard"], fire["zone"] == ("fire", "b01/u1/0501")
    assert fire["start"] == "2026-03-02T10:10:10.000Z"
    assert fire["start"] < fire["dangerous_at"] == fire["due_by"]["alarm"] < fire["due_by"]["dispatch"] < fire["end"]


def test_the_schema_beside_the_scenarios_is_the_printed_one() -> None:
    file = Path(__file__).resolve().parents[2] / "simulator" / "scenarios" / "scenario.schema.json"
    assert file.read_text(encoding="utf-8") == scenario("schema").output
