"""Metrics: each says what it means, Prometheus' own tool finds nothing to mend, and what rules and panels read is there."""

import re
import subprocess
from collections.abc import Iterator

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from ingest.formats import FORMATS
from ingest.http_push import PushDoor
from ingest.route import Push, Route, RouteReader
from ingest.topics import Lane
from shouwang.metrics import DeskCollector, GaugesByLane, NamedCounts, RouteCollector, exposition
from tests.acceptance.service import Service
from tests.deploy.test_prometheus import names_used
from tests.programs import find
from tests.servers import HOST, free_port
from tests.shouwang.spine import Spine, event, smoke

TOKEN = "metrics-token-for-this-test"


@pytest.fixture(scope="module")
def scrape(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What Prometheus reads of a whole running service; its broker is away, and must not be missed in the figures."""
    service = Service(
        tmp_path_factory.mktemp("service"),
        {
            "SHOUWANG_METRICS_TOKEN": TOKEN,
            "SHOUWANG_MQTT__HOST": HOST,
            "SHOUWANG_MQTT__PORT": str(free_port()),
            "SHOUWANG_EXCHANGE": '[{"name": "street", "communities": ["jade"], "hazards": ["fire"], "purpose": "oversight"}]',
        },
        role="all",
    )
    service.start()
    try:
        service.until("both answer", lambda: "shouwang_entries_total" in _get(service))
        yield _get(service)
    finally:
        assert service.stop() == 0


def _get(service: Service) -> str:
    address = f"http://{HOST}:{service.settings['SHOUWANG_WEB__PORT']}/metrics"
    try:
        return httpx.get(address, headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False, timeout=10).text
    except httpx.TransportError:
        return ""


@pytest.mark.acceptance
def test_what_rules_and_panels_read_is_there(scrape: str) -> None:
    names = set(re.findall(r"^(shouwang_[a-z_]+)", scrape, re.MULTILINE))
    assert names_used() <= names


@pytest.mark.acceptance
def test_every_metric_says_what_it_means_once(scrape: str) -> None:
    helps = re.findall(r"^# HELP (\S+) (.*)$", scrape, re.MULTILINE)
    families = list(text_string_to_metric_families(scrape))
    assert len(helps) == len({name for name, _ in helps}) >= len(families) > 15
    assert all(len(family.documentation) > 10 for family in families)
    assert not [name for name, text in helps if len(text) <= 10]


@pytest.mark.acceptance
@pytest.mark.needs("promtool")
def test_prometheus_own_tool_finds_nothing_to_mend(scrape: str) -> None:
    program = find("promtool")
    assert program is not None
    done = subprocess.run([program, "check", "metrics"], input=scrape, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.acceptance
def test_without_its_broker_it_is_not_ready(scrape: str) -> None:
    assert re.search(r"^shouwang_ready 0\.0$", scrape, re.MULTILINE)
    assert 'shouwang_mqtt_connected{lane="critical"} 0.0' in scrape


def values(text: bytes) -> dict[str, float]:
    """``name{label}`` → value."""
    return {
        f"{sample.name}{sorted(sample.labels.values())}": sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def test_the_desks_figures_are_the_desks_own(spine: Spine) -> None:
    spine.start()
    spine.put(smoke("s1"), event("r1"), lane=Lane.CRITICAL)
    spine.settle()
    spine.until("the chain's counters are as new", lambda: spine.desk.engine_counts["events"] == 2)
    figures = values(exposition([DeskCollector(spine.desk)])())
    assert figures["shouwang_entries_total[]"] == 3
    assert figures["shouwang_effects_total[]"] > 3
    assert figures["shouwang_chain_total['events']"] == 2
    positions = [figures[f"shouwang_position['{stage}']"] for stage in ("journaled", "decided", "applied")]
    assert positions == [3, 3, 3]
    assert figures["shouwang_journal_failing[]"] == figures["shouwang_store_failing[]"] == 0
    assert all(figures[f"shouwang_stage_seconds_total['{stage}']"] > 0 for stage in ("journal", "chain", "store"))
    assert [figures[f"shouwang_backlog_entries['{lane.value}']"] for lane in Lane] == [0, 0, 0]
    spine.stop()


def test_trouble_shows(spine: Spine) -> None:
    spine.start()
    spine.journal.is_full = True
    spine.store.is_away = True
    spine.offer(event("r1"), lane=Lane.BULK)
    spine.until("trouble", lambda: spine.desk.progress.journal_failure)
    figures = values(exposition([DeskCollector(spine.desk)])())
    assert figures["shouwang_journal_failing[]"] == 1


def test_what_others_count_is_read_when_asked() -> None:
    counts: dict[str, int | float] = {"b": 2}
    up = {"critical": True}
    render = exposition([NamedCounts("n", "Counts.", lambda: counts), GaugesByLane("up", "Up.", lambda: up)])
    counts["a"] = 1
    assert values(render()) == {"n_total['a']": 1, "n_total['b']": 2, "up['critical']": 1}


def test_each_route_s_figures_are_named_by_the_route() -> None:
    known = FORMATS["senml"]
    route = Route(name="hot", format=known, community="jade", network=known.network)
    reader = RouteReader(route, lambda: 5_000)
    PushDoor(reader, Push(), "secret", now=lambda: 0, monotonic_s=lambda: 0.0).figures.unproved_count = 3
    reader.read("x", b'[{"n": "a", "u": "Cel", "v": 1}, {"n": "b", "u": "Cel", "v": 2}]', arrival="1")
    reader.read("x", b"{", arrival="2")
    figures = values(exposition([RouteCollector([reader])])())
    told = {"received": 2, "event": 2, "rejected": 1, "ignored": 0, "failed": 0, "unproved": 3, "slowed": 0}
    assert figures == {f"shouwang_route_total{sorted(['hot', name])}": count for name, count in told.items()} | {
        "shouwang_route_last_seconds['hot']": 5
    }
