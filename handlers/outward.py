"""What leaves the desk leaves people's own words behind: a topic or a hook has readers for whom a report was not meant."""

from dataclasses import replace

from rules.canonical import to_json
from rules.model import Alarm, Dispatch, EarlyWarning, Fact, Incident


def outward_record(record: EarlyWarning | Alarm | Incident | Dispatch, doc: bytes) -> bytes:
    """The record as other systems may have it: a case without its quotes, but with their number. ``doc``: all of it."""
    if isinstance(record, Incident) and record.quotes:
        return to_json(replace(record, quotes=()))
    return doc


def outward_fact(fact: Fact, doc: bytes) -> bytes:
    """The line as other systems may have it: that somebody is quoted, and not what. ``doc``: all of it."""
    return to_json(replace(fact, value=None)) if fact.transition == "quoted" else doc
