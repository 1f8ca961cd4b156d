"""Pages put together by people: what goes along, what must be asked anew, what is never lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from domain.arrangement import Deed
from domain.documents import Document, Nature, Origin, State
from domain.errors import Refused, Stale
from domain.pages import PageImage, PageReading
from domain.people import Role
from domain.signatures import SigningRule
from filing.arrange import PageDesk
from filing.review import PatientReview
from filing.step import FileStep
from ingest.accept import Arrival, Outcome, accept
from ingest.settings import IngestSettings
from ocr.correct import WordDesk
from storage.store import Store, Transaction
from tests.filing.paper import page
from tests.filing.people import THUY
from tests.filing.test_step import CERTAIN, HEAD, UNCERTAIN, filed
from tests.generator import files
from tests.ingest import samples

OTHER = (*HEAD, "Họ và tên: LÊ VĂN AN", "Số CCCD: 042077319489")
REST = ("BỆNH VIỆN ĐA KHOA", "Tờ điều trị", "Họ và tên: PHAN THỊ THỦY", "Người bệnh tỉnh, tiếp xúc tốt")
BARE = ("Tờ điều trị", "Người bệnh tỉnh, tiếp xúc tốt")


def read(store: Store, name: str, *sheets: Sequence[str], nature: Nature | None = Nature.SCAN) -> Document:
    """A file whose pages were read; each reads as these lines."""
    readings = [page(*lines) for lines in sheets]
    with store.write() as tx:
        tx.patients.upsert([THUY])
        tx.patients.add_stays(THUY.stays)
        original = store.objects.put(name.encode())
        document = tx.documents.add(Origin(name, "scans"), original, len(name), nature=nature, pages=len(readings))
        cut = [(PageImage(n, b"", "image/png", 10, 10, 300), store.objects.put(f"{name} {n}".encode())) for n in each(readings)]
        tx.pages.add(document.id, cut)
        tx.documents.move(document, State.PAGED, "test")
        for number, reading in enumerate(readings, 1):
            keep(store, tx, document.id, number, reading)
        return tx.documents.move(tx.documents.get(document.id), State.READ, "test")


def each(things: Sequence[object]) -> range:
    return range(1, len(things) + 1)


def keep(store: Store, tx: Transaction, document_id: str, number: int, reading: PageReading) -> bool:
    there = tx.pages.get(document_id, number)
    fingerprint = f"{there.original[:30]}-{there.original_page}-{there.turn}"
    return tx.pages.keep(there, fingerprint, reading, (store.objects.put(b"view"), store.objects.put(b"small")))


def seen(store: Store, *documents: Document, reason: str | None = None) -> Deed:
    """A deed by somebody who has just looked."""
    with store.read() as tx:
        return Deed("mai", {one.id: tx.documents.get(one.id).version for one in documents}, reason)


def now(store: Store, document: Document) -> Document:
    with store.read() as tx:
        return tx.documents.get(document.id)


def pages_of(store: Store, document: Document) -> str:
    """Original and page of each page, with `x` before those set aside."""
    with store.read() as tx:
        names = {one.sha256: one.name for one in tx.arrangements.originals(document.id)}
        one = tx.arrangements.of(document.id)
    told = [f"{names[leaf.original]}{leaf.page}" for leaf in one.leaves]
    return " ".join([*told, *(f"x{names[leaf.original]}{leaf.page}" for leaf in one.aside)])


def refiled(store: Store, document: Document) -> Document:
    return filed(store, now(store, document))


# ---- where pages go


def test_a_file_is_split_and_each_part_is_a_document_of_its_own(store: Store) -> None:
    document = read(store, "a", CERTAIN, REST, OTHER)
    with store.read() as tx:
        text = tx.pages.reading(document.id).pages[2].text
    first, second = PageDesk(store).split(document.id, ["1-2", "3"], seen(store, document))
    assert (first.id, pages_of(store, first), pages_of(store, second)) == (document.id, "a1 a2", "a3")
    assert (first.state, first.pages, second.state, second.pages) == (State.READ, 2, State.PAGED, 1)
    with store.read() as tx:
        (page_of_second,) = tx.pages.of(second.id)
        assert (page_of_second.number, page_of_second.preview is not None) == (1, True)
        assert tx.pages.reading(second.id).pages[0].text == text
        assert (second.original, second.origin.name, second.pages_read) == (document.original, "a", 1)
        assert [entry.act for entry in tx.audit.of(second.id)] == ["move", "split", "receive"]
        assert {entry.actor for entry in tx.audit.of(second.id)} == {"mai"}


def test_files_are_joined_and_the_one_that_went_says_where_to(store: Store) -> None:
    into, other = read(store, "a", CERTAIN), read(store, "b", REST, REST)
    joined = PageDesk(store).join(into.id, [other.id], seen(store, into, other))
    assert (pages_of(store, joined), joined.pages, joined.pages_read) == ("a1 b1 b2", 3, 3)
    gone = now(store, other)
    assert (gone.state, gone.pages, gone.reasons[0].code) == (State.WITHDRAWN, 0, "pages_moved")
    assert into.id in gone.reasons[0].vi
    with store.read() as tx:
        assert [one.source for one in tx.pages.reading(joined.id).pages] == [0, 1, 1]
        assert [one.name for one in tx.documents.sources(joined.id)] == ["a", "b"]
        assert tx.documents.sources(other.id) == ()


def test_a_page_scanned_again_takes_the_place_of_the_bad_one_which_can_come_back(store: Store) -> None:
    into, other = read(store, "a", CERTAIN, REST), read(store, "b", REST)
    desk = PageDesk(store)
    desk.arrange(into.id, f"1,{other.id}:1", seen(store, into, other, reason="bad_scan: mờ"))
    assert pages_of(store, into) == "a1 b1 xa2"
    (aside,) = desk.sheaf(into.id).aside
    assert (aside.by, aside.reason, aside.preview is not None) == ("mai", "bad_scan: mờ", True)
    desk.arrange(into.id, "1,x1,2", seen(store, into))
    assert pages_of(store, into) == "a1 a2 b1"


def test_the_same_bytes_again_are_answered_with_the_document_that_has_their_pages(store: Store, tmp_path) -> None:
    path = files.pdf([samples.page(), samples.page()], tmp_path / "a")
    into = read(store, "b", CERTAIN)
    document = accept(store, Arrival(path, Origin("a", "cli")), IngestSettings()).document
    with store.write() as tx:
        tx.pages.add(document.id, [(PageImage(n, b"", "image/png", 10, 10, 300), "1" * 64) for n in (1, 2)])
        tx.documents.move(document, State.PAGED, "test", pages=2)
    PageDesk(store).join(into.id, [document.id], seen(store, into, document))
    again = accept(store, Arrival(path, Origin("a", "cli")), IngestSettings())
    assert (again.outcome, again.document.id) == (Outcome.DUPLICATE, into.id)


def test_a_turned_page_is_read_again_and_only_that(store: Store) -> None:
    document = read(store, "a", CERTAIN, REST)
    turned = PageDesk(store).arrange(document.id, "1,2r90", seen(store, document))
    assert (turned.state, turned.pages_read) == (State.PAGED, 1)
    with store.write() as tx:
        first, second = tx.pages.of(document.id)
        assert (first.fingerprint is None, second.fingerprint, second.preview, second.turn) == (False, None, None, 90)
        assert keep(store, tx, document.id, 2, replace(page(*REST), rotation=90))
    assert PageDesk(store).sheaf(document.id).arrangement.leaves[1].rotation == 90


def test_corrected_words_go_where_their_page_goes_even_aside_and_back(store: Store) -> None:
    document = read(store, "a", CERTAIN, REST)
    words, desk = WordDesk(store), PageDesk(store)
    before = words.correct((document.id, 2, range(1)), "Sửa", 0, "lan")
    desk.arrange(document.id, "1", seen(store, document))
    with store.read() as tx:
        assert all(word.text != "Sửa" for one in tx.pages.reading(document.id).pages for word in one.words)
    desk.arrange(document.id, "x1,1", seen(store, document))
    with store.read() as tx:
        assert tx.pages.reading(document.id).pages[0].words[0].text == "Sửa"
        assert tx.words.of(document.id)[0].page == 1
    with pytest.raises(Stale):
        words.correct((document.id, 2, range(1)), "nhầm trang", before.seen, "lan")


def test_a_reading_that_comes_late_is_not_kept_for_the_page_that_now_stands_there(store: Store) -> None:
    document = read(store, "a", CERTAIN, REST)
    desk = PageDesk(store)
    desk.arrange(document.id, "1-r180", seen(store, document))
    with store.write() as tx:
        claimed = tx.pages.claim(document.id, 1, "worker")
    assert claimed
    desk.arrange(document.id, "2,1", seen(store, document))
    with store.write() as tx:
        assert not tx.pages.stands(claimed)
        assert not tx.pages.keep(claimed, "f" * 64, page(*CERTAIN), ("0" * 64, "1" * 64))
        assert [one.number for one in tx.pages.unread(document.id)] == [1, 2]


# ---- whose it is


def test_in_another_order_the_confirmed_patient_stays(store: Store) -> None:
    document = filed(store, read(store, "a", UNCERTAIN, BARE))
    PatientReview(store).accept(document, "P1", "lan")
    PageDesk(store).arrange(document.id, "2,1", seen(store, document))
    moved = now(store, document)
    assert (moved.state, moved.patient_id, moved.departments) == (State.READ, None, ())
    again = refiled(store, document)
    assert (again.state, again.patient_id) == (State.FILED, "P1")
    PageDesk(store).arrange(document.id, "2,1", seen(store, document))
    assert refiled(store, document).patient_id == "P1"


def test_where_pages_came_in_a_confirmed_patient_is_asked_anew(store: Store) -> None:
    document, other = filed(store, read(store, "a", UNCERTAIN)), read(store, "b", BARE)
    PatientReview(store).accept(document, "P1", "lan")
    PageDesk(store).arrange(document.id, f"1,{other.id}:1", seen(store, document, other))
    asked = refiled(store, document)
    assert (asked.state, asked.patient_id, asked.reasons[0].code) == (State.NEEDS_REVIEW, None, "pages_came_in")


def test_pages_of_another_patient_that_came_in_are_told(store: Store) -> None:
    document, other = filed(store, read(store, "a", CERTAIN)), read(store, "b", OTHER)
    assert document.patient_id == "P1"
    PageDesk(store).join(document.id, [other.id], seen(store, document, other))
    asked = refiled(store, document)
    assert (asked.state, asked.patient_id) == (State.NEEDS_REVIEW, None)
    assert "two_patients" in [reason.code for reason in asked.reasons]


@pytest.mark.parametrize(("left", "state"), [(REST, State.FILED), (BARE, State.NEEDS_REVIEW), (OTHER, State.NEEDS_REVIEW)])
def test_what_is_left_keeps_the_confirmed_patient_only_where_it_agrees(store: Store, left, state) -> None:
    document = filed(store, read(store, "a", UNCERTAIN, left))
    PatientReview(store).accept(document, "P1", "lan")
    PageDesk(store).arrange(document.id, "2", seen(store, document))
    assert refiled(store, document).state is state


def test_a_part_that_was_split_off_has_no_patient_until_it_proves_one(store: Store) -> None:
    document = filed(store, read(store, "a", UNCERTAIN, REST))
    PatientReview(store).accept(document, "P1", "lan")
    first, second = PageDesk(store).split(document.id, ["1", "2"], seen(store, document))
    with store.write() as tx:
        tx.documents.move(tx.documents.get(second.id), State.READ, "ocr")
    assert refiled(store, first).patient_id == "P1"
    assert refiled(store, second).state is State.NEEDS_REVIEW


def test_what_a_person_wrote_stays_with_its_page_and_goes_with_it(store: Store) -> None:
    document = filed(store, read(store, "a", UNCERTAIN, BARE))
    review, desk = PatientReview(store), PageDesk(store)
    document = review.correct(document, "name", "Phan Thị Thuỷ An", "lan")
    document = review.correct(document, "kind", "39/BV-01", "lan")
    document = review.correct(document, "archive_number", "", "lan")
    desk.arrange(document.id, "1,x1", seen(store, desk.arrange(document.id, "1", seen(store, document))))
    asked = refiled(store, document)
    with store.read() as tx:
        facts = tx.documents.facts(document.id)
    assert facts.patient.name
    assert (facts.patient.name.value, facts.kind.code, facts.episode.archive_number) == ("Phan Thị Thuỷ An", "39/BV-01", None)
    desk.arrange(asked.id, "2", seen(store, asked))
    with store.read() as tx:
        assert tx.documents.facts(document.id).patient.name is None
        assert tx.documents.facts(document.id).kind.code is None


def test_the_stay_that_only_this_paper_told_of_goes_until_it_is_filed_again(store: Store) -> None:
    def departments() -> list[str]:
        with store.read() as tx:
            return sorted(stay.department or "" for stay in tx.patients.many(["P1"])["P1"].stays)

    document = filed(store, read(store, "a", CERTAIN, BARE))
    assert len(departments()) == 2
    PageDesk(store).arrange(document.id, "1", seen(store, document))
    assert len(departments()) == 1
    assert refiled(store, document).departments == ("Khoa Ngoại tổng hợp", "Khoa Nội")


# ---- what must not be


def test_a_deed_on_what_somebody_else_arranged_is_stale_and_changes_nothing(store: Store) -> None:
    document, other = read(store, "a", CERTAIN, REST), read(store, "b", REST)
    late = seen(store, document, other)
    PageDesk(store).arrange(document.id, "2,1", seen(store, document))
    with pytest.raises(Stale):
        PageDesk(store).join(document.id, [other.id], late)
    assert (pages_of(store, document), pages_of(store, other)) == ("a2 a1", "b1")


def test_a_step_that_was_under_way_writes_nothing(store: Store) -> None:
    document, step = read(store, "a", CERTAIN, OTHER), FileStep()
    with store.read() as tx:
        examined = step.work(step.look(tx, document))
    PageDesk(store).arrange(document.id, "1", seen(store, document))
    with pytest.raises(Stale), store.write() as tx:
        step.write(tx, document, examined)
    assert now(store, document).state is State.READ
    assert refiled(store, document).patient_id == "P1"


def test_the_same_order_again_changes_nothing(store: Store) -> None:
    document = read(store, "a", CERTAIN, REST)
    assert PageDesk(store).arrange(document.id, "1-", seen(store, document)).version == document.version


REFUSED: dict[str, Callable[[Store], tuple[Document, str]]] = {
    "came_signed": lambda store: (read(store, "a", CERTAIN, REST, nature=Nature.SIGNED), "2,1"),
    "no_such_page": lambda store: (read(store, "a", CERTAIN), "2"),
    "not_seen": lambda store: (read(store, "a", CERTAIN), f"1,{read(store, 'b', REST).id}:1"),
    "bad_reason": lambda store: (read(store, "a", CERTAIN, REST), "2,1"),
}


@pytest.mark.parametrize("code", REFUSED)
def test_what_cannot_be_is_refused_with_the_reason(store: Store, code: str) -> None:
    document, order = REFUSED[code](store)
    with pytest.raises(Refused, match=code):
        PageDesk(store).arrange(document.id, order, seen(store, document, reason="x" * 600 if code == "bad_reason" else None))


def test_a_document_whose_pages_are_not_there_yet_is_neither_arranged_nor_joined(store: Store) -> None:
    document = read(store, "a", CERTAIN)
    with store.write() as tx:
        coming = tx.documents.add(Origin("b", "scans"), "c" * 64, 1)
    with pytest.raises(Refused, match="not_arrangeable"):
        PageDesk(store).join(document.id, [coming.id], seen(store, document, coming))


def awaiting(store: Store, *sheets: Sequence[str]) -> Document:
    document = filed(store, read(store, "a", *sheets))
    with store.write() as tx:
        bound = tx.documents.move(tx.documents.get(document.id), State.BOUND, "pdfa", bound="d" * 64, current="d" * 64)
        tx.signing.ask(document.id, [SigningRule("01/BV-01", "TacGia", "author")])
        return tx.documents.move(bound, State.AWAITING_SIGNATURE, "signing")


def test_nobody_is_asked_to_sign_what_was_arranged_anew(store: Store) -> None:
    document = awaiting(store, CERTAIN, REST)
    PageDesk(store).arrange(document.id, "1", seen(store, document))
    with store.read() as tx:
        assert tx.signing.of(document.id) == []
        assert (now(store, document).bound, now(store, document).current) == (None, None)


@pytest.mark.parametrize("state", ["prepared", "received"])
def test_what_is_just_being_signed_is_left_alone(store: Store, state: str) -> None:
    document = awaiting(store, CERTAIN, REST)
    with store.write() as tx:
        person = tx.people.add("bs", "BS", Role.DOCTOR, "password of the test")
        job = tx.signing.open_job(person.id)
        tx.signing.set(tx.signing.of(document.id)[0].id, state=state, job_id=job.id)
    with pytest.raises(Refused, match="being_signed"):
        PageDesk(store).arrange(document.id, "1", seen(store, document))
    assert pages_of(store, document) == "a1 a2"


@pytest.mark.parametrize("end", [State.AWAITING_SIGNATURE, State.SIGNED, State.KEPT])
def test_what_is_signed_or_kept_is_replaced_with_a_reason_only_and_stays_on_record(store: Store, end: State) -> None:
    document = awaiting(store, CERTAIN, REST)
    with store.write() as tx:
        tx.signing.set(tx.signing.of(document.id)[0].id, state="signed", signed_at=document.received_at)
        signed = tx.documents.change(tx.documents.get(document.id), "bs", "sign", current="e" * 64)
        for state in {State.SIGNED: [State.SIGNED], State.KEPT: [State.SIGNED, State.PROVEN, State.KEPT]}.get(end, []):
            signed = tx.documents.move(signed, state, "test")
    with pytest.raises(Refused, match="reason_needed"):
        PageDesk(store).arrange(document.id, "1", seen(store, document))
    PageDesk(store).arrange(document.id, "1", seen(store, document, reason="wrong_document: tờ 2 của người khác"))
    with store.read() as tx:
        assert tx.signing.of(document.id) == []
        (earlier,) = tx.signing.earlier(document.id)
        assert (earlier.state, earlier.replaced, earlier.field) == ("signed", "e" * 64, "TacGia")
        (version,) = [one for one in tx.documents.versions(document.id) if one["kind"] == "replaced"]
        assert (version["sha256"], version["report"]["reason"], version["report"]["by"]) == ("e" * 64, "wrong_document", "mai")
    assert refiled(store, document).state is State.FILED
