"""Deny by default: every route says who may use it, and nobody else gets further than the door."""

import re
from collections.abc import Sequence

import httpx
import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute, iter_route_contexts

from dashboard.access import OPERATOR, GuardedRoute
from dashboard.api import bare_app
from dashboard.sessions import IDLE_MAX_S, LIFETIME_MAX_S
from handlers.exchange.contract import Partner
from tests.dashboard.conftest import METRICS_TOKEN, PARTNER_TOKENS, PARTNERS, TOKEN, Site

ROUTES = sorted(
    (method, re.sub(r"\{[^}]+\}", "1", context.path or ""), (context.openapi_extra or {}).get("x-policy"))
    for context in iter_route_contexts(bare_app().routes)
    for method in (context.methods or ())
)
GUARDED = [(method, path) for method, path, policy in ROUTES if policy != "public"]


@pytest.fixture
def partners() -> Sequence[Partner]:
    return PARTNERS


def test_every_route_declares_a_policy() -> None:
    assert len(ROUTES) >= 13
    assert {policy for _, _, policy in ROUTES} == {"public", "operator", "observer", "exchange"}
    assert [(method, path) for method, path, policy in ROUTES if policy == "public"] == [
        ("GET", "/health/live"),
        ("POST", "/v1/session"),
    ]


def test_a_route_without_policy_cannot_be_made() -> None:
    router = APIRouter(route_class=GuardedRoute)
    with pytest.raises(TypeError, match="declares no policy"):
        router.get("/open")(lambda: None)
    router.get("/guarded", openapi_extra={**OPERATOR})(lambda: None)
    assert all(isinstance(route, APIRoute) for route in router.routes)


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_no_guarded_route_opens_without_the_right_token(site: Site, method: str, path: str) -> None:
    wrong = [
        {},
        {"Authorization": "Bearer sw_wrong"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": f"Bearer {TOKEN[:-1]}"},
        {"Cookie": "shouwang=guess"},
        {"Cookie": f"shouwang={TOKEN}"},
    ]
    for headers in wrong:
        for body in (b"", b"{not json"):
            answer = site.client(token=None).request(
                method, path, headers={**headers, "Content-Type": "application/json"}, content=body
            )
            assert answer.status_code in {401, 429}, (headers, answer.text)
            assert answer.json()["error"]["zh"]
    assert (site.door.actions, site.door.redriven) == ([], [])


def test_the_monitoring_token_reads_health_and_metrics_and_nothing_else(site: Site) -> None:
    client = site.client(token=METRICS_TOKEN)
    for method, path, policy in ROUTES:
        if policy != "public":
            status = client.request(method, path).status_code
            assert (status == 200) == (policy == "observer"), (method, path)
            assert status in {200, 403}
    assert client.post("/v1/session", json={"token": METRICS_TOKEN}).status_code == 401


@pytest.mark.parametrize("name", PARTNER_TOKENS)
def test_a_partners_token_opens_the_data_exchange_and_nothing_else(site: Site, name: str) -> None:
    client = site.client(token=PARTNER_TOKENS[name])
    for method, path, policy in ROUTES:
        if policy != "public":
            status = client.request(method, path).status_code
            assert (status != 403) == (policy == "exchange"), (method, path)
    assert client.post("/v1/session", json={"token": PARTNER_TOKENS[name]}).status_code == 401


def test_nobody_but_a_partner_gets_into_the_data_exchange(site: Site) -> None:
    session = site.client(token=None)
    session.post("/v1/session", json={"token": TOKEN, "operator": "exchange-street"})  # a name is no right
    for client in (site.client(), site.client(token=METRICS_TOKEN), session):
        answer = client.get("/v1/exchange/incidents")
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "no_partner")


def test_the_token_in_the_address_opens_nothing(site: Site) -> None:
    assert site.client(token=None).get("/v1/counts", params={"token": TOKEN, "access_token": TOKEN}).status_code == 401


def test_other_spellings_of_a_path_do_not_get_around_the_guard(site: Site) -> None:
    client = site.client(token=None)
    for path in ("//v1/counts", "/v1/counts/", "/v1/%63ounts", "/./v1/counts", "/health/live/../../v1/counts", "/V1/counts"):
        assert client.get(httpx.URL(site.url).copy_with(raw_path=path.encode())).status_code in {401, 404}


def test_a_session_opens_what_the_token_opens(site: Site) -> None:
    client = _logged_in(site, operator="张三")
    cookie = client.cookies.jar.__iter__().__next__()
    assert (cookie.has_nonstandard_attr("HttpOnly"), cookie.get_nonstandard_attr("SameSite"), cookie.path) == (
        True,
        "strict",
        "/",
    )
    me = client.get("/v1/session").json()
    assert (me["operator"], me["by"], me["languages"]) == ("张三", "cookie", ["zh-CN", "en"])
    assert client.get("/v1/counts").status_code == 200
    action = {"verb": "note", "entity": "incident", "entity_id": "i-1", "community": "c", "arguments": {"text": "好"}}
    assert client.post("/v1/actions", json=action, headers={"Origin": site.url}).status_code == 200
    assert site.door.actions[0]["actor"] == "张三"


def test_logging_out_ends_the_session_on_the_server(site: Site) -> None:
    client = _logged_in(site)
    cookies = dict(client.cookies)
    assert client.delete("/v1/session", headers={"Origin": site.url}).status_code == 204
    assert not client.cookies
    assert site.client(token=None).get("/v1/counts", headers={"Cookie": f"shouwang={cookies['shouwang']}"}).status_code == 401


def test_a_session_ends_when_nobody_uses_it_and_after_a_duty(site: Site) -> None:
    client = _logged_in(site)
    site.clock.now += int(IDLE_MAX_S * 1000) - 1
    assert client.get("/v1/counts").status_code == 200
    site.clock.now += int(IDLE_MAX_S * 1000)
    assert client.get("/v1/counts").json()["error"]["code"] == "not_logged_in"
    client = _logged_in(site)
    for _ in range(int(LIFETIME_MAX_S / IDLE_MAX_S * 2) - 1):
        site.clock.now += int(IDLE_MAX_S * 500)
        assert client.get("/v1/counts").status_code == 200
    site.clock.now += int(IDLE_MAX_S * 500)
    assert client.get("/v1/counts").status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://[broken"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_page_of_another_site_changes_nothing(site: Site, headers: dict[str, str]) -> None:
    client = _logged_in(site)
    action = {"verb": "close", "entity": "incident", "entity_id": "i-1", "community": "c"}
    for method, path, body in (
        ("POST", "/v1/actions", action),
        ("POST", "/v1/rejected/1/redrive", None),
        ("DELETE", "/v1/session", None),
    ):
        answer = client.request(method, path, json=body, headers=headers)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "foreign_origin")
    assert (site.door.actions, site.door.redriven) == ([], [])
    assert client.get("/v1/session").status_code == 200


def test_a_form_of_another_content_type_changes_nothing(site: Site) -> None:
    client = _logged_in(site)
    body = '{"verb": "close", "entity": "incident", "entity_id": "i-1", "community": "c"}'
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        answer = client.post("/v1/actions", content=body, headers={"Content-Type": kind, "Origin": site.url})
        assert answer.status_code == 422
    assert site.door.actions == []


def test_wrong_tokens_make_the_client_wait_and_nobody_else(site: Site) -> None:
    client = site.client(token=None)
    for _ in range(5):
        assert client.post("/v1/session", json={"token": "sw_wrong"}).status_code == 401
    told = client.post("/v1/session", json={"token": TOKEN})
    assert (told.status_code, told.json()["error"]["code"]) == (429, "too_many_failures")
    assert int(told.headers["retry-after"]) >= 1
    assert site.client().get("/v1/counts").status_code == 200, "who holds the token is not locked out"
    site.clock.now += 1000 * int(told.headers["retry-after"])
    assert client.post("/v1/session", json={"token": TOKEN}).status_code == 200


def test_more_than_a_megabyte_is_refused(site: Site) -> None:
    answer = site.client().post("/v1/actions", json={"verb": "x" * 1_000_001})
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
    streamed = site.client().post(
        "/v1/actions", content=(b" " * 100_000 for _ in range(11)), headers={"Content-Type": "application/json"}
    )
    assert (streamed.status_code, streamed.json()["error"]["code"]) == (413, "too_large")


def _logged_in(site: Site, operator: str = "operator") -> httpx.Client:
    client = site.client(token=None)
    answer = client.post("/v1/session", json={"token": TOKEN, "operator": operator}, headers={"Origin": site.url})
    assert answer.status_code == 200, answer.text
    return client
