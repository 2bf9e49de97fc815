"""Conditions in CEL over one event: type-checked when the pack loads, and never silently false when they run.

CEL (Common Expression Language) has no loops without a bound and no way out of its sandbox; regular expressions are RE2.
The names that a condition may use, and what each means, stand in ``VARIABLES``. A condition must be a yes or no (BOOL).
An event that lacks what the condition names (a missing attribute, no value) raises ``ConditionError``: the chain counts it.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from cel_expr_python import cel  # type: ignore[import-untyped]  # it brings stubs, but no py.typed marker

from rules.definition import Guard
from rules.model import Attribute, Event
from rules.signals import state_of

TEXT_MAX: Final = 4096
"""Characters in one condition. A pack's own size is bounded elsewhere; this keeps a single type check short."""


class ConditionSyntaxError(ValueError):
    """A condition that cannot be used, with every place where it is wrong. ``line`` and ``column`` count from 1."""

    def __init__(self, faults: tuple[tuple[int, int, str], ...]) -> None:
        self.faults = faults
        self.line, self.column, self.message = faults[0]
        super().__init__("; ".join(f"{line}:{column}: {message}" for line, column, message in faults))


class ConditionError(ValueError):
    """The event lacks what the condition names, or has it in another type. The condition is then neither true nor false."""

    def __init__(self, condition: str, event_id: str, detail: str) -> None:
        self.condition = condition
        self.event_id = event_id
        self.detail = detail
        super().__init__(f"event {event_id}: the condition {condition!r} cannot be judged: {detail}")


def _attributes(event: Event) -> dict[str, Attribute]:
    return dict(event.attributes)  # the engine takes only a real dict


REMEMBERED_MAX: Final = 4096
"""Verdicts that one condition remembers; when there are more, it begins anew."""
_EVER_NEW: Final = frozenset({"id", "value", "confidence"})
"""Names whose content differs from event to event: nothing is gained by remembering them."""

_Read = Callable[[Event], str | float | bool | dict[str, Attribute] | None]

VARIABLES: Final[Mapping[str, tuple[cel.Type, _Read, str]]] = MappingProxyType(
    {
        "id": (cel.Type.STRING, lambda event: event.id, "the event's id"),
        "kind": (cel.Type.STRING, lambda event: event.kind, "what it speaks of: temperature, smoke …"),
        "class": (cel.Type.STRING, lambda event: event.event_class.value, "alarm, state, reading or heartbeat"),
        "network": (cel.Type.STRING, lambda event: event.network.value, "iot, video, internet or data"),
        "community": (cel.Type.STRING, lambda event: event.community, "the community's id"),
        "device": (cel.Type.STRING, lambda event: event.device, "the device's id"),
        "zone": (cel.Type.STRING, lambda event: event.zone, "path from large to small, b03/u1/0502; empty when unknown"),
        "has_value": (cel.Type.BOOL, lambda event: event.value is not None, "whether there is a number"),
        "value": (cel.Type.DOUBLE, lambda event: event.value, "the number, in the kind's unit; write limits as 1.0, not 1"),
        "has_state": (cel.Type.BOOL, lambda event: state_of(event) is not None, "whether there is a state"),
        "state": (cel.Type.STRING, state_of, "the state: on, off, open, wet …; an alarm without one says on"),
        "unit": (cel.Type.STRING, lambda event: event.unit, "the unit as it came"),
        "confidence": (cel.Type.DOUBLE, lambda event: event.confidence, "0.0 to 1.0; 1.0 when the sender did not say"),
        "status": (cel.Type.STRING, lambda event: event.status.value, "actual, exercise or test"),
        "attributes": (
            cel.Type.Map(cel.Type.STRING, cel.Type.DYN),
            _attributes,
            "all else, as text, number or yes/no: attributes.score",
        ),
    }
)
"""The names that a condition may use: CEL type, how it is read off an event, and what it means (the manual prints this)."""

_ENVIRONMENT: Final = cel.NewEnv(variables={name: kind for name, (kind, _, _) in VARIABLES.items()})
_FAULT: Final = re.compile(r"^(?:INVALID_ARGUMENT: )?ERROR: <input>:(\d+):(\d+): (.*?)(?: \[INVALID_ARGUMENT\])?$", re.MULTILINE)
_STRING: Final = re.compile(r"""r?("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')""")
_MATCHES: Final = re.compile(r"""(?:\.matches|\bmatches)\(\s*(?:[^(),"']*,\s*)?(r?("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'))\s*\)""")
_HINTS: Final = (
    (re.compile(r"\((double, int|int, double)\)"), "write the number with a point, 1.0 instead of 1"),
    (re.compile(r"undeclared reference"), "the names are " + ", ".join(VARIABLES) + "; texts need quotes"),
    (re.compile(r"token recognition error at: '="), "compare with =="),
)


def compile_condition(text: str) -> Guard:
    """Check a condition and make it callable. Raises ``ConditionSyntaxError`` with every line and column at fault."""
    if len(text) > TEXT_MAX:
        raise ConditionSyntaxError(((1, 1, f"the condition has {len(text)} characters; at most {TEXT_MAX} are allowed"),))
    expression = _compile(text)
    if expression.return_type() != cel.Type.BOOL:
        found = expression.return_type().name()
        raise ConditionSyntaxError(
            ((1, 1, f"a condition must be a yes or no (BOOL), this is {found}; compare it with something"),)
        )
    _check_patterns(text)
    names = _names_in(text)
    readers = tuple((name, VARIABLES[name][1]) for name in names)
    evaluate = expression.eval

    def judge(event: Event) -> bool:
        data = {name: found for name, read in readers if (found := read(event)) is not None}
        try:
            result = evaluate(data=data).value()
        except RuntimeError as error:  # its bound on work is reached
            raise ConditionError(text, event.id, str(error)) from error
        if result is True or result is False:
            return result
        raise ConditionError(text, event.id, f"{result}; test first whether it is there: has(attributes.…), has_value, has_state")

    return judge if _EVER_NEW.intersection(names) else _remembering(judge, names)


def _remembering(judge: Guard, names: tuple[str, ...]) -> Guard:
    """The same guard, which judges equal events once: a device's zone, state and attributes hardly ever change.

    A condition with a regular expression costs 30 µs, because the engine compiles the expression each time; remembered, 1 µs.
    """
    plain = tuple(VARIABLES[name][1] for name in names if name != "attributes")
    has_attributes = "attributes" in names
    known: dict[tuple[object, ...], bool] = {}

    def guard(event: Event) -> bool:
        seen: tuple[object, ...] = tuple([read(event) for read in plain])
        if has_attributes and event.attributes:
            seen += tuple([(key, value, value.__class__) for key, value in event.attributes.items()])  # 1, 1.0 and true differ
        verdict = known.get(seen)
        if verdict is None:
            if len(known) >= REMEMBERED_MAX:
                known.clear()
            verdict = known[seen] = judge(event)
        return verdict

    return guard


def _compile(text: str) -> cel.Expression:
    try:
        return _ENVIRONMENT.compile(text)
    except RuntimeError as error:
        found = [(int(line), int(column), _advise(message)) for line, column, message in _FAULT.findall(str(error))]
        if not found:
            found = [(1, 1, f"not a condition: {error}")]
        raise ConditionSyntaxError(tuple(found)) from error


def _advise(message: str) -> str:
    plain = re.sub(r" expecting \{.*\}$", "", message).removeprefix("Syntax error: ").replace(" (in container '')", "")
    for pattern, hint in _HINTS:
        if pattern.search(message):
            return f"{plain}: {hint}"
    return plain


def _check_patterns(text: str) -> None:
    """CEL looks at a regular expression only when it runs: try every literal one now."""
    for found in _MATCHES.finditer(text):
        result = _ENVIRONMENT.compile(f"''.matches({found.group(1)})").eval(data={}).value()
        if result is not True and result is not False:
            line = text.count("\n", 0, found.start(1)) + 1
            column = found.start(1) - text.rfind("\n", 0, found.start(1))
            raise ConditionSyntaxError(((line, column, f"not a regular expression (RE2): {result}"),))


def _names_in(text: str) -> tuple[str, ...]:
    """The variables that a condition may touch: only these are handed over, which is what keeps an evaluation cheap."""
    words = set(re.findall(r"[A-Za-z_]\w*", _STRING.sub("''", text)))
    return tuple(name for name in VARIABLES if name in words)
