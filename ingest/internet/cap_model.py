"""The parts of a CAP 1.2 message that say something, whether it came as XML or as the NWS's GeoJSON."""

from dataclasses import dataclass
from typing import Final

from ingest.areas import Area
from ingest.foreign_ids import foreign_id
from rules.model import Status

DEVICE_LENGTH_MAX: Final = 120

STATUSES: Final = {
    "Actual": Status.ACTUAL,
    "Exercise": Status.EXERCISE,
    "System": Status.TEST,
    "Test": Status.TEST,
    "Draft": Status.TEST,
}
"""CAP 1.2, 3.2.1 `status`: only Actual may raise a real alarm."""

MESSAGE_TYPES: Final = ("Alert", "Update", "Cancel", "Ack", "Error")


@dataclass(frozen=True, slots=True, kw_only=True)
class CapArea:
    """An area: its description, and its shapes and codes."""

    description: str = ""
    area: Area


@dataclass(frozen=True, slots=True, kw_only=True)
class CapInfo:
    """One block of information, in one language. Times as they came."""

    language: str = "en-US"
    categories: tuple[str, ...] = ()
    event: str = ""
    response_types: tuple[str, ...] = ()
    urgency: str = ""
    severity: str = ""
    certainty: str = ""
    event_codes: tuple[tuple[str, str], ...] = ()
    effective: str = ""
    onset: str = ""
    expires: str = ""
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    areas: tuple[CapArea, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether it says that there is nothing left to respond to (3.2.2 `responseType` AllClear, `urgency` Past)."""
        return "AllClear" in self.response_types or self.urgency == "Past"


@dataclass(frozen=True, slots=True)
class Reference:
    """Whom an alert is by and how it is called: its identity. ``sent`` as it came."""

    sender: str
    identifier: str
    sent: str

    @property
    def device(self) -> str:
        """The name under which the chain knows the alert: ``sender,identifier``, which no two alerts share.

        Neither has a comma (3.2.1). Where both together are too long, or cannot be a name, a digest of them stands at the end.
        """
        return alert_device(self.sender, self.identifier)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapAlert:
    """One message."""

    identity: Reference
    status: Status
    message_type: str
    scope: str = "Public"
    note: str = ""
    references: tuple[Reference, ...] = ()
    infos: tuple[CapInfo, ...] = ()


def alert_device(sender: str, identifier: str) -> str:
    """See ``Reference.device``. Addresses (``http://…``) lose what a name may not have; the digest keeps them apart."""
    whole = f"{sender},{identifier}"
    plain = "".join(letter if letter.isalnum() or letter in "._-@:," else "-" for letter in whole)
    if plain == whole and len(whole) <= DEVICE_LENGTH_MAX:
        return whole
    digest = foreign_id("cap", sender, identifier)[-8:]
    return f"{plain[: DEVICE_LENGTH_MAX - 9]}-{digest}"
