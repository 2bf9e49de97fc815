"""How a pushing platform proves who it is: the route's secret as a bearer token, in a signature, or (where allowed) in the URL.

The signature is the one that our own webhooks send (handlers/channels/webhook.py): ``Shouwang-Signature: v1=`` and the hex
HMAC-SHA256 under the secret of the bytes of ``Shouwang-Timestamp`` (Unix seconds), a full stop and the body.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Final

WINDOW_S: Final = 300
"""How far a signed request's time may be from ours. Five minutes, as Stripe's and Slack's signatures allow."""

_BEARER: Final = "bearer"
_TIMESTAMP: Final = re.compile(r"[0-9]{1,12}")


class Proof:
    """Judges requests by one secret. Only its digest is compared, in constant time. Raises ValueError for an empty secret."""

    def __init__(self, secret: str) -> None:
        if not secret:
            raise ValueError("a route's secret must not be empty")
        self._secret = secret.encode()
        self._digest = hashlib.sha256(self._secret).digest()

    def is_borne(self, headers: Mapping[str, str]) -> bool:
        """Whether the header Authorization brings the secret."""
        scheme, _, token = headers.get("authorization", "").partition(" ")
        return scheme.lower() == _BEARER and self.is_key(token.strip())

    def is_key(self, text: str) -> bool:
        """Whether this text is the secret."""
        return hmac.compare_digest(hashlib.sha256(text.encode("utf-8", "replace")).digest(), self._digest)

    def is_timely(self, headers: Mapping[str, str], now: int) -> bool:
        """Whether the request claims a signature of about now (ms): looked at before its body is read."""
        stamp = headers.get("shouwang-timestamp", "")
        return bool(_TIMESTAMP.fullmatch(stamp)) and abs(now // 1000 - int(stamp)) <= WINDOW_S

    def is_signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether the signature is that of this body and timestamp."""
        signed = headers.get("shouwang-timestamp", "").encode() + b"." + body
        wanted = "v1=" + hmac.new(self._secret, signed, hashlib.sha256).hexdigest()
        return hmac.compare_digest(headers.get("shouwang-signature", "").encode("utf-8", "replace"), wanted.encode())
