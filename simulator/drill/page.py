"""docs/drill.md: what a drill is, and after how many seeds each planted bug was found."""

from collections.abc import Mapping
from typing import Final

from simulator.drill.drill import Outcome
from simulator.drill.law import Law
from simulator.drill.planted import BUGS

COMMAND: Final = "shouwang drill --planted all --page docs/drill.md"

_HEAD: Final = """# Drills 演练

A drill plays the whole chain in one process under virtual time: the real MQTT source and contract, the real journal and store on
files in memory, the real desk, clerk, lease, recovery and outbox, with a fake outside: broker, people, webhook, retained topics,
operators. From its seed come a small town, what happens in it, and what breaks. The same seed gives the same drill everywhere.

    shouwang drill 4711                    # one drill, its faults first
    shouwang drill --seeds 1..1000         # many, on all cores
    shouwang drill 4711 --until 17         # the story up to a step

**Phase storm**: some dozen steps. Messages come, come twice, late, spoilt, in hundreds; connections break; the broker restarts
and forgets; the process is killed between any two steps, between journal and acknowledgement, in the middle of a transaction,
after a commit of which nobody heard, between sending and recording, while it starts; the store is away, deaf, hangs; the disk is
full; the clock jumps; another process takes the lease; people act at once and against each other; a pack takes over; an entry
stops the chain; a shelf, an authority's signal, a mode or an outage ends by itself after a crash; a bridge and a platform speak
formats of their own, and say again what was not acknowledged or answered. After every step the laws below are checked.

**Phase calm**: nothing breaks any more, everybody is well, people see everything through. Then all must have come to rest:
nothing owed, nothing open, nothing waiting, and the store holds, byte for byte, what a chain that was never disturbed decides on
the same journal.

| law | |
|---|---|
"""

_TABLE: Final = """
Not drilled: threads (there are none in a drill), sockets, PostgreSQL, the web: they have tests of their own with real processes.

## Planted bugs

A drill that finds nothing proves little. So bugs are kept, each one small and of a sort that people make, and put into the
running house by name (`shouwang drill --seeds 1..1000 --planted NAME`; `simulator/drill/planted/`). This table is made by
`{command}`; seeds {first} to {last}, but for those that draw none of the faults that a bug needs.
Without the bug the same seed is well.

| bug | what is wrong | found by seed | in step | broken law |
|---|---|---|---|---|
"""


def page_of(found: Mapping[str, Outcome | None], seeds: range) -> str:
    """The page. ``found``: the first outcome that was not well, by bug."""
    laws = [f"| {law.value.partition(' ')[0]} | {law.value.partition(' ')[2]} |" for law in Law if law is not Law.OWN_FAULT]
    rows = []
    for bug in BUGS:
        outcome = found.get(bug.name)
        where = "calm" if outcome is not None and outcome.step >= outcome.step_count else str(outcome.step) if outcome else ""
        seed, law = (str(outcome.seed), outcome.law.partition(" ")[0]) if outcome else ("not found", "")
        rows.append(f"| `{bug.name}` | {bug.tells} | {seed} | {where} | {law} |")
    count = sum(outcome is not None for outcome in found.values())
    table = _TABLE.format(command=COMMAND, first=seeds.start, last=seeds.stop - 1)
    return _HEAD + "\n".join(laws) + "\n" + table + "\n".join(rows) + f"\n\n**{count} of {len(BUGS)} found.**\n"
