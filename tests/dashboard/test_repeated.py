"""A parameter with one value that is given twice is refused on every route, in the one form of an error; lists take several."""

from dashboard.openapi import document
from tests.dashboard.conftest import Site


def parameters(*, is_list: bool) -> list[tuple[str, str]]:
    """The path and the name of every query parameter that a GET takes."""
    return [
        (path.replace("{incident_id}", "i-1"), parameter["name"])
        for path, methods in document()["paths"].items()
        for parameter in methods.get("get", {}).get("parameters", [])
        if not path.startswith("/v1/exchange/")  # opens to partners' own tokens alone
        and parameter["in"] == "query"
        and (parameter["schema"].get("type") == "array") is is_list
    ]


def test_one_value_is_given_once_on_every_route(site: Site) -> None:
    client, asked = site.client(), parameters(is_list=False)
    assert {("/v1/rules", "community"), ("/v1/stream", "after"), ("/v1/rejected", "limit")} <= set(asked)
    answers = {(path, name): client.get(path, params={name: ["1", "2"]}) for path, name in asked}
    assert {one.status_code for one in answers.values()} == {422}
    assert {key: one.json()["error"] for key, one in answers.items()} == {
        (path, name): {
            "code": "invalid",
            "field": f"query.{name}",
            "zh": f"query.{name}：只能给出一次。",
            "en": f"query.{name}: Give it once.",
        }
        for path, name in asked
    }


def test_a_list_takes_several(site: Site) -> None:
    assert ("/v1/rules", "rule") in parameters(is_list=True)
    assert site.client().get("/v1/rules?rule=a&rule=b&community=c1").status_code == 200


def test_who_is_not_known_is_told_nothing_else(site: Site) -> None:
    assert site.client(token=None).get("/v1/rules?community=a&community=b").status_code == 401
