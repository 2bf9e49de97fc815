"""A hotline's order through the real processes and back; and on its case, a look into the care list."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from handlers.channels.webhook import sign
from shouwang.clock import wall_now
from tests.acceptance.outside import act, facts, opened, reading
from tests.acceptance.service import Service
from tests.handlers.channels.receivers import Receiver
from tests.servers import HOST

pytestmark = pytest.mark.acceptance

SECRET = "a secret of the hotline's"
ORDER = {"order_no": "CD/126", "content": "张三丰13812345678说3栋2单元着火了", "caller_name": "张三丰", "zone": "b03/u2"}
CARE = "reference,zone,purpose,holder,valid_until\nJG-0001,b03/u1/0502,evacuation,翠苑社区居委会,{day}\n"


@pytest.fixture
def hotline() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def service(tmp_path: Path, hotline: Receiver) -> Iterator[Service]:
    routes = tmp_path / "routes.yaml"
    routes.write_text("routes:\n  hotline: {format: work_order, community: jade, push: true}\n", encoding="utf-8")
    hook = {"name": "hotline", "url": f"http://{HOST}:{hotline.port}/result", "secret": SECRET, "form": "work_order"}
    hooks = [{**hook, "orders_of": ["hotline"], "allow_networks": ["127.0.0.0/8"]}]
    settings = {"MQTT__IS_ENABLED": "false", "ROUTES": str(routes), "WEBHOOKS": json.dumps(hooks)}
    made = Service(tmp_path / "service", {f"SHOUWANG_{name}": value for name, value in settings.items()}, role="all")
    made.start()
    made.until_ready()
    yield made
    made.kill()


def told(hotline: Receiver) -> list[tuple[str, str, int]]:
    bodies: list[dict[str, Any]] = [json.loads(each.body) for each in hotline.received]
    return [(body["order_no"], body["status"], body["sequence"]) for body in bodies]


def test_an_order_comes_is_handled_and_its_result_goes_back(service: Service, hotline: Receiver) -> None:
    secret = service.command("token", "--name", "push-hotline").stdout.strip()
    door = f"http://{HOST}:{service.settings['SHOUWANG_FRONT_DOOR__PORT']}/v1/push/hotline"
    answer = httpx.post(door, json=ORDER, headers={"Authorization": f"Bearer {secret}"}, timeout=30, trust_env=False)
    assert answer.json()["accepted_count"] == 1, answer.text
    with reading(service) as views:
        service.until("it is a fire", lambda: any(each["hazard"] == "fire" for each in opened(facts(views))))
        (fire,) = [each for each in opened(facts(views)) if each["hazard"] == "fire"]
    service.until("the hotline hears that somebody is sent", lambda: told(hotline)[:1] == [("CD/126", "处理中", 1)])

    look_into_care(service, fire["entity_id"])
    assert act(service, "close", "incident", fire["entity_id"], verdict="false", reason="水蒸气")["is_accepted"]
    service.until("the hotline hears how it ended", lambda: ("CD/126", "退回", len(hotline.received)) in told(hotline))
    last = hotline.received[-1]
    assert last.headers["Shouwang-Signature"] == sign(SECRET, last.headers["Shouwang-Timestamp"], last.body)
    assert last.headers["Idempotency-Key"].startswith("webhook:hotline:order:jade:order@hotline.CD%2F126:")
    private = ("张三丰".encode(), b"13812345678", b"JG-0001")
    assert not [word for word in private for each in hotline.received if word in each.body]


def look_into_care(service: Service, incident_id: str) -> None:
    """The list is loaded while the service runs; a look is answered with whom to ask."""
    file = service.folder / "care.csv"
    file.write_text(
        CARE.format(day=datetime.fromtimestamp(wall_now() / 1000 + 30 * 86_400, UTC).date().isoformat()), encoding="utf-8"
    )
    loaded = service.command("care", "load", str(file), "--community", "jade")
    token = (service.data / "token").read_text(encoding="ascii").strip()
    web = f"http://{HOST}:{service.settings['SHOUWANG_WEB__PORT']}/v1/incidents/{incident_id}/care"
    looked = httpx.post(web, headers={"Authorization": f"Bearer {token}"}, timeout=30, trust_env=False)
    assert looked.status_code == 200, (looked.text, loaded.stderr)
    assert [line["reference"] for line in looked.json()["lines"]] == ["JG-0001"], loaded.stdout + loaded.stderr
