"""Proves from journal and store what became of a load: each event journaled once, each alarm raised once."""

from ingest.journal import JournalDamaged, read_only
from ingest.journal_at import last_before
from ingest.topics import Lane
from rules.model import Entity, Event
from rules.signals import FOR_EVER
from shouwang.casebook import opened_casebook
from shouwang.exits import Exit
from shouwang.options import stopped
from shouwang.settings import Settings
from simulator.load.ledger import Ledger, Proof, prove
from simulator.load.plan import LoadPlan


def journal_proof(settings: Settings, plan: LoadPlan, ledger: Ledger, from_at: int) -> Proof:
    """What the broker took is in the journal once. A message that was resent may be there again: the chain knows it by its id."""
    folder = settings.data / "journal"
    if not folder.is_dir():
        raise stopped(
            f"There is no journal in {settings.data}: name the data folder of the service that listens there.  此处没有流水。",
            Exit.FAILED,
        )
    head = f"load-{plan.run}-"
    found: dict[str, None] = {}
    try:
        for journaled in read_only(folder, after=last_before(folder, from_at)):
            entry = journaled.entry
            if isinstance(entry, Event) and entry.id.startswith(head):
                found[entry.id] = None
    except JournalDamaged as fault:
        raise stopped(str(fault), Exit.DAMAGED) from None
    return prove(ledger.acknowledged, ledger.events, found)


def store_proof(settings: Settings, plan: LoadPlan, ledger: Ledger, from_at: int) -> Proof:
    """Each detector that alarmed has its alarm, and no rule raised it twice."""
    must = [_device(each) for each in ledger.acknowledged if ledger.events[each].lane is Lane.CRITICAL]
    may = [_device(each) for each, sent in ledger.events.items() if sent.lane is Lane.CRITICAL]
    with opened_casebook(settings) as book:
        raised = [
            f"{alarm['device']} ({alarm['rule']})"
            for alarm in book.story.spoken(Entity.ALARM, from_at, FOR_EVER)
            if alarm["community"] == plan.community and alarm["opened_at"] >= from_at
        ]
    once = prove(must, may, dict.fromkeys(each.split(" ")[0] for each in raised))
    return Proof(lost=once.lost, doubled=prove((), raised, raised).doubled, strange=once.strange)


def _device(event_id: str) -> str:
    return f"smoke-{event_id.rsplit('-', 1)[1]}"
