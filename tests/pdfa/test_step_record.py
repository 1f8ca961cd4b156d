"""What the belt knows of a document stands in its bound file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from domain.documents import Document, Nature, Origin, State
from domain.findings import EpisodeFacts, Facts, Finding, KindFinding, Part
from domain.pages import Box, PageReading
from domain.patients import Patient
from domain.people import Role
from filing.parts import parts
from pdfa.mark import WORDS
from pdfa.settings import PdfaSettings
from pdfa.step import BindStep, FindsParts, TellsTime
from storage.store import Store
from tests import judges
from tests.pdfa import sheets
from tests.pdfa.test_xmp import said

HOUSE = PdfaSettings(organisation="Bệnh viện Đa khoa Sông Mây", verify_url="https://kho.vn", organ_id="H38.15")
SCANNED = Origin("hồ sơ.jpg", "upload", scanner="fujitsu fi-7160", department="Khoa Nội tổng hợp", operator="mai")


def filed(store: Store, origin: Origin = SCANNED) -> str:
    """A filed scan of one page, with an archive number on it, of a patient of the index."""
    page = sheets.page()
    image = sheets.coded(page.image, "jpeg")
    number = Finding("0123/NTH", 0.95, 1, Box(0, 0, 1, 1), "Số lưu trữ: 0123/NTH")
    day = Finding("2026-03-01", 0.95, 1, Box(0, 0, 1, 1), "01/03/2026")
    kind = KindFinding(code="01/BV-01", title="Giấy ra viện")
    with store.write() as tx:
        tx.patients.upsert([Patient("BN0001", "Nguyễn Thị Hường")])
        document = tx.documents.add(origin, store.objects.put(image.data), len(image.data), nature=Nature.SCAN, pages=1)
        tx.pages.add(document.id, [(image, store.objects.put(image.data))])
        tx.documents.move(document, State.PAGED, "ingest")
        tx.pages.keep(tx.pages.get(document.id, 1), document.id, sheets.reading(page), ("0" * 64, "1" * 64))
        tx.documents.move(tx.documents.get(document.id), State.READ, "ocr")
        tx.documents.set_facts(document.id, Facts(kind, episode=EpisodeFacts(archive_number=number, discharge_date=day)))
        tx.documents.move(tx.documents.get(document.id), State.FILED, "filing", patient_id="BN0001")
        return document.id


def bound(
    store: Store, document: str, settings: PdfaSettings = HOUSE, finder: FindsParts | None = None, clock: TellsTime | None = None
) -> tuple[Document, Path]:
    step = BindStep(store.objects, [], settings, finder, clock)
    with store.read() as tx:
        job = step.look(tx, tx.documents.get(document))
    result = step.work(job)
    with store.write() as tx:
        step.write(tx, tx.documents.get(document), result)
        done = tx.documents.get(document)
    return done, store.objects.path(done.bound or "")


def words(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as pdf:
        return str(pdf[0].get_textpage().get_text_range())


def test_what_the_belt_knows_stands_in_the_file_and_on_its_page(store: Store) -> None:
    with store.write() as tx:
        tx.people.add("mai", "Đặng Thị Mai", Role.ARCHIVE, "một mật khẩu dài")
    document, path = bound(store, filed(store))
    facts = said(path)
    assert (facts["scanner"], facts["operator"], facts["department"]) == ("fujitsu fi-7160", "Đặng Thị Mai", "Khoa Nội tổng hợp")
    assert (facts["arcFileCode"], facts["paperFileCode"]) == ("H38.15.2026.0123/NTH", "0123/NTH")
    assert facts["originalSha256"] == [document.original]
    assert "patientName" not in facts
    assert "Nguyễn Thị Hường".encode() not in path.read_bytes()
    assert f"{WORDS}\r\n" in words(path)
    assert "Chuyển đổi bởi: Đặng Thị Mai" in words(path)
    assert f"Kiểm tra: kho.vn/kiem-tra/{document.id}" in words(path)
    assert judges.verapdf(path)["compliant"]


def test_who_scanned_without_an_account_is_not_named_but_the_house_is(store: Store) -> None:
    document, path = bound(store, filed(store, replace(SCANNED, operator="cli:root")))
    assert "operator" not in said(path)
    assert f"Chuyển đổi bởi: {HOUSE.organisation}" in words(path)
    with store.read() as tx:
        (moved,) = [entry.details for entry in tx.audit.of(document.id) if entry.details.get("end") == State.BOUND]
    assert moved["converter"] == HOUSE.organisation


def test_a_house_that_wants_it_has_the_patient_named(store: Store) -> None:
    _, path = bound(store, filed(store), replace(HOUSE, patient_in_metadata=True))
    assert (said(path)["patientName"], said(path)["patientCodes"]) == ("Nguyễn Thị Hường", ["BN0001"])


def test_a_house_that_wants_it_has_the_scan_inside(store: Store) -> None:
    document, path = bound(store, filed(store), replace(HOUSE, embed_original=True))
    with pikepdf.open(path) as pdf:
        assert pdf.attachments["hồ sơ.jpg"].get_file().read_bytes() == store.objects.get(document.original)
    assert judges.verapdf(path)["profile"] == "PDF/A-3U"


@pytest.mark.parametrize("several", [False, True])
def test_forms_found_in_a_bundle_become_its_outline(several: bool, store: Store) -> None:
    def twice(pages: Sequence[PageReading]) -> tuple[Part, ...]:
        return parts(pages) * 2 if several else parts(pages)

    _, path = bound(store, filed(store), finder=twice)
    with pypdfium2.PdfDocument(path) as pdf:
        assert [entry.get_title() for entry in pdf.get_toc()] == ["Giấy ra viện (01/BV-01)"] * (2 if several else 0)


def test_when_the_scanner_wrote_the_file_is_told_beside_when_it_came_in(store: Store) -> None:
    document = filed(store)
    with store.read() as tx:
        original = store.objects.path(tx.documents.get(document).original)
    times = {original: datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)}
    done, path = bound(store, document, clock=times.__getitem__)
    assert said(path)["scanned"] == "2026-03-04T05:06:07+00:00"
    with pikepdf.open(path) as pdf:
        assert f"{done.received_at:%Y%m%d%H%M%S}" in str(pdf.docinfo["/CreationDate"])


def test_a_file_that_does_not_tell_it_has_no_time_of_scan(store: Store) -> None:
    _, path = bound(store, filed(store), clock=lambda _: None)
    assert "scanned" not in said(path)
