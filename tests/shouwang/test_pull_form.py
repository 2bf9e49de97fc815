"""``pull:`` in the file of routes: what it says becomes a pull; what is wrong with it is told, each with its place."""

import random
from ipaddress import ip_network
from pathlib import Path

import pytest

from ingest.pull import HttpPull, Pull, Rows, SqlPull
from ingest.pull_http import HttpFetch
from ingest.pull_sql import SqlFetch
from ingest.route import RouteReader
from shouwang.pulls import fetch_of, open_pulls
from shouwang.route_file import RouteFileError, read_routes
from tests.ingest.mqtt_stage import ObedientDesk, until
from tests.test_house import ROOT

GOOD = """\
routes:
  city:
    format: open311
    community: jade
    pull: {url: "https://city.example/requests.json"}
  hotline:
    format: fiware
    community: jade
    pull:
      url: http://hotline.example/export?after={cursor}
      every: 5min
      rows: csv
      encoding: gb18030
      cursor: $.id
      start: 100
      token_file: hotline.token
      ca_file: ca.pem
      allow_networks: [10.1.0.0/16, "fd00::/8"]
  office:
    format: senml
    community: jade
    pull:
      url: postgresql://reader@db.example/office
      select: SELECT n, v FROM meters WHERE id > :cursor ORDER BY id LIMIT 500
      cursor: $.id
      start: "0"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "routes.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_it_says(tmp_path: Path) -> None:
    city, hotline, office = (route.pull for route in read_routes(write(tmp_path, GOOD)))
    assert city == Pull(source=HttpPull(url="https://city.example/requests.json"), every_s=60)
    assert hotline is not None
    assert hotline == Pull(
        source=HttpPull(
            url="http://hotline.example/export?after={cursor}",
            rows=Rows.CSV,
            encoding="gb18030",
            token_file=tmp_path / "hotline.token",
            ca_file=tmp_path / "ca.pem",
            allow_networks=(ip_network("10.1.0.0/16"), ip_network("fd00::/8")),
        ),
        every_s=300,
        cursor=hotline.cursor,
        start=100,
    )
    assert hotline.cursor is not None
    assert hotline.cursor.text == "$.id"
    assert office is not None
    assert isinstance(office.source, SqlPull)
    assert office.start == "0"
    assert isinstance(fetch_of(office), SqlFetch)
    assert city is not None
    assert isinstance(fetch_of(city), HttpFetch)


@pytest.mark.parametrize(
    ("pull", "why"),
    [
        ("{url: ftp://city.example/}", "must be http"),
        ("{url: 'http://[city'}", "must be http"),
        ("{url: 'http://li:secret@city.example/'}", "no account"),
        ("{url: 'http://{cursor}.example/', cursor: $.id}", "in the host"),
        ("{url: 'http://city.example/', cursor: $.id}", "belong together"),
        ("{url: 'http://city.example/{cursor}'}", "belong together"),
        ("{url: 'http://city.example/{cursor}', cursor: id}", "not a JSONPath"),
        ("{url: 'http://city.example/', items: $.data}", "only with rows: items"),
        ("{url: 'http://city.example/', every: 1s}", "5"),
        ("{url: 'http://city.example/', start: " + "x" * 600 + "}", "too long"),
        ("{url: 'http://city.example/', allow_networks: [10.1.0.9/16]}", "has host bits set"),
        ("{url: 'sqlite:///x.db', select: SELECT 1, allow_networks: [10.1.0.0/16]}", "only where the route asks by HTTP"),
        ("{url: nonsense, select: SELECT 1}", "it must be postgresql"),
        ("{url: 'mysql://db.example/x', select: SELECT 1}", "it must be postgresql"),
        ("{url: 'postgresql://li:secret@db.example/x', select: SELECT 1}", "the password belongs"),
        ("{url: 'sqlite:///x.db', select: DROP TABLE x}", "one SELECT"),
        ("{url: 'sqlite:///x.db', select: SELECT 1; DROP TABLE x}", "one SELECT"),
        ("{url: 'sqlite:///x.db', select: SELECT 1, cursor: $.id}", "belong together"),
        ("{url: 'sqlite:///x.db', select: SELECT 1, rows: csv}", "each row of a database"),
    ],
)
def test_what_is_wrong_with_it(tmp_path: Path, pull: str, why: str) -> None:
    path = write(tmp_path, f"routes:\n  city: {{format: senml, community: jade, pull: {pull}}}\n")
    with pytest.raises(RouteFileError, match=why) as refused:
        read_routes(path)
    assert "secret" not in str(refused.value)


@pytest.mark.anyio
async def test_the_process_asks_for_each_route_that_says_so_and_ends_with_it(tmp_path: Path) -> None:
    database = tmp_path / "empty.db"
    pull = f"{{url: 'sqlite:///{database}', select: SELECT 1, every: 5s}}"
    routes = read_routes(write(tmp_path, f"routes:\n  city: {{format: senml, community: jade, pull: {pull}}}\n"))
    readers = [RouteReader(route, lambda: 0) for route in routes]
    fatal: list[BaseException] = []
    async with open_pulls(readers, ObedientDesk(), tmp_path, random.Random(1), fatal.append):
        figures = readers[0].beside[0]
        await until(lambda: getattr(figures, "failed_ask_count", 0) == 1)
    assert fatal == []


@pytest.mark.parametrize("page", ["exchange.md", "exchange.zh-CN.md"])
def test_the_routes_of_the_page_are_routes(tmp_path: Path, page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8").partition("```yaml\n")[2].partition("```")[0]
    hotline, reports = (route.pull for route in read_routes(write(tmp_path, text)))
    assert hotline is not None
    assert reports is not None
    assert (hotline.start, reports.start) == ("2026-11-01T00:00:00Z", 0)
