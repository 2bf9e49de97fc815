"""What tells one delivery from all others, so that an event without id, count and time is one event however often it is told.

What we did not acknowledge in a session the broker owes us again. It says so (DUP) and gives the packet id of before: Mosquitto.
nats-server that was started anew gives another packet id, and after a crash no DUP either, because it has forgotten that it told
it. So, in the same session alone:

* DUP, and topic and bytes of a message that was not acknowledged: that message. Of several equal ones as many as there were.
* No DUP, soon after the connection came back, and just what is owed next on this topic: that message. Anything else on the topic
  ends that. A second fire in the same bytes stays a second one, because the first still comes too, before it or after it.
* All else is a message of its own. What was acknowledged is forgotten: equal bytes after it are news.
"""

from collections.abc import Iterable
from typing import Final

OWED_S: Final = 120.0
"""How long after a connection came back what is owed may come without DUP: four times nats-server's ``ack_wait`` (ours)."""
OWED_MAX: Final = 65_535
"""As many messages as MQTT has packet ids; of more the oldest are forgotten, and would be told as messages of their own."""

_Told = tuple[int, int, int, str]
"""A message that came: its packet id, its topic and what it said, each as a number, and the name that it got."""


class Names:
    """The names of one session's deliveries."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._told: dict[int, _Told] = {}  # packet id → its last message
        self._owed: dict[str, _Told] = {}  # by name, in the order in which they came
        self._by_said: dict[int, list[str]] = {}  # what was said → the names of the owed that say it
        self._by_topic: dict[int, list[str]] = {}  # topic → the names of what may come without DUP

    def of(self, packet_id: int, generation: int, number: int, topic: str, payload: bytes, *, is_repeated: bool) -> str:
        """The name of a delivery: ``generation`` counts connections, ``number`` the messages of this one."""
        about, said = hash(topic), hash((topic, payload))
        name = ""
        if self._owed:
            name = self._repeated(packet_id, said) if is_repeated else self._next_owed(about, said)
        name = name or f"{self._token}/{generation}/{number}"
        if packet_id:
            self._told[packet_id] = (packet_id, about, said, name)
        return name

    def remember(self, unacknowledged: Iterable[int]) -> None:
        """The connection is lost: the messages of these packet ids, in the order of receipt, are owed."""
        for packet_id in unacknowledged:
            if (told := self._told.get(packet_id)) is not None:
                self._owed[told[3]] = told
        for name in list(self._owed)[: max(0, len(self._owed) - OWED_MAX)]:
            del self._owed[name]
        self._told.clear()
        self._by_said.clear()
        self._by_topic.clear()
        for name, (_, about, said, _) in self._owed.items():
            self._by_said.setdefault(said, []).append(name)
            self._by_topic.setdefault(about, []).append(name)

    def settle(self) -> None:
        """From now on only DUP tells of a repetition."""
        self._by_topic.clear()

    def forget(self) -> None:
        """The session is another one: nothing is owed."""
        for each in (self._told, self._owed, self._by_said, self._by_topic):
            each.clear()

    def _repeated(self, packet_id: int, said: int) -> str:
        """What was said by the same packet id, else the first that said the same; "" where nothing did."""
        names = self._by_said.get(said, [])
        name = next((name for name in names if self._owed[name][0] == packet_id), names[0] if names else "")
        return self._taken(name)

    def _next_owed(self, about: int, said: int) -> str:
        """What is owed next on this topic, where it says this; "" where not, and then nothing of this topic is waited for."""
        names = self._by_topic.get(about)
        if names and self._owed[names[0]][2] == said:
            return self._taken(names[0])
        self._by_topic.pop(about, None)
        return ""

    def _taken(self, name: str) -> str:
        if name:
            _, about, said, _ = self._owed.pop(name)
            for index, key in ((self._by_said, said), (self._by_topic, about)):
                if name in (left := index.get(key, [])):
                    left.remove(name)
                    if not left:
                        del index[key]
        return name
