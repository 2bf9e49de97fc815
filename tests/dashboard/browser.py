"""A person at the duty desk: Debian's chromium, driven by Playwright, that notes everything the page should not do."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, ViewportSize, sync_playwright

from dashboard.build_console import ROOT, ConsoleBuildError, build
from tests.programs import find

FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SMALL: Final[ViewportSize] = {"width": 1366, "height": 768}
LARGE: Final[ViewportSize] = {"width": 1920, "height": 1080}
PATIENCE_MS: Final = 15_000


def built_console() -> Path:
    """The folder of the built console, built first where its sources changed. Raises ConsoleBuildError."""
    build()
    return ROOT / "dashboard" / "static"


@dataclass(slots=True)
class Desk:
    """One open page, and what went wrong on it."""

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Note what a good page never does: errors, warnings, and requests to another place."""
        here = urlsplit(self.url).netloc

        def requested(request: Request) -> None:
            if urlsplit(request.url).netloc != here:
                self.outside.append(request.url)

        self.page.on("request", requested)

        def said(message: ConsoleMessage) -> None:
            if message.type in {"error", "warning"}:
                self.faults.append(message.text)

        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", said)

    @property
    def errors(self) -> list[str]:
        """What went wrong, but for answers that a test asks for: not logged in, and refused by the chain."""
        return [fault for fault in self.faults if "(Unauthorized)" not in fault and "(Conflict)" not in fault]

    def picture(self, name: str) -> None:
        """Save a screenshot in the folder that SHOUWANG_TEST_PICTURES names; without it do nothing."""
        folder = os.environ.get("SHOUWANG_TEST_PICTURES", "")
        if folder:
            self.page.screenshot(path=Path(folder) / f"{name}.png")

    def log_in(self, token: str, operator: str = "李敏", path: str = "/") -> None:
        """Open the page and log in."""
        self.page.goto(self.url + path)
        self.page.fill("#operator", operator)
        self.page.fill("#token", token)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector("[data-connection=live]")

    def open(self, incident_id: str) -> Locator:
        """Click the incident in the queue; the case that lies on the desk then."""
        self.page.click(f"[data-incident='{incident_id}']")
        return self.case(incident_id)

    def case(self, incident_id: str) -> Locator:
        """The case on the desk."""
        case = self.page.locator(f"[data-case='{incident_id}']")
        case.wait_for()
        return case

    def queue(self) -> list[str]:
        """The ids of the incidents in the queue, from the top, once there are any."""
        self.page.wait_for_selector("[data-incident]")
        return [str(row.get_attribute("data-incident")) for row in self.page.locator("[data-incident]").all()]

    def press(self, verb: str, within: str = ".head") -> None:
        """Press the button of this verb; ``within`` says whose."""
        self.page.click(f"{within} [data-verb={verb}]")

    def choose(self, choice: str) -> None:
        """Choose in the open dialog."""
        self.page.click(f".el-dialog [data-choice={choice}]")

    def send(self) -> None:
        """Confirm the open dialog."""
        self.page.click(".el-dialog [data-test=send]")

    def answer(self, state: str) -> str:
        """Wait for the answer in this state, and read it."""
        line = self.page.locator(f"[data-answer={state}]")
        line.wait_for()
        return line.inner_text()

    def speak(self, language: str) -> None:
        """Switch to ``zh-CN`` or ``en``."""
        if self.page.locator("html").get_attribute("lang") != language:
            self.page.click("[data-test=language]")
        self.page.wait_for_selector(f"html[lang='{language}']")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A chromium of this run's own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find("chromium"), args=list(FLAGS))
        yield browser
        browser.close()


@contextmanager
def desk_at(browser: Browser, url: str, size: ViewportSize = SMALL) -> Iterator[Desk]:
    """A fresh desk without a session, in the community's time zone."""
    context = browser.new_context(viewport=size, timezone_id="Asia/Shanghai", locale="zh-CN")
    context.set_default_timeout(PATIENCE_MS)
    desk = Desk(context.new_page(), url)
    desk.watch()
    yield desk
    context.close()


__all__ = ["LARGE", "SMALL", "ConsoleBuildError", "Desk", "built_console", "chromium", "desk_at"]
