"""Hồ sơ: the deed of a certified copy is offered to who keeps the seal, and says what is missing."""

from __future__ import annotations

from datetime import UTC, datetime

from domain.copies import CertifiedCopy, CopyForm
from domain.documents import State
from domain.people import Role
from domain.signers import Capacity, Office
from storage.clock import new_id
from storage.copies import CertifiedCopies

ASKED = {"form": "sao_y", "recipient": "Tòa án", "reason": "Công văn 12"}


def kept(hospital):
    doctor = hospital.person("noi", Role.DOCTOR, ("Khoa Nội",))
    patient = hospital.patient("BN1", "Nguyễn Thị Hương", ["Khoa Nội"])
    return doctor, hospital.paper("Giấy ra viện", patient, State.KEPT)


def test_only_who_keeps_the_seal_is_offered_copies_and_is_told_that_the_house_has_no_seal(hospital, browser):
    doctor, document = kept(hospital)
    page = browser("noi")
    assert "copy-dialog" not in page.get(f"/records/{document.id}").text
    assert page.post(f"/records/{document.id}/copies", data=ASKED).status_code == 422
    with hospital.store.write() as tx:
        tx.signers.give(Office(doctor.id, Capacity.SEAL))
    assert "copy-dialog" in page.get(f"/records/{document.id}").text
    refused = page.post(f"/records/{document.id}/copies", data={**ASKED, "reason": " "})
    assert refused.status_code == 422
    assert "nơi nhận và lý do" in refused.text
    assert page.post(f"/records/{document.id}/copies", data=ASKED).status_code >= 400
    with hospital.store.read() as tx:
        assert CertifiedCopies(tx.connection).listed() == []


def test_a_copy_is_listed_fetched_and_written_down_and_the_public_page_knows_it(hospital, browser):
    doctor, document = kept(hospital)
    name = hospital.store.objects.put(b"%PDF-1.7 a copy")
    copy = CertifiedCopy(
        new_id(), 7, document.id, document.current or "", CopyForm.FULL, "", "Tòa án", "Công văn 12", doctor.login,
        datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC), name,
    )  # fmt: skip
    with hospital.store.write() as tx:
        CertifiedCopies(tx.connection).add(copy)
        tx.documents.add_version(document.id, "copy", name, {"copy": copy.id})
    page = browser("noi")
    assert "Sao y số 7" in page.get(f"/records/{document.id}").text
    got = page.get(f"/records/{document.id}/copies/{copy.id}/pdf")
    assert (got.content, "sao-y-7.pdf" in got.headers["Content-Disposition"]) == (b"%PDF-1.7 a copy", True)
    with hospital.store.read() as tx:
        assert "download_copy" in [entry.act for entry in tx.audit.of(document.id)]
    assert "bản sao y do bệnh viện cấp" in page.get(f"/kiem-tra/{document.id}", params={"sha256": name}).text
    hospital.person("nhi", Role.DOCTOR, ("Khoa Nhi",))
    assert browser("nhi").get(f"/records/{document.id}/copies/{copy.id}/pdf").status_code == 404
