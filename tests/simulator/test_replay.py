"""A recorded file as messages: once or in a loop, marked, each time under other ids, and its times moved along."""

import json
from pathlib import Path
from typing import Any

import pytest

from rules.model import Status
from simulator.message import Message
from simulator.recording import Recorded, write_recording
from simulator.replay import LOOP_GAP_MS, Manner, _looped

T0 = 1_800_000_000_000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "night.jsonl"
    body = {"id": "e1", "kind": "smoke", "at": T0 - 500, "attributes": {"expires_at": T0 + 3_600_000}}
    write_recording(
        path,
        [
            Recorded(T0, "a", json.dumps(body).encode()),
            Recorded(T0 + 2000, "b", b'[{"kind":"t","value":1},{"id":"e2","kind":"t","value":2}]'),
            Recorded(T0 + 3000, "c", b"no json"),
        ],
    )
    return path


def played(file: Path, manner: Manner) -> list[Message]:
    return list(_looped(file, manner))


def body(message: Message) -> Any:
    return json.loads(message.payload)


def test_once_it_is_what_was_recorded(file: Path) -> None:
    first, second, third = played(file, Manner())
    assert (first.offset_ms, second.offset_ms, third) == (0, 2000, Message(3000, "c", b"no json"))
    assert (body(first)["id"], body(first)["at"]) == ("e1", T0 - 500)


def test_in_a_loop_each_turn_follows_the_last_under_other_ids_and_at_its_own_time(file: Path) -> None:
    messages = played(file, Manner(loop_count=3))
    turn_ms = 3000 + LOOP_GAP_MS
    assert [message.offset_ms for message in messages[::3]] == [0, turn_ms, 2 * turn_ms]
    assert [body(message)["id"] for message in messages[::3]] == ["e1", "e1.2", "e1.3"]
    assert [body(message)["at"] for message in messages[::3]] == [T0 - 500 + turn * turn_ms for turn in range(3)]
    assert body(messages[3])["attributes"]["expires_at"] == T0 + 3_600_000 + turn_ms
    assert [element.get("id") for element in body(messages[4])] == [None, "e2.2"]


def test_times_stay_where_that_is_asked_for(file: Path) -> None:
    messages = played(file, Manner(loop_count=2, is_restamped=False))
    assert body(messages[3])["at"] == T0 - 500


def test_every_event_is_marked_where_that_is_asked_for(file: Path) -> None:
    first, second, third = played(file, Manner(status=Status.EXERCISE))
    assert body(first)["status"] == "exercise"
    assert [element["status"] for element in body(second)] == ["exercise", "exercise"]
    assert third.payload == b"no json"


def test_an_empty_file_ends_also_in_an_endless_loop(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert played(tmp_path / "empty", Manner(loop_count=0)) == []
