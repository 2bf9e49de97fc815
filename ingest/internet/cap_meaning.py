"""What CAP messages mean in their turn: which alert begins, which it replaces or cancels, and which came too late to hold.

Every alert is a device of its own (``sender,identifier``), so an Update ends what it references and begins itself, whatever was
remembered. Memory serves one purpose: an alert that comes after what replaced it must not rise again.
"""

from collections.abc import Iterator
from typing import Final

from ingest.adapter import Ignored, Said
from ingest.areas import Match, Spot, best, match
from ingest.internet.cap_model import CapAlert, CapInfo
from ingest.internet.china_titles import read_title
from ingest.warning_signals import LEVELS, Warned, danger_of, signal
from rules.model import Attribute, Status

_GONE_MAX: Final = 10_000
_TEXT_MAX: Final = 1000
_ACTS: Final = frozenset({"Update", "Cancel"})
_SAYS_NOTHING: Final = frozenset({"Ack", "Error"})


class Course:
    """One route: which alerts were replaced or cancelled, the last 10,000 of them."""

    def __init__(self) -> None:
        self._gone: dict[str, str] = {}

    def follow(self, alert: CapAlert, spot: Spot | None) -> list[Said] | Ignored:
        """What a message says after those before it. ``spot``: what is for elsewhere ends what it replaces, and no more."""
        device = alert.identity.device
        if alert.message_type in _SAYS_NOTHING:
            return Ignored(f"{alert.message_type} answers a message, and warns of nothing: {alert.note or device}")
        if alert.message_type != "Cancel" and not alert.infos:
            return Ignored(f"{alert.message_type} {device} has no info: it says nothing of any danger")
        if alert.status is Status.ACTUAL and device in self._gone:
            late = list(self._ended(alert)) if alert.message_type in _ACTS else []
            return late or Ignored(f"{device} was ended by {self._gone[device]} before it came")
        said = [] if alert.message_type == "Cancel" else list(_own(alert, spot))
        if alert.message_type in _ACTS:
            said += self._ended(alert)
        return said or Ignored(f"{device} is not for here")

    def _ended(self, alert: CapAlert) -> Iterator[Said]:
        """The end of every alert that this one references, once."""
        danger = next((found for info in alert.infos if (found := danger_of(info.event))), "")
        how = "cancelled_by" if alert.message_type == "Cancel" else "replaced_by"
        for reference in alert.references:
            device = reference.device
            if alert.status is Status.ACTUAL:
                if device in self._gone:
                    continue
                self._gone[device] = alert.identity.device
                if len(self._gone) > _GONE_MAX:
                    del self._gone[next(iter(self._gone))]
            yield signal(
                Warned(
                    format_="cap",
                    device=device,
                    is_on=False,
                    danger=danger,
                    at=alert.identity.sent,
                    status=alert.status,
                    identity=(alert.identity.device,),
                    beside={how: alert.identity.device},
                )
            )


def _own(alert: CapAlert, spot: Spot | None) -> Iterator[Said]:
    """What the alert itself says: what is over first, then one signal for each event that is not for elsewhere."""
    told = [(infos, _where(infos[0], spot)) for infos in grouped(alert.infos)]
    told.sort(key=lambda each: not each[0][0].is_over)
    for index, (infos, where) in enumerate(told):
        info = infos[0]
        if where is not Match.OUTSIDE:
            yield signal(
                Warned(
                    format_="cap",
                    device=alert.identity.device,
                    is_on=not info.is_over,
                    level=_level(infos),
                    danger=next((found for each in infos if (found := danger_of(each.event))), ""),
                    at=alert.identity.sent,
                    expires=None if info.is_over else info.expires or None,
                    status=alert.status,
                    identity=(index, info.event),
                    beside=_beside(alert, infos, where if spot is not None else None),
                )
            )


def grouped(infos: tuple[CapInfo, ...]) -> list[list[CapInfo]]:
    """The blocks of one event in their languages together, Chinese first. The same language again is another event."""
    groups: list[list[CapInfo]] = []
    for info in infos:
        same = next((group for group in groups if _is_translation(info, group)), None)
        if same is None:
            groups.append([info])
        else:
            same.append(info)
    return [sorted(group, key=lambda info: not info.language.lower().startswith("zh")) for group in groups]


def _is_translation(info: CapInfo, group: list[CapInfo]) -> bool:
    first = group[0]
    same = ("categories", "urgency", "severity", "certainty", "event_codes", "effective", "onset", "expires", "response_types")
    is_same = all(getattr(info, name) == getattr(first, name) for name in same)
    return is_same and info.language.lower() not in {each.language.lower() for each in group}


def _where(info: CapInfo, spot: Spot | None) -> Match:
    return Match.UNKNOWN if spot is None else best([match(each.area, spot) for each in info.areas])


def _level(infos: list[CapInfo]) -> str:
    """By severity; where that is Unknown, by the colour of a Chinese title."""
    if level := LEVELS.get(infos[0].severity.lower(), ""):
        return level
    found = [each.level for info in infos for each in read_title(info.headline or info.event).signals]
    return next((level for level in found if level), "")


def _beside(alert: CapAlert, infos: list[CapInfo], where: Match | None) -> dict[str, Attribute]:
    info = infos[0]
    english = next((each.headline for each in infos[1:] if each.language.lower().startswith("en")), "")
    codes = " ".join(dict.fromkeys(f"{name}:{value}" for area in info.areas for name, value in area.area.codes))
    return {
        "event": info.event,
        "headline": info.headline,
        "headline_en": english,
        "text": info.description,
        "instruction": info.instruction,
        "office": info.sender_name,
        "area": "; ".join(each.description for each in info.areas if each.description)[:_TEXT_MAX],
        "geocodes": codes[:_TEXT_MAX],
        "area_match": "" if where is None else where.value,
        "category": " ".join(info.categories),
        "response": " ".join(info.response_types),
        "urgency": info.urgency,
        "severity": info.severity,
        "certainty": info.certainty,
        "onset": info.onset,
        "languages": " ".join(each.language for each in infos)[:_TEXT_MAX],
        "note": alert.note,
        "message_type": alert.message_type,
    }
