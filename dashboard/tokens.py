"""Bearer tokens: made from 256 bits of chance, kept only as a digest, compared in constant time."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping

PREFIX = "sw_"
OBSERVER_NAME = "metrics"
"""The holder of this name may look at health and metrics, and at nothing else: a monitoring system needs no more."""


def make_token() -> str:
    """Make a new token. It is shown once; only ``digest_of`` it is to be kept."""
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """Return the hexadecimal SHA-256 of a token. A plain hash is enough: nobody guesses 256 bits of chance."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class Tokens:
    """The tokens that open this desk, by the name of their holder."""

    def __init__(self, digests: Mapping[str, str]) -> None:
        """Take holder → hexadecimal SHA-256. Raises ValueError for what is no such digest, naming the holder."""
        for holder, digest in digests.items():
            if len(digest) != 64 or set(digest.lower()) - set("0123456789abcdef"):
                raise ValueError(
                    f"the digest of token {holder!r} must be 64 hexadecimal digits (SHA-256), but {len(digest)} characters came; "
                    "make one with dashboard.tokens.digest_of(token)"
                )
        self._digests = {holder: digest.lower() for holder, digest in digests.items()}

    def holder_of(self, token: str) -> str | None:
        """Say whose token this is, or None. Takes as long for a wrong one as for a right one."""
        offered = digest_of(token)
        found: str | None = None
        for holder, digest in self._digests.items():
            if hmac.compare_digest(offered, digest):
                found = holder
        return found
