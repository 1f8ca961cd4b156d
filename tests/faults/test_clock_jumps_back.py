"""The clock jumps back: leases, messages and signing jobs of the future hold nobody up, and events keep their order."""

from __future__ import annotations

from datetime import timedelta

from pipeline.relay import relay, sweep
from storage.clock import now
from tests.fakes.steps import receive
from tests.pipeline.test_relay import ListQueue


def test_a_lease_of_the_future_does_not_hold_a_document(store):
    (document,) = receive(store, 1)
    with store.write() as tx:
        tx.documents.claim(document, "elsewhere:1")
        later = str((now() + timedelta(days=2)).replace(tzinfo=None))
        tx.connection.exec_driver_sql("UPDATE documents SET lease_until = ?", (later,))
    assert sweep(store) == 1
    queue = ListQueue()
    relay(store, queue, processes=1)
    assert queue.sent == [document]


def test_a_message_sent_in_the_future_is_sent_again(store):
    (document,) = receive(store, 1)
    queue = ListQueue()
    relay(store, queue, processes=1)
    with store.write() as tx:
        later = str((now() + timedelta(days=2)).replace(tzinfo=None))
        tx.connection.exec_driver_sql("UPDATE outbox SET sent_at = ?", (later,))
    assert sweep(store) == 1
    relay(store, queue, processes=1)
    assert queue.sent == [document, document]


def test_events_follow_the_commits_whatever_the_clock_says(store):
    first, second = receive(store, 2)
    with store.write() as tx:
        tx.connection.exec_driver_sql("UPDATE events SET at = '2099-01-01 00:00:00.000000' WHERE document_id = ?", (first,))
        assert [event.document_id for event in tx.events.after(0)] == [first, second]
