"""The servers themselves: they answer, keep what they were given, and leave nothing behind."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from elasticsearch import Elasticsearch as Client
from kombu.connection import Connection

from tests.servers.elasticsearch import Elasticsearch
from tests.servers.postgresql import PostgreSQL
from tests.servers.rabbitmq import RabbitMQ

REPOSITORY = Path(__file__).parents[2]
HOLDER = """
from tests.servers.{module} import {name}
server = {name}()
server.start()
print(server.folder, *server.processes, flush=True)
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


@pytest.mark.parametrize("kind", ["postgresql.PostgreSQL", "rabbitmq.RabbitMQ"])
def test_a_killed_test_run_takes_its_servers_along(kind: str) -> None:
    module, name = kind.split(".")
    script = HOLDER.format(module=module, name=name)
    run = subprocess.Popen(
        [sys.executable, "-c", script], cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert run.stdout is not None
    folder, *processes = run.stdout.readline().split()
    os.kill(run.pid, signal.SIGKILL)
    run.communicate()
    deadline = time.monotonic() + 30
    while any(_alive(int(process)) for process in processes):
        assert time.monotonic() < deadline, "a server outlived the process that started it"
        time.sleep(0.1)
    shutil.rmtree(folder)


def test_rabbitmq_keeps_a_message_in_a_quorum_queue_over_a_restart(rabbitmq: RabbitMQ) -> None:
    kind = {"x-queue-type": "quorum"}
    with Connection(rabbitmq.url) as connection:
        connection.SimpleQueue("kept", queue_args=kind).put("a word")
    rabbitmq.stop()
    rabbitmq.start()
    with Connection(rabbitmq.url) as connection:
        message = connection.SimpleQueue("kept", queue_args=kind).get(timeout=10)
        message.ack()
        assert message.payload == "a word"


def test_elasticsearch_answers_its_client(elasticsearch: Elasticsearch) -> None:
    with Client(elasticsearch.url) as client:
        assert client.cluster.health()["number_of_nodes"] == 1


def _alive(session: int) -> bool:
    """Whether a process of the session lives; one that waits to be reaped does not."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, _, its_session = path.read_text().rpartition(")")[2].split()[:4]
            if int(its_session) == session and state != "Z":
                return True
    return False
