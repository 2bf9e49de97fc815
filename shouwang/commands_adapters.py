"""``shouwang adapters``: the foreign formats that are understood, and the routes by which they come into this installation."""

from collections.abc import Mapping, Sequence

import httpx
from rich.console import Console
from rich.table import Table

from dashboard.routes import RouteCounts, route_counts
from ingest.formats import FORMATS
from ingest.route import Route
from shouwang.exits import Exit
from shouwang.listening import address_of
from shouwang.options import ConfigOption, DataOption, settings_or_exit, stopped
from shouwang.settings import Settings, SettingsError
from shouwang.sources import configured_routes
from simulator.recording import iso

NATIVE = "native"
ANSWER_S = 5.0
_COUNTED = ("received", "event", "rejected", "ignored", "failed")


def adapters(config: ConfigOption = None, data: DataOption = None) -> None:
    """List the formats that are understood, and this installation's routes with what came by them. 格式、路由和统计。"""
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
        figures = _figures(settings)
        if figures is None:
            console.print("The service does not run here: nothing is counted.  服务未运行，无统计。", markup=False)
        else:
            console.print(_figures_table(figures))
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


def _figures(settings: Settings) -> Mapping[str, RouteCounts] | None:
    """What the running service has counted by route; None where none answers."""
    try:
        service = (settings.data / "service-token").read_text(encoding="ascii").strip()
        transport = httpx.HTTPTransport(uds=address_of(settings.socket))
        with httpx.Client(transport=transport, timeout=ANSWER_S, trust_env=False) as client:
            answer = client.get("http://front-door/internal/metrics", headers={"Authorization": f"Bearer {service}"})
    except (httpx.HTTPError, OSError):
        return None
    return route_counts(answer.text) if answer.is_success else None


def _figures_table(figures: Mapping[str, RouteCounts]) -> Table:
    table = Table(
        "route 路由",
        "messages 消息",
        "events 事件",
        "rejected 拒收",
        "ignored 忽略",
        "failed 出错",
        "last heard 最近",
        title="since the service started 自启动以来",
    )
    for name, one in figures.items():
        last = "-" if one.last_at is None else iso(one.last_at)
        table.add_row(name, *(str(one.counts.get(word, 0)) for word in _COUNTED), last)
    return table
