"""Bugs of the ways of foreign formats: acknowledged or answered too early, by the wrong lane, told apart wrongly."""

from dataclasses import replace
from typing import Any, Final

from ingest import interpret, mqtt_bundles
from ingest.entries import Appended
from ingest.http_door import FrontDoor
from ingest.mqtt_session import LaneSession
from ingest.port import Delivery
from ingest.topics import Lane
from simulator.drill.planted.bug import Bug, Patch


def _route_acknowledged_first(patch: Patch) -> None:
    def early(real: Any, session: Any, burst: Any, bundle: Any) -> Any:
        delivery = real(session, burst, bundle)
        if not session._line.name.startswith("route-"):
            return delivery
        session._on_done(burst, True)  # noqa: FBT003 - its own argument
        return replace(delivery, done=lambda _: None)

    patch.wrap(LaneSession, "_delivery", early)


def _push_answered_first(patch: Patch) -> None:
    async def early(door: Any, entries: list[Any], lane: Lane) -> Appended:
        door.desk.offer(Delivery(entries, lambda _: None, lane))
        return Appended(first_position=1, received_at=1, count=len(entries))

    patch.set(FrontDoor, "journal", early)


def _named_by_arrival(patch: Patch) -> None:
    patch.wrap(interpret, "_made_id", lambda real, message, body, _, index: real(message, body, None, index))


def _route_alarm_by_bulk(patch: Patch) -> None:
    patch.answer(mqtt_bundles, "lane_for", answer=Lane.BULK)


BUGS: Final = (
    Bug(
        "route_acknowledged_before_journal",
        "a foreign route's message is acknowledged before it is journaled",
        _route_acknowledged_first,
        ("bridge",),
    ),
    Bug("route_alarm_by_the_bulk_lane", "a foreign alarm waits with the readings", _route_alarm_by_bulk, ("bridge",)),
    Bug(
        "push_answered_before_commit",
        "a push over HTTP is answered before the journal's commit",
        _push_answered_first,
        ("push",),
    ),
    Bug(
        "foreign_id_by_arrival",
        "a foreign message that comes again is another event",
        _named_by_arrival,
        ("bridge", "push"),
    ),
)
