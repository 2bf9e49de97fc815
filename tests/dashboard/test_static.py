"""The console's files, the headers on every answer, and what a person sees while nothing is built."""

from pathlib import Path

import pytest

from tests.dashboard.conftest import Site

HTML = {"Accept": "text/html"}


@pytest.fixture
def built(console: Path) -> Path:
    (console / "assets").mkdir(parents=True)
    (console / "index.html").write_text("<!doctype html><title>守望</title>", encoding="utf-8")
    (console / "assets" / "app-1a2b.js").write_text("export {}", encoding="utf-8")
    (console.parent / "secret.txt").write_text("secret", encoding="utf-8")
    return console


def test_while_nothing_is_built_the_page_says_how(site: Site) -> None:
    answer = site.client(token=None).get("/", headers=HTML)
    assert answer.status_code == 200
    assert "./run console" in answer.text
    assert "控制台尚未构建" in answer.text
    assert "The API works" in answer.text
    assert site.client(token=None).get("/incident/i-1", headers=HTML).json()["error"]["code"] == "not_found"


def test_every_page_of_the_built_console_is_its_index(built: Path, site: Site) -> None:
    client = site.client(token=None)
    for path in ("/", "/incidents/i-1", "/login?next=%2F"):
        answer = client.get(path, headers=HTML)
        assert (answer.status_code, answer.text) == (200, "<!doctype html><title>守望</title>"), path
        assert answer.headers["cache-control"] == "no-cache"


def test_files_with_a_digest_in_their_name_are_kept_for_ever(built: Path, site: Site) -> None:
    client = site.client(token=None)
    answer = client.get("/assets/app-1a2b.js")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
    assert "javascript" in answer.headers["content-type"]
    gone = client.get("/assets/app-gone.js")
    assert (gone.status_code, gone.headers["cache-control"]) == (404, "no-store")


def test_nothing_outside_the_console_is_served(built: Path, site: Site) -> None:
    client = site.client(token=None)
    for path in ("/..%2fsecret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/assets/%00", "//etc/passwd"):
        assert "secret" not in client.get(path).text
        assert client.get(path).status_code == 404


def test_an_unknown_address_of_the_api_is_never_a_page(built: Path, site: Site) -> None:
    for path in ("/v1/unknown", "/v1/incidents/", "/health/unknown", "/metrics/x", "/openapi.json", "/docs", "/redoc"):
        answer = site.client().get(path, headers=HTML if path.startswith(("/v1", "/health", "/metrics")) else {})
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found"), path


def test_a_method_that_an_address_does_not_take_is_said_so(built: Path, site: Site) -> None:
    for method, path in (
        ("POST", "/v1/counts"),
        ("DELETE", "/v1/incidents/i-1"),
        ("GET", "/v1/actions"),
        ("PUT", "/health/live"),
    ):
        answer = site.client().request(method, path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (405, "method_not_allowed")
        assert answer.headers["allow"]


def test_every_answer_carries_the_security_headers(built: Path, site: Site) -> None:
    client = site.client(token=None)
    for path in ("/", "/assets/app-1a2b.js", "/v1/counts", "/health/live", "/nowhere.txt"):
        headers = client.get(path, headers=HTML).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert (headers["x-content-type-options"], headers["x-frame-options"]) == ("nosniff", "DENY")
    assert client.get("/v1/counts").headers["cache-control"] == "no-store"
