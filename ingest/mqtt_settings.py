"""What the MQTT source must know: where the broker is, who we are, and how much we hold."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from ingest.topics import LANES, LAST_LANE, PREFIX, Lane

FOURTEEN_DAYS_S: Final = 14 * 86_400


class MqttVersion(StrEnum):
    """The two protocol versions that are spoken. With 5 the broker keeps our window and sends no retained messages."""

    V3_1_1 = "3.1.1"
    V5 = "5"


@dataclass(frozen=True, slots=True, kw_only=True)
class MqttSettings:
    """One broker and three lane sessions on it. Raises ValueError with every fault at once.

    ``client_id`` is the prefix: each lane appends its name, so that the broker keeps one queue for each.
    ``tls`` makes the context anew for each connection, so that renewed certificates are taken up; it may raise OSError.
    ``unacknowledged_max`` is the broker's window (Receive Maximum, MQTT 5) and at the same time the number of messages after
    which a lane stops reading by itself, because Mosquitto 2.0 does not keep its window.
    ``dropped_topic`` is where the broker counts the messages that it threw away; empty where it does not.
    ``packet_bytes_max`` (MQTT 5) keeps the broker from sending larger packets; what the contract allows is far below.
    """

    host: str
    port: int = 1883
    version: MqttVersion = MqttVersion.V5
    username: str = ""
    password: str = field(default="", repr=False)
    client_id: str = "shouwang"
    tls: Callable[[], ssl.SSLContext] | None = None
    topic_prefix: str = PREFIX
    dropped_topic: str = "$SYS/broker/publish/messages/dropped"
    keepalive_s: int = 15
    connect_timeout_s: float = 5.0
    session_expiry_s: int = FOURTEEN_DAYS_S
    unacknowledged_max: int = 2_000
    burst_max: int = 250
    packet_bytes_max: int = 1 << 20
    retry_first_s: float = 0.5
    retry_max_s: float = 15.0

    def __post_init__(self) -> None:
        faults = [text for is_good, text in self._demands() if not is_good]
        if faults:
            raise ValueError("the MQTT settings cannot be used: " + "; ".join(faults))

    def _demands(self) -> list[tuple[bool, str]]:
        return [
            (bool(self.host), "host is empty; give the broker's name or address"),
            (1 <= self.port <= 65_535, f"port is {self.port}; expected 1 to 65535"),
            (bool(self.client_id), "client_id is empty; a session that outlives us needs a name"),
            (not (self.password and not self.username), "a password is set without a username; give both"),
            (1 <= self.keepalive_s <= 300, f"keepalive_s is {self.keepalive_s}; expected 1 to 300"),
            (1 <= self.unacknowledged_max <= 65_535, f"unacknowledged_max is {self.unacknowledged_max}; expected 1 to 65535"),
            (self.burst_max >= 1, f"burst_max is {self.burst_max}; expected at least 1"),
            (0 < self.retry_first_s <= self.retry_max_s, "expected 0 < retry_first_s <= retry_max_s"),
            (not set("+#\0") & set(self.topic_prefix), f"topic_prefix {self.topic_prefix!r} has + # or U+0000"),
        ]

    @property
    def address(self) -> str:
        """The broker for people: ``host:port``, with ``(TLS)`` where it is."""
        return f"{self.host}:{self.port}" + (" (TLS)" if self.tls else "")

    def filters(self, lane: Lane) -> list[str]:
        """The topic filters of a lane: one for each class that belongs to it; the last lane's brings what has no class, too."""
        if lane is LAST_LANE:
            return [f"{self.topic_prefix}/#"]
        return [f"{self.topic_prefix}/+/+/{kind}/+" for kind, its_lane in LANES.items() if its_lane is lane]

    def lane_client_id(self, lane: Lane) -> str:
        """The fixed client id of a lane's session."""
        return f"{self.client_id}-{lane}"
