"""The file of routes: what it says becomes routes; what is wrong with it is told all at once, each with its place."""

from pathlib import Path

import pytest

from ingest.areas import Spot
from ingest.route import Listen, Push
from rules.model import Network
from shouwang.route_file import RouteFileError, read_routes
from shouwang.settings import Settings, SettingsError
from shouwang.sources import open_routes
from tests.test_house import ROOT

GOOD = """\
routes:
  garden:
    format: zigbee2mqtt
    community: jade
    topics: zigbee2mqtt/#
    zone: b09
    zones:
      living room/smoke: b01/u1/0101
    names: {living room/smoke: s-0101}
  meters:
    format: senml
    community: jade
    network: data
    push: {per_minute_max: 60, key_in_url: true}
    confidence: 0.8
    spot: {latitude: 30.57, longitude: 104.06, codes: {adcode: "510107"}, near_km: 5}
    topics: [a/+, b]
  plain: {format: senml, community: jade, push: true}
  panels: {format: gb26875, community: jade, listen: {port: 26875, host: 192.0.2.1, idle: 10min, connections_max: 20}}
"""

BAD = """\
routes:
  garden:
    format: zigbe2mqtt
    community: ja de
    topics: [zigbee2mqtt/#/x, '#']
    zone: b01//u1
    zones:
      hall: 'b01 u1'
    names:
      one: s/1
      two: same
      three: same
  silent:
    format: senml
    community: jade
  wrong:
    format: senml
    comunity: jade
    network: radio
    push: {per_minute_max: 0}
  deaf: {format: senml, community: jade, listen: {port: 26875}}
  Capital: {format: senml, community: jade, push: true}
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "routes.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_routes_are_as_the_file_says(tmp_path: Path) -> None:
    garden, meters, plain, panels = read_routes(written(tmp_path, GOOD))
    assert (garden.name, garden.format.name, garden.community, garden.network) == ("garden", "zigbee2mqtt", "jade", Network.IOT)
    assert (garden.topics, garden.push, garden.zone) == (("zigbee2mqtt/#",), None, "b09")
    assert (garden.zones, garden.names) == ({"living room/smoke": "b01/u1/0101"}, {"living room/smoke": "s-0101"})
    assert (meters.network, meters.topics, meters.push) == (
        Network.DATA,
        ("a/+", "b"),
        Push(per_minute_max=60, may_use_url_key=True),
    )
    assert plain.push == Push()
    assert panels.listen == Listen(host="192.0.2.1", port=26875, idle_s=600, connections_max=20)
    spot = Spot(latitude=30.57, longitude=104.06, codes=(("adcode", "510107"),), near_km=5)
    assert [garden.spot, meters.spot] == [None, spot]
    assert [garden.confidence, meters.confidence] == [1.0, 0.8]


def test_a_route_may_be_read_by_a_declarative_mapping(tmp_path: Path) -> None:
    (tmp_path / "guard.yaml").write_text((ROOT / "docs" / "examples" / "mapping_guard.yaml").read_text(encoding="utf-8"))
    route = "routes:\n  gate: {mapping: guard.yaml, community: jade, topics: gate/+}\n"
    (gate,) = read_routes(written(tmp_path, route))
    assert (gate.format.name, gate.network) == ("guard_box", gate.format.network)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ("mapping: bad.yaml", "bad.yaml:1:1"),
        ("mapping: none.yaml", "none.yaml:1:1: 无法读取"),
        ("mapping: bad.yaml, format: senml", "one of them"),
        ("", "one of them"),
    ],
)
def test_what_is_wrong_with_its_mapping_is_told_there(tmp_path: Path, fields: str, says: str) -> None:
    (tmp_path / "bad.yaml").write_text("[]", encoding="utf-8")
    with pytest.raises(RouteFileError) as told:
        read_routes(written(tmp_path, f"routes:\n  gate: {{community: jade, push: true, {fields}}}\n"))
    assert says in str(told.value)
    assert {fault.line for fault in told.value.faults} == {2}


def test_all_faults_are_told_at_once_each_with_its_place_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RouteFileError) as told:
        read_routes(written(tmp_path, BAD))
    found = [(fault.line, fault.column, fault.message) for fault in told.value.faults]
    expected = [
        (3, 13, "did you mean 'zigbee2mqtt'?"),
        (4, 16, "名称不可用"),
        (5, 14, "at the end only"),
        (5, 31, "shouwang/v1/"),
        (6, 11, "区域不可用"),
        (8, 13, "区域不可用"),
        (10, 12, "名称不可用"),
        (12, 14, "'two' is called 'same' too"),
        (13, 3, "give topics, or push: true"),
        (16, 3, "'community' is missing"),
        (18, 5, "did you mean 'community'?"),
        (19, 14, "'iot', 'video', 'internet' or 'data'"),
        (20, 28, "per_minute_max"),
        (21, 42, "only gb26875 listens at a port"),
        (22, 3, "is not an id"),
    ]
    assert [place[:2] for place in found] == [place[:2] for place in expected], told.value
    for (_, _, message), (_, _, says) in zip(found, expected, strict=True):
        assert says in message
    assert "接入配置有误" in str(told.value)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty"),
        (b"routes: [", "not YAML"),
        (b"\xff", "save it as UTF-8"),
        (b"routes: 1", "expected a mapping"),
        (b"- a", "expected"),
    ],
)
def test_a_file_that_is_no_such_file_is_told_why(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "routes.yaml").write_bytes(content)
    with pytest.raises(RouteFileError, match=says):
        read_routes(tmp_path / "routes.yaml")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RouteFileError, match="无法读取"):
        read_routes(tmp_path / "none.yaml")


def test_the_service_reads_the_file_that_the_settings_name(tmp_path: Path) -> None:
    readers = open_routes(Settings(routes=written(tmp_path, GOOD)))
    assert [reader.route.name for reader in readers] == ["garden", "meters", "plain", "panels"]
    assert open_routes(Settings()) == open_routes(Settings(routes=Path())) == ()


def test_the_service_does_not_start_with_faults_in_it(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="did you mean 'zigbee2mqtt'"):
        open_routes(Settings(routes=written(tmp_path, BAD)))
