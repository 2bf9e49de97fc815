"""Runs the test file beside a pack: its cases in virtual time on the real chain, one outcome each.

A promise is kept when every expected fact came, in its time and with its words, and when no warning and no alarm was opened
or changed its level without being expected. Nothing here waits: a day of silence takes a moment.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from rules.definition import RulePack
from rules.effects import AnswerAction, Effect, RecordFact
from rules.engine import Engine
from rules.kinds import KINDS
from rules.model import Entity, Event, EventClass, Fact, Input, Network, OperatorAction, Status
from rules.pack import PackError
from rules.pack_shape import hold_to, suggest
from rules.pack_text import Faults, Path, Tree, read_tree
from rules.place import WHOLE_COMMUNITY
from rules.promise_compare import OPENED, compare
from rules.promise_form import CaseForm, PromisesForm, StepForm
from rules.signals import to_ms

COMMUNITY: Final = "promised"
_DAY: Final = (2026, 3, 2)  # a Monday without a change of clocks anywhere near
_NOON: Final = 720
_TAIL_S: Final = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one promise went. ``breaks`` is empty when it was kept; ``fired`` are the rules that warned or alarmed."""

    case: str
    file: str
    line: int
    breaks: tuple[str, ...]
    about: str
    fired: tuple[str, ...]

    @property
    def is_kept(self) -> bool:
        """Whether the promise was kept."""
        return not self.breaks

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.case}: {'; '.join(self.breaks) or 'kept'}"


def run_promises(pack: RulePack, test_text: str, name: str = "<promises>") -> tuple[Outcome, ...]:
    """Run every case of the file. Raises ``PackError`` with all faults when the file itself is wrong."""
    faults = Faults(name)
    tree = read_tree(test_text, faults)
    form = None if tree is None else hold_to(PromisesForm, tree, faults)
    if tree is None or form is None:
        raise PackError(faults.in_order())
    _check_words(pack, form, tree, faults)
    if len(faults):
        raise PackError(faults.in_order())
    return tuple(
        _run(pack, form, case_name, name, tree.place_of(("cases", case_name), is_key=True)[0]) for case_name in form.cases
    )


def promises_schema() -> dict[str, Any]:
    """JSON Schema of a test file, for editors."""
    schema = PromisesForm.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Shouwang promises of a rule pack"}


def _check_words(pack: RulePack, form: PromisesForm, tree: Tree, faults: Faults) -> None:
    """Words that only the pack can know: a misspelt rule must not make a promise that is always kept."""
    known = {
        "rule": [rule.id for rule in pack.rules],
        "hazard": list(pack.hazards),
        "kind": [name for _, name in (*KINDS, *pack.kinds)],
    }
    if form.pack != pack.id:
        faults.add(*tree.place_of(("pack",)), f"these promises are about {form.pack!r}, the pack is {pack.id!r}")
    for name, case in form.cases.items():
        words: list[tuple[Path, str, str | None]] = [(("cases", name, "about"), "rule", case.about)]
        words += [(("cases", name, "defaults", "kind"), "kind", case.defaults.kind)]
        for index, step in enumerate(case.steps):
            words.append((("cases", name, "steps", index, "kind"), "kind", step.kind))
            problem = _problem_of(pack, case, step)
            if problem:
                faults.add(*tree.place_of(("cases", name, "steps", index)), problem)
        for index, expected in enumerate(case.expect):
            words += [(("cases", name, "expect", index, what), what, getattr(expected, what)) for what in ("rule", "hazard")]
        for path, what, word in words:
            if word is not None and word not in known[what]:
                faults.add(*tree.place_of(path), f"unknown {what} {word!r}; {suggest(word, known[what])}")


def _problem_of(pack: RulePack, case: CaseForm, step: StepForm) -> str:
    """Why a step is no event, or ''."""
    if step.do is not None:
        return ""
    kind = step.kind or case.defaults.kind
    event_class = step.event_class or case.defaults.event_class
    if kind is None:
        return "" if event_class == "heartbeat" else "the step has no kind; only class: heartbeat may go without"
    if event_class is None and len(_classes_of(pack, kind)) > 1:
        classes = " or ".join(_classes_of(pack, kind))
        return f"{kind!r} comes as {classes}; say class: which"
    return ""


def _classes_of(pack: RulePack, kind: str) -> list[EventClass]:
    return [event_class for event_class, name in (*KINDS, *pack.kinds) if name == kind]


def _run(pack: RulePack, form: PromisesForm, name: str, file: str, line: int) -> Outcome:
    case = form.cases[name]
    minute = next((starts for starts in (case.starts, form.starts) if starts is not None), _NOON)
    start = datetime(*_DAY, tzinfo=pack.timezone) + timedelta(minutes=minute)
    start_at = round(start.timestamp() * 1000)
    facts, refusals = _play(pack, case, name, start_at)
    breaks = [*refusals, *compare(case, facts, start_at)]
    fired = tuple(dict.fromkeys([fact.rule for fact in facts if (fact.entity, fact.transition) in OPENED]))
    return Outcome(case=name, file=file, line=line, breaks=tuple(breaks), about=case.about or "", fired=fired)


def _play(pack: RulePack, case: CaseForm, name: str, start_at: int) -> tuple[list[Fact], list[str]]:
    """Everything that the chain told, and what it refused of a person's deeds."""
    engine = Engine(pack=pack)
    facts: list[Fact] = []
    refusals: list[str] = []
    moments = [
        (to_ms(step.at + offset_s), index, share, step) for index, step in enumerate(case.steps) for offset_s, share in _row(step)
    ]
    for number, (offset, _, share, step) in enumerate(sorted(moments, key=lambda moment: moment[:2])):
        for effect in engine.advance(start_at + offset):
            _take(effect, facts, refusals, None)
        entry = _entry(pack, case, step, f"{name}.{number}", start_at + offset, share, facts)
        if entry is None:
            refusals.append(f"at {step.at:g} s there is no {step.on} to {step.do}")
            continue
        for effect in engine.receive(entry, start_at + offset, number + 1):
            _take(effect, facts, refusals, step)
    last = max(to_ms(step.until or step.at) for step in case.steps)
    ends = max([last, *(to_ms(expected.until or expected.at) for expected in case.expect)]) + to_ms(_TAIL_S)
    for effect in engine.advance(start_at + (ends if case.ends is None else to_ms(case.ends))):
        _take(effect, facts, refusals, None)
    return facts, refusals


def _take(effect: Effect, facts: list[Fact], refusals: list[str], step: StepForm | None) -> None:
    if isinstance(effect, RecordFact):
        facts.append(effect.fact)
    elif isinstance(effect, AnswerAction) and not effect.is_accepted and step is not None:
        refusals.append(f"at {step.at:g} s {step.do} was refused: {effect.sentence.en}")


def _row(step: StepForm) -> Iterator[tuple[float, float]]:
    """Offsets from the step's own instant, and the share of the way to ``to``."""
    if step.every is None or step.until is None:
        yield 0.0, 0.0
        return
    count = int((step.until - step.at) / step.every + 1e-9)
    for number in range(count + 1):
        yield number * step.every, number / count if count else 0.0


def _target(case: CaseForm, step: StepForm, facts: Iterable[Fact]) -> str | None:
    """What a deed is done to: a place or device that the step names, or the latest of its sort; None where there is none."""
    if step.on == "zone":
        zone = case.defaults.zone if step.zone is None else step.zone
        return zone or WHOLE_COMMUNITY
    if step.on == "device":
        return step.device or case.defaults.device or "d1"
    latest = [fact for fact in facts if fact.entity == step.on]
    return latest[-1].entity_id if latest else None


def _entry(
    pack: RulePack, case: CaseForm, step: StepForm, name: str, now: int, share: float, facts: Iterable[Fact]
) -> Input | None:
    if step.do is not None:
        entity = Entity(step.on)
        target = _target(case, step, facts)
        if target is None:
            return None
        arguments = step.arguments
        return OperatorAction(
            id=name,
            community=case.community or COMMUNITY,
            actor="tester",
            verb=step.do,
            entity=entity,
            entity_id=target,
            arguments=arguments,
        )
    given = case.defaults.model_dump(exclude_none=True) | step.model_dump(exclude_none=True)
    kind = given.get("kind", "heartbeat")
    event_class = EventClass(given.get("event_class") or next(iter(_classes_of(pack, kind)), EventClass.HEARTBEAT))
    value = step.value if step.value is None or step.to is None else step.value + (step.to - step.value) * share
    return Event(
        id=name,
        community=case.community or COMMUNITY,
        network=Network(given.get("network", "iot")),
        event_class=event_class,
        device=given.get("device", "d1"),
        kind=kind,
        value=value,
        seq=step.seq,
        state=step.state if step.state is not None or event_class is not EventClass.ALARM else "on",
        unit=pack.units.get(kind, "") if event_class is EventClass.READING else "",
        occurred_at=now - to_ms(step.age),
        zone=given.get("zone", "b01/u1/0101"),
        confidence=given.get("confidence", 1.0),
        status=Status(given.get("status", "actual")),
        is_retained=step.is_retained,
        attributes=given.get("attributes", {}),
    )
