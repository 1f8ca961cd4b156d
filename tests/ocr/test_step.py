"""The belt's reading: page by page, each result once, the last page moves the document."""

from __future__ import annotations

import io

from PIL import Image

from domain.documents import Document, Origin, State
from domain.pages import PageImage, Word
from ocr.engine import Cleaned, Gray
from ocr.step import PageReader, ReadPageStep, ReadStep
from storage.store import Store
from tests.ocr import pages


class Counting:
    """The real recogniser, counting."""

    def __init__(self) -> None:
        self.read_pages = 0
        self.name = pages.engine().name
        self.asked_first = pages.engine().asked_first

    def read(self, page: Cleaned) -> list[Word]:
        self.read_pages += 1
        return pages.engine().read(page)

    def orientation(self, gray: Gray) -> tuple[int, float]:
        return pages.engine().orientation(gray)


def paged(store: Store, *images: PageImage) -> Document:
    with store.write() as tx:
        document = tx.documents.add(Origin("a.pdf", "test"), "a" * 64, 1)
        tx.pages.add(document.id, [(image, store.objects.put(image.data)) for image in images])
        return tx.documents.move(document, State.PAGED, "test", pages=len(images))


def read(store: Store, document: Document, number: int, engine: Counting) -> State:
    step = ReadPageStep(pages.FAST, lambda: engine.name, PageReader(store.objects, engine, pages.FAST).read)
    with store.write() as tx:
        page = tx.pages.get(document.id, number)
        job = step.look(tx, page)
    result = step.work(job)
    with store.write() as tx:
        step.write(tx, page, result)
        return tx.documents.get(document.id).state


def spread(store: Store, document: Document) -> list[int]:
    """Run the document's own step; the pages for which it left errands."""
    step = ReadStep()
    with store.write() as tx:
        current = tx.documents.get(document.id)
        result = step.work(step.look(tx, current))
        step.write(tx, current, result)
    return result


def test_the_last_page_read_moves_the_document(store: Store) -> None:
    image = pages.scan(pages.clean("giay_ra_vien", 150))
    document = paged(store, image, PageImage(2, image.data, "image/jpeg", image.width, image.height, 150))
    assert spread(store, document) == [1, 2]
    engine = Counting()
    with store.read() as tx:
        last = tx.events.last()
    assert read(store, document, 2, engine) is State.PAGED
    with store.read() as tx:
        assert [(event.kind, event.payload) for event in tx.events.after(last)] == [("page", {"page": 2})]
    assert spread(store, document) == [1]
    assert read(store, document, 1, engine) is State.READ
    with store.read() as tx:
        readings = tx.pages.reading(document.id).pages
    assert [reading.number for reading in readings] == [1, 2]
    assert pages.recall(readings[0], pages.clean("giay_ra_vien", 150)) > 0.8
    assert engine.read_pages == 1, "the same picture is read once"


def test_a_page_gets_an_upright_preview_and_a_thumbnail(store: Store) -> None:
    document = paged(store, pages.scan(pages.clean("giay_ra_vien", 150)))
    read(store, document, 1, Counting())
    with store.read() as tx:
        page = tx.pages.get(document.id, 1)
    assert page.preview
    assert page.thumbnail
    widths = [Image.open(io.BytesIO(store.objects.get(name))).width for name in (page.preview, page.thumbnail)]
    assert widths == [pages.clean("giay_ra_vien", 150).image.width, 240]


def test_a_document_whose_pages_are_all_read_goes_on(store: Store) -> None:
    document = paged(store)
    assert spread(store, document) == []
    with store.read() as tx:
        assert tx.documents.get(document.id).state is State.READ
