"""Codes by which a resident asks after a report: written on paper, read out by telephone, and not to be guessed.

A code is 20 letters: the minute of the form, 36 random bits, a proof of 40 bits over both; so a code that was never given
is known as such without a look at the store. The form holds a seal (the same with another proof), from which the code follows:
whoever sends a form twice gets one code, and a code exists only for what was sent.
"""

import hmac
import secrets
from collections.abc import Callable
from hashlib import blake2b
from typing import Final

FORM_LIFE_S: Final = 2 * 3600
"""How old a form may be when it is sent; an older one gets a fresh seal (ours)."""
CODE_LIFE_S: Final = 30 * 86_400
"""How long a code answers: most matters of a community are done within a month (ours)."""

_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: without I, L, O, U
_ALIKE: Final = str.maketrans("ILO", "110")
_MINUTE_BITS, _CHANCE_BITS, _PROOF_BITS = 24, 36, 40
_LENGTH: Final = (_MINUTE_BITS + _CHANCE_BITS + _PROOF_BITS) // 5
_BEGAN_AT: Final = 1_767_225_600_000  # 2026-01-01T00:00:00Z; 24 bits of minutes last 31 years
_MINUTE_MS: Final = 60_000


class ReportCodes:
    """Makes and reads codes under one secret. ``chance`` gives a random number of so many bits."""

    def __init__(self, secret: str, chance: Callable[[int], int] = secrets.randbits) -> None:
        self._secret = secret.encode()
        self._chance = chance

    def seal(self, now: int) -> str:
        """A seal for a form that is shown now (ms)."""
        minute = max(0, (now - _BEGAN_AT) // _MINUTE_MS) % 2**_MINUTE_BITS
        return self._proved(minute << _CHANCE_BITS | self._chance(_CHANCE_BITS), "form")

    def code_of(self, seal: str, now: int) -> str:
        """The code of a form with this seal; of a fresh one where it is none of ours, or too old."""
        number = self._number(seal, "form")
        if number is None or not 0 <= now - _at(number) + _MINUTE_MS <= FORM_LIFE_S * 1000:
            number = self._number(self.seal(now), "form")
        return self._proved(number or 0, "code")

    def began_at(self, code: str, now: int) -> int | None:
        """When (ms) the form of this code was shown; None for what was never given, and for what is too old."""
        number = self._number(code, "code")
        if number is None or now - _at(number) > CODE_LIFE_S * 1000:
            return None
        return _at(number)

    def _proved(self, number: int, purpose: str) -> str:
        whole = number << _PROOF_BITS | self._proof(number, purpose)
        return "".join(_LETTERS[whole >> 5 * place & 31] for place in reversed(range(_LENGTH)))

    def _proof(self, number: int, purpose: str) -> int:
        said = f"{purpose}:{number}".encode()
        return int.from_bytes(blake2b(said, key=self._secret[:64], digest_size=_PROOF_BITS // 8).digest())

    def _number(self, text: str, purpose: str) -> int | None:
        plain = plain_code(text)
        if len(plain) != _LENGTH:
            return None
        whole = 0
        for letter in plain:
            whole = whole << 5 | _LETTERS.index(letter)
        number, proof = whole >> _PROOF_BITS, whole & 2**_PROOF_BITS - 1
        width = _PROOF_BITS // 8
        is_ours = hmac.compare_digest(proof.to_bytes(width), self._proof(number, purpose).to_bytes(width))
        return number if is_ours else None


def plain_code(text: str) -> str:
    """The letters of a code however it was written down: small, in groups, with O for 0; "" where it cannot be one."""
    plain = text[:64].upper().replace("-", "").replace(" ", "").translate(_ALIKE)
    return plain if all(letter in _LETTERS for letter in plain) else ""


def written(code: str) -> str:
    """As people read it: in groups of five."""
    return "-".join(code[start : start + 5] for start in range(0, len(code), 5))


def _at(number: int) -> int:
    return _BEGAN_AT + (number >> _CHANCE_BITS) * _MINUTE_MS
