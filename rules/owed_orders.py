"""Orders that nobody could take, by what they need and the oldest incident first: only what somebody free can do is looked at."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable

Need = tuple[bool, str]
"""For a real case (an exercise has responders of its own), and which capability."""
Claim = tuple[int, str, int]
"""When the incident was opened [ms], its id, and which order of its plan: the smaller, the sooner."""


class OwedOrders:
    """What is owed. It follows from the cases, so it is not saved."""

    __slots__ = ("_claims", "_of")

    def __init__(self) -> None:
        self._claims: dict[Need, list[Claim]] = {}
        self._of: dict[str, tuple[tuple[Need, Claim], ...]] = {}

    def __bool__(self) -> bool:
        """Whether anything is owed."""
        return bool(self._of)

    def put(self, incident_id: str, owed: tuple[tuple[Need, Claim], ...]) -> None:
        """What this incident owes now, in place of what it owed; nothing lets it go."""
        before = self._of.get(incident_id, ())
        if owed == before:
            return
        for need, claim in before:
            claims = self._claims[need]
            del claims[bisect_left(claims, claim)]
            if not claims:
                del self._claims[need]
        for need, claim in owed:
            insort(self._claims.setdefault(need, []), claim)
        if owed:
            self._of[incident_id] = owed
        else:
            del self._of[incident_id]

    def next_after(self, last: Claim | None, free: Iterable[Need]) -> Claim | None:
        """The first claim after this one (None: of all) that somebody who is free could take."""
        found: list[Claim] = []
        for need in free:
            claims = self._claims.get(need, [])
            index = 0 if last is None else bisect_right(claims, last)
            found += claims[index : index + 1]
        return min(found, default=None)
