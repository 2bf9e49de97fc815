"""The page about real fires says what the chain does today, and the judge of single fires counts right."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from rules.definition import RulePack
from simulator.fires.fsri import fsri_fires
from simulator.fires.outcome import measure
from simulator.fires.page import page
from simulator.fires.real_fire import Probe, RealFire, reading
from simulator.real_data import DATA
from simulator.real_fires import main, write_page
from simulator.recording import Recorded
from simulator.virtual import decisions

PAGE = Path(__file__).resolve().parents[2] / "docs" / "real-fires.md"
START_AT = 1_767_225_600_000
PROBE = Probe("T", "heat-1", "temperature", "room")


def fire(*pairs: tuple[int, float], ignition_s: int | None) -> RealFire:
    def records() -> Iterator[Recorded]:
        for second, value in pairs:
            yield reading(PROBE, START_AT + second * 1000, value)

    ignition_at = None if ignition_s is None else START_AT + ignition_s * 1000
    return RealFire(name="small", collection="fsri_fires", start_at=START_AT, ignition_at=ignition_at, records=records)


def test_stages_are_counted_from_the_ignition(pack: RulePack) -> None:
    calm = [(second, 22.0) for second in range(100)]
    burning = [(second, 22.0 + (second - 100) * 2) for second in range(100, 200)]
    outcome = measure(fire(*calm, *burning, ignition_s=100), pack)
    assert outcome.warning_s is not None
    assert outcome.alarm_s is not None
    assert 0 < outcome.warning_s < outcome.alarm_s < 40
    assert outcome.dispatch_s == outcome.alarm_s
    assert outcome.has_warned_first
    assert (outcome.calm_warning_count, outcome.calm_alarm_count) == (0, 0)


def test_what_is_noticed_before_the_ignition_is_false(pack: RulePack) -> None:
    hot = [(second, 80.0) for second in range(100)]
    outcome = measure(fire(*hot, ignition_s=100), pack)
    assert outcome.calm_alarm_count == 1
    assert outcome.calm_warning_count >= 1
    assert outcome.alarm_s is None


def test_a_fire_that_nobody_notices_is_a_miss_on_the_page(pack: RulePack) -> None:
    outcome = measure(fire((0, 22.0), (100, 22.0), ignition_s=50), pack)
    text = page([outcome], pack)
    assert "0 of 1 alarmed" in text
    assert "never alarmed: small" in text
    assert "| small | never | never | never | 50 | 0 | 0 |" in text


def test_missing_recordings_are_told(tmp_path: Path) -> None:
    out = io.StringIO()
    assert main(["--data", str(tmp_path)], out) == 1
    assert "is missing" in out.getvalue()


@pytest.mark.needs("recordings")
def test_the_page_says_what_the_chain_does_today(pack: RulePack) -> None:
    assert PAGE.read_text(encoding="utf-8") == write_page(DATA, pack), "python -m simulator.real_fires > docs/real-fires.md"


@pytest.mark.needs("recordings")
def test_a_burning_house_is_one_incident(pack: RulePack) -> None:
    house = next(fire for fire in fsri_fires() if fire.name == "house_Single_Story_Gas_Burner_2")
    told = list(decisions(house.records(), pack))
    assert len({decision["id"] for decision in told if decision["entity"] == "incident"}) == 1
    assert len({decision["device"] for decision in told if decision["entity"] == "alarm"}) > 5
