"""GET /v1/modes: which modes hold, where, since when, until when, and who set them."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from dashboard.access import OPERATOR, GuardedRoute
from dashboard.incidents import Text
from dashboard.models import Answer, Question
from dashboard.web import Here
from rules.definition import RulePack
from rules.model import Sentence
from rules.place import STANDING, PlaceMode

router = APIRouter(route_class=GuardedRoute, tags=["modes"])


class HeldMode(Answer):
    """One word about a mode: a person's, or a device's whose event set it."""

    held: PlaceMode
    title: Sentence
    is_by_event: bool


class ModePage(Answer):
    """The modes that hold."""

    at: int = Field(description="the server's time, from which what is left is to be counted")
    seq: int = Field(description="the timeline's last sequence number before this page was read: stream from here")
    modes: list[HeldMode]


class ModeQuery(Question):
    """Which modes."""

    community: list[Text] = Field(default=[], max_length=20)


@router.get("/v1/modes", openapi_extra={**OPERATOR}, summary="The modes that hold, where and until when")
def modes(web: Here, query: Annotated[ModeQuery, Query()]) -> ModePage:
    """Every word about a mode that has not ended, the earliest first; a mode holds as long as one such word does."""
    seq, pack = web.reads.last_seq(), web.find_pack()
    found = [
        HeldMode(held=mode, title=_title_of(pack, mode.mode), is_by_event=bool(mode.source))
        for mode in web.reads.modes()
        if not query.community or mode.community in query.community
    ]
    return ModePage(at=web.clock(), seq=seq, modes=found)


def _title_of(pack: RulePack | None, name: str) -> Sentence:
    """What the pack calls it; a mode that no pack knows any longer goes by its own name."""
    known = None if pack is None else pack.modes.get(name)
    return known.title if known is not None else STANDING.get(name, Sentence(name, name))
