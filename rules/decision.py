"""Which lines of the timeline are decisions that rest on evidence: a warning or an alarm that spoke, anew, again or worse."""

from typing import Final

from rules.model import Entity, Fact, Reason

SPEAKING: Final = frozenset({"opened", "level_changed", "retriggered"})
"""The transitions of a warning or an alarm that say something of the world."""


def is_decision(fact: Fact) -> bool:
    """Whether a fact is a warning's or an alarm's word that rests on evidence. A milder level is no new claim."""
    is_word = fact.entity in (Entity.WARNING, Entity.ALARM) and fact.transition in SPEAKING
    return is_word and bool(fact.evidence) and fact.reason is not Reason.EASED
