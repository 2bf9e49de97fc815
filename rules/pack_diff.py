"""What one pack says otherwise than another, by what it means: 300 s and 5min are the same, another order of rules is none.

A part is laid out as fields, each with one text that a person can read (with its unit); then the fields are compared.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final

from rules.definition import Escalation, Hours, Order, Rule, RulePack, Stage, Target
from rules.model import EventClass, Sentence
from rules.primitive import Burst, Condition, Rate, Silence, Stuck, Test
from rules.sentence import duration, number
from rules.terms import Agreement

_NOT_COMPARED: Final = frozenset({"id", "name", "digest", "guard", "unwatch", "ends"})
_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "on_delay_s": "for",
        "off_delay_s": "clear_after",
        "window_s": "over",
        "for_s": "silent_for",
        "count": "times",
        "guard_text": "when",
        "key": "watch",
        "at_share": "at",
        "event_class": "class",
    }
)
"""Fields whose name in a pack is another one than in the definition."""
_OWN_WORDS: Final[Mapping[tuple[type, str], str]] = MappingProxyType(
    {(Stuck, "for_s"): "stuck_for", (Agreement, "count"): "count", (Burst, "quiet_s"): "within"}
)
"""The same, where the name depends on the test."""
_INLINE: Final = (Condition, Test, Hours)
SECTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pack": "规则包",
        "rules": "规则",
        "hazards": "灾种",
        "plans": "预案",
        "parties": "共管方",
        "responders": "处警人员",
        "kinds": "类型",
        "positions": "席位",
        "modes": "模式",
        "inhibitions": "抑制",
        "calendars": "日历",
    }
)


NO_TITLE: Final = Sentence("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference. ``field`` is empty where a whole part was added or removed; ``community`` where it holds in one alone."""

    what: str  # added | removed | changed
    section: str
    id: str
    field: str = ""
    before: str = ""
    after: str = ""
    title: Sentence = NO_TITLE
    community: str = ""

    @property
    def sentence(self) -> Sentence:
        """The difference, said."""
        where = Sentence(f"{self.community}：", f"{self.community}: ") if self.community else Sentence("", "")
        zh, en = SECTIONS.get(self.section, self.section), self.section.removesuffix("s")
        part = Sentence(f"{zh} {self.title.zh}（{self.id}）", f"{en} {self.id} ({self.title.en})")
        if self.what == "changed":
            before, after = self.before or "—", self.after or "—"
            zh, en = f"{self.field} 由 {before} 改为 {after}", f"{self.field} from {before} to {after}"
            said = Sentence(f"{part.zh}：{zh}", f"{part.en}: {en}")
        else:
            is_new = self.what == "added"
            said = Sentence(f"{'新增' if is_new else '删除'}{part.zh}", f"{'added' if is_new else 'removed'}: {part.en}")
        return Sentence(where.zh + said.zh, where.en + said.en)


def compare(old: RulePack, new: RulePack) -> tuple[Change, ...]:
    """Every difference, by section and id; then what differs in single communities beyond that."""
    found = list(_changes(old, new, ""))
    everywhere = [(one.what, one.section, one.id, one.field, one.before, one.after) for one in found]
    for community in dict.fromkeys((*old.by_community, *new.by_community)):
        own = _changes(old.by_community.get(community, old), new.by_community.get(community, new), community)
        found += [one for one in own if (one.what, one.section, one.id, one.field, one.before, one.after) not in everywhere]
    return tuple(found)


def _changes(old: RulePack, new: RulePack, community: str) -> Iterator[Change]:
    before, after = _sections(old), _sections(new)
    for section in dict.fromkeys((*before, *after)):
        ours, theirs = before.get(section, {}), after.get(section, {})
        for name in dict.fromkeys((*ours, *theirs)):
            one, other = ours.get(name), theirs.get(name)
            title = _title_of(other if other is not None else one, old if other is None else new)
            if one is None or other is None:
                what = "added" if one is None else "removed"
                yield Change(what=what, section=section, id=name, title=title, community=community)
                continue
            first, second = laid_out(one, old), laid_out(other, new)
            for field in dict.fromkeys((*first, *second)):
                left, right = first.get(field, ""), second.get(field, "")
                if left != right:
                    yield Change(
                        what="changed",
                        section=section,
                        id=name,
                        field=field,
                        before=left,
                        after=right,
                        title=title,
                        community=community,
                    )


def _sections(pack: RulePack) -> dict[str, dict[str, object]]:
    """The parts of a pack by section and id, whatever sections there are."""
    sections: dict[str, dict[str, object]] = {"pack": {pack.id: pack}}
    for field in fields(RulePack):
        value = getattr(pack, field.name)
        if isinstance(value, Mapping) and field.name not in ("units", "by_community"):
            parts = {_name(key): part for key, part in value.items()}
        elif isinstance(value, tuple):
            parts = {str(getattr(part, "id", index)): part for index, part in enumerate(value)}
        else:
            continue
        sections[field.name] = {name: part for name, part in parts.items() if is_dataclass(part)}
    return sections


def _name(key: object) -> str:
    return "/".join([str(part) for part in key]) if isinstance(key, tuple) else str(key)


def _title_of(part: object, pack: RulePack) -> Sentence:
    found = pack.title if isinstance(part, RulePack) else getattr(part, "title", None)
    return found if isinstance(found, Sentence) else Sentence(str(getattr(part, "zh", "")), str(getattr(part, "en", "")))


def laid_out(part: object, pack: RulePack) -> dict[str, str]:
    """The fields of one part of a pack, each as a text with its unit."""
    if isinstance(part, RulePack):
        title = f"{part.title.zh} / {part.title.en}"
        return {"id": part.id, "version": part.version, "title": title, "timezone": str(part.timezone)}
    return fields_of(part, unit_of(part, pack) if isinstance(part, Rule) else "")


def fields_of(part: object, unit: str = "") -> dict[str, str]:
    """The fields of a part, each as a text; limits with this unit."""
    return dict(_fields(part, "", unit))


def unit_of(rule: Rule, pack: RulePack) -> str:
    """The unit of the limits of a rule; '' for a pure number and where it looks at no reading."""
    classes = rule.match.classes
    units = [pack.units.get(kind, "") for kind in rule.match.kinds] if not classes or EventClass.READING in classes else []
    found = next((unit for unit in units if unit), "")
    return "" if found == "1" else found


def _fields(part: object, path: str, unit: str) -> Iterator[tuple[str, str]]:
    for field in fields(part):  # type: ignore[arg-type]
        value = getattr(part, field.name)
        if field.name in _NOT_COMPARED or value is None or value == ():
            continue
        usual = _WORDS.get(field.name, field.name.removesuffix("_s").removeprefix("is_").removesuffix("_text"))
        word = _OWN_WORDS.get((type(part), field.name), usual)
        name = f"{path}{word}"
        if isinstance(value, _INLINE) or field.name in ("match", "test", "condition"):
            yield from _fields(value, path, _unit_in(value, unit))
        elif isinstance(value, Sentence):
            yield name, f"{value.zh} / {value.en}"
        elif is_dataclass(value):
            yield from _fields(value, f"{name}.", unit)
        elif isinstance(value, tuple) and any(is_dataclass(item) for item in value):
            yield from _rows(value, name, unit)
        else:
            yield name, _text(field.name, value, unit)


def _unit_in(value: object, unit: str) -> str:
    return f"{unit}/min" if isinstance(value, Rate) else unit


def _rows(rows: tuple[object, ...], name: str, unit: str) -> Iterator[tuple[str, str]]:
    """A list of parts, each called by what tells it from the others."""
    seen: dict[str, int] = {}
    for row in rows:
        called = _called(row)
        seen[called] = seen.get(called, 0) + 1
        number_of = f" {seen[called]}" if seen[called] > 1 else ""
        if isinstance(row, Target):
            yield f"{name}.{row.name}", duration(row.within_s).en
        else:
            yield from _fields(row, f"{name}[{called}{number_of}].", unit)


def _called(row: object) -> str:
    match row:
        case Stage(level=level, condition=condition):
            sort = Silence if isinstance(condition.test, Silence) else type(condition.test)  # with a rhythm or without
            return f"{level} {sort.__name__.lower()}"
        case Order(capability=capability):
            return capability
        case Escalation(at_share=share):
            return f"{round(share * 100)}%"
        case _:
            return type(row).__name__.lower()


def _text(field: str, value: object, unit: str) -> str:
    if isinstance(value, tuple | frozenset):
        return ", ".join([str(item) for item in (sorted(value) if isinstance(value, frozenset) else value)])
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field.endswith("_minute") and isinstance(value, int):
        return f"{value // 60:02d}:{value % 60:02d}"
    if isinstance(value, int | float):
        if field.endswith("_s"):
            return duration(float(value)).en
        if field == "at_share":
            return f"{round(value * 100)}%"
        is_limit = field in ("above", "below", "deadband")
        return f"{number(float(value))} {unit}".rstrip() if is_limit else number(float(value))
    return str(value)
