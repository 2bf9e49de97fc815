"""The way out to other systems: one signed POST per fact or case, to an address that was checked, following no redirect.

The receiver verifies ``Shouwang-Signature``: ``v1=`` and the hex HMAC-SHA256, under the shared secret, of the bytes of
``Shouwang-Timestamp``, a full stop and the body; it refuses old timestamps, and drops an ``Idempotency-Key`` that it has seen.
``Shouwang-Degraded: store-down`` (降级) marks what left while the store could not be written: the API knows it later.
"""

import hashlib
import hmac
from collections.abc import Callable, Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

import httpx

from handlers.channels.addresses import Forbidden, Network, resolve
from handlers.channels.port import Outcome, Owed, Result
from handlers.routes import CONTENT_TYPES, Form, hook_channel

_RETRIED: Final = frozenset({408, 425, 429})
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The value of ``Shouwang-Signature``."""
    return "v1=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


class WebhookChannel:
    """One hook. ``clock`` gives epoch ms. Raises ValueError for a name, an address or a secret that will not do."""

    def __init__(
        self,
        hook: str,
        url: str,
        secret: str,
        *,
        clock: Callable[[], int],
        allowed: Sequence[Network] = (),
        timeout_s: float = 10.0,
        form: Form = Form.FACT,
    ) -> None:
        self._url = httpx.URL(url)
        if self._url.scheme not in _DEFAULT_PORTS or not self._url.host or self._url.userinfo:
            raise ValueError(f"hook {hook!r}: its address must be http(s)://HOST… without a user name; correct the hook's url")
        if not (hook.isascii() and hook.isprintable()):
            raise ValueError(f"hook {hook!r}: its name travels in a header and must be printable ASCII; rename the hook")
        if len(secret) < 16:
            raise ValueError(f"hook {hook!r}: its secret must have at least 16 characters; got {len(secret)}")
        self.name = hook_channel(hook)
        self._secret = secret
        self._content_type = CONTENT_TYPES[form]
        self._clock = clock
        self._allowed = tuple(allowed)
        self._client = httpx.AsyncClient(timeout=timeout_s, follow_redirects=False, trust_env=False)

    async def deliver(self, owed: Owed) -> Outcome:
        """POST once: 2xx is delivered; 429, 5xx, silence and no connection are to be tried again; anything else is a refusal."""
        try:
            request = await self._request(owed)
            response = await self._client.send(request, stream=True)  # its body is never read: an endless one costs nothing
        except Forbidden as error:
            return Outcome(result=Result.REFUSED, detail=str(error))
        except OSError as error:
            return Outcome(result=Result.RETRY, detail=f"{self._url.host} has no address: {error}")
        except httpx.TransportError as error:
            return Outcome(result=Result.RETRY, detail=f"no answer from {self._url.host}: {type(error).__name__} {error}".strip())

        try:
            return self._judge(response)
        finally:
            await response.aclose()

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _request(self, owed: Owed) -> httpx.Request:
        url = self._url
        address = await resolve(url.host, url.port or _DEFAULT_PORTS[url.scheme], self._allowed)
        timestamp = str(self._clock() // 1000)
        headers = {
            "Host": url.netloc.decode("ascii"),
            "Content-Type": self._content_type,
            "User-Agent": "shouwang",
            "Idempotency-Key": owed.key,
            "Shouwang-Timestamp": timestamp,
            "Shouwang-Signature": sign(self._secret, timestamp, owed.payload),
        }
        if owed.is_degraded:
            headers["Shouwang-Degraded"] = "store-down"
        # The certificate is checked for the name, the connection goes to the address.
        return self._client.build_request(
            "POST",
            url.copy_with(host=str(address)),
            content=owed.payload,
            headers=headers,
            extensions={"sni_hostname": url.host},
        )

    def _judge(self, response: httpx.Response) -> Outcome:
        detail = f"HTTP {response.status_code}"
        if response.is_success:
            return Outcome(result=Result.DELIVERED, detail=detail)
        if response.status_code in _RETRIED or response.is_server_error:
            return Outcome(result=Result.RETRY, detail=detail, retry_after_s=self._retry_after_s(response))
        if response.is_redirect:
            detail += " (redirects are not followed: name the final address)"
        return Outcome(result=Result.REFUSED, detail=detail)

    def _retry_after_s(self, response: httpx.Response) -> float | None:
        text = response.headers.get("Retry-After", "").strip()
        if text.isdecimal():
            return float(text)
        try:
            at = parsedate_to_datetime(text)
        except ValueError:
            return None
        return max(0.0, at.replace(tzinfo=at.tzinfo or UTC).timestamp() - self._clock() / 1000)
