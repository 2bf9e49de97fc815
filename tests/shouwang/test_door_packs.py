"""Activating a pack through the front door: whole or not at all, told who did it, with the way back."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from ingest.http_answers import speak_uniformly
from ingest.http_door import FrontDoor
from ingest.port import Unmetered
from ingest.topics import PREFIX
from rules.model import PackActivation
from shouwang import door
from shouwang.door import checker
from shouwang.door_packs import PackDoor, pack_routes
from shouwang.pack_follower import PackFollower
from tests.shouwang.spine import PACK_TEXT, Spine, read, smoke

pytestmark = pytest.mark.anyio

OTHER = PACK_TEXT.replace('version: "1.0.0"', 'version: "1.1.0"').replace("微站一组", "微站甲组")
WITHOUT = OTHER.replace("1.1.0", "1.2.0").replace("  smoke_detector:\n", "  smoke_alarm:\n")


@pytest.fixture
def desk(spine: Spine) -> httpx.AsyncClient:
    spine.start()
    app = FastAPI()
    speak_uniformly(app)
    front = FrontDoor(spine.desk, spine.journal.find, lambda _: None, Unmetered(), PREFIX)
    app.include_router(pack_routes(PackDoor(spine.desk, front, read), door._guard(checker("sw_service"))))
    headers = {"Authorization": "Bearer sw_service"}
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://front-door/internal", headers=headers)


async def put(desk: httpx.AsyncClient, text: str, **changes: Any) -> httpx.Response:
    return await desk.post("/packs", json={"text": text, "actor": "li", **changes})


def activations(spine: Spine) -> list[tuple[str, str]]:
    entries = [each.entry for each in spine.journal.read()]
    return [(entry.version, entry.actor) for entry in entries if isinstance(entry, PackActivation)]


async def test_a_pack_is_activated_answered_with_its_changes_and_in_the_history(desk: httpx.AsyncClient, spine: Spine) -> None:
    async with desk:
        answer = (await put(desk, OTHER)).json()
        assert (answer["is_active"], answer["version"], answer["before"]) == (True, "1.1.0", "community 1.0.0")
        assert [(one["section"], one["id"], one["field"]) for one in answer["changes"]] == [
            ("pack", "community", "version"),
            ("responders", "micro_station_1", "title"),
        ]
        assert activations(spine)[-1] == ("1.1.0", "li")
        history = (await desk.get("/packs")).json()
        assert [(one["version"], one["actor"]) for one in history][-1] == ("1.1.0", "li")
        assert all("text" not in one for one in history)


async def test_a_dry_run_says_what_it_would_mean_and_journals_nothing(desk: httpx.AsyncClient, spine: Spine) -> None:
    spine.put(smoke("s1"))
    async with desk:
        before = activations(spine)
        answer = (await put(desk, WITHOUT, is_dry_run=True)).json()
        assert not answer["is_active"]
        assert [(one["rule"], one["what"]) for one in answer["open"]] == [("smoke_detector", "ends")]
        assert activations(spine) == before


async def test_a_pack_with_faults_is_refused_with_all_of_them(desk: httpx.AsyncClient, spine: Spine) -> None:
    async with desk:
        before = activations(spine)
        bad = OTHER.replace("hazard: fire", "hazard: fyre", 1).replace("plan: gas", "plan: gass", 1)
        answer = await put(desk, bad)
        assert answer.status_code == 422
        assert [each["message"].partition(";")[0] for each in answer.json()["faults"]] == [
            "unknown hazard 'fyre'",
            "unknown plan 'gass'",
        ]
        assert activations(spine) == before


async def test_the_pack_in_force_is_not_activated_twice(desk: httpx.AsyncClient, spine: Spine) -> None:
    async with desk:
        await put(desk, OTHER)
        count = len(activations(spine))
        answer = (await put(desk, OTHER)).json()
        assert (answer["is_active"], "position" in answer) == (True, False)
        assert len(activations(spine)) == count


async def test_going_back_and_forth(desk: httpx.AsyncClient, spine: Spine) -> None:
    async with desk:
        await put(desk, OTHER)
        back = (await desk.post("/packs/rollback", json={"actor": "wang"})).json()
        assert (back["version"], back["is_active"]) == ("1.0.0", True)
        assert activations(spine)[-1] == ("1.0.0", "wang")
        forth = (await desk.post("/packs/rollback", json={"actor": "wang", "version": "1.1.0"})).json()
        assert forth["version"] == "1.1.0"
        none = await desk.post("/packs/rollback", json={"actor": "wang", "version": "9.9.9"})
        assert (none.status_code, none.json()["error"]["code"]) == (404, "no_earlier_pack")


@pytest.mark.parametrize("changes", [{"actor": "start"}, {"actor": ""}, {"text": ""}, {"more": 1}])
async def test_a_wish_must_be_whole_and_nobody_is_the_start(desk: httpx.AsyncClient, changes: dict[str, Any]) -> None:
    async with desk:
        assert (await put(desk, **{"text": OTHER, **changes})).status_code == 422


async def test_nobody_without_the_token_may_ask(desk: httpx.AsyncClient) -> None:
    async with desk:
        for method, path in (("GET", "/packs"), ("POST", "/packs"), ("POST", "/packs/rollback"), ("GET", "/packs/active")):
            assert (await desk.request(method, path, headers={"Authorization": "Bearer wrong"})).status_code == 401


async def test_the_web_learns_of_the_new_pack(desk: httpx.AsyncClient, spine: Spine) -> None:
    del spine
    follower = PackFollower(read(PACK_TEXT), "", "")
    async with desk:
        for text, name in ((PACK_TEXT, "微站一组"), (OTHER, "微站甲组"), (OTHER, "微站甲组")):
            await put(desk, text)
            await follower.ask(desk)
            assert follower.names()["micro_station_1"].zh == name
            assert follower.responders()[0].title.zh == name
        assert follower.pack() is not None
    assert PackFollower(None, "", "").responders() == ()
    assert PackFollower(None, "", "").names() == {}


async def test_a_chain_that_does_not_answer_changes_nothing() -> None:
    follower = PackFollower(read(PACK_TEXT), "", "")
    gone = httpx.MockTransport(lambda _: httpx.Response(503))
    async with httpx.AsyncClient(transport=gone) as client:
        await follower.ask(client)
    worse = httpx.MockTransport(lambda _: httpx.Response(200, json={"digest": "d", "text": "rules: ["}))
    async with httpx.AsyncClient(transport=worse) as client:
        await follower.ask(client)
    assert follower.names()["micro_station_1"].zh == "微站一组"
