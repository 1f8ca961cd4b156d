"""A signed chart whose pages were wrong: a new version with a reason, signed again; the old one stays and still holds."""

from __future__ import annotations

from dataclasses import replace

import pikepdf
import pytest

from domain.arrangement import Deed
from domain.documents import Document, Origin, State
from domain.errors import Refused
from domain.findings import Facts, KindFinding
from domain.patients import Patient
from domain.signatures import SigningRule, Verdict
from filing.arrange import PageDesk
from filing.review import PatientReview
from filing.step import FileStep
from pdfa.settings import PdfaSettings
from pdfa.step import BindStep
from pipeline.verifying import Verifier
from signing.verify import verify_file
from tests import judges
from tests.agent.desk import KIND, Clinic, carried, clinic
from tests.pdfa import sheets
from tests.signing.test_desk import device, sign

WAY = ["bound", "fields", "signed", "proven"]
"""The versions of a document that is signed once."""


def filed(here: Clinic) -> Document:
    """A chart of two pages, of which the second belongs to somebody else."""
    page = sheets.page()
    image = sheets.coded(page.image, "jpeg")
    with here.store.write() as tx:
        tx.signing.set_rules([SigningRule(KIND, "TacGia", "author", signer_id=here.doctor.id)])
        tx.patients.upsert([Patient("P1", "Nguyễn Thị Hương")])
        name = here.store.objects.put(image.data)
        document = tx.documents.add(Origin("quét.pdf", "cli"), name, len(image.data), pages=2)
        tx.pages.add(document.id, [(image, name), (replace(image, number=2), name)])
        tx.documents.move(document, State.PAGED, "ingest")
        for number in (1, 2):
            tx.pages.keep(tx.pages.get(document.id, number), f"{number:064d}", sheets.reading(page), ("0" * 64, "1" * 64))
        tx.documents.move(tx.documents.get(document.id), State.READ, "ocr")
        tx.documents.set_facts(document.id, Facts(KindFinding(KIND, "Giấy ra viện")))
        return tx.documents.move(tx.documents.get(document.id), State.FILED, "filing", patient_id="P1")


def proven(here: Clinic, document_id: str) -> str:
    """Bound, sent to the doctor's desk, signed, proven; the name of what came out."""
    carried(here, document_id, BindStep(here.store.objects, [], PdfaSettings()))
    carried(here, document_id, here.asking)
    here.send(here.document(document_id))
    with pytest.raises(Refused, match="being_signed"):
        PageDesk(here.store).arrange(document_id, "1r90", deed(here, document_id))
    assert [one["state"] for one in sign(here, device(here)).values()] == ["signed"]
    carried(here, document_id, here.proving)
    return here.document(document_id).current or ""


def deed(here: Clinic, document_id: str) -> Deed:
    return Deed("mai", {document_id: here.document(document_id).version}, "wrong_patient: tờ 2 của Trần Văn B")


def test_a_signed_chart_is_replaced_by_a_signed_chart_and_both_hold(hospital, store):
    here = clinic(hospital, store)
    chart = filed(here)
    old = proven(here, chart.id)

    PageDesk(store).arrange(chart.id, "1", deed(here, chart.id))
    carried(here, chart.id, FileStep())
    review = PatientReview(store)
    waiting = here.document(chart.id)
    assert (waiting.state, waiting.patient_id, waiting.current) == (State.NEEDS_REVIEW, None, None)
    review.accept(review.correct(waiting, "kind", KIND, "mai"), "P1", "mai")
    new = proven(here, chart.id)

    with store.read() as tx:
        kinds = [(version["kind"], version["sha256"]) for version in tx.documents.versions(chart.id)]
        replaces = next(v["report"]["replaces"] for v in reversed(tx.documents.versions(chart.id)) if v["kind"] == "bound")
        assert [one.replaced for one in tx.signing.earlier(chart.id)] == [old]
        assert [(one.state, one.replaced) for one in tx.signing.of(chart.id)] == [("signed", None)]
        assert tx.documents.with_bytes(old).id == chart.id
    assert [kind for kind, _ in kinds] == [*WAY, "replaced", *WAY]
    assert replaces == dict(kinds)["replaced"] == old

    for name, pages in ((old, 2), (new, 1)):
        path = store.objects.path(name)
        assert verify_file(path, hospital.trust).verdict is Verdict.PASSED
        assert judges.dss(path, hospital.authority.trust)["signatures"][0]["indication"] == "TOTAL_PASSED"
        assert judges.verapdf(path)["compliant"]
        assert Verifier(hospital.trust, (), store).file(path).verdict is Verdict.PASSED
        with pikepdf.open(path) as pdf:
            assert len(pdf.pages) == pages
            metadata = pdf.Root.Metadata.read_bytes().decode()
            assert (old in metadata, "wrong_patient" in metadata, "Trần Văn B" in metadata) == (
                name == new,
                name == new,
                False,
            )
