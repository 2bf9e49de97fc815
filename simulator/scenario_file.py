"""Reads a scenario from YAML and says what is wrong with it by file, line and column, all faults at once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from simulator.faults.models import FAULT_NAMES
from simulator.hazards.models import HAZARD_MODELS
from simulator.scenario import Scenario
from simulator.world import unfelt


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a file. Line and column count from 1."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class ScenarioError(ValueError):
    """A scenario that cannot be played, with every fault found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


def scenario_names() -> tuple[str, ...]:
    """The bundled scenarios, in the order of their names."""
    folder = resources.files("simulator") / "scenarios"
    return tuple(sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml")))


def load_scenario(name: str) -> Scenario:
    """Load a bundled scenario by its name, or any by the path of its file. Raises ScenarioError."""
    return read_scenario(*scenario_text(name))


def check_scenario(text: str, name: str = "<scenario>") -> Scenario:
    """Read a scenario and look at its places too: each hazard must be felt or told by a device that its community has.

    Raises ScenarioError with all faults.
    """
    scenario = read_scenario(text, name)
    tree = YAML(typ="rt").load(text)
    faults = [
        Fault(name, *_place(tree, ("hazards", number, "zone"))[:2], f"hazards.{number}.zone: {told}")
        for number, told in unfelt(scenario, scenario.build())
    ]
    if faults:
        raise ScenarioError(faults)
    return scenario


def scenario_text(name: str) -> tuple[str, str]:
    """The text of a bundled scenario, or of a file, and what it is called in messages. Raises ScenarioError."""
    if name in scenario_names():
        file = resources.files("simulator") / "scenarios" / f"{name}.yaml"
        return file.read_text(encoding="utf-8"), f"simulator/scenarios/{name}.yaml"
    try:
        return Path(name).read_text(encoding="utf-8"), name
    except (OSError, ValueError) as fault:
        bundled = ", ".join(scenario_names())
        told = f"there is no such scenario; bundled are {bundled}; or give a file's path ({fault})"
        raise ScenarioError([Fault(name, 1, 1, told)]) from None


def scenario_schema() -> dict[str, Any]:
    """The JSON Schema of a scenario file, by which editors complete and check it as it is written."""
    schema = Scenario.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Shouwang scenario 守望情景", **schema}


def read_scenario(text: str, name: str = "<scenario>") -> Scenario:
    """Read a scenario from YAML text. Raises ScenarioError with all faults."""
    try:
        tree = YAML(typ="rt").load(text)
    except MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        raise ScenarioError([Fault(name, line, column, f"this is not YAML: {fault.problem or fault.context}")]) from None
    except YAMLError as fault:
        raise ScenarioError([Fault(name, 1, 1, f"this is not YAML: {fault}")]) from None
    if not isinstance(tree, CommentedMap):
        raise ScenarioError([Fault(name, 1, 1, "a scenario is a mapping that begins with scenario, title, starts, lasts_s")])
    try:
        return Scenario.model_validate_json(json.dumps(tree, default=_text))
    except ValidationError as fault:
        raise ScenarioError([_fault(name, tree, each) for each in fault.errors()]) from None


def _text(value: object) -> str:
    """YAML reads an instant as one; JSON, whose strictness we use, wants its text."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a scenario")


def _fault(name: str, tree: CommentedMap, error: ErrorDetails) -> Fault:
    """A fault of the form, where it stands."""
    line, column, path = _place(tree, error["loc"])
    came = "" if error["type"] in ("missing", "value_error") else f" (came: {error['input']!r})"
    return Fault(name, line, column, f"{path or 'scenario'}: {error['msg']}{came}")


def _place(tree: CommentedMap, loc: Sequence[int | str]) -> tuple[int, int, str]:
    """Line, column and path of the deepest named place that the file has."""
    node: object = tree
    line, column = tree.lc.line, tree.lc.col
    path: list[str] = []
    for part in loc:
        if isinstance(node, CommentedMap) and part in node:
            line, column = node.lc.key(part)
        elif isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node):
            line, column = node.lc.item(part)
        elif not isinstance(part, int) and part in (*HAZARD_MODELS, *FAULT_NAMES):
            continue  # pydantic names the branch of the union; the file does not
        else:
            path.append(str(part))
            break
        path.append(str(part))
        node = node[part]
    return line + 1, column + 1, ".".join(path)
