"""The lease as the desk keeps it: taken once, renewed three times within its life, given back at the end."""

import structlog

from handlers.faults import LeaseLost, StoreUnavailable
from handlers.store import Store
from shouwang.timing import LIFE, Timing

log = structlog.get_logger(__name__)


class LeaseKeeper:
    """Holds the writer's lease. Raises LeaseHeld when another process has it."""

    def __init__(self, store: Store, holder: str, ttl_s: float, timing: Timing = LIFE) -> None:
        self._store, self._ttl_s, self.timing = store, ttl_s, timing
        began_s = timing.monotonic_s()
        self.epoch = store.take_lease(holder, timing.wall_now(), ttl_s)
        self._tried_s = self._renewed_s = began_s
        self.pause_max_s = ttl_s * 2 / 3
        """Renewed in time, it outlives a pause of this process that is shorter."""

    def is_due(self) -> bool:
        """Whether a third of its life is over."""
        return self.timing.monotonic_s() - self._tried_s >= self._ttl_s / 3

    def is_sure(self) -> bool:
        """Whether it cannot have run out: nobody else can have become the writer."""
        return self.timing.monotonic_s() - self._renewed_s < self._ttl_s

    def renew(self) -> None:
        """Keep it. Raises LeaseLost, StoreUnavailable."""
        self._tried_s = began_s = self.timing.monotonic_s()
        self._store.renew_lease(self.epoch, self.timing.wall_now(), self._ttl_s)
        self._renewed_s = began_s

    def release(self) -> None:
        """Let the next process in at once."""
        try:
            self._store.release_lease(self.epoch)
        except (LeaseLost, StoreUnavailable) as fault:
            log.warning("lease_not_released", detail=str(fault))
