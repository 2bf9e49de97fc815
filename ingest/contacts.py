"""People's numbers and names, masked: enough to recognise the caller by, too little to call or find anybody."""

import re
from typing import Final

from ingest.free_text import free_text

_GAP: Final = "[- .\u2010-\u2015\u2212\uff0d\u3000]?"
"""What people write between the parts of a number, in either width: ``138-1234-5678``, ``138—1234—5678``, ``138 1234 5678``."""
_LAST: Final = rf"{_GAP}(\d(?:{_GAP}\d){{3}})(?!\d)"
_MOBILE: Final = re.compile(rf"(?<!\d)(?:(?:\+|00)?86{_GAP})?([1１][3-9３-９]\d)(?:{_GAP}\d){{4}}{_LAST}")
_LANDLINE: Final = re.compile(rf"(?<!\d)([0０](?:[1１][0０]|[2２]\d|[3-9３-９]\d{{2}})[)）]?)(?:{_GAP}\d){{3,4}}{_LAST}")
_IDENTITY: Final = re.compile(rf"(?<!\d)(\d{{6}}){_GAP}\d{{8}}{_GAP}(\d{{3}}[\dXxＸｘ])(?!\d)")
_MAIL: Final = re.compile(r"([A-Za-z0-9_.+-])[A-Za-z0-9_.+-]{0,63}@([A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4})")
_SUSPECT: Final = re.compile(rf"@|\d(?:[)）]?{_GAP}\d){{6}}")
"""What each of them has: one look spares most texts four."""
_SHORTEST: Final = 7
_MASKED: Final = re.compile(r"\d{3}\*{4}\d{4}", re.ASCII)


def masked_text(value: object) -> str:
    """Free text in which telephone numbers, identity numbers and mail addresses are masked."""
    return masked_words(free_text(value))


def masked_words(text: str) -> str:
    """The same of a text that is fit to be kept already, however long."""
    if not _SUSPECT.search(text):
        return text
    hidden = _MOBILE.sub(r"\1****\2", _IDENTITY.sub(r"\1********\2", text))
    return _MAIL.sub(r"\1***@\2", _LANDLINE.sub(r"\1****\2", hidden))


def masked_number(value: object) -> str:
    """``138****5678`` of a telephone number; ``***`` of one that is too short for that; "" of none."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else free_text(value, 40)
    if _MASKED.fullmatch(text):  # of a message that is driven in again
        return text
    digits = "".join(letter for letter in text if letter.isascii() and letter.isdigit())
    if not digits:
        return ""
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) > _SHORTEST else "***"


def masked_name(value: object) -> str:
    """``张**``: the first letter of a name."""
    text = free_text(value, 64)
    return f"{text[0]}**" if text else ""
