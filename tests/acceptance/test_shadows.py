"""The third process: a shadow rule is heard on real events, nobody hears of it, and its death is nobody's but its own."""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from handlers.shadow_book import ShadowBook, Told, read_progress, read_told
from rules.canonical import to_json
from rules.model import Entity
from shouwang.casebook import opened_casebook
from shouwang.options import settings_or_exit
from shouwang.shadow_follow import Follower
from tests.acceptance.outside import Listener, Publisher, facts, opened, reading, smoke, topic_of
from tests.acceptance.service import Service
from tests.handlers.channels.receivers import Receiver
from tests.server_process import children
from tests.servers import HOST, Mosquitto
from tests.shouwang.test_shadow_follow import SHADOWED

pytestmark = [pytest.mark.acceptance, pytest.mark.needs("mosquitto")]

DRAFT = "hot_draft"


@pytest.fixture
def people() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def service(tmp_path: Path, mosquitto: Mosquitto, people: Receiver) -> Iterator[Service]:
    pack = tmp_path / "pack.yaml"
    pack.write_text(SHADOWED, encoding="utf-8")
    settings = {
        "SHOUWANG_PACK": str(pack),
        "SHOUWANG_MQTT__HOST": HOST,
        "SHOUWANG_MQTT__PORT": str(mosquitto.port),
        "SHOUWANG_PEOPLE": json.dumps({"property": [f"json://{HOST}:{people.port}/property"]}),
    }
    made = Service(tmp_path / "service", settings, role="all")
    made.start()
    made.until_ready()
    yield made
    made.kill()


def test_a_shadow_says_what_it_would_have_said_to_nobody_and_dies_alone(
    service: Service, mosquitto: Mosquitto, people: Receiver, tmp_path: Path
) -> None:
    chain = pid_of(service, "chain")
    with Publisher(mosquitto.port) as field, Listener(mosquitto.port, "shouwang/v1/jade/out/#") as listener:
        heat(field, "heat-1", "b01")
        service.until("the shadow has spoken", lambda: raised(service) == ["heat-1"])
        with reading(service) as views:
            assert [fact["entity"] for fact in facts(views)] == ["pack"], "the live chain says nothing"
        assert (listener.messages, people.received) == ([], [])

        dead = pid_of(service, "shadow")
        os.kill(dead, signal.SIGKILL)
        heat(field, "heat-2", "b02")
        field.publish(topic_of("s-1"), smoke("e-1", "b03"))
        with reading(service) as views:
            service.until("the live chain goes on", lambda: bool(opened(facts(views), "alarm")))
            service.until("people are told", lambda: bool(people.received))
            service.until("the shadow has caught up", lambda: raised(service) == ["heat-1", "heat-2"])
            assert [fact["rule"] for fact in opened(facts(views), "alarm")] == ["smoke_detector"]
            assert DRAFT not in json.dumps(facts(views))
        assert (pid_of(service, "chain"), pid_of(service, "shadow") == dead) == (chain, False)
        assert DRAFT not in str([*listener.messages, *people.received])

    answer = httpx.get(
        f"http://{HOST}:{service.settings['SHOUWANG_WEB__PORT']}/v1/reports/shadow",
        headers={"Authorization": f"Bearer {(service.data / 'token').read_text(encoding='ascii').strip()}"},
        trust_env=False,
    )
    [draft] = answer.json()["rules"]
    assert (draft["rule"], draft["alarm"]["only_shadow_count"], draft["alarm"]["only_live_count"]) == (DRAFT, 2, 1)
    assert service.stop() == 0
    assert [to_json(fact) for fact in told(service).facts] == heard_at_once(service, tmp_path / "again.db")


def heat(field: Publisher, device: str, zone: str) -> None:
    field.publish(topic_of(device, "reading"), {"id": f"e-{device}", "kind": "temperature", "value": 35, "zone": zone})


def told(service: Service) -> Told:
    found = read_told(service.data / "shadow.db", 0)
    assert found is not None
    return found


def raised(service: Service) -> list[str]:
    """The devices for which the draft alone would have opened an alarm, each as often as it is kept."""
    if read_progress(service.data / "shadow.db") is None:
        return []
    draft = [fact for fact in told(service).facts if fact.rule == DRAFT]
    return [fact.device for fact in draft if (fact.entity, fact.transition) == (Entity.ALARM, "opened")]


def pid_of(service: Service, role: str) -> int:
    """The one process of this role."""
    assert service.process is not None
    pids = children(service.process.pid)
    [pid] = [pid for pid in pids if f"shouwang.role_{role}" in Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")]
    return pid


def heard_at_once(service: Service, path: Path) -> list[bytes]:
    """What shadows tell that hear the same journal in one life."""
    with opened_casebook(settings_or_exit(None, service.data)) as book, closing(ShadowBook(path)) as kept:
        follower = Follower(kept, book)
        follower.turn()
        follower.commit()
    found = read_told(path, 0)
    assert found is not None
    return [to_json(fact) for fact in found.facts]
