"""A resident's form reaches the desk and leads back to its status, through the real processes."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from rules.model import Event
from tests.acceptance.outside import facts, opened, reading
from tests.acceptance.service import Service
from tests.servers import HOST

pytestmark = pytest.mark.acceptance


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    settings = {"MQTT__IS_ENABLED": "false", "REPORT_PAGE__COMMUNITY": "jade"}
    made = Service(tmp_path / "service", {f"SHOUWANG_{name}": value for name, value in settings.items()}, role="all")
    made.start()
    made.until_ready()
    yield made
    made.kill()


def test_a_resident_s_report_becomes_an_incident_and_tells_how_it_stands(service: Service) -> None:
    form = {"what": "fire", "text": "厨房有明火，电话13812345678", "place": "3栋 2单元 502", "contact": "13812345678"}
    address = f"http://{HOST}:{service.settings['SHOUWANG_WEB__PORT']}"
    with httpx.Client(base_url=address, timeout=20, trust_env=False) as visitor, reading(service) as views:
        service.until("the page is there", lambda: _is_there(visitor))
        answer = visitor.post("/report", data=form)
        assert answer.status_code == 303, answer.text
        service.until("it is alarmed", lambda: opened(facts(views), "alarm"))
        assert [(fact["hazard"], fact["zone"]) for fact in opened(facts(views), "alarm")] == [("fire", "3栋/2单元/502")]
        quoted = [fact["value"] for fact in facts(views) if fact["transition"] == "quoted"]
        assert quoted == ["着火或冒烟: 厨房有明火，电话138****5678"]
        page = visitor.get(answer.headers["location"])
        assert (page.status_code, "已收到" in page.text) == (200, True)
    (event,) = [each.entry for each in service.journal() if isinstance(each.entry, Event) and each.entry.kind == "report"]
    assert (event.community, event.network, event.device[:9]) == ("jade", "internet", "web.fire.")
    assert event.attributes["contact"] == "138****5678"
    assert event.attributes["text"] == "着火或冒烟: 厨房有明火，电话138****5678"


def _is_there(visitor: httpx.Client) -> bool:
    try:
        return visitor.get("/report").status_code == 200
    except httpx.TransportError:
        return False
