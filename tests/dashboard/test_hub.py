"""The poller: it outlives the store's absence, and its own death is never silent."""

import pytest

from dashboard.hub import QUEUE_MAX, Frame, Listener
from rules.effects import RecordFact
from tests.dashboard.conftest import Site
from tests.dashboard.test_stream import fact_heard, listening
from tests.handlers import records


def test_a_store_that_goes_and_comes_back_leaves_no_gap(site: Site) -> None:
    site.web.hub.set_pace(poll_s=0.02, heartbeat_s=0.02)
    with listening(site) as events:
        site.books.write(RecordFact(records.fact("f-1")))
        assert fact_heard(events).id == 1
        site.lose_store()
        assert any(each.event == "heartbeat" and not each.data["is_store_readable"] for each in events)
        site.bring_store_back()
        site.books.write(RecordFact(records.fact("f-2")))
        assert fact_heard(events).id == 2
        assert next(each for each in events if each.event == "heartbeat").data["is_store_readable"]


def test_an_unknown_fault_ends_the_streams_and_the_server_loudly(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.web.hub.set_pace(poll_s=0.02, heartbeat_s=0.02)
    with listening(site) as events:
        assert [next(events).event for _ in range(3)] == ["heartbeat"] * 3, "the hub feeds this stream"

        def break_down(seq: int, *, limit: int) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(site.web.reads, "facts_after", break_down)
        assert all(each.event == "heartbeat" for each in events), "the server ends the stream"
    site.server.wait_for_its_end()
    assert site.web.hub.has_died


def test_the_stream_is_refused_while_the_store_is_away(site: Site) -> None:
    site.lose_store()
    answer = site.client().get("/v1/stream")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "store_unreadable")


async def _drained(listener: Listener) -> list[Frame]:
    found = []
    while (frame := await listener.take()) is not None:
        found.append(frame)
    return found


@pytest.mark.anyio
async def test_a_queue_holds_its_bound_and_then_drops_all() -> None:
    listener = Listener()
    assert all(listener.put(Frame("fact", "", seq)) for seq in range(QUEUE_MAX))
    assert not listener.is_cut
    assert not listener.put(Frame("fact", "", QUEUE_MAX)), "said once, so that it is counted once"
    assert listener.put(Frame("fact", "", QUEUE_MAX + 1))
    assert await _drained(listener) == []


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
