"""The queue, one incident, the counts: what was stored is what is shown, worst first, page by page."""

from rules.effects import Notify, RecordFact, SaveAlarm, SaveDispatch, SaveIncident, SaveWarning
from rules.model import Clock, Level, Sentence, Status, Verdict
from tests.dashboard import night
from tests.dashboard.conftest import Site
from tests.handlers import records


def kitchen_fire() -> list[SaveIncident | SaveWarning | SaveAlarm | SaveDispatch | RecordFact | Notify]:
    clocks = (Clock(name="acknowledged", due_at=61_000, started_at=1000),)
    return [
        SaveIncident(records.incident(clocks=clocks, is_life_safety=True)),
        SaveWarning(records.warning(ended_at=1000)),
        SaveAlarm(records.alarm()),
        SaveDispatch(records.dispatch()),
        RecordFact(records.fact("f-1", at=1000)),
        RecordFact(records.fact("f-2", at=1100, transition="ordered")),
        Notify(
            key="n-1",
            community="jiayuan",
            incident_id="i-1",
            dispatch_id="d-1",
            target="guard-1",
            step="ordered",
            level=Level.RED,
            title=Sentence("火警", "fire"),
            text=records.SAYS,
            is_critical=True,
            at=1100,
        ),
    ]


def test_the_queue_is_sorted_by_level_then_by_age(site: Site) -> None:
    for name, level, at in (("i-1", "blue", 1), ("i-2", "red", 30), ("i-3", "red", 20), ("i-4", "orange", 10)):
        site.books.write(SaveIncident(records.incident(name, level=Level(level), at=at, zone=f"b{name}")))
    answer = site.client().get("/v1/incidents").json()
    assert [each["incident"]["id"] for each in answer["incidents"]] == ["i-3", "i-2", "i-4", "i-1"]
    assert answer["next_cursor"] is None
    assert answer["at"] == site.clock.now


def test_every_incident_is_on_exactly_one_page(site: Site) -> None:
    levels = [*Level] * 3
    for number, level in enumerate(levels):
        site.books.write(SaveIncident(records.incident(f"i-{number:02}", level=level, at=5, zone=f"b{number}")))
    client, seen, cursor = site.client(), [], None
    while True:
        page = client.get("/v1/incidents", params={"limit": 5, **({"cursor": cursor} if cursor else {})}).json()
        seen += [each["incident"]["id"] for each in page["incidents"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(levels)
    assert seen == sorted(seen, key=lambda name: (levels[int(name[2:])].rank, name))


def test_closed_incidents_are_shown_only_when_asked_for(site: Site) -> None:
    site.books.write(SaveIncident(records.incident("i-1")), SaveIncident(records.incident("i-2", at=5, closed_at=900)))
    client = site.client()
    assert _ids(client.get("/v1/incidents").json()) == ["i-1"]
    assert _ids(client.get("/v1/incidents", params={"open": "false"}).json()) == ["i-2"]
    assert _ids(client.get("/v1/incidents", params={"open": "all"}).json()) == ["i-1", "i-2"]


def test_filters_narrow_the_queue(site: Site) -> None:
    site.books.write(
        SaveIncident(records.incident("i-1", zone="b03/u1")),
        SaveIncident(records.incident("i-2", zone="b03/u10", level=Level.BLUE, status=Status.EXERCISE)),
    )
    client = site.client()
    assert _ids(client.get("/v1/incidents", params={"zone": "b03/u1"}).json()) == ["i-1"]
    assert _ids(client.get("/v1/incidents", params={"zone": "b03"}).json()) == ["i-1", "i-2"]
    assert _ids(client.get("/v1/incidents", params={"level": ["blue", "yellow"]}).json()) == ["i-2"]
    assert _ids(client.get("/v1/incidents", params={"status": "exercise"}).json()) == ["i-2"]
    assert _ids(client.get("/v1/incidents", params={"community": "another"}).json()) == []


def test_the_next_clock_is_the_one_due_first(site: Site) -> None:
    site.books.write(*kitchen_fire())
    (line,) = site.client().get("/v1/incidents").json()["incidents"]
    assert (line["next_clock"]["entity"], line["next_clock"]["clock"]["name"]) == ("incident", "acknowledged")
    (of_dispatch, *_) = records.dispatch("d-0").clocks
    together = (Clock(name="acknowledged", due_at=of_dispatch.due_at, started_at=1000),)
    site.books.write(SaveIncident(records.incident(clocks=together)))
    (line,) = site.client().get("/v1/incidents").json()["incidents"]
    assert line["next_clock"]["entity"] == "incident"  # due together: first of all somebody must have seen it
    met = (Clock(name="acknowledged", due_at=61_000, started_at=1000, met_at=1500),)
    site.books.write(SaveIncident(records.incident(clocks=met)))
    (line,) = site.client().get("/v1/incidents").json()["incidents"]
    assert (line["next_clock"]["entity_id"], line["next_clock"]["responder"]) == ("d-1", "guard-1")


def test_a_case_shows_what_it_rests_on(site: Site) -> None:
    site.books.write(*kitchen_fire())
    case = site.client().get("/v1/incidents/i-1").json()
    assert (
        case["alarms"][0]["evidence"][0] | {"value": 8.0, "limit": 5.0, "device": "smoke-0502"}
        == case["alarms"][0]["evidence"][0]
    )
    assert (case["alarms"][0]["rule"], case["alarms"][0]["pack_version"]) == ("smoke", "1")
    assert case["alarms"][0]["sentence"] == {"zh": "厨房烟雾 8 %/m", "en": "smoke in the kitchen, 8 %/m"}
    assert [line["fact"]["transition"] for line in case["timeline"]] == ["opened", "ordered"]
    assert case["seq"] == case["timeline"][-1]["seq"]
    assert case["is_timeline_whole"]
    people = [each for each in case["deliveries"] if each["target"] == "guard-1"]
    assert [(each["channel"], each["state"], each["attempt_count"]) for each in people] == [("people", "owed", 0)]


def test_a_case_offers_what_is_legal_now(site: Site) -> None:
    site.books.write(*kitchen_fire())
    offered = _offered(site)
    assert offered["i-1"] == ["acknowledge", "verify", "order", "note", "close"]
    assert offered["a-1"] == ["acknowledge"]  # a life hangs on it: it cannot be shelved
    assert offered["d-1"] == ["accept", "decline", "reassign"]
    site.books.write(
        SaveIncident(records.incident(closed_at=9000, verdict=Verdict.REAL)),
        SaveAlarm(records.alarm(state="normal", ended_at=9000)),
        SaveDispatch(records.dispatch(state="completed", ended_at=9000)),
    )
    assert _offered(site) == {}


def test_a_case_names_its_parties_and_responders_and_nobody_else(site: Site) -> None:
    site.books.write_all(night.kitchen_fire(site.clock.now))
    client = site.client()
    names = client.get(f"/v1/incidents/{night.FIRE}").json()["names"]
    assert set(names) == {"property", "fire_station", "guard-wang", "guard-zhao", "guard-sun", "microstation-2"}
    assert names["guard-zhao"] == {"zh": "保安二号岗", "en": "Guard post 2"}
    page = client.get("/v1/incidents").json()
    assert page["incidents"][0]["next_clock"]["responder"] == "microstation-2"
    assert set(page["names"]) == {"property", "fire_station", "microstation-2"}


def test_who_was_told_is_named_though_no_party_to_the_case(site: Site) -> None:
    site.books.write(SaveIncident(records.incident()), *[each for each in kitchen_fire() if isinstance(each, Notify)])
    assert site.client().get("/v1/incidents/i-1").json()["names"] == {"guard-1": {"zh": "保安三号岗", "en": "Guard post 3"}}


def test_counts_say_how_much_there_is_to_do(site: Site) -> None:
    site.books.write(*kitchen_fire())
    counts = site.client().get("/v1/counts").json()
    assert counts["open_incidents"] == {"red": 1, "orange": 0, "yellow": 0, "blue": 0}
    assert (counts["unacknowledged_incident_count"], counts["active_alarm_count"], counts["dispatch_under_way_count"]) == (
        1,
        1,
        1,
    )
    assert counts["active_warning_count"] == 0
    assert counts["delivery_owed_count"] > 0


def test_an_unknown_incident_and_a_foreign_cursor_say_so(site: Site) -> None:
    client = site.client()
    unknown = client.get("/v1/incidents/i-404")
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "no_such_incident")
    for cursor in ("x", "u.1.2", "a.1.2.i-1", "u.9999999999999999999.1.i"):
        foreign = client.get("/v1/incidents", params={"cursor": cursor})
        assert (foreign.status_code, foreign.json()["error"]["field"]) == (422, "query.cursor")


def _ids(page: dict[str, list[dict[str, dict[str, str]]]]) -> list[str]:
    return [each["incident"]["id"] for each in page["incidents"]]


def _offered(site: Site) -> dict[str, list[str]]:
    case = site.client().get("/v1/incidents/i-1").json()
    return {each["entity_id"]: [verb["verb"] for verb in each["verbs"]] for each in case["actions"]}
