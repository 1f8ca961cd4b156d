"""A word corrected before binding, before signing, while the doctor signs, and after: not a byte of the document knows of it,
both judges stand by it, and everybody who reads or searches finds the new word.
"""

from __future__ import annotations

import hashlib
import json

import pypdfium2

from cli.export import export
from domain.documents import Document, Origin, State
from domain.findings import Facts, KindFinding
from domain.people import ALL
from domain.search import Query
from domain.signatures import SigningRule, Verdict
from ocr.correct import WordDesk
from pdfa.settings import PdfaSettings
from pdfa.step import BindStep
from pipeline.indexer import Indexer
from search.settings import SearchSettings
from search.tantivy import TantivyIndex
from signing.verify import verify_file
from tests import judges
from tests.agent.desk import KIND, Clinic, carried, clinic
from tests.pdfa import sheets
from tests.signing.test_desk import device, sign

STAGES = ("truocdongquyen", "truockhiky", "dangky", "dakyxong", "daniemphong")
"""What is written over the first word, stage by stage."""


def filed(here: Clinic) -> Document:
    """A page with known words, read, and filed."""
    page = sheets.page()
    image = sheets.coded(page.image, "jpeg")
    with here.store.write() as tx:
        tx.signing.set_rules([SigningRule(KIND, "TacGia", "author", signer_id=here.doctor.id)])
        name = here.store.objects.put(image.data)
        document = tx.documents.add(Origin("quét.jpg", "cli"), name, len(image.data), pages=1)
        tx.pages.add(document.id, [(image, name)])
        tx.documents.move(document, State.PAGED, "ingest")
        tx.pages.keep(tx.pages.get(document.id, 1), "f" * 64, sheets.reading(page), ("0" * 64, "1" * 64))
        tx.documents.move(tx.documents.get(document.id), State.READ, "ocr")
        tx.documents.set_facts(document.id, Facts(KindFinding(KIND, "Giấy ra viện")))
        return tx.documents.move(tx.documents.get(document.id), State.FILED, "filing")


def correct(here: Clinic, document_id: str, text: str) -> None:
    """Write over the first word; whatever the document's bytes were, they still are."""
    before = _bytes(here, document_id)
    desk = WordDesk(here.store)
    desk.correct((document_id, 1, range(1)), text, desk.words(document_id, 1).seen, "mai")
    assert _bytes(here, document_id) == before


def _bytes(here: Clinic, document_id: str) -> list[tuple[str, str]]:
    """Every version there ever was, by what its bytes hash to now."""
    with here.store.read() as tx:
        names = [version["sha256"] for version in tx.documents.versions(document_id)]
    return [(name, hashlib.sha256(here.store.objects.get(name)).hexdigest()) for name in names]


def test_no_byte_that_is_signed_knows_of_a_correction_and_everybody_else_does(hospital, store, tmp_path, monkeypatch):
    here = clinic(hospital, store)
    chart = filed(here)
    correct(here, chart.id, STAGES[0])
    carried(here, chart.id, BindStep(store.objects, [], PdfaSettings()))
    carried(here, chart.id, here.asking)
    correct(here, chart.id, STAGES[1])
    here.send(here.document(chart.id))
    correct(here, chart.id, STAGES[2])
    assert [one["state"] for one in sign(here, device(here)).values()] == ["signed"]
    correct(here, chart.id, STAGES[3])
    carried(here, chart.id, here.proving)
    correct(here, chart.id, STAGES[4])

    proven = here.file(chart.id)
    assert verify_file(proven, hospital.trust).verdict is Verdict.PASSED
    assert judges.dss(proven, hospital.authority.trust)["signatures"][0]["indication"] == "TOTAL_PASSED"
    assert judges.verapdf(proven)["compliant"]
    printed = pypdfium2.PdfDocument(proven)[0].get_textpage().get_text_range()
    assert sheets.page().words[0].text in printed
    assert not [one for one in STAGES if one in printed]

    index = TantivyIndex(tmp_path / "index", SearchSettings())
    Indexer(store, index).tick()
    assert [hit.document for hit in index.search(Query(STAGES[4], ALL)).pages] == [chart.id]
    assert index.search(Query(STAGES[3], ALL)).total == 0
    index.close()

    monkeypatch.setenv("LUUKY_DATA", str(tmp_path / "data"))
    assert export([chart.id], tmp_path / "out") == 0
    assert (tmp_path / "out" / f"{chart.id}.pdf").read_bytes() == proven.read_bytes()
    (word, *_) = json.loads((tmp_path / "out" / f"{chart.id}.json").read_text(encoding="utf-8"))["pages"][0]["words"]
    assert (word["text"], word["changed"]["read"], word["changed"]["by"]) == (STAGES[4], sheets.page().words[0].text, "mai")
