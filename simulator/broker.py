"""Where a simulator publishes to: a broker's address, read from a URL."""

import ssl
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit


class BrokerError(ValueError):
    """A broker's URL that cannot be used; the message says what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """One MQTT broker and how to log in there."""

    host: str
    port: int = 1883
    username: str | None = None
    password: str | None = None
    is_tls: bool = False

    @classmethod
    def from_url(cls, url: str) -> "Broker":
        """Read ``mqtt://user:password@host:port`` (``mqtts://`` for TLS). Raises BrokerError."""
        expected = "expected mqtt://[user:password@]host[:port], or mqtts:// for TLS"
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as fault:
            raise BrokerError(f"broker {url!r}: {fault}; {expected}") from None
        if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname or parts.path not in ("", "/"):
            raise BrokerError(f"broker {_without_password(url)!r}: {expected}")
        is_tls = parts.scheme == "mqtts"
        return cls(
            host=parts.hostname,
            port=port or (8883 if is_tls else 1883),
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            is_tls=is_tls,
        )

    @property
    def address(self) -> str:
        """Host and port for messages to people; never the password."""
        return f"{self.host}:{self.port}"

    def tls_context(self) -> ssl.SSLContext | None:
        """How to speak TLS with it, checked against the machine's own authorities."""
        return ssl.create_default_context() if self.is_tls else None


def _without_password(url: str) -> str:
    head, at, tail = url.rpartition("@")
    return f"…@{tail}" if at else head + tail
