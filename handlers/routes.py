"""Where the effects go: which ways out exist, and under which names and topics (DESIGN 6)."""

from dataclasses import dataclass
from typing import Final

from rules.model import Entity, Fact, Reason

MQTT: Final = "mqtt"
PEOPLE: Final = "people"

_HOOKED: Final = frozenset({Entity.WARNING, Entity.ALARM, Entity.INCIDENT, Entity.DISPATCH})

# In a topic level "/" parts levels and "+", "#" are wildcards; "%" marks what was written otherwise.
_ESCAPES: Final = str.maketrans({"%": "%25", "/": "%2F", "+": "%2B", "#": "%23", "\0": "%00"})


def topic_level(text: str) -> str:
    """One level of an MQTT topic that holds any id, and can be read back by percent-decoding."""
    return text.translate(_ESCAPES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """A webhook that is told of facts; of all communities when none is named."""

    name: str
    communities: tuple[str, ...] = ()

    def wants(self, fact: Fact) -> bool:
        """Facts about the four lifecycles; never the failing of a delivery, which would feed itself."""
        is_ours = not self.communities or fact.community in self.communities
        return is_ours and fact.entity in _HOOKED and fact.reason is not Reason.DELIVERY_FAILED


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
