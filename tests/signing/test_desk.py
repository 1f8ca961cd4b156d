"""The two halves with the memory between them: who may sign what, when, and what one transaction leaves behind."""

from __future__ import annotations

import base64
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from domain.documents import Document, State
from domain.errors import Broken, Refused
from domain.people import Role
from signing.certificates import Signatory
from signing.finish import finish_received
from signing.first_half import prepare_revision
from signing.second_half import complete_revision
from signing.settings import SigningSettings
from signing.verify import verify_file
from storage.clock import now
from storage.signing import Device
from storage.store import Store
from storage.tables import sign_jobs
from tests import judges
from tests.agent.desk import Clinic, carried, clinic
from tests.signing.fixtures import Hospital, spec


@pytest.fixture
def here(hospital: Hospital, store: Store) -> Clinic:
    return clinic(hospital, store)


def device(here: Clinic) -> Device:
    with here.store.write() as tx:
        return tx.signing.pair(here.doctor.id, "máy bàn", "key")


def values(here: Clinic, asking: Device, label: str = "bs-thao") -> tuple[str, dict[str, str]]:
    """The job that waits, signed."""
    payload = here.desk.jobs(asking)["payload"]
    with here.hospital.key(label) as key:
        signed = {one["id"]: key.sign(base64.b64decode(one["attributes"])) for one in payload["items"]}
    return payload["job"], {item: base64.b64encode(value).decode() for item, value in signed.items()}


def sign(here: Clinic, asking: Device, label: str = "bs-thao") -> dict[str, Any]:
    job, signatures = values(here, asking, label)
    answers: dict[str, Any] = here.desk.complete(asking, job, {"signatures": signatures})["items"]
    return answers


def test_two_signers_one_after_the_other_make_one_document_that_both_judges_accept(here: Clinic) -> None:
    chart = here.chart(("TacGia", "TruongKhoa"))
    first, second = here.signatures(chart.id)
    mine = device(here)
    here.desk.prepare(here.doctor, [first.id])
    assert [answer["state"] for answer in sign(here, mine).values()] == ["signed"]
    assert here.document(chart.id).state is State.AWAITING_SIGNATURE
    here.desk.prepare(here.doctor, [second.id])
    sign(here, mine)
    assert here.document(chart.id).state is State.SIGNED
    carried(here, chart.id, here.proving)
    with here.store.read() as tx:
        kinds = [version["kind"] for version in tx.documents.versions(chart.id)]
        acts = [entry.act for entry in tx.audit.of(chart.id)]
    assert kinds == ["fields", "signed", "signed", "proven"]
    assert {"prepare_signature", "sign", "move"} <= set(acts)
    found = judges.dss(here.file(chart.id), here.hospital.authority.trust)
    assert [one["indication"] for one in found["signatures"]] == ["TOTAL_PASSED"] * 2


def test_a_document_takes_one_signature_at_a_time(here: Clinic) -> None:
    chart = here.chart(("TacGia", "TruongKhoa"))
    first, second = (one.id for one in here.signatures(chart.id))
    with pytest.raises(Refused, match="one_at_a_time"):
        here.desk.prepare(here.doctor, [first, second])
    here.desk.prepare(here.doctor, [first])
    for again in (first, second):
        with pytest.raises(Refused, match="not_waiting"):
            here.desk.prepare(here.doctor, [again])


def test_a_second_click_on_sign_opens_no_second_job(here: Clinic) -> None:
    chart, mine = here.chart(), device(here)
    here.send(chart)
    with pytest.raises(Refused, match="not_waiting"):
        here.send(chart)
    job = here.desk.jobs(mine)["payload"]["job"]
    sign(here, mine)
    assert here.desk.jobs(mine)["payload"]["job"] is None
    with here.store.read() as tx:
        assert [one.id for one in tx.signing.jobs(here.doctor.id, ["pending", "claimed", "done"])] == [job]
        assert [version["kind"] for version in tx.documents.versions(chart.id)] == ["fields", "signed"]


def test_no_more_documents_go_to_the_desk_than_the_setting_says(here: Clinic, store: Store) -> None:
    charts = [here.chart(), here.chart()]
    few = type(here.desk)(store, replace(here.desk.settings, most=1), here.desk.key)
    with pytest.raises(Refused, match="too_many"):
        few.prepare(here.doctor, [here.signatures(one.id)[0].id for one in charts])
    assert replace(here.desk.settings, most=5000).at_most == 200


def test_a_stopped_or_expired_job_gives_its_signatures_back_and_takes_no_results(here: Clinic) -> None:
    chart, mine = here.chart(), device(here)
    here.send(chart)
    job, signatures = values(here, mine)
    here.desk.stop(here.doctor, job)
    assert here.signatures(chart.id)[0].state == "waiting"
    assert [one["state"] for one in here.desk.complete(mine, job, {"signatures": signatures})["items"].values()] == ["refused"]
    here.send(chart)
    with here.store.write() as tx:
        tx.connection.execute(update(sign_jobs).values(expires_at=now() - timedelta(seconds=1)))
    assert here.desk.jobs(mine)["payload"]["job"] is None
    assert here.signatures(chart.id)[0].state == "waiting"


def test_nobody_stops_or_sees_the_job_of_another(here: Clinic) -> None:
    chart, mine = here.chart(), device(here)
    with here.store.write() as tx:
        other = tx.people.add("khac", "BS. Trần Khác", Role.DOCTOR, "another password")
        theirs = tx.signing.pair(other.id, "máy khác", "key")
    here.send(chart)
    assert here.desk.jobs(theirs)["payload"]["job"] is None
    payload = here.desk.jobs(mine)["payload"]
    here.desk.stop(other, payload["job"])
    assert here.signatures(chart.id)[0].state == "prepared"
    with pytest.raises(Refused, match="no_item"):
        here.desk.document(theirs, payload["job"], payload["items"][0]["id"])
    assert here.desk.document(mine, payload["job"], payload["items"][0]["id"]).startswith(b"%PDF")


def test_a_job_is_claimed_by_one_of_the_doctors_devices_and_handed_out_again_to_that_one(here: Clinic) -> None:
    here.send(here.chart())
    mine, second = device(here), device(here)
    job = here.desk.jobs(mine)["payload"]["job"]
    assert here.desk.jobs(second)["payload"]["job"] is None
    assert here.desk.jobs(mine)["payload"]["job"] == job


def test_a_value_sent_twice_does_no_harm(here: Clinic) -> None:
    chart, mine = here.chart(), device(here)
    here.send(chart)
    job, signatures = values(here, mine)
    for _ in range(2):
        answer = here.desk.complete(mine, job, {"signatures": signatures})
        assert [one["state"] for one in answer["items"].values()] == ["signed"]
    with here.store.read() as tx:
        assert [version["kind"] for version in tx.documents.versions(chart.id)] == ["fields", "signed"]


def test_a_wrong_value_is_refused_with_the_reason_and_the_signature_waits_again(here: Clinic) -> None:
    chart, mine = here.chart(), device(here)
    here.send(chart)
    answer = sign(here, mine, "bs-dung")
    assert [one["code"] for one in answer.values()] == ["wrong_signature"]
    signature = here.signatures(chart.id)[0]
    assert (signature.state, (signature.problem or {})["code"]) == ("waiting", "wrong_signature")


def test_a_document_that_changed_meanwhile_is_not_signed(here: Clinic) -> None:
    chart, mine = here.chart(), device(here)
    here.send(chart)
    with here.store.write() as tx:
        tx.documents.change(tx.documents.get(chart.id), "test", "test", current=chart.bound)
    assert [one["state"] for one in sign(here, mine).values()] == ["refused"]
    assert here.document(chart.id).state is State.AWAITING_SIGNATURE


def test_values_wait_for_the_time_stamp_service_and_a_false_one_is_never_kept(here: Clinic, store: Store) -> None:
    chart, mine = here.chart(), device(here)
    here.send(chart)
    deaf = type(here.desk)(store, SigningSettings("http://127.0.0.1:9/tsa", here.desk.settings.trust, 2), here.desk.key)
    job, signatures = values(here, mine, "bs-dung")
    assert [one["state"] for one in deaf.complete(mine, job, {"signatures": signatures})["items"].values()] == ["refused"]
    here.send(chart)
    job, signatures = values(here, mine)
    assert [one["state"] for one in deaf.complete(mine, job, {"signatures": signatures})["items"].values()] == ["received"]
    assert finish_received(store, here.desk.settings) == 1
    assert verify_file(here.file(chart.id), here.hospital.trust).signatures[0].level == "T"


def test_without_a_known_certificate_nothing_is_sent(here: Clinic) -> None:
    chart = here.chart()
    with here.store.write() as tx:
        tx.people.change(here.doctor.id, certificate=None)
    with pytest.raises(Refused, match="no_certificate"):
        here.send(chart)


def test_a_revoked_certificate_prepares_nothing(here: Clinic) -> None:
    chart = here.chart()
    revoked = base64.b64encode(here.hospital.authority.token("thu-hoi").certificate).decode()
    with here.store.write() as tx:
        tx.people.change(here.doctor.id, certificate=revoked, name="BS. Lê Văn Thu Hồi")
        here.doctor = tx.people.get(here.doctor.id) or here.doctor
    with pytest.raises(Refused, match="certificate_revoked"):
        here.send(chart)
    assert here.signatures(chart.id)[0].state == "waiting"


def test_a_signer_revoked_before_the_proof_becomes_a_problem_for_a_person(here: Clinic) -> None:
    chart = here.chart()
    revoked = Signatory(here.hospital.authority.token("thu-hoi").certificate, here.hospital.signatory("bs-thao").chain)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "signed.pdf")
        half = prepare_revision(here.file(chart.id), path, revoked, spec("TacGia"))
        with here.hospital.key("thu-hoi") as key:
            complete_revision(path, half, key.sign(half.attributes), here.hospital.timestamps)
        name = here.store.objects.put_file(path)
    with pytest.raises(Broken, match="too_late"):
        here.proving.work(name)


def test_a_document_bound_anew_is_signed_anew(here: Clinic) -> None:
    chart, mine = here.chart(("TacGia", "TruongKhoa")), device(here)
    here.send(chart)
    sign(here, mine)
    _back_to_bound(here, chart)
    carried(here, chart.id, here.asking)
    assert [one.state for one in here.signatures(chart.id)] == ["waiting", "waiting"]


def _back_to_bound(here: Clinic, chart: Document) -> Document:
    with here.store.write() as tx:
        document = tx.documents.get(chart.id)
        for state in (State.NEEDS_REVIEW, State.FILED):
            document = tx.documents.move(document, state, "test")
        return tx.documents.move(document, State.BOUND, "test", bound=chart.bound, current=chart.bound)
