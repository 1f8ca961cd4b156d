"""The belt's cutting: the original becomes pages that the object store keeps."""

from __future__ import annotations

from pathlib import Path

from domain.documents import Document, Origin, State
from ingest.inspect import inspect
from ingest.settings import IngestSettings
from ingest.step import CutStep
from storage.store import Store
from tests.generator import files
from tests.ingest import samples

SETTINGS = IngestSettings()


def received(store: Store, path: Path) -> Document:
    inspection = inspect(path, SETTINGS)
    original = store.objects.put_file(path)
    with store.write() as tx:
        return tx.documents.add(Origin(path.name, "test"), original, 1, nature=inspection.nature, pages=inspection.pages)


def step(store: Store, document: Document) -> Document:
    cut = CutStep(store.objects, SETTINGS)
    with store.write() as tx:
        job = cut.look(tx, document)
    result = cut.work(job)
    assert cut.work(job) == result
    with store.write() as tx:
        cut.write(tx, document, result)
        return tx.documents.get(document.id)


def test_a_document_is_cut_into_pages_whose_pictures_are_kept(store: Store, tmp_path: Path) -> None:
    document = step(store, received(store, files.pdf([samples.page(), samples.bitonal()], tmp_path / "a")))
    assert (document.state, document.pages) == (State.PAGED, 2)
    with store.read() as tx:
        pages = tx.pages.of(document.id)
    assert [(page.number, page.media_type, page.native) for page in pages] == [(1, "image/jpeg", True), (2, "image/tiff", True)]
    assert files.jpeg_bytes(samples.page()) == store.objects.get(pages[0].image)


def test_the_words_of_a_page_are_kept_with_it(store: Store, tmp_path: Path) -> None:
    document = step(store, received(store, files.born_digital(samples.form(), tmp_path / "a")))
    with store.read() as tx:
        (page,) = tx.pages.of(document.id)
    assert page.words
    assert page.words[0].text == "SỞ"
