"""What is indexed of a document."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from domain.documents import Document, Origin, State
from domain.findings import EpisodeFacts, Facts, Finding, KindFinding, PatientFacts
from domain.pages import Barcode, Box, Changed, PageReading, Word
from domain.patients import Patient
from search.pages_of import indexed_pages

BOX = Box(0, 0, 1, 1)
PATIENT = Patient("BN007", "Nguyễn Thị Hường", date(1960, 3, 5), citizen_id="079160012345")


def _finding(value: str) -> Finding[str]:
    return Finding(value, 0.9, 1, BOX, value)


def _document(**known: object) -> Document:
    values = {"id": "d1", "state": State.FILED, "version": 3, "departments": ("K01",), **known}
    return Document(origin=Origin("scan.pdf", "noi"), original="", bytes=1, received_at=datetime.now(UTC), **values)  # type: ignore[arg-type]


def _page(number: int, text: str, *codes: str) -> PageReading:
    words = tuple(Word(word, BOX, 1.0, 0) for word in text.split())
    return PageReading(number, 10, 10, 300.0, words=words, barcodes=tuple(Barcode(number, "QR", code, BOX) for code in codes))


FACTS = Facts(
    KindFinding("01/BV-01", "Bệnh án nội khoa"),
    PatientFacts(name=_finding("Nguyễn Thị Hương"), sex=_finding("Nữ"), birth_date=_finding("1960-03-05")),
    EpisodeFacts(
        archive_number=_finding("24.00123"), admission_date=_finding("2018-12-30"), discharge_date=_finding("2019-01-04")
    ),
)


def test_every_page_carries_its_words_its_codes_and_the_document() -> None:
    one, two = indexed_pages(_document(), FACTS, [_page(1, "trang một"), _page(2, "trang hai", "XN-0042")], PATIENT)
    assert (one.page, one.text.split()) == (1, ["trang", "một"])
    assert (two.page, two.text.split()) == (2, ["trang", "hai", "XN-0042"])
    assert (one.document, one.state, one.departments, one.year) == ("d1", State.FILED, ("K01",), 2019)
    assert (one.title, one.kind) == ("Bệnh án nội khoa", "01/BV-01")


def test_what_a_rule_chose_and_what_was_read_are_both_on_the_page_but_not_what_a_person_corrected() -> None:
    words = (
        Word("024190000001", BOX, 0.5, 0, Changed("O24190000001", rule="citizen_id")),
        Word("Hương", BOX, 1.0, 0, Changed("Hường", by="lan", at="2026-11-29T10:00:00Z")),
    )
    (entry,) = indexed_pages(_document(), FACTS, [replace(_page(1, ""), words=words)], None)
    assert entry.text.split() == ["024190000001", "Hương", "O24190000001"]


def test_what_was_read_and_what_is_confirmed_can_both_be_found() -> None:
    facts = indexed_pages(_document(), FACTS, [_page(1, "")], PATIENT)[0].facts.split(" | ")
    assert {"Nguyễn Thị Hương", "24.00123", "BN007", "079160012345", "1960-03-05", "05/03/1960"} <= set(facts)
    assert len(facts) == len(set(facts))
    assert "Nữ" not in facts


def test_a_name_merely_read_is_no_patient() -> None:
    entry = indexed_pages(_document(), FACTS, [_page(1, "")], None)[0]
    assert entry.patient is None
    assert entry.patient_name is None
    assert "Nguyễn Thị Hương" in entry.facts


def test_what_a_person_decided_comes_before_what_was_found() -> None:
    entry = indexed_pages(_document(title="Giấy ra viện", kind_code="02/BV"), FACTS, [_page(1, "")], PATIENT)[0]
    assert (entry.title, entry.kind) == ("Giấy ra viện", "02/BV")


def test_an_unknown_document_is_called_by_its_file_and_has_no_year() -> None:
    entry = indexed_pages(_document(), Facts(), [_page(1, "")], None)[0]
    assert (entry.title, entry.kind, entry.year) == ("scan.pdf", None, None)
