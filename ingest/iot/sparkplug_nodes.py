"""What is remembered of Sparkplug edge nodes between messages: what aliases mean, the count, which life they live. Bounded."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from ingest.iot.sparkplug_payload import Metric

BYTES_MAX: Final = 4_000_000
"""Of all names that one route remembers, each counted with 200 bytes beside its text; the node unheard longest is forgotten."""
_BESIDE: Final = 200
_SEQ: Final = 256


ASK_AGAIN_MS: Final = 60_000
"""So long an edge node has time to be born again before it is asked once more (ours)."""


@dataclass(slots=True)
class Known:
    """One metric that a birth named: of which device ("" the node itself), under which name and data type."""

    device: str
    name: str
    datatype: int


@dataclass(slots=True)
class Node:
    """One edge node as its messages have told so far. ``metrics`` in the order of the births; ``aliases`` are the node's."""

    metrics: dict[tuple[str, str], Known] = field(default_factory=dict)
    aliases: dict[int, Known] = field(default_factory=dict)
    testing: dict[str, set[str]] = field(default_factory=dict)
    is_born: bool = False
    is_rebirth_needed: bool = False
    asked_at: int | None = None
    birth: int | None = None
    seq: int | None = None
    size: int = _BESIDE

    def begin(self, birth: int | None, seq: int | None) -> None:
        """An NBIRTH: all that was known is void."""
        self.metrics.clear()
        self.aliases.clear()
        self.testing.clear()
        self.is_born, self.is_rebirth_needed, self.birth, self.seq, self.size = True, False, birth, seq, _BESIDE

    def is_ask_due(self, now: int) -> bool:
        """Whether to ask for a rebirth now (ms): it is needed, and was not asked for just before (``asked_at``)."""
        return self.is_rebirth_needed and (self.asked_at is None or abs(now - self.asked_at) >= ASK_AGAIN_MS)

    def learn(self, device: str, metric: Metric) -> None:
        """A birth names a metric, perhaps with an alias."""
        if not metric.name:
            return
        known = Known(device, metric.name, metric.datatype)
        if (device, metric.name) not in self.metrics:
            self.size += _BESIDE + len(metric.name) * 4
        self.metrics[device, metric.name] = known
        if metric.alias is not None:
            self.aliases[metric.alias] = known

    def test(self, known: Known, *, holds: bool) -> None:
        """A device says that it tests, preheats or is muted, or no more; it holds until it says otherwise."""
        if holds and (known.device, known.name) in self.metrics:
            self.testing.setdefault(known.device, set()).add(known.name)
        elif not holds:
            self.testing.get(known.device, set()).discard(known.name)

    def is_testing(self, device: str) -> bool:
        """Whether anything that this device last said makes its words a test."""
        return bool(self.testing.get(device))

    def forget(self, device: str) -> None:
        """A device died: its metrics mean nothing until it is born again."""
        gone = [key for key in self.metrics if key[0] == device]
        for key in gone:
            self.size -= _BESIDE + len(self.metrics.pop(key).name) * 4
        self.testing.pop(device, None)
        for alias in [alias for alias, known in self.aliases.items() if known.device == device]:
            del self.aliases[alias]

    def named(self, device: str, metric: Metric) -> Known | None:
        """What a metric of a data message is: by name, or by the alias of its birth; None where the birth was missed."""
        if metric.name:
            return self.metrics.get((device, metric.name)) or Known(device, metric.name, metric.datatype)
        return self.aliases.get(metric.alias) if metric.alias is not None else None

    def count(self, seq: int | None) -> bool:
        """Take the next number; False where one is missing. The same again is the same message delivered again."""
        expected = None if self.seq is None else (self.seq + 1) % _SEQ
        is_right = seq is None or expected is None or seq in {expected, self.seq}
        self.seq = seq if seq is not None else self.seq
        return is_right


class Nodes:
    """The nodes of one route. When their names outgrow ``BYTES_MAX``, the one unheard longest is asked for a rebirth later."""

    def __init__(self) -> None:
        self._nodes: OrderedDict[str, Node] = OrderedDict()
        self._sizes: dict[str, int] = {}
        self.size = 0

    def of(self, name: str) -> Node:
        """The node of this name, heard just now."""
        node = self._nodes.setdefault(name, Node())
        self._nodes.move_to_end(name)
        return node

    def weigh(self, name: str) -> None:
        """Count anew what this node now takes, and forget others until all fits; one may be too large by itself."""
        now = _BESIDE + len(name) * 4 + self._nodes[name].size
        self.size += now - self._sizes.get(name, 0)
        self._sizes[name] = now
        while self.size > BYTES_MAX:
            oldest, _ = self._nodes.popitem(last=False)
            self.size -= self._sizes.pop(oldest)
