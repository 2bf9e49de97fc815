"""How far the desk is and how it does: plain figures for health and metrics, written by the desk's thread alone."""

from dataclasses import dataclass, field

from shouwang.clock import monotonic_s


@dataclass(slots=True)
class Progress:
    """Positions are the journal's; seconds were spent in that stage since the start."""

    journaled_position: int = 0
    decided_position: int = 0
    applied_position: int = 0
    snapshot_position: int = 0
    batch_count: int = 0
    entry_count: int = 0
    effect_count: int = 0
    journal_failure: str = ""
    store_failure: str = ""
    journal_s: float = 0.0
    chain_s: float = 0.0
    store_s: float = 0.0
    last_turn_s: float = field(default_factory=monotonic_s)
