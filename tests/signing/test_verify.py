"""Our own verdict: every way of tampering that was tried, and that no file however bad is more than a verdict."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from domain.signatures import FileVerdict, SignatureVerdict, Verdict
from signing.certificates import Signatory
from signing.first_half import prepare_revision
from signing.history import history
from signing.network import Network
from signing.report import particulars
from signing.rules import NAMES
from signing.second_half import complete_revision
from signing.sunsets import Sunsets
from signing.trust import TrustList
from signing.verify import Expected, verify_file
from signing.wording import sentences
from tests.signing.fixtures import FIELDS, NETWORK, Hospital, spec

Change = Callable[[IncrementalPdfFileWriter], None]


def overlay(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    stamp = writer.add_object(generic.StreamObject(stream_data=b"0 0 200 200 re f"))
    page["/Contents"] = generic.ArrayObject([page.raw_get("/Contents"), stamp])
    writer.mark_update(page.container_ref)


def annotation(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    note = {pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name("/Square")}
    note[pdf_name("/Rect")] = generic.ArrayObject(map(generic.NumberObject, (10, 10, 100, 100)))  # type: ignore[assignment]
    page["/Annots"] = generic.ArrayObject([*page["/Annots"], writer.add_object(generic.DictionaryObject(note))])
    writer.mark_update(page.container_ref)


def metadata(writer: IncrementalPdfFileWriter) -> None:
    stream = generic.StreamObject(stream_data=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>WRONG PATIENT</x:xmpmeta>")
    stream["/Type"], stream["/Subtype"] = pdf_name("/Metadata"), pdf_name("/XML")
    writer.root["/Metadata"] = writer.add_object(stream)
    writer.update_root()


def script(writer: IncrementalPdfFileWriter) -> None:
    action = generic.DictionaryObject({pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): generic.pdf_string("1")})
    writer.root["/OpenAction"] = writer.add_object(action)
    writer.update_root()


CHANGES: dict[str, Change] = {
    "a page painted over": overlay,
    "an annotation": annotation,
    "another patient in the metadata": metadata,
    "a script": script,
}


def changed(path: Path, target: Path, change: Change) -> Path:
    target.write_bytes(path.read_bytes())
    with target.open("r+b") as file:
        writer = IncrementalPdfFileWriter(file)
        writer._update_meta = lambda: None  # type: ignore[method-assign]
        change(writer)
        writer.write_in_place()
    return target


def one(verdict: FileVerdict) -> SignatureVerdict:
    assert len(verdict.signatures) == 1, verdict
    return verdict.signatures[0]


def broken(signature: SignatureVerdict) -> set[int]:
    return {rule.number for rule in signature.rules if rule.verdict is Verdict.FAILED}


def test_a_proven_file_passes_offline_now_and_for_years(hospital: Hospital) -> None:
    now = datetime.now(UTC)
    for days in (0, 2, 20, 40, 400, 1500):
        verdict = verify_file(hospital.proven(2), hospital.trust, moment=now + timedelta(days=days))
        assert verdict.verdict is Verdict.PASSED, (days, verdict)
    signature = verdict.signatures[0]
    assert (signature.field, signature.signer, signature.level) == ("TacGia", "BS. Nguyễn Thị Phương Thảo", "LTA")
    assert [rule.number for rule in signature.rules] == [number for number in NAMES if number > 2]
    assert signature.best_time is not None
    signed = datetime.fromtimestamp(hospital.signed().stat().st_mtime, UTC)
    assert abs(signature.best_time - signed) < timedelta(minutes=1)


def test_when_the_last_timestamp_has_ended_nothing_can_be_said_any_more(hospital: Hospital) -> None:
    verdict = verify_file(hospital.proven(), hospital.trust, moment=datetime.now(UTC) + timedelta(days=6 * 365))
    assert verdict.verdict is Verdict.UNDETERMINED
    assert one(verdict).best_time is None


def test_a_signature_without_stored_evidence_is_decided_only_online(hospital: Hospital) -> None:
    offline = verify_file(hospital.signed(), hospital.trust)
    online = verify_file(hospital.signed(), hospital.trust, online=NETWORK)
    assert (offline.verdict, online.verdict) == (Verdict.UNDETERMINED, Verdict.PASSED)
    assert one(online).level == "T"
    assert any("--online" in line for line in sentences(offline))


def test_if_the_network_is_silent_the_file_speaks_for_itself(hospital: Hospital) -> None:
    assert verify_file(hospital.proven(), hospital.trust, online=Network(0.0001)).verdict is Verdict.PASSED
    assert verify_file(hospital.signed(), hospital.trust, online=Network(0.0001)).verdict is Verdict.UNDETERMINED


def test_an_unsigned_file_is_unsigned(hospital: Hospital) -> None:
    assert verify_file(hospital.bound(), hospital.trust).verdict is Verdict.UNSIGNED
    assert verify_file(hospital.fields(), hospital.trust).verdict is Verdict.UNSIGNED


def test_nobody_is_trusted_who_is_not_in_the_list(hospital: Hospital) -> None:
    verdict = verify_file(hospital.proven(), TrustList())
    assert verdict.verdict is Verdict.UNDETERMINED
    assert next(rule.evidence for rule in one(verdict).rules if rule.number == 5) == "NO_CERTIFICATE_CHAIN_FOUND"


@pytest.mark.parametrize("what", CHANGES)
def test_what_was_added_after_signing_fails_it(hospital: Hospital, tmp_path: Path, what: str) -> None:
    verdict = verify_file(changed(hospital.proven(), tmp_path / "x.pdf", CHANGES[what]), hospital.trust)
    assert verdict.verdict is Verdict.FAILED
    assert 7 in broken(one(verdict))


def test_a_changed_byte_fails_it(hospital: Hospital, tmp_path: Path) -> None:
    data = bytearray(hospital.proven().read_bytes())
    place = data.index(b"stream") + 100
    data[place] ^= 1
    (tmp_path / "x.pdf").write_bytes(data)
    verdict = verify_file(tmp_path / "x.pdf", hospital.trust)
    assert verdict.verdict is Verdict.FAILED
    assert 4 in broken(one(verdict))
    assert "Nội dung đã bị thay đổi sau khi ký." in sentences(verdict)


def test_a_byte_changed_in_a_signature_under_an_archive_timestamp_fails_it(hospital: Hospital, tmp_path: Path) -> None:
    data = bytearray(hospital.proven().read_bytes())
    for start in (match.end() for match in re.finditer(rb"/Contents ?<3", data)):
        changed = bytearray(data)
        changed[start + 200] = ord("1") if changed[start + 200] != ord("1") else ord("2")
        (tmp_path / "x.pdf").write_bytes(changed)
        assert verify_file(tmp_path / "x.pdf", hospital.trust).verdict is not Verdict.PASSED
    first = data.index(b"/Contents <3") + 212
    data[first] ^= 1
    (tmp_path / "x.pdf").write_bytes(data)
    assert 4 in broken(one(verify_file(tmp_path / "x.pdf", hospital.trust)))


def test_bytes_after_the_end_fail_a_proven_file(hospital: Hospital, tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(hospital.proven().read_bytes() + b"\n% garbage\n")
    verdict = verify_file(tmp_path / "x.pdf", hospital.trust)
    assert verdict.verdict is not Verdict.PASSED


def test_a_file_cut_back_to_an_earlier_revision_is_seen_only_with_the_register(hospital: Hospital, tmp_path: Path) -> None:
    proven, first = hospital.proven(2), hospital.signed(1)
    assert proven.read_bytes().startswith(first.read_bytes())
    register = Expected(hashlib.sha256(proven.read_bytes()).hexdigest(), ("TacGia", "TruongKhoa"))
    assert verify_file(proven, hospital.trust, register).verdict is Verdict.PASSED
    cut = verify_file(first, hospital.trust, register, NETWORK)
    assert cut.verdict is Verdict.FAILED
    assert [broken(signature) for signature in cut.signatures] == [{1, 2}, {1, 2}]
    assert [signature.field for signature in cut.signatures] == ["TacGia", "TruongKhoa"]
    assert verify_file(first, hospital.trust, online=NETWORK).verdict is Verdict.PASSED
    unsigned = verify_file(hospital.fields(), hospital.trust, register)
    assert unsigned.verdict is Verdict.FAILED


def test_a_certificate_that_had_ended_when_its_signature_is_first_seen_does_not_pass_although_the_library_passes_it(
    hospital: Hospital, tmp_path: Path
) -> None:
    path = _signed_by(hospital, tmp_path, "het-han")
    verdict = verify_file(path, hospital.trust, online=NETWORK)
    assert verdict.verdict is Verdict.UNDETERMINED, "it may have been made before, but nothing proves it"
    assert any("hết hạn" in line for line in sentences(verdict))


def test_a_signature_made_after_the_revocation_does_not_pass(hospital: Hospital, tmp_path: Path) -> None:
    verdict = verify_file(_signed_by(hospital, tmp_path, "thu-hoi"), hospital.trust, online=NETWORK)
    assert verdict.verdict is not Verdict.PASSED
    assert any("thu hồi" in line for line in sentences(verdict))


def test_a_prepared_hole_that_was_never_filled_is_undetermined(hospital: Hospital, tmp_path: Path) -> None:
    path = tmp_path / "hole.pdf"
    hospital.prepared(hospital.fields(), path, "bs-thao", "TacGia")
    assert verify_file(path, hospital.trust).verdict is Verdict.UNDETERMINED


def test_one_signature_that_cannot_be_read_leaves_the_others_in_the_report(hospital: Hospital, tmp_path: Path) -> None:
    proven, path, sunsets = hospital.proven(2), tmp_path / "x.pdf", Sunsets(())
    data = proven.read_bytes()
    second = list(re.finditer(rb"/Contents ?<([0-9a-fA-F]+)>", data))[1]
    path.write_bytes(data[: second.start(1)] + b"0" * len(second[1]) + data[second.end(1) :])
    whole, found = history(proven, hospital.trust, sunsets), history(path, hospital.trust, sunsets)
    assert [one.field for one in found.revisions] == [one.field if one.field != FIELDS[1] else None for one in whole.revisions]
    assert found.ends == whole.ends is not None
    fields = [one.field for one in particulars(proven, hospital.trust)]
    assert [one.field for one in particulars(path, hospital.trust)] == [one for one in fields if one != FIELDS[1]]
    assert FIELDS[1] in fields


def test_a_signature_that_no_field_leads_to_is_undetermined(hospital: Hospital, tmp_path: Path) -> None:
    with pikepdf.open(hospital.signed()) as pdf:
        signature = next(field.V for field in pdf.Root.AcroForm.Fields if "/V" in field)
        pdf.Root.Orphan = pdf.make_indirect(signature)
        del pdf.Root.AcroForm
        del pdf.pages[0].Annots
        pdf.save(tmp_path / "x.pdf")
    assert verify_file(tmp_path / "x.pdf", hospital.trust).verdict is Verdict.UNDETERMINED


@pytest.mark.parametrize("data", [b"", b"no PDF", b"%PDF-1.7\n%%EOF", b"%PDF-1.7\n" + b"[" * 100_000, bytes(5_000)])
def test_what_is_no_pdf_is_unreadable(hospital: Hospital, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.pdf").write_bytes(data)
    assert verify_file(tmp_path / "x.pdf", hospital.trust).verdict is Verdict.UNREADABLE


def test_so_is_a_missing_file_a_folder_and_an_encrypted_one(hospital: Hospital, tmp_path: Path) -> None:
    with pikepdf.open(hospital.bound()) as pdf:
        pdf.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(user="secret", owner="secret"))
    for path in (tmp_path / "none.pdf", tmp_path):
        assert verify_file(path, hospital.trust) == FileVerdict(str(path), None, Verdict.UNREADABLE)
    assert verify_file(tmp_path / "locked.pdf", hospital.trust).verdict is Verdict.UNREADABLE


@pytest.mark.parametrize("seed", range(40))
def test_no_damage_raises_and_none_passes(hospital: Hospital, tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    data = bytearray(hospital.proven(2).read_bytes())
    places = [match.start() for match in re.finditer(rb"/ByteRange|/Contents|/AcroForm|/DSS|xref|obj|/V ", data)]
    for _ in range(rng.randint(1, 4)):
        place = rng.choice(places) + rng.randint(0, 12) if rng.random() < 0.7 else rng.randrange(len(data))
        place = min(place, len(data) - 1)
        match rng.randrange(3):
            case 0:
                data[place] = rng.randrange(256)
            case 1:
                del data[place : place + rng.randint(1, 40)]
            case _:
                data[place:place] = rng.randbytes(rng.randint(1, 40))
    (tmp_path / "x.pdf").write_bytes(data)
    assert verify_file(tmp_path / "x.pdf", hospital.trust).verdict is not Verdict.PASSED


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_verdict_has_words_in_both_languages(hospital: Hospital, tmp_path: Path, language: str) -> None:
    (tmp_path / "x.pdf").write_bytes(b"no PDF")
    files = [hospital.proven(2), hospital.signed(), hospital.bound(), tmp_path / "x.pdf"]
    said = [sentences(verify_file(path, hospital.trust), language) for path in files]
    assert len({lines[0] for lines in said}) == 4
    assert any("Nguyễn Thị Phương Thảo" in line for line in said[0])


def _signed_by(hospital: Hospital, tmp_path: Path, label: str) -> Path:
    """Signed with a certificate that our own first half refuses."""
    signatory = Signatory(hospital.authority.token(label).certificate, hospital.signatory("bs-thao").chain)
    path = tmp_path / f"{label}.pdf"
    half = prepare_revision(hospital.fields(), path, signatory, spec("TacGia"))
    with hospital.key(label) as key:
        complete_revision(path, half, key.sign(half.attributes), hospital.timestamps)
    return path
