"""The ``inhibitions:`` of a pack: how they are written, what can be wrong with them, and what they become.

Two things are refused because they could hide a danger for ever: a hazard on which a life may hang quieted by one on which none
does, and alarms that quiet each other in a circle.
"""

from collections.abc import Iterable, Iterator, Mapping

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from rules.definition import Aim, Inhibition, Key
from rules.model import Level
from rules.pack_fields import Bilingual, Duration, Form, KeyWord, LevelWord
from rules.pack_shape import suggest
from rules.pack_text import Faults, Path, Tree

_Node = tuple[str, Level]
"""A rule's alarms at one level."""


class _Aim(Form):
    hazard: str | None = Field(None, description="alarms of this hazard, or …")
    rule: str | None = Field(None, description="… alarms of this rule")

    @model_validator(mode="after")
    def _one(self) -> "_Aim":
        if len(self.words()) != 1:
            raise PydanticCustomError("aim", "say exactly one: {known}", {"known": self.known()})
        return self

    def known(self) -> str:
        """The words of which one is to be given."""
        return "hazard or rule"

    def words(self) -> dict[str, str]:
        """What is given, by its word."""
        given = {"hazard": self.hazard, "rule": self.rule, "kind": getattr(self, "kind", None)}
        return {word: value for word, value in given.items() if value is not None}


class SourceForm(_Aim):
    """Which alarms quiet others while their condition holds."""

    kind: str | None = Field(None, description="… or alarms about this kind of event")
    level: LevelWord = Field("blue", description="only when they are at least so severe")

    def known(self) -> str:
        """The words of which one is to be given."""
        return "hazard, rule or kind"


class TargetForm(_Aim):
    """Which alarms are quieted, and which early warnings: never those on which a life may hang."""

    level: LevelWord = Field("red", description="only while they are at most so severe")


class InhibitionForm(Form):
    """抑制: while the source's alarm stands, the target's at the same place are its symptoms: kept and counted, but quiet."""

    title: Bilingual = Field(description="why, as people read it")
    source: SourceForm = Field(description="the cause")
    target: TargetForm = Field(description="its symptoms")
    equal: KeyWord = Field("zone", description="the place that both share")
    lasts: Duration | None = Field(
        None, gt=0, description="at most so long after the source's last occurrence; as long as it stands when left out"
    )


def inhibition_from(name: str, part: InhibitionForm) -> Inhibition:
    """What is meant by one entry."""
    return Inhibition(
        id=name,
        title=part.title.said,
        source=Aim(**part.source.words()),
        target=Aim(**part.target.words()),
        from_level=Level(part.source.level),
        to_level=Level(part.target.level),
        equal=Key(part.equal),
        lasts_s=part.lasts,
    )


class InhibitionChecker:
    """Checks the inhibitions of one pack against its hazards, rules and kinds.

    ``rules`` gives for each rule its hazard and kinds, ``life_safety`` the hazards on which a life may hang.
    """

    def __init__(
        self,
        tree: Tree,
        faults: Faults,
        *,
        hazards: Iterable[str],
        rules: Mapping[str, tuple[str, tuple[str, ...]]],
        life_safety: Iterable[str],
    ) -> None:
        self._tree = tree
        self._faults = faults
        self._rules = rules
        self._life_safety = tuple(life_safety)
        kinds = dict.fromkeys([kind for _, looked_at in rules.values() for kind in looked_at])
        self._known = {"hazard": tuple(hazards), "rule": tuple(rules), "kind": tuple(kinds)}

    def check(self, parts: Mapping[str, InhibitionForm]) -> None:
        """Add what is wrong."""
        sound = {name: part for name, part in parts.items() if self._knows(name, part)}
        for name, part in sound.items():
            self._check_life(name, part)
        self._check_circle([inhibition_from(name, part) for name, part in sound.items()])

    def _add(self, path: Path, message: str) -> None:
        self._faults.add(*self._tree.place_of(path), message)

    def _knows(self, name: str, part: InhibitionForm) -> bool:
        is_known = True
        for side, aim in (("source", part.source), ("target", part.target)):
            for word, value in aim.words().items():
                if value not in self._known[word]:
                    is_known = False
                    what = "no rule looks at the kind" if word == "kind" else f"unknown {word}"
                    self._add(("inhibitions", name, side, word), f"{what} {value!r}; {suggest(value, self._known[word])}")
        return is_known

    def _check_life(self, name: str, part: InhibitionForm) -> None:
        inhibition = inhibition_from(name, part)
        on_life = [rule for rule in self._meant(inhibition.target) if self._rules[rule][0] in self._life_safety]
        if on_life and not any(self._rules[rule][0] in self._life_safety for rule in self._meant(inhibition.source)):
            self._add(
                ("inhibitions", name, "target"),
                f"a life may hang on alarms of {on_life[0]!r}: only a hazard with life_safety quiets them; choose another target",
            )

    def _meant(self, aim: Aim) -> list[str]:
        """The rules whose alarms this may mean."""
        return [
            rule
            for rule, (hazard, kinds) in self._rules.items()
            if rule == aim.rule or (aim.hazard and hazard == aim.hazard) or (aim.kind and (not kinds or aim.kind in kinds))
        ]

    def _check_circle(self, inhibitions: list[Inhibition]) -> None:
        """Alarms that quiet each other would all be silent: no way may lead from a rule at a level back to it."""
        ways = {
            ((source, worse), (target, milder)): one.id
            for one in inhibitions
            for source in self._meant(one.source)
            for worse in _levels_from(one.from_level)
            for target in self._meant(one.target)
            for milder in _levels_to(one.to_level)
        }
        circle = _in_a_circle(ways)
        if circle:
            self._add(
                ("inhibitions", circle),
                "alarms would quiet each other in a circle, and all be silent; set the source's level above the target's, or "
                "leave this one out",
            )


def _levels_from(mildest: Level) -> Iterator[Level]:
    return (level for level in Level if not mildest.is_worse_than(level))


def _levels_to(worst: Level) -> Iterator[Level]:
    return (level for level in Level if not level.is_worse_than(worst))


def _in_a_circle(ways: Mapping[tuple[_Node, _Node], str]) -> str:
    """An inhibition that lies in a circle, or ''. What nothing leads to is taken away until nothing more can be."""
    left = dict(ways)
    while left:
        reached = {target for _, target in left}
        kept = {way: name for way, name in left.items() if way[0] in reached}
        if len(kept) == len(left):
            return next(reversed(left.values()))
        left = kept
    return ""
