"""What every database must keep, run by SQLite and PostgreSQL alike."""

from __future__ import annotations

import multiprocessing
from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.documents import Document, Origin, State
from domain.errors import Broken, Message, Stale
from domain.findings import EpisodeFacts, Facts, Finding, KindFinding, PatientFacts
from domain.pages import Box, PageImage, PageReading, Word
from domain.patients import Patient, Stay
from domain.people import Role, sight_of
from domain.signatures import SigningRule
from storage.clock import now
from storage.database import open_engine
from storage.files import DirectoryObjects
from storage.store import Store

PICTURE = PageImage(1, b"", "image/jpeg", 100, 200, 300.0, words=(Word("xin", Box(1, 2, 3, 4), 0.5, 0),))


def received(store: Store, name: str = "a.pdf", **more: object) -> Document:
    with store.write() as tx:
        return tx.documents.add(Origin(name, "test"), "a" * 64, 3, **more)  # type: ignore[arg-type]


def moved(store: Store, document: Document, *states: State) -> Document:
    with store.write() as tx:
        for state in states:
            document = tx.documents.move(document, state, "test")
    return document


def test_a_document_comes_back_as_it_was_written(either_store):
    reason = Message("javascript", "Đã bỏ JavaScript.", "JavaScript was removed.")
    written = received(either_store, "Bệnh án.pdf", urgent=True, reasons=(reason,))
    with either_store.read() as tx:
        assert tx.documents.get(written.id) == written
        assert written.origin.name == "Bệnh án.pdf"
        assert written.reasons == (reason,)


def test_a_move_writes_state_audit_event_and_errand_together(either_store):
    document = received(either_store)
    with pytest.raises(Stale):
        moved_twice(either_store, document)
    with either_store.read() as tx:
        assert tx.documents.get(document.id).state is State.RECEIVED
        assert [entry.act for entry in tx.audit.of(document.id)] == ["receive"]
        assert len(tx.events.after(0)) == 1
    moved(either_store, document, State.PAGED)
    with either_store.read() as tx:
        assert tx.documents.get(document.id).state is State.PAGED
        assert [entry.act for entry in tx.audit.of(document.id)] == ["move", "receive"]
        assert [event.payload["state"] for event in tx.events.after(0)] == ["RECEIVED", "PAGED"]
        assert {errand.topic for errand in tx.outbox.next(("step", "index"), 9)} == {"step", "index"}


def moved_twice(store: Store, document: Document) -> None:
    """One transaction that moves well and then stumbles."""
    with store.write() as tx:
        tx.documents.move(document, State.PAGED, "test")
        tx.documents.move(document, State.PAGED, "test")


def test_a_stale_writer_writes_nothing(either_store):
    document = received(either_store)
    moved(either_store, document, State.PAGED)
    with pytest.raises(Stale), either_store.write() as tx:
        tx.documents.move(document, State.PAGED, "test")


def test_a_move_that_is_not_in_the_table_is_refused(either_store):
    with pytest.raises(Broken), either_store.write() as tx:
        tx.documents.move(received_in(tx), State.KEPT, "test")


def received_in(tx):
    return tx.documents.add(Origin("b.pdf", "test"), "b" * 64, 3)


def test_a_step_is_claimed_by_one_worker_only(either_store):
    document = received(either_store)
    with either_store.write() as tx:
        assert tx.documents.claim(document.id, "first").attempts == 1
    with either_store.write() as tx:
        assert tx.documents.claim(document.id, "second") is None
        assert not tx.documents.renew(document.id, "second")
        assert tx.documents.renew(document.id, "first")


def test_the_page_that_completes_the_count_is_told_so_once(either_store):
    document = received(either_store)
    with either_store.write() as tx:
        tx.pages.add(document.id, [(replace(PICTURE, number=n), "c" * 64) for n in (1, 2)])
        tx.documents.move(document, State.PAGED, "test", pages=2)
    told = []
    for number in (1, 2):
        with either_store.write() as tx:
            page = tx.pages.claim(document.id, number, "w")
            reading = PageReading(number, 100, 200, 300.0, words=(Word("ấy", Box(1, 2, 3, 4), 0.5, 0),))
            told.append(tx.pages.keep(page, f"{number:064d}", reading, ("d" * 64, "e" * 64)))
    with either_store.write() as tx:
        assert tx.pages.claim(document.id, 1, "w") is None
        assert told == [False, True]
        assert [page.text for page in tx.pages.reading(document.id).pages] == ["ấy", "ấy"]
        assert tx.pages.get(document.id, 1).words == PICTURE.words


def test_facts_and_findings_survive(either_store):
    name = Finding("NGUYỄN THỊ HƯƠNG", 0.9, 1, Box(1, 2, 3, 4), "Họ và tên: NGUYỄN THỊ HƯƠNG")
    facts = Facts(
        KindFinding("01/BV-01", "Giấy ra viện", "QĐ 4069/2001", 0.8, ("tiêu đề",)), PatientFacts(name=name), EpisodeFacts()
    )
    document = received(either_store)
    with either_store.write() as tx:
        tx.documents.set_facts(document.id, facts)
        assert tx.documents.facts(document.id) == facts
        assert tx.documents.get(document.id).kind_code == "01/BV-01"


def test_patients_are_found_by_name_without_tones_by_identifier_and_by_stay(either_store):
    stay = Stay("NB1", "V123", "09.001874", date(2009, 11, 3), date(2009, 11, 12), "Khoa Nội")
    patient = Patient("NB1", "Nguyễn Thị Hương", date(1962, 5, 14), 1962, "Nữ", "042162000001", None, "HC4420", "Xã A", "09")
    with either_store.write() as tx:
        tx.patients.upsert([patient, Patient("NB2", "Trần Văn B", None, 1970)])
        assert tx.patients.add_stays([stay, stay]) == ["NB1"]
        assert tx.patients.add_stays([stay]) == []
        full = replace(patient, stays=(stay,))
        for found in (
            tx.patients.search("nguyen huong"),
            tx.patients.lookup(["042162000001"], None, None),
            tx.patients.lookup(["09.001874"], None, None),
            tx.patients.lookup([], "nguyen thi huong", None),
        ):
            assert found == [full]
        tx.patients.upsert([replace(patient, address="Xã B")])
        assert tx.patients.get("NB1").address == "Xã B"
        assert tx.patients.count() == 2


def test_a_clinician_sees_filed_documents_of_the_own_departments_only(either_store):
    mine, other, unfiled = (received(either_store) for _ in range(3))
    for document in (mine, other):
        moved(either_store, document, State.PAGED, State.READ, State.FILED)
    with either_store.write() as tx:
        person = tx.people.add("lan", "Võ Lan", Role.CLINICIAN, "mot mat khau dai", ("Khoa Nội",))
        tx.documents.set_departments(mine.id, ["Khoa Nội"])
        tx.documents.set_departments(other.id, ["Khoa Ngoại"])
        tx.documents.set_departments(unfiled.id, ["Khoa Nội"])
        sight = sight_of(person)
        assert [d.id for d in tx.documents.listed(sight=sight)] == [mine.id]
        assert tx.documents.counts(sight) == {State.FILED: 1}
        assert [d.id for d in tx.documents.listed() if sight.allows(d)] == [mine.id]


def test_five_wrong_passwords_lock_an_account(either_store):
    with either_store.write() as tx:
        tx.people.add("mai", "Đặng Mai", Role.ARCHIVE, "dung mat khau nay")
        assert tx.people.log_in("MAI", "dung mat khau nay").login == "mai"
        assert tx.people.log_in("nobody", "x") is None
        for _ in range(5):
            assert tx.people.log_in("mai", "sai") is None
        assert tx.people.log_in("mai", "dung mat khau nay") is None
        assert tx.people.locked("mai")


def test_a_session_ends_when_it_is_closed_or_its_person_is_shut_out(either_store):
    with either_store.write() as tx:
        person = tx.people.add("mai", "Đặng Mai", Role.ARCHIVE, "dung mat khau nay")
        token, session = tx.people.open_session(person)
        assert tx.people.session(token) == session
        tx.people.change(person.id, active=False)
        assert tx.people.session(token) is None
        tx.people.change(person.id, active=True)
        tx.people.close_session(token)
        assert tx.people.session(token) is None


def test_a_pairing_code_works_once_and_a_nonce_never_twice(either_store):
    with either_store.write() as tx:
        person = tx.people.add("bao", "BS. Bảo", Role.DOCTOR, "dung mat khau nay")
        tx.signing.offer_code(person.id, "ABCD2345")
        assert tx.signing.take_code("abcd-2345") == person.id
        assert tx.signing.take_code("ABCD2345") is None
        device = tx.signing.pair(person.id, "máy bàn", "key")
        assert tx.signing.saw(device.id, "n1")
        assert not tx.signing.saw(device.id, "n1")
        tx.signing.revoke(device.id)
        assert tx.signing.device(device.id) is None


def test_a_job_is_claimed_once_and_gives_back_what_was_not_signed(either_store):
    document = received(either_store)
    with either_store.write() as tx:
        person = tx.people.add("bao", "BS. Bảo", Role.DOCTOR, "dung mat khau nay")
        device = tx.signing.pair(person.id, "máy bàn", "key")
        tx.signing.ask(document.id, [SigningRule("01/BV-01", "TacGia", "author")])
        tx.signing.ask(document.id, [SigningRule("01/BV-01", "TacGia", "author")])
        (signature,) = tx.signing.of(document.id)
        job = tx.signing.open_job(person.id)
        tx.signing.set(signature.id, state="prepared", job_id=job.id, prepared={"digest": "x"})
        assert tx.signing.claim_job(job.id, device.id)
        assert not tx.signing.claim_job(job.id, device.id)
        tx.signing.end_job(job.id, "stopped")
        assert tx.signing.get(signature.id).state == "waiting"


def test_urgent_work_goes_before_older_work_and_rests_until_it_is_due(either_store):
    with either_store.write() as tx:
        tx.outbox.add("step", "old")
        tx.outbox.add("step", "old")
        tx.outbox.add("step", "later", due_at=now() + timedelta(hours=1))
        tx.outbox.add("step", "urgent", urgent=True)
        errands = tx.outbox.next(("step",), 10)
        assert [errand.document_id for errand in errands] == ["urgent", "old"]
        tx.outbox.mark_sent([errand.id for errand in errands])
        assert tx.outbox.next(("step",), 10) == []
        assert tx.outbox.unsend_lost(timedelta(0)) == 2


def test_the_chain_follows_from_the_entries(either_store):
    received(either_store)
    with either_store.write() as tx:
        first = tx.audit.seal(lambda data: data.decode())
        tx.audit.add("mai", "search", None, query="viêm phổi")
        second = tx.audit.seal(lambda data: data.decode())
        assert (first.link, second.link) == (1, 2)
        assert [entry.hash for entry in tx.audit.sealed()] == [first.hash, second.hash]
        assert tx.audit.seal(lambda data: data.decode()) is None


def add_one_many_times(url: str, folder: str, times: int) -> None:
    store = Store(open_engine(url), DirectoryObjects.__new__(DirectoryObjects))
    for _ in range(times):
        with store.write() as tx:
            tx.connection.exec_driver_sql("SELECT 1")
            if tx.connection.dialect.name == "postgresql":
                tx.connection.exec_driver_sql("SELECT value FROM meta WHERE key = 'count' FOR UPDATE")
            tx.remember("count", str(int(tx.remembered("count") or 0) + 1))
    store.close()


def test_four_processes_lose_no_update(either_store):
    with either_store.write() as tx:
        tx.remember("count", "0")
    url = either_store.engine.url.render_as_string(hide_password=False)
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=add_one_many_times, args=(url, "", 25)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with either_store.read() as tx:
        assert tx.remembered("count") == "100"


def test_a_second_claim_of_a_name_by_a_crashed_watcher_finds_the_first_document(either_store):
    document = received(either_store, arrival="token1")
    with either_store.read() as tx:
        assert tx.documents.with_arrival("token1") == document
        assert tx.documents.with_original("a" * 64) == [document]
