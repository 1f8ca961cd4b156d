"""Certification and locks: what they permit passes every judge to the end of a proof's renewals, and all else is failed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils.generic import NumberObject, pdf_name
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pyhanko.sign.signers.pdf_signer import PdfSigner

from domain.certification import Permits, checked_together
from domain.errors import Refused
from domain.signatures import SignatureVerdict, SigningRule, Verdict
from domain.signers import VOID
from signing import first_half
from signing.certifying import intend
from signing.fields import prepare_fields
from signing.first_half import prepare_revision
from signing.network import Network
from signing.printed import printed_areas
from signing.renew import Renewer
from signing.revision import PdfaWriter
from signing.rfc3161 import Rfc3161
from signing.second_half import complete_revision
from signing.settings import SigningSettings
from signing.trust import load_trust
from signing.upgrade import prove
from signing.verify import verify_file
from tests import judges
from tests.fakes.authority import Authority, Era
from tests.pdfa import sheets
from tests.signing.fixtures import FIELDS, NETWORK, Hospital, spec

NOW = datetime.now(UTC).replace(microsecond=0)
"""DSS compares with the time that the signature's dictionary tells, which is this machine's."""
LATER = NOW + timedelta(hours=2)
A, B = Era("A", NOW - timedelta(days=30), stamps=1), Era("B", NOW + timedelta(hours=1), stamps=6)
LEGITIMATE = {"extension", "signature_or_form_fill"}


def rule(field: str, step: int, certifies: int | None = None, *, locks: bool = False, kind: str = "") -> SigningRule:
    return SigningRule(kind, field, "author", step=step, certifies=certifies, locks=locks)


RULES = {
    "certified": (rule("TacGia", 1, 2), rule("TruongKhoa", 2), rule("ConDau", 3)),
    "certified and locked": (rule("TacGia", 1, 2), rule("TruongKhoa", 2), rule("ConDau", 3, locks=True)),
    "locked": (rule("TacGia", 1), rule("TruongKhoa", 2), rule("ConDau", 3, locks=True)),
    "final": (rule("TacGia", 1, 1),),
}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with Authority(tmp_path_factory.mktemp("authority"), A, B) as opened:
        yield opened


def fields(hospital: Hospital, folder: Path, way: str) -> Path:
    """The chart with its empty fields, as the belt makes them."""
    names = [one.field for one in RULES[way]]
    names += [VOID] if way != "final" else []
    path = folder / "fields.pdf"
    prepare_fields(hospital.bound(), path, names, printed_areas(sheets.reading(sheets.page())))
    intend(path, RULES[way])
    return path


def signed(authority: Authority, source: Path, folder: Path, names: tuple[str, ...]) -> list[Path]:
    """B-T files, one signature more in each."""
    made = []
    for name in names:
        path = folder / f"{name}.pdf"
        half = prepare_revision(source, path, authority.signatory("A"), spec(name))
        complete_revision(path, half, authority.sign("A", half.attributes), Rfc3161(authority.tsa_url), authority.clock)
        made.append(source := path)
    return made


def judged(path: Path, authority: Authority, at: datetime) -> tuple[list[SignatureVerdict], dict[str, Any]]:
    """What we say of a file that is PDF/A-2u still for veraPDF, and whose signatures all pass; and what DSS says."""
    archival = judges.verapdf(path)
    assert (archival["compliant"], archival["profile"]) == (True, "PDF/A-2U"), archival
    ours = verify_file(path, load_trust(authority.roots), moment=at)
    assert ours.verdict is Verdict.PASSED, [
        (one.field, [r for r in one.rules if r.verdict != "passed"]) for one in ours.signatures
    ]
    with path.open("rb") as file:
        reader = PdfFileReader(file)
        for one in reader.embedded_regular_signatures:
            one.compute_integrity_info(diff_policy=DEFAULT_DIFF_POLICY)
            assert isinstance(one.diff_result, DiffResult)
            assert one.docmdp_level is None or one.summarise_integrity_info()["docmdp_ok"]
    return list(ours.signatures), judges.dss(path, authority.roots, at=at.strftime("%Y-%m-%dT%H:%M:%SZ"))


@pytest.mark.parametrize("way", RULES)
def test_every_judge_agrees_after_each_signer_the_proof_and_its_renewal(
    authority: Authority, hospital: Hospital, tmp_path: Path, way: str
) -> None:
    authority.clock = datetime.now(UTC)
    trust, stamps = load_trust(authority.roots), Rfc3161(authority.tsa_url)
    names = tuple(one.field for one in RULES[way])
    empty = judges.verapdf(fields(hospital, tmp_path, way))
    assert empty["compliant"], empty
    last = tmp_path
    for number, path in enumerate(signed(authority, tmp_path / "fields.pdf", tmp_path, names), 1):
        last = tmp_path / f"proven-{number}.pdf"
        prove(path, last, trust, Network(5), stamps, authority.clock)
        ours, theirs = judged(last, authority, authority.clock)
        assert [one.certifies for one in ours] == [RULES[way][0].certifies, None, None][:number]
        assert [(one["level"], one["indication"], one["errors"]) for one in theirs["signatures"]] == [
            ("PAdES-BASELINE-LTA", "TOTAL_PASSED", [])
        ] * number, theirs
        assert all(set(one["modifications"]) <= LEGITIMATE for one in theirs["signatures"])
    authority.clock = LATER
    settings = SigningSettings(authority.tsa_url, authority.roots, network_seconds=5)
    renewer = Renewer(settings, lambda: authority.clock, lambda: trust)
    renewer.renew(last, tmp_path / "renewed.pdf", hashlib.sha256(last.read_bytes()).hexdigest())
    _, theirs = judged(tmp_path / "renewed.pdf", authority, authority.clock)
    assert [one["indication"] for one in theirs["signatures"]] == ["TOTAL_PASSED"] * len(names), theirs


def test_a_certified_chart_is_made_void_in_the_field_that_was_made_for_it(
    authority: Authority, hospital: Hospital, tmp_path: Path
) -> None:
    authority.clock = datetime.now(UTC)
    source = fields(hospital, tmp_path, "certified and locked")
    *_, void = signed(authority, source, tmp_path, (*FIELDS, VOID))
    prove(void, tmp_path / "proven.pdf", load_trust(authority.roots), Network(5), Rfc3161(authority.tsa_url), authority.clock)
    ours, theirs = judged(tmp_path / "proven.pdf", authority, authority.clock)
    assert {one.field: one.certifies for one in ours} == {"TacGia": 2, "TruongKhoa": None, "ConDau": None, VOID: None}
    assert {one["indication"] for one in theirs["signatures"]} == {"TOTAL_PASSED"}


# ---- what is refused when somebody would sign


def test_what_was_certified_as_final_is_never_signed_again(hospital: Hospital, tmp_path: Path) -> None:
    first = hospital.sign(fields(hospital, tmp_path, "final"), tmp_path / "first.pdf", "bs-thao", "TacGia")
    prepare_fields(first, tmp_path / "more.pdf", ["TruongKhoa"])
    with pytest.raises(Refused, match="certified"):
        hospital.prepared(tmp_path / "more.pdf", tmp_path / "x.pdf", "bs-dung", "TruongKhoa")


def test_a_second_certification_is_refused(hospital: Hospital, tmp_path: Path) -> None:
    second = (rule("TacGia", 1, 2), rule("TruongKhoa", 2, 2))
    source = fields(hospital, tmp_path, "certified")
    intend(source, second)
    first = hospital.sign(source, tmp_path / "first.pdf", "bs-thao", "TacGia")
    with pytest.raises(Refused, match="certified"):
        hospital.prepared(first, tmp_path / "x.pdf", "bs-dung", "TruongKhoa")


def test_a_field_made_after_the_certification_is_not_signed(hospital: Hospital, tmp_path: Path) -> None:
    first = hospital.sign(fields(hospital, tmp_path, "certified"), tmp_path / "first.pdf", "bs-thao", "TacGia")
    prepare_fields(first, tmp_path / "more.pdf", ["NguoiSoHoa"])
    with pytest.raises(Refused, match="certified"):
        hospital.prepared(tmp_path / "more.pdf", tmp_path / "x.pdf", "bs-dung", "NguoiSoHoa")


# ---- what an attacker does with other programs


def forced(hospital: Hospital, source: Path, target: Path, field: str) -> Path:
    """Signed by a program that cares for no certification."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(first_half, "check", lambda *_: None)
        patch.setattr(PdfSigner, "_enforce_certification_constraints", lambda *_: None)
        return hospital.sign(source, target, "bs-dung", field)


def failed(hospital: Hospital, path: Path, name: str = "TacGia") -> bool:
    """Whether our verdict on the signature in a field is failed."""
    found = {one.field: one for one in verify_file(path, hospital.trust, online=NETWORK).signatures}
    return found[name].verdict is Verdict.FAILED


def misplaced(hospital: Hospital, path: Path, name: str) -> bool:
    """Whether our verdict says that the signature in a field certifies too late."""
    found = {one.field: one for one in verify_file(path, hospital.trust, online=NETWORK).signatures}
    said = [one for one in found[name].rules if one.evidence == "certifies, but is not the first signature"]
    return found[name].verdict is Verdict.UNDETERMINED and [one.number for one in said] == [3]


def altered(source: Path, target: Path, deed: str) -> Path:
    """One more revision by anybody."""
    target.write_bytes(source.read_bytes())
    with target.open("r+b") as file:
        writer = PdfaWriter(file)
        permissions = writer.root["/Perms"]
        match deed:
            case "the catalog names it no longer":
                del writer.root["/Perms"]
            case "the catalog names another":
                empty = writer.add_object(permissions["/DocMDP"].__class__({pdf_name("/Type"): pdf_name("/Sig")}))
                permissions[pdf_name("/DocMDP")] = empty
                writer.update_container(permissions)
            case "it permits more":
                certified = permissions["/DocMDP"]
                certified["/Reference"][0]["/TransformParams"][pdf_name("/P")] = NumberObject(3)
                writer.mark_update(permissions.raw_get("/DocMDP").reference)
            case "a field more":
                append_signature_field(writer, SigFieldSpec("Them", on_page=0, box=(1, 1, 9, 9)))
            case "a lock less":
                fields = {one.get_object()["/T"]: one for one in writer.root["/AcroForm"]["/Fields"]}
                field = fields["ConDau"].get_object()
                del field["/Lock"]
                writer.mark_update(fields["ConDau"].reference)
        writer.update_root()
        writer.write_in_place()
    return target


def test_a_signature_after_a_final_certification_fails_it(hospital: Hospital, tmp_path: Path) -> None:
    source = tmp_path / "two.pdf"
    prepare_fields(hospital.bound(), source, FIELDS[:2])
    intend(source, RULES["final"])
    first = hospital.sign(source, tmp_path / "first.pdf", "bs-thao", "TacGia")
    assert not failed(hospital, first)
    assert failed(hospital, forced(hospital, first, tmp_path / "second.pdf", "TruongKhoa"))


def test_a_second_certification_is_not_passed(hospital: Hospital, tmp_path: Path) -> None:
    source = fields(hospital, tmp_path, "certified")
    intend(source, (rule("TacGia", 1, 2), rule("TruongKhoa", 2, 2)))
    first = hospital.sign(source, tmp_path / "first.pdf", "bs-thao", "TacGia")
    second = forced(hospital, first, tmp_path / "second.pdf", "TruongKhoa")
    assert misplaced(hospital, second, "TruongKhoa")


def test_a_certification_after_another_signature_is_not_passed(hospital: Hospital, tmp_path: Path) -> None:
    source = fields(hospital, tmp_path, "locked")
    intend(source, (rule("TruongKhoa", 2, 2),))
    first = hospital.sign(source, tmp_path / "first.pdf", "bs-thao", "TacGia")
    second = forced(hospital, first, tmp_path / "second.pdf", "TruongKhoa")
    assert misplaced(hospital, second, "TruongKhoa")


def test_a_signature_in_a_locked_field_fails_the_lock(hospital: Hospital, tmp_path: Path) -> None:
    source = tmp_path / "fields.pdf"
    prepare_fields(hospital.bound(), source, [*FIELDS, "NguoiSoHoa"])
    intend(source, RULES["locked"])
    for number, field in enumerate((*FIELDS, "NguoiSoHoa")):
        source = forced(hospital, source, tmp_path / f"{number}.pdf", field)
    assert failed(hospital, source, "ConDau")
    assert not failed(hospital, source, "TacGia")


DEEDS = ["the catalog names it no longer", "the catalog names another", "it permits more", "a field more", "a lock less"]


@pytest.mark.parametrize("deed", DEEDS)
def test_what_is_changed_around_a_certification_fails_it(hospital: Hospital, tmp_path: Path, deed: str) -> None:
    source = fields(hospital, tmp_path, "certified and locked")
    for number, field in enumerate(FIELDS):
        source = hospital.sign(source, tmp_path / f"{number}.pdf", ("bs-thao", "bs-dung", "bs-thao")[number], field)
    assert not failed(hospital, source)
    assert failed(hospital, altered(source, tmp_path / "altered.pdf", deed))


# ---- rules that do not fit together


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ([rule("TacGia", 1, 1), rule("TruongKhoa", 2)], "certifies"),
        ([rule("TacGia", 1, 2), rule("TruongKhoa", 1)], "certifies"),
        ([rule("TacGia", 2, 2), rule("TruongKhoa", 1)], "certifies"),
        ([rule("TacGia", 1, 2), rule("TruongKhoa", 2, 2)], "certifies"),
        ([rule("TacGia", 1, 3)], "certifies"),
        ([rule(VOID, 1, 2)], "certifies"),
        ([rule("TacGia", 1, 2), rule("ConDau", 1, kind="01/BV-01")], "certifies"),
        ([rule("TacGia", 2, locks=True), rule("TruongKhoa", 2)], "locks"),
        ([rule("TacGia", 1, locks=True), rule("TruongKhoa", 2)], "locks"),
        ([rule("TacGia", 1, 2, locks=True)], "locks"),
        ([rule(VOID, 1, locks=True)], "locks"),
    ],
)
def test_rules_that_could_not_be_kept_are_refused(rules: list[SigningRule], code: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_together(rules)
    assert refused.value.message.code == code


@pytest.mark.parametrize("way", RULES)
def test_rules_that_can_be_kept_are_taken(way: str) -> None:
    rules = [*RULES[way], rule(VOID, 1)]
    assert checked_together(rules) == rules


def test_what_a_certification_permits_is_said_as_the_format_says_it() -> None:
    assert (Permits.NOTHING, Permits.SIGNATURES) == (1, 2)
