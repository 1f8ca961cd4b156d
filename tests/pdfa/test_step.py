from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pikepdf
import pytest

from domain.documents import Document, Nature, Origin, State
from domain.errors import Broken, Refused
from domain.findings import Facts, KindFinding
from domain.pages import PageImage, PageReading
from ocr.correct import WordDesk
from pdfa.pikepdf_check import PikepdfCheck
from pdfa.settings import PdfaSettings
from pdfa.step import BindStep
from pdfa.validator import Judgement, Validator
from pdfa.verapdf import VeraPdf
from storage.store import Store
from tests import judges
from tests.generator import files, hostile
from tests.pdfa import sheets

VIEWS = ("0" * 64, "1" * 64)


@dataclass(frozen=True)
class Severe:
    """A judge who likes nothing."""

    def judge(self, path: Path) -> Judgement:
        return Judgement(False, "PDF/A-2U", ("6.1.2-1",), "severe")


def test_a_filed_scan_is_bound_judged_and_kept_beside_its_original(store: Store, tmp_path: Path) -> None:
    page = sheets.page(1.5)
    image = sheets.coded(page.image, "jpeg")
    document = _filed(store, image.data, Nature.SCAN, [(image, sheets.reading(page, skew=1.5))] * 3)
    with VeraPdf(PdfaSettings(verapdf=judges.home("verapdf"))) as vera:
        bound = _step(store, document, [vera, PikepdfCheck()])
    assert bound.state is State.BOUND
    assert bound.bound == bound.current != bound.original
    assert judges.verapdf(store.objects.path(bound.bound or ""))["compliant"]
    with store.read() as tx:
        (version,) = tx.documents.versions(document)
    assert (version["kind"], version["sha256"]) == ("bound", bound.bound)
    assert (version["report"]["compliant"], version["report"]["judge"]) == (True, "veraPDF")


def test_binding_twice_gives_the_same_file(store: Store) -> None:
    page = sheets.page()
    image = sheets.coded(page.image, "jpeg")
    document = _filed(store, image.data, Nature.SCAN, [(image, sheets.reading(page))])
    step = BindStep(store.objects, [], PdfaSettings())
    with store.read() as tx:
        job = step.look(tx, tx.documents.get(document))
    assert step.work(job) == step.work(job)


def test_a_word_that_a_person_corrected_before_changes_no_byte_of_what_is_bound(store: Store) -> None:
    page = sheets.page()
    image = sheets.coded(page.image, "jpeg")
    document = _filed(store, image.data, Nature.SCAN, [(image, sheets.reading(page))])
    step = BindStep(store.objects, [], PdfaSettings())
    with store.read() as tx:
        before = step.look(tx, tx.documents.get(document))
    WordDesk(store).correct((document, 1, range(1)), "Sửa", 0, "lan")
    with store.read() as tx:
        assert tx.pages.reading(document).pages[0].words[0].text == "Sửa"
        after = step.look(tx, tx.documents.get(document))
    assert step.work(after).name == step.work(before).name


def test_without_a_verdict_a_document_moves_on_as_not_judged(store: Store) -> None:
    page = sheets.page()
    image = sheets.coded(page.image, "jpeg")
    document = _filed(store, image.data, Nature.SCAN, [(image, sheets.reading(page))])
    assert _step(store, document, [VeraPdf(PdfaSettings())]).state is State.BOUND
    with store.read() as tx:
        assert tx.documents.versions(document)[0]["report"]["compliant"] is None


def test_a_printed_file_is_converted(store: Store, tmp_path: Path) -> None:
    source = files.born_digital(sheets.form(), tmp_path / "in.pdf").read_bytes()
    drawn = sheets.coded(sheets.page().image, "png")
    document = _filed(store, source, Nature.TEXT, [(drawn, replace(sheets.reading(sheets.page()), engine="text layer"))])
    bound = _step(store, document, [PikepdfCheck()])
    data = store.objects.get(bound.bound or "")
    assert len(data) < 2 * len(source)
    assert judges.verapdf(store.objects.path(bound.bound or ""))["compliant"]


def test_a_scanned_page_in_a_printed_file_is_bound_as_paper_and_marked(store: Store, tmp_path: Path) -> None:
    page = sheets.page()
    source = files.born_digital(sheets.form(), tmp_path / "in.pdf")
    with pikepdf.open(source, allow_overwriting_input=True) as pdf, pikepdf.open(files.pdf([page], tmp_path / "b.pdf")) as scan:
        pdf.pages.extend(scan.pages)
        pdf.save()
    pages = [
        (sheets.coded(page.image, "png"), replace(sheets.reading(page), engine="text layer")),
        (sheets.coded(page.image, "jpeg"), sheets.reading(page)),
    ]
    document = _filed(store, source.read_bytes(), Nature.TEXT, pages)
    step = BindStep(store.objects, [PikepdfCheck()], PdfaSettings(organisation="Bệnh viện A"), papers=lambda path: frozenset({2}))
    with store.read() as tx:
        result = step.work(step.look(tx, tx.documents.get(document)))
    assert result.converter == "Bệnh viện A"
    assert judges.verapdf(store.objects.path(result.name))["profile"] == "PDF/A-2U"
    with pikepdf.open(store.objects.path(result.name)) as pdf:
        assert [(len(each.images), "/PieceInfo" in each.obj) for each in pdf.pages] == [(0, False), (1, True)]


def test_a_signed_file_is_its_own_bound_form(store: Store) -> None:
    image = sheets.coded(sheets.page().image, "png")
    document = _filed(store, b"%PDF signed", Nature.SIGNED, [(image, sheets.reading(sheets.page()))])
    bound = _step(store, document, [Severe()])
    assert bound.bound == bound.original
    with store.read() as tx:
        assert tx.documents.versions(document)[0]["report"]["compliant"] is False


def test_a_file_that_fails_its_judge_never_moves_on(store: Store) -> None:
    page = sheets.page()
    image = sheets.coded(page.image, "jpeg")
    document = _filed(store, image.data, Nature.SCAN, [(image, sheets.reading(page))])
    with pytest.raises(Broken, match="not_pdfa"):
        _step(store, document, [Severe()])
    with store.read() as tx:
        assert tx.documents.get(document).state is State.FILED


def test_files_in_the_making_lie_in_the_scratch_folder_and_are_gone_afterwards(store: Store, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    source = hostile.MAKERS["xfa"](tmp_path / "in.pdf").read_bytes()
    image = sheets.coded(sheets.page().image, "png")
    document = _filed(store, source, Nature.TEXT, [(image, sheets.reading(sheets.page()))])
    with pytest.raises(Refused, match="xfa"):
        _step(store, document, [], PdfaSettings(scratch=scratch))
    assert not list(scratch.iterdir())


def _filed(store: Store, original: bytes, nature: Nature, pages: list[tuple[PageImage, PageReading]]) -> str:
    """A document that filing has done with."""
    name = store.objects.put(original)
    with store.write() as tx:
        document = tx.documents.add(Origin("hồ sơ.pdf", "cli"), name, len(original), nature=nature, pages=len(pages))
        cut = [(replace(image, number=n), store.objects.put(image.data)) for n, (image, _) in enumerate(pages, 1)]
        tx.pages.add(document.id, cut)
        tx.documents.move(document, State.PAGED, "ingest")
        for page, (_, reading) in zip(tx.pages.of(document.id), pages, strict=True):
            tx.pages.keep(page, f"{document.id}-{page.number}", reading, VIEWS)
        tx.documents.move(tx.documents.get(document.id), State.READ, "ocr")
        tx.documents.set_facts(document.id, Facts(KindFinding(code="01/BV-01", title="Giấy ra viện")))
        tx.documents.move(tx.documents.get(document.id), State.FILED, "filing")
        return document.id


def _step(store: Store, document: str, validators: list[Validator], settings: PdfaSettings | None = None) -> Document:
    step = BindStep(store.objects, validators, settings or PdfaSettings())
    with store.read() as tx:
        job = step.look(tx, tx.documents.get(document))
    result = step.work(job)
    with store.write() as tx:
        step.write(tx, tx.documents.get(document), result)
        return tx.documents.get(document)
