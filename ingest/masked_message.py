"""What is kept of a refused message that names people: the whole of it with names, numbers and mail addresses masked.

So it can be read again after a mistake was mended, and nobody can be called by it. Of a message that cannot be taken apart
nothing is kept, because nobody can say what in it is a name. Words that people wrote stay, as they do in what is taken; numbers
in them are masked.
"""

from typing import Final
from xml.etree.ElementTree import Element, tostring

from ingest.careful import read_json, write_json
from ingest.careful_xml import read_xml
from ingest.contacts import masked_name, masked_number, masked_words
from ingest.refusal import Refused

_NAMES: Final = frozenset({"name", "first_name", "last_name", "full_name", "username", "consumer"})
_NUMBERS: Final = frozenset({"phone", "mobile", "tel", "telephone", "contact"})
_LEFT_OUT: Final = frozenset({"extended_attributes", "account_id", "device_id", "api_key", "id_card", "openid"})


def masked_message(content: bytes) -> bytes:
    """A JSON or XML message without whom it names; b"" of anything else."""
    if content.lstrip()[:1] == b"<":
        root = read_xml(content)
        return b"" if isinstance(root, Refused) else tostring(_element(root), encoding="utf-8")
    body = read_json(content)
    return b"" if isinstance(body, Refused) else write_json(_masked("", body))


def _masked(key: str, value: object) -> object:
    """A value that stands under this key; depth is bounded by what was read."""
    if isinstance(value, dict):
        return {masked_words(name): _masked(name.lower(), each) for name, each in value.items() if name.lower() not in _LEFT_OUT}
    if isinstance(value, list):
        return [_masked(key, each) for each in value]
    if value is None or isinstance(value, bool):
        return value
    return _masked_scalar(key, value)


def _masked_scalar(key: str, value: object) -> object:
    if key in _NAMES:
        return masked_name(value)
    if key in _NUMBERS:
        return masked_number(value)
    text = str(value)
    hidden = masked_words(text)
    return value if hidden == text else hidden


def _element(element: Element) -> Element:
    made = Element(element.tag)
    made.text = str(_masked_scalar(_local(element), element.text or ""))
    made.extend(_element(each) for each in element if _local(each) not in _LEFT_OUT)
    return made


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2].lower()
