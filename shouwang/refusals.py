"""How the chain's process ends when it cannot start or go on: one line for people, and an exit code for the supervisor."""

import structlog

from handlers.faults import LeaseHeld, LeaseLost, SchemaUnknown, StoreBroken, StoreUnavailable
from ingest.journal import JournalBroken, JournalDamaged, JournalHeld, JournalWriteFailed
from shouwang.exits import Exit
from shouwang.listening import CannotListenError
from shouwang.recovery import JournalBehindStoreError, SnapshotUnreadableError
from shouwang.settings import SettingsError

log = structlog.get_logger(__name__)

_MEANINGS: tuple[tuple[tuple[type[BaseException], ...], str, str, Exit], ...] = (
    (
        (LeaseHeld, JournalHeld),
        "taken",
        "Only one instance may write. Stop the other one, or use another data folder.",
        Exit.TAKEN,
    ),
    ((CannotListenError,), "cannot_listen", "Stop what holds it, or choose another one.", Exit.TAKEN),
    ((SettingsError,), "settings_unusable", "Correct the settings; docs/operations.md lists them.", Exit.USAGE),
    (
        (JournalBehindStoreError, JournalDamaged, StoreBroken, SchemaUnknown, SnapshotUnreadableError),
        "damaged",
        "A person must look: docs/operations.md says how to restore. Nothing is changed until then.",
        Exit.DAMAGED,
    ),
    ((LeaseLost,), "lease_lost", "Another process writes now; this one ends so that it changes nothing.", Exit.FAULT),
    (
        (StoreUnavailable,),
        "store_unavailable",
        "Bring the database back; until it is, the broker keeps the messages. It is tried again.",
        Exit.FAULT,
    ),
    (
        (JournalWriteFailed, JournalBroken),
        "journal_unwritable",
        "Look at the disk and its free space; until then nothing is acknowledged. It is tried again.",
        Exit.FAULT,
    ),
)


def exit_code_of(fault: BaseException) -> Exit:
    """Say what is the matter and what to do; what nobody expected is our own fault and comes with its traceback."""
    for kinds, event, todo, code in _MEANINGS:
        if isinstance(fault, kinds):
            log.error(event, detail=str(fault), todo=todo)
            return code
    log.error("stopped_on_fault", detail=repr(fault), exc_info=fault)
    return Exit.FAULT
