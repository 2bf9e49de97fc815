"""佐证: a case begins with one source, and every later independent one makes it surer, without asking for attention anew."""

from dataclasses import replace
from typing import Final

from rules.book import Book
from rules.model import Event, Evidence, Incident, Network, Reason, Sentence, Source
from rules.outage import is_out
from rules.sentence import confidence_said
from rules.sequences import TermSignal
from rules.signals import ON, copy_of, limit_of
from rules.sources import combined, merged, sources_in
from rules.watch import Watch

NETWORKS: Final = {
    Network.IOT: Sentence("物联网", "IoT"),
    Network.VIDEO: Sentence("视联网", "video"),
    Network.INTERNET: Sentence("互联网", "Internet"),
    Network.DATA: Sentence("数联网", "data"),
}


def take_in(book: Book, watch: Watch, event: Event | None) -> None:
    """Name the sources of what is true for this watch now in its alarm and its case. ``event``: what was just seen, if any.

    What is out of service bears out nothing: a detector is being tested there.
    """
    if is_out(book, watch):
        return
    heard: dict[Source, Evidence] = {}
    usual = watch.active.rule.confidence
    for signal in watch.signals:
        if signal.phase == ON:
            heard |= sources_in(signal.evidence(), usual)
            is_plain = not isinstance(signal, TermSignal)  # of terms the evidence names all that count
            if event is not None and is_plain and event.device in signal.holders and not signal.is_of(event):
                heard |= sources_in([copy_of(event, book.now, *limit_of(signal.stage.condition.test, event))], usual)
    if not heard:
        return
    alarm = book.alarms.get(watch.alarm_id)
    if alarm is not None:
        sources = merged(alarm.sources, heard)
        if sources != alarm.sources:
            book.put_alarm(replace(alarm, sources=sources, confidence=combined(sources)))
    record = alarm or book.warnings.get(watch.warning_id)
    if record is not None and record.incident_id in book.cases:
        _bear_out(book, record.incident_id, heard)


def _bear_out(book: Book, incident_id: str, heard: dict[Source, Evidence]) -> None:
    """What was heard makes the case surer. Where a life may hang on it, the story tells of every source beyond the first ones.

    Such a case was opened on one source, and who decides on it wants to know that there are more.
    """
    case = book.cases[incident_id]
    before = case.incident
    sources = merged(before.sources, heard)
    if sources == before.sources:
        return
    incident = replace(before, sources=sources, confidence=combined(sources))
    book.put_case(replace(case, incident=incident))
    known = [(source.network, source.name) for source in before.sources]
    for source in sources:
        if incident.is_life_safety and known and (source.network, source.name) not in known:
            said = _said(source, incident)
            book.tell(
                incident,
                "corroborated",
                Reason.CORROBORATED,
                said,
                from_state=incident.state,
                evidence=(heard[source],),
                value=incident.confidence,
            )


def _said(source: Source, incident: Incident) -> Sentence:
    network = NETWORKS[source.network]
    through = "" if source.name == source.device else f"（{source.device}）"
    behind = "" if source.name == source.device else f" ({source.device})"
    own, together = confidence_said(source.confidence), confidence_said(incident.confidence)
    count = len(incident.sources)
    return Sentence(
        f"独立来源佐证：{network.zh} {source.name}{through}，{own.zh}；共 {count} 个来源，合并{together.zh}",
        f"another independent source bears it out: {source.name}{behind} on the {network.en} network, {own.en};"
        f" {count} sources together: {together.en}",
    )
