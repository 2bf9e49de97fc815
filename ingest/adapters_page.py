"""The page about foreign formats, out of the adapters' own words: ``python -m ingest.adapters_page > docs/adapters.md``."""

import inspect
import sys
from typing import Final

from ingest.adapter import Format
from ingest.formats import FORMATS

_HEAD: Final = """# Foreign formats

What an integrator brings is understood as it is. Each format is one small pure function; what it says is then checked like
our own [event contract](event-contract.md). `shouwang adapters` lists them; `shouwang decode` tells what a message means before
anybody sends it to a live desk:

```sh
echo '{"format":"zigbee2mqtt","topic":"zigbee2mqtt/hall","payload":"{\\"smoke\\":true}"}' | ./run shouwang decode
```

So far they are understood by `shouwang decode` alone: the live source does not listen to foreign topics yet. This page is made by
`python -m ingest.adapters_page > docs/adapters.md`.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *(_section(each) for each in FORMATS.values())])


def _section(format_: Format) -> str:
    return f"## {format_.name} {format_.zh}\n\n{inspect.cleandoc(format_.words)}\n"


if __name__ == "__main__":
    sys.stdout.write(page())
