"""Which line of the story made a person look up: an alarm that is announced, as ISA-18.2 counts it.

Announced is an alarm that begins to wait for a person: opened, back again, worse, or back from where it was kept quiet. What is
shelved, suppressed or out of service is not announced while it is so; what a person brings about (taking an alarm off the shelf)
interrupts nobody; exercises and tests are kept apart.
"""

from typing import Final

from rules.model import Entity, Fact, Reason, Status

WAITING: Final = "unacknowledged"
"""The state of an alarm that waits for a person while its condition holds (ISA-18.2 figure 2, state B)."""


def is_annunciated(fact: Fact) -> bool:
    """Whether this line announced an alarm to the operators."""
    return (
        fact.entity is Entity.ALARM
        and fact.to_state == WAITING
        and fact.status is Status.ACTUAL
        and not fact.actor
        and (fact.from_state != WAITING or fact.reason is Reason.WORSENED)
    )
