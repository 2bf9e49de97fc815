"""Who called, kept out of what was said: the caller's own name and numbers, and any other number, within a text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ingest.contacts import masked_name, masked_number, masked_words
from ingest.free_text import free_text

_NAMES_MAX: Final = 8
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z .'-]{2,29}|[\u3400-\u9fff]{2,6}|[\u3400-\u9fff·•]{3,20}")
"""What is looked for in a text as a name: 张三, 欧阳先生, 阿依古丽·买买提. One letter would be found in half of all words, and a
sentence that stands in the field of the name would hide what happened; ours."""
_PLAIN_LENGTH_MAX: Final = 6
_NUMBER_LENGTH_MIN: Final = 5
_MOBILE_LENGTH: Final = 11


@dataclass(frozen=True, slots=True)
class Caller:
    """What a message says of who called: used to find it in the texts, and then forgotten."""

    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


def caller_of(names: Iterable[object], numbers: Iterable[object]) -> Caller:
    """The caller by these fields, of which each may be a text, a number, or an object or a list of them."""
    said = [text for value in names for text in _texts(value)]
    called = [text for value in numbers for text in _texts(value)]
    return Caller(
        tuple([name for name in said if _is_name(name)][:_NAMES_MAX]),
        tuple([number for number in called if len(number) >= _NUMBER_LENGTH_MIN][:_NAMES_MAX]),
    )


def without_caller(text: object, caller: Caller, length_max: int) -> str:
    """The text with the caller's name, telephone, mail and identity masked, and with the telephones of everybody else."""
    told = free_text(text, length_max)
    if not told:
        return ""
    for number in caller.numbers:
        told = told.replace(number, _masked(number))
    for name in caller.names:
        told = told.replace(name, masked_name(name))
    return masked_words(told)


def _masked(number: str) -> str:
    """A mobile number's two ends; of a shorter one, of an identity or a mail address nothing."""
    return masked_number(number) if len(number) == _MOBILE_LENGTH and number.isdigit() else "****"


def _is_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None and (len(text) <= _PLAIN_LENGTH_MAX or text.isascii() or "·" in text or "•" in text)


def _texts(value: object) -> list[str]:
    """The texts and numbers in a field, one level deep."""
    if isinstance(value, dict):
        return [text for each in list(value.values())[:_NAMES_MAX] for text in _plain(each)]
    if isinstance(value, list):
        return [text for each in value[:_NAMES_MAX] for text in _plain(each)]
    return _plain(value)


def _plain(value: object) -> list[str]:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)[:40]
    text = free_text(value, 64)
    return [text] if text else []
