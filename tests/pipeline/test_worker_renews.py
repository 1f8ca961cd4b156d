"""The worker process itself is ready to renew: a document that is due and cannot be renewed becomes a problem by its errand."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from domain.lasting import Ends
from pipeline.relay import relay
from storage.lasting import Lasting
from storage.outbox import Errand
from tests.pipeline.test_outlook import proven

PROGRAM = """
import sys
from cli import environment
from pipeline import worker
worker.prepare(environment.settings())
worker.renew(sys.argv[1])
"""


class Sent(list[Errand]):
    """A queue that holds what it was given."""

    def send(self, errands):
        self.extend(errands)

    def close(self):
        pass


def test_what_the_relay_sends_the_worker_does(store, tmp_path, hospital):
    name = store.objects.put(b"%PDF-1.7 broken")
    past = datetime(2026, 1, 1, tzinfo=UTC)
    document = proven(store, Ends(past, "TSA", past, "TSA", "ab"), name)
    with store.write() as tx:
        assert Lasting(tx.connection).ask(past, past, 5) == 1
    queue = Sent()
    relay(store, queue, 2)
    assert ("renew", document.id) in [(one.topic, one.document_id) for one in queue]

    environment = {
        **os.environ, "LUUKY_DATA": str(tmp_path / "data"), "LUUKY_SIGNING_TSA_URL": hospital.authority.tsa_url,
        "LUUKY_SIGNING_TRUST": str(hospital.authority.trust),
    }  # fmt: skip
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", PROGRAM, document.id], cwd=root, env=environment, check=True, timeout=120)
    with store.read() as tx:
        problem = tx.documents.get(document.id).problem
        assert problem
        assert problem.code == "pdf_unreadable"
        assert tx.outbox.waiting("renew") == 0
