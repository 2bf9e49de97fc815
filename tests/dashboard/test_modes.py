"""GET /v1/modes: which modes hold, where, since when, until when, by whom; over a real store, filled by the chain itself."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from rules.definition import Mode
from rules.model import Entity, OperatorAction, Sentence, Verb
from tests.dashboard.conftest import Site
from tests.rules.score import T0, Play, event, pack, rule

RAIN = Mode(
    id="rainstorm", title=Sentence("暴雨预警", "Rainstorm signal"), kinds=("warning_signal",), on_states=("on",), lasts_s=3600
)
PACK = replace(pack(rule("hot", "temperature")), modes=MappingProxyType({"rainstorm": RAIN}))


def set_mode(play: Play, at_s: float, mode: str, zone: str = "*", **arguments: str | float | bool) -> None:
    action = OperatorAction(
        id=f"m{at_s}",
        community="c1",
        actor="li",
        verb=Verb.SET_MODE,
        entity=Entity.ZONE,
        entity_id=zone,
        arguments={"mode": mode, **arguments},
    )
    play.receive(action, at_s)


@pytest.fixture
def placed(site: Site) -> Site:
    """Night for the whole community, a house that is away for a day, a signal that holds an hour, and a drill that is over."""
    play = Play(PACK)
    set_mode(play, 0, "drill")
    set_mode(play, 10, "drill", is_on=False)
    set_mode(play, 20, "night")
    set_mode(play, 30, "away", "b01/u1/0101", for_s=86_400, reason="holiday")
    play.receive(event("cma", "warning_signal", "on", id="w", zone="garage"), 40)
    site.books.write_all(play.effects)
    site.clock.now = T0 + 60_000
    site.app.state.web = replace(site.web, find_pack=lambda: PACK)
    return site


def listed(site: Site, **query: object) -> list[dict[str, object]]:
    answer = site.client().get("/v1/modes", params=query)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    assert answer.json()["at"] == site.clock.now
    return [{**each["held"], "title": each["title"], "is_by_event": each["is_by_event"]} for each in answer.json()["modes"]]


def test_what_holds_is_listed_with_place_person_reason_and_end(placed: Site) -> None:
    night, away, rain = listed(placed)
    assert (night["mode"], night["zone"], night["set_by"], night["since_at"], night["until_at"]) == (
        "night",
        "",
        "li",
        T0 + 20_000,
        None,
    )
    assert (away["zone"], away["reason"], away["until_at"]) == ("b01/u1/0101", "holiday", T0 + 30_000 + 86_400_000)
    assert (rain["zone"], rain["set_by"], rain["until_at"]) == ("garage", "cma", T0 + 40_000 + 3_600_000)
    assert [each["is_by_event"] for each in (night, away, rain)] == [False, False, True]


def test_each_has_its_title_in_both_languages(placed: Site) -> None:
    assert [each["title"] for each in listed(placed)] == [
        {"zh": "夜间", "en": "night"},
        {"zh": "外出", "en": "away"},
        {"zh": "暴雨预警", "en": "Rainstorm signal"},
    ]
    placed.app.state.web = replace(placed.web, find_pack=lambda: None)
    assert listed(placed)[2]["title"] == {"zh": "rainstorm", "en": "rainstorm"}, "a mode that no pack knows goes by its name"


def test_another_communitys_are_left_out_where_one_is_asked_for(placed: Site) -> None:
    assert len(listed(placed, community="c1")) == 3
    assert listed(placed, community="c2") == []


def test_nobody_without_a_token_is_told(placed: Site) -> None:
    assert placed.client(token="").get("/v1/modes").status_code == 401
