"""A desk in a real browser, over the real web process and a real store with a night's cases; only the chain is played."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.dashboard import night
from tests.dashboard.browser import ConsoleBuildError, Desk, built_console, chromium, desk_at
from tests.dashboard.conftest import Site
from tests.dashboard.night import NOW


@pytest.fixture(scope="session")
def built() -> Path:
    try:
        return built_console()
    except ConsoleBuildError as missing:
        pytest.skip(str(missing))


@pytest.fixture
def console(built: Path) -> Path:
    """The built console, in the place where the web process looks."""
    return built


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture
def night_site(site: Site) -> Site:
    """A desk in the middle of a night; its heart beats fast, so that tests need not wait for it."""
    site.clock.now = NOW
    site.web.hub._heartbeat_s = 0.2
    site.books.write_all([*night.kitchen_fire(NOW), *night.gas_leak(NOW), *night.smaller_things(NOW)])
    return site


@pytest.fixture
def desk(browser: Browser, night_site: Site) -> Iterator[Desk]:
    with desk_at(browser, night_site.url) as made:
        yield made
