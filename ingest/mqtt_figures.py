"""What a lane session counts, for metrics and health."""

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class LaneFigures:
    """Counters only grow; the last five are the state of now. Written in the event loop alone."""

    received_count: int = 0  # messages
    received_bytes: int = 0  # of their payloads
    entry_count: int = 0  # what they decoded to, refused ones included
    passed_count: int = 0  # messages passed over: another lane reads them, or the service had published them itself
    broker_dropped_count: int = 0  # what the broker says that it threw away since it started (critical lane's session)
    burst_count: int = 0
    acknowledged_count: int = 0
    stale_count: int = 0  # acknowledgements that came after their connection had ended, and were dropped
    connect_count: int = 0
    retry_count: int = 0
    refused_count: int = 0  # by the broker: credentials, subscription
    session_lost_count: int = 0
    pause_count: int = 0
    paused_s: float = 0.0
    unacknowledged: int = 0
    generation: int = 0  # which connection this is, from 1
    is_connected: bool = False
    is_ready: bool = False  # subscribed on this connection: what is published now reaches us
    is_paused: bool = False
