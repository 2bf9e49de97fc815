"""``python -m shouwang.role_web``: the web's process alone."""

import asyncio

from shouwang.entry import enter
from shouwang.web import run_web

if __name__ == "__main__":
    enter("web", lambda settings: asyncio.run(run_web(settings)))
