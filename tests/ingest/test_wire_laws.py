"""Laws of the wire: any bytes give an answer, what is written reads back the same, and both readings agree."""

import json
import math

from hypothesis import example, given
from hypothesis import strategies as st

from ingest.wire import PREFIX, decode, encode
from rules.kinds import KINDS
from rules.model import NOTHING, Event, EventClass, Network, Rejected, Status

TOPICS = st.sampled_from([f"{PREFIX}/jade/iot/{event_class}/d1" for event_class in EventClass])
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["kind", "value", "state", "at", "a"]), inner),
    max_leaves=12,
)
NAMES = st.from_regex(r"[A-Za-z0-9._:@-]{1,20}", fullmatch=True) | st.text("小区门磁é", min_size=1, max_size=6)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
ATTRIBUTES = st.dictionaries(NAMES, st.text('abc 烟\n:\\"/', max_size=12) | st.booleans() | FINITE, max_size=4)


@st.composite
def events(draw: st.DrawFn) -> Event:
    event_class, kind = draw(st.sampled_from(sorted(KINDS)) | st.tuples(st.sampled_from(EventClass), st.just("of_a_pack")))
    known = KINDS.get((event_class, kind))
    is_reading, is_heartbeat = event_class is EventClass.READING, event_class is EventClass.HEARTBEAT
    words = list(known.states) if known and known.states else ["up", "down"]
    state = (
        None
        if is_reading
        else draw(st.sampled_from(words) if event_class is EventClass.ALARM else st.sampled_from([*words, None]))
    )
    reading = KINDS.get((EventClass.READING, kind))
    return Event(
        id=draw(NAMES),
        community=draw(NAMES),
        network=draw(st.sampled_from(Network)),
        event_class=event_class,
        device=draw(NAMES),
        kind=kind,
        value=draw(st.none() | FINITE) if not is_heartbeat else None,
        state=state,
        unit=reading.unit if reading else draw(st.sampled_from(["", "m"])),
        occurred_at=draw(st.none() | st.integers(-62_135_596_800_000, 253_402_300_799_999)),
        zone=draw(st.lists(NAMES, max_size=4).map("/".join)),
        confidence=draw(st.floats(0, 1)),
        status=draw(st.sampled_from(Status)),
        seq=draw(st.none() | st.integers(0, 2**63 - 1)),
        wants_receipt=draw(st.booleans()),
        attributes=draw(ATTRIBUTES) or NOTHING,
    )


@given(events())
def test_what_is_written_reads_back_as_the_same_event(event: Event) -> None:
    topic, payload = encode(event)

    assert decode(topic, payload) == [event]


@given(st.lists(events(), min_size=1, max_size=5))
def test_an_array_reads_back_as_the_same_events(written: list[Event]) -> None:
    topic, _ = encode(written[0])
    same_place = [event for event in written if encode(event)[0] == topic]
    payload = b"[" + b",".join(encode(event)[1] for event in same_place) + b"]"

    assert decode(topic, payload) == same_place


@given(TOPICS | st.text(), st.binary(max_size=300) | JSON.map(lambda value: json.dumps(value).encode()), st.text(max_size=5))
@example("shouwang/v1/jade/iot/reading/\ud800", b"{}", "")
def test_any_bytes_on_any_topic_give_an_answer(topic: str, payload: bytes, arrival: str) -> None:
    results = decode(topic, payload, arrival=arrival)

    assert results
    for result in results:
        assert result.id
        if isinstance(result, Rejected):
            assert result.detail.isprintable()
            assert result.source.isprintable()
        else:
            assert result.value is None or math.isfinite(result.value)
            assert "\x00" not in repr(result).replace("\\x00", "\x00")


@given(st.lists(events(), min_size=1, max_size=5))
def test_the_fast_reading_and_the_careful_one_agree(written: list[Event]) -> None:
    topic, _ = encode(written[0])
    payloads = [encode(event)[1] for event in written]
    fast = [decode(topic, payload)[0] for payload in payloads]
    careful = decode(topic, b"[" + b",".join([*payloads, b"5"]) + b"]")  # the 5 makes a closer look at all of them needed

    assert [event for event in careful[:-1] if isinstance(event, Event)] == [event for event in fast if isinstance(event, Event)]
    assert [type(event) for event in careful] == [*(type(event) for event in fast), Rejected]


@given(st.lists(st.tuples(st.sampled_from(["id", "kind", "value", "zone", "gateway"]), st.text(":\\ab", max_size=3)), max_size=5))
def test_a_field_given_twice_never_passes(pairs: list[tuple[str, str]]) -> None:
    said = [*pairs, ("kind", "temperature"), ("value", "1")]
    members = ",".join(f"{json.dumps(key)}:{'1' if key == 'value' else json.dumps(text)}" for key, text in said)
    (result,) = decode(f"{PREFIX}/jade/iot/reading/d1", f"{{{members}}}".encode())

    if len({key for key, _ in said}) < len(said):
        assert isinstance(result, Rejected)
