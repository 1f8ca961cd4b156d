"""A certified copy that a worker makes: what is missing is waited for and said, what cannot be ends with the reason, once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from domain.copies import CopyOrder, CopyStage
from domain.signers import Capacity, Office
from signing.certified import CopyMaker
from signing.copies import CopyDesk
from storage.copies import TOPIC
from storage.store import Store
from tests.agent.drivers import driver
from tests.fakes.secret_file import secret_file
from tests.faults.ordering import as_environment
from tests.faults.process import run
from tests.signing.copied import ASKED, asked, found, kept, now_, runner
from tests.signing.fixtures import Hospital
from tests.signing.ordered import SEAL, Ordered, ordered
from tests.signing.personal import with_a_persons_token


@pytest.fixture
def here(hospital: Hospital, store: Store, tmp_path: Path) -> Ordered:
    return ordered(hospital, store, None, tmp_path)


def stands(here: Ordered, order: CopyOrder) -> tuple[CopyStage, str]:
    still = now_(here, order)
    return still.stage, still.problem.code if still.problem else ""


def errands(here: Ordered) -> list[str]:
    with here.store.read() as tx:
        return [one.document_id for one in tx.outbox.next((TOPIC,), 10)]


def acts(here: Ordered, order: CopyOrder) -> list[str]:
    with here.store.read() as tx:
        return [one.act for one in tx.audit.of(order.document_id)]


def now_is(here: Ordered, document_id: str, kind: str, name: str) -> None:
    """These bytes are the document's newest."""
    with here.store.write() as tx:
        tx.documents.add_version(document_id, kind, name)
        tx.documents.change(tx.documents.get(document_id), "test", "test", current=name)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"tsa_url": "http://127.0.0.1:9/tsa"}, "tsa_away"),
        ({"seal_token": "khong-co"}, "token_away"),
        ({"seal_module": None}, "provider"),
        ({"seal_pin": None}, "secret_file"),
    ],
    ids=["no time stamps", "other token", "not configured", "no PIN"],
)
def test_asking_makes_nothing_and_what_is_missing_is_waited_for_and_said(
    here: Ordered, wrong: dict[str, object], code: str
) -> None:
    document = kept(here)
    order = asked(here, document)
    assert errands(here) == [order.id]
    assert stands(here, order) == (CopyStage.ASKED, "")
    for _ in range(4):  # no attempt counts
        runner(here.with_settings(**wrong)).run(order.id)
        assert stands(here, order) == (CopyStage.ASKED, code)
    assert errands(here) == [], "not before its time"
    CopyDesk(here.store).again(here.clinic.doctor, order.id)
    assert errands(here) == [order.id]
    runner(here).run(order.id)
    copy = found(here, order)
    assert copy
    assert copy.ends_at
    assert (copy.number, copy.count, copy.current) == (1, 2, copy.sha256)
    assert acts(here, order).count("certify_copy") == 1
    runner(here).run(order.id)
    assert found(here, order) == copy


def test_a_wrong_pin_is_tried_once_whichever_process_makes_the_copy(
    here: Ordered, hospital: Hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = asked(here, kept(here))
    secret_file(here.folder / "pin", "000000")
    watched = driver(here.folder / "watched.so", hospital.authority.softhsm_conf, "")
    monkeypatch.setenv("ORDERED", as_environment(here.with_settings(seal_module=watched.path).settings))
    for _ in range(3):
        CopyDesk(here.store).again(here.clinic.doctor, order.id)
        assert run(here.data, "never", -1, "tests.faults.copying") == 0
        assert stands(here, order) == (CopyStage.ASKED, "pin")
    assert watched.calls.count("C_Login") == 1
    secret_file(here.folder / "pin", hospital.authority.token(SEAL).pin)
    CopyDesk(here.store).again(here.clinic.doctor, order.id)
    assert run(here.data, "never", -1, "tests.faults.copying") == 0
    assert found(here, order)


def test_a_persons_certificate_certifies_no_copy(here: Ordered, hospital: Hospital) -> None:
    order = asked(here, kept(here))
    with with_a_persons_token(here, hospital.authority) as elsewhere:
        runner(elsewhere).run(order.id)
    assert stands(here, order) == (CopyStage.ASKED, "certificate_personal")


def test_who_lost_the_seal_meanwhile_is_given_no_copy_and_is_told(here: Ordered) -> None:
    order = asked(here, kept(here))
    with here.store.write() as tx:
        tx.signers.take(Office(here.clinic.doctor.id, Capacity.SEAL))
    runner(here).run(order.id)
    assert stands(here, order) == (CopyStage.ENDED, "not_copyable")
    assert "end_copy" in acts(here, order)


def test_pages_that_were_put_together_anew_are_asked_for_again_but_a_renewed_proof_changes_nothing(here: Ordered) -> None:
    document = kept(here)
    first, doctor = asked(here, document), here.clinic.doctor
    second = CopyDesk(here.store).ask(doctor, document.id, replace(ASKED, recipient="Công an huyện Sông Mây"))
    now_is(here, document.id, "renewed", here.store.objects.put(here.clinic.file(document.id).read_bytes() + b"\n"))
    runner(here).run(first.id)
    copy = found(here, first)
    assert copy
    assert copy.source != first.source
    now_is(here, document.id, "bound", document.bound or "")
    runner(here).run(second.id)
    assert stands(here, second) == (CopyStage.ENDED, "copy_changed")


def test_a_file_that_cannot_be_copied_ends_with_the_reason(here: Ordered) -> None:
    document = kept(here)
    with here.store.write() as tx:
        tx.documents.change(document, "test", "test", current=here.store.objects.put(b"no PDF at all"))
    order = asked(here, document)
    runner(here).run(order.id)
    assert stands(here, order) == (CopyStage.ENDED, "broken")


def test_called_off_while_it_is_made_it_is_not_issued(here: Ordered, monkeypatch: pytest.MonkeyPatch) -> None:
    order, real = asked(here, kept(here)), CopyMaker.make

    def stops(*given: object) -> Path:
        CopyDesk(here.store).stop(here.clinic.doctor, order.id)
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(CopyMaker, "make", stops)
    runner(here).run(order.id)
    assert stands(here, order) == (CopyStage.ENDED, "")
    assert found(here, order) is None
    assert "certify_copy" not in acts(here, order)
