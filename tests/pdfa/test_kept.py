"""A file that is PDF/A already is kept byte for byte, and paper that is marked as converted is not marked again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pikepdf
import pikepdf.pdfa
import pytest
from pikepdf import Dictionary, Name, Pdf, String

from domain.documents import Nature
from domain.pages import PageReading
from pdfa.bind import bind
from pdfa.convert import convert
from pdfa.kept import KEPT, approved
from pdfa.mark import carried
from pdfa.pikepdf_check import PikepdfCheck
from pdfa.record import Conversion, Original
from pdfa.settings import PdfaSettings
from pdfa.step import BindJob, BindResult, BindStep
from pdfa.validator import Judgement
from storage.store import Store
from tests.generator import files
from tests.pdfa import sheets
from tests.pdfa.sheets import RECORD
from tests.pdfa.test_step import _filed
from tests.pdfa.test_xmp import said

HOUSE = PdfaSettings(organisation="Bệnh viện Đa khoa Sông Mây")


@dataclass(frozen=True)
class Judge:
    """One who always says the same."""

    says: bool | None

    def judge(self, path: Path) -> Judgement:
        return Judgement(self.says, "PDF/A-2U", (), "fixed")


def marked(folder: Path, pages: int = 1) -> Path:
    """Paper that Lưu Ký has bound; the mark is on its first page."""
    page = sheets.page()
    leaves = [(sheets.coded(page.image, "jpeg"), sheets.reading(page))] * pages
    return bind(leaves, replace(RECORD, conversion=Conversion("Bệnh viện A")), folder / "marked.pdf").path


def born(folder: Path) -> Path:
    source = files.born_digital(sheets.form(), folder / "plain.pdf")
    return convert(source, [PageReading(1, 1240, 1754, 150.0, engine="text layer")], RECORD, folder / "born.pdf").path


def by_another(folder: Path) -> Path:
    with pikepdf.open(files.born_digital(sheets.form(), folder / "plain.pdf")) as pdf:
        del pdf.Root.OpenAction
        pikepdf.pdfa.save(pdf, folder / "other.pdf", "2b")
    return folder / "other.pdf"


def with_original(folder: Path) -> Path:
    """The same with the scan inside: PDF/A-3."""
    page = sheets.page()
    scan = files.jpeg(page, folder / "a.jpg")
    record = replace(RECORD, originals=(Original(scan, "a.jpg", "image/jpeg"),))
    return bind([(sheets.coded(page.image, "jpeg"), sheets.reading(page))], record, folder / "with.pdf").path


def altered(path: Path, change: Callable[[Pdf], None] = lambda pdf: None) -> Path:
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
        change(pdf)
        pdf.save()
    return path


@pytest.mark.parametrize("make", [marked, born, with_original, by_another])
def test_a_file_that_is_pdf_a_already_is_told(make: Callable[[Path], Path], tmp_path: Path) -> None:
    assert approved(make(tmp_path)) is not None
    assert approved(make(tmp_path), [Judge(says=True)]) == Judge(says=True).judge(tmp_path)
    assert approved(make(tmp_path), [Judge(says=False)]) is None


def test_what_claims_nothing_or_what_is_not_so_is_not_kept(tmp_path: Path) -> None:
    assert approved(files.born_digital(sheets.form(), tmp_path / "a.pdf"), [Judge(says=True)]) is None
    assert approved(files.jpeg(sheets.page(), tmp_path / "a.jpg"), [Judge(says=True)]) is None
    assert approved(altered(marked(tmp_path))) is None


def without_record(pdf: Pdf) -> None:
    pdf.Root.Metadata = pdf.make_stream(pdf.Root.Metadata.read_bytes().replace(b"urn:luuky:record:1#", b"urn:other"))
    del pdf.Root.OpenAction


def test_without_a_verdict_only_a_file_of_our_own_is_kept(tmp_path: Path) -> None:
    path = altered(marked(tmp_path), without_record)
    assert PikepdfCheck().judge(path).compliant is None
    assert approved(path) is None


@pytest.mark.parametrize(("make", "nature"), [(marked, Nature.SCAN), (born, Nature.TEXT)])
def test_on_the_belt_it_is_its_own_bound_form(make: Callable[[Path], Path], nature: Nature, store: Store, tmp_path: Path) -> None:
    original, result = work(store, make(tmp_path), nature)
    assert (result.name, result.notes, result.converter) == (original, (KEPT,), None)


def test_pages_put_together_anew_are_bound_anew(store: Store, tmp_path: Path) -> None:
    original, result = work(store, marked(tmp_path, pages=2), Nature.SCAN, only=2)
    assert result.name != original
    assert result.converter == HOUSE.organisation
    assert places(store.objects.path(result.name)) == [True]


def test_paper_that_is_marked_and_has_to_be_bound_anew_gets_no_second_mark(store: Store, tmp_path: Path) -> None:
    original, result = work(store, altered(marked(tmp_path, pages=2)), Nature.SCAN)
    assert (result.name != original, result.notes, result.converter) == (True, (), None)
    assert places(store.objects.path(result.name)) == [False, False]
    assert "converter" not in said(store.objects.path(result.name))


def test_of_several_files_only_those_without_a_mark_get_one(tmp_path: Path) -> None:
    page = sheets.page()
    one, other = marked(tmp_path, pages=2), files.jpeg(page, tmp_path / "a.jpg")
    leaves = [(one, 1), (one, 2), (other, 1)]
    assert carried(leaves) == {0, 1}
    record = replace(RECORD, conversion=Conversion("Bệnh viện A"))
    drawn = [(sheets.coded(page.image, "jpeg"), sheets.reading(page))] * 3
    bound = bind(drawn, record, tmp_path / "out.pdf", carried=carried(leaves))
    assert places(bound.path) == [False, False, True]


def work(store: Store, path: Path, nature: Nature, only: int | None = None) -> tuple[str, BindResult]:
    """The name of the original, and what binding made of it, or of one of its pages."""
    page = sheets.page()
    with pikepdf.open(path) as pdf:
        count = len(pdf.pages)
    document = _filed(store, path.read_bytes(), nature, [(sheets.coded(page.image, "png"), sheets.reading(page))] * count)
    step = BindStep(store.objects, [PikepdfCheck()], HOUSE)
    with store.read() as tx:
        job: BindJob = step.look(tx, tx.documents.get(document))
    if only:
        job = replace(job, pages=job.pages[only - 1 : only], readings=job.readings[only - 1 : only])
    return job.document.original, step.work(job)


def places(path: Path) -> list[bool]:
    """Of each page, whether the mark was put on it."""
    with pikepdf.open(path) as pdf:
        return [Name.PieceInfo in page.obj for page in pdf.pages]
