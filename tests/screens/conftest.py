"""One morning in one hospital for all who look at it; Chromium once for all."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from storage.migrate import migrate
from storage.settings import StorageSettings
from storage.store import open_store
from tests.api.hospital import PASSWORD
from tests.journeys.browser import AtScreen, Site, chromium, screens, serving
from tests.screens.morning import STAFF, Morning


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


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
    """Sits a person down at a screen, logged in."""
    with screens(browser, site) as sit:
        yield sit
