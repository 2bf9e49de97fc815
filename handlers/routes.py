"""Where the effects go: which ways out exist, and under which names and topics (DESIGN 6)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from handlers.exchange.told_case import NOWHERE, Place
from rules.model import Entity, Fact, Reason

MQTT: Final = "mqtt"
PEOPLE: Final = "people"

_HOOKED: Final = frozenset({Entity.WARNING, Entity.ALARM, Entity.INCIDENT, Entity.DISPATCH})

# In a topic level "/" parts levels and "+", "#" are wildcards; "%" marks what was written otherwise.
_ESCAPES: Final = str.maketrans({"%": "%25", "/": "%2F", "+": "%2B", "#": "%23", "\0": "%00"})


def topic_level(text: str) -> str:
    """One level of an MQTT topic that holds any id, and can be read back by percent-decoding."""
    return text.translate(_ESCAPES)


class Form(StrEnum):
    """In which form a hook is told: facts as our JSON, cases as CAP 1.2, NGSI-LD, Open311 or GB/T 28181, results of orders."""

    FACT = "fact"
    CAP = "cap"
    NGSI_LD = "ngsi_ld"
    OPEN311 = "open311"
    GB28181 = "gb28181"
    WORK_ORDER = "work_order"


CONTENT_TYPES: Final = {
    Form.FACT: "application/json; charset=utf-8",
    Form.CAP: "application/cap+xml; charset=utf-8",
    Form.NGSI_LD: "application/ld+json; charset=utf-8",
    Form.OPEN311: "application/json; charset=utf-8",
    Form.GB28181: "Application/MANSCDP+xml",  # the XML declares its letters: GB 2312 or GB 18030
    Form.WORK_ORDER: "application/json; charset=utf-8",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """A webhook that is told of facts, or of cases in the form of another system; of all communities when none is named.

    ``sender``: as whom a case is told, where the form has such a thing; "": ``shouwang@COMMUNITY``. Of GB28181 it is the device,
    20 digits, as which the platform above knows us.
    ``orders_of``: the routes of whose work orders it is told the results; of no others, so that no partner hears of another's.
    """

    name: str
    communities: tuple[str, ...] = ()
    form: Form = Form.FACT
    sender: str = ""
    place: Place = NOWHERE
    orders_of: tuple[str, ...] = ()

    def wants(self, fact: Fact) -> bool:
        """Facts about the four lifecycles; never the failing of a delivery, which would feed itself."""
        is_ours = self.form is Form.FACT and self.hears(fact.community)
        return is_ours and fact.entity in _HOOKED and fact.reason is not Reason.DELIVERY_FAILED

    def hears(self, community: str) -> bool:
        """Whether it is told of this community."""
        return not self.communities or community in self.communities

    def hears_order(self, route: str, community: str) -> bool:
        """Whether it is told what became of an order that came by this route."""
        return self.form is Form.WORK_ORDER and route in self.orders_of and self.hears(community)


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """The ways out that this process has. What has no way out is not owed.

    ``home_assistant``: the prefix at which Home Assistant looks for entities; empty: it is told of none.
    """

    prefix: str = "shouwang/v1"
    home_assistant: str = ""
    has_mqtt: bool = True
    has_people: bool = True
    hooks: tuple[Hook, ...] = ()

    def state_topic(self, community: str, entity: Entity, entity_id: str) -> str:
        """The retained topic of a warning, alarm, incident or dispatch."""
        return f"{self.prefix}/{topic_level(community)}/out/{entity.value}/{topic_level(entity_id)}"

    def receipt_topic(self, community: str, event_id: str) -> str:
        """Where the sender of an event listens for its receipt."""
        return f"{self.prefix}/{topic_level(community)}/out/receipt/{topic_level(event_id)}"


def hook_channel(name: str) -> str:
    """The channel of one hook: each is its own, so that one that is down harms no other."""
    return f"webhook:{name}"
