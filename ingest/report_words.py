"""What people's reports have in common, whoever passes them on: how urgent, by which channel, with which picture."""

import re
from typing import Final
from urllib.parse import urlsplit

from ingest.free_text import free_text
from ingest.loose import word

_URGENCIES: Final = {
    "urgent": "urgent",
    "high": "urgent",
    "紧急": "urgent",
    "急": "urgent",
    "emergency": "emergency",
    "critical": "emergency",
    "sos": "emergency",
    "特急": "emergency",
    "非常紧急": "emergency",
}
_ADDRESS_LENGTH_MAX: Final = 500
_OWN_PHOTO: Final = re.compile(r"/v1/photos/[0-9a-f]{32}\.(?:jpg|png|webp)")
"""A photograph that our own report page keeps (dashboard/photo_store.py)."""


def urgency_of(value: object) -> str:
    """``urgent`` or ``emergency``, the two words that the packs know; "" for all that is ordinary."""
    return _URGENCIES.get(word(value), "")


def web_address(value: object) -> str:
    """The address of a picture: http or https, without a user's name and password; "" for anything else, a picture itself too."""
    text = free_text(value, _ADDRESS_LENGTH_MAX + 1)
    if _OWN_PHOTO.fullmatch(text):
        return text
    try:
        parts = urlsplit(text)
    except ValueError:  # [ without ]
        return ""
    is_fit = parts.scheme in {"http", "https"} and bool(parts.netloc) and "@" not in parts.netloc
    return text if is_fit and len(text) <= _ADDRESS_LENGTH_MAX else ""
