"""One trial for all four stories, which follow one another as a working day does: clerk, doctor, clinician, auditor."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.browser import AtScreen, chromium, screens
from tests.journeys.demo import SAMPLES, Demo, up


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with up(tmp_path_factory.mktemp("demo") / "data") as started:
        started.rests(len(list((SAMPLES / "scans").iterdir())))
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def at_screen(browser: Browser, demo: Demo) -> Iterator[Callable[[str], AtScreen]]:
    """Sits a person down at a screen, logged in."""
    with screens(browser, demo.site) as sit:
        yield sit
