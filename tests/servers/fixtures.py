"""Session-wide servers for pytest: started by the first test that asks, stopped at the end of the session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers.postgresql import PostgreSQL


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """The running server; a test that stops it starts it again."""
    with PostgreSQL() as server:
        yield server


@pytest.fixture
def postgresql_url(postgresql: PostgreSQL) -> Iterator[str]:
    """An SQLAlchemy address of an empty database, for one test."""
    with postgresql.database() as url:
        yield url
