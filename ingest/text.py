"""What text may hold: names that go into topics and pages, and free text; both in Unicode's composed form (NFC)."""

import re
from functools import lru_cache
from typing import Final
from unicodedata import category, name, normalize

from ingest.refusal import Refusal, Refused, shown

NAME_PATTERN: Final = r"^[^\s+#/\"'<>\\]+$"
"""A name: no space, no MQTT wildcard or separator, no quote or angle bracket; the checks below refuse what cannot be seen."""

ZONE_LEVELS_MAX: Final = 16

_NAME: Final = re.compile(NAME_PATTERN)
_UNFIT_FOR_TEXT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_CATEGORIES: Final = {
    "Cc": "a control character",
    "Cf": "an invisible or direction-changing character",
    "Cs": "half of a surrogate pair",
    "Co": "a private-use character",
    "Cn": "an unassigned character",
}


def clean_name(field: str, text: str) -> str | Refused:
    """The name in NFC, or why it cannot be one: spaces, wildcards, quotes, and all that cannot be seen are refused."""
    if text.isprintable() and _NAME.match(text):
        return text if text.isascii() else normalize("NFC", text)
    return _bad_name(field, text)


@lru_cache(maxsize=4096)
def clean_attribute_name(text: str) -> str | Refused:
    """As ``clean_name``, remembered: attributes are named alike by thousands of devices."""
    return clean_name("attributes", text)


@lru_cache(maxsize=16_384)
def clean_zone(text: str) -> str | Refused:
    """The zone path in NFC (``b03/u1/0502``, from large to small; empty is allowed), or why it cannot be one."""
    if not text:
        return text
    levels = text.split("/")
    if len(levels) > ZONE_LEVELS_MAX:
        return Refused(Refusal.TOO_MANY, f"zone: expected at most {ZONE_LEVELS_MAX} levels, came {len(levels)}")
    cleaned = [clean_name("zone", level) for level in levels]
    for level in cleaned:
        if isinstance(level, Refused):
            return level
    return "/".join(str(level) for level in cleaned)


def clean_text(field: str, text: str) -> str | Refused:
    """The text in NFC, or why it is refused: control characters other than tab and line ends."""
    if not text.isprintable() and (found := _UNFIT_FOR_TEXT.search(text)):
        return Refused(Refusal.BAD_TEXT, f"{field}: expected text without control characters, came {_described(found.group())}")
    return text if text.isascii() else normalize("NFC", text)


def _bad_name(field: str, text: str) -> Refused:
    if not text:
        return Refused(Refusal.BAD_NAME, f"{field}: expected a name, came an empty text")
    worst = next((c for c in text if not c.isprintable() or not _NAME.match(c)), text[0])
    return Refused(
        Refusal.BAD_NAME,
        f"{field}: expected a name without spaces, quotes, + # / < > \\ or invisible characters, "
        f"came {shown(text)} with {_described(worst)}",
    )


def _described(character: str) -> str:
    kind = _CATEGORIES.get(category(character), "the character")
    return f"{kind} U+{ord(character):04X} {name(character, '')}".rstrip()
