"""The front door's way to the receipts of the data exchange: the web asks, the desk's process writes, as it alone may."""

from collections.abc import Callable
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from handlers.faults import StoreUnavailable
from handlers.receipts import Confirmed
from ingest.http_answers import Refusing
from rules.model import Sentence

RETRY_S = 5
_STORE_AWAY = Sentence(
    "数据库暂不可用，回执未记录，请稍后重发。", "The store is away and the receipt not written: send it again later."
)


class Wish(BaseModel):
    """Who confirms what."""

    model_config = ConfigDict(extra="forbid")

    partner: Annotated[str, Field(min_length=1, max_length=40)]
    position: Annotated[int, Field(ge=0)]
    incident_count: Annotated[int, Field(ge=0)]


def exchange_routes(confirm: Callable[[str, int, int], Confirmed | None], guard: Callable[..., None]) -> APIRouter:
    """Who may ask is the guard's to say. ``confirm`` may block: it is called in a thread."""
    router = APIRouter(prefix="/internal/exchange", dependencies=[Depends(guard)], include_in_schema=False)

    @router.post("/receipts")
    async def receipts(wish: Wish) -> Confirmed | None:
        try:
            return await to_thread.run_sync(confirm, wish.partner, wish.position, wish.incident_count)
        except StoreUnavailable as fault:
            raise Refusing(503, "store_away", _STORE_AWAY, retry_s=RETRY_S) from fault

    return router
