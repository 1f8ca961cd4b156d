"""One morning in one hospital for all stories that only look; Chromium once for all."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from storage.migrate import migrate
from storage.settings import StorageSettings
from storage.store import open_store
from tests.api.hospital import PASSWORD
from tests.journeys.browser import SMALL, AtScreen, Site, chromium, serving
from tests.journeys.story import STAFF, Morning


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = chromium(playwright)
        yield started
        started.close()


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Morning]:
    folder = tmp_path_factory.mktemp("morning")
    settings = StorageSettings(folder / "data")
    migrate(settings)
    store = open_store(settings)
    made = Morning(store, folder)
    yield made
    made.hospital.close()
    store.close()


@pytest.fixture(scope="module")
def site(morning: Morning) -> Iterator[Site]:
    with serving(morning.hospital.app) as address:
        yield Site(address, {login: PASSWORD for login, *_ in STAFF})


@pytest.fixture
def at_screen(browser: Browser, site: Site) -> Iterator[Callable[[str], AtScreen]]:
    """Sits a person down at a screen of 1366 × 768, logged in."""
    contexts = []

    def sit(login: str) -> AtScreen:
        context = browser.new_context(
            viewport={"width": SMALL[0], "height": SMALL[1]}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
        )
        contexts.append(context)
        person = AtScreen(context, site)
        return person.logs_in(login) if login else person

    yield sit
    for context in contexts:
        context.close()
