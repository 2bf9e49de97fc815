"""What a well-formed pack can still have wrong: words nobody defined, units that do not fit, limits in the wrong order."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from string import Formatter
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rules.kinds import KINDS, Kind
from rules.model import EventClass
from rules.pack_form import HazardForm, KindForm, PackForm, PlanForm, PositionForm, ResponderForm, RuleForm
from rules.pack_inhibitions import InhibitionChecker, InhibitionForm
from rules.pack_place_checks import PlaceChecker
from rules.pack_places import CalendarForm, ModeForm
from rules.pack_shape import FormT, good_part, mended, suggest
from rules.pack_stages import StageChecker
from rules.pack_text import Faults, Path, Tree

CLOCK_ORDER: Final = ("accepted", "en_route", "on_scene", "completed")
_STAGE_PUT_ASIDE: Final = {"level": "blue", "state": []}  # a stage about which nothing more can be said
SENTENCE_FIELDS: Final = frozenset({"device", "zone", "kind", "value", "unit", "limit", "state", "for_s", "heading"})


def find_faults(tree: Tree, faults: Faults) -> None:
    """Add everything that a form alone cannot see. Parts whose shape is wrong are passed over; their ids still count."""
    _Checker(tree, faults).check()


class _Checker:
    """One pass over one pack."""

    def __init__(self, tree: Tree, faults: Faults) -> None:
        self._tree = tree
        self._faults = faults
        self._root: Mapping[str, object] = tree.value if isinstance(tree.value, dict) else {}
        self._ids = {section: tuple(self._raw(section)) for section in ("parties", "responders", "hazards", "plans")}
        self._responders = self._good("responders", ResponderForm)
        self._hazards = self._good("hazards", HazardForm)
        self._plans = self._good("plans", PlanForm)

    def check(self) -> None:
        self._check_timezone()
        kinds = self._check_kinds()
        for name, hazard in self._hazards.items():
            self._check_hazard(name, hazard)
        for name, responder in self._responders.items():
            self._check_word(responder.party, "party", "parties", ("responders", name, "party"))
        for name, plan in self._plans.items():
            self._check_plan(name, plan)
        for name, position in self._good("positions", PositionForm).items():
            self._check_position(("positions", name), position)
        places = self._check_places(kinds)
        vital = [name for name, hazard in self._good("hazards", HazardForm).items() if hazard.life_safety]
        stages = StageChecker(self._tree, self._faults, kinds, vital)
        stand_ins = {
            "title": {"zh": "-", "en": "-"},
            "source": "-",
            "hazard": next(iter(self._ids["hazards"]), ""),
            "plan": next(iter(self._ids["plans"]), ""),
        }
        looked_at: dict[str, tuple[str, tuple[str, ...]]] = {}
        for name, raw in self._raw("rules").items():
            rule = mended(RuleForm, raw, stand_ins, _STAGE_PUT_ASIDE)
            if rule is not None:
                self._check_rule(name, rule)
                stages.check(("rules", name), rule)
                places.check_rule(("rules", name), rule)
                looked_at[name] = (rule.hazard, tuple(rule.kinds))
        inhibitions = InhibitionChecker(
            self._tree, self._faults, hazards=self._ids["hazards"], rules=looked_at, life_safety=vital
        )
        inhibitions.check(self._good("inhibitions", InhibitionForm))

    def _check_places(self, kinds: dict[str, list[Kind]]) -> PlaceChecker:
        places = PlaceChecker(self._tree, self._faults, tuple(self._raw("modes")), tuple(self._raw("calendars")))
        for name, mode in self._good("modes", ModeForm).items():
            places.check_mode(name, mode, kinds)
        for name, calendar in self._good("calendars", CalendarForm).items():
            places.check_calendar(name, calendar)
        return places

    def _raw(self, section: str) -> Mapping[str, object]:
        found = self._root.get(section)
        return found if isinstance(found, dict) else {}

    def _good(self, section: str, form: type[FormT]) -> dict[str, FormT]:
        found = {name: good_part(form, item) for name, item in self._raw(section).items()}
        return {name: part for name, part in found.items() if part is not None}

    def _add(self, path: Path, message: str, *, is_key: bool = False) -> None:
        self._faults.add(*self._tree.place_of(path, is_key=is_key), message)

    def _check_word(self, word: str, what: str, section: str, path: Path) -> None:
        if word not in self._ids[section]:
            self._add(path, f"unknown {what} {word!r}; {suggest(word, self._ids[section])}")

    def _check_timezone(self) -> None:
        name = self._root.get("timezone", "Asia/Shanghai")
        try:
            ZoneInfo(str(name))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self._add(("timezone",), f"unknown time zone {name!r}; write an IANA name like 'Asia/Shanghai'")

    def _check_kinds(self) -> dict[str, list[Kind]]:
        known: dict[str, list[Kind]] = {}
        for kind in KINDS.values():
            known.setdefault(kind.name, []).append(kind)
        for name in self._raw("kinds"):
            known.setdefault(name, [])
        for name, part in self._good("kinds", KindForm).items():
            self._check_kind(name, part)
            known[name].append(kind_from(name, part))
        return known

    def _check_kind(self, name: str, part: KindForm) -> None:
        path = ("kinds", name)
        if (EventClass(part.event_class), name) in KINDS:
            self._add(path, f"the {part.event_class} {name!r} is known already; leave it out", is_key=True)
        if part.event_class == "reading":
            if not part.unit:
                self._add(path, f"the reading {name!r} needs a unit; write 1 for a pure number")
            if part.states:
                self._add((*path, "states"), "a reading has a unit and a range, not states")
            if part.low is not None and part.high is not None and part.low >= part.high:
                self._add((*path, "low"), f"low {part.low:g} is not below high {part.high:g}")
            return
        if not part.states:
            self._add(path, f"the {part.event_class} {name!r} needs its states, like [on, off]")
        if part.unit or part.low is not None or part.high is not None:
            self._add(path, f"{part.event_class} kinds have states, not a unit or a range")

    def _check_hazard(self, name: str, part: HazardForm) -> None:
        for index, other in enumerate(part.gathers_with):
            path = ("hazards", name, "gathers_with", index)
            self._check_word(other, "hazard", "hazards", path)
            if other == name:
                self._add(path, "a hazard gathers with itself anyway; leave it out")

    def _check_position(self, path: Path, part: PositionForm) -> None:
        for index, party in enumerate(part.parties):
            self._check_word(party, "party", "parties", (*path, "parties", index))
        for index, zone in enumerate(part.zones):
            if not all(zone.split("/")):
                good = "/".join(filter(None, zone.split("/"))) or "b01"
                self._add(
                    (*path, "zones", index), f"zone {zone!r} is no place, so nothing would be shown here; write it like {good!r}"
                )

    def _check_plan(self, name: str, part: PlanForm) -> None:
        path = ("plans", name)
        self._check_told(part.notify_on_warning, (*path, "notify_on_warning"))
        self._check_told(part.notify_on_alarm, (*path, "notify_on_alarm"))
        if part.messages.repeat and part.messages.repeat < part.messages.interval:
            self._add(
                (*path, "messages", "repeat"), f"repeat is shorter than interval, {part.messages.interval:g} s; make it longer"
            )
        capable = {word for responder in self._responders.values() for word in responder.capabilities}
        for index, order in enumerate(part.orders):
            spot = (*path, "orders", index)
            if order.capability not in capable:
                message = f"no responder has the capability {order.capability!r}; {suggest(order.capability, capable)}"
                self._add((*spot, "capability"), message)
            if "acknowledged" in order.clocks:
                self._add(
                    (*spot, "clocks", "acknowledged"), "an incident is acknowledged, not an order; move it to the plan's clocks"
                )
            within = [(clock, order.clocks[clock]) for clock in CLOCK_ORDER if clock in order.clocks]
            for (early, first), (late, second) in pairwise(within):
                if second < first:
                    self._add((*spot, "clocks", late), f"{late} within {second:g} s is before {early} within {first:g} s")
        shares = [escalation.at for escalation in part.escalations]
        for index, escalation in enumerate(part.escalations):
            self._check_told(escalation.notify, (*path, "escalations", index, "notify"))
            if index and shares[index] <= shares[index - 1]:
                self._add(
                    (*path, "escalations", index, "at"), "list the escalations from the earliest share to the latest, each once"
                )

    def _check_told(self, names: Iterable[str], path: Path) -> None:
        known = (*self._ids["parties"], *self._ids["responders"])
        for index, name in enumerate(names):
            if name not in known:
                self._add((*path, index), f"unknown party or responder {name!r}; {suggest(name, known)}")

    def _check_rule(self, name: str, part: RuleForm) -> None:
        path = ("rules", name)
        self._check_word(part.hazard, "hazard", "hazards", (*path, "hazard"))
        self._check_word(part.plan, "plan", "plans", (*path, "plan"))
        plan, hazard = self._plans.get(part.plan), self._hazards.get(part.hazard)
        if plan is not None and hazard is not None and hazard.life_safety and plan.messages.wait:
            message = f"{part.hazard} is life safety, and its messages never wait; take wait out of the plan, or give it its own"
            self._add((*path, "plan"), message)
        if part.sentence is None:
            return
        for language, template in (("zh", part.sentence.zh), ("en", part.sentence.en)):
            self._check_template((*path, "sentence", language), template)

    def _check_template(self, path: Path, template: str) -> None:
        try:
            fields = list(Formatter().parse(template))
        except ValueError as error:
            self._add(path, f"not a sentence template: {error}; a brace is written twice: {{{{")
            return
        for _, field, form, conversion in fields:
            if field is None:
                continue
            if field not in SENTENCE_FIELDS:
                self._add(path, f"unknown place {{{field}}} in the sentence; {suggest(field, SENTENCE_FIELDS)}")
            if form or conversion:
                self._add(path, f"write {{{field}}} without a format; numbers are formatted for you")


def kind_from(name: str, part: KindForm) -> Kind:
    """The kind that a pack adds, as the house speaks of kinds."""
    return Kind(
        name=name,
        event_class=EventClass(part.event_class),
        zh=part.title.zh,
        en=part.title.en,
        unit=part.unit,
        low=part.low,
        high=part.high,
        states=tuple(part.states),
    )


def all_units(form: PackForm) -> dict[str, str]:
    """The unit of every reading that the house or this pack knows."""
    units = {kind.name: kind.unit for kind in KINDS.values() if kind.event_class is EventClass.READING}
    return units | {name: part.unit for name, part in form.kinds.items() if part.event_class == "reading"}
