"""What held a rule back, in Chinese and in English."""

from collections.abc import Mapping, Sequence
from typing import Final

from rules.model import Sentence
from rules.why_not_shape import Asked, Held, Look, RuleLook, Spoken

HELD: Final[Mapping[str, Sentence]] = {
    "below_limit": Sentence("条件未满足", "its tests did not hold"),
    "delay_running": Sentence("延时未满", "the delay was not over"),
    "delay_broken": Sentence("延时中断，重新计", "the delay was broken off"),
    "delay_stale": Sentence("设备无新数据，延时停走", "nothing new came from the device, so the delay stands still"),
    "guard_false": Sentence("规则的条件 when 不成立", "the rule's condition did not hold"),
    "guard_unjudged": Sentence("规则的条件 when 无法判断", "the rule's condition could not be judged"),
    "outside_hours": Sentence("不在规则的时段或日期内", "outside the rule's hours or days"),
    "mode_missing": Sentence("所需模式未启用", "none of its modes held"),
    "mode_holds": Sentence("该模式下不报", "a mode held in which it does not speak"),
    "muted": Sentence("结案后同一条件未恢复，不再重复", "its case was closed, and the condition has not gone since"),
    "speaking_already": Sentence("已有预警或报警", "it was speaking already"),
    "shelved": Sentence("报警已搁置", "its alarm is shelved"),
    "suppressed": Sentence("报警或预警被其原因抑制", "its alarm or warning is suppressed by its cause"),
    "out_of_service": Sentence("停用检修中", "out of service"),
    "no_value": Sentence("事件没有数值也没有状态", "the event had neither a value nor a state"),
    "no_room": Sentence("监看数量已满", "the rule watches as many as it can"),
    "exercise": Sentence("演练事件", "an exercise"),
    "duplicate": Sentence("重复的事件", "a repetition of an event"),
    "retained": Sentence("代理保留的旧消息", "an old message that the broker had kept"),
    "too_late": Sentence("到达太晚", "it came too late"),
    "test_only": Sentence("设备自称是测试", "the device says that it is a test"),
    "value_impossible": Sentence("数值不可信", "the value cannot be believed"),
    "deaf": Sentence("服务停机，没有接收", "the service was down and heard nothing"),
}
"""Every word for what held a rule back."""


def held_of(counts: Mapping[tuple[str, str], int]) -> tuple[Held, ...]:
    """These words and details as they are said, the most frequent first."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple([Held(word=word, count=count, sentence=_detailed(word, detail)) for (word, detail), count in ordered])


def _detailed(word: str, detail: str) -> Sentence:
    said = HELD[word]
    return Sentence(f"{said.zh}（{detail}）", f"{said.en} ({detail})") if detail else said


def rule_said(title: Sentence, spoken: Sequence[Spoken], nearest: Look | None, held: Sequence[Held], look_count: int) -> Sentence:
    """One rule in one sentence: that it spoke, or how near it came and what held it back."""
    if spoken:
        last = spoken[-1].sentence
        return Sentence(f"{title.zh}：已有判定：{last.zh}", f"{title.en}: it spoke: {last.en}")
    near = max(nearest.near, key=lambda one: one.share) if nearest is not None and nearest.near else None
    share = 0 if near is None else int(near.share * 100)
    close = (
        Sentence("", "") if near is None else Sentence(f"，最接近时{near.sentence.zh}", f"; at the nearest: {near.sentence.en}")
    )
    zh = "；".join([f"{one.sentence.zh}（{one.count} 次）" for one in held]) or "无"
    en = ", ".join([f"{one.sentence.en} ({one.count}×)" for one in held]) or "nothing"
    return Sentence(
        f"{title.zh}：看过 {look_count} 次{close.zh}（走完 {share}%）；未判定的原因：{zh}",
        f"{title.en}: it looked {look_count} times{close.en} ({share} % of the way). What held it back: {en}",
    )


def whole_said(asked: Asked, event_count: int, rules: Sequence[RuleLook], unseen: Sequence[Held]) -> Sentence:
    """The whole in one sentence."""
    place = asked.device or asked.zone or "*"
    if not event_count and not rules:
        return Sentence(
            f"{place}：这段时间没有收到任何事件，也没有规则在监看它",
            f"{place}: no event came in this time, and no rule was watching it",
        )
    spoke = [one for one in rules if one.spoken]
    silent = [one for one in rules if not one.spoken]
    zh = f"{place}：收到 {event_count} 条事件，{len(rules)} 条规则看过，{len(spoke)} 条已判定"
    en = f"{place}: {event_count} events came, {len(rules)} rules looked, {len(spoke)} spoke"
    if silent:
        near = silent[0]
        zh += f"；未判定的以“{near.title.zh}”最接近（{int(near.share * 100)}%）"
        en += f"; of those that did not, “{near.title.en}” came nearest ({int(near.share * 100)} %)"
    if unseen:
        zh += "；未看的事件：" + "、".join([f"{one.sentence.zh} {one.count} 条" for one in unseen])
        en += "; events not looked at: " + ", ".join([f"{one.sentence.en} ({one.count})" for one in unseen])
    return Sentence(zh, en)


def stage_said(sort: str, level: Sentence, said: Sentence) -> Sentence:
    """A stage and how near it was."""
    name = _STAGES[sort]
    return Sentence(f"{level.zh}{name.zh}：{said.zh}", f"{level.en} {name.en}: {said.en}")


_STAGES: Final = {"warning": Sentence("预警", "warning"), "alarm": Sentence("报警", "alarm")}
