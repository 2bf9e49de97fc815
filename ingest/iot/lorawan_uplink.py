"""One LoRaWAN uplink, whichever server brings it: its decoded object, else bytes that are certain, else a sign of life."""

from base64 import b64decode
from binascii import Error as Base64Error
from dataclasses import replace
from typing import Final

from ingest.adapter import Said
from ingest.iot.lorawan_words import said_of_object
from ingest.iot.milesight_bytes import decoded
from ingest.iot.telling import Telling
from ingest.loose import Object, number, read_object
from ingest.refusal import Refused

PAGE: Final = """Without a decoded object the bytes are read where they are certain: a JSON object in them is read as one, and
Milesight's (channel, type, value) where the device profile or model names the product (`GS524N`, `GS101`, `WS101`, `WS202`,
`WS301`, `WS303`, `EM300`, `EM310-UDL`, `EM320-TILT`, `EM500-SWL`, `VS373`): the same two bytes are a leak in one product and a
door in another. Other bytes are kept as the attribute `undecoded` of a sign of life: give the device a decoder on the network
server."""
"""What is done without a decoder, for the pages of the network servers."""

BYTES_MAX: Final = 512
"""The largest LoRaWAN payload has 242 bytes; twice that, and no more is looked at."""
_KEPT_LENGTH_MAX: Final = 64
_UNHEARD: Final = -999.0  # dBm
_GATEWAYS_MAX: Final = 200


def said_of_uplink(decoded_object: object, written: object, telling: Telling, product: str) -> list[Said]:
    """What an uplink says: of ``decoded_object`` (any JSON value), or of its bytes, ``written`` in base64. Never nothing."""
    content = b""
    told: Object = decoded_object if isinstance(decoded_object, dict) else {}
    if not told:
        content = _bytes(written)
        told = _object(content) if content.lstrip().startswith(b"{") else decoded(content, product)
    if not told and content:
        telling = replace(telling, attributes={**telling.attributes, "undecoded": content.hex()[:_KEPT_LENGTH_MAX]})
    said = said_of_object(told, telling, product)
    return said if any(not each.is_past for each in said) else [*said, telling.beat()]


def best_heard(received: object) -> Object:
    """Of the gateways that heard an uplink the one with the highest ``rssi``; an empty object where none is named."""
    named = received[:_GATEWAYS_MAX] if isinstance(received, list) else []
    heard: list[Object] = [each for each in named if isinstance(each, dict)]
    return max(heard, key=lambda each: number(each.get("rssi")) or _UNHEARD, default={})


def _bytes(written: object) -> bytes:
    if not isinstance(written, str) or len(written) > BYTES_MAX * 4 // 3 + 4:
        return b""
    try:
        return b64decode(written, validate=True)
    except (Base64Error, ValueError):
        return b""


def _object(content: bytes) -> Object:
    body = read_object(content)
    return {} if isinstance(body, Refused) else body
