"""Documents of pages of several files: scans keep their pictures, printed pages their vectors, each as a person turned it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pikepdf
import pypdfium2
import pytest

from domain.arrangement import Deed
from domain.documents import Document, Origin, State
from domain.findings import Facts, KindFinding
from filing.arrange import PageDesk
from ingest.inspect import inspect
from ingest.pages import cut_all
from ingest.settings import IngestSettings
from ocr.read import read_page
from ocr.settings import OcrSettings
from pdfa.pikepdf_check import PikepdfCheck
from pdfa.settings import PdfaSettings
from pdfa.step import BindStep, TellsTime
from storage.store import Store
from tests import judges
from tests.generator import files, forms
from tests.ocr.test_read import NeverAsked
from tests.pdfa import sheets
from tests.pdfa.test_xmp import said


def arrived(store: Store, path: Path) -> Document:
    """A file that was taken in, cut and read; scans as if without a fault."""
    found = inspect(path, IngestSettings())
    with store.write() as tx:
        name = store.objects.put_file(path)
        document = tx.documents.add(Origin(path.name, "cli"), name, path.stat().st_size, nature=found.nature, pages=found.pages)
        images = list(cut_all(path, found.pages, IngestSettings()))
        tx.pages.add(document.id, [(image, store.objects.put(image.data)) for image in images])
        return tx.documents.move(document, State.PAGED, "ingest", pages=found.pages)


def filed(store: Store, document: Document) -> None:
    """Read what is unread (a page of text by its text layer), then filed."""
    with store.write() as tx:
        for page in tx.pages.unread(document.id):
            image = page.picture(store.objects.get(page.image))
            known = sheets.reading(sheets.page(), rotation=page.turn or 0)
            reading = read_page(image, NeverAsked(), OcrSettings()) if image.words else known
            tx.pages.keep(page, f"{page.original[:40]}-{page.original_page}-{page.turn}", reading, ("0" * 64, "1" * 64))
        tx.documents.move(tx.documents.get(document.id), State.READ, "ocr")
        tx.documents.set_facts(document.id, Facts(KindFinding("01/BV-01", "Giấy ra viện")))
        tx.documents.move(tx.documents.get(document.id), State.FILED, "filing")


def bound(store: Store, document: Document, clock: TellsTime | None = None) -> Path:
    step = BindStep(store.objects, [PikepdfCheck()], PdfaSettings(), scan_time=clock)
    with store.read() as tx:
        job = step.look(tx, tx.documents.get(document.id))
    result = step.work(job)
    assert step.work(job).name == result.name, "binding twice gives the same bytes"
    with store.write() as tx:
        step.write(tx, tx.documents.get(document.id), result)
    return store.objects.path(result.name)


def seen(store: Store, *documents: Document) -> Deed:
    with store.read() as tx:
        return Deed("mai", {one.id: tx.documents.get(one.id).version for one in documents})


@pytest.fixture
def pair(store: Store, tmp_path: Path) -> tuple[Document, Document]:
    """A scan of one page, and a chart of two pages that was printed to a PDF."""
    scan = files.jpeg(sheets.page(), tmp_path / "quét.jpg")
    person = sheets.form().person
    chart = forms.ALL["benh_an_noi_khoa"](person, person.stays[0], Random(3))
    return arrived(store, scan), arrived(store, files.born_digital(chart, tmp_path / "in.pdf"))


def test_a_scan_and_turned_pages_of_a_printed_file_become_one_valid_pdf(store: Store, pair: tuple[Document, Document]) -> None:
    scan, printed = pair
    PageDesk(store).arrange(scan.id, f"{printed.id}:2r90,1,{printed.id}:1", seen(store, scan, printed))
    filed(store, scan)
    path = bound(store, scan)
    verdict = judges.verapdf(path)
    assert (verdict["compliant"], verdict["profile"]) == (True, "PDF/A-2U"), verdict
    pdf = pypdfium2.PdfDocument(path)
    sizes = [page.get_size() for page in pdf]
    assert [width > height for width, height in sizes] == [True, False, False]
    texts = [page.get_textpage().get_text_range() for page in pdf]
    assert sheets.page().words[0].text in texts[1]
    with pikepdf.open(path) as written:
        pictures = [len(page.images) for page in written.pages]
        assert pictures == [0, 1, 0], "printed pages keep their vectors"
    with store.read() as tx:
        readings = tx.pages.as_read(scan.id).pages
    assert [reading.rotation for reading in readings] == [90, 0, 0]
    for text, reading in zip(texts, readings, strict=True):
        assert reading.words[0].text in text


def test_of_several_scans_the_latest_is_the_time_and_a_printed_file_is_none(
    store: Store, pair: tuple[Document, Document], tmp_path: Path
) -> None:
    scan, printed = pair
    other = arrived(store, files.png(sheets.page(), tmp_path / "quét.png"))
    PageDesk(store).arrange(scan.id, f"{other.id}:1,1,{printed.id}:1", seen(store, scan, printed, other))
    filed(store, scan)
    files_in_order = [store.objects.path(one.original) for one in (other, scan, printed)]
    days = [datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)]
    path = bound(store, scan, lambda path: days[files_in_order.index(path)])
    assert said(path)["scanned"] == "2026-03-02T00:00:00+00:00"


def test_a_part_of_a_printed_file_holds_nothing_of_the_other_part(store: Store, pair: tuple[Document, Document]) -> None:
    _, printed = pair
    _, second = PageDesk(store).split(printed.id, ["1", "2"], seen(store, printed))
    filed(store, second)
    path = bound(store, second)
    assert judges.verapdf(path)["compliant"]
    (page,) = pypdfium2.PdfDocument(path)
    with pikepdf.open(path) as written:
        kinds = [one.get("/Type") for one in written.objects if isinstance(one, pikepdf.Dictionary)]
        assert kinds.count(pikepdf.Name.Page) == 1
    with store.read() as tx:
        (gone,) = tx.pages.of(printed.id)
    held = page.get_textpage().get_text_range()
    assert gone.words
    assert " ".join(word.text for word in gone.words[:6]) not in " ".join(held.split())
