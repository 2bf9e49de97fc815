"""Free text from foreign hands: made fit to be kept, never a reason to refuse the event that it came with."""

import re
from typing import Final

LENGTH_MAX: Final = 2000
"""Characters that are kept of one text; ours: a warning's description has hundreds. NFC makes it at most three times as long."""

_UNFIT: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)
"""Control characters, half surrogates, and what is not seen and turns the direction of what is."""


def free_text(value: object, length_max: int = LENGTH_MAX) -> str:
    """The text without what cannot be seen and without its edges, cut at a length; "" for what is no text."""
    if not isinstance(value, str):
        return ""
    text = _UNFIT.sub("", value[: 4 * length_max]).strip()
    return text if len(text) <= length_max else text[: length_max - 1] + "…"
