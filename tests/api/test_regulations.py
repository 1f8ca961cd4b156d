"""Quản trị: who signs what is set up, shown, and what nobody could sign is said."""

from __future__ import annotations

import pytest

from domain.people import Role
from domain.signatures import SigningRule
from domain.signers import Capacity, Office


@pytest.fixture
def admin(hospital, browser):
    hospital.person("quantri", Role.ADMINISTRATOR)
    return browser("quantri")


def rules_of(hospital):
    with hospital.store.read() as tx:
        return tx.signing.rules()


def test_a_rule_names_kind_department_field_person_step_and_days(hospital, admin):
    doctor = hospital.person("noi", Role.DOCTOR, ("Khoa Nội",))
    data = {"kind": "01/BV-01", "department": "Khoa Nội", "field": "TruongKhoa", "person": doctor.id, "step": "2", "days": "5"}
    assert admin.post("/admin/rules", data=data).status_code == 303
    assert rules_of(hospital) == [SigningRule("01/BV-01", "TruongKhoa", "head", "Khoa Nội", doctor.id, 2, 5)]
    again = admin.post("/admin/rules", data={**data, "days": "", "person": ""})  # nothing is replaced without a word
    assert (again.status_code, "đã có quy tắc" in again.text) == (422, True)
    assert rules_of(hospital) == [SigningRule("01/BV-01", "TruongKhoa", "head", "Khoa Nội", doctor.id, 2, 5)]
    admin.post("/admin/rules/drop", data={"kind": "01/BV-01", "department": "Khoa Nội", "field": "TruongKhoa"})
    assert rules_of(hospital) == []


@pytest.mark.parametrize("wrong", [{"field": "KhongCo"}, {"step": "0"}, {"days": "9999"}, {"capacity": "boss"}])
def test_a_rule_that_cannot_be_is_refused_and_nothing_is_written(hospital, admin, wrong):
    assert admin.post("/admin/rules", data={"kind": "01/BV-01", "field": "TacGia", **wrong}).status_code == 422
    assert rules_of(hospital) == []


@pytest.mark.parametrize(
    ("closes", "wanted", "said"),
    [
        ("signatures", {"certifies": 2}, "Chứng nhận, sau đó chỉ được ký thêm</span>"),
        ("final", {"certifies": 1}, "Chứng nhận, sau đó không thay đổi gì nữa</span>"),
        ("locks", {"locks": True}, "Khóa các ô ký</span>"),
    ],
)
def test_a_rule_may_certify_or_lock(hospital, admin, closes, wanted, said):
    assert admin.post("/admin/rules", data={"field": "TacGia", "closes": closes}).status_code == 303
    assert rules_of(hospital) == [SigningRule("", "TacGia", "author", **wanted)]
    assert said in admin.get("/admin/rules").text


@pytest.mark.parametrize(("closes", "step"), [("final", "2"), ("signatures", "1"), ("locks", "1")])
def test_rules_that_could_not_be_kept_together_are_refused(hospital, admin, closes, step):
    admin.post("/admin/rules", data={"field": "TacGia", "closes": closes})
    refused = admin.post("/admin/rules", data={"kind": "01/BV-01", "field": "TruongKhoa", "step": step})
    assert refused.status_code == 422
    assert [one.field for one in rules_of(hospital)] == ["TacGia"]


def test_a_rule_names_nobody_who_cannot_sign(hospital, admin):
    reader = hospital.person("doc", Role.CLINICIAN)
    assert admin.post("/admin/rules", data={"field": "TacGia", "person": reader.id}).status_code == 404


def test_a_rule_without_a_person_is_said_until_somebody_has_the_capacity(hospital, admin):
    doctor = hospital.person("noi", Role.DOCTOR, ("Khoa Nội",))
    admin.post("/admin/rules", data={"kind": "01/BV-01", "field": "TruongKhoa"})
    assert "không khoa nào có người ký" in admin.get("/admin/rules").text
    hospital.patient("BN1", "A", ["Khoa Nhi"])
    admin.post("/admin/offices", data={"person": doctor.id, "capacity": "head", "department": "Khoa Nội"})
    assert "chưa có ai ở Khoa Nhi" in admin.get("/admin/rules").text
    admin.post("/admin/offices", data={"person": doctor.id, "capacity": "head", "department": "Khoa Nhi"})
    assert "Quy tắc chưa có người ký" not in admin.get("/admin/rules").text
    admin.post("/admin/rules", data={"kind": "01/BV-01", "field": "ConDau", "step": "2"})
    assert "chưa nối dịch vụ ký con dấu" in admin.get("/admin/rules").text


def test_a_capacity_is_given_and_taken_back_and_written_down(hospital, admin):
    doctor = hospital.person("noi", Role.DOCTOR, ("Khoa Nội",))
    office = {"person": doctor.id, "capacity": "head", "department": "Khoa Nội"}
    admin.post("/admin/offices", data=office)
    with hospital.store.read() as tx:
        assert tx.signers.offices() == [Office(doctor.id, Capacity.HEAD, "Khoa Nội")]
    assert "Khoa Nội" in admin.get("/admin/offices").text
    admin.post("/admin/offices/drop", data=office)
    with hospital.store.read() as tx:
        assert tx.signers.offices() == []
        assert [one.act for one in tx.audit.newest(9, ("give_office", "take_office"))] == ["take_office", "give_office"]


def test_the_seal_is_kept_by_somebody_who_signs_and_nobody_is_given_a_capacity_they_could_not_use(hospital, admin):
    doctor, reader = hospital.person("noi", Role.DOCTOR), hospital.person("doc", Role.CLINICIAN)
    assert admin.post("/admin/offices", data={"person": doctor.id, "capacity": "seal"}).status_code == 303
    with hospital.store.read() as tx:
        assert tx.signers.offices() == [Office(doctor.id, Capacity.SEAL, "")]
        assert Capacity.SEAL not in {hat.capacity for hat in tx.signers.hats(doctor)}
    for person, capacity in ((reader, "head"), (reader, "seal"), (doctor, "author")):
        assert admin.post("/admin/offices", data={"person": person.id, "capacity": capacity}).status_code == 404


def test_a_field_of_the_houses_own_is_added_used_and_dropped_when_no_rule_asks_for_it(hospital, admin):
    field = {"name": "DieuDuong", "title": "Điều dưỡng trưởng", "capacity": "head"}
    admin.post("/admin/fields", data=field)
    assert "Điều dưỡng trưởng" in admin.get("/admin/rules").text
    admin.post("/admin/rules", data={"kind": "01/BV-01", "field": "DieuDuong"})
    assert rules_of(hospital) == [SigningRule("01/BV-01", "DieuDuong", "head")]
    assert admin.post("/admin/fields/drop", data={"name": "DieuDuong"}).status_code == 422
    admin.post("/admin/rules/drop", data={"kind": "01/BV-01", "field": "DieuDuong"})
    assert admin.post("/admin/fields/drop", data={"name": "DieuDuong"}).status_code == 303
    assert admin.post("/admin/fields", data={**field, "name": "TacGia"}).status_code == 422
    assert admin.post("/admin/fields", data={**field, "name": "Điều"}).status_code == 422


@pytest.mark.parametrize("path", ["/admin/rules", "/admin/offices"])
def test_only_the_administrator_sees_and_sets_who_signs_what(hospital, browser, path):
    for login, role in (("kiem", Role.AUDITOR), ("noi", Role.DOCTOR), ("mai", Role.ARCHIVE)):
        hospital.person(login, role)
        assert browser(login).get(path).status_code == 403
        assert browser(login).post(path, data={"kind": "01/BV-01", "field": "TacGia"}).status_code == 403
