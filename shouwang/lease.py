"""The lease as the desk keeps it: taken once, renewed three times within its life, given back at the end."""

import structlog

from handlers.faults import LeaseLost, StoreUnavailable
from handlers.store import Store
from shouwang.clock import monotonic_s, wall_now

log = structlog.get_logger(__name__)


class LeaseKeeper:
    """Holds the writer's lease. Raises LeaseHeld when another process has it."""

    def __init__(self, store: Store, holder: str, ttl_s: float) -> None:
        self._store, self._ttl_s = store, ttl_s
        self.epoch = store.take_lease(holder, wall_now(), ttl_s)
        self._renewed_s = monotonic_s()

    def renew_when_due(self) -> None:
        """Renew when a third of the time is over. Raises LeaseLost; a store that is away is waited out: the epoch protects it."""
        now_s = monotonic_s()
        if now_s - self._renewed_s < self._ttl_s / 3:
            return
        self._renewed_s = now_s
        try:
            self._store.renew_lease(self.epoch, wall_now(), self._ttl_s)
        except StoreUnavailable:
            return

    def release(self) -> None:
        """Let the next process in at once."""
        try:
            self._store.release_lease(self.epoch)
        except (LeaseLost, StoreUnavailable) as fault:
            log.warning("lease_not_released", detail=str(fault))
