"""What is said to people, in Chinese and in English: value, unit, limit, duration and place of every decision."""

from collections.abc import Mapping
from typing import Final

from rules.definition import Rule
from rules.kinds import Kind
from rules.model import Evidence, Level, Sentence

LEVELS: Final[Mapping[Level, Sentence]] = {
    Level.RED: Sentence("红色", "red"),
    Level.ORANGE: Sentence("橙色", "orange"),
    Level.YELLOW: Sentence("黄色", "yellow"),
    Level.BLUE: Sentence("蓝色", "blue"),
}


def number(value: float) -> str:
    """A number as people write it: at most four digits behind the point, and no zeros at the end."""
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def confidence_said(confidence: float | None) -> Sentence:
    """How sure something is, in words: 0 to 1, or that nobody says it."""
    if confidence is None:
        return Sentence("置信度未给出", "no confidence given")
    return Sentence(f"置信度 {number(confidence)}", f"confidence {number(confidence)}")


def duration(seconds: float) -> Sentence:
    """A duration in the largest unit that keeps it whole."""
    for size, zh, en in ((86_400, "天", "d"), (3600, "小时", "h"), (60, "分钟", "min")):
        if seconds >= size and seconds % size == 0:
            return Sentence(f"{number(seconds / size)} {zh}", f"{number(seconds / size)} {en}")
    return Sentence(f"{number(seconds)} 秒", f"{number(seconds)} s")


def about(seconds: float) -> Sentence:
    """A duration as one says it of the future: minutes, below 90 s tens of seconds, from 90 min on hours with one digit."""
    if seconds >= 5400:
        return Sentence(f"约 {number(round(seconds / 3600, 1))} 小时", f"about {number(round(seconds / 3600, 1))} h")
    if seconds >= 90:
        return Sentence(f"约 {round(seconds / 60)} 分钟", f"about {round(seconds / 60)} min")
    rounded = max(10, round(seconds / 10) * 10)
    return Sentence(f"约 {rounded} 秒", f"about {rounded} s")


def heading(evidence: Evidence, limit: str) -> Sentence:
    """Where a forecast's reading is heading, and when it will be there."""
    if evidence.measure is None:
        return Sentence(f"按目前趋势不会达到 {limit}", f"no longer heading for {limit}")
    ahead_s = (evidence.measure - evidence.received_at) / 1000
    if ahead_s <= 0:
        return Sentence(f"已达到 {limit}", f"has reached {limit}")
    long = about(ahead_s)
    return Sentence(f"{long.zh}后达到 {limit}", f"reaches {limit} in {long.en}")


UNLIKE: Final = frozenset({"unusual", "unusual_level", "usual"})
"""The words for a reading that was held against what is usual: of this hour, at any hour, and like its usual again."""


def unlike(evidence: Evidence, kind: Kind) -> Sentence:
    """What was seen beside what is usual: of this hour where a rhythm was learned."""
    shown = _value(evidence, kind)
    usual = f"{rounded(evidence.measure or 0.0)}{_unit(kind)}"
    if evidence.test == "usual":
        return Sentence(f"{shown.zh}，恢复如常：通常约 {usual}", f"{shown.en}, like its usual of about {usual} again")
    when_zh, when_en = ("此时段", " for this hour") if evidence.test == "unusual" else ("", "")
    return Sentence(
        f"{shown.zh}，不同寻常：{when_zh}通常约 {usual}", f"{shown.en}, unlike its usual: about {usual} is usual{when_en}"
    )


def rounded(value: float) -> str:
    """Three significant digits: a mean that was learned has no more behind it."""
    return number(float(f"{value:.3g}"))


def join(before: Sentence, after: Sentence) -> Sentence:
    """One statement that explains another."""
    return Sentence(f"{before.zh}：{after.zh}", f"{before.en}: {after.en}")


def describe(evidence: Evidence, kind: Kind, zone: str, held_s: float = 0.0, measure: float = 0.0) -> Sentence:
    """What was seen, where, and against which limit. ``held_s``: how long; ``measure``: the rate or count, if any."""
    place = f"{zone} 的设备 {evidence.device}" if zone else f"设备 {evidence.device}"
    where = f"device {evidence.device} in {zone}" if zone else f"device {evidence.device}"
    seen = unlike(evidence, kind) if evidence.test in UNLIKE else _seen(evidence, kind, measure)
    if held_s:
        long = duration(held_s)
        seen = Sentence(f"{seen.zh}，已持续 {long.zh}", f"{seen.en}, for {long.en}")
    return Sentence(f"{place}：{seen.zh}", f"{where}: {seen.en}")


def _unit(kind: Kind) -> str:
    return "" if kind.unit in ("", "1") else f" {kind.unit}"


def _value(evidence: Evidence, kind: Kind) -> Sentence:
    """The value with its unit, or the state."""
    if evidence.value is not None:
        shown = f"{number(evidence.value)}{_unit(kind)}"
        return Sentence(f"{kind.zh} {shown}", f"{kind.en} {shown}")
    state = evidence.state or "—"
    return Sentence(f"{kind.zh}为“{STATES.get(state, state)}”", f"{kind.en} is “{state}”")


def _seen(evidence: Evidence, kind: Kind, measure: float) -> Sentence:
    unit = _unit(kind)
    state = evidence.state or "—"
    shown = _value(evidence, kind)
    match evidence.test, evidence.limit:
        case ("above" | "below") as test, float() | int() as limit:
            side = _SIDES[test, _is_past(test, evidence.value, limit)]
            return Sentence(f"{shown.zh}，{side.zh} {number(limit)}{unit}", f"{shown.en}, {side.en} {number(limit)}{unit}")
        case "rate", float() | int() as limit:
            rate = number(round(measure, 1))  # computed, so no sensor stands behind more digits
            return Sentence(
                f"{shown.zh}，每分钟变化 {rate}{unit}（限值 {number(limit)}{unit}）",
                f"{shown.en}, changing by {rate}{unit} a minute (limit {number(limit)}{unit})",
            )
        case "count", _:
            return Sentence(f"{shown.zh}，已有 {number(measure)} 次", f"{shown.en}, {number(measure)} times")
        case "forecast", float() | int() as limit:
            ahead = heading(evidence, f"{number(limit)}{unit}")
            return Sentence(f"{shown.zh}，{ahead.zh}", f"{shown.en}, {ahead.en}")
        case ("silent" | "quiet") as test, float() | int() as limit:
            return _silent(limit, is_fixed=test == "silent")
        case "missing", float() | int() as limit:
            long = duration(limit)
            return Sentence(
                f"{shown.zh}，此后 {long.zh}内没有应有的消息", f"{shown.en}, and nothing of what must follow in {long.en}"
            )
        case "report", _:
            return (
                Sentence(f"{kind.zh}解除", f"{kind.en} is over")
                if state == "off"
                else Sentence(f"报告{kind.zh}", f"reports {kind.en}")
            )
        case _:
            return _seen_of_a_fault(evidence, shown, unit)


def _silent(limit: float, *, is_fixed: bool) -> Sentence:
    """For how long nothing was heard: a fixed time, or what is long for that place."""
    long = duration(limit) if is_fixed else about(limit)
    if is_fixed:
        return Sentence(f"超过 {long.zh} 没有消息", f"nothing heard for {long.en}")
    return Sentence(f"{long.zh}没有消息，平时不会这么久", f"nothing heard for {long.en}, which is not usual there")


def _seen_of_a_fault(evidence: Evidence, shown: Sentence, unit: str) -> Sentence:
    """What a device has wrong; where it is nothing, only what was seen."""
    limit = evidence.limit if isinstance(evidence.limit, float | int) else 0.0
    bound, long = f"{number(limit)}{unit}", duration(limit)
    rate = f"{number(round(abs(evidence.measure or 0.0), 1))}{unit}"
    faults = {
        "stuck": Sentence(f"持续上报但 {long.zh}没有变化", f"the same for {long.en} though readings keep coming"),
        "restamped": Sentence(f"{long.zh}内反复发来同一条旧读数", f"one old reading sent again and again for {long.en}"),
        "range": Sentence(f"超出可能范围（{bound}）", f"past what can be ({bound})"),
        "rail": Sentence(f"处于量程端点（{bound}）", f"at the end of its scale ({bound})"),
        "jump": Sentence(f"每秒跳变 {rate}（最多可能 {bound}）", f"a jump of {rate} a second (possible: {bound})"),
    }
    fault = faults.get(evidence.test)
    return shown if fault is None else Sentence(f"{shown.zh}，{fault.zh}", f"{shown.en}, {fault.en}")


STATES: Final[Mapping[str, str]] = {
    "on": "有",
    "off": "无",
    "open": "打开",
    "closed": "关闭",
    "wet": "有水",
    "dry": "干燥",
    "moving": "运行",
    "stopped": "停止",
}
"""How the states of the house's kinds are called in Chinese."""

_SIDES: Final = {
    ("above", True): Sentence("达到或高于限值", "at or above the limit of"),
    ("above", False): Sentence("低于限值", "below the limit of"),
    ("below", True): Sentence("达到或低于限值", "at or below the limit of"),
    ("below", False): Sentence("高于限值", "above the limit of"),
}


def _is_past(test: str, value: float | None, limit: float) -> bool:
    return value is not None and (value >= limit if test == "above" else value <= limit)


def say(rule: Rule, evidence: Evidence, kind: Kind, zone: str, *, held_s: float, span_s: float, measure: float) -> Sentence:
    """The rule's own sentence where the pack gives one, else ours. ``span_s`` is what ``{for_s}`` stands for."""
    if rule.sentence is None:
        return join(rule.title, describe(evidence, kind, zone, held_s, measure))
    unit = "" if kind.unit == "1" else kind.unit
    limit = number(evidence.limit) if isinstance(evidence.limit, float | int) else str(evidence.limit)
    parts = {
        "device": evidence.device,
        "zone": zone or evidence.device,
        "value": "—" if evidence.value is None else number(evidence.value),
        "unit": unit,
        "limit": limit,
        "state": evidence.state or "—",
    }
    long = about(span_s) if evidence.test == "quiet" else duration(span_s)
    ahead = heading(evidence, f"{limit} {unit}".strip()) if evidence.test == "forecast" else Sentence("—", "—")
    return Sentence(
        rule.sentence.zh.format(kind=kind.zh, for_s=long.zh, heading=ahead.zh, **parts),
        rule.sentence.en.format(kind=kind.en, for_s=long.en, heading=ahead.en, **parts),
    )
