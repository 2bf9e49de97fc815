"""Broker URLs: read with their defaults, and a faulty one is told without its password."""

import pytest

from simulator.broker import Broker, BrokerError


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mqtt://localhost", Broker(host="localhost")),
        ("mqtt://127.0.0.1:1999/", Broker(host="127.0.0.1", port=1999)),
        ("mqtts://h", Broker(host="h", port=8883, is_tls=True)),
        ("mqtt://u:p%40ss@h:1", Broker(host="h", port=1, username="u", password="p@ss")),
    ],
)
def test_urls_are_read(url: str, expected: Broker) -> None:
    assert Broker.from_url(url) == expected


@pytest.mark.parametrize("url", ["localhost:1883", "http://h", "mqtt://", "mqtt://h:99999", "mqtt://u:secret@:1", "mqtt://h/x"])
def test_a_faulty_url_says_what_was_expected_and_no_password(url: str) -> None:
    with pytest.raises(BrokerError, match="expected mqtt://") as caught:
        Broker.from_url(url)
    assert "secret" not in str(caught.value)
