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


def duration(seconds: float) -> Sentence:
    """A duration in the largest unit that keeps it whole."""
    for size, zh, en in ((86_400, "天", "d"), (3600, "小时", "h"), (60, "分钟", "min")):
        if seconds >= size and seconds % size == 0:
            return Sentence(f"{number(seconds / size)} {zh}", f"{number(seconds / size)} {en}")
    return Sentence(f"{number(seconds)} 秒", f"{number(seconds)} s")


def join(before: Sentence, after: Sentence) -> Sentence:
    """One statement that explains another."""
    return Sentence(f"{before.zh}：{after.zh}", f"{before.en}: {after.en}")


def describe(evidence: Evidence, kind: Kind, zone: str, held_s: float = 0.0, measure: float = 0.0) -> Sentence:
    """What was seen, where, and against which limit. ``held_s``: how long; ``measure``: the rate or count, if any."""
    place = f"{zone} 的设备 {evidence.device}" if zone else f"设备 {evidence.device}"
    where = f"device {evidence.device} in {zone}" if zone else f"device {evidence.device}"
    unit = "" if kind.unit in ("", "1") else f" {kind.unit}"
    value = "" if evidence.value is None else f"{number(evidence.value)}{unit}"
    match evidence.test, evidence.limit:
        case ("above" | "below") as test, float() | int() as limit:
            seen = _against_limit(kind, value, f"{number(limit)}{unit}", _side(test, evidence.value, limit))
        case "rate", float() | int() as limit:
            seen = Sentence(
                f"{kind.zh} {value}，每分钟变化 {number(measure)}{unit}（限值 {number(limit)}{unit}）",
                f"{kind.en} {value}, changing by {number(measure)}{unit} a minute (limit {number(limit)}{unit})",
            )
        case "count", _:
            seen = Sentence(
                f"{kind.zh} {value or evidence.state}，已有 {number(measure)} 次",
                f"{kind.en} {value or evidence.state}, {number(measure)} times",
            )
        case "silent", float() | int() as limit:
            long = duration(limit)
            seen = Sentence(f"超过 {long.zh} 没有消息", f"nothing heard for {long.en}")
        case "report", _:
            seen = Sentence(f"报告{kind.zh}“{evidence.state}”", f"reports {kind.en} “{evidence.state}”")
        case _:
            seen = Sentence(f"{kind.zh}为“{evidence.state}”", f"{kind.en} is “{evidence.state}”")
    if held_s:
        long = duration(held_s)
        seen = Sentence(f"{seen.zh}，已持续 {long.zh}", f"{seen.en}, for {long.en}")
    return Sentence(f"{place}：{seen.zh}", f"{where}: {seen.en}")


def _side(test: str, value: float | None, limit: float) -> tuple[str, str]:
    if value is None:
        return "限值", "limit"
    if test == "above":
        return ("达到或高于限值", "at or above the limit of") if value >= limit else ("低于限值", "below the limit of")
    return ("达到或低于限值", "at or below the limit of") if value <= limit else ("高于限值", "above the limit of")


def _against_limit(kind: Kind, value: str, limit: str, side: tuple[str, str]) -> Sentence:
    return Sentence(f"{kind.zh} {value}，{side[0]} {limit}", f"{kind.en} {value}, {side[1]} {limit}")


def say(rule: Rule, evidence: Evidence, kind: Kind, zone: str, *, held_s: float, span_s: float, measure: float) -> Sentence:
    """The rule's own sentence where the pack gives one, else ours. ``span_s`` is what ``{for_s}`` stands for."""
    if rule.sentence is None:
        return join(rule.title, describe(evidence, kind, zone, held_s, measure))
    parts = {
        "device": evidence.device,
        "zone": zone or evidence.device,
        "value": "—" if evidence.value is None else number(evidence.value),
        "unit": "" if kind.unit == "1" else kind.unit,
        "limit": number(evidence.limit) if isinstance(evidence.limit, float | int) else str(evidence.limit),
        "state": evidence.state or "—",
    }
    long = duration(span_s)
    return Sentence(rule.sentence.zh.format(for_s=long.zh, **parts), rule.sentence.en.format(for_s=long.en, **parts))
