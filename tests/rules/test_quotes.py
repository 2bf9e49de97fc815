"""原话: what people wrote stands in the case, the newest of it, counted whole, told line by line, and in nobody else's words."""

from dataclasses import replace
from typing import Any

import pytest

from rules import primitive as p
from rules.canonical import from_json, to_json
from rules.definition import Key
from rules.model import Event, EventClass, Fact, Incident, Network, Speaker
from rules.model import Quote as Said
from rules.quotes import KEPT_MAX, LINES_MAX, WORDS_MAX, cleaned, quote_of
from tests.rules.score import T0, Play, event, hazard, pack, rule, stage

ON = stage("orange", p.StateIs(states=("on",)))
BURNS = rule("burns", "report", key=Key.ZONE, alarms=(ON,))
RINGS = rule("rings", "smoke", key=Key.ZONE, alarms=(ON,))
STORM = rule("storm", "warning_signal", key=Key.COMMUNITY, hazard="weather", warnings=(ON,))
TOWN = pack(BURNS, RINGS, STORM, hazards=(hazard("weather"),))
KITCHEN = "三楼厨房着火了，有老人"


def report(number: int, text: str | None = KITCHEN, **changes: Any) -> Event:
    """What resident ``number`` writes from b1."""
    attributes = changes.pop("attributes", {}) | ({} if text is None else {"text": text})
    values = {"id": f"r{number}", "event_class": EventClass.ALARM, "network": Network.INTERNET, "zone": "b1"} | changes
    return event(f"web.{number}", values.pop("kind", "report"), values.pop("state", "on"), attributes=attributes, **values)


def told(*events: Event, **changes: Any) -> Play:
    """The town, after these events at 0 s, 1 s, 2 s …"""
    play = Play(TOWN, **changes)
    for at_s, one in enumerate(events):
        play.receive(one, at_s)
    return play


def case(play: Play) -> Incident:
    found: Incident = play.records("incident")[-1]
    return found


def lines(play: Play) -> list[Fact]:
    return [fact for fact in play.facts if fact.transition == "quoted"]


def words(play: Play) -> list[str]:
    return [one.words for one in case(play).quotes]


# ------------------------------------------------------------------------------------------- what the desk reads


def test_the_case_has_what_was_written_and_who_and_when() -> None:
    play = told(report(1, occurred_at=T0 - 5, attributes={"photo": "https://desk.example/p/1"}))
    (one,) = case(play).quotes
    alarm = play.records("alarm")[-1]
    assert one == Said(
        event_id="r1",
        signal_id=alarm.id,
        by=Speaker.PERSON,
        device="web.1",
        network=Network.INTERNET,
        zone="b1",
        received_at=play.engine.now,
        occurred_at=T0 - 5,
        words=KITCHEN,
        media="https://desk.example/p/1",
    )
    (line,) = lines(play)
    assert (line.entity, line.entity_id, line.value, line.cause_id) == ("incident", case(play).id, KITCHEN, "r1")
    assert line.evidence[0].device == "web.1"


def test_every_neighbour_is_read_and_who_says_it_twice_is_read_once() -> None:
    play = told(report(1), report(2, "我家进烟了"), report(1, id="r3"), report(1, "人出来了", id="r4"))
    assert words(play) == [KITCHEN, "我家进烟了", "人出来了"]
    assert case(play).quote_count == len(lines(play)) == 3
    assert len(play.records("incident")[-1].alarm_ids) == 1


def test_of_many_reports_the_newest_are_kept_and_all_are_counted() -> None:
    play = told(*[report(number, f"{number} 楼") for number in range(LINES_MAX + 70)])
    count = LINES_MAX + 70
    assert words(play) == [f"{number} 楼" for number in range(count - KEPT_MAX, count)]
    assert case(play).quote_count == count
    assert len(lines(play)) == LINES_MAX + 1  # the 128th has one more
    assert max(len(to_json(one)) for one in play.records("incident")) < 4 * WORDS_MAX * KEPT_MAX


def test_nothing_is_made_of_what_says_nothing() -> None:
    play = told(report(1, None), report(2, "\u200b\u202e"), report(3, "", attributes={"channel": "web", "lat": 3.0}))
    assert case(play).quotes == ()
    assert lines(play) == []


def test_what_is_no_alarm_or_opens_no_case_is_nobodys_words() -> None:
    idle = told(report(1, state="off"))
    assert idle.facts == []
    reading = replace(event("d1", "temperature", 60.0), attributes={"text": "x"})
    hot = Play(pack(rule("hot", "temperature", alarms=(stage("red", p.Threshold(above=50)),))))
    hot.receive(reading, 0)
    assert hot.facts
    assert lines(hot) == []


def test_what_is_repeated_after_its_case_was_closed_opens_none_and_is_nobodys() -> None:
    ring = event("s1", "smoke", "on", id="s1", event_class=EventClass.ALARM, zone="b1", attributes={"text": "3 号烟感"})
    play = told(ring)
    assert play.act(10, "zhang", "close", "incident", verdict="false").is_accepted
    play.receive(replace(ring, id="s2", attributes={"text": "4 号烟感"}), 11)
    assert len(lines(play)) == 1


def test_a_warning_has_words_too_and_their_renewal() -> None:
    signal = {"event_class": EventClass.ALARM, "network": Network.DATA, "zone": ""}
    first = event("cap", "warning_signal", "on", id="s1", attributes={"headline": "暴雨", "instruction": "勿出门"}, **signal)
    again = replace(first, id="s2", attributes={"headline": "暴雨", "instruction": "上楼"})
    play = told(first, again)
    assert words(play) == ["暴雨\n勿出门", "暴雨\n上楼"]
    assert {one.by for one in case(play).quotes} == {Speaker.AUTHORITY}


def test_of_a_device_the_first_picture_stands_for_all() -> None:
    def seen(number: int) -> Event:
        clip = {"clip": f"http://nvr.example/{number}"}
        return event("cam", "smoke", "on", id=f"c{number}", event_class=EventClass.ALARM, zone="b1", attributes=clip)

    play = told(seen(1), seen(2), report(1))
    assert [(one.by, one.media) for one in case(play).quotes] == [
        (Speaker.DEVICE, "http://nvr.example/1"),
        (Speaker.PERSON, ""),
    ]
    assert [line.value for line in lines(play)] == ["http://nvr.example/1", KITCHEN]


@pytest.mark.parametrize(
    ("changes", "by"),
    [
        ({"attributes": {"channel": "guard"}}, Speaker.GUARD),
        ({"attributes": {"channel": "grid"}, "network": Network.DATA}, Speaker.GUARD),
        ({"network": Network.DATA}, Speaker.PERSON),
        ({"network": Network.IOT}, Speaker.DEVICE),
        ({"kind": "warning_signal"}, Speaker.AUTHORITY),
    ],
)
def test_it_is_marked_whose_words_they_are(changes: dict[str, Any], by: Speaker) -> None:
    found = quote_of(report(1, **changes), 0, "a-1")
    assert found is not None
    assert found.by is by


# ---------------------------------------------------------------------------------------------- what is let through


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("<b>火</b> & 'x'", "<b>火</b> & 'x'"),  # a text is a text: whoever shows it escapes it
        ("a\u202eb\u200b\u2066c\ufeff\x00\x1b[31m", "abc[31m"),
        ("  one\r\n\r\n \n two\tthree ", "one\ntwo\tthree"),
        ("火" * WORDS_MAX, "火" * WORDS_MAX),
        ("火" * (WORDS_MAX + 1), "火" * (WORDS_MAX - 1) + "…"),
        ("\u202e" * 100_000 + "x", ""),
    ],
)
def test_words_are_cleaned_and_cut(text: str, kept: str) -> None:
    assert cleaned(text) == kept
    assert cleaned(kept) == kept


@pytest.mark.parametrize("media", ["https://x.example/\u202egpj", "https://x.example/" + "a" * 500])
def test_an_address_that_cannot_be_kept_whole_is_not_kept(media: str) -> None:
    found = quote_of(report(1, attributes={"photo": media}), 0, "a-1")
    assert found is not None
    assert found.media == ""


# ------------------------------------------------------------------------------------------- it goes with the case


def test_merged_cases_have_both_and_a_split_takes_its_own() -> None:
    ring = event("s1", "smoke", "on", id="s", event_class=EventClass.ALARM, zone="b2", attributes={"text": "3 号烟感"})
    play = told(report(1), report(2, "更多", zone="b2"), ring, report(3, "第三"))
    first, second = list(dict.fromkeys(one.id for one in play.records("incident")))
    assert play.act(10, "zhang", "merge", second, into=first).is_accepted
    assert words(play) == [KITCHEN, "更多", "3 号烟感", "第三"]
    assert case(play).quote_count == 4
    smoke = next(one for one in play.records("alarm") if one.rule == "rings")
    assert play.act(11, "zhang", "split", first, alarm=smoke.id).is_accepted
    latest = {one.id: one for one in play.records("incident")}
    assert [one.words for one in latest[first].quotes] == [KITCHEN, "更多", "第三"]
    assert latest[first].quote_count == 3
    apart = next(one for one in latest.values() if one.alarm_ids == (smoke.id,))
    assert ([one.words for one in apart.quotes], apart.quote_count) == (["3 号烟感"], 1)


def test_a_replay_and_a_restored_engine_say_the_same() -> None:
    events = [report(number, f"{number} 楼\u200b") for number in range(12)]
    one, other, restored = told(*events), told(*events), told(*events, is_restored_each_step=True)
    assert one.text() == other.text() == restored.text()


def test_a_case_of_before_is_read_and_has_no_words() -> None:
    known = case(told(report(1)))
    old = to_json(replace(known, quotes=())).replace(b'"quotes":[],', b"").replace(b'"quote_count":1,', b"")
    assert b"quote" not in old
    assert from_json(Incident, old) == replace(known, quotes=(), quote_count=0)
    assert from_json(Incident, to_json(known)) == known
