"""What can be wrong with a single test of a stage, beyond its shape: words that do not belong to it, and where it cannot be."""

from typing import Protocol

from rules.kinds import Kind
from rules.model import EventClass
from rules.pack_form import RuleForm, StageForm
from rules.pack_text import Path


class Add(Protocol):
    """How a fault is told: where, and what to do."""

    def __call__(self, path: Path, message: str, *, is_key: bool = False) -> None:
        """Add one fault."""


def check_primitive(add: Add, spot: Path, stage: StageForm, rule: RuleForm, kinds: list[Kind]) -> None:
    """Add what is wrong with how often, how long the same, or impossible."""
    _check_times(add, spot, stage)
    _check_stuck(add, spot, stage)
    _check_rhythm(add, spot, stage)
    if stage.impossible is not None:
        _check_sieve(add, spot, rule, kinds)


def _check_times(add: Add, spot: Path, stage: StageForm) -> None:
    is_countable = stage.state is not None or stage.above is not None or stage.below is not None
    if (stage.times is None) != (stage.within is None):
        add(spot, "times and within belong together")
    elif stage.times is not None and not is_countable:
        add((*spot, "times"), "only a limit or a state can be counted")
    if stage.times == 1 and stage.speaks is None:
        add((*spot, "times"), "once is every time; leave times out, or say when a burst speaks: first or last")
    if stage.speaks is not None and stage.times is None:
        add((*spot, "speaks"), "speaks belongs to times and within", is_key=True)
    if stage.speaks is not None and stage.delay:
        add((*spot, "for"), "a burst has its own time; write it as within")


def _check_stuck(add: Add, spot: Path, stage: StageForm) -> None:
    for word in ("tolerance", "stuck_by"):
        if getattr(stage, word) is not None and stage.stuck_for is None:
            add((*spot, word), f"{word} belongs to stuck_for", is_key=True)
    if stage.stuck_by == "seq" and stage.tolerance is not None:
        add((*spot, "tolerance"), "a source's number is the same or it is not; leave tolerance out", is_key=True)
    if stage.stuck_for is not None and stage.delay:
        add((*spot, "for"), "a stuck value is its own delay; add it to stuck_for")


def _check_rhythm(add: Add, spot: Path, stage: StageForm) -> None:
    if stage.rhythm is None:
        return
    if stage.silent_for is None:
        add((*spot, "rhythm"), "a rhythm belongs to silent_for, the time after which silence is told in any case", is_key=True)
    elif stage.rhythm.at_least >= stage.silent_for:
        add(
            (*spot, "rhythm", "at_least"),
            "at_least must be shorter than silent_for: a rhythm tells a silence sooner, never later",
        )


def _check_sieve(add: Add, spot: Path, rule: RuleForm, kinds: list[Kind]) -> None:
    """A rule of impossible readings is a sieve before all others: it looks at one kind of one device, at all hours."""
    rule_spot = spot[:-2]
    if any(stage.impossible is None for stage in (*rule.warnings, *rule.alarms)):
        add(spot, "a rule of impossible readings has no other tests; make a rule of its own")
    if rule.watch != "device":
        add((*rule_spot, "watch"), "an impossible reading is its device's; write watch: device")
    if len(rule.kinds) != 1 or not any(kind.event_class is EventClass.READING for kind in kinds):
        add((*rule_spot, "kinds"), "an impossible reading is of one kind that has numbers; make a rule for each")
    for word in ("hours", "days", "modes", "not_modes"):
        if getattr(rule, word):
            add((*rule_spot, word), f"an impossible reading is impossible at all times; leave {word} out", is_key=True)
