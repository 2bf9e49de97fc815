"""A rule pack takes over: at once, whole, and without touching what runs under rules that did not change."""

from collections.abc import Callable

from rules.alarm import condition_gone
from rules.book import Book
from rules.days import Timetable
from rules.definition import Hazard, Rule, RulePack
from rules.dispatch import retry_owed
from rules.judgement import follow_calendar
from rules.model import Entity, Fact, PackActivation, Reason, Sentence
from rules.quieted import Quieted
from rules.routes import Routes
from rules.sentence import join
from rules.warning import end_warning
from rules.watch import ActiveRule


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
    changed = set_pack(book, pack, activation.text)
    said = Sentence(f"启用规则包 {pack.title.zh} {pack.version}", f"rule pack {pack.title.en} {pack.version} is active")
    if changed:
        said = Sentence(f"{said.zh}；停止规则 {'、'.join(changed)}", f"{said.en}; rules that stop: {', '.join(changed)}")
    _tell(book, activation, "activated", Reason.PACK_ACTIVATED, said)
    retry_owed(book)


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


def set_pack(book: Book, pack: RulePack, text: str) -> tuple[str, ...]:
    """Replace the pack. Rules with the same digest keep their running conditions; the others stop. Returns who stopped."""
    before, zone = book.rules, book.pack.timezone
    book.pack = pack
    book.pack_text = text
    book.quieted = Quieted(pack.inhibitions)
    for alarm in book.alarms.values():
        book.quieted.put(None, alarm)
    book.dirty["pack"] = None
    after: dict[str, ActiveRule] = {}
    kept: list[tuple[ActiveRule, Timetable | None]] = []
    for rule in pack.rules:
        old = before.get(rule.id)
        hazard = pack.hazards.get(rule.hazard) or Hazard(id=rule.hazard, title=Sentence(rule.hazard, rule.hazard))
        if old is not None and _is_same(old.rule, rule):
            kept.append((old, old.table))
            old.adopt(rule, hazard)
            after[rule.id] = old
        else:
            after[rule.id] = ActiveRule(rule, hazard)
    book.rules = after
    book.routes = Routes(pack, tuple(after.values()))
    stopped = tuple([name for name, old in before.items() if after.get(name) is not old])
    for name in stopped:
        _stop(book, before[name])
    for active, table in kept:
        if table != active.table or zone != pack.timezone:
            follow_calendar(book, active, table, zone)
    return stopped


def _is_same(one: Rule, other: Rule) -> bool:
    return one.digest == other.digest if one.digest or other.digest else one == other


def _stop(book: Book, active: ActiveRule) -> None:
    """A rule that is gone, or says something else now: its warnings are cancelled, its alarms' conditions no longer hold."""
    said = join(active.rule.title, Sentence("规则已停用或更改", "the rule was removed or changed"))
    for watch in active.all_watches():
        warning = book.warnings.get(watch.warning_id)
        if warning is not None:
            end_warning(book, warning, "cancel", Reason.RULE_REMOVED, said)
        alarm = book.alarms.get(watch.alarm_id)
        if alarm is not None:
            book.watch_of.pop(alarm.id, None)
            if alarm.is_active:
                condition_gone(book, alarm, Reason.RULE_REMOVED, said)
        book.timers.disarm(watch.name)
    for row in active.rows.values():
        row.watches.clear()
        book.dirty[row.name] = None
