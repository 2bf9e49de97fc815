"""The tables of the lifecycles as people read them: diagrams for docs/chain.md, and the page docs/states.md with every state
and every transition, the refused ones too.

``python -m rules.lifecycle_page > docs/states.md`` writes the page; with the argument ``diagrams`` it prints the diagrams. A test
holds both pages to the tables.
"""

import sys
from typing import Final

from rules.lifecycle import ALARM, DISPATCH, INCIDENT, WARNING, Lifecycle

TITLES: Final = (
    (WARNING, "预警 Early warning"),
    (ALARM, "报警 Alarm (ISA-18.2)"),
    (INCIDENT, "警情 Incident"),
    (DISPATCH, "处警 Dispatch"),
)
_HEAD: Final = """# States and transitions, all of them

Made from `rules/lifecycle.py` by `python -m rules.lifecycle_page`; `tests/rules/test_chain_page.py` holds it to the code, and
`tests/rules/rows/test_row_26_condition_and_acknowledgement.py` tries every state with every transition. A row is a transition, a
column the state in which it happens, a cell the state that follows; an empty cell is refused with what is possible instead.
"""


def diagram(lifecycle: Lifecycle) -> str:
    """The lifecycle as a Mermaid diagram."""
    rows = [f"    [*] --> {lifecycle.initial}"]
    rows += [f"    {origin} --> {target}: {step}" for (origin, step), target in lifecycle.table.items()]
    rows += [f"    {state} --> [*]" for state in lifecycle.final]
    return "\n".join(["```mermaid", "stateDiagram-v2", *rows, "```"])


def matrix(lifecycle: Lifecycle) -> str:
    """Every transition against every state, the final ones left out: nothing follows them."""
    states = list(dict.fromkeys([lifecycle.initial, *[origin for origin, _ in lifecycle.table]]))
    steps = list(dict.fromkeys([step for _, step in lifecycle.table]))
    rows = ["| transition | " + " | ".join(states) + " |", "|---" * (len(states) + 1) + "|"]
    rows += [
        f"| **{step}** | " + " | ".join([lifecycle.table.get((state, step), "") for state in states]) + " |" for step in steps
    ]
    ends = ", ".join([f"`{state}`" for state in lifecycle.final])
    return "\n".join([*rows, "", f"Begins in `{lifecycle.initial}`; nothing follows {ends}."])


def page() -> str:
    """The whole page of states and transitions."""
    parts = [f"## {title}\n\n{matrix(lifecycle)}\n" for lifecycle, title in TITLES]
    return "\n".join([_HEAD, *parts])


def main(arguments: list[str]) -> None:
    """Print what is asked for."""
    sys.stdout.write("\n\n".join([diagram(one) for one, _ in TITLES]) + "\n" if arguments == ["diagrams"] else page())


if __name__ == "__main__":
    main(sys.argv[1:])
