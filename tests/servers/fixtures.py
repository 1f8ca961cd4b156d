"""Session-wide servers for pytest: started by the first test that asks, stopped at the end of the session.

A test that stops one of them starts it again.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers.elasticsearch import Elasticsearch
from tests.servers.postgresql import PostgreSQL
from tests.servers.rabbitmq import RabbitMQ


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """The running server; `postgresql_url` is what most tests want."""
    with PostgreSQL() as server:
        yield server


@pytest.fixture
def postgresql_url(postgresql: PostgreSQL) -> Iterator[str]:
    """An SQLAlchemy address of an empty database, for one test."""
    with postgresql.database() as url:
        yield url


@pytest.fixture(scope="session")
def elasticsearch() -> Iterator[Elasticsearch]:
    """The running server; tests keep apart by the names of their indexes."""
    with Elasticsearch() as server:
        yield server


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[RabbitMQ]:
    """The running server; tests keep apart by the names of their queues."""
    with RabbitMQ() as server:
        yield server
