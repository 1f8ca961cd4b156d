"""PostgreSQL, as the distribution packages it."""

from __future__ import annotations

import itertools
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.servers.server import Server

_numbers = itertools.count(1)


def _program(name: str) -> Path:
    homes = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    found = str(homes[-1]) if homes else shutil.which(name)
    if found is None:
        raise RuntimeError("PostgreSQL is not installed: apt-get install postgresql")
    return Path(found)


class PostgreSQL(Server):
    """`url` is the maintenance database; `database()` makes an empty one for a test. No password; TCP on 127.0.0.1."""

    name = "postgresql"
    account = "postgres"
    farewell = signal.SIGINT

    @property
    def url(self) -> str:
        """`postgresql+psycopg://…`, as SQLAlchemy writes it."""
        return self._address("postgres")

    def prepare(self) -> None:
        self.run(
            _program("initdb"), "-D", self.folder / "data", "-U", "postgres", "-E", "UTF8", "--auth=trust", "--no-locale", "-N"
        )

    def launch(self) -> None:
        options = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self.folder),
            "fsync": "off",
            "max_connections": "200",
            "shared_buffers": "64MB",
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        self.spawn(_program("postgres"), "-D", self.folder / "data", "-p", str(self.port), *settings)

    def answers(self) -> bool:
        try:
            psycopg.connect(_plain(self.url), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of a new, empty database that is dropped, connections and all, at the end."""
        name = f"test_{next(_numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' STRATEGY file_copy")
        try:
            yield self._address(name)
        finally:
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        with psycopg.connect(_plain(self.url), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _address(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")
