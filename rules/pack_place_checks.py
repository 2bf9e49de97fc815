"""What can be wrong with the modes, the calendars, and the words by which rules name them."""

from collections.abc import Mapping, Sequence

from rules.expression import ConditionSyntaxError, compile_condition
from rules.kinds import Kind
from rules.pack_form import RuleForm, StageForm
from rules.pack_places import DAY_WORDS, PUBLIC, CalendarForm, ModeForm, known_modes, too_long
from rules.pack_shape import suggest
from rules.pack_text import Faults, Path, Tree
from rules.place import BY_EVENT_MAX_S
from rules.sentence import duration


class PlaceChecker:
    """Checks the sections ``modes`` and ``calendars`` of one pack, and what its rules say of them."""

    def __init__(self, tree: Tree, faults: Faults, modes: Sequence[str], calendars: Sequence[str]) -> None:
        self._tree = tree
        self._faults = faults
        self._modes = known_modes(modes)
        self._calendars = calendars

    def _add(self, path: Path, message: str) -> None:
        self._faults.add(*self._tree.place_of(path), message)

    def check_mode(self, name: str, part: ModeForm, kinds: Mapping[str, list[Kind]]) -> None:
        """Add everything that is wrong with this mode."""
        path: Path = ("modes", name)
        for index, kind in enumerate(part.kinds):
            if kind not in kinds:
                self._add((*path, "kinds", index), f"unknown kind {kind!r}; {suggest(kind, kinds)}, or add it under kinds")
        known = sorted({state for kind in part.kinds for each in kinds.get(kind, ()) for state in each.states})
        for field in ("sets", "ends") if known else ():
            for index, state in enumerate(getattr(part, field)):
                if state not in known:
                    self._add((*path, field, index), f"{' and '.join(part.kinds)} never is {state!r}; {suggest(state, known)}")
        if not part.kinds and (part.when or part.ends_when):
            self._add(path, "when and ends_when are about events; name the kinds that switch this mode")
        if too_long(part):
            self._add((*path, "lasts"), f"an event sets a mode for {duration(BY_EVENT_MAX_S).en} at most")
        self._check_condition((*path, "when"), part.when)
        self._check_condition((*path, "ends_when"), part.ends_when)

    def check_calendar(self, name: str, part: CalendarForm) -> None:
        """Add everything that is wrong with this calendar."""
        path: Path = ("calendars", name)
        if name in DAY_WORDS:
            self._add(path, f"{name!r} is a word of its own in days; give the calendar another name")
        if name != PUBLIC and part.workdays:
            self._add((*path, "workdays"), f"only the calendar {PUBLIC!r} has workdays")

    def check_rule(self, path: Path, rule: RuleForm) -> None:
        """Add every day and mode that nobody defined."""
        for index, word in enumerate(rule.days):
            if word not in DAY_WORDS and word not in self._calendars:
                self._add((*path, "days", index), f"unknown days {word!r}; {suggest(word, (*DAY_WORDS, *self._calendars))}")
            elif word == "holidays" and PUBLIC not in self._calendars:
                self._add((*path, "days", index), f"{word} are the days of the calendar {PUBLIC!r}; add it under calendars")
        self._check_modes(path, rule)
        for section, stages in (("warnings", rule.warnings), ("alarms", rule.alarms)):
            for index, stage in enumerate(stages):
                self._check_modes((*path, section, index), stage)

    def _check_modes(self, path: Path, part: RuleForm | StageForm) -> None:
        for field in ("modes", "not_modes"):
            for index, name in enumerate(getattr(part, field)):
                if name not in self._modes:
                    self._add(
                        (*path, field, index), f"unknown mode {name!r}; {suggest(name, self._modes)}, or add it under modes"
                    )

    def _check_condition(self, path: Path, text: str | None) -> None:
        if text is None:
            return
        try:
            compile_condition(text)
        except ConditionSyntaxError as error:
            for line, column, message in error.faults:
                place = self._tree.place_inside(path, line, column)
                self._faults.add(place[0], place[1], f"{path[-1]}: {message}")
