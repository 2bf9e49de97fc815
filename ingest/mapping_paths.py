"""JSONPath (RFC 9535) in a declarative mapping: bounded, without regular expressions, over one record or the whole message.

``$.a.b`` begins at the record; ``message:$.a`` at the message that the record came in; ``topic:2`` is a level of the topic,
counted from 0, from its end where negative.
"""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any, Final

from jsonpath_rfc9535 import JSONPathEnvironment, JSONPathError, JSONPathQuery

from ingest.mapping_work import FILTER_COST, SEARCH_COST, Work, size_of

VALUES_MAX: Final = 1000
"""Values that one path may find; the rest is not looked at."""
_LENGTH_MAX: Final = 512
_WILD_MAX: Final = 4
_MESSAGE: Final = "message:"
_TOPIC: Final = "topic:"
_LEVEL_MAX: Final = 64


class _Environment(JSONPathEnvironment):
    """Without functions: ``match`` and ``search`` are regular expressions that can explode."""

    def setup_function_extensions(self) -> None:
        """None."""


_ENVIRONMENT: Final = _Environment()


class PathError(ValueError):
    """A path that cannot be used; ``column`` counts from 1."""

    def __init__(self, column: int, message: str) -> None:
        self.column, self.message = column, message
        super().__init__(message)


@dataclass(frozen=True)  # no slots: its sizes are counted once
class Message:
    """What a path may look into: one record, the message that it is in, and the topic.

    ``around``: what conditions see of the message, ``around_size`` values; where there are records in it, the message without its
    arrays. ``found``: what paths into the whole message have found, once for all of its records. ``work``: what all may cost.
    """

    record: Any
    whole: Any
    topic: str
    around: Any = None
    around_size: int = 0
    found: dict[str, list[Any]] = field(default_factory=dict)
    work: Work = field(default_factory=Work)

    @cached_property
    def record_size(self) -> int:
        """Values in the record."""
        return size_of(self.record)


@dataclass(frozen=True, slots=True)
class MappedPath:
    """A path that was checked. ``query`` None: level ``level`` of the topic."""

    text: str
    query: JSONPathQuery | None
    is_of_message: bool = False
    level: int = 0
    search_cost: int = 0

    def values(self, message: Message) -> list[Any]:
        """All that it finds, at most VALUES_MAX; nothing where the message is nested too deeply for it. Raises Exhausted."""
        if self.query is None:
            levels = message.topic.split("/")
            return [levels[self.level]] if -len(levels) <= self.level < len(levels) else []
        if not self.is_of_message:
            message.work.spend(self.search_cost * message.record_size if self.search_cost else 1)
            return _found(self.query, message.record)
        if self.text not in message.found:
            message.work.spend(self.search_cost * size_of(message.whole) if self.search_cost else 1)
            message.found[self.text] = _found(self.query, message.whole)
        return message.found[self.text]

    def first(self, message: Message) -> tuple[bool, Any]:
        """Whether it finds something, and the first that it finds."""
        found = self.values(message)
        return (True, found[0]) if found else (False, None)


def _found(query: JSONPathQuery, inside: Any) -> list[Any]:
    try:
        return [node.value for node in islice(query.finditer(inside), VALUES_MAX)]
    except (JSONPathError, RecursionError):
        return []


def compile_path(text: str) -> MappedPath:
    """Check a path and make it usable. Raises PathError."""
    if len(text) > _LENGTH_MAX:
        raise PathError(1, f"路径过长 / the path has {len(text)} characters; at most {_LENGTH_MAX} are allowed")
    if text.startswith(_TOPIC):
        level = text.removeprefix(_TOPIC).strip()
        if not level.lstrip("-").isdecimal() or abs(int(level)) > _LEVEL_MAX:
            raise PathError(1, f"主题层级应为整数 / topic: expected the number of a level, 'topic:1', came {level[:20]!r}")
        return MappedPath(text, None, level=int(level))
    begin = len(_MESSAGE) if text.startswith(_MESSAGE) else 0
    query = text[begin:]
    try:
        compiled = _ENVIRONMENT.compile(query)
    except JSONPathError as fault:
        index = fault.token.index if fault.token is not None else 0
        why = str(fault).partition(", line ")[0]
        raise PathError(begin + index + 1, f"不是 JSONPath / not a JSONPath (RFC 9535): {why}; it begins with $") from None
    if query.count("..") + query.count("?") > 1 or query.count("*") > _WILD_MAX:
        raise PathError(
            begin + 1,
            f"路径过于宽泛 / at most one '..' or one filter '?', and {_WILD_MAX} '*': this could look at everything many times",
        )
    cost = FILTER_COST if "?" in query else SEARCH_COST if ".." in query or "*" in query else 0
    return MappedPath(text, compiled, is_of_message=begin > 0, search_cost=cost)
