"""GET /v1/routes: what the desk has counted, and what is said while it does not answer."""

from tests.dashboard.conftest import METRICS_TOKEN, Site
from tests.dashboard.route_counts import counted


def test_each_route_with_what_it_brought(site: Site) -> None:
    site.door.metrics = counted(garden=(12, 9, 2, 1, 0, 1_795_500_000), meters=(0, 0, 0, 0, 0, 0))
    garden, meters = site.client().get("/v1/routes").json()["routes"]
    assert garden == {
        "name": "garden",
        "received_count": 12,
        "event_count": 9,
        "rejected_count": 2,
        "ignored_count": 1,
        "failed_count": 0,
        "last_at": 1_795_500_000_000,
    }
    assert (meters["name"], meters["last_at"]) == ("meters", None)


def test_without_routes_there_are_none(site: Site) -> None:
    assert site.client().get("/v1/routes").json() == {"at": site.clock.now, "routes": []}


def test_while_the_desk_is_away_it_is_said(site: Site) -> None:
    site.door.close()
    answer = site.client().get("/v1/routes")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "desk_unreachable")


def test_only_an_operator_may(site: Site) -> None:
    assert [site.client(token=token).get("/v1/routes").status_code for token in (METRICS_TOKEN, None)] == [403, 401]
