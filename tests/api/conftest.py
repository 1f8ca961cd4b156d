"""One hospital a test, and browsers that are logged in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from storage.store import Store
from tests.api.hospital import Hospital


@pytest.fixture
def hospital(store: Store, tmp_path: Path) -> Iterator[Hospital]:
    made = Hospital(store, tmp_path)
    yield made
    made.close()


@pytest.fixture
def guest(hospital: Hospital) -> TestClient:
    """A browser that is not logged in."""
    return TestClient(hospital.app, follow_redirects=False, raise_server_exceptions=False)


@pytest.fixture
def browser(hospital: Hospital) -> Callable[[str], TestClient]:
    """Logs a person in; deeds carry the session's token."""

    def log_in(login: str) -> TestClient:
        client = TestClient(hospital.app, follow_redirects=False, raise_server_exceptions=False)
        with hospital.store.write() as tx:
            person = tx.people.by_login(login)
            assert person
            token, session = tx.people.open_session(person)
        client.cookies.set("luuky_session", token)
        client.headers["X-CSRF-Token"] = session.csrf
        return client

    return log_in
