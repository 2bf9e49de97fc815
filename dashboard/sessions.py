"""Sessions of the console: an opaque 256-bit id in a cookie, and here, in memory, what it stands for.

A browser's EventSource cannot send an Authorization header, therefore the console logs in once and holds a cookie. Sessions do
not outlive the web process: after its restart operators log in again, and nobody can forge a session from anything on disk.
"""

import hashlib
import secrets
from collections import OrderedDict
from dataclasses import dataclass, replace

IDLE_MAX_S = 30 * 60.0
"""OWASP's upper end for sensitive work. An open stream counts as use, so a watched screen stays logged in."""
LIFETIME_MAX_S = 24 * 3600.0
"""One duty of 24 hours (值班); then the next one logs in under the own name."""
SESSION_COUNT_MAX = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One session: whose it is, since when, and when it was last used."""

    operator: str
    holder: str
    created_at: int
    used_at: int

    @property
    def expires_at(self) -> int:
        """The end at the latest: of its life, or of its idle time if it is not used any more."""
        return min(self.created_at + int(LIFETIME_MAX_S * 1000), self.used_at + int(IDLE_MAX_S * 1000))


class Sessions:
    """All sessions, the longest unused first; when there are too many, that one is ended."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, Held] = OrderedDict()

    def open(self, *, operator: str, holder: str, now: int) -> tuple[str, Held]:
        """Begin a session and return its secret id, which is kept nowhere but in the browser."""
        secret = secrets.token_urlsafe(32)
        held = Held(operator=operator, holder=holder, created_at=now, used_at=now)
        self._held[_key(secret)] = held
        while len(self._held) > SESSION_COUNT_MAX:
            self._held.popitem(last=False)
        return secret, held

    def use(self, secret: str, now: int) -> Held | None:
        """Return the session and count this as use; None when there is none, or no more."""
        key = _key(secret)
        held = self._held.get(key)
        if held is None:
            return None
        if now >= held.expires_at:
            del self._held[key]
            return None
        held = replace(held, used_at=max(now, held.used_at))
        self._held[key] = held
        self._held.move_to_end(key)
        return held

    def end(self, secret: str) -> None:
        """End the session, if there is one."""
        self._held.pop(_key(secret), None)


def _key(secret: str) -> str:
    """The digest is the key, so that looking up takes no time that tells anything about another session's id."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
