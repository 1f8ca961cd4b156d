"""Making a kept document void: by whom, why, with a red block, and every signature before it still holds."""

from __future__ import annotations

import pikepdf
import pypdfium2
import pytest

from custody.step import KeepStep
from domain.documents import Document, Nature, State
from domain.errors import Refused
from domain.signatures import SigningRule, Verdict
from domain.signers import Capacity, Office
from pipeline.verifying import Verifier
from storage.store import Store
from tests import judges
from tests.agent.desk import KIND, WARD, Clinic, carried, clinic
from tests.signing.fixtures import Hospital
from tests.signing.test_deputies import colleague, device
from tests.signing.test_desk import sign

WHY = "Lập nhầm người bệnh, thay bằng hồ sơ 24.0117"


@pytest.fixture
def here(hospital: Hospital, store: Store) -> Clinic:
    return clinic(hospital, store)


def kept(here: Clinic) -> Document:
    chart = here.chart()
    here.send(chart)
    assert [one["state"] for one in sign(here, device(here, here.doctor)).values()] == ["signed"]
    keep(here, chart)
    with here.store.write() as tx:
        tx.signing.set_rules([SigningRule(KIND, "TacGia", "author"), SigningRule("", "HuyBo", "head")])
    return here.document(chart.id)


def keep(here: Clinic, chart: Document) -> None:
    carried(here, chart.id, here.proving)
    carried(here, chart.id, KeepStep(here.store.objects))


def test_a_void_document_says_so_in_red_is_kept_and_all_its_signatures_hold(here: Clinic, hospital: Hospital) -> None:
    chart, head = kept(here), colleague(here)
    with here.store.write() as tx:
        tx.signers.give(Office(head.id, Capacity.HEAD, WARD))
    here.desk.ask_void(head, chart.id, WHY)
    with pytest.raises(Refused, match="not_voidable"):
        here.desk.ask_void(head, chart.id, WHY)
    (asked,) = [one for one in here.signatures(chart.id) if one.field == "HuyBo"]
    assert here.document(chart.id).state is State.KEPT
    here.desk.prepare(head, [asked.id])
    assert [one["state"] for one in sign(here, device(here, head), "bs-dung").values()] == ["signed"]
    keep(here, chart)
    with here.store.read() as tx:
        document = tx.documents.get(chart.id)
        void = tx.signing.voided([chart.id])[chart.id]
    assert (document.state, document.findable) == (State.KEPT, True)
    assert (void.signed_by, void.reason) == (head.id, WHY)
    verdict = Verifier(hospital.trust, (), here.store).document(document)
    assert verdict.verdict is Verdict.PASSED
    assert [(one.field, one.level) for one in verdict.signatures] == [("TacGia", "LTA"), ("HuyBo", "LTA")]
    path = here.file(chart.id)
    assert path.read_bytes().startswith(here.store.objects.get(str(chart.current)))
    assert judges.verapdf(path)["compliant"]
    assert [one["indication"] for one in judges.dss(path, hospital.authority.trust)["signatures"]] == ["TOTAL_PASSED"] * 2
    with pikepdf.open(path) as pdf:
        fields = {str(field.T): field for field in pdf.Root.AcroForm.Fields}
        author, voids = fields["TacGia"], fields["HuyBo"]
        assert str(voids.V.Reason) == f"Hủy tài liệu: {WHY}"
        (x0, y0, x1, y1), (u0, v0, u1, v1) = (tuple(map(float, one.Rect)) for one in (author, voids))
        assert x1 <= u0 or u1 <= x0 or y1 <= v0 or v1 <= y0, "it covers no signature"
    assert red(path) > 50


def red(path) -> int:
    """Points of the last page, as a viewer shows it, that are seal red."""
    with pypdfium2.PdfDocument(path) as pdf:
        pdf.init_forms()
        picture = pdf[len(pdf) - 1].render(scale=2).to_pil().convert("RGB")
    return sum(count for count, (r, g, b) in picture.getcolors(1 << 24) if r > 140 and g < 60 and b < 70)


def test_only_whom_the_rule_names_makes_a_document_void_and_only_what_is_kept(here: Clinic) -> None:
    chart = kept(here)
    with pytest.raises(Refused, match="not_voidable"):
        here.desk.ask_void(here.doctor, chart.id, WHY)
    with here.store.write() as tx:
        tx.signing.set_rules([SigningRule("", "HuyBo", "author")])
    with pytest.raises(Refused, match="reason_needed"):
        here.desk.ask_void(here.doctor, chart.id, " ")
    waiting = here.chart()
    with here.store.write() as tx:
        tx.signing.set_rules([SigningRule("", "HuyBo", "author")])
    with pytest.raises(Refused, match="not_voidable"):
        here.desk.ask_void(here.doctor, waiting.id, WHY)
    with here.store.write() as tx:
        tx.documents.change(tx.documents.get(chart.id), "test", "test", nature=Nature.SIGNED)
    with pytest.raises(Refused, match="not_voidable"):
        here.desk.ask_void(here.doctor, chart.id, WHY)


def test_before_it_is_signed_it_can_be_left_as_it_was(here: Clinic) -> None:
    chart = kept(here)
    with here.store.write() as tx:
        tx.signing.set_rules([SigningRule("", "HuyBo", "author")])
    here.desk.ask_void(here.doctor, chart.id, WHY)
    (asked,) = [one for one in here.signatures(chart.id) if one.field == "HuyBo"]
    stranger = colleague(here)
    with pytest.raises(Refused, match="not_waiting"):
        here.desk.cancel_void(stranger, asked.id)
    here.desk.cancel_void(here.doctor, asked.id)
    assert [one.field for one in here.signatures(chart.id)] == ["TacGia"]
    assert here.document(chart.id).current == chart.current
    with pytest.raises(Refused, match="not_waiting"):
        here.desk.prepare(here.doctor, [asked.id])


def test_a_void_signature_is_not_recalled(here: Clinic) -> None:
    chart = kept(here)
    with here.store.write() as tx:
        tx.signing.set_rules([SigningRule("", "HuyBo", "author")])
    here.desk.ask_void(here.doctor, chart.id, WHY)
    (asked,) = [one for one in here.signatures(chart.id) if one.field == "HuyBo"]
    here.desk.prepare(here.doctor, [asked.id])
    sign(here, device(here, here.doctor))
    with pytest.raises(Refused, match="not_recallable"):
        here.desk.recall(here.doctor, asked.id, "nhầm")
    assert here.document(chart.id).state is State.SIGNED
