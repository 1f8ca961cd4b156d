from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from domain.documents import Document, Origin, State
from domain.errors import Refused, Stale
from domain.pages import PageImage, PageReading
from domain.patients import Patient
from filing.review import PatientReview
from filing.step import FileStep
from storage.step import Step
from storage.store import Store
from tests.filing.paper import page
from tests.filing.people import THUY

HEAD = ("BỆNH VIỆN ĐA KHOA\t\tMS: 01/BV-01", "Khoa: Ngoại tổng hợp\t\tSố lưu trữ: 21.258714", "# GIẤY RA VIỆN")
CERTAIN = (*HEAD, "Họ và tên: PHAN THỊ THỦY Giới tính: Nữ", "Số CCCD: 042177319489", "Vào viện: ngày 24/09/2021")
UNCERTAIN = (*HEAD, "Họ và tên: PHAN THỊ THỦY")


def read_document(store: Store, *pages: PageReading, hint: str | None = None) -> Document:
    """A document whose pages were read, standing in READ."""
    with store.write() as tx:
        tx.patients.upsert([THUY])
        tx.patients.add_stays(THUY.stays)
        document = tx.documents.add(Origin("a.pdf", "scans", kind_hint=hint), "0" * 64, 10, pages=len(pages))
        images = [(PageImage(n, b"", "image/png", 10, 10, 300), "1" * 64) for n in range(1, len(pages) + 1)]
        tx.pages.add(document.id, images)
        document = tx.documents.move(document, State.PAGED, "test")
        for number, reading in enumerate(pages, start=1):
            tx.pages.keep(tx.pages.get(document.id, number), f"{document.id}-{number}", reading, ("2" * 64, "3" * 64))
        return tx.documents.move(tx.documents.get(document.id), State.READ, "test")


def filed(store: Store, document: Document) -> Document:
    """The document after the step's three beats."""
    step: Step = FileStep()  # type: ignore[type-arg]
    with store.read() as tx:
        job = step.look(tx, document)
    result = step.work(job)
    with store.write() as tx:
        step.write(tx, document, result)
    with store.read() as tx:
        return tx.documents.get(document.id)


def waiting(store: Store) -> Document:
    return filed(store, read_document(store, page(*UNCERTAIN)))


def test_a_certain_patient_is_filed_with_kind_facts_and_departments(store: Store) -> None:
    document = filed(store, read_document(store, page(*CERTAIN)))
    assert (document.state, document.patient_id, document.kind_code) == (State.FILED, "P1", "01/BV-01")
    assert document.departments == ("Khoa Ngoại tổng hợp", "Khoa Nội")
    with store.read() as tx:
        assert tx.documents.facts(document.id).patient.citizen_id is not None
        stays = tx.patients.many(["P1"])["P1"].stays
    assert [(stay.department, stay.admission_date) for stay in stays][-1] == ("Khoa Ngoại tổng hợp", date(2021, 9, 24))


def test_papers_of_one_stay_add_it_once(store: Store) -> None:
    for _ in range(2):
        filed(store, read_document(store, page(*CERTAIN)))
    with store.read() as tx:
        assert len(tx.patients.many(["P1"])["P1"].stays) == 2


def test_an_uncertain_patient_waits_with_the_reason_and_no_departments(store: Store) -> None:
    document = waiting(store)
    assert (document.state, document.patient_id, document.departments) == (State.NEEDS_REVIEW, None, ())
    assert [reason.code for reason in document.reasons] == ["name_only"]


def test_a_document_of_two_patients_waits_even_if_both_are_certain(store: Store) -> None:
    other = page(*HEAD, "Họ và tên: LÊ VĂN AN", "Số CCCD: 042077319489")
    document = filed(store, read_document(store, page(*CERTAIN), other))
    assert document.state is State.NEEDS_REVIEW
    assert "two_patients" in [reason.code for reason in document.reasons]


def test_the_hint_of_the_folder_reaches_the_kind(store: Store) -> None:
    shared = page("BỆNH VIỆN", "# PHIẾU SIÊU ÂM", *CERTAIN[3:5])
    assert filed(store, read_document(store, shared, hint="22/BV-01")).kind_code == "22/BV-01"


def test_a_person_accepts_a_candidate(store: Store) -> None:
    review, document = PatientReview(store), waiting(store)
    assert [one.patient.id for one in review.candidates(document.id)] == ["P1"]
    accepted = review.accept(document, "P1", "lan")
    assert (accepted.state, accepted.patient_id) == (State.FILED, "P1")
    with store.read() as tx:
        assert tx.documents.get(document.id).departments == ("Khoa Ngoại tổng hợp", "Khoa Nội")


def test_a_correction_changes_facts_candidates_and_kind_and_is_remembered(store: Store) -> None:
    review, document = PatientReview(store), waiting(store)
    with store.write() as tx:
        tx.patients.upsert([Patient("P9", "Lê Văn An")])
    document = review.correct(document, "name", "Lê Văn An", "lan")
    document = review.correct(document, "kind", "39/BV-01", "lan")
    assert [one.patient.id for one in review.candidates(document.id)] == ["P9"]
    assert (document.state, document.kind_code) == (State.NEEDS_REVIEW, "39/BV-01")


def test_somebody_with_nothing_in_common_can_be_looked_at_beside_the_paper(store: Store) -> None:
    review, document = PatientReview(store), waiting(store)
    with store.write() as tx:
        tx.patients.upsert([Patient("P9", "Trần Văn Bình")])
    beside = review.compare(document.id, "P9")
    assert beside is not None
    assert beside.differs
    assert review.compare(document.id, "nobody") is None


def test_nobody_of_the_index_keeps_it_waiting_with_that_reason(store: Store) -> None:
    review, document = PatientReview(store), waiting(store)
    for _ in range(2):
        document = review.not_in_index(document, "lan")
    assert document.state is State.NEEDS_REVIEW
    assert [reason.code for reason in document.reasons] == ["not_in_index", "name_only"]


def test_a_rejected_document_ends_with_the_persons_reason(store: Store) -> None:
    rejected = PatientReview(store).reject(waiting(store), "giấy trắng", "lan")
    assert rejected.state is State.REJECTED
    assert "giấy trắng" in rejected.reasons[0].vi


def test_an_acceptance_can_be_taken_back_until_somebody_signs(store: Store) -> None:
    review = PatientReview(store)
    back = review.undo(review.accept(waiting(store), "P1", "lan"), "lan")
    assert (back.state, back.patient_id) == (State.NEEDS_REVIEW, None)
    with store.read() as tx:
        assert tx.documents.get(back.id).departments == ()
    again = review.accept(back, "P1", "lan")
    with store.write() as tx:
        bound = tx.documents.move(again, State.BOUND, "test", bound="4" * 64, current="4" * 64)
        kept = tx.documents.move(bound, State.KEPT, "test")
    with pytest.raises(Refused):
        review.undo(kept, "lan")


def test_a_stay_that_only_the_taken_back_paper_told_of_goes_with_it(store: Store) -> None:
    def departments() -> list[str]:
        with store.read() as tx:
            return sorted(stay.department or "" for stay in tx.patients.many(["P1"])["P1"].stays)

    review = PatientReview(store)
    first = review.accept(waiting(store), "P1", "lan")
    second = filed(store, read_document(store, page(*UNCERTAIN)))
    assert second.patient_id == "P1", "the archive number is known since the first paper was accepted"
    review.undo(first, "lan")
    assert departments() == ["Khoa Ngoại tổng hợp", "Khoa Nội"]
    review.undo(second, "lan")
    assert departments() == ["Khoa Nội"]


DEEDS: dict[str, Callable[[PatientReview, Document], Document]] = {
    "accept": lambda review, document: review.accept(document, "P1", "lan"),
    "correct the kind": lambda review, document: review.correct(document, "kind", "39/BV-01", "lan"),
    "not in index": lambda review, document: review.not_in_index(document, "lan"),
    "reject": lambda review, document: review.reject(document, "giấy trắng", "lan"),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_on_what_somebody_else_moved_is_stale(store: Store, deed: str) -> None:
    document = waiting(store)
    with pytest.raises(Stale):
        DEEDS[deed](PatientReview(store), replace(document, version=1))
    with store.read() as tx:
        assert tx.documents.get(document.id).version == document.version


@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_on_a_filed_document_is_refused(store: Store, deed: str) -> None:
    review = PatientReview(store)
    document = review.accept(waiting(store), "P1", "lan")
    with pytest.raises(Refused):
        DEEDS[deed](review, document)


def test_other_facts_can_be_corrected_after_filing(store: Store) -> None:
    review = PatientReview(store)
    document = review.accept(waiting(store), "P1", "lan")
    assert review.correct(document, "diagnosis", "Viêm phổi", "lan").state is State.FILED
