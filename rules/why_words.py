"""What the graph of a decision says in Chinese and in English: a sentence for every node, and one for the whole."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from rules.book import NO_PACK
from rules.definition import Rule, RulePack
from rules.model import Alarm, Dispatch, EarlyWarning, Entity, Evidence, Fact, Incident, PassedOver, Reason, Sentence
from rules.routes import Routes
from rules.sentence import LEVELS, STATES, duration, join, number
from rules.why_shape import Sort, WhyNode

TESTS: Final[Mapping[str, Sentence]] = {
    "above": Sentence("达到或高于", "at or above"),
    "below": Sentence("达到或低于", "at or below"),
    "is": Sentence("状态为", "is"),
    "rate": Sentence("每分钟变化超过", "changing a minute by more than"),
    "count": Sentence("次数达到", "so often:"),
    "silent": Sentence("没有消息超过（秒）", "nothing heard for (s)"),
    "quiet": Sentence("没有消息，不同于平常（秒）", "nothing heard, unlike its rhythm, for (s)"),
    "unusual": Sentence("不同于此时段平常，评分", "unlike its usual of this hour, score"),
    "unusual_level": Sentence("不同于平常，评分", "unlike its usual, score"),
    "report": Sentence("上报", "reports"),
}
"""How the tests are called; what is not here is called by its own word."""

PASSED: Final[Mapping[Reason, Sentence]] = {
    Reason.NOT_CAPABLE: Sentence("没有所需能力", "not capable of it"),
    Reason.OFF_DUTY: Sentence("不当班", "off duty"),
    Reason.BUSY: Sentence("正在处警", "busy"),
    Reason.FARTHER: Sentence("离得更远", "farther away"),
    Reason.DECLINED_BEFORE: Sentence("已退单或未接单", "declined it or did not answer"),
}
"""Why a responder was passed over."""

_DELIVERY: Final[Mapping[str, Sentence]] = {
    "delivered": Sentence("已送达", "delivered"),
    "failed": Sentence("未送达", "not delivered"),
    "skipped": Sentence("未发送", "not sent"),
}
_NAMES: Final[Mapping[Entity, Sentence]] = {
    Entity.WARNING: Sentence("预警", "warning"),
    Entity.ALARM: Sentence("报警", "alarm"),
    Entity.INCIDENT: Sentence("警情", "incident"),
    Entity.DISPATCH: Sentence("处警", "order"),
}


def event_said(item: Evidence, pack: RulePack | None) -> Sentence:
    """A raw event: which device, behind which gateway, said what."""
    kind = Routes(pack or NO_PACK, ()).kind_of(item)
    where = f"（网关 {item.gateway}）" if item.gateway else ""
    by = f" (by gateway {item.gateway})" if item.gateway else ""
    if item.test in ("silent", "quiet") and item.value is None and item.state is None:
        return Sentence(f"设备 {item.device}{where} 最后一次消息", f"device {item.device}{by} was last heard")
    unit = "" if item.unit in ("", "1") else f" {item.unit}"
    state = item.state or "—"
    shown = Sentence(STATES.get(state, state), state) if item.value is None else Sentence(number(item.value), number(item.value))
    return Sentence(
        f"设备 {item.device}{where}：{kind.zh} {shown.zh}{unit}", f"device {item.device}{by}: {kind.en} {shown.en}{unit}"
    )


def judgement_said(fact: Fact, rule: Rule | None, delay_s: float | None) -> Sentence:
    """A stage of a rule that counted as true: rule, version, level, test, limit, how long."""
    settled = fact.evidence[-1]
    test = TESTS.get(settled.test, Sentence(settled.test, settled.test))
    limit = number(settled.limit) if isinstance(settled.limit, int | float) else settled.limit or ""
    unit = settled.unit if settled.test in ("above", "below", "rate") and settled.unit != "1" else ""
    name = _NAMES[fact.entity]
    level = LEVELS[fact.level] if fact.level is not None else Sentence("", "")
    title = rule.title if rule is not None else Sentence(fact.rule, fact.rule)
    held = Sentence("", "")
    if delay_s:
        long = duration(delay_s)
        held = Sentence(f"，且持续 {long.zh}", f", and lasted for {long.en}")
    if rule is not None and rule.guard_text:
        held = Sentence(f"{held.zh}，且满足条件 {rule.guard_text}", f"{held.en}, and the condition {rule.guard_text} held")
    zh = f"规则“{title.zh}”（{fact.rule}，版本 {fact.pack_version}）判定{level.zh}{name.zh}：{test.zh} {limit} {unit}".rstrip()
    en = f"rule “{title.en}” ({fact.rule}, version {fact.pack_version}) spoke, {level.en} {name.en}: {test.en} {limit} {unit}"
    return Sentence(f"{zh}{held.zh}", f"{en.rstrip()}{held.en}")


def record_said(record: EarlyWarning | Alarm | Incident) -> Sentence:
    """A warning, an alarm or an incident as it now is."""
    if isinstance(record, Incident):
        return join(Sentence(f"警情 {record.title.zh}", f"incident {record.title.en}"), record.sentence)
    name = _NAMES[Entity.ALARM if isinstance(record, Alarm) else Entity.WARNING]
    level = LEVELS[record.level]
    return join(Sentence(f"{level.zh}{name.zh}", f"{level.en} {name.en}"), record.sentence)


def dispatch_said(record: Dispatch) -> Sentence:
    """An order: to whom, what for, and how many were passed over."""
    count = len(record.passed_over)
    over = Sentence(f"（略过 {count} 人）", f" ({count} passed over)") if count else Sentence("", "")
    return Sentence(f"派 {record.responder}：{record.task.zh}{over.zh}", f"{record.responder} is sent: {record.task.en}{over.en}")


def passed_over_said(passed: Sequence[PassedOver]) -> tuple[Sentence, ...]:
    """Each of those who were not chosen, and why."""
    said: list[Sentence] = []
    for one in passed:
        reason = PASSED.get(one.reason, Sentence(one.reason.value, one.reason.value))
        said.append(Sentence(f"{one.responder}：{reason.zh}", f"{one.responder}: {reason.en}"))
    return tuple(said)


def notice_said(target: str, state: str) -> Sentence:
    """A message that is owed or was sent."""
    how = _DELIVERY.get(state, Sentence("待发", "owed"))
    return Sentence(f"通知 {target}（{how.zh}）", f"{target} is told ({how.en})")


def change_said(fact: Fact) -> Sentence:
    """What happened to a record: of which sort it is, then the line of the story."""
    name = _NAMES.get(fact.entity, Sentence(fact.entity.value, fact.entity.value))
    return join(name, fact.sentence)


def whole_said(asked: EarlyWarning | Alarm | Incident | Dispatch, nodes: Sequence[WhyNode]) -> Sentence:
    """The whole in one sentence."""
    count = Counter([node.sort.value for node in nodes])
    rules = list(dict.fromkeys([node.rule for node in nodes if node.sort is Sort.JUDGEMENT]))
    sent = list(dict.fromkeys([node.target for node in nodes if node.sort is Sort.DISPATCH]))
    told = list(dict.fromkeys([node.target for node in nodes if node.sort is Sort.NOTIFICATION]))
    zh = [f"依据 {count['event']} 条事件", f"规则 {'、'.join(rules) or '无'}"]
    en = [f"cited events: {count['event']}", f"rules: {', '.join(rules) or 'none'}"]
    if count["warning"]:
        zh.append(f"预警 {count['warning']} 条")
        en.append(f"warnings: {count['warning']}")
    if count["alarm"] > 1:
        zh.append(f"报警 {count['alarm']} 条")
        en.append(f"alarms: {count['alarm']}")
    if count["quieting"]:
        zh.append(f"搁置、抑制或停用 {count['quieting']} 次")
        en.append(f"shelved, suppressed or out of service: {count['quieting']} times")
    if sent:
        over = sum(len(node.passed_over) for node in nodes)
        zh.append(f"派出 {'、'.join(sent)}（略过 {over} 人次）")
        en.append(f"sent: {', '.join(sent)} ({over} passed over)")
    if told:
        zh.append(f"通知 {'、'.join(told)}")
        en.append(f"told: {', '.join(told)}")
    lead = dispatch_said(asked) if isinstance(asked, Dispatch) else record_said(asked)
    return Sentence(f"{lead.zh}。{'；'.join(zh)}。", f"{lead.en}. {'; '.join(en).capitalize()}.")
