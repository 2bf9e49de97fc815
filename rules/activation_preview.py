"""What another pack would mean for what is open or pending now, asked before it is activated. Asking changes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from rules import gate
from rules.activation import at_work_for, rules_at_work
from rules.book import Book
from rules.definition import RulePack
from rules.model import Sentence
from rules.rule_edit import can_go_on, has_same_condition, is_same_rule, pass_delays, take_over
from rules.sentence import LEVELS
from rules.signals import RISING, Signal
from rules.watch import ActiveRule, Watch, name_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """What becomes of one thing. ``what``: ends, level_changes, raised (pending so far), or keeps."""

    what: str
    entity: str  # warning | alarm
    entity_id: str  # empty where nothing is open yet
    rule: str
    community: str
    zone: str
    device: str
    sentence: Sentence


def preview(book: Book, pack: RulePack) -> tuple[Consequence, ...]:
    """What this pack would do, this instant, to every open warning and alarm, and to what is pending under the present one."""
    after = {name_of(rule, community): ActiveRule(rule, hazard, community) for rule, hazard, community in rules_at_work(pack)}
    found: list[Consequence] = []
    for old in book.rules.values():
        for watch in old.all_watches():
            if watch.warning_id or watch.alarm_id or any(signal.phase == RISING for signal in watch.signals):
                found += _consequences(book, watch, at_work_for(after, old.rule.id, watch.community))
    return tuple(found)


def _consequences(book: Book, watch: Watch, active: ActiveRule | None) -> Iterator[Consequence]:
    new = None if active is None or not can_go_on(watch, active.rule) else _moved(book, watch, active)
    for entity, signals, now_at in (
        ("warning", () if new is None else new.warnings, book.warnings.get(watch.warning_id)),
        ("alarm", () if new is None else new.alarms, book.alarms.get(watch.alarm_id)),
    ):
        spoken = () if new is None else gate.spoken_of(new, signals)
        level = min([signal.stage.level for signal in spoken if signal.is_on], key=lambda one: one.rank, default=None)
        is_open = now_at is not None and getattr(now_at, "is_active", True)
        if now_at is not None and is_open:
            if level is None:
                yield _said(watch, "ends", entity, now_at.id, Sentence("终止，不再监视", "ends: nothing looks at it any more"))
            elif level is not now_at.level:
                said = Sentence(f"改为{LEVELS[level].zh}", f"becomes {LEVELS[level].en}")
                yield _said(watch, "level_changes", entity, now_at.id, said)
            else:
                yield _said(watch, "keeps", entity, now_at.id, Sentence("保持", "goes on"))
        elif level is not None and not _was_on(watch, entity):
            yield _said(
                watch, "raised", entity, "", Sentence(f"立即发出{LEVELS[level].zh}", f"is raised at once, {LEVELS[level].en}")
            )


def _was_on(watch: Watch, entity: str) -> bool:
    signals: tuple[Signal, ...] = watch.alarms if entity == "alarm" else watch.warnings
    return any(signal.is_on for signal in signals)


def _moved(book: Book, watch: Watch, active: ActiveRule) -> Watch:
    """The watch as it would go on: a copy that nobody knows."""
    old = watch.active
    if is_same_rule(old.rule, active.rule) or has_same_condition(old.rule, active.rule):
        return watch
    new = active.begin(watch.community, watch.key, watch.status)
    take_over(watch, new, book.now)
    pass_delays(book, new)
    gate.settle(book, new)
    return new


def _said(watch: Watch, what: str, entity: str, name: str, said: Sentence) -> Consequence:
    title = watch.active.rule.title
    noun = Sentence("报警", "alarm") if entity == "alarm" else Sentence("预警", "warning")
    where = f"{watch.community} {watch.zone} {watch.device}".replace("  ", " ").strip()
    return Consequence(
        what=what,
        entity=entity,
        entity_id=name,
        rule=watch.active.rule.id,
        community=watch.community,
        zone=watch.zone,
        device=watch.device,
        sentence=Sentence(f"{where} {title.zh}{noun.zh}：{said.zh}", f"{where} {title.en} {noun.en}: {said.en}"),
    )
