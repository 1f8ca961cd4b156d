"""Whom the house trusts: what may be added, what becomes of proofs when an authority is withdrawn or removed, what is told."""

from __future__ import annotations

import pickle
import subprocess
import sys
from codecs import BOM_UTF8
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import parser, pem
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from domain.documents import Origin, State
from domain.errors import PartAway, PartMissing, Refused
from domain.signatures import Verdict
from domain.trust import Purpose
from signing.offered import offered
from signing.settings import SigningSettings
from signing.trust import TrustList, load_trust
from signing.trusted import TrustDesk, rests_on
from signing.upgrade import prove
from signing.verify import verify_file
from storage.clock import now
from storage.store import Store
from tests.signing.fixtures import NETWORK, Hospital
from tests.signing.forge.authority import NOW, Authority, Holder, Wish, issue

CA = ("key_cert_sign", "crl_sign")
HOUR = timedelta(hours=1)
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def forged() -> Authority:
    return Authority("Danh sách")


@pytest.fixture
def desk(store: Store) -> TrustDesk:
    return TrustDesk(store, SigningSettings())


def der(holder: Holder) -> bytes:
    return bytes(holder.asn1.dump())


def as_pem(*holders: Holder) -> bytes:
    return b"".join(pem.armor("CERTIFICATE", der(one)) for one in holders)


def as_pkcs7(*holders: Holder) -> bytes:
    return pkcs7.serialize_certificates([one.certificate for one in holders], Encoding.DER)


def name(holder: Holder) -> str:
    return str(holder.asn1.sha256.hex())


def test_the_list_goes_whole_to_the_processes_that_judge_files(forged, tmp_path):
    (tmp_path / "goc.der").write_bytes(der(forged.root))
    there = pickle.loads(pickle.dumps(load_trust(tmp_path)))
    assert [one.dump(force=True) for one in there.roots] == [der(forged.root)]


# ---- what may be added


def test_files_of_every_kind_are_looked_at_roots_first(forged: Authority) -> None:
    both = [name(forged.root), name(forged.ica)]
    pem_file = as_pem(forged.ica, forged.root)
    for data in (pem_file, BOM_UTF8 + pem_file, as_pkcs7(forged.ica, forged.root), base64_of_pkcs7(forged)):
        found = offered(data, (), now())
        assert [one.face.sha256 for one in found] == both
        assert [one.wrong for one in found] == [None, None]
    assert [one.face.sha256 for one in offered(der(forged.root), (), now())] == both[:1]
    face = offered(der(forged.root), (), now())[0].face
    assert (face.subject, face.key, face.digest, face.root, face.authority) == ("Danh sách Root", "EC 256", "sha256", True, True)


def base64_of_pkcs7(forged: Authority) -> bytes:
    return pkcs7.serialize_certificates([forged.ica.certificate, forged.root.certificate], Encoding.PEM)


def test_what_may_not_be_added_says_why_in_a_sentence(forged: Authority) -> None:
    weak = issue(Wish("Gốc Yếu", kind="rsa1024", ca=True, usages=CA))
    ended = issue(Wish("Gốc Cũ", ca=True, usages=CA, start=NOW - 9 * HOUR, end=NOW - HOUR))
    mute = issue(Wish("Gốc Câm", ca=True, usages=("digital_signature",)))
    liar = issue(Wish("Gốc Giả", ca=True, usages=CA), Holder(forged.root.certificate, forged.tsa.key))
    expected = {
        "trust_no_ca": [forged.signer("Bác sĩ"), forged.tsa, mute],
        "trust_weak_key": [weak],
        "trust_ended": [ended],
    }
    for code, holders in expected.items():
        for one in holders:
            wrong = offered(der(one), (), now())[0].wrong
            assert wrong is not None
            assert wrong.code == code
            assert wrong.vi != wrong.en
    assert offered(der(liar), (), now())[0].face.root is False
    there = offered(der(forged.root), {name(forged.root)}, now())[0].wrong
    assert there is not None
    assert there.code == "trust_there"


def test_a_root_that_does_not_bear_its_own_signature_is_refused(forged: Authority) -> None:
    other = issue(Wish("Danh sách Root", ca=True, usages=CA))
    forgery = der(other)[: -len(other.asn1["signature_value"].native)] + other.asn1["signature_value"].native[::-1]
    wrong = offered(forgery, (), now())[0].wrong
    assert wrong is not None
    assert wrong.code == "trust_forged"


def with_first_day(root: Holder, day: bytes) -> bytes:
    """A root as it is, but for how its first day is written (GeneralizedTime); it does bear its own signature."""
    tbs = root.asn1["tbs_certificate"]
    days = parser.emit(0, 0, 24, day) + tbs["validity"]["not_after"].dump()
    parts = {name: tbs[name].dump() for name in tbs} | {"validity": parser.emit(0, 1, 16, days)}
    signed = parser.emit(0, 1, 16, b"".join(parts.values()))
    signature = parser.emit(0, 0, 3, b"\0" + root.key.sign(signed, ec.ECDSA(hashes.SHA256())))
    return bytes(parser.emit(0, 1, 16, signed + root.asn1["signature_algorithm"].dump() + signature))


def test_a_root_whose_days_are_not_as_the_standard_has_them_is_unreadable_and_not_forged(forged: Authority) -> None:
    assert offered(with_first_day(forged.root, b"20200101000000Z"), (), now())[0].wrong is None
    wrong = offered(with_first_day(forged.root, b"20200101000000.5Z"), (), now())[0].wrong
    assert wrong is not None
    assert wrong.code == "trust_unreadable"
    assert "chứng thư Danh sách Root ghi ngày bắt đầu hoặc ngày hết hạn không đúng chuẩn" in wrong.vi
    assert "the certificate Danh sách Root does not write its days" in wrong.en


@pytest.mark.parametrize("day", [b"20201301000000Z", b"20200101000000", b"00000101000000Z", b"hom qua"])
def test_a_file_with_days_that_nobody_can_tell_is_refused_with_the_reason(forged: Authority, tmp_path: Path, day: bytes) -> None:
    odd = with_first_day(forged.root, day)
    for data in (odd, as_pem(forged.root) + pem.armor("CERTIFICATE", odd)):
        with pytest.raises(Refused, match=r"trust_unreadable: .* the certificate Danh sách Root does not write its days"):
            offered(data, (), now())
    (tmp_path / "goc-la.der").write_bytes(odd)
    with pytest.raises(Refused, match=r"goc-la\.der"):
        load_trust(tmp_path)


def test_a_certificate_that_is_otherwise_not_as_the_standard_has_it_is_unreadable(forged: Authority) -> None:
    wrong = offered(der(forged.root).replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x07", 1), (), now())[0].wrong
    assert wrong is not None
    assert (wrong.code, "không được viết đúng chuẩn X.509" in wrong.vi) == ("trust_unreadable", True)


def test_an_intermediate_signed_with_a_broken_digest_is_refused(forged: Authority) -> None:
    certificate = forged.ica.asn1.copy()
    for part in (certificate["tbs_certificate"]["signature"], certificate["signature_algorithm"]):
        part["algorithm"] = "sha1_ecdsa"
    wrong = offered(certificate.dump(force=True), (), now())[0].wrong
    assert wrong is not None
    assert wrong.code == "trust_weak_digest"


@pytest.mark.parametrize(
    "data", [b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", b"0" * 9]
)
def test_what_holds_no_certificate_is_refused(data: bytes) -> None:
    with pytest.raises(Refused, match="trust_file"):
        offered(data, (), now())


def test_a_private_key_is_never_taken() -> None:
    with pytest.raises(Refused, match="trust_private"):
        offered(pem.armor("PRIVATE KEY", b"0\x03\x02\x01\x01"), (), now())


def test_all_of_a_file_is_added_or_nothing(desk: TrustDesk, forged: Authority) -> None:
    with pytest.raises(Refused, match="trust_no_ca"):
        desk.add(as_pem(forged.root, forged.signer("Bác sĩ")), Purpose.BOTH, "thử", "quantri")
    assert desk.listed() == []
    with pytest.raises(Refused, match="reason_needed"):
        desk.add(der(forged.root), Purpose.BOTH, "  ", "quantri")
    desk.add(as_pem(forged.root, forged.ica), Purpose.SIGNERS, "công văn 12", "quantri")
    trust = desk.trust()
    assert ([one.sha256.hex() for one in trust.roots], len(trust.others)) == ([name(forged.root)], 1)
    assert (len(trust.signers), len(trust.stamps)) == (1, 0)


def test_everything_is_in_the_log_with_its_reason(store: Store, desk: TrustDesk, forged: Authority) -> None:
    root = name(forged.root)
    desk.add(der(forged.root), Purpose.BOTH, "công văn 12", "quantri")
    desk.withdraw(root, "hết hợp đồng", "quantri")
    desk.restore(root, "ký lại hợp đồng", "quantri")
    desk.remove(root, "thêm nhầm", "quantri")
    with store.read() as tx:
        entries = [(one.act, one.details["why"]) for one in tx.audit.of(root)]
    assert entries == [
        ("remove_trust", "thêm nhầm"),
        ("restore_trust", "ký lại hợp đồng"),
        ("withdraw_trust", "hết hợp đồng"),
        ("add_trust", "công văn 12"),
    ]


def test_withdrawn_twice_it_stays_withdrawn_since_the_earlier_day(desk: TrustDesk, forged: Authority) -> None:
    desk.add(der(forged.root), Purpose.BOTH, "thêm", "quantri")
    theft = now() - timedelta(days=30)
    desk.withdraw(name(forged.root), "khóa bị trộm", "quantri", theft)
    assert desk.withdraw(name(forged.root), "bấm lại", "quantri").entry.until == theft
    earlier = theft - HOUR
    assert desk.withdraw(name(forged.root), "sớm hơn", "quantri", earlier).entry.until == earlier
    assert desk.restore(name(forged.root), "nhầm", "quantri").entry.until is None
    assert desk.withdraw(name(forged.root), "lần nữa", "quantri", theft).entry.until == theft


def test_what_is_no_root_is_not_withdrawn_but_removed(desk: TrustDesk, forged: Authority) -> None:
    desk.add(as_pem(forged.root, forged.ica), Purpose.BOTH, "thêm", "quantri")
    with pytest.raises(Refused, match="trust_chain_only"):
        desk.withdraw(name(forged.ica), "thử", "quantri")
    desk.remove(name(forged.ica), "không cần", "quantri")
    assert desk.trust().others == ()


# ---- the start set, and every process


def test_the_folder_of_the_settings_is_the_start_set_and_what_was_decided_here_counts_instead(
    store: Store, hospital: Hospital, forged: Authority
) -> None:
    desk = TrustDesk(store, SigningSettings(trust=hospital.authority.trust))
    given = desk.listed()[0]
    assert given.entry.given
    desk.add(der(forged.root), Purpose.BOTH, "thêm", "quantri")
    assert len(desk.trust().roots) == 2
    desk.remove(given.face.sha256, "không dùng", "quantri")
    assert [one.sha256.hex() for one in desk.trust().roots] == [name(forged.root)]
    assert [one.standing(now()) for one in desk.listed()] == ["trusted", "removed"]


def test_nobody_trusted_is_a_part_that_is_missing(store: Store, desk: TrustDesk, tmp_path: Path) -> None:
    with pytest.raises(PartMissing, match="trust"):
        desk.trust()
    assert desk.known() == TrustList()
    with pytest.raises(PartMissing):
        TrustDesk(store, SigningSettings(trust=tmp_path / "nowhere")).known()


def test_the_folder_is_looked_at_anew_and_what_was_parsed_is_not_parsed_again(forged: Authority, tmp_path: Path) -> None:
    (tmp_path / "a.crt").write_bytes(der(forged.root))
    (before,) = load_trust(tmp_path).roots
    (tmp_path / "b.pem").write_bytes(as_pem(forged.root, forged.ica))
    after = load_trust(tmp_path)
    assert [one is before for one in after.roots] == [True, True]
    assert [one.sha256.hex() for one in after.others] == [name(forged.ica)]


@pytest.mark.parametrize("more", [b"\0", b"\x30\x03", b""], ids=["a byte more", "half of another", "cut off"])
def test_a_file_of_the_folder_that_is_no_certificate_is_named(forged: Authority, tmp_path: Path, more: bytes) -> None:
    (tmp_path / "goc-cu.der").write_bytes(der(forged.root) + more if more else der(forged.root)[:-1])
    with pytest.raises(Refused) as refused:
        load_trust(tmp_path)
    assert "goc-cu.der" in refused.value.message.vi


def test_a_change_counts_at_once_for_whoever_asks_next(store: Store, desk: TrustDesk, forged: Authority) -> None:
    elsewhere = TrustDesk(store, SigningSettings())
    before = elsewhere.edition()
    desk.add(der(forged.root), Purpose.BOTH, "thêm", "quantri")
    assert len(elsewhere.trust().roots) == 1
    assert elsewhere.edition() != before


def test_what_ends_soon_is_told_months_ahead_and_what_was_withdrawn_is_not(store: Store, forged: Authority) -> None:
    soon = issue(Wish("Gốc Sắp Hết", ca=True, usages=CA, end=NOW + timedelta(days=100)))
    desk = TrustDesk(store, SigningSettings(trust_months=6))
    assert [one.code for one in desk.alarms()] == ["trust_empty"]
    desk.add(as_pem(forged.root, soon), Purpose.BOTH, "thêm", "quantri")
    told = desk.alarms()
    assert [one.code for one in told] == ["trust_ends_soon"]
    assert "Gốc Sắp Hết" in told[0].vi
    assert TrustDesk(store, SigningSettings(trust_months=2)).alarms() == []
    desk.withdraw(name(soon), "đã có gốc mới", "quantri")
    assert desk.alarms() == []


# ---- what rests on it, and verdicts


@pytest.fixture
def proven(hospital: Hospital, store: Store) -> str:
    """A kept document whose proof rests on the demo's root."""
    file = store.objects.put_file(hospital.proven())
    with store.write() as tx:
        document = tx.documents.add(Origin("a.pdf", "test"), "a" * 64, 1)
        for state in (State.PAGED, State.READ, State.FILED, State.BOUND, State.AWAITING_SIGNATURE, State.SIGNED):
            document = tx.documents.move(document, state, "test")
        tx.documents.add_version(document.id, "proven", file)
        tx.documents.move(document, State.PROVEN, "test", current=file)
    return file


def test_before_anything_is_withdrawn_it_is_said_how_many_proofs_rest_on_it(
    store: Store, hospital: Hospital, forged: Authority, proven: str
) -> None:
    desk = TrustDesk(store, SigningSettings(trust=hospital.authority.trust))
    desk.add(der(forged.root), Purpose.BOTH, "thêm", "quantri")
    assert proven
    assert desk.rests(hospital.trust.roots[0].sha256.hex(), most=0).unknown == 1
    found = desk.rests(hospital.trust.roots[0].sha256.hex())
    assert (found.documents, found.unknown) == (1, 0)
    assert desk.rests(name(forged.root)).documents == 0


def test_a_root_that_came_later_is_looked_for_in_what_rested_on_nobody(store: Store, hospital: Hospital, proven: str) -> None:
    desk = TrustDesk(store, SigningSettings())
    root = hospital.trust.roots[0]
    assert proven
    assert desk.rests(root.sha256.hex()).documents == 0
    desk.add(root.dump(), Purpose.BOTH, "thêm", "quantri")
    assert desk.rests(root.sha256.hex()).documents == 1


def test_a_file_says_on_whose_roots_it_rests(hospital: Hospital, tmp_path: Path) -> None:
    assert rests_on(hospital.proven(), hospital.trust) == [hospital.trust.roots[0].sha256.hex()]
    (tmp_path / "no.pdf").write_bytes(b"%PDF-1.7 nothing")
    assert rests_on(tmp_path / "no.pdf", hospital.trust) == []


def verdict(hospital: Hospital, trust: TrustList, signers: int = 1) -> Verdict:
    return verify_file(hospital.proven(signers), trust).verdict


def test_what_was_signed_before_a_root_was_withdrawn_stays_proven(hospital: Hospital) -> None:
    roots = hospital.trust.roots
    root = roots[0].sha256.hex()
    assert verdict(hospital, hospital.trust) is Verdict.PASSED
    assert verdict(hospital, TrustList(roots, (), {}, {root: now() + HOUR})) is Verdict.PASSED
    assert verdict(hospital, TrustList(roots, (), {}, {root: now()})) is Verdict.PASSED


def test_and_what_was_signed_after_it_is_not(hospital: Hospital) -> None:
    roots = hospital.trust.roots
    root = roots[0].sha256.hex()
    assert verdict(hospital, TrustList(roots, (), {}, {root: now() - timedelta(days=2)})) is Verdict.UNDETERMINED
    assert verdict(hospital, TrustList()) is Verdict.UNDETERMINED


def test_a_signature_without_a_time_proves_nothing_once_its_root_is_withdrawn(hospital: Hospital, tmp_path: Path) -> None:
    roots = hospital.trust.roots
    withdrawn = TrustList(roots, (), {}, {roots[0].sha256.hex(): now() - HOUR})
    signed = hospital.signed()
    assert verify_file(signed, hospital.trust, online=NETWORK).verdict is Verdict.PASSED
    assert verify_file(signed, withdrawn, online=NETWORK).verdict is not Verdict.PASSED


@pytest.mark.parametrize("purpose", [Purpose.SIGNERS, Purpose.STAMPS])
def test_a_root_for_one_purpose_proves_nothing_for_the_other(hospital: Hospital, purpose: Purpose) -> None:
    roots = hospital.trust.roots
    assert verdict(hospital, TrustList(roots, (), {roots[0].sha256.hex(): purpose})) is Verdict.UNDETERMINED


@pytest.mark.parametrize("trust", ["signers", "withdrawn"])
def test_nobody_stamps_anew_whose_root_is_not_trusted_for_that(hospital: Hospital, tmp_path: Path, trust: str) -> None:
    roots = hospital.trust.roots
    root = roots[0].sha256.hex()
    lists = {
        "signers": TrustList(roots, (), {root: Purpose.SIGNERS}),
        "withdrawn": TrustList(roots, (), {}, {root: now()}),
    }
    with pytest.raises(PartAway, match="tsa_untrusted"):
        prove(hospital.signed(), tmp_path / "out.pdf", lists[trust], NETWORK, hospital.timestamps)


JUDGES = """
import pickle, sys
trust, path = pickle.load(sys.stdin.buffer)
from signing.verify import verify_file
print(verify_file(path, trust).verdict.value)
"""


def test_a_process_that_is_handed_the_list_before_it_has_read_any_certificate_judges_as_well(hospital: Hospital) -> None:
    trust = load_trust(hospital.authority.trust)
    assert verify_file(hospital.proven(), trust).verdict is Verdict.PASSED
    handed = pickle.dumps((trust, hospital.proven()))
    judged = subprocess.run([sys.executable, "-c", JUDGES], cwd=ROOT, input=handed, capture_output=True, check=False)
    assert judged.stdout.decode().strip() == "passed", judged.stderr.decode()
