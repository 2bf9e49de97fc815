"""Packs that are made from packs: the bases, then what is overridden and disabled, then what is added, as one tree.

Nothing is replaced by accident: an entry that a base has already is a fault unless it stands under ``override``, and an
override of something that is not there is a fault too. Every value keeps the place in the file that it came from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast, get_origin

from ruamel.yaml.nodes import Node

from rules.pack_bundle import unbundle
from rules.pack_compose_form import CompositionForm
from rules.pack_form import PackForm
from rules.pack_parameters import Parameters
from rules.pack_shape import hold_to, suggest
from rules.pack_text import Faults, Path, Tree, Value, read_tree

_COMPOSITION: Final = tuple(CompositionForm.model_fields)
_OWN: Final = ("pack", "version", "title")  # what a pack says of itself, and takes from no base
_ORIGINS: Final = {name: get_origin(field.annotation) for name, field in PackForm.model_fields.items()}
_SECTIONS: Final = (*[name for name, origin in _ORIGINS.items() if origin is dict], "parameters")


@dataclass(frozen=True, slots=True)
class Composed:
    """A pack as it holds everywhere, and as it holds in the communities that set parameters."""

    tree: Tree
    by_community: Mapping[str, Tree]


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the files."""

    id: str
    tree: Tree
    form: CompositionForm


def compose(text: str, faults: Faults) -> Composed | None:
    """The one tree that this text says. None where a file is no YAML, or its composition is malformed; the faults say why."""
    texts = unbundle(text, faults)
    if texts is None:
        return None
    parts, lines = _read_parts(texts, faults)
    if len(parts) < len(texts):
        return None
    main = next(iter(parts.values()))
    if not isinstance(main.tree.value, dict) or not any(key in main.tree.value for key in _COMPOSITION):
        return Composed(main.tree, {})
    composer = _Composer(parts, faults)
    composer.add_pack(main)
    tree = Tree("\n".join(lines), composer.value, composer.nodes, composer.keys)
    parameters = Parameters(tree, faults)
    return Composed(parameters.applied(""), {name: parameters.applied(name) for name in parameters.communities})


def _read_parts(texts: Mapping[str, str], faults: Faults) -> tuple[dict[str, _Part], list[str]]:
    """Every file as a tree, their lines counted through, and all the lines."""
    lines: list[str] = []
    parts: dict[str, _Part] = {}
    for name, text in texts.items():
        if lines:
            faults.begin_file(len(lines) + 1, f"{name}.yaml")
        tree = read_tree(text.removeprefix("\ufeff") if lines else text, faults, len(lines) + 1)
        if tree is not None:
            own = {key: value for key, value in tree.value.items() if key in _COMPOSITION} if isinstance(tree.value, dict) else {}
            form = hold_to(CompositionForm, tree.with_value(own), faults)
            if form is not None:
                parts[name] = _Part(name, tree, form)
        lines += [*text.splitlines(), ""]
    return parts, lines


class _Composer:
    """Lays packs over one another."""

    def __init__(self, parts: Mapping[str, _Part], faults: Faults) -> None:
        self.value: dict[str, Value] = {}
        self.nodes: dict[Path, Node] = {}
        self.keys: dict[Path, Node] = {}
        self._parts = parts
        self._faults = faults
        self._under_way: list[str] = []
        self._done: dict[str, None] = {}

    def add_pack(self, part: _Part) -> None:
        """Its bases first, each once; then what it changes; then what it adds."""
        self._under_way.append(part.id)
        for index, base in enumerate(part.form.extends):
            self._add_base(part, base, index)
        self._under_way.pop()
        self._done[part.id] = None
        if not isinstance(part.tree.value, dict):
            self._faults.add(*part.tree.place_of(()), "a pack is a mapping")
            return
        self._take_node((), part.tree, ())
        self._override(part)
        self._disable(part)
        self._lay(part)

    def _add_base(self, part: _Part, base: str, index: int) -> None:
        place = part.tree.place_of(("extends", index))
        own = part.tree.value.get("pack") if isinstance(part.tree.value, dict) else None
        if base in self._under_way or base == own:
            began = self._under_way.index(base) if base in self._under_way else len(self._under_way)
            chain = " → ".join([*(self._under_way[began:] or [base]), base])
            self._faults.add(*place, f"a pack cannot extend itself: {chain}; take one step out")
        elif base in self._done:
            return
        elif base not in self._parts:
            known = [name for name in self._parts if name not in ("", part.id)]
            message = f"there is no pack {base!r} here; {suggest(base, known)}. Its file {base}.yaml must lie beside"
            self._faults.add(*place, message)
        else:
            named = self._parts[base].tree
            self.add_pack(self._parts[base])
            if not isinstance(named.value, dict) or named.value.get("pack") != base:
                self._faults.add(*place, f"the file {base}.yaml holds another pack; its pack: must be {base!r}")

    # ------------------------------------------------------------------------------------------------ what it changes

    def _override(self, part: _Part) -> None:
        for section, entries in part.form.override.items():
            path: Path = ("override", section)
            if section not in _SECTIONS:
                self._add(part, path, f"{section!r} cannot be overridden; {suggest(section, _SECTIONS)}")
                continue
            here = self.value.get(section)
            known = here if isinstance(here, dict) else {}
            for name, changes in entries.items():
                if name not in known:
                    todo = f"{suggest(name, known)} To add it, write it under {section}"
                    self._add(part, (*path, name), f"there is no {name!r} to override in {section}; {todo}")
                elif changes is None:
                    self._drop((section, name))
                else:
                    self._merge((section, name), part.tree, (*path, name))

    def _merge(self, path: Path, tree: Tree, source: Path) -> None:
        """Mappings field by field; all else is replaced whole; null takes a field away."""
        value = _at(tree.value, source)
        here = _at(self.value, path)
        if value is None:
            self._drop(path)
        elif isinstance(value, dict) and isinstance(here, dict):
            for name in value:
                self._merge((*path, name), tree, (*source, name))
        else:
            self._drop(path)
            self._graft(path, tree, source)

    def _disable(self, part: _Part) -> None:
        rules = self.value.get("rules")
        known = rules if isinstance(rules, dict) else {}
        for index, name in enumerate(part.form.disable):
            if name not in known:
                message = f"there is no rule {name!r} to disable; {suggest(name, known)}"
                self._faults.add(*part.tree.place_of(("disable", index)), message)
            else:
                self._drop(("rules", name))

    # --------------------------------------------------------------------------------------------------- what it adds

    def _lay(self, part: _Part) -> None:
        for name in _OWN:
            self._drop((name,))
        own = part.tree.value if isinstance(part.tree.value, dict) else {}
        for key, value in own.items():
            here = self.value.get(key)
            if key in ("extends", "override", "disable"):
                continue
            if key == "communities":
                self._lay_communities(part)
            elif key in _SECTIONS and isinstance(value, dict) and isinstance(here, dict):
                self._lay_section(part, key, value, here)
            else:
                self._drop((key,))
                self._graft((key,), part.tree, (key,))

    def _lay_section(self, part: _Part, section: str, value: Mapping[str, Value], here: Mapping[str, Value]) -> None:
        self.keys[section,] = part.tree.marks()[1][section,]
        for name in value:
            if name in here:
                file, line = self._faults.place_in_file(self.keys[section, name].start_mark.line + 1)
                todo = f"write what differs under override: {section}: {name}, or take another id"
                self._add(part, (section, name), f"{name!r} is defined already in {file}:{line}; {todo}")
            else:
                self._graft((section, name), part.tree, (section, name))

    def _lay_communities(self, part: _Part) -> None:
        """Each parameter by itself: what the pack sets stands beside what its bases set."""
        self._graft_missing(("communities",), part.tree)
        for community, values in part.form.communities.items():
            self._graft_missing(("communities", community), part.tree)
            for name in values:
                self._drop(("communities", community, name))
                self._graft(("communities", community, name), part.tree, ("communities", community, name))

    def _graft_missing(self, path: Path, tree: Tree) -> None:
        if not isinstance(_at(self.value, path), dict):
            _mapping(self.value, path[:-1])[str(path[-1])] = {}
            self._take_node(path, tree, path)

    # ------------------------------------------------------------------------------------------------- values and places

    def _add(self, part: _Part, path: Path, message: str) -> None:
        self._faults.add(*part.tree.place_of(path, is_key=True), message)

    def _drop(self, path: Path) -> None:
        _mapping(self.value, path[:-1]).pop(str(path[-1]), None)

    def _graft(self, path: Path, tree: Tree, source: Path) -> None:
        """Put a value here as it stands there, with all that is in it."""
        value = _copy(_at(tree.value, source))
        _mapping(self.value, path[:-1])[str(path[-1])] = value
        self._take_nodes(path, tree, source, value)

    def _take_nodes(self, path: Path, tree: Tree, source: Path, value: Value) -> None:
        self._take_node(path, tree, source)
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for name, each in inner:
            self._take_nodes((*path, name), tree, (*source, name), each)

    def _take_node(self, path: Path, tree: Tree, source: Path) -> None:
        nodes, keys = tree.marks()
        self.nodes[path] = nodes[source]
        if source in keys:
            self.keys[path] = keys[source]


def _at(value: Value, path: Path) -> Value:
    """What stands at this path of mappings; None where nothing does."""
    for part in path:
        value = value.get(str(part)) if isinstance(value, dict) else None
    return value


def _mapping(value: Value, path: Path) -> dict[str, Value]:
    """The mapping at a path that is known to lead to one."""
    return cast(dict[str, Value], _at(value, path))


def _copy(value: Value) -> Value:
    if isinstance(value, dict):
        return {name: _copy(each) for name, each in value.items()}
    return [_copy(each) for each in value] if isinstance(value, list) else value
