"""Case, pack and cited events from the store and the journal, as the commands that explain need them. Reading harms nobody."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dashboard.reads import CaseRows, StoreReads
from handlers.faults import StoreBroken, StoreUnavailable
from handlers.story import StoryViews
from ingest.journal import JournalDamaged
from ingest.journal_at import alone_between, received_at
from rules.canonical import from_plain
from rules.decision import is_decision
from rules.definition import RulePack
from rules.model import Entity, Fact, PackActivation, Resumed
from rules.pack import PackError, read_pack
from rules.reproduce import Cited, Reproduction, beside_of, by_name, reproduce
from rules.signals import FOR_EVER
from shouwang.exits import Exit
from shouwang.options import stopped
from shouwang.pack_files import load_pack
from shouwang.settings import Settings

TIMELINE_MAX = 5000


@dataclass(frozen=True, slots=True)
class Casebook:
    """Everything that explaining reads."""

    settings: Settings
    reads: StoreReads
    story: StoryViews
    read: Callable[[str], RulePack] = read_pack  # who asks often remembers the last few

    @property
    def journal(self) -> Path:
        """The folder of the journal."""
        return self.settings.data / "journal"

    def case_of(self, record_id: str) -> CaseRows | None:
        """The case that a warning, alarm, order or incident of this id belongs to."""
        incident_id = self.story.incident_of(record_id)
        return None if incident_id is None else self.reads.case(incident_id, timeline_max=TIMELINE_MAX, also_id=record_id)

    def facts(self, entity: Entity, transition: str = "", until_at: int = FOR_EVER) -> list[Fact]:
        """What was told of one sort of thing up to an instant, in order. For what is rare: packs, positions, modes."""
        return [from_plain(Fact, doc) for doc in self.story.facts_of(entity, until_at=until_at, transition=transition)]

    def pack_at(self, at: int, version: str) -> RulePack | None:
        """The pack of this version that decided at this instant (ms); None where its text is at hand nowhere any more.

        The chain's own state keeps the last few that took over, and outlives the journal's days; older ones are as they were
        journaled, and what neither has is the configured one, if that is of this version. Raises PackError where this version
        of the software cannot read it any more, StoreUnavailable, StoreBroken and JournalDamaged.
        """
        kept = {(one["at"], one["version"]): str(one["text"]) for one in self.story.kept_packs()}
        for fact in reversed([fact for fact in self.facts(Entity.PACK, "activated", at) if fact.pack_version == version]):
            text = kept.get((fact.at, version)) or self._journaled(fact)
            if text:
                return self.read(text)
        pack = self.configured_pack()
        return pack if pack is not None and pack.version == version else None

    def _journaled(self, activated: Fact) -> str:
        """The text of the pack that took over then; empty where the journal has dropped that day."""
        entries = [journaled.entry for journaled in received_at(self.journal, [activated.at])]
        packs = [entry for entry in entries if isinstance(entry, PackActivation) and entry.id == activated.cause_id]
        return packs[0].text if packs else ""

    def pack_in_force(self) -> RulePack | None:
        """The pack that took over last, whether the service runs now or not; None where none did, or its text is gone."""
        activated = self.facts(Entity.PACK, "activated")
        return self.pack_at(activated[-1].at, activated[-1].pack_version) if activated else None

    def configured_pack(self) -> RulePack | None:
        """The pack that the settings name now; None where it cannot be read."""
        try:
            return load_pack(self.settings.pack).read()
        except PackError:
            return None

    def reproductions(self, case: CaseRows, on_done: Callable[[int, int], None]) -> Iterator[Reproduction]:
        """Replay what each decision of this case cites, alone. ``on_done`` is told how many of how many are done."""
        facts = [row.fact for row in case.timeline if is_decision(row.fact)]
        packs: dict[str, RulePack | None] = {}
        for number, fact in enumerate(facts):
            if fact.pack_version not in packs:
                packs[fact.pack_version] = self.pack_at(fact.at, fact.pack_version)
            pack = packs[fact.pack_version]
            if pack is not None:
                yield self._reproduce(fact, pack)
            on_done(number + 1, len(facts))

    def _reproduce(self, fact: Fact, pack: RulePack) -> Reproduction:
        instants = [item.received_at for item in fact.evidence]
        entries = [Cited(one.received_at, one.entry) for one in received_at(self.journal, instants)]
        places = [place for place in self.facts(Entity.ZONE, until_at=fact.at) if place.community == fact.community]
        alone = alone_between(self.journal, min(instants), fact.at)
        beside = [Cited(one.received_at, one.entry) for one in alone if isinstance(one.entry, Resumed)]
        set_there = [Cited(one.received_at, one.entry) for one in received_at(self.journal, [place.at for place in places])]
        beside += [one for one in beside_of(set_there, places) if not isinstance(one.entry, Resumed)]
        return reproduce(pack, fact, by_name(entries), beside)


@contextmanager
def opened_casebook(settings: Settings) -> Iterator[Casebook]:
    """Open for reading; what cannot be read is told, and ends the command."""
    try:
        reads, story = StoreReads(settings.database), StoryViews(settings.database)
    except ValueError as fault:
        raise stopped(f"The store's address is wrong: {fault}", Exit.USAGE) from None
    try:
        yield Casebook(settings, reads, story)
    except (StoreUnavailable, StoreBroken) as fault:
        raise stopped(f"The store cannot be read: {fault}  存储无法读取。", Exit.FAILED) from None
    except JournalDamaged as fault:
        raise stopped(str(fault), Exit.DAMAGED) from None
    except PackError as fault:
        raise stopped(f"The pack of then cannot be read by this version: {fault}  旧规则包无法读取。", Exit.FAILED) from None
    finally:
        reads.close()
        story.close()
