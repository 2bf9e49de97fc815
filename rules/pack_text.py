"""YAML text → plain values that still know their line and column, and the faults that the text itself has.

The text is composed, never constructed: no tag can make an object, ``no`` stays a word, and every duplicate key is found
with its position. Anchors and aliases are allowed within a bound on what they expand to.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

SIZE_MAX: Final = 256 * 1024
"""Bytes of one pack or test file. A community's whole pack has about 40 kB."""
NODES_MAX: Final = 50_000
"""Values after aliases have been followed: nine lists of nine aliases each would be 387 million."""
_DEPTH_MAX: Final = 32
_NUMBER: Final = re.compile(r"[+-]?(\d{1,15}(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?")

Path = tuple[str | int, ...]
Value = None | bool | int | float | str | list["Value"] | dict[str, "Value"]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong, where it is (counted from 1), and what to do."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class Faults:
    """The faults found so far in one file, or in several whose lines are counted on from one to the next."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._files: list[tuple[int, str]] = [(1, file)]
        self._found: dict[Fault, None] = {}

    def begin_file(self, first_line: int, file: str) -> None:
        """From this line on it is another file."""
        self._files.append((first_line, file))

    def twin(self) -> "Faults":
        """None yet, in the same files."""
        twin = Faults(self.file)
        twin._files = self._files
        return twin

    def place_in_file(self, line: int) -> tuple[str, int]:
        """Which file a line belongs to, and which line of it that is."""
        first, file = max(each for each in self._files if each[0] <= line)
        return file, line - first + 1

    def add(self, line: int, column: int, message: str) -> None:
        """Remember a fault; the same one twice is one."""
        file, own_line = self.place_in_file(line)
        self._found[Fault(file, own_line, column, message)] = None

    def add_of_twin(self, twin: "Faults", why: str) -> None:
        """Remember what only the twin has, and say why only there."""
        for fault in twin.in_order():
            if fault not in self._found:
                self._found[Fault(fault.file, fault.line, fault.column, f"{fault.message} ({why})")] = None

    def in_order(self) -> tuple[Fault, ...]:
        """All of them, from the top of the file to its end."""
        return tuple(sorted(self._found))

    def __len__(self) -> int:
        return len(self._found)


class Tree:
    """Plain values, and for each path into them the place where its key and its value stand."""

    def __init__(self, text: str, value: Value, nodes: dict[Path, Node], keys: dict[Path, Node]) -> None:
        self.value = value
        self._lines = text.splitlines()
        self._nodes = nodes
        self._keys = keys

    def place_of(self, path: Path, *, is_key: bool = False) -> tuple[int, int]:
        """Line and column of the value at this path, or of the nearest thing around it that exists."""
        if is_key and path in self._keys:
            return _place(self._keys[path])
        while path and path not in self._nodes:
            path = path[:-1]
        if path and isinstance(path[-1], str) and not isinstance(self._nodes[path], ScalarNode):
            return _place(self._keys[path])  # a block has no first character of its own: its key is its place
        return _place(self._nodes[path])

    def marks(self) -> tuple[Mapping[Path, Node], Mapping[Path, Node]]:
        """The nodes of all values and of all keys, by path: what a composition takes over with the values."""
        return self._nodes, self._keys

    def with_value(self, value: Value) -> "Tree":
        """Another value at the same places."""
        return Tree("\n".join(self._lines), value, dict(self._nodes), dict(self._keys))

    def place_inside(self, path: Path, line: int, column: int) -> tuple[int, int, bool]:
        """Where in the file a place inside a text value is; the last part says whether that is exact (folded text: no)."""
        node = cast(ScalarNode, self._nodes[path])
        start_line, start_column = _place(node)
        if node.style == "|" and node.start_mark.line + line < len(self._lines):
            raw = self._lines[node.start_mark.line + line]
            first = self._lines[node.start_mark.line + 1]
            indent = len(first) - len(first.lstrip(" "))
            return start_line + line, min(indent, len(raw)) + column, True
        if node.start_mark.line == node.end_mark.line and node.style != ">":
            return start_line, start_column + column - 1 + (1 if node.style in {"'", '"'} else 0), True
        return start_line, start_column, False


def _place(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def read_tree(text: str, faults: Faults, first_line: int = 1) -> Tree | None:
    """Read YAML into a tree. None when the text is no YAML at all; the faults then say why.

    ``first_line``: what its first line is called, where several files are counted through.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > SIZE_MAX:
        faults.add(first_line, 1, f"the file has {size} bytes; at most {SIZE_MAX} are read. Split it")
        return None
    text = "\n" * (first_line - 1) + text
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        faults.add(line, column, _explain(text, line, column, error))
        return None
    except YAMLError as error:
        faults.add(first_line, 1, f"not YAML: {' '.join(str(error).split())}")
        return None
    except RecursionError:
        faults.add(first_line, 1, f"nested more than {_DEPTH_MAX} deep; a file of this sort needs six")
        return None
    if node is None:
        faults.add(first_line, 1, "the file is empty")
        return None
    nodes: dict[Path, Node] = {}
    keys: dict[Path, Node] = {}
    value = _Reader(faults, nodes, keys).read(node, ())
    return Tree(text, value, nodes, keys)


def _explain(text: str, line: int, column: int, error: MarkedYAMLError) -> str:
    lines = text.splitlines()
    before = lines[line - 1][: column + 1] if line <= len(lines) else ""
    if "\t" in before:
        return "a tab in the indentation; YAML wants spaces"
    return f"not YAML: {error.problem or error.context}"


class _Reader:
    """Walks the composed nodes once and writes down where everything stands."""

    def __init__(self, faults: Faults, nodes: dict[Path, Node], keys: dict[Path, Node]) -> None:
        self._faults = faults
        self._nodes = nodes
        self._keys = keys
        self._count = 0

    def read(self, node: Node, path: Path) -> Value:
        self._count += 1
        if self._count > NODES_MAX or len(path) > _DEPTH_MAX:
            if self._count <= NODES_MAX + 1:  # say it once
                line, column = _place(node)
                what = f"more than {NODES_MAX} values" if self._count > NODES_MAX else f"more than {_DEPTH_MAX} levels"
                self._faults.add(line, column, f"aliases or nesting give {what}; write them out or drop them")
                self._count = NODES_MAX + 2
            return None
        self._nodes[path] = node
        if isinstance(node, MappingNode):
            return self._read_mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.read(item, (*path, index)) for index, item in enumerate(node.value)]
        return self._read_scalar(cast(ScalarNode, node))  # composing makes no fourth sort of node

    def _read_mapping(self, node: MappingNode, path: Path) -> Value:
        found: dict[str, Value] = {}
        for key, value in node.value:
            line, column = _place(key)
            if not isinstance(key, ScalarNode):
                self._faults.add(line, column, "a key must be a word, not a list or a mapping")
                continue
            name = str(key.value)
            if name in found:
                first = _place(self._keys[*path, name])[0]
                self._faults.add(line, column, f"{name!r} stands here twice, first in line {first}; keep one")
                continue
            self._keys[*path, name] = key
            found[name] = self.read(value, (*path, name))
        return found

    def _read_scalar(self, node: ScalarNode) -> Value:
        """A number in another form than decimal stays text, and whoever wants a number there says so."""
        text = str(node.value)
        match str(node.tag).removeprefix("tag:yaml.org,2002:"):
            case "str" | "timestamp":
                return text
            case "null":
                return None
            case "bool" if text.lower() in {"true", "false"}:
                return text.lower() == "true"
            case "int" | "float" if _NUMBER.fullmatch(text):
                return int(text) if text.lstrip("+-").isdigit() else float(text)
            case "int" | "float":
                return text
            case _:
                pass
        self._faults.add(*_place(node), f"the tag or form of {text!r} is not allowed here; write plain text in quotes")
        return None
