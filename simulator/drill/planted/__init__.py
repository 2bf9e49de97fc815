"""Planted bugs: small faults that people make, put into the running house by name, to see that the drill finds each of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from simulator.drill.planted import at_the_routes, in_the_source, in_the_store, on_the_way_out
from simulator.drill.planted.bug import Bug, Patch

NONE: Final = ""
BUGS: Final[tuple[Bug, ...]] = (*in_the_source.BUGS, *at_the_routes.BUGS, *in_the_store.BUGS, *on_the_way_out.BUGS)
BY_NAME: Final = {bug.name: bug for bug in BUGS}


@contextmanager
def planted(name: str) -> Iterator[None]:
    """Put this bug in, and take it out again. Raises KeyError for a name that there is not."""
    if name == NONE:
        yield
        return
    with Patch() as patch:
        BY_NAME[name].plant(patch)
        yield
