"""来源: who has spoken, which of them are independent of each other, and how sure they are together.

A source is the gateway that an event came through (``attributes.gateway``) where one is named, else its device, on its network:
what hangs behind one gateway fails together, so two sensors there are one source, and so is one camera that speaks twice.

Each source counts once, with the best confidence c that it gave, and together they are as sure as 1 - (1 - c1)(1 - c2)…: what two
independent testimonies support together (Hooper 1699; Dempster's rule for simple support functions, Shafer 1976, chapter 4; the
"noisy or", Pearl 1988). It rises with each source and is the same in every order. It is never invented: a sender that does
not grade its reports says nothing of how sure it is (1 is what the contract takes it for, so 1 says nothing either), and
such a source is counted and not weighed, unless its rule says how much it weighs. Where nobody says it, it is not known.
"""

from collections.abc import Iterable
from typing import Final

from rules.model import Evidence, Network, Source

SOURCES_MAX: Final = 16
"""Sources that one record names. Where so many agree, nobody doubts it any more; ours."""
BETTER: Final = 0.01
"""By how much a source must be surer than before to be written down anew: a camera speaks five times a second; ours."""
SUREST: Final = 0.9999
"""Nobody is certain: with four digits, no number of sources is called more sure than this."""
_SILENT: Final = "silent"


def sources_in(evidence: Iterable[Evidence], usual: float | None = None) -> dict[Source, Evidence]:
    """Each source that speaks in these readings, with the reading of its best confidence. Who was silent did not speak.

    ``usual``, 0 to 1, is what the rule takes for the confidence of a source that does not say one.
    """
    best: dict[tuple[Network, str], tuple[Source, Evidence]] = {}
    for item in evidence:
        if item.network is None or item.test == _SILENT:
            continue
        source = Source(
            network=item.network,
            name=item.gateway or item.device,
            device=item.device,
            confidence=usual if item.confidence is None else item.confidence,
            spoke_at=item.received_at,
        )
        known = best.get((source.network, source.name))
        if known is None or _is_surer(source, known[0]):
            best[source.network, source.name] = (source, item)
    return dict(best.values())


def combined(sources: Iterable[Source]) -> float | None:
    """How sure they are together, 0 to 1 with four digits, of those of whom it is known; None where that is nobody."""
    said = sorted([source.confidence for source in sources if source.confidence is not None])  # the same sum in every order
    if not said:
        return None
    doubt = 1.0
    for confidence in said:
        doubt *= 1.0 - confidence
    return min(round(1.0 - doubt, 4), SUREST)


def merged(known: tuple[Source, ...], heard: Iterable[Source]) -> tuple[Source, ...]:
    """The sources with those that were heard: new ones at the end, while there is room, and known ones where they are surer."""
    found = {(source.network, source.name): source for source in known}
    for source in heard:
        name = (source.network, source.name)
        before = found.get(name)
        is_better = before is not None and _is_surer(source, before, by=BETTER)
        if is_better or (before is None and len(found) < SOURCES_MAX):
            found[name] = source
    return tuple(found.values())


def _is_surer(one: Source, other: Source, by: float = 0.0) -> bool:
    if one.confidence is None:
        return False
    return other.confidence is None or one.confidence > other.confidence + by
