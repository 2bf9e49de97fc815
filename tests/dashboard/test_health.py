"""Readiness is honest: whatever would keep a critical alarm from being handled turns it red, and says what to do."""

import threading
from typing import Any

import pytest

from dashboard import health
from tests.dashboard.conftest import Site


def test_the_process_says_that_it_lives_to_anybody(site: Site) -> None:
    assert site.client(token=None).get("/health/live").json() == {"live": True}


def test_all_is_well(site: Site) -> None:
    answer = site.client().get("/health/ready")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)
    assert [check["name"] for check in answer.json()["checks"]] == ["front_door", "journal", "store_readable", "live_stream"]
    assert (answer.json()["lag_ms"], answer.json()["position_applied"]) == (3, 12)


def test_a_desk_that_cannot_journal_is_red(site: Site) -> None:
    failing = {"name": "journal", "ok": False, "zh": "流水无法写入：请检查磁盘空间", "en": "free disk space"}
    site.door.health = {**site.door.health, "ready": False, "checks": [failing]}
    assert _failed(site) == ["journal"]


def test_a_desk_that_is_ready_although_a_check_fails_is_so_here_too(site: Site) -> None:
    """Such as a computer's clock that is wrong: it is told, and alarms are handled (docs/decisions/0015-our-clock.md)."""
    clock = {"name": "clock", "ok": False, "zh": "本机时钟快约 3600 秒", "en": "this computer's clock is about 3600 s ahead"}
    site.door.health = {**site.door.health, "checks": [clock]}
    answer = site.client().get("/health/ready")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)
    assert clock in answer.json()["checks"]


def test_a_desk_that_says_not_ready_without_saying_why_is_red(site: Site) -> None:
    site.door.health = {**site.door.health, "ready": False}
    assert site.client().get("/health/ready").status_code == 503


@pytest.mark.parametrize("fault", ["closed", "mute"])
def test_a_desk_that_does_not_answer_is_red(site: Site, fault: str) -> None:
    if fault == "closed":
        site.door.close()
    site.door.is_mute = fault == "mute"
    assert _failed(site) == ["front_door"]


def test_a_store_that_cannot_be_read_is_red_and_says_so_on_every_page(site: Site) -> None:
    site.lose_store()
    assert "store_readable" in _failed(site)
    for path in ("/v1/incidents", "/v1/incidents/i-1", "/v1/counts", "/v1/rejected"):
        answer = site.client().get(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "store_unreadable"), path
    assert site.client().post("/v1/actions", json={"verb": "note", "entity": "incident", "entity_id": "i-1"}).status_code == 503


def test_a_store_that_hangs_is_red_as_well(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    may_answer = threading.Event()
    monkeypatch.setattr(health, "STORE_MAX_S", 0.05)
    monkeypatch.setattr(site.web.reads, "last_seq", lambda: may_answer.wait(20))
    try:
        assert _failed(site) == ["store_readable"]
    finally:
        may_answer.set()


def test_a_fault_of_ours_is_said_as_such_and_keeps_its_details(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down() -> None:
        raise ZeroDivisionError("a secret detail")

    monkeypatch.setattr(site.web.reads, "counts", break_down)
    answer = site.client().get("/v1/counts")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "our_fault")
    assert "secret" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_stream_that_has_died_is_red(site: Site) -> None:
    site.web.hub.is_running = False
    assert _failed(site) == ["live_stream"]


def test_metrics_of_both_processes_stand_together(site: Site) -> None:
    client = site.client()
    client.get("/v1/incidents/i-404")
    answer = client.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert 'shouwang_web_requests_total{method="GET",route="/v1/incidents/{incident_id}",status="404"} 1.0' in answer.text
    assert "shouwang_entries_total 7.0" in answer.text
    assert "shouwang_web_front_door_up 1.0" in answer.text
    assert "shouwang_ready 1.0" in answer.text
    assert 'shouwang_open_incidents{level="red"} 0.0' in answer.text
    helped = {line.split()[2] for line in answer.text.splitlines() if line.startswith("# HELP")}
    typed = {line.split()[2] for line in answer.text.splitlines() if line.startswith("# TYPE")}
    assert helped == typed
    site.door.close()
    alone = client.get("/metrics").text
    assert "shouwang_web_front_door_up 0.0" in alone
    assert "shouwang_entries_total" not in alone
    assert "shouwang_ready 0.0" in alone
    site.lose_store()
    assert "shouwang_open_incidents{" not in client.get("/metrics").text


def _failed(site: Site) -> list[str]:
    answer = site.client().get("/health/ready")
    body: dict[str, Any] = answer.json()
    assert (answer.status_code, body["ready"]) == (503, False)
    failed = [check for check in body["checks"] if not check["ok"]]
    assert all(check["zh"] and check["en"] for check in failed)
    return [check["name"] for check in failed]
