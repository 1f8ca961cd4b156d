from __future__ import annotations

from pathlib import Path
from random import Random

import pikepdf
from pikepdf import Array, AttachedFileSpec, Dictionary, Name

from domain.documents import Origin, State
from ingest.accept import Accepted, Arrival, Outcome, accept
from ingest.settings import IngestSettings
from storage.store import Store
from tests.generator import files, forms, hostile, people

SETTINGS = IngestSettings()


def _letter(path: Path, **attached: bytes) -> Path:
    rng = Random(4)
    person = people.invent(rng)
    files.born_digital(forms.giay_ra_vien(person, person.stays[0], rng), path)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for name, data in attached.items():
            pdf.attachments[name] = AttachedFileSpec(pdf, data, filename=name.replace("_", "."))
        pdf.save()
    return path


def _accepted(store: Store, path: Path, settings: IngestSettings = SETTINGS) -> Accepted:
    return accept(store, Arrival(path, Origin(path.name, "scan"), in_batch=True), settings)


def test_a_file_inside_a_pdf_becomes_a_document_of_its_own_in_the_same_batch_and_each_history_names_the_other(
    store: Store, tmp_path: Path
) -> None:
    scan = files.pdf([hostile.page()], tmp_path / "scan.pdf").read_bytes()
    accepted = _accepted(store, _letter(tmp_path / "letter.pdf", xray_pdf=scan))
    (child,) = accepted.attached
    assert (child.state, child.origin.name, child.pages) == (State.RECEIVED, "xray.pdf", 1)
    assert child.batch_id == accepted.document.batch_id is not None
    assert store.objects.get(child.original) == scan
    with store.read() as tx:
        (inner,) = [entry for entry in tx.audit.of(child.id) if entry.act == "attached_to"]
        (outer,) = [entry for entry in tx.audit.of(accepted.document.id) if entry.act == "carries"]
    assert inner.details["parent"] == accepted.document.id
    assert outer.details["attached"] == child.id


def test_a_file_of_a_foreign_kind_inside_is_refused_for_all_to_see_and_its_parent_is_taken(store: Store, tmp_path: Path) -> None:
    accepted = _accepted(store, _letter(tmp_path / "letter.pdf", note_txt=b"khong phai ban quet"))
    (child,) = accepted.attached
    assert accepted.outcome is Outcome.NEW
    assert (child.state, child.reasons[0].code) == (State.REJECTED, "foreign")


def test_what_lies_inside_of_what_lies_inside_comes_out_too_but_no_deeper_than_allowed(store: Store, tmp_path: Path) -> None:
    inmost = files.pdf([hostile.page(120)], tmp_path / "3.pdf").read_bytes()
    third = _letter(tmp_path / "2.pdf", three_pdf=inmost).read_bytes()
    second = _letter(tmp_path / "1.pdf", two_pdf=third).read_bytes()
    accepted = _accepted(store, _letter(tmp_path / "0.pdf", one_pdf=second))
    assert [child.origin.name for child in accepted.attached] == ["one.pdf", "two.pdf"]


def test_no_more_files_come_out_than_allowed_and_none_beyond_the_size(store: Store, tmp_path: Path) -> None:
    many = {f"n{number}_txt": b"%d" % number for number in range(5)}
    path = _letter(tmp_path / "letter.pdf", **many, large_txt=bytes(3_000_000))
    accepted = _accepted(store, path, IngestSettings(most_attachments=4, most_bytes=2_000_000))
    assert len(accepted.attached) == 4
    assert "large.txt" not in {child.origin.name for child in accepted.attached}


def test_a_file_pinned_to_a_page_as_a_note_comes_out_too(store: Store, tmp_path: Path) -> None:
    path = _letter(tmp_path / "letter.pdf")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        inner = AttachedFileSpec(pdf, hostile.gif(tmp_path / "a.gif").read_bytes(), filename="../../a.gif")
        note = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=[10, 10, 30, 30], FS=inner.obj)
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note)])
        pdf.save()
    (child,) = _accepted(store, path).attached
    assert child.origin.name == "a.gif"


def test_the_same_file_again_brings_nothing_new(store: Store, tmp_path: Path) -> None:
    path = _letter(tmp_path / "letter.pdf", xray_pdf=files.pdf([hostile.page()], tmp_path / "scan.pdf").read_bytes())
    _accepted(store, path)
    again = _accepted(store, path)
    assert (again.outcome, again.attached) == (Outcome.DUPLICATE, ())
    with store.read() as tx:
        assert len(tx.documents.listed()) == 2
