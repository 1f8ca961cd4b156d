"""The worker process itself is ready to make certified copies: what the relay sends is issued, with the house's seal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from domain.signatures import Verdict
from pipeline.relay import relay
from signing.verify import verify_file
from tests.pipeline.test_worker_renews import Sent
from tests.signing.copied import asked, found, kept
from tests.signing.ordered import ordered

PROGRAM = """
import sys
from cli import environment
from pipeline import worker
worker.prepare(environment.settings())
worker.copy(sys.argv[1])
"""


def test_what_the_relay_sends_the_worker_makes(store, tmp_path, hospital):
    here = ordered(hospital, store, None, tmp_path)
    order, queue = asked(here, kept(here)), Sent()
    relay(store, queue, 2)
    assert ("copy", order.id) in [(one.topic, one.document_id) for one in queue]
    signing = here.settings
    environment = {
        **os.environ, "LUUKY_DATA": str(here.data), "LUUKY_SIGNING_TSA_URL": signing.tsa_url,
        "LUUKY_SIGNING_TRUST": str(signing.trust), "LUUKY_SIGNING_SEAL_MODULE": str(signing.seal_module),
        "LUUKY_SIGNING_SEAL_TOKEN": signing.seal_token, "LUUKY_SIGNING_SEAL_PIN": str(signing.seal_pin),
    }  # fmt: skip
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", PROGRAM, order.id], cwd=root, env=environment, check=True, timeout=300)
    copy = found(here, order)
    assert copy
    assert verify_file(store.objects.path(copy.sha256), hospital.trust).verdict is Verdict.PASSED
