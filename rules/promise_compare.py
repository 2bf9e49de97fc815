"""Compares what a promise expects with what the chain told."""

from collections.abc import Iterator
from typing import Final

from rules.model import Entity, Fact
from rules.promise_form import CaseForm, ExpectForm
from rules.signals import to_ms

OPENED: Final = frozenset({(Entity.WARNING, "opened"), (Entity.ALARM, "opened")})
"""What counts as firing."""
_ALWAYS_LISTED: Final = OPENED | {(Entity.WARNING, "level_changed"), (Entity.ALARM, "level_changed")}
_LISTED_WHOLLY: Final = frozenset({(Entity.INCIDENT, "opened")})
"""Listed wholly or not at all: a case that names one opened incident says how many there are."""


def compare(case: CaseForm, facts: list[Fact], start_at: int) -> Iterator[str]:
    """What is missing, then what came and was not listed."""
    left = list(facts)
    for expected in case.expect:
        found = next((fact for fact in left if _fits(expected, fact, start_at)), None)
        if found is None:
            yield f"expected {_describe_expected(expected)}, {_nearest(expected, facts, start_at)}"
        else:
            left.remove(found)
    named = {(Entity(expected.entity), getattr(expected, expected.entity)) for expected in case.expect}
    must_be_listed = _ALWAYS_LISTED | (_LISTED_WHOLLY & named)
    for fact in left:
        if (fact.entity, fact.transition) in must_be_listed:
            yield f"not expected: {_describe(fact, start_at)}"


def _fits(expected: ExpectForm, fact: Fact, start_at: int) -> bool:
    if fact.entity != expected.entity or fact.transition != getattr(expected, expected.entity):
        return False
    if not to_ms(expected.at) <= fact.at - start_at <= to_ms(expected.at if expected.until is None else expected.until):
        return False
    if expected.says is not None and expected.says not in fact.sentence.zh and expected.says not in fact.sentence.en:
        return False
    fields = ("level", "hazard", "rule", "zone", "device")
    return all(getattr(expected, field) in (None, getattr(fact, field)) for field in fields)


def _nearest(expected: ExpectForm, facts: list[Fact], start_at: int) -> str:
    """What came instead, where something of that sort did."""
    alike = [fact for fact in facts if fact.entity == expected.entity and fact.transition == getattr(expected, expected.entity)]
    return f"came {', '.join(_describe(fact, start_at) for fact in alike)}" if alike else "came none"


def _describe_expected(expected: ExpectForm) -> str:
    fields = expected.model_dump(exclude_none=True, exclude={"at", "until", expected.entity})
    until = f" to {expected.until:g} s" if expected.until is not None else ""
    words = [f"{key} {value}" for key, value in fields.items()]
    return " ".join([f"{expected.entity} {getattr(expected, expected.entity)} at {expected.at:g} s{until}", *words])


def _describe(fact: Fact, start_at: int) -> str:
    level = f" {fact.level}" if fact.level else ""
    return (
        f"{fact.entity} {fact.transition} at {(fact.at - start_at) / 1000:g} s{level} by {fact.rule or '-'} ({fact.sentence.en})"
    )
