"""What the web process counts about itself: requests, streams, refused tokens."""

import asyncio
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """The counters of one web process, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "shouwang_web_requests",
            "HTTP requests answered by the web process, by route, method and status.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "shouwang_web_request_seconds",
            "Seconds from a request's arrival to the end of its answer, live streams left out.",
            ("route",),
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
            registry=self.registry,
        )
        self.streams = Gauge("shouwang_web_streams", "Live streams that are open now.", registry=self.registry)
        self.stream_resets = Counter(
            "shouwang_web_stream_resets", "Live streams cut off because the client read too slowly.", registry=self.registry
        )
        self.login_failures = Counter(
            "shouwang_web_login_failures", "Requests refused because of a wrong token.", registry=self.registry
        )
        self.ready = Gauge(
            "shouwang_ready",
            "1 when a critical alarm would be handled now, 0 when not: /health/ready says why.",
            registry=self.registry,
        )
        self.open_incidents = Gauge(
            "shouwang_open_incidents",
            "Open incidents by level; none where the store cannot be read.",
            ("level",),
            registry=self.registry,
        )
        self._count_exchange()
        self._count_photos()
        self.front_door_up = Gauge(
            "shouwang_web_front_door_up",
            "1 when the desk answered when it was last asked, 0 when not: then no action can be taken.",
            registry=self.registry,
        )

    def _count_exchange(self) -> None:
        def gauge(name: str, said: str) -> Gauge:
            return Gauge(f"shouwang_exchange_{name}", said, ("partner",), registry=self.registry)

        def counter(name: str, said: str) -> Counter:
            return Counter(f"shouwang_exchange_{name}", said, ("partner",), registry=self.registry)

        self.exchange_fetches = counter("fetches", "Answers given to a partner of the data exchange.")
        self.exchange_incidents = counter("incidents", "Incidents in those answers.")
        self.exchange_silent_s = gauge("silent_seconds", "Since when a partner has neither fetched nor confirmed.")
        self.exchange_silent_max_s = gauge("silent_max_seconds", "After how long its silence is told.")
        self.exchange_waiting = gauge("waiting", "Incidents not confirmed by a partner: up to 100, of the next 2,000 facts.")

    def _count_photos(self) -> None:
        self.report_uploads = Gauge(
            "shouwang_report_uploads",
            "Forms with a photograph on their way to the report page now.",
            registry=self.registry,
        )
        self.report_photos = Counter(
            "shouwang_report_photos",
            "Photographs that came with a report which was taken, by what became of them; all but kept were let go.",
            ("fate",),
            registry=self.registry,
        )
        for fate in ("kept", "address_full", "desk_full", "slow", "too_often", "no_room"):
            self.report_photos.labels(fate)

    def text(self) -> str:
        """The counters in Prometheus' text form."""
        return generate_latest(self.registry).decode()


class Measured:
    """ASGI middleware: counts each answer under the route's pattern, never under the raw path."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and count when the answer is complete."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = asyncio.get_running_loop().time()
        status = 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._metrics.requests.labels(route, method, str(status)).inc()
            if route != "/v1/stream":
                self._metrics.seconds.labels(route).observe(asyncio.get_running_loop().time() - began)
