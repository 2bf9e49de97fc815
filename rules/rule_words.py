"""What a rule does, in plain Chinese and English sentences made from its definition, so that they cannot say anything else."""

from collections.abc import Iterator, Mapping
from typing import Final

from rules.baseline import Side
from rules.card import card_said
from rules.definition import Hours, Key, Plan, Rule, RulePack, Stage
from rules.escalation import STEPS
from rules.kinds import KINDS
from rules.model import Sentence
from rules.pack_diff import fields_of, unit_of
from rules.primitive import Count, Forecast, PersonalSilence, Rate, Silence, StateIs, Test, Threshold, Unusual
from rules.sentence import LEVELS, STATES, duration, number
from rules.terms import Agreement, Term
from rules.usual import Season

_KEYS: Final[Mapping[Key, Sentence]] = {
    Key.DEVICE: Sentence("每台设备", "each device"),
    Key.ZONE: Sentence("每个区域", "each zone"),
    Key.BUILDING: Sentence("每栋楼", "each building"),
    Key.COMMUNITY: Sentence("整个社区", "the whole community"),
    Key.ACTOR: Sentence("每个能分辨的人或物（否则每个区域）", "each person or thing that is told apart (else each zone)"),
}
_SHADOW: Final = Sentence(
    "影子规则：只检查、不生效，回测说明它会怎样",
    "A shadow: it is checked and does nothing; a backtest says what it would have done",
)
_SEASONS: Final[Mapping[Season, Sentence]] = {
    Season.NONE: Sentence("与平时相比", "at any hour"),
    Season.DAY: Sentence("与每天此时段相比", "of this hour of the day"),
    Season.WEEK: Sentence("与每周此时段相比", "of this hour of the week"),
}
_SIDES: Final[Mapping[Side, Sentence]] = {
    Side.HIGH: Sentence("偏高", ", above it"),
    Side.LOW: Sentence("偏低", ", below it"),
    Side.BOTH: Sentence("", ""),
}


def explain(pack: RulePack, rule: Rule) -> tuple[Sentence, ...]:
    """What this rule looks at, when it warns, alarms and clears, who is told and who goes by when, and where it comes from."""
    return (
        Sentence(f"{rule.title.zh}（{rule.id}）", f"{rule.title.en} ({rule.id})"),
        *((_SHADOW,) if rule.is_shadow else ()),
        *_looks(pack, rule),
        *_warns(pack, rule),
        *_alarms(pack, rule),
        *_answers(pack, rule),
        *(card_said(rule.card) if rule.card is not None else ()),
        Sentence(f"来源：{rule.source or '未说明'}", f"Source: {rule.source or 'none is said'}"),
    )


def _looks(pack: RulePack, rule: Rule) -> Iterator[Sentence]:
    kinds = [_kind(pack, name) for name in rule.match.kinds] or [Sentence("心跳", "heartbeats")]
    key = _KEYS[rule.key]
    zh, en = "、".join([one.zh for one in kinds]), " and ".join([one.en for one in kinds])
    only = f"（{'、'.join(rule.match.classes)}）" if rule.match.classes else ""
    only_en = f" (only {', '.join(rule.match.classes)})" if rule.match.classes else ""
    yield Sentence(f"看：{key.zh}的{zh}{only}", f"It looks at {en}{only_en}, for {key.en} by itself")
    if rule.guard_text:
        yield Sentence(f"只看满足条件的事件：{rule.guard_text}", f"Only events for which this holds: {rule.guard_text}")
    if rule.confidence is not None:
        sure = number(rule.confidence)
        yield Sentence(f"未给出置信度的来源按 {sure} 计", f"A source that does not say how sure it is counts as {sure}")
    if rule.unwatch_text:
        yield Sentence(f"停止等待的事件：{rule.unwatch_text}", f"It stops waiting after an event for which: {rule.unwatch_text}")
    if rule.hours is not None:
        yield Sentence(f"只在 {_hours(rule.hours)} 生效", f"Armed only from {_hours(rule.hours)}")
    if rule.modes:
        yield Sentence(f"只在模式：{'、'.join(rule.modes)}", f"Only in the modes {', '.join(rule.modes)}")
    if rule.not_modes:
        yield Sentence(f"不在模式：{'、'.join(rule.not_modes)}", f"Not in the modes {', '.join(rule.not_modes)}")


def _warns(pack: RulePack, rule: Rule) -> Iterator[Sentence]:
    for stage in rule.warnings:
        yield _stage(pack, rule, stage, Sentence("预警", "warning"))
    if rule.warnings:
        long = duration(rule.warning_expires_s)
        yield Sentence(f"没有新的迹象，预警在 {long.zh}后到期", f"Without a new sign a warning expires after {long.en}")


def _alarms(pack: RulePack, rule: Rule) -> Iterator[Sentence]:
    for stage in rule.alarms:
        yield _stage(pack, rule, stage, Sentence("报警", "alarm"))
    hazard = pack.hazards.get(rule.hazard)
    is_latching = rule.is_latching if rule.is_latching is not None else hazard is not None and hazard.is_latching
    if rule.alarms and is_latching:
        yield Sentence("报警锁存，恢复后仍须人工复位", "The alarm latches: a person resets it after the danger is over")
    if rule.alarms and hazard is not None and hazard.is_life_safety:
        yield Sentence("事关生命安全，不可搁置", "A life may hang on it: it cannot be shelved")


def _stage(pack: RulePack, rule: Rule, stage: Stage, what: Sentence) -> Sentence:
    unit = unit_of(rule, pack)
    test = _test(stage.condition.test, unit)
    level = LEVELS[stage.level]
    held, gone = duration(stage.condition.on_delay_s), duration(stage.condition.off_delay_s)
    zh, en = f"{level.zh}{what.zh}：{test.zh}", f"{level.en.capitalize()} {what.en}: {test.en}"
    if stage.condition.on_delay_s:
        zh, en = f"{zh}，持续 {held.zh}", f"{en}, for {held.en}"
    back = _back(stage.condition.test, unit)
    if back is not None:
        lasting = Sentence(f"持续 {gone.zh}后", f" for {gone.en}") if stage.condition.off_delay_s else Sentence("", "")
        zh, en = f"{zh}；{back.zh}{lasting.zh}解除", f"{en}; over when it is {back.en}{lasting.en}"
    elif stage.condition.off_delay_s:
        zh, en = f"{zh}；不再成立 {gone.zh}后解除", f"{en}; over {gone.en} after it is untrue"
    if stage.modes:
        zh, en = f"{zh}（模式 {'、'.join(stage.modes)}）", f"{en} (mode {', '.join(stage.modes)})"
    if stage.not_modes:
        zh, en = f"{zh}（不在模式 {'、'.join(stage.not_modes)}）", f"{en} (not in mode {', '.join(stage.not_modes)})"
    return Sentence(zh, en)


def _test(test: Test, unit: str) -> Sentence:
    match test:
        case Threshold(above=above) if above is not None:
            return Sentence(f"不低于 {_with(above, unit)}", f"at {_with(above, unit)} or above")
        case Threshold(below=below) if below is not None:
            return Sentence(f"不高于 {_with(below, unit)}", f"at {_with(below, unit)} or below")
        case StateIs(states=states):
            shown = [STATES.get(state, state) for state in states]
            return Sentence(f"状态为“{'、'.join(shown)}”", f"reported {' or '.join(states)}")
        case Rate(above=above, window_s=window_s):
            long, fast = duration(window_s), _with(abs(above), f"{unit}/min")
            zh, en = ("上升快于", "rising faster than") if above >= 0 else ("下降快于", "falling faster than")
            return Sentence(f"{long.zh}内{zh} {fast}", f"{en} {fast} over {long.en}")
        case Count(of=of, count=count, within_s=within_s):
            inner, long = _test(of, unit), duration(within_s)
            return Sentence(f"{long.zh}内 {count} 次{inner.zh}", f"{inner.en} {count} times within {long.en}")
        case Silence():
            return _silence(test)
        case Forecast(in_s=in_s, window_s=window_s):
            limit = _with((test.above if test.above is not None else test.below) or 0.0, unit)
            ahead, over = duration(in_s), duration(window_s)
            zh = f"按 {over.zh}的趋势，{ahead.zh}内将达到 {limit}"
            return Sentence(zh, f"by the trend of {over.en}, at {limit} within {ahead.en}")
        case _:
            return _any_test(test)


def _silence(test: Silence) -> Sentence:
    most = duration(test.for_s)
    if not isinstance(test, PersonalSilence):
        return Sentence(f"{most.zh}没有消息", f"nothing is heard for {most.en}")
    least = duration(test.at_least_s)
    zh = f"{most.zh}没有消息，或 {least.zh}以上且不合该处作息（评分 {number(test.score)}）"
    return Sentence(
        zh, f"nothing is heard for {most.en}, or for {least.en} where that is unlike its rhythm (score {number(test.score)})"
    )


def _any_test(test: Test) -> Sentence:
    """Sources that agree, or how unlike its usual; and a test that has no sentence of its own: its word and its fields."""
    if isinstance(test, Agreement):
        long, terms = duration(test.within_s), [_term(term) for term in test.of]
        among = Sentence(f"（至少 {test.networks} 个网络）", f" on at least {test.networks} networks")
        zh = f"{long.zh}内至少 {test.count} 个独立来源{among.zh if test.networks > 1 else ''}："
        en = f"{test.count} independent sources{among.en if test.networks > 1 else ''} within {long.en}: "
        return Sentence(zh + "；".join([one.zh for one in terms]), en + "; ".join([one.en for one in terms]))
    if isinstance(test, Unusual):
        when, where = _SEASONS[test.season], _SIDES[test.side]
        zh = f"{when.zh}{where.zh}不同寻常（评分 {number(test.score)}）"
        return Sentence(zh, f"unlike its usual {when.en}{where.en} (score {number(test.score)})")
    shown = "; ".join([f"{name} {value}" for name, value in _fields_of(test).items()])
    return Sentence(f"{type(test).__name__.lower()}（{shown}）", f"{type(test).__name__.lower()} ({shown})")


def _term(term: Term) -> Sentence:
    known = next((kind for kind in KINDS.values() if kind.name == term.kind), None)
    said = _test(term.test, known.unit if known is not None and known.unit != "1" else "")
    name = Sentence(term.kind, term.kind) if known is None else Sentence(known.zh, known.en)
    return Sentence(f"{name.zh}{said.zh}", f"{name.en} {said.en}")


def _fields_of(test: Test) -> dict[str, str]:
    return {name: value for name, value in fields_of(test).items() if value}


def _back(test: Test, unit: str) -> Sentence | None:
    """Where the value must go back to; None where the test says that itself."""
    if not isinstance(test, Threshold):
        return None
    if test.above is not None:
        limit = _with(test.above - test.deadband, unit)
        return Sentence(f"低于 {limit} ", f"below {limit}")
    limit = _with((test.below or 0.0) + test.deadband, unit)
    return Sentence(f"高于 {limit} ", f"above {limit}")


def _answers(pack: RulePack, rule: Rule) -> Iterator[Sentence]:
    plan = pack.plans.get(rule.plan)
    if plan is None:
        return
    names = {**{party.id: party.title for party in pack.parties.values()}, **{one.id: one.title for one in pack.responders}}
    for zh, en, told in (("预警", "a warning", plan.notify_on_warning), ("报警", "an alarm", plan.notify_on_alarm)):
        if told and (rule.warnings if zh == "预警" else rule.alarms):
            who = [names.get(name, Sentence(name, name)) for name in told]
            shown = Sentence("、".join([one.zh for one in who]), ", ".join([one.en for one in who]))
            yield Sentence(f"{zh}告知：{shown.zh}", f"Told of {en}: {shown.en}")
    if rule.alarms:
        yield from _orders(plan)


def _orders(plan: Plan) -> Iterator[Sentence]:
    for order in plan.orders:
        by = [(STEPS[clock.name], duration(clock.within_s)) for clock in order.clocks]
        level = LEVELS[order.from_level]
        zh = "、".join([f"{long.zh}内{step.zh}" for step, long in by])
        en = ", ".join([f"{step.en} within {long.en}" for step, long in by])
        yield Sentence(
            f"{level.zh}及以上报警派警（{order.capability}）：{order.task.zh}；{zh}",
            f"From {level.en} on somebody is sent ({order.capability}): {order.task.en}; {en}",
        )
    for clock in plan.clocks:
        long, step = duration(clock.within_s), STEPS[clock.name]
        yield Sentence(f"警情须在 {long.zh}内{step.zh}", f"The incident is to be {step.en} within {long.en}")


def _kind(pack: RulePack, name: str) -> Sentence:
    known = [kind for kind in (*pack.kinds.values(), *KINDS.values()) if kind.name == name]
    return Sentence(known[0].zh, known[0].en) if known else Sentence(name, name)


def _hours(hours: Hours) -> str:
    minutes = (hours.start_minute, hours.end_minute)
    return "-".join([f"{minute // 60:02d}:{minute % 60:02d}" for minute in minutes])


def _with(value: float, unit: str) -> str:
    return f"{number(value)} {unit}".rstrip()
