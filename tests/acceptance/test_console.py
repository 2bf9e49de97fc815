"""The kitchen fire on the console, from its warning to the closed incident, in both languages, against the real service.

Two people sit at two desks: 李敏 reads Chinese, Sam reads English. Each does a part, and each sees what the other did.
"""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import expect

from shouwang.clock import DEMO_VARIABLE, shown_at, wall_now
from simulator.broker import Broker
from simulator.community import build_community
from simulator.pace import Pace
from simulator.publish import Publication
from simulator.scenario_file import load_scenario
from simulator.stream import messages
from tests.acceptance.service import Service
from tests.dashboard.browser import SMALL, ConsoleBuildError, Desk, built_console, chromium, desk_at
from tests.servers import HOST, Mosquitto

pytestmark = [pytest.mark.acceptance, pytest.mark.needs("mosquitto"), pytest.mark.needs("chromium")]

SPEED = 6.0
ROOM = "b03/u1/0502"
SIZE = SMALL
STEPS_MAX = 20


class Fire:
    """The simulated community with a kitchen on fire, published over real MQTT in a thread of its own."""

    def __init__(self, broker: Mosquitto, start_at: int) -> None:
        self._broker = Broker(host=HOST, port=broker.port)
        self._start_at = start_at
        self._loop = asyncio.new_event_loop()
        self._task: asyncio.Task[object] | None = None
        self._thread = Thread(target=self._run, name="fire", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(lambda: self._task and self._task.cancel())
        self._thread.join(30)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        stream = messages(build_community(1), load_scenario("kitchen_fire"), start_at=self._start_at)
        self._task = self._loop.create_task(Publication(broker=self._broker, pace=Pace(SPEED)).run(stream))
        with contextlib.suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._task)
        self._loop.close()


@pytest.fixture
def service(tmp_path: Path, mosquitto: Mosquitto) -> Iterator[Service]:
    """The whole service, with its clock hurried like a demonstration's."""
    settings = {
        "SHOUWANG_MQTT__HOST": HOST,
        "SHOUWANG_MQTT__PORT": str(mosquitto.port),
        DEMO_VARIABLE: f"{wall_now()}:{wall_now()}:{SPEED}",
    }
    made = Service(tmp_path / "service", settings, role="all")
    try:
        built_console()
    except ConsoleBuildError as missing:
        pytest.skip(str(missing))
    made.start()
    try:
        made.until_ready()
        yield made
    finally:
        made.stop()


@pytest.fixture
def desks(service: Service) -> Iterator[tuple[Desk, Desk]]:
    """Two desks at the same service: one Chinese, one English."""
    url = f"http://{HOST}:{service.settings['SHOUWANG_WEB__PORT']}"
    token = service.command("token").stdout.strip()
    with chromium() as browser, desk_at(browser, url, SIZE) as chinese, desk_at(browser, url, SIZE) as english:
        chinese.log_in(token, operator="李敏")
        english.log_in(token, operator="Sam")
        english.speak("en")
        yield chinese, english


def state(desk: Desk, wanted: str) -> None:
    expect(desk.page.locator("[data-case]")).to_have_attribute("data-case-state", wanted, timeout=20_000)


def called(desk: Desk, order: str | None) -> str:
    """What the card of this order calls its responder."""
    return desk.page.locator(f"[data-dispatch='{order}'] strong").inner_text()


def read(desk: Desk, *texts: str) -> None:
    for text in texts:
        expect(desk.page.locator("main")).to_contain_text(text, timeout=20_000)


def test_the_kitchen_fire_from_its_warning_to_the_closed_incident_in_both_languages(
    desks: tuple[Desk, Desk], mosquitto: Mosquitto, service: Service
) -> None:
    chinese, english = desks
    read(chinese, "没有未结案的警情")
    read(english, "No open incidents")
    fire = Fire(mosquitto, shown_at(wall_now(), service.settings[DEMO_VARIABLE]))
    fire.start()

    warned(chinese, english)
    look(desks, "warned")
    alarmed(chinese, english)
    look(desks, "alarmed")
    acknowledged(chinese, english)
    handled(chinese, english)
    look(desks, "handled")
    refused(english)
    look(desks, "refused")
    recovered(chinese, english)
    look(desks, "recovered")
    closed(chinese, english)
    look(desks, "closed")

    fire.stop()
    for desk in desks:
        assert desk.outside == []
        assert desk.errors == []


def look(desks: tuple[Desk, Desk], stage: str) -> None:
    for desk, language in zip(desks, ("zh", "en"), strict=True):
        desk.picture(f"{stage}-{language}")


def warned(chinese: Desk, english: Desk) -> None:
    """预警: the case appears by itself, says why, and nobody has been sent."""
    for desk in (chinese, english):
        desk.page.locator("[data-incident]").first.click(timeout=60_000)
        expect(desk.page.locator("[data-entity=warning]").first).to_be_visible()
    read(chinese, "火灾", "3 号楼 1 单元 0502 室", "预警")
    read(english, "Fire", "Bldg 3, Unit 1, 0502", "Warning")


def alarmed(chinese: Desk, english: Desk) -> None:
    """报警: the same case turns red, with readings, rule and limit, and the plan has sent somebody."""
    for desk in (chinese, english):
        expect(desk.page.locator("[data-entity=alarm]").first).to_be_visible(timeout=60_000)
        expect(desk.page.locator("[data-dispatch]").first).to_be_visible(timeout=20_000)
        state(desk, "open")
    read(chinese, "待确认", "红色 I 级", "已派单", "预案派单", "接单", "微站二组", "微型消防站", "物业服务中心")
    read(
        english,
        "To acknowledge",
        "Red · I",
        "Ordered",
        "ordered by the plan",
        "Accept",
        "Fire team 2",
        "Micro fire station",
        "Property service",
    )
    read(chinese, "红色报警：3 号楼 1 单元 0502 室烟感")
    read(english, "Red alarm: Smoke detector", "The warning came true")


def acknowledged(chinese: Desk, english: Desk) -> None:
    """确认: one desk acknowledges; the other sees who it was."""
    chinese.press("acknowledge")
    chinese.answer("accepted")
    read(chinese, "李敏 确认")
    read(english, "acknowledged by 李敏")


def handled(chinese: Desk, english: Desk) -> None:
    """处警: the order goes through its stages, each with its clock, and the verdict is given."""
    order = english.page.locator("[data-dispatch]").first.get_attribute("data-dispatch")
    for verb, said in (("accept", "已接单"), ("en_route", "出警途中"), ("on_scene", "已到场")):
        english.press(verb, within=f"[data-dispatch='{order}']")
        expect(chinese.page.locator(f"[data-dispatch='{order}']")).to_contain_text(said, timeout=20_000)
    read(chinese, f"{called(chinese, order)} 到场")
    read(english, f"{called(english, order)}: on scene")
    state(english, "handling")
    chinese.press("verify")
    chinese.choose("real")
    chinese.send()
    read(english, "Verdict real")
    english.press("complete", within=f"[data-dispatch='{order}']")
    english.send()
    expect(chinese.page.locator(f"[data-dispatch='{order}']")).to_contain_text("处置完毕", timeout=20_000)


def refused(english: Desk) -> None:
    """While the danger stands nobody can close the case as real, and the desk says why."""
    english.press("close")
    english.send()
    assert "The danger still stands" in english.answer("refused")
    state(english, "handling")


def recovered(chinese: Desk, english: Desk) -> None:
    """恢复: the fire is out; each alarm that latched is acknowledged and reset by hand, and then the case counts as recovered."""
    over = chinese.page.locator("[data-case-state=recovered]")
    button = chinese.page.locator("[data-entity=alarm] :is([data-verb=acknowledge], [data-verb=reset])").first
    for _ in range(STEPS_MAX):
        over.or_(button).first.wait_for(timeout=90_000)
        if over.count() > 0:
            break
        alarm = str(button.locator("xpath=ancestor::article").get_attribute("data-signal"))
        tag = chinese.page.locator(f"[data-signal='{alarm}'] [data-state]")
        before = str(tag.get_attribute("data-state"))
        is_reset = button.get_attribute("data-verb") == "reset"
        button.click()
        if is_reset:
            chinese.send()
        expect(tag).not_to_have_attribute("data-state", before, timeout=20_000)
    state(english, "recovered")


def closed(chinese: Desk, english: Desk) -> None:
    """结案: a person ends the case; it leaves both queues, and no button is left."""
    english.press("close")
    english.send()
    assert "Done" not in english.answer("accepted")  # "Close: done" says it already
    for desk in (chinese, english):
        state(desk, "closed")
        expect(desk.page.locator(".head [data-verb]")).to_have_count(0)
        expect(desk.page.locator("[data-fact='incident.closed']")).to_be_visible()
    read(chinese, "已结案", "Sam 结案", "属实")
    read(english, "Closed", "closed by Sam", "real")
