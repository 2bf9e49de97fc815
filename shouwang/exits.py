"""How the program ends, as numbers that scripts and the supervisor understand."""

from enum import IntEnum
from typing import ClassVar


class Exit(IntEnum):
    """Exit codes. Those in ``FINAL`` mean that starting again would end the same way."""

    OK = 0
    FAILED = 1  # what was asked for did not come true (a demo whose truth was not met, a pack with faults)
    USAGE = 2  # the command line or the configuration is wrong
    MISSING = 3  # something that is needed is not installed
    TAKEN = 4  # another instance holds the data folder, the lease or the port
    DAMAGED = 5  # journal and store do not belong together, or are damaged: a person must look
    FAULT = 70  # our own fault: it stopped loudly and may be started again (EX_SOFTWARE)

    FINAL: ClassVar[frozenset[int]]


Exit.FINAL = frozenset({Exit.USAGE, Exit.MISSING, Exit.TAKEN, Exit.DAMAGED})
