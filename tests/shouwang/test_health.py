"""What the chain says of itself is honest: whatever would keep a critical alarm from being handled turns it red."""

from typing import Any

import pytest

from ingest.topics import Lane
from rules.model import EventClass
from shouwang import health
from shouwang.clock import monotonic_s
from shouwang.health import report
from tests.shouwang.spine import Spine, event, smoke

LANES = {"critical": True, "normal": True, "bulk": True}


def failed(said: dict[str, Any]) -> list[str]:
    bad = [check for check in said["checks"] if not check["ok"]]
    assert said["ready"] == (not bad)
    assert all(len(check["zh"]) > 3 and len(check["en"]) > 3 for check in said["checks"])
    return [check["name"] for check in bad]


def test_all_is_well_and_said_so(spine: Spine) -> None:
    spine.start()
    appended = spine.put(smoke("s1"), lane=Lane.CRITICAL)
    spine.settle()
    said = report(spine.desk, LANES)
    assert failed(said) == []
    assert said["position_journaled"] == said["position_applied"] == appended.first_position
    assert said["lag_ms"] == 0
    spine.stop()


def test_a_desk_that_has_ended_is_red(spine: Spine) -> None:
    spine.start()
    spine.stop()
    assert failed(report(spine.desk, LANES)) == ["desk"]


def test_a_desk_that_hangs_is_red(spine: Spine, monkeypatch: pytest.MonkeyPatch) -> None:
    spine.start()
    later = monotonic_s() + health.STUCK_S + 3
    monkeypatch.setattr(health, "monotonic_s", lambda: later)
    said = report(spine.desk, LANES)
    assert failed(said) == ["desk"]
    assert "has not turned for 1" in next(check["en"] for check in said["checks"] if not check["ok"])  # type: ignore[attr-defined]
    spine.stop()


def test_a_journal_that_is_full_is_red_until_it_has_room(spine: Spine) -> None:
    spine.start()
    spine.journal.is_full = True
    told = spine.offer(event("r"), lane=Lane.BULK)
    spine.until("red", lambda: failed(report(spine.desk, LANES)) == ["journal"])
    spine.journal.is_full = False
    told.wait()
    spine.until("green", lambda: failed(report(spine.desk, LANES)) == [])
    spine.stop()


def test_a_store_that_is_away_is_red_until_it_is_back(spine: Spine) -> None:
    spine.start()
    spine.store.is_away = True
    spine.put(event("door", EventClass.STATE, kind="opening", state="open"), smoke("s1"), lane=Lane.CRITICAL)
    spine.until("red", lambda: failed(report(spine.desk, LANES)) == ["store"])
    assert report(spine.desk, LANES)["position_applied"] != report(spine.desk, LANES)["position_journaled"]
    spine.store.is_away = False
    spine.until("green", lambda: failed(report(spine.desk, LANES)) == [])
    spine.stop()


def test_a_chain_that_lags_is_red(spine: Spine) -> None:
    spine.start()
    spine.settle()
    spine.stop()
    spine.desk.progress.journaled_position += health.LAG_MAX + 1
    assert failed(report(spine.desk, LANES)) == ["desk", "lag"]


@pytest.mark.parametrize("lane", LANES)
def test_a_lane_without_its_broker_is_red_and_named(spine: Spine, lane: str) -> None:
    spine.start()
    assert failed(report(spine.desk, LANES | {lane: False})) == [f"mqtt_{lane}"]
    assert failed(report(spine.desk, {})) == [], "without a broker by intent all is well"
    spine.stop()
