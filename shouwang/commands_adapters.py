"""``shouwang adapters``: the foreign formats that are understood, and the routes by which they come into this installation."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from ingest.formats import FORMATS
from ingest.route import Route
from shouwang.exits import Exit
from shouwang.options import ConfigOption, DataOption, settings_or_exit, stopped
from shouwang.settings import Settings, SettingsError
from shouwang.sources import configured_routes

NATIVE = "native"


def adapters(config: ConfigOption = None, data: DataOption = None) -> None:
    """List the formats that are understood, and the routes of this installation. 可接入的格式与已配置的路由。"""
    settings = settings_or_exit(config, data)
    table = Table("format 格式", "network 网络", "名称", "name")
    for each in FORMATS.values():
        table.add_row(each.name, each.network.value, each.zh, each.en)
    table.add_row(NATIVE, "iot video internet data", "守望自有约定", "Shouwang's own contract")
    console = Console()
    console.print(table)
    routes = _routes_or_exit(settings)
    if routes:
        console.print(_routes_table(routes))
    else:
        console.print("No routes: SHOUWANG_ROUTES names no file (docs/integrators.md).  未配置接入路由。", markup=False)


def pushing_routes(settings: Settings) -> list[str]:
    """The names of the routes that take pushes."""
    return [route.name for route in _routes_or_exit(settings) if route.push is not None]


def _routes_or_exit(settings: Settings) -> tuple[Route, ...]:
    try:
        return configured_routes(settings)
    except SettingsError as fault:
        raise stopped(str(fault), Exit.USAGE) from None


def _routes_table(routes: Sequence[Route]) -> Table:
    table = Table(
        "route 路由", "format 格式", "network 网络", "community 社区", "way in 接入方式", "zone 区域", title="routes 路由"
    )
    for route in routes:
        ways = [f"MQTT {topic}" for topic in route.topics]
        if route.push is not None:
            ways.append(f"POST /v1/push/{route.name}")
        if route.listen is not None:
            ways.append(f"TCP {route.listen.host}:{route.listen.port}")
        if route.pull is not None:
            ways.append(f"every {route.pull.every_s:g} s {route.pull.source.url.partition('?')[0]}")
        placed = f"{len(route.zones)} devices, else {route.zone or '-'}" if route.zones else route.zone
        table.add_row(route.name, route.format.name, route.network.value, route.community, "\n".join(ways), placed)
    return table
