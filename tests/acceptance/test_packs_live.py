"""Rule packs and the running service: a bad one never decides, a better one is activated by an entry, running clocks stay."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from rules.model import Entity, PackActivation
from shouwang.exits import Exit
from shouwang.settings import PACKS
from tests.acceptance.outside import Doc, Gateway, facts, reading, settle, smoke, topic_of
from tests.acceptance.service import Service

pytestmark = pytest.mark.acceptance

GOOD = (PACKS / "community.yaml").read_text(encoding="utf-8")
CLOCKS = "clocks: {accepted: 60s, en_route: 90s, on_scene: 3min, completed: 10min}"
HASTY = GOOD.replace(CLOCKS, "clocks: {accepted: 20s, en_route: 40s, on_scene: 2min, completed: 8min}").replace(
    'version: "1.0.0"', 'version: "1.1.0"'
)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    pack = tmp_path / "pack.yaml"
    pack.write_text(GOOD, encoding="utf-8")
    made = Service(tmp_path / "service", {"SHOUWANG_MQTT__IS_ENABLED": "false", "SHOUWANG_PACK": str(pack)})
    yield made
    made.kill()


def pack_of(service: Service) -> Path:
    return Path(service.settings["SHOUWANG_PACK"])


def started(service: Service) -> None:
    service.start()
    service.until_ready()


def fire(service: Service, device: str, zone: str) -> Doc:
    """A smoke alarm, and the order for the fire team that follows from it."""
    with Gateway(service) as gateway, reading(service) as views:
        gateway.post(smoke(f"e-{device}", zone), topic=topic_of(device))

        def orders() -> list[Doc]:
            return [each for each in views.underway(Entity.DISPATCH) if each["zone"] == zone and each["party"] == "micro_station"]

        service.until("somebody was sent", orders)
        return orders()[0]


def limits(order: Doc) -> list[int]:
    """Seconds from the order to each of its deadlines."""
    return [(clock["due_at"] - order["ordered_at"]) // 1000 for clock in order["clocks"]]


def activations(service: Service) -> list[str]:
    return [each.entry.version for each in service.journal() if isinstance(each.entry, PackActivation)]


def test_a_bad_pack_at_the_start_says_where_and_nothing_starts(service: Service) -> None:
    text = GOOD.replace("life_safety: true, gathers_with", "life_savety: true, gathers_with", 1).replace(
        "late_max: 30min", "late_max: 30 parsecs", 1
    )
    pack_of(service).write_text(text, encoding="utf-8")
    service.start()
    assert settle(service) == Exit.USAGE
    first = text[: text.index("life_savety")].count("\n") + 1
    second = text[: text.index("30 parsecs")].count("\n") + 1
    said = service.log_tail()
    assert f"{pack_of(service)}:{first}:" in said
    assert f"{pack_of(service)}:{second}:" in said, "every fault is told at once"
    assert not (service.data / "journal").exists()


def test_a_better_pack_is_activated_by_an_entry_and_running_clocks_stay(service: Service) -> None:
    started(service)
    before = fire(service, "s-1", "b01/u1/0101")
    assert limits(before) == [60, 90, 180, 600]
    assert service.stop() == 0

    started(service)
    assert activations(service) == ["1.0.0"], "the same pack is not activated twice"
    assert service.stop() == 0

    pack_of(service).write_text(HASTY, encoding="utf-8")
    started(service)
    after = fire(service, "s-2", "b03/u1/0101")
    assert activations(service) == ["1.0.0", "1.1.0"]
    assert (limits(after), after["pack_version"]) == ([20, 40, 120, 480], "1.1.0")
    with reading(service) as views:
        kept = views.record(Entity.DISPATCH, before["id"])
        assert kept is not None
        assert (kept["clocks"], kept["pack_version"], kept["state"]) == (before["clocks"], "1.0.0", "ordered")
        told = [fact["pack_version"] for fact in facts(views) if fact["entity"] == "pack"]
    assert told == ["1.0.0", "1.1.0"]
    assert service.stop() == 0

    pack_of(service).write_text("rules: [", encoding="utf-8")
    service.start()
    assert settle(service) == Exit.USAGE
    assert activations(service) == ["1.0.0", "1.1.0"], "a bad pack replaces nothing"


def test_a_pack_is_activated_live_survives_a_kill_and_goes_back(service: Service, tmp_path: Path) -> None:
    site = tmp_path / "site.yaml"
    site.write_text(SITE, encoding="utf-8")
    started(service)
    fire(service, "s-1", "b01/u1/0101")

    dry = service.command("rules", "activate", str(site), "--dry-run", "--by", "li")
    assert dry.returncode == 0, dry.stderr
    assert "plan fire (Fire plan): orders[fire_fighting].clocks.accepted from 1 min to 20 s" in dry.stdout
    assert activations(service) == ["1.0.0"]

    done = service.command("rules", "activate", str(site), "--by", "li")
    assert done.returncode == 0, done.stderr
    assert "site 2.0.0 is in force" in done.stdout
    assert limits(fire(service, "s-2", "b03/u1/0101"))[0] == 20
    with reading(service) as views:
        told = [fact for fact in facts(views) if fact["entity"] == "pack"]
    assert (told[-1]["pack_version"], told[-1]["actor"]) == ("2.0.0", "li")

    service.kill()
    started(service)
    assert activations(service) == ["1.0.0", "2.0.0"], "a start does not replace what a person put in force"
    assert "pack_of_settings_not_in_force" in service.log_tail()

    site.write_text(SITE.replace("fire: {orders", "fyre: {orders"), encoding="utf-8")
    bad = service.command("rules", "activate", str(site), "--by", "li")
    assert bad.returncode == Exit.FAILED
    assert f"{site}:6:11: there is no 'fyre' to override in plans" in bad.stderr
    assert activations(service) == ["1.0.0", "2.0.0"]

    back = service.command("rules", "rollback", "--by", "wang")
    assert back.returncode == 0, back.stderr
    history = service.command("rules", "history").stdout.splitlines()
    assert [line.split()[2:] for line in history][-1][-1] == "wang"
    assert [line.split()[2] for line in history] == ["1.0.0", "2.0.0", "1.0.0"]
    assert service.stop() == 0


SITE = """\
pack: site
version: "2.0.0"
title: {zh: 小区, en: Site}
extends: community
override:
  plans: {fire: {orders: [
    {capability: fire_fighting, task: {zh: 去, en: Go}, clocks: {accepted: 20s, on_scene: 3min}},
    {capability: evacuation, from_level: red, task: {zh: 疏散, en: Evacuate}, clocks: {accepted: 60s}}]}}
"""


def test_the_web_calls_people_by_the_names_of_the_new_pack_without_a_restart(tmp_path: Path) -> None:
    site = tmp_path / "site.yaml"
    site.write_text(RENAMED, encoding="utf-8")
    service = Service(tmp_path / "service", {"SHOUWANG_MQTT__IS_ENABLED": "false"}, role="all")
    try:
        started(service)
        order = fire(service, "s-1", "b01/u1/0101")
        token = service.command("token").stdout.strip()
        address = f"http://127.0.0.1:{service.settings['SHOUWANG_WEB__PORT']}"
        with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, trust_env=False) as web:

            def named() -> str:
                answer = web.get(f"/v1/incidents/{order['incident_id']}")
                return str(answer.json()["names"][order["responder"]]["en"])

            assert named() == "Fire team 1"
            done = service.command("rules", "activate", str(site), "--by", "li")
            assert done.returncode == 0, done.stderr
            service.until("the web knew the new name", lambda: named() == "Old Wang's team")
        assert service.stop() == 0
    finally:
        service.kill()


RENAMED = """\
pack: site
version: "2.0.0"
title: {zh: 小区, en: Site}
extends: community
override: {responders: {micro_station_1: {title: {zh: 老王组, en: Old Wang's team}}}}
"""
