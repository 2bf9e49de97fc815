"""A receipt comes to the desk's process, which alone writes; with the service's token only."""

import httpx
import pytest
from fastapi import FastAPI

from handlers.exchange.contract import Purpose
from handlers.faults import StoreUnavailable
from handlers.receipts import Confirmed, Receipt
from ingest.http_answers import speak_uniformly
from shouwang import door
from shouwang.door import checker
from shouwang.door_exchange import exchange_routes
from shouwang.settings import SettingsError, load

pytestmark = pytest.mark.anyio

PATH = "/internal/exchange/receipts"
WISH = {"partner": "street", "position": 2, "incident_count": 1}
STREET = '{"name": "street", "communities": ["jade"], "hazards": ["fire"], "purpose": "oversight"}'


class Book:
    """Where receipts are written down."""

    def __init__(self) -> None:
        self.is_away = False

    def confirm(self, partner: str, position: int, incident_count: int) -> Confirmed | None:
        if self.is_away:
            raise StoreUnavailable("away")
        if position > 2:
            return None
        return Confirmed(receipt=Receipt(partner=partner, position=position, incident_count=incident_count, at=5), is_new=True)


def client(book: Book, key: str = "sw_service") -> httpx.AsyncClient:
    app = FastAPI()
    speak_uniformly(app)
    app.include_router(exchange_routes(book.confirm, door._guard(checker("sw_service"))))
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://front-door", headers=headers)


async def test_it_is_written_down_or_said_that_there_is_no_such_fact() -> None:
    async with client(Book()) as asking:
        answer = await asking.post(PATH, json=WISH)
        assert answer.json() == {"receipt": {**WISH, "at": 5}, "is_new": True}
        assert (await asking.post(PATH, json={**WISH, "position": 3})).json() is None


async def test_a_store_that_is_away_is_an_answer_to_try_again() -> None:
    book = Book()
    book.is_away = True
    async with client(book) as asking:
        answer = await asking.post(PATH, json=WISH)
    assert (answer.status_code, answer.headers["retry-after"], answer.json()["error"]["code"]) == (503, "5", "store_away")


async def test_nobody_else_gets_in() -> None:
    async with client(Book(), "sw_other") as asking:
        assert (await asking.post(PATH, json=WISH)).status_code == 401


def test_the_settings_name_partners_with_what_they_may_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUWANG_EXCHANGE", f"[{STREET}]")
    (partner,) = load().exchange
    assert (partner.name, partner.hazards, partner.purpose, partner.silent_max_s) == (
        "street",
        ("fire",),
        Purpose.OVERSIGHT,
        10_800,
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"[{STREET}, {STREET}]", "same name"),
        (f"[{STREET.replace('oversight', 'curiosity')}]", "'statistics', 'oversight' or 'rescue'"),
        ("[" + STREET.replace('["fire"]', "[]") + "]", "at least 1 item"),
        (f"[{STREET.replace('street', 'Street Office')}]", "pattern"),
    ],
)
def test_a_partner_with_a_fault_is_refused(monkeypatch: pytest.MonkeyPatch, text: str, why: str) -> None:
    monkeypatch.setenv("SHOUWANG_EXCHANGE", text)
    with pytest.raises(SettingsError, match=why):
        load()
