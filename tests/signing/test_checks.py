"""What a certificate must be to sign (`docs/reference/signing-checks.md`): each check with what passes it and what does not."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from domain.errors import PartAway, Refused
from domain.trust import Purpose
from signing.certificates import belongs_to, fit, for_seal, may_sign
from signing.identity import bare_name, citizen_id, of_organisation
from signing.network import Network
from signing.trust import TrustList, load_trust
from tests.fakes.authority import Authority as Answering
from tests.fakes.authority import Era
from tests.signing.fixtures import Hospital
from tests.signing.forge.authority import NOW, Authority, Holder, Wish, issue

NETWORK = Network(5)
NAME = "Nguyễn Thị Phương Thảo"
CARD, OTHER_CARD = "001190012345", "001190054321"
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
ORGANISATION_ID = ObjectIdentifier("2.5.4.97")
BORN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def forged() -> Authority:
    """An authority whose certificates are as one likes them."""
    return Authority("Kiểm tra")


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answering]:
    eras = Era("A", BORN, signers=("bs", "gone"), revoked={"gone": BORN}), Era("W", BORN, weak=("ica",))
    with Answering(tmp_path_factory.mktemp("answering"), *eras) as opened:
        yield opened


def der(holder: Holder) -> bytes:
    return bytes(holder.asn1.dump())


def code(attempt: object, *arguments: object) -> str:
    """With what code a certificate is refused; that its sentences tell what to do and are two."""
    with pytest.raises(Refused) as told:
        attempt(*arguments)  # type: ignore[operator]
    message = told.value.message
    assert message.vi != message.en
    assert "Chưa ký tài liệu nào. (Kiểm tra số " in message.vi
    assert "Nothing was signed. (Check " in message.en
    return f"{message.code.removeprefix('certificate_')} {message.en.rpartition(' ')[2].rstrip(')')}"


def numbered(holder_id: str, oid: ObjectIdentifier = NameOID.USER_ID) -> list[tuple[ObjectIdentifier, str]]:
    return [(oid, holder_id)]


# ---- 1 to 7: what the certificate itself says


def test_check_1_a_certificate_that_can_be_read(forged: Authority) -> None:
    good = der(forged.signer(NAME))
    assert fit(good)
    assert code(fit, good[:200]) == code(fit, b"") == "unreadable 1"


def test_check_2_no_authoritys_own_certificate(forged: Authority) -> None:
    assert fit(der(forged.signer(NAME)))
    assert code(fit, der(forged.ica)) == code(fit, der(forged.root)) == "ca 2"


@pytest.mark.parametrize("service", ["tsa", "responder"])
def test_check_3_no_services_certificate(forged: Authority, service: str) -> None:
    assert code(fit, der(getattr(forged, service))) == "service 3"


@pytest.mark.parametrize(
    "uses",
    [
        [],
        [ExtendedKeyUsageOID.EMAIL_PROTECTION],
        [ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION],
        [DOCUMENT_SIGNING],
        [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE],
    ],
    ids=["none", "email", "client", "documents", "any"],
)
def test_check_4_extended_usages_beside_which_one_may_sign(forged: Authority, uses: list[ObjectIdentifier]) -> None:
    assert fit(der(forged.signer(NAME, extended=uses)))


@pytest.mark.parametrize("uses", [[ExtendedKeyUsageOID.SERVER_AUTH], [ExtendedKeyUsageOID.CODE_SIGNING]], ids=["server", "code"])
def test_check_4_and_those_that_say_it_is_for_something_else(forged: Authority, uses: list[ObjectIdentifier]) -> None:
    assert code(fit, der(forged.signer(NAME, extended=uses))) == "extended_usage 4"


def test_check_5_non_repudiation_is_a_must(forged: Authority) -> None:
    assert fit(der(forged.signer(NAME, usages=["content_commitment"])))
    assert code(fit, der(forged.signer(NAME, usages=["digital_signature"]))) == "key_usage 5"
    assert code(fit, der(forged.signer(NAME, usages=["key_encipherment"]))) == "key_usage 5"


def test_check_6_keys_of_which_nothing_is_known_are_refused(forged: Authority) -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    signer = forged.signer(NAME).certificate
    builder = x509.CertificateBuilder(signer.issuer, signer.subject, key.public_key(), 5, NOW, NOW + timedelta(days=9))
    odd = builder.sign(forged.ica.key, hashes.SHA256()).public_bytes(Encoding.DER)
    assert code(fit, odd) == "weak 6"


@pytest.mark.parametrize("kind", ["rsa2048", "rsa3072", "p256", "p384"])
def test_check_6_keys_that_are_strong_enough(forged: Authority, kind: str) -> None:
    assert fit(der(forged.signer(f"{NAME} {kind}", kind=kind)))


def test_check_6_weak_keys_and_digests_are_refused(forged: Authority) -> None:
    assert code(fit, der(forged.signer("Khóa Yếu", kind="rsa1024"))) == "weak 6"
    assert code(fit, by_sha1(forged.signer(NAME), forged.ica)) == "weak 6"
    assert code(fit, by_sha1(forged.signer("Khóa Yếu", kind="rsa1024"), forged.ica, "1.2.3.4")) == "weak 6"


def test_check_6_nor_may_its_authority_have_a_weak_key(answering: Answering) -> None:
    trust, at = load_trust(answering.roots), answering.clock
    assert fit(answering.signatory("W").certificate, at)
    assert code(may_sign, answering.signatory("W").certificate, trust, NETWORK, at) == "weak 6"


def by_sha1(holder: Holder, issuer: Holder, algorithm: str = "sha1_ecdsa") -> bytes:
    """The same certificate signed with SHA-1, or with what says that it is `algorithm`."""
    certificate = asn1_x509.Certificate.load(der(holder))
    for part in (certificate["tbs_certificate"]["signature"], certificate["signature_algorithm"]):
        part["algorithm"] = algorithm
    certificate["signature_value"] = issuer.key.sign(certificate["tbs_certificate"].dump(force=True), ec.ECDSA(hashes.SHA1()))
    return bytes(certificate.dump(force=True))


def test_check_7_it_has_begun_and_not_ended(forged: Authority) -> None:
    day = timedelta(days=1)
    certificate = der(forged.signer(NAME, start=NOW - day, end=NOW + day))
    assert fit(certificate)
    assert code(fit, certificate, NOW + 2 * day) == "expired 7"
    assert code(fit, certificate, NOW - 2 * day) == "not_yet_valid 7"


# ---- 8 and 9: what others say of it


def test_check_8_it_leads_to_a_root_that_is_trusted_for_signers_now(hospital: Hospital) -> None:
    certificate, trust = hospital.authority.token("bs-thao").certificate, hospital.trust
    root = trust.roots[0].sha256.hex()
    hour = timedelta(hours=1)
    assert may_sign(certificate, trust, NETWORK).chain
    assert may_sign(certificate, TrustList(trust.roots, (), {root: Purpose.SIGNERS}), NETWORK)
    assert may_sign(certificate, TrustList(trust.roots, (), {}, {root: NOW + 99 * hour}), NETWORK)
    assert code(may_sign, certificate, TrustList(), NETWORK) == "untrusted 8"
    assert code(may_sign, certificate, TrustList(trust.roots, (), {root: Purpose.STAMPS}), NETWORK) == "untrusted 8"
    assert code(may_sign, certificate, TrustList(trust.roots, (), {}, {root: NOW - hour}), NETWORK) == "untrusted 8"


def test_check_8_another_authority_of_the_same_name_is_another(hospital: Hospital) -> None:
    root = issue(Wish("Lưu Ký Demo Root CA", ca=True, usages=("key_cert_sign", "crl_sign")))
    certificate = hospital.authority.token("bs-thao").certificate
    assert code(may_sign, certificate, TrustList((root.asn1,)), NETWORK) == "untrusted 8"


def test_check_9_nobody_has_revoked_it(hospital: Hospital) -> None:
    assert may_sign(hospital.authority.token("bs-thao").certificate, hospital.trust, NETWORK)
    assert code(may_sign, hospital.authority.token("thu-hoi").certificate, hospital.trust, NETWORK) == "revoked 9"


def test_check_9_its_authority_knows_it_and_answers(answering: Answering) -> None:
    trust, at = load_trust(answering.roots), answering.clock
    certificate = answering.signatory("A").certificate
    assert may_sign(certificate, trust, NETWORK, at)
    assert code(may_sign, answering.signatory("A", "gone").certificate, trust, NETWORK, at) == "revoked 9"
    answering.lies.add("ocsp_unknown")
    try:
        assert code(may_sign, certificate, trust, NETWORK, at) == "unknown 9"
        answering.lies = {"silence"}
        with pytest.raises(PartAway, match="issuer_away") as away:
            may_sign(certificate, trust, NETWORK, at)
        assert "Máy tự thử lại, không phải gửi ký lại" in away.value.message.vi
        known = TrustList(trust.roots, (asn1_x509.Certificate.load(answering.signatory("A").chain[0]),))
        with pytest.raises(PartAway, match="ocsp_away") as away:
            may_sign(certificate, known, NETWORK, at)
        assert "Máy tự hỏi lại, không phải làm gì thêm" in away.value.message.vi
        answering.lies = {"ocsp_silence"}
        assert may_sign(certificate, trust, NETWORK, at)
    finally:
        answering.lies.clear()


# ---- 10 to 12: whose it is


@pytest.mark.parametrize(
    "wish",
    [
        {"name": "Bệnh viện Đa khoa Sông Mây"},
        {"name": "Con dấu", "more": numbered("MST:0301234567")},
        {"name": NAME, "more": numbered("VATVN-0301234567", ORGANISATION_ID)},
    ],
    ids=["name", "tax", "identifier"],
)
def test_check_10_an_organisations_certificate_is_only_for_its_seal(forged: Authority, wish: dict[str, object]) -> None:
    seal = forged.signer(**wish)  # type: ignore[arg-type]
    assert of_organisation(seal.asn1)
    assert code(belongs_to, der(seal), NAME) == "organisation 10"


def test_check_10_a_person_of_an_organisation_is_a_person(forged: Authority) -> None:
    signer = forged.signer(NAME, more=[*numbered(f"CCCD:{CARD}"), (NameOID.SERIAL_NUMBER, "MST:0301234567")])
    assert not of_organisation(signer.asn1)
    belongs_to(der(signer), NAME, CARD)


def test_check_10_a_persons_certificate_is_no_seal(forged: Authority) -> None:
    for_seal(der(forged.signer("Bệnh viện Đa khoa Sông Mây", more=numbered("MST:0301234567"))))
    assert code(for_seal, der(forged.signer(NAME, more=numbered(f"CCCD:{CARD}")))) == "personal 10"


@pytest.mark.parametrize(
    "account",
    [
        "Nguyễn Thị Phương Thảo",
        "NGUYỄN THỊ PHƯƠNG THẢO",
        "BS. Nguyễn Thị Phương Thảo",
        "ThS.BS Nguyễn Thị Phương Thảo",
        "Bác sĩ Nguyễn Thị Phương Thảo",
        "BS.CKII. Nguyễn Thị Phương Thảo (Khoa Nội)",
    ],
    ids=["same", "capitals", "title", "titles", "spelt", "department"],
)
def test_check_11_the_same_name_however_it_is_written(forged: Authority, account: str) -> None:
    belongs_to(der(forged.signer(NAME)), account)
    belongs_to(der(forged.signer(NAME)), unicodedata.normalize("NFD", account))


@pytest.mark.parametrize(
    "account", ["Nguyễn Thị Phương Thào", "Nguyễn Phương Thảo Thị", "Phương Thảo", "Trần Thị Thảo", "", "BS."]
)
def test_check_11_and_no_other(forged: Authority, account: str) -> None:
    assert code(belongs_to, der(forged.signer(NAME)), account) == "name 11"


def test_check_11_where_the_tone_stands_makes_no_other_name(forged: Authority) -> None:
    belongs_to(der(forged.signer("Lê Thị Hoà Thuý")), "Lê Thị Hòa Thúy")


def test_check_11_a_certificate_typed_without_tones_is_compared_without(forged: Authority) -> None:
    belongs_to(der(forged.signer("NGUYEN THI PHUONG THAO")), NAME)
    assert code(belongs_to, der(forged.signer("NGUYEN THI PHUONG THU")), NAME) == "name 11"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        (f"CCCD:{CARD}", CARD),
        (f"cccd: {CARD}", CARD),
        ("CMND:012345678", "012345678"),
        (f"CMND/CCCD:{CARD}", CARD),
        (f"IDCVN-{CARD}", CARD),
        (f"PNOVN-{CARD}", CARD),
        (CARD, CARD),
        ("MST:0301234567", None),
        ("1234567890", None),
    ],
)
def test_check_12_the_number_as_authorities_write_it(forged: Authority, written: str, number: str | None) -> None:
    for oid in (NameOID.USER_ID, NameOID.SERIAL_NUMBER):
        assert citizen_id(forged.signer(NAME, more=numbered(written, oid)).asn1) == number


def test_check_12_the_number_is_the_accounts(forged: Authority) -> None:
    signer = der(forged.signer(NAME, more=numbered(f"CCCD:{CARD}")))
    belongs_to(signer, NAME, CARD)
    belongs_to(signer, NAME, None)
    assert code(belongs_to, signer, NAME, OTHER_CARD) == "citizen_id 12"


def test_titles_are_taken_off_and_names_are_not() -> None:
    assert bare_name("PGS.TS.BS. Trần Đình Dũng") == "Trần Đình Dũng"
    assert bare_name("Ts Lê") == "Lê"
    assert bare_name("Sĩ Tiến Bác") == "Sĩ Tiến Bác"
