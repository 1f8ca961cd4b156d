"""The figures that screens show, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.arrangement import Deed
from domain.documents import State
from domain.pages import Flag
from domain.people import Role
from filing.arrange import PageDesk
from storage.clock import now
from storage.overview import BatchCount, Overview
from tests.api.hospital import Hospital


@pytest.fixture
def hospital(either_store, tmp_path):
    made = Hospital(either_store, tmp_path)
    yield made
    made.close()


def test_the_figures_say_what_the_store_holds(hospital):
    with hospital.store.write() as tx:
        batch = tx.batches.current("may-quet-1")
    patient = hospital.patient("BN1", departments=["Khoa Nội"])
    kept = hospital.paper("đã cất", patient, State.KEPT, batch=batch.id, flags=(Flag("skewed", 2.5),))
    bound = hospital.paper("chưa ký", patient, State.BOUND, batch=batch.id)
    unread = hospital.waiting_to_be_read("dài.pdf", 7, State.PAGED, batch.id)
    begun = now() - timedelta(minutes=5)
    with hospital.store.read() as tx:
        seen = Overview(tx.connection)
        assert seen.batch_counts([batch.id]) == {batch.id: BatchCount(3, 9, 2)}
        assert seen.documents_of_batch(batch.id) == {kept.id: 1, bound.id: 1, unread.id: 7}
        assert set(seen.pictured([kept.id, bound.id, unread.id])) == {kept.id, bound.id}
        assert seen.signed([kept.id, bound.id, unread.id]) == {kept.id}
        assert [page.flags for page in seen.glances([kept.id])[kept.id]] == [(Flag("skewed", 2.5),)]
        assert len(seen.read_since(begun)) == 2
        assert seen.read_since(now() + timedelta(minutes=5)) == []
        assert seen.kept_since(begun) == 1
        assert seen.originals() == 3


def test_what_was_split_off_stands_where_its_pages_came_in_and_a_page_set_aside_was_scanned_all_the_same(hospital):
    with hospital.store.write() as tx:
        batch = tx.batches.current("may-quet-1")
    one, last = (hospital.paper(text, None, State.FILED, batch=batch.id) for text in ("tờ một", "tờ sau cùng"))
    desk = PageDesk(hospital.store)
    other = hospital.paper("tờ hai", None, State.FILED, batch=batch.id)
    joined = desk.join(one.id, [other.id], Deed("mai", {one.id: one.version, other.id: other.version}))
    with hospital.store.read() as tx:
        seen = Overview(tx.connection)
        assert seen.documents_of_batch(batch.id) == {one.id: 2, last.id: 1}
        assert seen.batch_counts([batch.id]) == {batch.id: BatchCount(2, 3, 3)}
        assert seen.documents_beside(other.id) == {one.id: 2}
        assert [(page.original, page.original_page) for page in seen.glances([one.id])[one.id]] == [
            (one.original, 1), (other.original, 1),
        ]  # fmt: skip
    joined, back = desk.split(one.id, ["1", "2"], Deed("mai", {one.id: joined.version}))
    kept = desk.arrange(back.id, f"1,{last.id}:1", Deed("mai", {back.id: back.version, last.id: last.version}))
    desk.arrange(back.id, "2", Deed("mai", {back.id: kept.version}))
    with hospital.store.read() as tx:
        seen = Overview(tx.connection)
        assert list(seen.documents_of_batch(batch.id)) == [one.id, back.id]
        assert seen.batch_counts([batch.id]) == {batch.id: BatchCount(2, 3, 3)}


def test_devices_are_listed_until_they_are_revoked(hospital):
    doctor = hospital.person("bacsi", Role.DOCTOR)
    with hospital.store.write() as tx:
        device = tx.signing.pair(doctor.id, "PC-KHOA-NOI", "key")
    with hospital.store.read() as tx:
        assert [row[:3] for row in Overview(tx.connection).devices()] == [(device.id, doctor.id, "PC-KHOA-NOI")]
    with hospital.store.write() as tx:
        tx.signing.revoke(device.id)
    with hospital.store.read() as tx:
        assert Overview(tx.connection).devices() == []
