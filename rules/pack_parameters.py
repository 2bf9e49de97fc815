"""Parameters of a pack: what each community may set for itself, checked, and put where ``$name`` stands."""

import re
from collections.abc import Mapping
from typing import Final

from rules.pack_compose_form import LEVELS, CompositionForm, ParameterForm, Plain
from rules.pack_fields import read_duration, read_hours
from rules.pack_shape import good_part, hold_to, suggest
from rules.pack_text import Faults, Path, Tree, Value

_WHOLE: Final = re.compile(r"\$(?:\{([a-z][a-z0-9_]*)\}|([a-z][a-z0-9_]*))")
_INSIDE: Final = re.compile(r"\$\{([a-z][a-z0-9_]*)\}")
_LIMITS: Final = ("above", "below", "deadband")


class Parameters:
    """The parameters of one composed pack. All that is wrong with them is among the faults once each was applied."""

    def __init__(self, tree: Tree, faults: Faults) -> None:
        self._tree = tree
        self._faults = faults
        self._root: dict[str, Value] = dict(tree.value) if isinstance(tree.value, dict) else {}
        raw = self._root.pop("parameters", None)
        self._raw: Mapping[str, Value] = raw if isinstance(raw, dict) else {}
        self._forms = {name: self._form(name) for name in self._raw}
        self._used: dict[str, None] = {}
        set_by = self._root.pop("communities", None)
        self.communities: dict[str, dict[str, Plain]] = self._settings(set_by if isinstance(set_by, dict) else {})

    def applied(self, community: str) -> Tree:
        """The pack with the values of this community; ``""``: with every default."""
        chosen = {name: form.default for name, form in self._forms.items() if form is not None}
        chosen |= self.communities.get(community, {})
        tree = self._tree.with_value(self._put(self._root, (), chosen, is_first=community == ""))
        if community == "":
            for name in self._raw:
                if name not in self._used:
                    self._add(("parameters", name), f"the parameter {name!r} is used nowhere; write ${name} where it belongs")
        return tree

    def _add(self, path: Path, message: str, *, is_key: bool = True) -> None:
        self._faults.add(*self._tree.place_of(path, is_key=is_key), message)

    # ------------------------------------------------------------------------------------------------------ what is set

    def _form(self, name: str) -> ParameterForm | None:
        """The parameter, where its form is good; an override may have made it otherwise since its file was read."""
        form = good_part(ParameterForm, self._raw[name])
        path: Path = ("parameters", name)
        if form is None:
            hold_to(CompositionForm, self._tree.with_value({"parameters": {name: self._raw[name]}}), self._faults)
            return None
        if form.unit and form.type != "number":
            self._add((*path, "unit"), f"a {form.type} has no unit")
        if (form.low is not None or form.high is not None) and form.type not in ("number", "duration"):
            self._add((*path, "low" if form.low is not None else "high"), f"a {form.type} has no range")
        if (form.type == "word") is not bool(form.words):
            self._add(path, "a word needs words, those that may be set; nothing else has them")
        problem = _problem(form, form.default)
        if problem:
            self._add((*path, "default"), problem, is_key=False)
        return form

    def _settings(self, found: Mapping[str, Value]) -> dict[str, dict[str, Plain]]:
        settings: dict[str, dict[str, Plain]] = {}
        for community, values in found.items():
            settings[community] = {}
            for name, value in values.items() if isinstance(values, dict) else ():
                path = ("communities", community, name)
                form = self._forms.get(name)
                if name not in self._forms:
                    self._add(path, f"unknown parameter {name!r}; {suggest(name, self._forms)}")
                elif form is not None and isinstance(value, bool | int | float | str):
                    problem = _problem(form, value)
                    if problem:
                        self._add(path, problem, is_key=False)
                    else:
                        settings[community][name] = value
        return settings

    # -------------------------------------------------------------------------------------------------- where it is used

    def _put(self, value: Value, path: Path, chosen: Mapping[str, Plain], *, is_first: bool) -> Value:
        if isinstance(value, dict):
            return {name: self._put(each, (*path, name), chosen, is_first=is_first) for name, each in value.items()}
        if isinstance(value, list):
            return [self._put(each, (*path, index), chosen, is_first=is_first) for index, each in enumerate(value)]
        if not isinstance(value, str) or "$" not in value:
            return value
        whole = _WHOLE.fullmatch(value)
        if whole is None:
            return _INSIDE.sub(lambda found: _text(self._value(found[1], path, chosen, is_first=is_first, text=found[0])), value)
        return self._value(whole[1] or whole[2], path, chosen, is_first=is_first, text=value)

    def _value(self, name: str, path: Path, chosen: Mapping[str, Plain], *, is_first: bool, text: str) -> Plain:
        self._used[name] = None
        if name in chosen:
            if is_first:
                self._check_unit(name, path)
            return chosen[name]
        if is_first and name not in self._raw:
            self._add(path, f"unknown parameter {text!r}; {suggest(name, self._raw)}", is_key=False)
        return text

    def _check_unit(self, name: str, path: Path) -> None:
        """A limit in ppm must not be set in milligrams."""
        form = self._forms[name]
        if form is None or path[-1] not in _LIMITS or path[0] != "rules" or form.type != "number":
            return
        rules = self._root.get("rules")
        rule = rules.get(str(path[1])) if isinstance(rules, dict) else None
        unit = rule.get("unit") if isinstance(rule, dict) else None
        if isinstance(unit, str) and unit != form.unit:
            came = f"in {form.unit!r}" if form.unit else "without a unit"
            self._add(path, f"the parameter {name!r} is {came}, the rule's limits are in {unit!r}", is_key=False)


def _problem(form: ParameterForm, value: Plain) -> str:
    """Why a parameter cannot have this value, or ''."""
    expected = f"a {form.type} was expected, came {value!r}"
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    match form.type:
        case "number":
            return _outside(form, float(value)) if is_number else expected
        case "duration":
            seconds = _read(read_duration, value)
            return (
                _outside(form, float(seconds)) if isinstance(seconds, int | float) and not isinstance(value, bool) else expected
            )
        case "hours":
            return "" if _read(read_hours, value) is not None else f"{expected}; write it like 22:00-06:00, in quotes"
        case "flag":
            return "" if isinstance(value, bool) else expected
        case _:
            known = list(LEVELS) if form.type == "level" else form.words
            if not isinstance(value, str) or (known and value not in known):
                return f"{expected}; {suggest(str(value), known)}" if known else expected
            return ""


def _read(reader: object, value: Plain) -> object:
    try:
        return reader(value)  # type: ignore[operator]
    except ValueError:
        return None


def _outside(form: ParameterForm, value: float) -> str:
    low, high = form.low, form.high
    if (low is None or value >= low) and (high is None or value <= high):
        return ""
    unit = form.unit if form.type == "number" else "s"
    return f"{value:g} {unit} is outside {_text(low)} to {_text(high)} {unit}".replace("  ", " ").rstrip()


def _text(value: Plain | None) -> str:
    if value is None:
        return "any"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.12g}" if isinstance(value, float) else str(value)
