"""Beside EU DSS, online and with files of other programs: never a pass that is none there, and mostly the same word."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.differences import REASONS, table
from signing.certificates import Signatory
from signing.first_half import prepare_revision
from signing.second_half import complete_revision
from signing.trust import TrustList
from signing.verify import verify_file
from tests import judges
from tests.signing.fixtures import NETWORK, Hospital, spec
from tests.signing.forge.authority import NOW
from tests.signing.forge.cases import Case, World, ended
from tests.signing.forge.dss import LEVELS, signed_by_dss
from tests.signing.forge.others import PROGRAMS
from tests.signing.forge.signed import good_evidence, with_evidence
from tests.signing.test_verdicts import dss_verdict

STRICTER = ("ended, wrong key usage", "ended, a CRL says otherwise than the OCSP answer")
REFERENCE = Path("docs/reference/verdicts.md")


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def signed_by(hospital: Hospital, folder: Path, label: str) -> Path:
    """B-T by a certificate of the demo authority, also by one that our own first half refuses."""
    signatory = Signatory(hospital.authority.token(label).certificate, hospital.signatory("bs-thao").chain)
    path = folder / f"{label}.pdf"
    half = prepare_revision(hospital.fields(), path, signatory, spec("TacGia"))
    with hospital.key(label) as key:
        complete_revision(path, half, key.sign(half.attributes), hospital.timestamps)
    return path


@pytest.mark.parametrize("label", ["bs-thao", "bs-dung", "thu-hoi", "het-han"])
def test_online_the_word_is_that_of_dss(hospital: Hospital, tmp_path: Path, label: str) -> None:
    path = signed_by(hospital, tmp_path, label)
    theirs = dss_verdict(judges.dss(path, hospital.authority.trust, online=True))
    assert verify_file(path, hospital.trust, online=NETWORK).verdict == theirs
    assert (theirs == "passed") == label.startswith("bs-")


@pytest.mark.parametrize("program", ["pyHanko", "OpenSSL"])
def test_what_another_program_signed_passes_where_dss_passes_it(tmp_path: Path, program: str) -> None:
    world = World()
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "root.der").write_bytes(world.authority.root.asn1.dump())
    path = tmp_path / "signed.pdf"
    evidence = good_evidence(world.authority, world.doctor, NOW)
    path.write_bytes(with_evidence(PROGRAMS[program](world, tmp_path), evidence, world.authority))
    assert verify_file(path, TrustList((world.authority.root.asn1,))).verdict == "passed"
    assert dss_verdict(judges.dss(path, tmp_path / "trust")) == "passed"


@pytest.mark.parametrize("level", LEVELS)
def test_what_dss_itself_signed_passes_with_both(tmp_path: Path, level: str) -> None:
    world = World()
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "root.der").write_bytes(world.authority.root.asn1.dump())
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed_by_dss(level, "p256", world, tmp_path))
    found = verify_file(path, TrustList((world.authority.root.asn1,)))
    assert (found.verdict, found.signatures[0].level) == ("passed", "LT" if level == "T" else level)
    assert dss_verdict(judges.dss(path, tmp_path / "trust")) == "passed"


@pytest.mark.parametrize("case", [one for one in ended() if one.name not in STRICTER], ids=lambda case: case.name)
def test_of_a_certificate_that_had_ended_the_word_is_that_of_dss(case: Case, world: World, tmp_path: Path) -> None:
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "root.der").write_bytes(world.authority.root.asn1.dump())
    path = tmp_path / "signed.pdf"
    path.write_bytes(case.make(world))
    assert case.verdict == dss_verdict(judges.dss(path, tmp_path / "trust"))
    assert verify_file(path, TrustList((world.authority.root.asn1,))).verdict == case.verdict


def test_the_reference_holds_every_reason_for_a_difference() -> None:
    assert table() in REFERENCE.read_text(encoding="utf-8")
    assert len({one.name for one in REASONS}) == len(REASONS)
