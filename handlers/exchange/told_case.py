"""What the forms of other systems say of a case or a warning: the same for all of them, and nothing of a person.

Who acknowledged, closed or reported stays here: an exchange has no need of it (minimum personal data, 个人信息保护法 6).
"""

from dataclasses import dataclass

from rules.model import EarlyWarning, Incident, Level, Sentence, Status, Verdict

_UNTRUE = frozenset({Verdict.FALSE, Verdict.BENIGN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the community is, as others know it: ``polygon`` (latitude, longitude) closed, ``adcode`` of GB/T 2260."""

    name: Sentence
    latitude: float | None = None
    longitude: float | None = None
    adcode: str = ""
    polygon: tuple[tuple[float, float], ...] = ()


NOWHERE = Place(name=Sentence("", ""))
"""Where nobody has said it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldCase:
    """One case or warning, as far as it is told. Instants in ms. ``is_untrue``: it was found false, or harmless."""

    id: str
    community: str
    hazard: str
    level: Level
    status: Status
    zone: str
    opened_at: int
    changed_at: int
    title: Sentence
    text: Sentence
    has_happened: bool
    is_over: bool
    is_untrue: bool = False


def of_incident(incident: Incident) -> ToldCase:
    """An incident: it has happened where there is an alarm, and is over when it was closed."""
    return ToldCase(
        id=incident.id,
        community=incident.community,
        hazard=incident.hazard,
        level=incident.level,
        status=incident.status,
        zone=incident.zone,
        opened_at=incident.opened_at,
        changed_at=incident.changed_at,
        title=incident.title,
        text=incident.sentence,
        has_happened=bool(incident.alarm_ids),
        is_over=incident.closed_at is not None,
        is_untrue=incident.verdict in _UNTRUE,
    )


def of_warning(warning: EarlyWarning) -> ToldCase:
    """An early warning: it may happen, and is over with its outcome."""
    return ToldCase(
        id=warning.id,
        community=warning.community,
        hazard=warning.hazard,
        level=warning.level,
        status=warning.status,
        zone=warning.zone,
        opened_at=warning.opened_at,
        changed_at=warning.changed_at,
        title=warning.sentence,
        text=warning.sentence,
        has_happened=False,
        is_over=warning.ended_at is not None,
    )
