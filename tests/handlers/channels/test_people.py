"""People, told by apprise over a real HTTP receiver (its json:// form)."""

import dataclasses
import json

import pytest

from handlers.channels.people import PeopleChannel, body_of, title_of
from handlers.channels.port import Result
from rules.canonical import to_json
from rules.model import Status
from tests.handlers.channels.receivers import Receiver
from tests.handlers.records import notify, owed
from tests.servers import free_port

pytestmark = pytest.mark.anyio
NOTIFY = notify()
OWED = owed(payload=to_json(NOTIFY))


async def test_the_target_is_told_in_both_languages() -> None:
    with Receiver() as receiver:
        channel = PeopleChannel({"property": [f"json://127.0.0.1:{receiver.port}/duty"]})
        outcome = await channel.deliver(OWED)
        channel.close()
    assert (outcome.result, outcome.detail) == (Result.DELIVERED, "1 of 1 addresses took it")
    said = json.loads(receiver.received[0].body)
    assert said["title"] == "【红色 RED】火警 · fire"
    assert said["message"].splitlines()[:2] == ["厨房烟雾 8 %/m", "smoke in the kitchen, 8 %/m"]
    assert "i-1 (opened)" in said["message"]


async def test_without_an_address_it_is_skipped_and_says_so() -> None:
    channel = PeopleChannel({"property": []})
    for target in ("property", "nobody"):
        outcome = await channel.deliver(dataclasses.replace(OWED, target=target))
        assert (outcome.result, outcome.detail) == (Result.SKIPPED, f"no address is configured for {target!r}")
    channel.close()


async def test_one_address_that_takes_it_is_enough_and_the_others_are_named() -> None:
    with Receiver() as receiver:
        channel = PeopleChannel({"property": [f"json://127.0.0.1:{free_port()}/", f"json://127.0.0.1:{receiver.port}/"]})
        outcome = await channel.deliver(OWED)
        channel.close()
    assert (outcome.result, outcome.detail) == (Result.DELIVERED, "1 of 2 addresses took it; not json")


async def test_when_no_address_takes_it_it_is_tried_again() -> None:
    with Receiver(lambda _: (500, {})) as receiver:
        channel = PeopleChannel({"property": [f"json://127.0.0.1:{receiver.port}/"]})
        outcome = await channel.deliver(OWED)
        channel.close()
    assert (outcome.result, outcome.detail) == (Result.RETRY, "no address took it: json")


def test_a_wrong_address_is_refused_when_it_is_read_and_its_secret_is_not_shown() -> None:
    with pytest.raises(ValueError, match="an address of 'property' \\(nosuch://…\\)") as refused:
        PeopleChannel({"property": ["nosuch://token-secret/"]})
    assert "token-secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("status", "is_degraded", "starts"),
    [
        (Status.ACTUAL, False, "【红色 RED】"),
        (Status.EXERCISE, False, "【演练 EXERCISE】【红色 RED】"),
        (Status.TEST, True, "【测试 TEST】【降级 DEGRADED】【红色 RED】"),
    ],
)
def test_exercise_test_and_degraded_are_marked_first(status: Status, is_degraded: bool, starts: str) -> None:
    said = dataclasses.replace(NOTIFY, status=status)
    assert title_of(said, is_degraded=is_degraded).startswith(starts)
    mark = starts.partition("【红色")[0].replace("【降级 DEGRADED】", "")
    assert all(line.startswith(mark) for line in body_of(said).splitlines()[:2])
