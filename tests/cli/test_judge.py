"""`luuky custody judge`: what nobody judged is judged later, by the real judge behind the real guard."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf

from domain.documents import Nature, Origin, State
from pdfa.settings import PdfaSettings
from pdfa.step import BindStep
from storage.migrate import migrate
from storage.settings import StorageSettings
from storage.store import Store, open_store
from tests import judges
from tests.cli.running import luuky
from tests.pdfa import sheets


def test_what_was_bound_without_a_judge_is_judged_once_there_is_one(tmp_path):
    store = _opened(tmp_path / "data")
    good, bad = _bound(store), _bound(store)
    _spoil(store, bad)
    assert luuky("custody", "judge", data=tmp_path / "data").status == 5

    home = str(judges.home("verapdf"))
    ran = luuky("custody", "judge", "--json", data=tmp_path / "data", LUUKY_PDFA_VERAPDF=home)
    assert ran.status == 1, ran.err
    found = {one["document"]: one for one in ran.json["judged"]}
    assert (found[good]["standing"], found[good]["judge"], found[good]["profile"]) == ("passed", "veraPDF 1.30", "PDF/A-2U")
    assert (found[bad]["standing"], "6.6.2.1-1" in found[bad]["failed"]) == ("failed", True)

    again = luuky("custody", "judge", data=tmp_path / "data", LUUKY_PDFA_VERAPDF=home)
    assert "đã kiểm định / judged 1" in again.out
    assert f"{bad} bound: Không đạt PDF/A-2B: điều" in again.out
    doctor = luuky("doctor", "--json", data=tmp_path / "data", LUUKY_PDFA_VERAPDF=home)
    parts = {one["part"]: one for one in doctor.json["parts"]}
    assert (parts["verapdf"]["state"], parts["verapdf"]["detail"].split(",")[0]) == ("ok", "veraPDF 1.30")
    assert parts["pdfa"]["detail"].startswith("0 documents not checked, 1 not valid")
    store.close()


def _opened(data: Path) -> Store:
    settings = StorageSettings(data)
    migrate(settings)
    return open_store(settings)


def _bound(store: Store) -> str:
    """A document that was bound where no judge was."""
    page = sheets.page()
    image = sheets.coded(page.image, "jpeg")
    name = store.objects.put(image.data)
    with store.write() as tx:
        document = tx.documents.add(Origin("quét.jpg", "cli"), name, len(image.data), nature=Nature.SCAN, pages=1)
        tx.pages.add(document.id, [(replace(image, number=1), name)])
        tx.documents.move(document, State.PAGED, "ingest")
        tx.pages.keep(tx.pages.get(document.id, 1), document.id.ljust(64, "0"), sheets.reading(page), ("0" * 64, "1" * 64))
        tx.documents.move(tx.documents.get(document.id), State.READ, "ocr")
        filed = tx.documents.move(tx.documents.get(document.id), State.FILED, "filing")
    step = BindStep(store.objects, [], PdfaSettings())
    with store.read() as tx:
        job = step.look(tx, filed)
    result = step.work(job)
    with store.write() as tx:
        step.write(tx, filed, result)
    return filed.id


def _spoil(store: Store, document_id: str) -> None:
    """Its newest version is one that is no PDF/A."""
    plain = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(plain)
    name = store.objects.put(plain.getvalue())
    with store.write() as tx:
        tx.documents.add_version(document_id, "bound", name)
