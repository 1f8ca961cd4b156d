"""The relay sends after the commit, in order of who waits; the sweeper brings back what was lost."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterable
from datetime import timedelta

import pytest

from domain.copies import CopyForm, CopyRequest
from domain.errors import PartAway
from pipeline.relay import PER_PROCESS, relay, sweep
from storage.copies import CertifiedCopies
from storage.copying import CopyWork
from storage.outbox import Errand
from tests.fakes.steps import receive


class ListQueue:
    """A queue that is a list, and may be away."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.away = False

    def send(self, errands: Iterable[Errand]) -> None:
        if self.away:
            raise PartAway("queue_away", "Hàng đợi vắng.", "The queue is away.")
        self.sent += [errand.document_id for errand in errands]

    def close(self) -> None:
        self.sent.clear()


def test_only_what_workers_can_start_soon_is_sent(store):
    receive(store, 20)
    queue = ListQueue()
    assert relay(store, queue, processes=2) == 2 * PER_PROCESS
    assert relay(store, queue, processes=2) == 0


def test_what_a_person_waits_for_goes_first(store):
    documents = receive(store, 10)
    with store.write() as tx:
        tx.documents.hurry(tx.documents.get(documents[9]), "mai")
    queue = ListQueue()
    relay(store, queue, processes=1)
    assert queue.sent[0] == documents[9]


def test_nothing_is_lost_while_the_broker_is_away(store):
    documents = receive(store, 3)
    queue = ListQueue()
    queue.away = True
    with pytest.raises(PartAway):
        relay(store, queue, processes=1)
    queue.away = False
    relay(store, queue, processes=1)
    assert queue.sent == documents


def test_a_message_the_broker_lost_is_sent_again(store):
    documents = receive(store, 1)
    queue = ListQueue()
    relay(store, queue, processes=1)
    assert sweep(store) == 0
    assert sweep(store, lost_after=timedelta(0)) == 1
    relay(store, queue, processes=1)
    assert queue.sent == documents * 2


def test_the_work_of_a_worker_that_died_on_this_machine_is_taken_back_at_once(store):
    (document,) = receive(store, 1)
    gone = subprocess.Popen(["true"])
    gone.wait()
    with store.write() as tx:
        tx.documents.claim(document, f"{socket.gethostname()}:{os.getpid()}")
    assert sweep(store) == 0
    with store.write() as tx:
        tx.documents.free(document)
        tx.documents.claim(document, f"{socket.gethostname()}:{gone.pid}")
    assert sweep(store) == 1
    with store.read() as tx:
        assert [errand.document_id for errand in tx.outbox.next(("step",), 5)] == [document]


def test_a_copy_that_is_asked_for_goes_out_though_the_queue_is_full_and_one_left_by_the_dead_goes_out_again(store):
    documents, queue = receive(store, 20), ListQueue()
    relay(store, queue, processes=1)
    queue.sent.clear()
    with store.write() as tx:
        request = CopyRequest(CopyForm.FULL, "Tòa án", "Công văn 12")
        order = CertifiedCopies(tx.connection).ask(documents[0], "a" * 64, request, "mai")
    assert relay(store, queue, processes=1) == 1
    assert queue.sent == [order.id]
    gone = subprocess.Popen(["true"])
    gone.wait()
    with store.write() as tx:
        assert CopyWork(tx.connection).claim(order.id, f"{socket.gethostname()}:{gone.pid}")
    assert relay(store, queue, processes=1) == 0
    assert sweep(store) == 1
    relay(store, queue, processes=1)
    assert queue.sent == [order.id] * 2
