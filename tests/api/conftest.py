"""One hospital a test, and browsers that are logged in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from storage.store import Store
from tests.api.hospital import PASSWORD, Hospital


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
        token = client.get("/login").text.split('name="csrf" value="')[1].split('"')[0]
        entered = client.post("/login", data={"login": login, "password": PASSWORD, "csrf": token})
        assert entered.status_code == 303, entered.text
        cookie = client.cookies["luuky_session"]
        with hospital.store.read() as tx:
            session = tx.people.session(cookie)
        assert session
        client.headers["X-CSRF-Token"] = session.csrf
        return client

    return log_in
