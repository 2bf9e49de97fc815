"""Where to look when an alarm changes: the open alarms by what they could quiet and what could quiet them, and the symptoms of
each cause. All of it is derived from the open alarms and the pack, and never saved.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from rules.definition import Aim, Inhibition
from rules.model import Alarm, EarlyWarning, Status
from rules.where import place_of

Slot = tuple[int, str, Status, str]
"""The number of an inhibition, and the community, status and place that its source and target share."""

NO_OWN: Final[Mapping[str, tuple[Inhibition, ...]]] = MappingProxyType({})


def is_meant(aim: Aim, alarm: Alarm | EarlyWarning) -> bool:
    """Whether an alarm or a warning is of this hazard, of this rule, or about this kind."""
    if aim.rule:
        return alarm.rule == aim.rule
    if aim.hazard:
        return alarm.hazard == aim.hazard
    return bool(alarm.evidence) and alarm.evidence[-1].kind == aim.kind


class Quieted:
    """Which alarms are to be looked at again (``touched``) because they, or what could quiet them, have changed."""

    def __init__(self, inhibitions: tuple[Inhibition, ...] = (), own: Mapping[str, tuple[Inhibition, ...]] = NO_OWN) -> None:
        self._inhibitions = inhibitions
        self._own = own  # of communities that have packs of their own
        self.touched: dict[str, None] = {}
        everywhere = (*inhibitions, *[inhibition for one in own.values() for inhibition in one])
        self._has_bounded = any(inhibition.lasts_s is not None for inhibition in everywhere)
        self._sources: dict[Slot, dict[str, None]] = {}
        self._targets: dict[Slot, dict[str, None]] = {}
        self._symptoms: dict[str, dict[str, None]] = {}

    def inhibitions_of(self, community: str) -> tuple[Inhibition, ...]:
        """What holds in this community."""
        return self._own.get(community, self._inhibitions)

    def put(self, before: Alarm | None, alarm: Alarm) -> None:
        """An alarm is as it now is."""
        self.touched[alarm.id] = None
        for number, inhibition in enumerate(self.inhibitions_of(alarm.community)):
            if is_meant(inhibition.source, alarm):
                self._sources.setdefault(self._slot(number, alarm), {})[alarm.id] = None
            if is_meant(inhibition.target, alarm):
                self._targets.setdefault(self._slot(number, alarm), {})[alarm.id] = None
        if before is not None and before.cause_id != alarm.cause_id:
            self._forget_symptom(before)
        if alarm.cause_named_by:
            self._symptoms.setdefault(alarm.cause_id, {})[alarm.id] = None
        if before is None or self._as_source(before) != self._as_source(alarm):
            self.touch_targets(alarm)

    def put_warning(self, warning: EarlyWarning) -> None:
        """An early warning is as it now is: it may be quieted, and quiets nothing."""
        if warning.state == "suppressed":
            self.touched[warning.id] = None
        for number, inhibition in enumerate(self.inhibitions_of(warning.community)):
            if is_meant(inhibition.target, warning):
                self.touched[warning.id] = None
                self._targets.setdefault(self._slot(number, warning), {})[warning.id] = None

    def drop_warning(self, warning: EarlyWarning) -> None:
        """An early warning has had its outcome."""
        self._forget(warning)

    def drop(self, alarm: Alarm) -> None:
        """An alarm has ended."""
        self.touch_targets(alarm)
        self._forget(alarm)
        self._symptoms.pop(alarm.id, None)
        self._forget_symptom(alarm)

    def _forget(self, one: Alarm | EarlyWarning) -> None:
        for number in range(len(self.inhibitions_of(one.community))):
            slot = self._slot(number, one)
            for places in (self._sources, self._targets):
                there = places.get(slot)
                if there is not None and there.pop(one.id, one) is None and not there:
                    del places[slot]

    def _forget_symptom(self, alarm: Alarm) -> None:
        there = self._symptoms.get(alarm.cause_id)
        if there is not None and there.pop(alarm.id, alarm) is None and not there:
            del self._symptoms[alarm.cause_id]

    def touch_targets(self, alarm: Alarm) -> None:
        """Have everything looked at again that this alarm may quiet."""
        for number in range(len(self.inhibitions_of(alarm.community))):
            slot = self._slot(number, alarm)
            if alarm.id in self._sources.get(slot, ()):
                self.touched.update(self._targets.get(slot, {}))
        self.touched.update(self._symptoms.get(alarm.id, {}))

    def sources_for(self, alarm: Alarm | EarlyWarning) -> Iterator[tuple[Inhibition, tuple[str, ...]]]:
        """The inhibitions that mean this alarm, each with the alarms at the same place that could quiet it."""
        for number, inhibition in enumerate(self.inhibitions_of(alarm.community)):
            if is_meant(inhibition.target, alarm):
                yield inhibition, tuple(self._sources.get(self._slot(number, alarm), ()))

    def _slot(self, number: int, alarm: Alarm | EarlyWarning) -> Slot:
        equal = self.inhibitions_of(alarm.community)[number].equal
        return number, alarm.community, alarm.status, place_of(equal, alarm.zone, alarm.device)

    def _as_source(self, alarm: Alarm) -> tuple[object, ...]:
        """What of an alarm matters to those whom it quiets."""
        last_at = alarm.last_at if self._has_bounded else None
        return alarm.is_active, alarm.level, alarm.state == "out_of_service", alarm.incident_id, last_at
