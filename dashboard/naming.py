"""What to call the parties and responders of a case: records hold their ids, people read their titles."""

from collections.abc import Iterable, Iterator, Mapping

from dashboard.models import IncidentSummary
from dashboard.reads import CaseRows
from rules.model import Sentence


def names_of(ids: Iterable[str], titles: Mapping[str, Sentence]) -> dict[str, Sentence]:
    """The titles of these ids, in the order of the ids; what the rule pack does not know is left out."""
    return {each: titles[each] for each in sorted(set(ids)) if each in titles}


def named_in_case(case: CaseRows) -> Iterator[str]:
    """Every id in a case that may be a party's or a responder's."""
    yield from case.incident.parties
    for dispatch in case.dispatches:
        yield dispatch.responder
        yield dispatch.party
        yield from (each.responder for each in dispatch.passed_over)
    for delivery in case.deliveries:
        yield str(delivery["target"])


def named_in_page(summaries: Iterable[IncidentSummary]) -> Iterator[str]:
    """The same of the queue: the parties, and the responders whose clocks are due first."""
    for summary in summaries:
        yield from summary.incident.parties
        if summary.next_clock is not None:
            yield summary.next_clock.responder
