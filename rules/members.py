"""What belongs to each open incident and is not over: its warnings and alarms, found without looking at those that are over.

All of it is derived from the open warnings and alarms, and never saved. A storm brings one incident thousands of them: whether
anything still stands there must cost the same for the last as for the first, so each question has a list of its own.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final, TypeVar

from rules.lifecycle import ALARM, QUIET, legal
from rules.model import Alarm, EarlyWarning, Incident

LISTED_MAX: Final = 100
"""Warnings, and alarms, that an incident names: the newest. It counts the others, which name it; ours."""
BY_DESIGN: Final = ("suppressed", "out_of_service")
"""Alarms that something other than a person quiets."""
_LATCHED: Final = ("latched_unacknowledged", "latched_acknowledged")

_Member = TypeVar("_Member", EarlyWarning, Alarm)
_Ids = dict[str, dict[str, None]]
"""By the id of the incident."""


def is_standing(alarm: Alarm) -> bool:
    """Whether its condition holds or it is latched: its incident has not recovered."""
    return alarm.is_active or alarm.state in _LATCHED or (alarm.state in QUIET and alarm.is_latching)


class Members:
    """The open warnings and alarms by their incidents, and which of the alarms stand, are heard, and wait for a person."""

    def __init__(self) -> None:
        self._warnings: _Ids = {}
        self._alarms: _Ids = {}
        self._standing: _Ids = {}
        self._heard: _Ids = {}
        self._waiting: _Ids = {}

    def put_warning(self, before: EarlyWarning | None, warning: EarlyWarning | None) -> None:
        """An early warning is as it now is; None: not there yet, or over."""
        _note(self._warnings, before, warning)

    def put_alarm(self, before: Alarm | None, alarm: Alarm | None) -> None:
        """An alarm is as it now is; None: not there yet, or over."""
        _note(self._alarms, before, alarm)
        _note(self._standing, before, alarm if alarm is not None and is_standing(alarm) else None)
        _note(self._heard, before, alarm if alarm is not None and alarm.state not in BY_DESIGN else None)
        _note(self._waiting, before, alarm if alarm is not None and "acknowledge" in legal(ALARM, alarm.state) else None)

    def warnings_of(self, incident_id: str) -> Iterable[str]:
        """The ids of its warnings that are not over, in no order that a decision may rest on; false where there is none."""
        return self._warnings.get(incident_id, ())

    def alarms_of(self, incident_id: str) -> Iterable[str]:
        """The ids of its alarms that are not over, in no order that a decision may rest on; false where there is none."""
        return self._alarms.get(incident_id, ())

    def is_anything_standing(self, incident_id: str) -> bool:
        """Whether any of its alarms is active or latched."""
        return incident_id in self._standing

    def is_anything_heard(self, incident_id: str) -> bool:
        """Whether any of its alarms is neither suppressed nor out of service."""
        return incident_id in self._heard

    def is_anybody_awaited(self, incident_id: str) -> bool:
        """Whether any of its alarms waits to be acknowledged."""
        return incident_id in self._waiting


def _note(ids: _Ids, before: EarlyWarning | Alarm | None, now: EarlyWarning | Alarm | None) -> None:
    """Keep a record under its incident; one that is over, or went to another incident, is let go."""
    if before is not None and (now is None or now.incident_id != before.incident_id):
        there = ids.get(before.incident_id)
        if there is not None and there.pop(before.id, before) is None and not there:
            del ids[before.incident_id]
    if now is not None:
        ids.setdefault(now.incident_id, {})[now.id] = None


def in_order(listed: tuple[str, ...], members: list[_Member]) -> list[_Member]:
    """As they joined: by the list of their incident, and before it, by instant and id, those that it no longer names.

    So the order is the same after a restart.
    """
    places = {name: place for place, name in enumerate(listed)}
    return sorted(members, key=lambda one: (places.get(one.id, -1), one.opened_at, one.id))


def with_warnings(incident: Incident, ids: tuple[str, ...]) -> Incident:
    """The incident, which these warnings join."""
    every = (*incident.warning_ids, *ids)
    unlisted = incident.unlisted_warning_count + max(0, len(every) - LISTED_MAX)
    return replace(incident, warning_ids=every[-LISTED_MAX:], unlisted_warning_count=unlisted)


def with_alarms(incident: Incident, ids: tuple[str, ...]) -> Incident:
    """The incident, which these alarms join."""
    every = (*incident.alarm_ids, *ids)
    unlisted = incident.unlisted_alarm_count + max(0, len(every) - LISTED_MAX)
    return replace(incident, alarm_ids=every[-LISTED_MAX:], unlisted_alarm_count=unlisted)


def without_alarm(incident: Incident, alarm_id: str, others: tuple[str, ...]) -> Incident:
    """The incident, which this alarm leaves. ``others``: the rest that are not over; of these some are listed in its stead."""
    listed = tuple([name for name in incident.alarm_ids if name != alarm_id])
    unlisted = incident.unlisted_alarm_count + len(incident.alarm_ids) - len(listed) - 1
    room = min(LISTED_MAX - len(listed), unlisted)
    fill = [name for name in others if name not in listed][-room:] if room else []
    return replace(incident, alarm_ids=(*fill, *listed), unlisted_alarm_count=unlisted - len(fill))


def alarm_count(incident: Incident) -> int:
    """How many alarms have joined it, the listed and the others."""
    return len(incident.alarm_ids) + incident.unlisted_alarm_count
