"""What the alarms of a step mean for the people who must take them in: floods, told as facts of an operator position."""

from functools import partial
from typing import Final

from rules.annunciation import is_annunciated
from rules.book import Book
from rules.effects import SaveIncident
from rules.flood import WINDOW_MS, Flood, positions_for
from rules.messages import tell_what_is_due
from rules.model import Entity, Fact, Reason, Sentence
from rules.sentence import duration

_WINDOW: Final = duration(WINDOW_MS / 1000)


def weigh(book: Book) -> None:
    """Count the alarms that this step has announced, and tell of cases what became due. Called before a step with news ends."""
    for effect in tuple(book.saves.values()):
        if type(effect) is SaveIncident and effect.incident.id in book.cases:
            tell_what_is_due(book, effect.incident.id)
    for fact in book.alarm_facts():
        if is_annunciated(fact):
            case = book.cases.get(fact.incident_id)
            told = case.plan.notify_on_alarm if case is not None and case.plan is not None else ()
            for position in positions_for(book.pack.positions, fact, told):
                _count(book, f"{fact.community}/{position}")


def _count(book: Book, name: str) -> None:
    flood = book.floods.setdefault(name, Flood())
    has_begun = flood.take(book.now)
    book.dirty[f"flood/{name}"] = None
    if has_begun:
        said = Sentence(
            f"警报洪泛：{_WINDOW.zh}内 {flood.count} 条报警，超出一个席位的处理能力；请按原因查看，优先处理生命安全",
            f"alarm flood: {flood.count} alarms within {_WINDOW.en}, more than one position can handle; look at them by cause,"
            " life safety first",
        )
        _tell(book, name, "flood_began", Reason.FLOOD_BEGAN, said, flood.count)
    watch_flood(book, name)


def watch_flood(book: Book, name: str) -> None:
    """See to it that the flood ends by itself."""
    over_at = book.floods[name].over_at()
    if over_at is not None:
        book.timers.arm(f"flood {name}", over_at, partial(_end, book, name))


def _end(book: Book, name: str, at: int) -> None:
    flood = book.floods[name]
    long = duration(round((at - (flood.began_at or at)) / 1000))
    said = Sentence(
        f"警报洪泛结束：历时 {long.zh}，共 {flood.count} 条报警，{_WINDOW.zh}内最多 {flood.peak} 条",
        f"the alarm flood is over after {long.en}: {flood.count} alarms in all, {flood.peak} within {_WINDOW.en} at its peak",
    )
    _tell(book, name, "flood_over", Reason.FLOOD_OVER, said, flood.count)
    flood.end()
    book.dirty[f"flood/{name}"] = None


def _tell(book: Book, name: str, transition: str, reason: Reason, said: Sentence, count: int) -> None:
    community, _, position = name.rpartition("/")
    title = next((one.title for one in book.pack.positions if one.id == position), None)
    if title is not None:
        said = Sentence(f"{title.zh}：{said.zh}", f"{title.en}: {said.en}")
    has_begun = reason is Reason.FLOOD_BEGAN
    book.add_fact(
        Fact(
            id="",
            at=book.now,
            community=community,
            entity=Entity.POSITION,
            entity_id=name if position else community,
            incident_id="",
            transition=transition,
            from_state="normal" if has_begun else "flood",
            to_state="flood" if has_begun else "normal",
            reason=reason,
            cause_id=book.cause_id,
            sentence=said,
            pack_version=book.pack.version,
            value=float(count),
        )
    )
