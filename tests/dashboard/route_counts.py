"""What the desk's metrics say of routes, as shouwang.metrics writes them."""

from ingest.formats import FORMATS
from ingest.route import Route, RouteReader
from rules.model import Network
from shouwang.metrics import RouteCollector, exposition


def counted(**routes: tuple[int, int, int, int, int, int]) -> str:
    """By each route: messages, events, rejected, ignored, failed; and when it was heard last, in s."""
    readers = []
    for name, (received, events, rejected, ignored, failed, last_s) in routes.items():
        route = Route(name=name, format=FORMATS["senml"], community="jade", network=Network.IOT)
        reader = RouteReader(route, lambda: 0)
        figures = reader.figures
        figures.received_count, figures.event_count, figures.rejected_count = received, events, rejected
        figures.ignored_count, figures.failed_count, figures.last_at = ignored, failed, last_s * 1000
        readers.append(reader)
    return exposition([RouteCollector(readers)])().decode()
