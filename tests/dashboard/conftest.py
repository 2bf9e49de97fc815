"""A web process to test with: real uvicorn on loopback, real SQLite filled by handlers.apply, and a front door that obeys."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from dashboard.app import create_app
from dashboard.frontdoor import SocketDoor
from dashboard.partners import HOLDER_PREFIX
from dashboard.photo_store import PhotoStore
from dashboard.reads import StoreReads
from dashboard.report_codes import ReportCodes
from dashboard.report_page import ReportDesk
from dashboard.serving import WebServer, listen
from dashboard.tokens import OBSERVER_NAME, Tokens, digest_of
from dashboard.web import Lookups, Web
from handlers.apply import apply
from handlers.exchange.contract import Partner, Purpose
from handlers.routes import Routes
from handlers.store import Store
from rules.effects import Effect
from rules.model import Sentence
from shouwang.listening import address_of
from tests.dashboard.door import SERVICE_TOKEN, Door, Running

TOKEN = "sw_test-token"
METRICS_TOKEN = "sw_metrics-token"
PARTNERS = (
    Partner(name="street", communities=("jiayuan",), hazards=("fire", "gas"), purpose=Purpose.OVERSIGHT),
    Partner(name="rescue", communities=("jiayuan", "heping"), hazards=("fire",), purpose=Purpose.RESCUE),
)
PARTNER_TOKENS = {partner.name: f"sw_partner-{partner.name}" for partner in PARTNERS}
NAMES = {
    "property": Sentence("物业服务中心", "Property service"),
    "fire_station": Sentence("微型消防站", "Micro fire station"),
    "guard-wang": Sentence("保安一号岗", "Guard post 1"),
    "guard-zhao": Sentence("保安二号岗", "Guard post 2"),
    "guard-sun": Sentence("门岗", "Gate guard"),
    "microstation-2": Sentence("微站二组", "Fire team 2"),
    "guard-1": Sentence("保安三号岗", "Guard post 3"),
    "nobody-here": Sentence("无关", "not in any case"),
}
"""What the rule pack would call them; the street office has no name in it."""


@dataclass(slots=True)
class Clock:
    """A clock that stands still until it is moved."""

    now: int = 1_000_000

    def __call__(self) -> int:
        return self.now


class Books:
    """The store's writing side: what the desk would do."""

    def __init__(self, url: str) -> None:
        self.store = Store(url)
        self.store.migrate()
        self.epoch = self.store.take_lease("test", now=0, ttl_s=3600)

    def write(self, *effects: Effect) -> None:
        """Apply the effects in one transaction."""
        self.write_all(effects)

    def write_all(self, effects: Sequence[Effect]) -> None:
        """The same, of a sequence."""
        with self.store.transaction(self.epoch) as unit:
            apply(unit, effects, Routes())


@dataclass(slots=True)
class Site:
    """Everything of one web process under test."""

    app: FastAPI
    url: str
    books: Books
    door: Door
    clock: Clock
    server: Running
    store_file: Path
    clients: list[httpx.Client] = field(default_factory=list)

    @property
    def web(self) -> Web:
        """The app's own belongings."""
        web: Web = self.app.state.web
        return web

    def client(self, *, token: str | None = TOKEN) -> httpx.Client:
        """A client, logged in by token unless told otherwise."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        made = httpx.Client(base_url=self.url, headers=headers, timeout=20, trust_env=False)
        made.event_hooks["response"].append(_hold_to_the_form)
        self.clients.append(made)
        return made

    def lose_store(self) -> None:
        """Take the store away, as when its disk or its server is gone."""
        self.store_file.rename(self.store_file.with_suffix(".away"))
        self.web.reads.close()

    def bring_store_back(self) -> None:
        """As it was."""
        self.store_file.with_suffix(".away").rename(self.store_file)

    def stop(self) -> None:
        """Stop the web process while its clients are still there."""
        self.server.close()


def _hold_to_the_form(answer: httpx.Response) -> None:
    """Whatever a test is about: each error that the web process gives has the one form, in both languages."""
    if answer.status_code >= 400 and answer.request.url.path != "/health/ready":
        answer.read()
        error = answer.json()["error"]
        assert set(error) - {"field"} == {"code", "zh", "en"}
        assert error["code"].replace("_", "").isalnum()
        assert any("\u4e00" <= letter <= "\u9fff" for letter in error["zh"]), error
        assert error["en"].strip(), error


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Books]:
    """An empty SQLite store."""
    made = Books(f"sqlite:///{tmp_path / 'store.db'}")
    yield made
    made.store.close()


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    """A front door that listens and accepts."""
    made = Door(tmp_path / "door.sock")
    made.open()
    yield made
    made.close()


@pytest.fixture
def console(tmp_path: Path) -> Path:
    """Where the built console would be; nothing is built."""
    return tmp_path / "static"


@pytest.fixture
def partners() -> Sequence[Partner]:
    """No data exchange, unless a test's page says otherwise."""
    return ()


@pytest.fixture
def site(tmp_path: Path, books: Books, door: Door, console: Path, partners: Sequence[Partner]) -> Iterator[Site]:
    """The web process, listening on loopback."""
    digests = {HOLDER_PREFIX + each.name: digest_of(PARTNER_TOKENS[each.name]) for each in partners}
    clock = Clock()
    reads = StoreReads(f"sqlite:///{tmp_path / 'store.db'}")
    app = create_app(
        reads=reads,
        front_door=SocketDoor(address_of(door.address), SERVICE_TOKEN),
        tokens=Tokens({"duty desk": digest_of(TOKEN), OBSERVER_NAME: digest_of(METRICS_TOKEN), **digests}),
        partners=partners,
        clock=clock,
        version="0.0.test",
        lookups=Lookups(find_names=lambda: NAMES),
        report_desk=ReportDesk(
            codes=ReportCodes("sw_codes"), phone="010-5550 1234", photos=PhotoStore(folder=tmp_path / "photos")
        ),
        static=console,
    )
    listening = listen("127.0.0.1", 0)
    port = listening.getsockname()[1]
    server = Running(WebServer(app), [listening])
    made = Site(app, f"http://127.0.0.1:{port}", books, door, clock, server, tmp_path / "store.db")
    yield made
    for client in made.clients:
        client.close()
    server.close()
