"""Fixtures that every test may ask for: the real servers, and a fresh store on each database."""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from storage.migrate import migrate
from storage.settings import StorageSettings
from storage.store import Store, open_store

pytest_plugins = ["tests.servers.fixtures", "tests.signing.fixtures"]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Five thousand tests and all they import stay until the end: looking for rubbish among them again and again is slow."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store on SQLite."""
    yield from _store(StorageSettings(tmp_path / "data"))


@pytest.fixture(params=["sqlite", "postgresql"])
def either_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store on each database the product supports."""
    url = request.getfixturevalue("postgresql_url") if request.param == "postgresql" else ""
    yield from _store(StorageSettings(tmp_path / "data", url))


def _store(settings: StorageSettings) -> Iterator[Store]:
    migrate(settings)
    opened = open_store(settings)
    yield opened
    opened.close()
