"""``python -m shouwang.role_chain``: the chain's process alone. It imports only what it needs: a restart must be quick."""

import asyncio

from shouwang.chain import run_chain
from shouwang.entry import enter

if __name__ == "__main__":
    enter("chain", lambda settings: asyncio.run(run_chain(settings)))
