"""An entry on which our own code fails stops the service twice, and is then set aside; everything else is decided."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from rules.model import SetAside
from shouwang.exits import Exit
from tests.acceptance.outside import Gateway, facts, opened, reading, settle, smoke, topic_of
from tests.acceptance.service import ROOT, Service

pytestmark = pytest.mark.acceptance

STUMBLES = """
from rules.intake import Intake
take = Intake.take
def stumble(self, event, now):
    if event.id == "poison":
        raise KeyError("a fault of our own")
    take(self, event, now)
Intake.take = stumble
"""
"""A fault in the chain, as a new version might bring it."""

REFUSED = """
from rules.effects import RecordRejection
from rules.intake import Intake
from rules.model import Rejected
take = Intake.take
def say_too_much(self, event, now):
    take(self, event, now)
    if event.id == "poison":
        odd = Rejected(id="r", source="s", reason="r", detail="d", excerpt=b"", size=0)
        self.book.add(RecordRejection(odd, 0, 2**70))
Intake.take = say_too_much
"""
"""A decision that no database can hold."""


@pytest.fixture(params=[STUMBLES, REFUSED], ids=["the chain stumbles", "the store refuses"])
def service(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Service]:
    faulty = tmp_path / "faulty"
    faulty.mkdir()
    (faulty / "sitecustomize.py").write_text(request.param)
    made = Service(tmp_path / "service", {"PYTHONPATH": f"{faulty}:{ROOT}", "SHOUWANG_MQTT__IS_ENABLED": "false"})
    yield made
    made.kill()


def test_the_second_time_it_is_set_aside_and_nothing_else_is_lost(service: Service) -> None:
    service.start()
    service.until_ready()
    with Gateway(service) as gateway:
        for number in range(5):
            gateway.post(smoke(f"before-{number}", f"b0{number}/u1/0101"), topic=topic_of(f"before-{number}"))
        many = [smoke(name, f"{name}/u1/0101", topic=topic_of(name)) for name in ("beside-1", "poison", "beside-2")]
        assert gateway.post(many).status_code == 200, "it was journaled, so it is acknowledged"
    ends = stops(service)
    assert set(ends) == {Exit.FAULT}
    assert len(ends) <= 3, "twice; and once more where it had to be found out first which entry it was"

    (aside,) = [each.entry for each in service.journal() if isinstance(each.entry, SetAside)]
    (position,) = [each.position for each in service.journal() if each.entry.id == "poison"]
    assert aside.position == position
    service.kill()  # and it stays aside
    service.start()
    service.until_ready()
    with reading(service) as views:
        told = facts(views)
        alarms = Counter(fact["device"] for fact in opened(told, "alarm"))
        assert alarms - Counter(["poison"]) == Counter([*(f"before-{n}" for n in range(5)), "beside-1", "beside-2"])
        assert [fact["entity_id"] for fact in told if fact["transition"] == "set_aside"] == [str(position)]
    assert service.stop() == 0


def stops(service: Service) -> list[int]:
    """How the process ended each time, until it stayed up."""
    ends: list[int] = []
    assert service.process is not None
    ends.append(service.process.wait(20))
    service.start()
    while (code := settle(service)) is not None:
        ends.append(code)
        assert len(ends) < 6, f"it stops again and again:\n{service.log_tail()}"
        service.start()
    return ends
