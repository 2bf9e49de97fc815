"""The web's word for parties and responders: the pack that is in force now, asked of the chain while it runs."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

import httpx
import structlog

from rules.definition import Responder, RulePack
from rules.model import Sentence
from rules.pack import PackError, read_pack

log = structlog.get_logger(__name__)

EVERY_S: Final = 2.0
"""How often the chain is asked. It answers with one digest unless another pack took over."""


class PackFollower:
    """Knows the pack in force; until the chain answers, the one of the settings."""

    def __init__(self, first: RulePack | None, socket: str, token: str) -> None:
        self._pack = first
        self._names = _names_in(first)
        self._digest = ""
        self._socket, self._token = socket, token

    def pack(self) -> RulePack | None:
        """The pack in force, as far as is known."""
        return self._pack

    def responders(self) -> Sequence[Responder]:
        """Whom one may order."""
        return self._pack.responders if self._pack is not None else ()

    def names(self) -> Mapping[str, Sentence]:
        """What to call its parties and responders, by their ids."""
        return self._names

    async def follow(self) -> None:
        """Ask now and then, until cancelled. A chain that does not answer changes nothing."""
        transport = httpx.AsyncHTTPTransport(uds=self._socket)
        headers = {"Authorization": f"Bearer {self._token}"}
        async with httpx.AsyncClient(transport=transport, headers=headers, timeout=5.0, trust_env=False) as client:
            while True:
                await self.ask(client)
                await asyncio.sleep(EVERY_S)

    async def ask(self, client: httpx.AsyncClient) -> None:
        """Ask once."""
        try:
            answer = await client.get("http://front-door/internal/packs/active", params={"known": self._digest})
            found = answer.raise_for_status().json()
            if "text" in found:
                self._pack = await asyncio.to_thread(read_pack, found["text"])
                self._names, self._digest = _names_in(self._pack), found["digest"]
        except (httpx.HTTPError, ValueError) as fault:
            if isinstance(fault, PackError):
                log.warning("pack_not_read", detail=str(fault), todo="The web is of another version than the chain: restart it.")
                self._digest = found["digest"]


def _names_in(pack: RulePack | None) -> Mapping[str, Sentence]:
    if pack is None:
        return {}
    parties = {party.id: party.title for party in pack.parties.values()}
    return parties | {responder.id: responder.title for responder in pack.responders}
