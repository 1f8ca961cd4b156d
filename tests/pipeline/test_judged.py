"""What is bound, signed or proven is judged before its document goes on; a file that fails stops, and loses no signature."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from custody.step import KeepStep
from domain.arrangement import Deed
from domain.documents import Document, State
from domain.errors import PartAway
from domain.proof import Standing, proof_of
from filing.arrange import PageDesk
from pdfa.settings import PdfaSettings
from pdfa.step import BindStep
from pdfa.validator import Judgement
from pdfa.verapdf import VeraPdf
from pipeline.judged import Judge, OnceJudged
from pipeline.steps import Runner
from storage.proofs import Proofs
from storage.store import Store
from tests import judges
from tests.agent.desk import Clinic, carried, clinic
from tests.fakes.steps import PassOn, passing_flow
from tests.pdfa import sheets
from tests.signing.test_desk import device, sign
from tests.signing.test_words_corrected import filed

FAILS = Judgement(False, "PDF/A-2U", ("6.1.2-1", "6.2.11.4.1-1"), "veraPDF", "1.30")
SILENT = Judgement(None, None, (), "veraPDF", "1.30")
UNKNOWN = Judgement(None, None, (), "")


@dataclass
class Bench:
    """A judge who says what he is told to, and counts how often he was asked."""

    says: Judgement
    asked: int = 0

    def __call__(self, name: str, pages: int) -> Judgement:
        assert (len(name), pages) == (64, 1)
        self.asked += 1
        return self.says


@pytest.fixture(scope="module")
def vera() -> Iterator[VeraPdf]:
    with VeraPdf(PdfaSettings(verapdf=judges.home("verapdf"))) as judge:
        yield judge


def test_every_version_gets_the_judges_report_and_the_manifest_holds_it(hospital, store, vera):
    here = clinic(hospital, store)
    judge = Judge(store, lambda name, _: vera.judge(store.objects.path(name)))
    chart = filed(here)
    carried(here, chart.id, BindStep(store.objects, [vera], PdfaSettings()))
    carried(here, chart.id, OnceJudged(here.asking, judge))
    _signed(here, chart)
    carried(here, chart.id, OnceJudged(here.proving, judge))
    carried(here, chart.id, OnceJudged(KeepStep(store.objects), judge))

    proofs = {kind: proof for kind, proof in _proofs(store, chart).items() if kind in ("bound", "signed", "proven")}
    assert {kind: (one.standing, one.judge, one.profile) for kind, one in proofs.items()} == dict.fromkeys(
        ("bound", "signed", "proven"), (Standing.PASSED, "veraPDF 1.30", "PDF/A-2U")
    )
    assert all(one.at for one in proofs.values())
    with store.read() as tx:
        name = tx.documents.versions(chart.id)[-1]["sha256"]
    kept = {one["kind"]: one.get("pdfa", {}).get("standing") for one in json.loads(store.objects.get(name))["versions"]}
    assert kept == {"bound": "passed", "fields": None, "signed": "passed", "proven": "passed"}


def test_a_signed_file_that_fails_stops_and_its_signature_is_kept(hospital, store):
    here = clinic(hospital, store)
    chart = _awaiting(here)
    _signed(here, chart)
    signed = here.document(chart.id)
    runner = _runner(store, Bench(FAILS))
    for _ in range(3):
        runner.run_step(chart.id)

    stopped = here.document(chart.id)
    assert (stopped.state, stopped.current) == (State.SIGNED, signed.current)
    assert stopped.problem
    assert stopped.problem.code == "signed_not_pdfa"
    assert "điều 6.1.2-1, 6.2.11.4.1-1" in stopped.problem.vi
    assert store.objects.intact(signed.current or "")
    with store.read() as tx:
        assert [one.state for one in tx.signing.of(chart.id)] == ["signed"]
        assert Proofs(tx.connection).counts().failed == 1
    assert _proofs(store, chart)["signed"].standing is Standing.FAILED

    with store.write() as tx:
        tx.documents.try_again(stopped, "mai")
    _runner(store, Bench(Judgement(True, "PDF/A-2U", (), "veraPDF", "1.30"))).run_step(chart.id)
    assert here.document(chart.id).state is State.PROVEN


def test_a_failed_file_that_was_bound_anew_since_stops_nothing(hospital, store):
    here = clinic(hospital, store)
    chart = filed(here)
    carried(here, chart.id, BindStep(store.objects, [], PdfaSettings()))
    judge = Judge(store, Bench(FAILS))
    assert [one.proof.standing for one in judge.of(here.document(chart.id))] == [Standing.FAILED]
    deed = Deed("mai", {chart.id: here.document(chart.id).version})
    arranged = PageDesk(store).arrange(chart.id, "1r180", deed)
    with store.write() as tx:
        tx.pages.keep(tx.pages.get(chart.id, 1), "e" * 64, sheets.reading(sheets.page(), rotation=180), ("0" * 64, "1" * 64))
        document = tx.documents.move(arranged, State.READ, "ocr")
        tx.documents.move(document, State.FILED, "filing")
    carried(here, chart.id, BindStep(store.objects, [], PdfaSettings()))
    asked = Bench(Judgement(True, "PDF/A-2U", (), "veraPDF", "1.30"))
    assert [one.proof.standing for one in Judge(store, asked).of(here.document(chart.id))] == [Standing.PASSED]


@pytest.mark.parametrize("said", [SILENT, UNKNOWN])
def test_without_a_verdict_a_document_goes_on_and_is_counted_as_not_checked(hospital, store, said):
    here = clinic(hospital, store)
    chart = _awaiting(here)
    _signed(here, chart)
    _runner(store, Bench(said)).run_step(chart.id)
    assert here.document(chart.id).state is State.PROVEN
    with store.read() as tx:
        assert Proofs(tx.connection).counts().unchecked == 1

    late = Judge(store, Bench(Judgement(True, "PDF/A-2U", (), "veraPDF", "1.30")))
    assert [late.judge_late(one, "cli:mai").proof.standing for one in late.open()] == [Standing.PASSED] * 2
    assert late.open() == []


def test_a_step_that_waits_asks_a_silent_judge_once(hospital, store):
    here = clinic(hospital, store)
    chart = _awaiting(here)
    bench = Bench(SILENT)
    away = PartAway("tsa_away", "Dịch vụ dấu thời gian không trả lời.", "The time-stamp service does not answer.")
    step = OnceJudged(PassOn(State.SIGNED, [away, away]), Judge(store, bench))
    for _ in range(2):
        with pytest.raises(PartAway):
            step.work(here.document(chart.id))
    assert bench.asked == 1


def test_what_waits_for_a_signature_and_is_found_to_fail_later_is_told_before_anybody_signs(hospital, store):
    here = clinic(hospital, store)
    chart = _awaiting(here)
    late = Judge(store, Bench(FAILS))
    (version,) = late.open()
    late.judge_late(version, "cli:mai")
    problem = here.document(chart.id).problem
    assert problem
    assert problem.code == "not_pdfa"


def _awaiting(here: Clinic) -> Document:
    chart = filed(here)
    carried(here, chart.id, BindStep(here.store.objects, [], PdfaSettings()))
    carried(here, chart.id, here.asking)
    return here.document(chart.id)


def _signed(here: Clinic, chart: Document) -> None:
    here.send(here.document(chart.id))
    assert [one["state"] for one in sign(here, device(here)).values()] == ["signed"]


def _runner(store: Store, ask: Callable[[str, int], Judgement]) -> Runner:
    """A belt of which nothing matters but that SIGNED is left only after judging."""
    flow = passing_flow()
    flow._steps[State.SIGNED] = OnceJudged(flow._steps[State.SIGNED], Judge(store, ask))
    return Runner(store, flow, "w")


def _proofs(store: Store, chart: Document):
    with store.read() as tx:
        return {one["kind"]: proof_of(one["report"]) for one in tx.documents.versions(chart.id)}
