"""What must hold: the names of the laws (reliability I1 to I12), and how a broken one is told."""

from enum import StrEnum


class Law(StrEnum):
    """What a drill holds the house to; the numbers are those of the invariants in docs/drill.md."""

    NO_LOSS = "I1 what was acknowledged is journaled, once"
    ONE_INCIDENT = "I2 one open incident for one happening"
    ORDER = "I3 the story is in the order of the journal, and states move by the table"
    TIMERS = "I4 what is due is done, once, also over a restart"
    TOLD = "I5 whoever must be told is told, and told once"
    BOUNDED = "I6 what is held is bounded"
    CRITICAL_FIRST = "I7 an alarm waits behind nothing else"
    ONE_WRITER = "I8 nothing is written after another one became the writer"
    AUDIT = "I9 what is stored is what an undisturbed chain decides on the journal"
    LIVENESS = "I10 after the last fault everything comes to rest"
    ISOLATION = "I11 nobody reads of another community"
    HONEST = "I12 trouble shows in the health checks"
    OWN_FAULT = "no fault of our own"


class Broken(Exception):  # noqa: N818 - a law is broken; it reads as one
    """A law does not hold."""

    def __init__(self, law: Law, detail: str) -> None:
        super().__init__(f"{law}: {detail}")
        self.law = law
        self.detail = detail
