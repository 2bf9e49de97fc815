"""Conditions in CEL over a foreign record: checked when the mapping loads, bounded in work, never silently false.

CEL has no loop without a bound: the engine counts the steps of its macros and stops; regular expressions are RE2 and linear.
"""

import re
from dataclasses import dataclass
from typing import Any, Final

from cel_expr_python import cel  # type: ignore[import-untyped]  # it brings stubs, but no py.typed marker

from ingest.mapping_paths import Message
from ingest.mapping_work import ITERATIONS_MAX
from ingest.refusal import Refusal, Refused

TEXT_MAX: Final = 2048
NAMES: Final = ("record", "message", "topic")
"""What a condition may name: the record, the message that it is in, the topic."""
_ENVIRONMENT: Final = cel.NewEnv(variables={"record": cel.Type.DYN, "message": cel.Type.DYN, "topic": cel.Type.STRING})
_FAULT: Final = re.compile(r"^(?:INVALID_ARGUMENT: )?ERROR: <input>:(\d+):(\d+): (.*?)(?: \[INVALID_ARGUMENT\])?$", re.MULTILINE)
_EXPECTING: Final = re.compile(r" expecting \{.*\}$")
_DETAIL_MAX: Final = 200
_MACRO: Final = re.compile(r"\.\s*(?:all|exists|exists_one|existsOne|filter|map|transform\w+)\s*\(")


class MappedConditionError(ValueError):
    """A condition that cannot be used, with every place where it is wrong: line, column (from 1), what to do."""

    def __init__(self, faults: tuple[tuple[int, int, str], ...]) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{line}:{column}: {message}" for line, column, message in faults))


@dataclass(frozen=True, slots=True)
class MappedCondition:
    """A condition that was checked."""

    text: str
    expression: Any

    def judge(self, message: Message) -> bool | Refused:
        """Whether it holds; Refused where the record lacks what it names, or has it in another type. Raises Exhausted."""
        message.work.spend(self._cost(message))
        data = {"record": message.record, "message": message.around, "topic": message.topic}
        try:
            result = self.expression.eval(data={name: value for name, value in data.items() if name in self.text}).value()
        except RuntimeError as fault:  # its bound on work is reached
            result = str(fault)
        if result is True or result is False:
            return result
        detail = (
            f"the condition {self.text[:_DETAIL_MAX]!r} cannot be judged: {str(result)[:_DETAIL_MAX]}; test has(record.…) first"
        )
        return Refused(Refusal.WRONG_TYPE, detail)

    def _cost(self, message: Message) -> int:
        """Each value is handed to the engine; macros look at them as often as they are nested."""
        sizes = {"record": message.record_size, "message": message.around_size}
        handed = 1 + sum(size for name, size in sizes.items() if name in self.text)
        macros = len(_MACRO.findall(self.text))
        return handed + (min(handed ** min(macros, 4), ITERATIONS_MAX) if macros else 0)


def compile_mapped_condition(text: str) -> MappedCondition:
    """Check a condition and make it usable. Raises MappedConditionError with every line and column at fault."""
    if len(text) > TEXT_MAX:
        raise MappedConditionError(
            ((1, 1, f"条件过长 / the condition has {len(text)} characters; at most {TEXT_MAX} are allowed"),)
        )
    try:
        expression = _ENVIRONMENT.compile(text)
    except RuntimeError as fault:
        found = [(int(line), int(column), _advise(why)) for line, column, why in _FAULT.findall(str(fault))]
        raise MappedConditionError(tuple(found) or ((1, 1, f"不是条件 / not a condition: {fault}"),)) from None
    if expression.return_type() != cel.Type.BOOL:
        came = expression.return_type().name()
        raise MappedConditionError(
            ((1, 1, f"条件必须是真或假 / a condition must be a yes or no (BOOL), this is {came}; compare it with something"),)
        )
    return MappedCondition(text, expression)


def _advise(why: str) -> str:
    plain = _EXPECTING.sub("", why).removeprefix("Syntax error: ").replace(" (in container '')", "")
    hint = f"; the names are {', '.join(NAMES)}, and texts need quotes" if "undeclared reference" in plain else ""
    hint = "; compare with ==" if "token recognition error at: '=" in plain else hint
    return f"条件有误 / the condition is wrong: {plain}{hint}"
