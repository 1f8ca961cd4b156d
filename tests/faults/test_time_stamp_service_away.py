"""The time-stamp service is away for a while: a signed document waits and is proven when the service is back."""

from __future__ import annotations

import urllib.parse

from domain.documents import Document, Origin, State
from pipeline.flow import Flow
from pipeline.steps import Runner
from signing.settings import SigningSettings
from signing.step import ProveStep
from storage.store import Store
from tests.fakes.door import Door
from tests.fakes.steps import PassOn, ReadNothing
from tests.signing.fixtures import Hospital


def signed_document(store: Store, hospital: Hospital) -> Document:
    name = store.objects.put_file(hospital.signed())
    with store.write() as tx:
        document = tx.documents.add(Origin("quét.pdf", "cli"), name, 1, pages=1)
        for state in (State.PAGED, State.READ, State.FILED, State.BOUND, State.AWAITING_SIGNATURE):
            document = tx.documents.move(document, state, "test")
        return tx.documents.move(document, State.SIGNED, "test", current=name)


def test_the_document_waits_without_being_failed_and_goes_on_by_itself(store, hospital):
    document = signed_document(store, hospital)
    real = urllib.parse.urlsplit(hospital.authority.tsa_url)
    with Door(real.port or 80) as door:
        away = SigningSettings(f"http://127.0.0.1:{door.port}{real.path}", hospital.authority.trust, 5)
        others = [PassOn(state) for state in (State.RECEIVED, State.PAGED, State.READ, State.FILED, State.BOUND, State.PROVEN)]
        prove = ProveStep(store.objects, away, lambda: hospital.trust)
        runner = Runner(store, Flow(ReadNothing(), [*others, prove]), "test:1")
        for _ in range(5):
            runner.run_step(document.id)
        with store.read() as tx:
            waiting = tx.documents.get(document.id)
            kinds = [event.kind for event in tx.events.after(0) if event.document_id == document.id]
            assert (waiting.state, waiting.problem) == (State.SIGNED, None)
            assert waiting.retry_at is not None
            assert "waiting" in kinds
        door.open()
        runner.run_step(document.id)
    with store.read() as tx:
        assert tx.documents.get(document.id).state is State.PROVEN
