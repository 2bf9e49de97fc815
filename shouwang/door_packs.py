"""The front door's way to the rule pack: which is in force, what another would change, activating it, and going back.

An activation is journaled and decided like a smoke reading. A pack with one fault is refused whole, before anything is journaled.
"""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ingest.http_answers import Refusing
from ingest.http_door import FrontDoor
from ingest.topics import Lane
from rules.book import Activated
from rules.definition import RulePack
from rules.model import PackActivation, Sentence
from rules.pack import PackError
from rules.pack_diff import compare
from shouwang.desk import Desk
from shouwang.recovery import START

WAIT_S = 15.0
"""How long an answer waits for the decision; the activation is journaled by then, and will be decided all the same."""
_POLL_S = 0.02
_UNDER_WAY = Sentence("已记入流水，尚未生效，请稍后查看。", "Journaled, not in force yet: look again in a moment.")
_NO_EARLIER = Sentence("没有可以回退的规则包。", "There is no earlier pack to go back to.")


def _is_a_person(actor: str) -> str:
    if actor.strip() in ("", START):
        raise ValueError(f"{actor!r} is no person's name")
    return actor


class Wish(BaseModel):
    """Who asks for what."""

    model_config = ConfigDict(extra="forbid")

    actor: Annotated[str, Field(min_length=1, max_length=128), AfterValidator(_is_a_person)]
    is_dry_run: bool = False


class Activation(Wish):
    """A pack to activate, with all that it extends in its text."""

    text: str = Field(min_length=1, max_length=8_000_000)


class Rollback(Wish):
    """Back to an earlier pack: the one before this, or the latest of this version."""

    version: str = ""


class PackDoor:
    """What the routes share."""

    def __init__(self, desk: Desk, door: FrontDoor, read_pack: Callable[[str], RulePack]) -> None:
        self._desk, self._door, self._read_pack = desk, door, read_pack

    async def activations(self) -> tuple[Activated, ...]:
        """The last few packs that took over, as the chain remembers them."""
        return await asyncio.wrap_future(self._desk.ask(lambda engine: engine.activations))

    async def activate(self, text: str, wish: Wish) -> Response:
        """Check, compare, and unless it is a dry run journal the activation and wait until it is in force."""
        try:
            pack = await to_thread.run_sync(self._read_pack, text)
        except PackError as error:
            return JSONResponse({"faults": [asdict(fault) for fault in error.faults]}, 422)
        before, meaning = await asyncio.wrap_future(self._desk.ask(lambda engine: (engine.pack, engine.preview(pack))))
        changes = () if before is None else await to_thread.run_sync(compare, before, pack)
        answer: dict[str, Any] = {
            "pack": pack.id,
            "version": pack.version,
            "digest": pack.digest,
            "before": "" if before is None else f"{before.id} {before.version}",
            "is_active": before is not None and before.digest == pack.digest,
            "changes": [{**asdict(each), "sentence": asdict(each.sentence)} for each in changes],
            "open": [asdict(each) for each in meaning],
        }
        if wish.is_dry_run or answer["is_active"]:
            return JSONResponse(answer)
        name = f"pack-{pack.digest}-{secrets.token_hex(4)}"
        entry = PackActivation(id=name, pack=pack.id, version=pack.version, digest=pack.digest, text=text, actor=wish.actor)
        appended = await self._door.journal([entry], Lane.CRITICAL)
        answer["position"] = appended.first_position
        answer["is_active"] = await self._is_in_force(appended.first_position, pack.digest)
        return JSONResponse(answer if answer["is_active"] else {**answer, "sentence": asdict(_UNDER_WAY)}, 200)

    async def _is_in_force(self, position: int, digest: str) -> bool:
        for _ in range(round(WAIT_S / _POLL_S)):
            if self._desk.progress.applied_position >= position:
                found = await asyncio.wrap_future(self._desk.ask(lambda engine: engine.pack))
                return found is not None and found.digest == digest
            await asyncio.sleep(_POLL_S)
        return False

    async def roll_back(self, wish: Rollback) -> Response:
        """Activate an earlier pack again, out of the chain's own memory of the journal."""
        kept = await self.activations()
        current = kept[-1].digest if kept else ""
        earlier = [one for one in kept if one.digest != current and wish.version in ("", one.version)]
        if not earlier:
            raise Refusing(404, "no_earlier_pack", _NO_EARLIER, field="body.version")
        return await self.activate(earlier[-1].text, wish)


def pack_routes(packs: PackDoor, guard: Callable[..., None]) -> APIRouter:
    """Who may ask is the guard's to say."""
    router = APIRouter(prefix="/internal/packs", dependencies=[Depends(guard)], include_in_schema=False)

    @router.get("")
    async def history() -> list[dict[str, Any]]:
        return [{name: value for name, value in asdict(one).items() if name != "text"} for one in await packs.activations()]

    @router.get("/active")
    async def active(known: str = "") -> dict[str, str]:
        kept = await packs.activations()
        if not kept or kept[-1].digest == known:
            return {"digest": known}
        return {"digest": kept[-1].digest, "text": kept[-1].text}

    @router.post("")
    async def activate(wish: Activation) -> Response:
        return await packs.activate(wish.text, wish)

    @router.post("/rollback")
    async def roll_back(wish: Rollback) -> Response:
        return await packs.roll_back(wish)

    return router
