"""The journal's bytes: every entry comes back equal, the same entries give the same bytes, anything else is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.entries import EntriesUnreadable, pack_entries, unpack_entries
from rules.model import (
    NOTHING,
    DeliveryReport,
    Entity,
    Event,
    EventClass,
    Input,
    Network,
    OperatorAction,
    PackActivation,
    Rejected,
    Resumed,
    SetAside,
    Status,
    Verb,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
ATTRIBUTES = st.dictionaries(TEXTS, TEXTS | st.booleans() | FINITE, max_size=3).map(lambda given: given or NOTHING)
EVENTS = st.builds(
    Event,
    id=TEXTS,
    community=TEXTS,
    network=st.sampled_from(Network),
    event_class=st.sampled_from(EventClass),
    device=TEXTS,
    kind=TEXTS,
    value=st.none() | FINITE,
    state=st.none() | TEXTS,
    unit=TEXTS,
    occurred_at=st.none() | st.integers(-(2**60), 2**60),
    zone=TEXTS,
    confidence=FINITE,
    status=st.sampled_from(Status),
    seq=st.none() | st.integers(0, 2**63 - 1),
    is_retained=st.booleans(),
    wants_receipt=st.booleans(),
    attributes=ATTRIBUTES,
)
ACTIONS = st.builds(
    OperatorAction,
    id=TEXTS,
    community=TEXTS,
    actor=TEXTS,
    verb=st.sampled_from(Verb),
    entity=st.sampled_from(Entity),
    entity_id=TEXTS,
    arguments=ATTRIBUTES,
)
REPORTS = st.builds(
    DeliveryReport,
    id=TEXTS,
    community=TEXTS,
    incident_id=TEXTS,
    key=TEXTS,
    channel=TEXTS,
    target=TEXTS,
    is_delivered=st.booleans(),
    detail=TEXTS,
)
PACKS = st.builds(PackActivation, id=TEXTS, pack=TEXTS, version=TEXTS, digest=TEXTS, text=TEXTS, actor=TEXTS, community=TEXTS)
REFUSED = st.builds(
    Rejected,
    id=TEXTS,
    source=TEXTS,
    reason=TEXTS,
    detail=TEXTS,
    excerpt=st.binary(max_size=40),
    size=st.integers(0, 2**40),
    community=TEXTS,
)
SET_ASIDE = st.builds(SetAside, id=TEXTS, position=st.integers(1, 2**60), detail=TEXTS, community=TEXTS)
RESUMED = st.builds(Resumed, id=TEXTS, deaf_since_at=st.integers(0, 2**60), community=TEXTS)
ENTRIES: st.SearchStrategy[Input] = st.one_of(EVENTS, ACTIONS, REPORTS, PACKS, REFUSED, SET_ASIDE, RESUMED)


@given(st.lists(ENTRIES, max_size=8))
def test_what_is_packed_comes_back_equal_and_in_order(entries: list[Input]) -> None:
    packed = pack_entries(entries)

    assert unpack_entries(packed) == entries
    assert pack_entries(unpack_entries(packed)) == packed


@given(st.binary(max_size=60))
def test_foreign_bytes_are_refused(packed: bytes) -> None:
    with pytest.raises(EntriesUnreadable):
        unpack_entries(packed)


@pytest.mark.parametrize(
    "packed", [b'[1,[],[[0,"alarm",[]]]]', b"[2,[],[]]", b"{}", b"[1,[[1],[2,3]],[]]", b"[1]", b'[1,[],[[0,"pack",[1]]]]']
)
def test_a_batch_of_another_form_is_refused_by_name(packed: bytes) -> None:
    with pytest.raises(EntriesUnreadable, match="expected a batch"):
        unpack_entries(packed)


def test_a_first_versions_set_aside_is_still_read() -> None:
    packed = b'[1,[],[[0,"set_aside",["s",7,"it stopped the chain twice",""]]]]'
    assert unpack_entries(packed) == [SetAside(id="s", position=7, detail="it stopped the chain twice")]


def test_a_timer_that_was_set_aside_comes_back() -> None:
    entry = SetAside(id="s", position=0, detail="…", timer="clock d-1", deadline_at=1_795_435_200_000)
    assert unpack_entries(pack_entries([entry])) == [entry]
