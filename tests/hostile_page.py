"""docs/hostile-input.md: what each format withstood, a row each; rows of other formats that were measured alike stay."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "hostile-input.md"
SLOW_S: Final = 0.05
MEMORY_MAX: Final = 10_000_000
ROW: Final = re.compile(r"^\| ([a-z0-9_]+) \| \d.*\|$", re.MULTILINE)

_HEAD: Final = """# Hostile input: what each format withstands

Real messages of each format, bent anywhere (four of ten), or of right form with values that nobody should send (six of ten); one
in 2,000 is blown up or nested. All are drawn from a seed: the same again are the same bytes. A format may refuse them; it may not
raise, work for more than {slow_ms:.0f} ms of processor time or take more than {memory_mb:.0f} MB. `native` is our own contract.

Made by `{command}`; it takes some 40 minutes of a processor. With `--format NAME` it measures that one and leaves the
other rows; `--count` gives fewer inputs than a million.

* *understood*: it gave an event or more; *ignored*: nothing of concern; *refused*: all of it, with a reason.
* *slowest*: processor time of one input (the best of three tries where it was over the bound). A busy machine makes it up to
  twice as long, though waiting is not counted: the cores' caches are shared. Mostly it is a message that says a thousand things.
* *kept*: what the adapter holds at the end.

| format | inputs | understood | ignored | refused | raised | slowest, ms | most memory, MB | kept, MB | measured |
|---|---|---|---|---|---|---|---|---|---|
"""


@dataclass(slots=True, kw_only=True)
class Stood:
    """What a format did with its inputs. ``faults``: inputs that it did not withstand, with what happened.

    ``understood_count``: it gave an event of at least one; ``ignored_count``: it had nothing to say; the others were refused.
    """

    name: str
    count: int
    understood_count: int = 0
    ignored_count: int = 0
    raised_count: int = 0
    slowest_s: float = 0.0
    memory_max: int = 0
    kept: int = 0
    faults: list[str]

    @property
    def is_good(self) -> bool:
        """Whether it withstood all of them."""
        return not self.raised_count and self.slowest_s <= SLOW_S and max(self.memory_max, self.kept) <= MEMORY_MAX

    @property
    def shares(self) -> tuple[float, float, float]:
        """Understood, ignored and refused, of 1."""
        understood, ignored = self.understood_count / self.count, self.ignored_count / self.count
        return understood, ignored, 1 - understood - ignored


def page_of(results: Iterable[Stood], command: str, before: str, day: str) -> str:
    """The page with the rows of these results, and those of ``before`` where the same command made it; in order of name."""
    rows = {found[1]: found[0] for found in ROW.finditer(before)} if f"`{command}`" in before else {}
    rows |= {each.name: _row(each, day) for each in results}
    head = _HEAD.format(slow_ms=SLOW_S * 1000, memory_mb=MEMORY_MAX / 1e6, command=command)
    return head + "".join(f"{rows[name]}\n" for name in sorted(rows))


def _row(each: Stood, day: str) -> str:
    shares = " | ".join(f"{share:.1%}" for share in each.shares)
    return (
        f"| {each.name} | {each.count:,} | {shares} | {each.raised_count} | {each.slowest_s * 1000:.1f} "
        f"| {each.memory_max / 1e6:.1f} | {each.kept / 1e6:.1f} | {day} |"
    )
