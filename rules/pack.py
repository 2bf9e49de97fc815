"""A rule pack: YAML text → validated ``RulePack``, or every fault in it at once with line and column.

The way is text → tree (``pack_text``; of several packs ``pack_compose``) → form (``pack_form``, ``pack_shape``) → faults
(``pack_faults``, ``pack_stages``) → definition. A pack with one fault is no pack: nothing of it is ever used.
"""

import json
from collections.abc import Mapping
from hashlib import blake2b
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from rules.definition import (
    Escalation,
    Hazard,
    Key,
    Match,
    Messages,
    Order,
    Party,
    Plan,
    Position,
    Responder,
    Rule,
    RulePack,
    Target,
)
from rules.expression import compile_condition
from rules.kinds import KINDS
from rules.model import EventClass, Level
from rules.pack_card import card_from
from rules.pack_compose import compose
from rules.pack_conditions import Ranges, ranges_of, stages_from
from rules.pack_faults import all_units, find_faults, kind_from
from rules.pack_form import HazardForm, OrderForm, PackForm, PlanForm, RuleForm
from rules.pack_inhibitions import inhibition_from
from rules.pack_places import CalendarForm, days_from, modes_from
from rules.pack_schema import pack_schema
from rules.pack_shape import hold_to
from rules.pack_text import Fault, Faults, Tree

__all__ = ["Fault", "PackError", "check_pack", "pack_schema", "read_pack"]

_DIGEST_BYTES: Final = 16


class PackError(ValueError):
    """A pack that cannot be used, with all its faults in the order of the file."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


def read_pack(text: str, name: str = "<pack>") -> RulePack:
    """The pack that this text says. The same text gives the same pack. Raises ``PackError`` with all faults."""
    faults = Faults(name)
    forms = _read_forms(text, faults)
    if forms is None or len(faults):
        raise PackError(faults.in_order())
    own = {community: _build(form, text, {}) for community, form in forms.items() if community}
    return _build(forms[""], text, own)


def check_pack(text: str, name: str = "<pack>") -> tuple[Fault, ...]:
    """All faults of this text; empty when it is a good pack."""
    faults = Faults(name)
    _read_forms(text, faults)
    return faults.in_order()


def _read_forms(text: str, faults: Faults) -> dict[str, PackForm] | None:
    """The pack as it holds everywhere under "", and as it holds in each community that sets parameters."""
    composed = compose(text, faults)
    if composed is None:
        return None
    forms = {"": _read_form(composed.tree, faults)}
    for community, tree in composed.by_community.items():
        apart = faults.twin()
        forms[community] = _read_form(tree, apart)
        faults.add_of_twin(apart, f"with the parameters of {community!r}")
    whole = {name: form for name, form in forms.items() if form is not None}
    return whole if len(whole) == len(forms) else None


def _read_form(tree: Tree, faults: Faults) -> PackForm | None:
    form = hold_to(PackForm, tree, faults)
    find_faults(tree, faults)
    return form


def _build(form: PackForm, text: str, own: Mapping[str, RulePack]) -> RulePack:
    kinds = [kind_from(name, part) for name, part in form.kinds.items()]
    ranges = ranges_of([*KINDS.values(), *kinds])
    return RulePack(
        id=form.pack,
        version=form.version,
        digest=blake2b(text.encode(), digest_size=_DIGEST_BYTES).hexdigest(),
        title=form.title.said,
        timezone=ZoneInfo(form.timezone),
        hazards=MappingProxyType({name: _hazard(name, part) for name, part in form.hazards.items()}),
        rules=tuple(_rule(name, part, form.calendars, ranges, ZoneInfo(form.timezone)) for name, part in form.rules.items()),
        plans=MappingProxyType({name: _plan(name, part) for name, part in form.plans.items()}),
        parties=MappingProxyType({name: Party(id=name, title=part.title.said) for name, part in form.parties.items()}),
        responders=tuple(
            Responder(
                id=name,
                title=part.title.said,
                party=part.party,
                capabilities=tuple(part.capabilities),
                zone=part.zone,
                hours=part.hours,
            )
            for name, part in form.responders.items()
        ),
        positions=tuple(
            Position(id=name, title=part.title.said, zones=tuple(part.zones), parties=tuple(part.parties))
            for name, part in form.positions.items()
        ),
        inhibitions=tuple(inhibition_from(name, part) for name, part in form.inhibitions.items()),
        units=MappingProxyType(all_units(form)),
        kinds=MappingProxyType({(kind.event_class, kind.name): kind for kind in kinds}),
        modes=MappingProxyType(modes_from(form.modes)),
        by_community=MappingProxyType(dict(own)),
    )


def _hazard(name: str, part: HazardForm) -> Hazard:
    return Hazard(
        id=name,
        title=part.title.said,
        is_life_safety=part.life_safety,
        is_latching=part.latching,
        gather_by=Key(part.gather_by),
        gather_within_s=part.gather_within,
        gathers_with=tuple(part.gathers_with),
        late_max_s=part.late_max,
    )


def _plan(name: str, part: PlanForm) -> Plan:
    return Plan(
        id=name,
        title=part.title.said,
        orders=tuple(_order(order) for order in part.orders),
        notify_on_warning=tuple(part.notify_on_warning),
        notify_on_alarm=tuple(part.notify_on_alarm),
        messages=Messages(
            wait_s=part.messages.wait,
            interval_s=part.messages.interval,
            repeat_s=part.messages.repeat,
            tells_recovery=part.messages.recovery,
        ),
        clocks=tuple(Target(name=clock, within_s=within_s) for clock, within_s in part.clocks.items()),
        escalations=tuple(Escalation(at_share=step.at, notify=tuple(step.notify)) for step in part.escalations),
    )


def _order(part: OrderForm) -> Order:
    return Order(
        capability=part.capability,
        task=part.task.said,
        clocks=tuple(Target(name=clock, within_s=within_s) for clock, within_s in part.clocks.items()),
        from_level=Level(part.from_level),
    )


def _rule(name: str, part: RuleForm, calendars: Mapping[str, CalendarForm], ranges: Ranges, zone: ZoneInfo) -> Rule:
    plain = part.model_dump(mode="json", exclude=None if part.shadow else {"shadow"})  # a live rule's digest knows no shadows
    content = json.dumps({"id": name, **plain}, sort_keys=True, ensure_ascii=False)
    return Rule(
        id=name,
        title=part.title.said,
        hazard=part.hazard,
        key=Key(part.watch),
        match=Match(kinds=tuple(part.kinds), classes=tuple(EventClass(word) for word in part.classes)),
        warnings=stages_from(part.warnings, part.kinds, ranges, zone),
        alarms=stages_from(part.alarms, part.kinds, ranges, zone),
        guard=None if part.when is None else compile_condition(part.when),
        guard_text=part.when or "",
        unwatch=None if part.unwatch is None else compile_condition(part.unwatch),
        unwatch_text=part.unwatch or "",
        hours=part.hours,
        days=days_from(part.days, calendars),
        modes=tuple(part.modes),
        not_modes=tuple(part.not_modes),
        is_latching=part.latching,
        is_shadow=part.shadow,
        warning_expires_s=part.warning_expires,
        plan=part.plan,
        confidence=part.confidence,
        sentence=None if part.sentence is None else part.sentence.said,
        source=part.source,
        card=None if part.card is None else card_from(part.card),
        digest=blake2b(content.encode(), digest_size=_DIGEST_BYTES).hexdigest(),
    )
