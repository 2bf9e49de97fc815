"""What can be wrong inside one rule: its tests against its kinds, its limits against each other, its conditions."""

from collections.abc import Collection, Mapping
from typing import Final

from rules.expression import ConditionSyntaxError, compile_condition
from rules.kinds import Kind
from rules.model import EventClass, Level
from rules.pack_form import RuleForm, StageForm
from rules.pack_shape import suggest
from rules.pack_term_checks import check_combination, check_term
from rules.pack_terms import COMBINING, TERM_TESTS, TermForm, given, terms_in
from rules.pack_text import Faults, Path, Tree
from rules.primitive_checks import check_primitive
from rules.primitive_form import ForecastForm

_TESTS: Final = (
    "above",
    "below",
    "state",
    "rises_per_min",
    "falls_per_min",
    "silent_for",
    "forecast",
    "stuck_for",
    "impossible",
    "unusual",
    *TERM_TESTS,
)
# no single number says how much such a test needs
_INCOMPARABLE: Final = frozenset({"", "state", "forecast", "impossible", "unusual", *TERM_TESTS})


def test_of(stage: StageForm) -> str:
    """The word of the one test of a stage that has exactly one, else ''."""
    present = [word for word in _TESTS if given(stage, word) is not None]
    return present[0] if len(present) == 1 else ""


class StageChecker:
    """Checks rules one by one against the kinds that are known."""

    def __init__(self, tree: Tree, faults: Faults, kinds: Mapping[str, list[Kind]], vital: Collection[str] = ()) -> None:
        self._tree = tree
        self._faults = faults
        self._kinds = kinds
        self._vital = vital  # hazards on which a life may hang

    def check(self, path: Path, rule: RuleForm) -> None:
        """Add everything that is wrong with this rule's tests."""
        kinds = self._check_match(path, rule)
        stages = [((*path, "warnings", index), stage) for index, stage in enumerate(rule.warnings)]
        alarms = [((*path, "alarms", index), stage) for index, stage in enumerate(rule.alarms)]
        if not stages and not alarms:
            self._add(path, "the rule neither warns nor alarms; give it warnings or alarms", is_key=True)
        for spot, stage in (*stages, *alarms):
            self._check_shape(spot, stage)
            check_primitive(self._add, spot, stage, rule, kinds)
            self._check_against_kinds(spot, stage, rule, kinds)
            self._check_terms(spot, stage, rule, kinds)
        self._check_unit(path, rule, kinds)
        self._check_order(stages)
        self._check_order(alarms)
        self._check_warning_first(stages, alarms)
        if rule.hazard in self._vital:
            self._check_one_source_is_enough(rule, alarms)
        for field in ("when", "unwatch"):
            self._check_condition((*path, field), getattr(rule, field))
        if rule.unwatch is not None and not any(stage.silent_for for stage in (*rule.warnings, *rule.alarms)):
            self._add((*path, "unwatch"), "unwatch is for a silence; this rule has no silent_for. Use when", is_key=True)
        if rule.latching and not alarms:
            self._add((*path, "latching"), "only an alarm latches, and this rule has none", is_key=True)

    def _add(self, path: Path, message: str, *, is_key: bool = False) -> None:
        self._faults.add(*self._tree.place_of(path, is_key=is_key), message)

    def _check_match(self, path: Path, rule: RuleForm) -> list[Kind]:
        """The kinds, of the classes looked at, that the rule looks at."""
        if not rule.kinds and rule.classes != ["heartbeat"]:
            self._add(path, "the rule looks at no kind; name its kinds (only classes: [heartbeat] may go without)", is_key=True)
        found: list[Kind] = []
        for index, name in enumerate(rule.kinds):
            spot = (*path, "kinds", index)
            if name not in self._kinds:
                self._add(spot, f"unknown kind {name!r}; {suggest(name, self._kinds)}, or add it under kinds")
                continue
            fitting = [kind for kind in self._kinds[name] if not rule.classes or kind.event_class.value in rule.classes]
            if not fitting and self._kinds[name] and "heartbeat" not in rule.classes:
                classes = ", ".join(kind.event_class.value for kind in self._kinds[name])
                self._add(spot, f"{name!r} comes as {classes}, never as {', '.join(rule.classes)}")
            found += fitting
        return found

    def _check_shape(self, spot: Path, stage: StageForm) -> None:
        present = [word for word in _TESTS if given(stage, word) is not None]
        if len(present) != 1:
            came = " and ".join(present) or "none"
            self._add(spot, f"a stage has exactly one test of {', '.join(_TESTS)}; this has {came}")
            return
        test = present[0]
        if (stage.over is not None) != test.endswith("_per_min"):
            self._add(spot, "a rate needs over, the stretch of time it is taken over; nothing else has one")
        if stage.deadband is not None and test not in {"above", "below"}:
            self._add((*spot, "deadband"), f"a deadband belongs to above or below, not to {test}")
        if test == "silent_for" and stage.delay:
            self._add((*spot, "for"), "a silence is its own delay; add it to silent_for")
        if stage.unavailable is not None and test not in COMBINING:
            self._add((*spot, "unavailable"), f"only all, any and not can be unknown, not {test}", is_key=True)
        if test in {"sequence", "missing", "sources"} and stage.delay:
            self._add((*spot, "for"), f"{test} has its own time; write it as within")

    def _check_against_kinds(self, spot: Path, stage: StageForm, rule: RuleForm, kinds: list[Kind]) -> None:
        test = test_of(stage)
        if not kinds or test in {"", "silent_for", *TERM_TESTS}:
            return
        if test == "state":
            known = sorted({state for kind in kinds for state in kind.states})
            for index, state in enumerate(stage.state or ()):
                if state not in known:
                    self._add((*spot, "state", index), f"{' and '.join(rule.kinds)} never is {state!r}; {suggest(state, known)}")
            return
        if test == "unusual" and rule.watch in {"building", "community"}:
            self._add((*spot, test), f"unusual learns each device of a place; watch the device or the zone, not the {rule.watch}")
        for kind in kinds:
            if kind.event_class is not EventClass.READING:
                what = f"{kind.name!r} comes as {kind.event_class.value} too and has no number then"
                self._add((*spot, test), f"{what}; write classes: [reading] or test its state", is_key=True)
            elif test == "forecast" and stage.forecast is not None:
                self._check_limit((*spot, test), limit_of(stage.forecast), 0.0, kind)
            elif test in {"above", "below"}:
                self._check_limit((*spot, test), float(getattr(stage, test)), stage.deadband or 0.0, kind)

    def _check_terms(self, spot: Path, stage: StageForm, rule: RuleForm, kinds: list[Kind]) -> None:
        terms: list[tuple[Path, TermForm]] = [((*spot, *way), term) for way, term in terms_in(stage)]
        for place, term in terms:
            check_term(self._add, place, term, rule, kinds)
        terms += check_combination(self._add, spot, stage, rule, kinds)
        for place, term in terms:
            self._check_condition((*place, "when"), term.when)

    def _check_limit(self, spot: Path, limit: float, deadband: float, kind: Kind) -> None:
        low = kind.low if kind.low is not None else float("-inf")
        high = kind.high if kind.high is not None else float("inf")
        if not low <= limit <= high:
            self._add(spot, f"{limit:g} {kind.unit} is outside what {kind.name} can be, {low:g} to {high:g} {kind.unit}")
        elif deadband >= high - low:
            self._add((*spot[:-1], "deadband"), f"a deadband of {deadband:g} is wider than all that {kind.name} can be")

    def _check_unit(self, path: Path, rule: RuleForm, kinds: list[Kind]) -> None:
        numeric = [
            stage
            for stage in (*rule.warnings, *rule.alarms)
            if test_of(stage) not in {"", "state", "silent_for", "unusual", *TERM_TESTS}
        ]
        units = sorted({kind.unit for kind in kinds if kind.event_class is EventClass.READING})
        if not numeric or not units:
            return
        if len(units) > 1:
            self._add(
                (*path, "kinds"), f"one limit cannot be in {' and in '.join(units)}; make a rule for each unit", is_key=True
            )
        elif rule.unit is None:
            self._add(path, f"the rule has limits but no unit; write unit: {units[0]!r}", is_key=True)
        elif rule.unit != units[0]:
            self._add((*path, "unit"), f"{' and '.join(rule.kinds)} is measured in {units[0]}, not in {rule.unit}")

    def _check_order(self, stages: list[tuple[Path, StageForm]]) -> None:
        """A worse level must need more: a higher limit, a steeper rate, a longer silence, or at equal limit a longer delay."""
        for spot, stage in stages:
            for _, other in stages:
                test = test_of(stage)
                if test in _INCOMPARABLE or test_of(other) != test or stage.times != other.times or _differ(stage, other):
                    continue
                if not Level(stage.level).is_worse_than(Level(other.level)) or stage.over != other.over:
                    continue
                mine, theirs = _need(stage, test), _need(other, test)
                if mine < theirs or (mine == theirs and stage.delay <= other.delay):
                    here, there = getattr(stage, test), getattr(other, test)
                    self._add(
                        (*spot, test), f"{stage.level} at {here:g} needs no more than {other.level} at {there:g}; swap them"
                    )

    def _check_warning_first(self, warnings: list[tuple[Path, StageForm]], alarms: list[tuple[Path, StageForm]]) -> None:
        """A warning whose limit lies past every alarm's can never come first."""
        for spot, stage in warnings:
            test = test_of(stage)
            if test in _INCOMPARABLE:
                continue
            needs = [
                _earliest(alarm, test)
                for _, alarm in alarms
                if test_of(alarm) == test and alarm.over == stage.over and not _differ(stage, alarm)
            ]
            if needs and _earliest(stage, test) > max(needs):
                limit = getattr(stage, test)
                self._add((*spot, test), f"a warning at {limit:g} comes after every alarm of this rule; it must come before")

    def _check_one_source_is_enough(self, rule: RuleForm, alarms: list[tuple[Path, StageForm]]) -> None:
        """Where a life may hang on it, agreement makes an alarm worse, and is never what the alarm waits for."""
        if alarms and all(test_of(stage) == "sources" for _, stage in alarms):
            told = f"{rule.hazard} is life_safety and alarms on one source; add a milder alarm that needs no agreement"
            self._add((*alarms[0][0], "sources"), told, is_key=True)

    def _check_condition(self, path: Path, text: str | None) -> None:
        if text is None:
            return
        try:
            compile_condition(text)
        except ConditionSyntaxError as error:
            for line, column, message in error.faults:
                file_line, file_column, is_exact = self._tree.place_inside(path, line, column)
                where = "" if is_exact else f" (character {column} of line {line} of the condition)"
                self._faults.add(file_line, file_column, f"{path[-1]}: {message}{where}")


def _differ(one: StageForm, other: StageForm) -> bool:
    """Whether they hold in other modes, so that one may well need less than a milder one."""
    return (one.modes, one.not_modes) != (other.modes, other.not_modes)


def limit_of(forecast: ForecastForm) -> float:
    """The one limit of a forecast."""
    return float(forecast.above or 0.0 if forecast.below is None else forecast.below)


def _earliest(stage: StageForm, test: str) -> float:
    """How much it takes at least: of a silence with a rhythm, its least time."""
    return stage.rhythm.at_least if test == "silent_for" and stage.rhythm is not None else _need(stage, test)


def _need(stage: StageForm, test: str) -> float:
    """How much it takes for this stage: more is harder to reach."""
    value = float(getattr(stage, test))
    return -value if test == "below" else value
