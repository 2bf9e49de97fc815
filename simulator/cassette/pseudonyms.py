"""Other names for places, devices and people: the same name always the same, of the same form, and none that leads back.

A pseudonym is drawn by HMAC-SHA-256 (RFC 2104) from a secret key, so that nobody without the key can try out names.
"""

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count, cycle
from typing import Final

from rules.kinds import KINDS

_PLACES_AND_THINGS: Final = """
    alarm area balcony basement bath bathroom bed bedroom boiler box building button camera car cell co contact corridor
    detector door ebike east elevator entrance exit fire flat floor garage garden gas gate gateway hall heat home hub kitchen
    lift lobby meter meters middle motion north office outdoor panel park parking pit pole pump ramp riser road roof room
    sensor shaft shed shop smoke sos south stair station street tank temp temperature tree tunnel unit valve wall water
    weather well west window yard
"""
PLAIN_WORDS: Final = frozenset(_PLACES_AND_THINGS.split()) | {word for _, kind in KINDS for word in kind.split("_")}
"""Words that say what a thing is, not whose; they stay. Ours, and the words of the contract's kinds."""

_TOKEN: Final = re.compile(r"[^\W_]+")
_DIGITS: Final = re.compile(r"\d+")
_INITIALS_MAX: Final = 2  # letters before a number that say what is counted: b03, u1
_WORD_LETTERS: Final = 6


@dataclass(slots=True)
class Pseudonyms:
    """The pseudonyms of one key (bytes). No two names share one; cassettes of the same key fit together."""

    key: bytes
    _known: dict[tuple[str, str], str] = field(default_factory=dict)
    _taken: dict[str, set[str]] = field(default_factory=dict)

    def place(self, zone: str) -> str:
        """A zone's path: each of its parts by itself, so that a flat stays in its unit and a unit in its building."""
        parts: list[str] = []
        above = ""
        for part in zone.split("/") if zone else []:
            parts.append(self._changed(f"place {above}", part))
            above = f"{above}/{part}"
        return "/".join(parts)

    def device(self, name: str) -> str:
        """A device's or a gateway's name: its plain words stay, all else is changed."""
        return self._changed("device", name) if name else ""

    def community(self, name: str) -> str:
        """A community's name."""
        return self._marked("community", name, "c-", 8)

    def identity(self, name: str) -> str:
        """An event's id. One that the contract made of no trustworthy time (``~…``) stays of that sort."""
        return self._marked("identity", name, "~" if name.startswith("~") else "", 20)

    def text(self, text: str) -> str:
        """A free text: nothing of it is left, but two that were the same still are."""
        return self._marked("text", text, "text-", 12) if text else ""

    def _changed(self, family: str, name: str) -> str:
        def draw(trial: int) -> str:
            salt = f"{family}\0{trial}\0{name}"
            return _TOKEN.sub(lambda word: _word_like(word[0], self._digest(salt, word[0])), name)

        return self._unlike_others(family, name, draw)

    def _marked(self, family: str, name: str, head: str, length: int) -> str:
        return self._unlike_others(family, name, lambda trial: head + self._digest(f"{family}\0{trial}", name).hex()[:length])

    def _unlike_others(self, family: str, name: str, draw: Callable[[int], str]) -> str:
        """The pseudonym of this name among its family; drawn anew for as long as another name has it already."""
        known = self._known.get((family, name))
        if known is None:
            taken = self._taken.setdefault(family, set())
            known = next(drawn for drawn in map(draw, count()) if drawn not in taken)
            taken.add(known)
            self._known[family, name] = known
        return known

    def _digest(self, salt: str, name: str) -> bytes:
        return hmac.digest(self.key, f"{salt}\0{name}".encode("utf-8", errors="surrogatepass"), "sha256")


def _word_like(word: str, digest: bytes) -> str:
    """A plain word as it is; with a number in it, other digits; any other word by other letters."""
    letters = _DIGITS.sub("", word)
    if letters.lower() in PLAIN_WORDS and letters == word:
        return word
    bytes_left = cycle(digest)
    if letters == word:
        return "".join(chr(ord("a") + next(bytes_left) % 26) for _ in range(_WORD_LETTERS))
    is_plain = letters.lower() in PLAIN_WORDS or (len(letters) <= _INITIALS_MAX and letters.isascii())
    kept = word if is_plain else "".join(_DIGITS.findall(word))
    return _DIGITS.sub(lambda run: "".join(str(next(bytes_left) % 10) for _ in run[0]), kept)
