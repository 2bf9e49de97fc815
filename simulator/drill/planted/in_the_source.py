"""Bugs between broker and journal: what is acknowledged too early, wrongly, or never, and what is lost on the way."""

from dataclasses import replace
from typing import Any, Final

from ingest import mqtt_bundles
from ingest.entries import Appended
from ingest.mqtt_session import LaneSession
from ingest.mqtt_window import AckWindow
from ingest.steady import SteadyClock
from ingest.topics import Lane
from rules.model import Rejected
from rules.our_clock import OurClock
from shouwang.backlog import Backlog
from shouwang.clerk import Clerk
from shouwang.desk import Desk
from simulator.drill.planted.bug import Bug, Patch


def _acknowledged_first(patch: Patch) -> None:
    def early(real: Any, desk: Any, batch: list[Any]) -> Any:
        for delivery in batch:
            delivery.done(Appended(first_position=1, received_at=1, count=1))
        return real(desk, [replace(delivery, done=lambda _: None) for delivery in batch])

    patch.wrap(Desk, "_journal_batch", early)


def _batch_dropped(patch: Patch) -> None:
    patch.answer(Backlog, "give_back", answer=None)


def _stale_acknowledgement(patch: Patch) -> None:
    def stay_open(real: Any, window: Any) -> Any:
        left = real(window)
        window.is_open = True
        return left

    patch.wrap(AckWindow, "close", stay_open)


def _wrong_lane(patch: Patch) -> None:
    patch.wrap(LaneSession, "_delivery", lambda real, *arguments: replace(real(*arguments), lane=Lane.NORMAL))


def _lanes_upside_down(patch: Patch) -> None:
    def turned(real: Any, backlog: Any) -> None:
        real(backlog)
        backlog._lanes = dict(reversed(backlog._lanes.items()))

    patch.wrap(Backlog, "__init__", turned)


def _decoded(patch: Patch, change: Any) -> None:
    patch.wrap(mqtt_bundles, "decode", change)


def _retained_as_new(patch: Patch) -> None:
    _decoded(patch, lambda real, topic, payload, **options: real(topic, payload, **(options | {"is_retained": False})))


def _last_of_array_lost(patch: Patch) -> None:
    _decoded(patch, lambda real, *arguments, **options: real(*arguments, **options)[:-1] or real(*arguments, **options))


def _refused_dropped(patch: Patch) -> None:
    def without(real: Any, *arguments: Any, **options: Any) -> list[Any]:
        return [each for each in real(*arguments, **options) if not isinstance(each, Rejected)]

    _decoded(patch, without)


def _clock_goes_back(patch: Patch) -> None:
    patch.set(SteadyClock, "now", lambda clock: clock._clock())


def _lease_not_asked(patch: Patch) -> None:
    patch.answer(Clerk, "be_sure_of_lease", answer=None)


def _our_clock_believed(patch: Patch) -> None:
    patch.answer(OurClock, "_judge", answer=0)


BUGS: Final = (
    Bug("puback_before_journal", "a message is acknowledged before it is journaled", _acknowledged_first, ("disk_full",)),
    Bug("batch_dropped_when_disk_is_full", "a batch that could not be journaled is forgotten", _batch_dropped, ("disk_full",)),
    Bug(
        "stale_acknowledgement",
        "a message of an old connection is acknowledged on the new one",
        _stale_acknowledgement,
        ("disk_full",),
    ),
    Bug("wrong_lane", "alarms are handed in with the states", _wrong_lane),
    Bug("lanes_upside_down", "the bulk lane is emptied before the critical one", _lanes_upside_down),
    Bug("retained_as_new", "a retained message counts as a new alarm", _retained_as_new, ("retained",)),
    Bug("last_of_array_lost", "the last event of an array is dropped", _last_of_array_lost),
    Bug("refused_dropped", "what cannot be read is acknowledged and not journaled", _refused_dropped),
    Bug("clock_goes_back", "the journal stamps with the computer's clock as it is", _clock_goes_back, ("clock -",)),
    Bug("our_clock_believed", "a clock that runs ahead makes everybody late", _our_clock_believed, ("clock 3600",)),
    Bug(
        "lease_not_asked_after_a_pause",
        "a process that slept goes on without asking who writes now",
        _lease_not_asked,
        ("taken over",),
    ),
)
