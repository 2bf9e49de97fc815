"""Why an action cannot be done, and the arguments that an action must bring."""

from rules.model import OperatorAction, Reason, Sentence


class RefusedError(Exception):
    """Why an action cannot be done, in the words of the answer."""

    def __init__(self, reason: Reason, zh: str, en: str) -> None:
        super().__init__(en)
        self.reason = reason
        self.sentence = Sentence(zh, en)


def text_of(action: OperatorAction, name: str) -> str:
    """A text that must be there. Raises RefusedError."""
    value = action.arguments.get(name)
    if not isinstance(value, str) or not value.strip():
        raise RefusedError(Reason.ARGUMENT_MISSING, f"缺少参数 {name}", f"the argument {name} is missing: a text is expected")
    return value.strip()


def optional_text(action: OperatorAction, name: str) -> str:
    """A text that may be there, else an empty one."""
    value = action.arguments.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def seconds_of(action: OperatorAction, name: str, most_s: float) -> float | None:
    """A duration in seconds, over 0 and up to ``most_s``; None where it is not there. Raises RefusedError."""
    value = action.arguments.get(name)
    if value is None:
        return None
    if isinstance(value, str | bool) or not 0 < value <= most_s:
        raise RefusedError(
            Reason.ARGUMENT_MISSING,
            f"参数 {name} 应为不超过 {most_s:.0f} 的秒数",
            f"the argument {name} must be a number of seconds, at most {most_s:.0f}",
        )
    return float(value)


def truth_of(action: OperatorAction, name: str, *, otherwise: bool) -> bool:
    """Yes or no. Raises RefusedError."""
    value = action.arguments.get(name, otherwise)
    if not isinstance(value, bool):
        raise RefusedError(Reason.ARGUMENT_MISSING, f"参数 {name} 应为 true 或 false", f"the argument {name} is true or false")
    return value
