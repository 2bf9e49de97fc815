"""The titles of China's warning signals, read by their grammar: who, what he does, which danger in which colour.

``<单位>[<YYYY年MM月DD日HH时mm分>](继续|更新|变更)?发布<灾种><蓝|黄|橙|红>色预警(信号)?[<Ⅰ-Ⅳ>级/<特别严重|严重|较重|一般>]``;
解除 ends one, and 将…调整为… puts one in the place of another.
"""

import re
from dataclasses import dataclass, replace
from typing import Final
from unicodedata import normalize

from ingest.warning_signals import LEVELS
from rules.model import Status

_LENGTH_MAX: Final = 300
_TIME: Final = re.compile(r"(?:\d{2,4}年)?(?:\d{1,2}月)?\d{1,2}日(?:\d{1,2}[时:](?:\d{1,2}分?)?)?")
_BRACKETS: Final = re.compile(r"[\[【(（][^\]】)）]{0,40}[\]】)）]")
_ENDS: Final = ("解除", "取消", "撤销", "终止")
_BEGINS: Final = ("继续发布", "更新发布", "变更发布", "升级发布", "降级发布", "更正发布", "联合发布", "发布")
_MOVES: Final = ("调整为", "变更为", "升级为", "降级为", "更新为", "升级至", "降级至", "调整至", "升为", "降为", "改为")
_OTHER: Final = ("继续", "更新", "变更", "升级", "降级", "更正", "调整", "将")
_VERB: Final = re.compile("|".join((*_BEGINS, *_MOVES, *_ENDS, *_OTHER)))
_TOKEN: Final = re.compile(
    rf"(?P<verb>{_VERB.pattern})|预警信号|预警|信号|白色|[和及与、,，为至]"
    r"|(?P<danger>[\u4e00-\u9fff]{2,14}?)?(?P<colour>[红橙黄蓝])色"
    r"|(?P<plain>[\u4e00-\u9fff]{2,14}?)(?=(?:白色)?(?:预警|信号))"
)
_ENDED: Final = re.compile(rf"([^，,。；;]{{1,60}}?(?:预警信号|预警))(?:现已|已经|已|予以|现)?(?:{'|'.join(_ENDS)})[了。！!]?")
"""``暴雨橙色预警信号解除``: the verb behind its signal, and nothing else said."""
_OFFICE: Final = re.compile(r"气象(?:台|局|中心|服务中心|灾害防御中心)?$")
_SIGNED: Final = re.compile(r"[\u4e00-\u9fff]{1,30}?气象(?:台|局|中心|服务中心|灾害防御中心)")
"""``成都市气象台暴雨橙色预警信号解除``: who signs stands right before the signal."""
_DRILL: Final = re.compile("演练|演习")
_TEST: Final = re.compile("测试|试验|试发")


@dataclass(frozen=True, slots=True)
class Signal:
    """One danger in one colour (``level`` "": none was named), given or ended."""

    danger: str
    level: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Title:
    """What a title says. ``office`` is the same whether the observatory or the bureau signs."""

    office: str
    signals: tuple[Signal, ...]
    status: Status


def read_title(text: str) -> Title:
    """A title, or a sentence in its words. What is not understood has no signals."""
    whole = "".join(normalize("NFKC", text[:_LENGTH_MAX]).split())
    plain = _TIME.sub("", _BRACKETS.sub("", whole))
    first = _VERB.search(plain)
    if first is None or "预警" in plain[: first.start()]:  # 暴雨黄色预警信号升级为…: the sentence begins with the signal
        office = "" if (signed := _SIGNED.match(plain)) is None else signed[0]
        return Title(_OFFICE.sub("气象台", office), tuple(_signals(plain[len(office) :])), _status(whole))
    return Title(_OFFICE.sub("气象台", plain[: first.start()]), tuple(_signals(plain[first.start() :])), _status(whole))


def _signals(text: str) -> list[Signal]:
    """Each danger with the verb before it. What is said last of a danger holds: 将暴雨橙色…调整为暴雨黄色 is yellow."""
    found: list[Signal] = []
    is_on, danger = True, ""
    if (ended := _ENDED.fullmatch(text)) is not None:
        return [replace(each, is_on=False) for each in _signals(ended[1])]
    for token in _TOKEN.finditer(text):
        if verb := token["verb"]:
            is_on = verb not in _ENDS if verb in (*_ENDS, *_BEGINS, *_MOVES) else is_on
        elif token["colour"] or token["plain"]:
            danger = token["danger"] or token["plain"] or danger
            found = [each for each in found if each.danger != danger]
            level = LEVELS[token["colour"]] if token["colour"] else ""
            found.append(Signal(danger, level, is_on))
    return [each for each in found if each.danger]


def _status(text: str) -> Status:
    if _DRILL.search(text):
        return Status.EXERCISE
    return Status.TEST if _TEST.search(text) else Status.ACTUAL
