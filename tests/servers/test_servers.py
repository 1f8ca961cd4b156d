"""The servers themselves: they answer, keep what they were given, and leave nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from tests.servers.postgresql import PostgreSQL

REPOSITORY = Path(__file__).parents[2]
HOLDER = """
from tests.servers.postgresql import PostgreSQL
server = PostgreSQL()
server.start()
print(server.port, server.folder, flush=True)
input()
"""


def _connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url.replace("+psycopg", ""))


def test_postgresql_gives_every_test_an_empty_database(postgresql: PostgreSQL) -> None:
    with postgresql.database() as one, postgresql.database() as other:
        with _connect(one) as connection:
            connection.execute("CREATE TABLE here (x int)")
        with _connect(other) as connection:
            assert connection.execute("SELECT count(*) FROM pg_tables WHERE tablename = 'here'").fetchone() == (0,)


def test_a_server_that_was_stopped_starts_again_with_its_data() -> None:
    with PostgreSQL() as server:
        with _connect(server.url) as connection:
            connection.execute("CREATE TABLE kept (x int)")
        server.stop()
        assert not server.answers()
        server.start()
        with _connect(server.url) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_leaving_removes_processes_and_folder() -> None:
    with PostgreSQL() as server:
        folder = server.folder
    assert not folder.exists()
    assert not server.answers()


def test_a_killed_test_run_takes_its_servers_along() -> None:
    run = subprocess.Popen(
        [sys.executable, "-c", HOLDER], cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert run.stdout is not None
    port, folder = run.stdout.readline().split()
    os.kill(run.pid, signal.SIGKILL)
    run.communicate()
    deadline = time.monotonic() + 30
    while (Path(folder) / "data" / "postmaster.pid").exists():
        assert time.monotonic() < deadline, f"PostgreSQL on port {port} outlived the process that started it"
        time.sleep(0.1)
    subprocess.run(["rm", "-rf", folder], check=True)
