"""A message is delivered twice, to two workers at the same time: the step is done once."""

from __future__ import annotations

import threading

from domain.documents import State
from pipeline.steps import Runner
from tests.fakes.steps import passing_flow, receive


def test_two_workers_with_the_same_errand_do_it_once(store):
    documents = receive(store, 5)
    for _ in range(9):
        with store.read() as tx:
            errands = tx.outbox.next(("step", "page"), 50)

        def work(owner: str, errands=errands) -> None:
            runner = Runner(store, passing_flow(), owner)
            for errand in errands:
                if errand.page is None:
                    runner.run_step(errand.document_id)
                else:
                    runner.run_page(errand.document_id, errand.page)

        workers = [threading.Thread(target=work, args=(name,)) for name in ("a:1", "b:2")]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    with store.read() as tx:
        for document in documents:
            assert tx.documents.get(document).state is State.KEPT
            assert sum(entry.act == "move" for entry in tx.audit.of(document)) == 5
