"""The two halves with storable state between them, and what happens when somebody does not answer."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest

from domain.errors import Broken, PartAway, PartMissing, Refused, Unreadable
from signing import first_half
from signing.certificates import Signatory, belongs_to, may_sign
from signing.first_half import external_signer, prepare_revision
from signing.keys import Scheme
from signing.network import Network
from signing.prepared import PreparedSignature
from signing.rfc3161 import Rfc3161
from signing.second_half import check_value, complete_revision
from signing.trust import TrustList, load_trust
from signing.upgrade import prove
from tests.signing.fixtures import NETWORK, Hospital, spec


@pytest.fixture
def silent() -> Iterator[str]:
    """An address that takes calls and never answers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def unfilled(hospital: Hospital, tmp_path: Path) -> tuple[Path, PreparedSignature, bytes]:
    path = tmp_path / "prepared.pdf"
    half = hospital.prepared(hospital.fields(), path, "bs-thao", "TacGia")
    with hospital.key("bs-thao") as key:
        return path, half, key.sign(half.attributes)


def test_what_waits_between_the_halves_is_json_of_a_few_kilobytes(hospital: Hospital, tmp_path: Path) -> None:
    path, half, value = unfilled(hospital, tmp_path)
    kept = json.dumps(half.as_json())
    assert len(kept) < 6_000
    again = PreparedSignature.from_json(json.loads(kept))
    assert again == half
    complete_revision(path, again, value, hospital.timestamps)


def test_a_value_by_another_key_is_refused_and_the_hole_stays_empty(hospital: Hospital, tmp_path: Path) -> None:
    path, half, _ = unfilled(hospital, tmp_path)
    before = path.read_bytes()
    with hospital.key("bs-dung") as other:
        for value in (other.sign(half.attributes), b"", b"\0" * 256):
            with pytest.raises(Refused, match="wrong_signature"):
                complete_revision(path, half, value, hospital.timestamps)
    assert path.read_bytes() == before


def test_a_prepared_file_that_was_touched_is_never_completed(hospital: Hospital, tmp_path: Path) -> None:
    path, half, value = unfilled(hospital, tmp_path)
    data = bytearray(path.read_bytes())
    data[1000] ^= 1
    path.write_bytes(data)
    with pytest.raises(Broken, match="altered"):
        complete_revision(path, half, value, hospital.timestamps)


def test_a_hole_is_filled_once(hospital: Hospital, tmp_path: Path) -> None:
    path, half, value = unfilled(hospital, tmp_path)
    complete_revision(path, half, value, hospital.timestamps)
    with pytest.raises(Broken, match="altered"):
        complete_revision(path, half, value, hospital.timestamps)


def test_without_a_time_stamp_nothing_is_written(hospital: Hospital, tmp_path: Path, silent: str) -> None:
    path, half, value = unfilled(hospital, tmp_path)
    before = path.read_bytes()
    for url in (silent, "http://127.0.0.1:9/tsa", f"{hospital.authority.url}/healthz"):
        with pytest.raises(PartAway, match="tsa_away"):
            complete_revision(path, half, value, Rfc3161(url, 0.3))
    assert path.read_bytes() == before


def test_no_time_stamp_service_configured_is_a_missing_part() -> None:
    with pytest.raises(PartMissing, match="LUUKY_SIGNING_TSA_URL"):
        Rfc3161("")


def test_a_field_is_signed_once_and_only_where_it_is(hospital: Hospital, tmp_path: Path) -> None:
    signatory = hospital.signatory("bs-thao")
    for source, field in ((hospital.signed(), "TacGia"), (hospital.fields(), "KhongCo")):
        with pytest.raises(Refused, match="no_field"):
            prepare_revision(source, tmp_path / "x.pdf", signatory, spec(field))


def test_what_is_no_pdf_is_not_prepared(hospital: Hospital, tmp_path: Path) -> None:
    (tmp_path / "no.pdf").write_bytes(b"%PDF-1.7 nothing follows")
    with pytest.raises(Unreadable):
        prepare_revision(tmp_path / "no.pdf", tmp_path / "x.pdf", hospital.signatory("bs-thao"), spec("TacGia"))


@pytest.mark.parametrize(("label", "code"), [("thu-hoi", "certificate_revoked"), ("het-han", "certificate_expired")])
def test_a_revoked_or_expired_certificate_may_not_sign(hospital: Hospital, label: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        hospital.signatory(label)


def test_neither_may_one_of_an_unknown_authority_or_one_that_cannot_be_read(hospital: Hospital) -> None:
    certificate = hospital.authority.token("bs-thao").certificate
    with pytest.raises(Refused, match="certificate_untrusted"):
        may_sign(certificate, TrustList(), NETWORK)
    with pytest.raises(Refused, match="certificate_unreadable"):
        may_sign(certificate[:100], hospital.trust, NETWORK)


def test_neither_may_one_that_is_not_made_for_signing(hospital: Hospital) -> None:
    with pytest.raises(Refused, match="certificate_ca"):
        may_sign(hospital.trust.roots[0].dump(), hospital.trust, NETWORK)


def test_if_the_authority_is_silent_the_signature_waits(hospital: Hospital) -> None:
    certificate = hospital.authority.token("bs-thao").certificate
    chain = hospital.signatory("bs-thao").chain
    known = TrustList(hospital.trust.roots, tuple(type(hospital.trust.roots[0]).load(one) for one in chain))
    with pytest.raises(PartAway, match="ocsp_away"):
        may_sign(certificate, known, Network(0.0001))


@pytest.mark.parametrize("name", ["BS. Nguyễn Thị Phương Thảo", "NGUYỄN THỊ PHƯƠNG THẢO", "ThS. BS. Nguyễn Thị Phương Thảo"])
def test_a_certificate_belongs_to_the_account_of_its_name(hospital: Hospital, name: str) -> None:
    belongs_to(hospital.authority.token("bs-thao").certificate, name)


@pytest.mark.parametrize("name", ["BS. Nguyễn Thị Phương Hảo", "", "BS."])
def test_and_to_no_other(hospital: Hospital, name: str) -> None:
    with pytest.raises(Refused, match="certificate_name"):
        belongs_to(hospital.authority.token("bs-thao").certificate, name)


def test_a_signature_without_its_own_timestamp_is_not_proven(hospital: Hospital, tmp_path: Path) -> None:
    path, half, value = unfilled(hospital, tmp_path)
    signer = external_signer(half.certificate, half.chain, half.scheme, value)
    plain = asyncio.run(signer.async_sign_prescribed_attributes("sha256", cms.CMSAttributes.load(half.attributes)))
    with path.open("r+b") as file:
        PreparedByteRangeDigest(half.digest, half.start, half.end).fill_with_cms(file, plain)
    with pytest.raises(Refused, match="too_late"):
        prove(path, tmp_path / "out.pdf", hospital.trust, NETWORK, hospital.timestamps)


def test_an_unsigned_file_is_not_proven(hospital: Hospital, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="not_signed"):
        prove(hospital.fields(), tmp_path / "out.pdf", hospital.trust, NETWORK, hospital.timestamps)


def test_a_signer_who_was_revoked_meanwhile_cannot_be_proven(hospital: Hospital, tmp_path: Path) -> None:
    revoked = Signatory(hospital.authority.token("thu-hoi").certificate, hospital.signatory("bs-thao").chain)
    path = tmp_path / "revoked.pdf"
    half = prepare_revision(hospital.fields(), path, revoked, spec("TacGia"))
    with hospital.key("thu-hoi") as key:
        complete_revision(path, half, key.sign(half.attributes), hospital.timestamps)
    with pytest.raises(Refused, match="too_late"):
        prove(path, tmp_path / "out.pdf", hospital.trust, NETWORK, hospital.timestamps)


def test_while_an_authority_or_the_time_stamp_service_is_away_the_proof_waits(
    hospital: Hospital, tmp_path: Path, silent: str
) -> None:
    signed = shutil.copyfile(hospital.signed(), tmp_path / "signed.pdf")
    with pytest.raises(PartAway, match="ocsp_away"):
        prove(signed, tmp_path / "out.pdf", hospital.trust, Network(0.0001), hospital.timestamps)
    with pytest.raises(PartAway, match="tsa_away"):
        prove(signed, tmp_path / "out.pdf", hospital.trust, NETWORK, Rfc3161(silent, 0.3))


def test_the_trust_folder_takes_pem_and_der_and_names_what_is_neither(hospital: Hospital, tmp_path: Path) -> None:
    with pytest.raises(PartMissing, match="LUUKY_SIGNING_TRUST"):
        load_trust(tmp_path / "nowhere")
    shutil.copytree(hospital.authority.trust, tmp_path / "trust")
    (tmp_path / "trust" / "README.txt").write_text("not looked at")
    assert len(load_trust(tmp_path / "trust").roots) == 1
    (tmp_path / "trust" / "odd.pem").write_text("no certificate")
    with pytest.raises(Refused, match=r"odd\.pem"):
        load_trust(tmp_path / "trust")


def test_a_value_made_in_any_other_way_than_was_asked_for_is_refused() -> None:
    key = rsa.generate_private_key(65537, 2048)
    half = PreparedSignature("TacGia", bytes(32), 1, 9, b"attributes", own_certificate(key), (), Scheme.PSS)
    sha256, right = hashes.SHA256(), key.sign(b"attributes", padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    check_value(half, right)
    wrong = [
        (half, key.sign(b"attributes", padding.PKCS1v15(), sha256)),
        (half, key.sign(b"attributes", padding.PSS(padding.MGF1(sha256), 20), sha256)),
        (half, key.sign(b"attributes", padding.PSS(padding.MGF1(hashes.SHA1()), 32), sha256)),
        (half, key.sign(b"attributes", padding.PSS(padding.MGF1(sha256), 32), hashes.SHA384())),
        (replace(half, scheme=Scheme.PKCS1), right),
        (replace(half, scheme=Scheme.ECDSA), right),
    ]
    for one, value in wrong:
        with pytest.raises(Refused, match="wrong_signature"):
            check_value(one, value)


def test_a_half_from_before_ways_were_told_is_signed_in_the_usual_one(hospital: Hospital, tmp_path: Path) -> None:
    for label, scheme in (("bs-thao", Scheme.PKCS1), ("bs-dung", Scheme.ECDSA)):
        kept = hospital.prepared(hospital.fields(), tmp_path / "prepared.pdf", label, "TacGia").as_json()
        del kept["mechanism"]
        assert PreparedSignature.from_json(kept).scheme is scheme


def test_a_signature_for_which_there_is_no_room_leaves_the_file_as_it_was(
    hospital: Hospital, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_half, "reserved", lambda *_: 4000)
    path, half, value = unfilled(hospital, tmp_path)
    before = path.read_bytes()
    with pytest.raises(Broken, match="no_room"):
        complete_revision(path, half, value, hospital.timestamps)
    assert path.read_bytes() == before


def own_certificate(key: rsa.RSAPrivateKey) -> bytes:
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "BS. A")]), datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1).public_key(key.public_key())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)
