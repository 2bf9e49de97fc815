"""What a test over several kinds has found, said in Chinese and in English with each reading that it rests on."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from rules.book import Book
from rules.kinds import Kind
from rules.model import EventClass, Evidence, Reason, Sentence
from rules.primitive import StateIs
from rules.sentence import STATES, confidence_said, describe, duration, number
from rules.sequences import TermSignal
from rules.sources import combined, sources_in
from rules.terms import Agreement, Combination, Missing, Sequence, Term
from rules.watch import Watch

REASONS: Final[Mapping[type, Reason]] = {
    Sequence: Reason.SEQUENCE_SEEN,
    Missing: Reason.EXPECTED_MISSING,
    Combination: Reason.COMBINATION_TRUE,
    Agreement: Reason.SOURCES_AGREE,
}
_CLASSES: Final = (EventClass.STATE, EventClass.ALARM, EventClass.READING)


def tell(book: Book, watch: Watch, signal: TermSignal, evidence: tuple[Evidence, ...]) -> Sentence:
    """The finding of this signal, which is on, without the title of its rule."""
    test = signal.stage.condition.test
    seen = [
        describe(replace(item, test="is") if item.test == "missing" else item, book.routes.kind_of(item), "") for item in evidence
    ]
    match test:
        case Sequence():
            gap = duration(signal.measure)
            found = Sentence(f"{seen[0].zh}；{gap.zh}后 {seen[-1].zh}", f"{seen[0].en}; {gap.en} later {seen[-1].en}")
        case Missing(expected=expected, within_s=within_s):
            long, awaited = duration(within_s), _awaited(book, expected)
            found = Sentence(f"{seen[0].zh}；此后 {long.zh}内没有{awaited.zh}", f"{seen[0].en}; no {awaited.en} within {long.en}")
        case Agreement(within_s=within_s):
            sources, long = sources_in(evidence, watch.active.rule.confidence), duration(within_s)
            sure, count = confidence_said(combined(sources)), len(sources)
            found = Sentence(
                f"{long.zh}内 {count} 个独立来源：{'；'.join([one.zh for one in seen])}（合并{sure.zh}）",
                f"{count} independent sources within {long.en}: {'; '.join([one.en for one in seen])} (together: {sure.en})",
            )
        case _:
            found = Sentence("；".join([one.zh for one in seen]), "; ".join([one.en for one in seen]))
    return Sentence(f"{watch.zone}：{found.zh}", f"{watch.zone}: {found.en}") if watch.zone else found


def _awaited(book: Book, term: Term) -> Sentence:
    """What was expected, in words: no event came of which it could be read."""
    kind = _kind(book, term)
    if isinstance(term.test, StateIs):
        shown = [STATES.get(state, state) for state in term.test.states]
        return Sentence(f"{kind.zh}“{'、'.join(shown)}”", f"{kind.en} “{' or '.join(term.test.states)}”")
    unit = "" if kind.unit in ("", "1") else f" {kind.unit}"
    above, below = term.test.above, term.test.below
    sides = [("不低于", "of at least", above)] if above is not None else []
    sides += [("不高于", "of at most", below)] if below is not None else []
    return Sentence(
        kind.zh + "或".join([f"{zh} {number(limit)}{unit}" for zh, _, limit in sides]),
        f"{kind.en} {' or '.join([f'{en} {number(limit)}{unit}' for _, en, limit in sides])}",
    )


def _kind(book: Book, term: Term) -> Kind:
    classes = _CLASSES if isinstance(term.test, StateIs) else (EventClass.READING,)
    found = [book.routes.kind(event_class, term.kind) for event_class in classes]
    return next((kind for kind in found if kind.states or kind.low is not None), found[0])
