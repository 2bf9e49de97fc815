"""A cassette: the events of a journal in their order, moved by whole weeks, with nothing in them that leads to a person."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from ingest.entries import Journaled
from ingest.wire import decode
from rules.definition import RulePack
from rules.model import Event, EventClass, Network, Rejected
from simulator.cassette.pseudonyms import Pseudonyms
from simulator.cassette.recorder import FIRST_WEEK_AT, WEEK_MS, Anonymity, Tally, cassette
from simulator.community import build_community
from simulator.recording import Recorded
from simulator.scenario_file import load_scenario
from simulator.stream import messages
from simulator.virtual import decisions, recorded

MONDAY_NIGHT = round(datetime(2026, 11, 23, 2, 30, tzinfo=UTC).timestamp() * 1000)
HIDDEN = Anonymity(pseudonyms=Pseudonyms(b"k" * 32))
OPEN = Anonymity(pseudonyms=None, is_dated=True)


def event(**changes: Any) -> Event:
    given: dict[str, Any] = {
        "id": "e1",
        "community": "jade",
        "network": Network.INTERNET,
        "event_class": EventClass.ALARM,
        "device": "phone-zhang",
        "kind": "report",
        "state": "on",
        "zone": "b03/u1/0502",
        "occurred_at": MONDAY_NIGHT - 1000,
    }
    return Event(**(given | changes))


def recording(*entries: Any, anonymity: Anonymity = HIDDEN, tally: Tally | None = None) -> list[Recorded]:
    journaled = [Journaled(position=n, received_at=MONDAY_NIGHT + n * 1000, entry=each) for n, each in enumerate(entries)]
    return list(cassette(journaled, anonymity, tally or Tally()))


def said(record: Recorded) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(record.payload)
    return body


def instant(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def test_weekday_and_hour_stay_and_the_date_goes() -> None:
    first, second = recording(event(), event(id="e2"))
    assert 0 <= first.at - FIRST_WEEK_AT < WEEK_MS
    assert (MONDAY_NIGHT - first.at) % WEEK_MS == 0
    assert second.at - first.at == 1000
    assert said(first)["at"] == first.at - 1000


def test_an_instant_among_the_attributes_moves_along_and_a_clock_that_was_never_set_stays_one() -> None:
    (record,) = recording(event(occurred_at=5, attributes={"expires_at": MONDAY_NIGHT + 3_600_000, "unreadable_at": "gestern 3"}))
    assert instant(said(record)["at"]) == 0
    assert said(record)["attributes"]["expires_at"] == record.at + 3_600_000
    assert "gestern" not in said(record)["attributes"]["unreadable_at"]


def test_nothing_in_it_leads_to_a_person() -> None:
    attributes = {
        "text": "张三 called from 13800138000",
        "level": "orange",
        "type": "Zhang San",
        "gateway": "gw-zhang-7",
        "persons": 2.0,
        "expires_at": "soon",
        "assumed_timezone": "Asia/Shanghai",
    }
    (record,) = recording(event(id="zhang-1", attributes=attributes, wants_receipt=True))
    line = record.topic + record.payload.decode()
    assert not [word for word in ("zhang", "Zhang", "张三", "13800138000", "0502", "jade", "soon", "receipt") if word in line]
    kept = said(record)["attributes"]
    assert (kept["level"], kept["persons"], kept["assumed_timezone"]) == ("orange", 2.0, "Asia/Shanghai")


def test_a_text_that_is_asked_for_stays() -> None:
    (record,) = recording(
        event(attributes={"text": "烟味"}), anonymity=Anonymity(pseudonyms=HIDDEN.pseudonyms, kept_texts=("text",))
    )
    assert said(record)["attributes"]["text"] == "烟味"


def test_what_no_device_said_is_counted_and_left_out() -> None:
    tally = Tally()
    refused = Rejected(id="r", source="x", reason="not_json", detail="", excerpt=b"13800138000", size=11)
    assert len(recording(refused, event(), event(id="e2", community="opal"), tally=tally)) == 2
    assert (tally.event_count, tally.other_count, tally.communities) == (2, 1, {"jade": 1, "opal": 1})


def test_where_nothing_is_hidden_it_is_what_was_said() -> None:
    (record,) = recording(event(attributes={"text": "烟味"}), anonymity=OPEN)
    (back,) = decode(record.topic, record.payload, arrival="1")
    assert back == event(attributes={"text": "烟味"})
    assert record.at == MONDAY_NIGHT


def test_the_chain_decides_of_an_anonymous_fire_as_of_the_fire(pack: RulePack) -> None:
    scenario = load_scenario("kitchen_fire")
    lines = list(recorded(messages(build_community(1), scenario), scenario.start_at))
    anonymous = list(cassette(_journal(lines), HIDDEN, Tally()))

    def told(records: list[Recorded]) -> Counter[tuple[Any, ...]]:
        """All but who is nearest: the places of responders are the pack's, and true."""
        fields = ("entity", "transition", "hazard", "level", "rule")
        return Counter(
            (instant(each["at"]) - records[0].at, *(each[name] for name in fields)) for each in decisions(records, pack)
        )

    assert told(lines)
    assert told(anonymous) == told(lines)


def _journal(lines: list[Recorded]) -> Iterator[Journaled]:
    position = 0
    for at, topic, payload in lines:
        for entry in decode(topic, payload, arrival=str(position)):
            position += 1
            yield Journaled(position=position, received_at=at, entry=entry)
