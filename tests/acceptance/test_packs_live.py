"""Rule packs and the running service: a bad one never decides, a better one is activated by an entry, running clocks stay."""

from collections.abc import Iterator
from pathlib import Path

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
