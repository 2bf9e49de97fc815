"""A rule pack takes over: at once, whole, and without touching what runs under rules whose conditions did not change."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from rules import gate
from rules.alarm import condition_gone
from rules.book import Activated, Book
from rules.days import Timetable
from rules.definition import Hazard, Rule, RulePack
from rules.dispatch import retry_owed
from rules.judgement import arm, follow_calendar, judge
from rules.model import Entity, Fact, PackActivation, Reason, Sentence
from rules.quieted import Quieted
from rules.routes import Routes
from rules.rule_edit import can_go_on, has_same_condition, is_same_rule, pass_delays, take_over
from rules.sentence import join
from rules.warning import end_warning
from rules.watch import ActiveRule, Watch, name_of

ACTIVATIONS_MAX: Final = 8
"""Activations whose texts the chain keeps, so that a person can go back; ours. Older ones are in the journal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """What a new pack did to the rules that were at work. Ids of rules, in the order of the old pack."""

    changed: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()


def activate(book: Book, activation: PackActivation, read_pack: Callable[[str], RulePack]) -> None:
    """Let this pack decide from here on. A pack that cannot be read changes nothing, and says why."""
    try:
        pack = read_pack(activation.text)
    except ValueError as fault:
        said = Sentence(
            f"规则包 {activation.version} 无法读取，未启用：{fault}", f"pack {activation.version} cannot be read: {fault}"
        )
        _tell(book, activation, "refused", Reason.PACK_REFUSED, said)
        return
    edited = set_pack(book, pack, activation.text)
    _keep_activation(book, activation)
    said = Sentence(f"启用规则包 {pack.title.zh} {pack.version}", f"rule pack {pack.title.en} {pack.version} is active")
    if edited.changed:
        names = edited.changed
        said = Sentence(f"{said.zh}；更改规则 {'、'.join(names)}", f"{said.en}; rules that changed: {', '.join(names)}")
    if edited.stopped:
        names = edited.stopped
        said = Sentence(f"{said.zh}；停止规则 {'、'.join(names)}", f"{said.en}; rules that stop: {', '.join(names)}")
    _tell(book, activation, "activated", Reason.PACK_ACTIVATED, said)
    retry_owed(book)


def _keep_activation(book: Book, activation: PackActivation) -> None:
    kept = Activated(
        at=book.now,
        pack=activation.pack,
        version=activation.version,
        digest=activation.digest,
        actor=activation.actor,
        text=activation.text,
    )
    book.activations = (*book.activations, kept)[-ACTIVATIONS_MAX:]


def _tell(book: Book, activation: PackActivation, transition: str, reason: Reason, said: Sentence) -> None:
    book.add_fact(
        Fact(
            id="",
            at=book.now,
            community=activation.community,
            entity=Entity.PACK,
            entity_id=activation.pack,
            incident_id="",
            transition=transition,
            from_state="",
            to_state=transition,
            reason=reason,
            cause_id=activation.id,
            sentence=said,
            pack_version=activation.version,
            actor=activation.actor,
            value=activation.version,
        )
    )


def set_pack(book: Book, pack: RulePack, text: str) -> Edited:
    """Replace the pack. What its watches keep, what is judged anew and what ends is said in ``rule_edit``."""
    before, zone = book.rules, book.pack.timezone
    book.pack = pack
    book.pack_text = text
    book.quieted = Quieted(pack.inhibitions, {name: own.inhibitions for name, own in pack.by_community.items()})
    for alarm in book.alarms.values():
        book.quieted.put(None, alarm)
    for warning in book.warnings.values():
        book.quieted.put_warning(warning)
    book.dirty["pack"] = None
    after: dict[str, ActiveRule] = {}
    kept: list[tuple[ActiveRule, Timetable | None]] = []
    changed: dict[str, None] = {}
    for rule, hazard, community in rules_at_work(pack):
        name = name_of(rule, community)
        old = before.get(name)
        if old is not None and not is_same_rule(old.rule, rule):
            changed[rule.id] = None
        if old is None or not (is_same_rule(old.rule, rule) or has_same_condition(old.rule, rule)):
            after[name] = ActiveRule(rule, hazard, community)
        else:
            kept.append((old, old.table))
            old.adopt(rule, hazard)
            after[name] = old
    book.rules = after
    book.routes = Routes(pack, tuple(after.values()))
    _let_go_on(book, before, after)
    for active, table in kept:
        if table != active.table or zone != pack.timezone:
            follow_calendar(book, active, table, zone)
    left = [active.rule.id for active in after.values()]
    stopped = dict.fromkeys([active.rule.id for active in before.values() if active.rule.id not in left])
    return Edited(changed=tuple(changed), stopped=tuple(stopped))


def _let_go_on(book: Book, before: dict[str, ActiveRule], after: dict[str, ActiveRule]) -> None:
    """Each watch goes on under the rule as it is now, or stops with its rule."""
    for name, old in before.items():
        if after.get(name) is not old:
            book.timers.disarm(f"gate {name}")
    for watch, new in list(_moves(before, after)):
        if new is None:
            _stop(book, watch)
        else:
            _move(book, watch, new)


def rules_at_work(pack: RulePack) -> Iterator[tuple[Rule, Hazard, str]]:
    """Every rule but a shadow, with its hazard; then, for communities with parameters, those that (or whose hazards) differ."""
    everywhere: dict[str, tuple[Rule, Hazard]] = {}
    for rule in pack.rules:
        everywhere[rule.id] = (rule, hazard_of(pack, rule))
        if not rule.is_shadow:
            yield (*everywhere[rule.id], "")
    for community, own in pack.by_community.items():
        for rule in own.rules:
            hazard = hazard_of(own, rule)
            common, common_hazard = everywhere[rule.id]
            if not rule.is_shadow and (not is_same_rule(common, rule) or hazard != common_hazard):
                yield rule, hazard, community


def hazard_of(pack: RulePack, rule: Rule) -> Hazard:
    """The hazard of a rule; one by its name alone where the pack does not know it."""
    return pack.hazards.get(rule.hazard) or Hazard(id=rule.hazard, title=Sentence(rule.hazard, rule.hazard))


def at_work_for(rules: dict[str, ActiveRule], rule_id: str, community: str) -> ActiveRule | None:
    """The rule that looks at a community: its own, or the one for all."""
    return rules.get(f"{rule_id}@{community}") or rules.get(rule_id)


def _moves(before: dict[str, ActiveRule], after: dict[str, ActiveRule]) -> Iterator[tuple[Watch, ActiveRule | None]]:
    """Every watch that does not stay with its rule, and the rule that it goes on under; None where there is none."""
    with_own = frozenset([active.rule.id for active in after.values() if active.community])
    for name, old in before.items():
        if after.get(name) is old and old.rule.id not in with_own:
            continue
        for watch in old.all_watches():
            new = at_work_for(after, old.rule.id, watch.community)
            if new is not old:
                yield watch, new if new is not None and can_go_on(watch, new.rule) else None


def _move(book: Book, watch: Watch, active: ActiveRule) -> None:
    """Go on under the rule as it is now."""
    old = watch.active
    book.timers.disarm(watch.name)
    old.drop(watch)
    book.dirty[watch.row.name] = None
    new = active.begin(watch.community, watch.key, watch.status)
    take_over(watch, new, book.now)
    for record_id in (new.warning_id, new.alarm_id):
        if record_id:
            book.watch_of[record_id] = new
    pass_delays(book, new)
    is_open = new.warning_id or new.alarm_id or new.warned_rank or new.muted_rank
    if not is_open and not any(signal.is_on for signal in new.signals):
        book.keep(new)  # the many that only wait
        arm(book, new)
        return
    _end_what_nothing_holds(book, new)
    judge(book, new)


def _end_what_nothing_holds(book: Book, watch: Watch) -> None:
    """A stage is gone: what only it held up ends as what a removed rule has raised, never as back to normal."""
    said = _said(watch)
    gate.settle(book, watch)
    warning = book.warnings.get(watch.warning_id)
    if warning is not None and not any(signal.is_on for signal in gate.spoken_of(watch, watch.warnings)):
        end_warning(book, warning, "cancel", Reason.RULE_REMOVED, said)
    alarm = book.alarms.get(watch.alarm_id)
    if alarm is not None and alarm.is_active and not any(signal.is_on for signal in gate.spoken_of(watch, watch.alarms)):
        condition_gone(book, alarm, Reason.RULE_REMOVED, said)


def _stop(book: Book, watch: Watch) -> None:
    """Its rule is gone, or watches something else: its warning is cancelled, its alarm is no longer watched."""
    said = _said(watch)
    book.timers.disarm(watch.name)
    warning = book.warnings.get(watch.warning_id)
    if warning is not None:
        end_warning(book, warning, "cancel", Reason.RULE_REMOVED, said)
    alarm = book.alarms.get(watch.alarm_id)
    if alarm is not None:
        book.watch_of.pop(alarm.id, None)
        if alarm.is_active:
            condition_gone(book, alarm, Reason.RULE_REMOVED, said)
    watch.active.drop(watch)
    book.dirty[watch.row.name] = None


def _said(watch: Watch) -> Sentence:
    return join(watch.active.rule.title, Sentence("规则已停用或更改", "the rule was removed or changed"))
