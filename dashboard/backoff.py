"""Failed logins wait longer and longer, per client; nobody is locked out for good, for that would itself be an attack."""

from collections import OrderedDict
from dataclasses import dataclass

FREE_COUNT = 5
FIRST_WAIT_S = 1.0
WAIT_MAX_S = 30.0
FORGOTTEN_AFTER_S = 15 * 60.0
CLIENT_COUNT_MAX = 10_000


@dataclass(slots=True)
class _Failures:
    count: int
    last_at: int


class BackOff:
    """How often each client failed, and how long it has to wait. Bounded: the client longest unheard of is forgotten."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, _Failures] = OrderedDict()

    def wait_s(self, client: str, now: int) -> float:
        """Seconds until this client may try again; 0 when it may now."""
        failures = self._failures.get(client)
        if failures is None or failures.count < FREE_COUNT:
            return 0.0
        if now - failures.last_at > FORGOTTEN_AFTER_S * 1000:
            del self._failures[client]
            return 0.0
        doublings = min(failures.count - FREE_COUNT, 16)
        wait_s = min(FIRST_WAIT_S * 2.0**doublings, WAIT_MAX_S)
        return max(0.0, wait_s - (now - failures.last_at) / 1000)

    def failed(self, client: str, now: int) -> None:
        """Count one failure."""
        failures = self._failures.setdefault(client, _Failures(0, now))
        if now - failures.last_at > FORGOTTEN_AFTER_S * 1000:
            failures.count = 0
        failures.count += 1
        failures.last_at = now
        self._failures.move_to_end(client)
        while len(self._failures) > CLIENT_COUNT_MAX:
            self._failures.popitem(last=False)

    def passed(self, client: str) -> None:
        """Forget the failures of a client that has shown a right token."""
        self._failures.pop(client, None)
