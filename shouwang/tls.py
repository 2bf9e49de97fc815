"""TLS towards the broker, from the settings."""

import ssl

from shouwang.settings import Mqtt


def client_context(mqtt: Mqtt) -> ssl.SSLContext:
    """TLS 1.2 or newer, the broker's certificate checked against ``ca_file`` (or the machine's own authorities)."""
    context = ssl.create_default_context(cafile=mqtt.ca_file or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if mqtt.cert_file:
        context.load_cert_chain(mqtt.cert_file, mqtt.key_file or None)
    return context
