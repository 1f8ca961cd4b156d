"""Whose certificate is whose: asked when a token is paired, before anything is sent, and when values come back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from domain.errors import Refused
from domain.people import Role
from signing.admission import ACT, ClaimDesk
from signing.pairing import encoded
from signing.trusted import TrustDesk
from storage.audit import Entry
from storage.store import Store
from storage.trust_bindings import Bindings
from tests.agent.desk import NAME, Clinic, clinic
from tests.signing.fixtures import Hospital
from tests.signing.forge.authority import Authority
from tests.signing.test_desk import device, sign

CARD, OTHER_CARD = "001190012345", "001190054321"


@pytest.fixture
def here(hospital: Hospital, store: Store) -> Clinic:
    return clinic(hospital, store)


@pytest.fixture(scope="module")
def forged() -> Authority:
    return Authority("Ghép")


def pair(here: Clinic, certificate: bytes, code: str = "") -> dict[str, Any]:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    shown = encoded(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    code = code or here.desk.offer_code(here.doctor)
    return here.desk.pair({"code": code, "name": "máy bàn", "public_key": shown, "certificate": encoded(certificate)})


def of(forged: Authority, number: str = "", name: str = NAME) -> bytes:
    """A certificate with a number in it, or none."""
    more = [(NameOID.USER_ID, f"CCCD:{number}")] if number else []
    return bytes(forged.signer(name, more=more).asn1.dump())


def refusals(here: Clinic) -> list[tuple[str, int]]:
    with here.store.read() as tx:
        found: list[Entry] = tx.audit.newest(50, (ACT,))
    assert all(len(one.details["sha256"]) == 64 for one in found)
    return [(one.details["code"], one.details["check"]) for one in found]


def number_of(here: Clinic) -> str | None:
    with here.store.read() as tx:
        return Bindings(tx.connection).citizen_id(here.doctor.id)


def test_a_certificate_without_a_number_is_taken_by_its_name_where_the_account_has_none(here: Clinic, forged: Authority) -> None:
    pair(here, of(forged))
    assert ClaimDesk(here.store).listed() == []


def test_where_only_the_certificate_has_a_number_an_administrator_is_asked_once(here: Clinic, forged: Authority) -> None:
    claims = ClaimDesk(here.store)
    chart = here.chart()
    pair(here, of(forged, CARD))
    claim = claims.listed()[0]
    assert (claim.account, claim.number, claim.known_number, claim.confirmed) == (NAME, CARD, None, None)
    with pytest.raises(Refused, match="certificate_unconfirmed") as told:
        here.send(chart)
    assert "người quản trị xác nhận" in told.value.message.vi
    assert here.signatures(chart.id)[0].state == "waiting"
    claims.answer(claim.person_id, claim.sha256, "quantri", confirmed=True)
    assert number_of(here) == CARD
    with pytest.raises(Refused, match="certificate_untrusted"):  # what is asked next
        here.send(chart)
    pair(here, of(forged, CARD))
    assert [one.confirmed for one in claims.listed()] == [True]
    with here.store.read() as tx:
        acts = [entry.act for entry in tx.audit.of(here.doctor.id)]
    assert {"ask_binding", "confirm_binding"} <= set(acts)


def test_where_only_the_account_has_a_number_an_administrator_is_asked_too_and_then_it_signs(here: Clinic) -> None:
    claims, chart = ClaimDesk(here.store), here.chart()
    claims.set_number(here.doctor.id, "001 190 012 345", "quantri")
    pair(here, here.hospital.authority.token("bs-thao").certificate)
    with pytest.raises(Refused, match="certificate_unconfirmed"):
        here.send(chart)
    claim = claims.listed()[0]
    claims.answer(claim.person_id, claim.sha256, "quantri", confirmed=True)
    here.send(chart)
    assert [answer["state"] for answer in sign(here, device(here)).values()] == ["signed"]
    assert number_of(here) == CARD


def test_where_two_people_have_one_name_an_administrator_is_asked(here: Clinic) -> None:
    chart = here.chart()
    here.send(chart)
    with here.store.write() as tx:
        tx.people.add("bacsi2", "ThS. Nguyễn Thị Phương Thảo", Role.DOCTOR, "password of the test")
    assert [one["code"] for one in sign(here, device(here)).values()] == ["certificate_unconfirmed"]
    pair(here, here.hospital.authority.token("bs-thao").certificate)
    claim = ClaimDesk(here.store).listed()[0]
    ClaimDesk(here.store).answer(claim.person_id, claim.sha256, "quantri", confirmed=True)
    here.send(chart)
    assert [one["state"] for one in sign(here, device(here)).values()] == ["signed"]


def test_who_is_answered_no_signs_nothing(here: Clinic, forged: Authority) -> None:
    claims, chart = ClaimDesk(here.store), here.chart()
    pair(here, of(forged, CARD))
    claim = claims.listed()[0]
    claims.answer(claim.person_id, claim.sha256, "quantri", confirmed=False)
    with pytest.raises(Refused, match="certificate_denied"):
        here.send(chart)
    assert number_of(here) is None
    assert refusals(here) == [("certificate_denied", 13)]


@pytest.mark.parametrize(
    ("name", "number", "refusal"),
    [
        (NAME, OTHER_CARD, ("certificate_citizen_id", 12)),
        ("Trần Thị Khác", CARD, ("certificate_name", 11)),
        ("Bệnh viện Đa khoa Sông Mây", "", ("certificate_organisation", 10)),
    ],
)
def test_somebody_elses_token_is_not_paired_and_the_log_says_so(
    here: Clinic, forged: Authority, name: str, number: str, refusal: tuple[str, int]
) -> None:
    ClaimDesk(here.store).set_number(here.doctor.id, CARD, "quantri")
    offered = here.desk.offer_code(here.doctor)
    with here.store.read() as tx:
        before = tx.people.certificate(here.doctor.id)
    with pytest.raises(Refused, match=refusal[0]):
        pair(here, of(forged, number, name), offered)
    assert refusals(here) == [refusal]
    with here.store.read() as tx:
        assert tx.people.certificate(here.doctor.id) == before
    pair(here, of(forged, CARD), offered)


def test_a_certificate_that_may_not_sign_is_said_before_anything_is_sent(here: Clinic, forged: Authority) -> None:
    chart = here.chart()
    with here.store.write() as tx:
        tx.people.change(here.doctor.id, certificate=encoded(here.hospital.authority.token("het-han").certificate))
    with pytest.raises(Refused, match="certificate_expired"):
        here.desk.send(here.doctor, [here.signatures(chart.id)[0].id])
    assert refusals(here) == [("certificate_expired", 7)]
    assert here.signatures(chart.id)[0].state == "waiting"


def test_a_root_withdrawn_while_the_doctor_signs_refuses_what_comes_back_and_the_document_waits_again(here: Clinic) -> None:
    chart, mine = here.chart(), device(here)
    here.send(chart)
    trust = TrustDesk(here.store, here.desk.settings)
    trust.withdraw(trust.listed()[0].face.sha256, "lộ khóa", "quantri")
    answers = list(sign(here, mine).values())
    assert [(one["state"], one["code"]) for one in answers] == [("refused", "certificate_untrusted")]
    assert "Chưa ký tài liệu nào" in answers[0]["vi"]
    assert refusals(here) == [("certificate_untrusted", 8)]
    assert here.signatures(chart.id)[0].state == "waiting"
    trust.restore(trust.listed()[0].face.sha256, "báo nhầm", "quantri")
    here.send(chart)
    assert [one["state"] for one in sign(here, mine).values()] == ["signed"]


def test_a_certificate_denied_while_the_doctor_signs_refuses_what_comes_back(here: Clinic) -> None:
    claims, chart, mine = ClaimDesk(here.store), here.chart(), device(here)
    here.send(chart)
    certificate = here.hospital.authority.token("bs-thao").certificate
    claims.set_number(here.doctor.id, CARD, "quantri")
    pair(here, certificate)
    claim = claims.listed()[0]
    claims.answer(claim.person_id, claim.sha256, "quantri", confirmed=False)
    assert [one["code"] for one in sign(here, mine).values()] == ["certificate_denied"]


def test_check_14_whoever_the_rules_do_not_name_signs_nothing(here: Clinic) -> None:
    chart = here.chart()
    other = replace(here.doctor, id="another", login="khac")
    with pytest.raises(Refused, match="not_waiting"):
        here.desk.send(other, [here.signatures(chart.id)[0].id])


def test_a_number_has_nine_or_twelve_digits(here: Clinic) -> None:
    for wrong in ("12345", "abc", "0011900123456"):
        with pytest.raises(Refused, match="number"):
            ClaimDesk(here.store).set_number(here.doctor.id, wrong, "quantri")
    ClaimDesk(here.store).set_number(here.doctor.id, "", "quantri")
    assert number_of(here) is None
