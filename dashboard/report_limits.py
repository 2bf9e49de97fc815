"""How often anybody may send: per address and over all, in bounded memory (generic cell rate algorithm, ITU-T I.371)."""

import ipaddress
from collections import OrderedDict
from typing import Final

ADDRESS_COUNT_MAX: Final = 10_000


class Limits:
    """At most ``count_max`` in each ``period_s`` for each name; the name longest unheard of is forgotten."""

    def __init__(self, count_max: int, period_s: float) -> None:
        self._period_ms = period_s * 1000
        self._step_ms = self._period_ms / count_max
        self._full_at: OrderedDict[str, float] = OrderedDict()  # when the name would have used up nothing again

    def takes(self, name: str, now: int) -> bool:
        """Count one more at this instant (ms); false, and nothing counted, where it is too many."""
        known = self._full_at.get(name, 0.0)
        free_at = max(known, float(now)) if known <= now + self._period_ms else float(now)  # else our clock was set back
        if free_at + self._step_ms > now + self._period_ms:
            return False
        self._full_at[name] = free_at + self._step_ms
        self._full_at.move_to_end(name)
        while len(self._full_at) > ADDRESS_COUNT_MAX:
            self._full_at.popitem(last=False)
        return True


def network_of(address: str) -> str:
    """By what an address is counted: IPv4 itself, of IPv6 the /64, which one household has as a whole."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return address
    return str(ipaddress.ip_network(f"{found.compressed.partition('%')[0]}/64", strict=False))
