"""The administration's pages of whom the house trusts, and whose certificate is whose."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from asn1crypto import pem
from cryptography.x509.oid import NameOID

from domain.people import Role
from signing.admission import paired
from storage.trust_bindings import Bindings
from tests.signing.forge.authority import NOW, Authority, Wish, issue

CA = ("key_cert_sign", "crl_sign")


@pytest.fixture(scope="module")
def forged():
    return Authority("Màn hình")


@pytest.fixture
def here(hospital):
    """The hospital and its people."""
    for login, role in (("quantri", Role.ADMINISTRATOR), ("luutru", Role.ARCHIVE), ("bacsi", Role.DOCTOR)):
        hospital.person(login, role, name="BS. Nguyễn Thị Phương Thảo" if login == "bacsi" else "")
    return hospital


def offered(browser, *holders, **fields):
    data = b"".join(pem.armor("CERTIFICATE", one.asn1.dump()) for one in holders)
    return browser("quantri").post("/admin/trust/look", files={"files": ("goc.pem", data)}, data=fields)


def ticked(page):
    return re.findall(r'name="certificates" value="([^"]+)"[^>]*checked', page)


def test_a_file_is_looked_at_before_anything_in_it_counts(here, browser, forged):
    page = offered(browser, forged.root, forged.ica, forged.signer("Bác sĩ")).text
    for words in ("Màn hình Root", "Màn hình CA", "Bác sĩ", forged.root.asn1.sha256.hex(), "Không nhận:"):
        assert words in page
    assert len(ticked(page)) == 2
    assert here.services.trust.listed() == []


def test_what_was_ticked_is_trusted_for_its_purpose_with_a_reason(here, browser, forged):
    chosen = ticked(offered(browser, forged.root, forged.ica).text)
    answer = browser("quantri").post("/admin/trust", data={"certificates": chosen, "purpose": "signers", "reason": "công văn 12"})
    assert answer.headers["location"] == "/admin/trust"
    page = browser("quantri").get("/admin/trust").text
    for words in ("Màn hình Root", "công văn 12", "người ký", forged.root.asn1.sha256.hex()[:32]):
        assert words in page
    trust = here.services.trust.trust()
    assert (len(trust.roots), len(trust.stamps), len(trust.others)) == (1, 0, 1)


def test_pasted_text_is_taken_and_what_is_none_is_refused_in_a_sentence(here, browser, forged):
    text = pem.armor("CERTIFICATE", forged.root.asn1.dump()).decode()
    assert "Màn hình Root" in browser("quantri").post("/admin/trust/look", data={"pasted": text}).text
    for pasted in ("", "không phải chứng thư"):
        assert "Không thấy chứng thư nào đọc được" in browser("quantri").post("/admin/trust/look", data={"pasted": pasted}).text
    assert "Chưa chọn chứng thư nào" in browser("quantri").post("/admin/trust", data={"purpose": "both", "reason": "thử"}).text


def test_an_authority_is_withdrawn_removed_and_trusted_again_with_a_reason_each(here, browser, forged):
    here.services.trust.add(forged.root.asn1.dump(), "both", "thêm", "quantri")
    place = f"/admin/trust/{forged.root.asn1.sha256.hex()}"
    admin = browser("quantri")
    assert "0 tài liệu" in admin.get(place).text
    assert admin.post(f"{place}/withdraw", data={"reason": ""}).status_code == 422
    for deed, words in (("withdraw", "thôi tin cậy cho chữ ký mới"), ("remove", "đã bỏ hẳn"), ("restore", "tin cậy")):
        assert admin.post(f"{place}/{deed}", data={"reason": f"vì {deed}"}).status_code == 303
        page = admin.get(place).text
        assert words in page
        assert f"vì {deed}" in page
    assert admin.post(f"{place}/burn", data={"reason": "vì thế"}).status_code == 404
    assert admin.get(f"/admin/trust/{'0' * 64}").status_code == 404


def test_what_ends_soon_is_told_to_the_administrator_and_to_the_archive(here, browser):
    soon = issue(Wish("Gốc Sắp Hết", ca=True, usages=CA, end=NOW + timedelta(days=40)))
    here.services.trust.add(soon.asn1.dump(), "both", "thêm", "quantri")
    assert "Gốc Sắp Hết sẽ hết hạn" in browser("quantri").get("/admin/trust").text
    assert "Gốc Sắp Hết sẽ hết hạn" in browser("luutru").get("/").text
    assert "Gốc Sắp Hết" not in browser("bacsi").get("/").text


def test_a_certificate_that_waits_is_confirmed_or_denied_by_an_administrator(here, browser, forged):
    certificate = forged.signer("Nguyễn Thị Phương Thảo", more=[(NameOID.USER_ID, "CCCD:001190012345")]).asn1
    with here.store.write() as tx:
        doctor = tx.people.by_login("bacsi")
        assert paired(tx, doctor, certificate.dump())
    admin = browser("quantri")
    page = admin.get("/admin/certificates").text
    for words in ("001190012345", "BS. Nguyễn Thị Phương Thảo", certificate.sha256.hex()[:32]):
        assert words in page
    assert "<b>1" in admin.get("/rail").text
    answer = admin.post(f"/admin/certificates/{doctor.id}/{certificate.sha256.hex()}", data={"confirmed": "true"})
    assert answer.headers["location"] == "/admin/certificates"
    with here.store.read() as tx:
        assert Bindings(tx.connection).citizen_id(doctor.id) == "001190012345"
        assert "confirm_binding" in [entry.act for entry in tx.audit.of(doctor.id)]
    assert "của người này" in admin.get("/admin/certificates").text


def test_the_number_of_an_identity_card_is_written_down(here, browser):
    with here.store.read() as tx:
        doctor = tx.people.by_login("bacsi")
    admin = browser("quantri")
    assert admin.post("/admin/certificates/number", data={"person": doctor.id, "number": "12"}).status_code == 422
    admin.post("/admin/certificates/number", data={"person": doctor.id, "number": "001 190 012 345"})
    with here.store.read() as tx:
        assert Bindings(tx.connection).citizen_id(doctor.id) == "001190012345"
    assert admin.post("/admin/certificates/number", data={"person": "nobody", "number": ""}).status_code == 404


def test_only_administrators_decide_whom_the_house_trusts(here, browser, forged):
    here.services.trust.add(forged.root.asn1.dump(), "both", "thêm", "quantri")
    place = f"/admin/trust/{forged.root.asn1.sha256.hex()}"
    for login in ("luutru", "bacsi"):
        person = browser(login)
        for path in ("/admin/trust", place, "/admin/certificates"):
            assert person.get(path).status_code in (303, 403, 404)
        assert person.post(f"{place}/remove", data={"reason": "muốn thế"}).status_code in (303, 403, 404)
    assert len(here.services.trust.trust().roots) == 1
