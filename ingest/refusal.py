"""Why input is refused: a closed list of reasons, each with its sentence for people, and how a refusal becomes a record."""

import json
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from types import MappingProxyType
from typing import Final

from rules.model import Rejected, Sentence

EXCERPT_BYTES_MAX: Final = 1024
"""How much of refused input is kept (DESIGN 4)."""
SOURCE_LENGTH_MAX: Final = 512


class Refusal(StrEnum):
    """Why input was refused. Closed: a new reason is a new member and a new sentence."""

    BAD_TOPIC = "bad_topic"
    TOO_LARGE = "too_large"
    EMPTY = "empty"
    NOT_UTF8 = "not_utf8"
    NOT_JSON = "not_json"
    NOT_XML = "not_xml"
    BAD_BYTES = "bad_bytes"
    TOO_DEEP = "too_deep"
    TOO_MANY = "too_many"
    NOT_AN_OBJECT = "not_an_object"
    DUPLICATE_KEY = "duplicate_key"
    UNKNOWN_FIELD = "unknown_field"
    MISSING_FIELD = "missing_field"
    WRONG_TYPE = "wrong_type"
    WRONG_CLASS = "wrong_class"
    WRONG_UNIT = "wrong_unit"
    WRONG_STATE = "wrong_state"
    WRONG_WORD = "wrong_word"
    NOT_FINITE = "not_finite"
    OUT_OF_RANGE = "out_of_range"
    TOO_LONG = "too_long"
    BAD_NAME = "bad_name"
    BAD_TEXT = "bad_text"
    ADAPTER_FAULT = "adapter_fault"


SENTENCES: Final = MappingProxyType(
    {
        Refusal.BAD_TOPIC: Sentence("主题不符合约定", "the topic does not follow the contract"),
        Refusal.TOO_LARGE: Sentence("消息过大", "the message is too large"),
        Refusal.EMPTY: Sentence("消息为空", "the message is empty"),
        Refusal.NOT_UTF8: Sentence("不是 UTF-8 编码", "the message is not UTF-8"),
        Refusal.NOT_JSON: Sentence("不是有效的 JSON", "the message is not valid JSON"),
        Refusal.NOT_XML: Sentence("不是可接受的 XML", "the message is not XML that is taken"),
        Refusal.BAD_BYTES: Sentence("字节内容不符合该格式", "the bytes do not follow the format"),
        Refusal.TOO_DEEP: Sentence("嵌套层数过多", "the message is nested too deeply"),
        Refusal.TOO_MANY: Sentence("数量超过上限", "there are too many of something"),
        Refusal.NOT_AN_OBJECT: Sentence("事件必须是 JSON 对象", "an event must be a JSON object"),
        Refusal.DUPLICATE_KEY: Sentence("字段重复", "a field is given twice"),
        Refusal.UNKNOWN_FIELD: Sentence("有约定以外的字段", "a field is not part of the contract"),
        Refusal.MISSING_FIELD: Sentence("缺少必需的字段", "a required field is missing"),
        Refusal.WRONG_TYPE: Sentence("字段类型不对", "a field has the wrong type"),
        Refusal.WRONG_CLASS: Sentence("事件种类与主题的类别不符", "the kind does not belong to the topic's class"),
        Refusal.WRONG_UNIT: Sentence("单位与约定不符", "the unit is not the one that the kind is measured in"),
        Refusal.WRONG_STATE: Sentence("状态不在该种类的取值之内", "the state is not one that the kind can have"),
        Refusal.WRONG_WORD: Sentence("取值不在允许的范围之内", "the word is not one of those allowed"),
        Refusal.NOT_FINITE: Sentence("数值不是有限的数", "the number is not finite"),
        Refusal.OUT_OF_RANGE: Sentence("数值超出允许的范围", "the number is outside the range allowed"),
        Refusal.TOO_LONG: Sentence("文字过长", "the text is too long"),
        Refusal.BAD_NAME: Sentence("名称含有不允许的字符", "the name holds characters that are not allowed"),
        Refusal.BAD_TEXT: Sentence("文字含有控制字符", "the text holds control characters"),
        Refusal.ADAPTER_FAULT: Sentence("接入程序未能处理此消息", "our own adapter failed on this message"),
    }
)
"""What each refusal means, for people."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The outcome of a check that failed: the reason, and a detail that says where, what was expected and what came."""

    reason: Refusal
    detail: str


def shown(value: object, length_max: int = 80) -> str:
    """A value as it came, safe to print: JSON in ASCII (so no control or bidi character can act), cut at a length."""
    text = json.dumps(value, ensure_ascii=True, default=str)
    return text if len(text) <= length_max else text[:length_max] + "…"


def _printable(text: str) -> str:
    """Foreign text that may go into logs and pages: what cannot be seen is written as its code point."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def rejected(refused: Refused, source: str, content: bytes, community: str, cause: str, mark: str = "") -> Rejected:
    """The record of a refusal. ``cause`` makes its identity: the same cause refused twice is one refusal.

    ``mark`` stands for the content in it where that was read once already: of a thousand things in a megabyte all may be wrong.
    """
    digest = blake2b(cause.encode("utf-8", "replace"), digest_size=16)
    digest.update(mark.encode() or content)
    return Rejected(
        id=f"r-{digest.hexdigest()}",
        source=_printable(source)[:SOURCE_LENGTH_MAX],
        reason=refused.reason,
        detail=_printable(refused.detail),
        excerpt=content[:EXCERPT_BYTES_MAX],
        size=len(content),
        community=community,
    )
