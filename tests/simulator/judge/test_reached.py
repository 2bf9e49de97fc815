"""What the judge counts as reached: what somebody was told of, each time that it begins to be told."""

from rules.model import Entity, Fact, Reason, Sentence, Status
from simulator.judge.reached import Register, stage_of


def line(entity: str, transition: str, before: str, after: str, at: int = 0, status: Status = Status.ACTUAL) -> Fact:
    return Fact(
        id=f"{entity} {transition} {at}",
        at=at,
        community="c1",
        entity=Entity(entity),
        entity_id="x",
        incident_id="i",
        transition=transition,
        from_state=before,
        to_state=after,
        reason=Reason.LIMIT_CROSSED,
        cause_id="e",
        sentence=Sentence("", ""),
        hazard="device",
        rule="battery",
        status=status,
    )


STORY = (
    ("warning", "opened", "", "active", "warning"),
    ("warning", "opened", "", "suppressed", ""),
    ("warning", "suppressed", "active", "suppressed", ""),
    ("warning", "level_changed", "suppressed", "suppressed", ""),
    ("warning", "unsuppressed", "suppressed", "active", "warning"),
    ("warning", "cancelled", "suppressed", "cancelled", ""),
    ("alarm", "opened", "", "unacknowledged", "alarm"),
    ("alarm", "opened", "", "suppressed", ""),
    ("alarm", "unshelved", "shelved", "suppressed", ""),
    ("alarm", "unsuppressed", "suppressed", "unacknowledged", "alarm"),
    ("dispatch", "ordered", "", "ordered", "dispatch"),
)


def test_a_stage_is_reached_where_somebody_is_told() -> None:
    for entity, transition, before, after, stage in STORY:
        assert stage_of(line(entity, transition, before, after)) == stage, (entity, transition, before, after)


def test_a_suppressed_warning_finds_nothing_until_it_is_told() -> None:
    register = Register()
    facts = (line("warning", "opened", "", "suppressed", 1), line("warning", "suppressed", "suppressed", "suppressed", 1))
    register.take_all(facts)
    assert register.reached == []
    register.take_all([line("warning", "unsuppressed", "suppressed", "active", 7)])
    assert [(one.stage, one.at, one.rule) for one in register.reached] == [("warning", 7, "battery")]


def test_exercises_are_counted_apart_and_never_when_nobody_was_told() -> None:
    register = Register()
    told = line("warning", "unsuppressed", "suppressed", "active", status=Status.EXERCISE)
    register.take_all([told, line("warning", "opened", "", "suppressed", status=Status.EXERCISE)])
    assert (register.reached, register.apart["warning"]) == ([], 1)
