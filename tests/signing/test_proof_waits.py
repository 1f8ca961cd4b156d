"""Authorities and time-stamp services that are away, late or lie: the proof waits and says for what; the signed file stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from domain.errors import PartAway
from signing.first_half import prepare_revision
from signing.network import Network
from signing.rfc3161 import Rfc3161
from signing.second_half import complete_revision
from signing.timestamps import Terms
from signing.trust import load_trust
from signing.upgrade import prove
from tests.fakes.authority import Authority, Era
from tests.signing.fixtures import Hospital, spec

BORN = datetime(2026, 1, 1, tzinfo=UTC)
POLICY = "1.3.6.1.4.1.13762.3"
NETWORK = Network(5)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with Authority(tmp_path_factory.mktemp("authority"), Era("A", BORN, crl_days=1)) as opened:
        yield opened


@pytest.fixture
def signed(authority: Authority, hospital: Hospital, tmp_path: Path) -> Iterator[Path]:
    """B-T, half an hour before the authority's time."""
    authority.lies.clear()
    path = tmp_path / "signed.pdf"
    half = prepare_revision(hospital.fields(), path, authority.signatory("A"), spec("TacGia"))
    complete_revision(path, half, authority.sign("A", half.attributes), Rfc3161(authority.tsa_url), authority.clock)
    authority.clock += timedelta(minutes=30)
    yield path
    authority.lies.clear()


@pytest.fixture
def proving(authority: Authority, signed: Path, tmp_path: Path) -> Callable[..., Path]:
    def attempt(terms: Terms = Terms()) -> Path:  # noqa: B008
        target = tmp_path / "proven.pdf"
        timestamps = Rfc3161(authority.tsa_url, 5, terms)
        prove(signed, target, load_trust(authority.roots), NETWORK, timestamps, authority.clock)
        return target

    return attempt


@pytest.mark.parametrize(
    ("lie", "code"),
    [
        ("tsa_silence", "tsa_away"),
        ("imprint", "tsa_imprint"),
        ("clock", "tsa_clock"),
        ("silence", "ocsp_away"),
        ("ocsp_unknown", "ocsp_unknown"),
    ],
)
def test_the_proof_waits_and_says_for_what_and_is_made_when_it_is_over(
    authority: Authority, signed: Path, proving: Callable[..., Path], lie: str, code: str
) -> None:
    before = signed.read_bytes()
    authority.lies.add(lie)
    with pytest.raises(PartAway) as told:
        proving()
    assert told.value.message.code == code
    assert told.value.message.vi != told.value.message.en
    assert signed.read_bytes() == before
    authority.lies.clear()
    assert proving().read_bytes().startswith(before)


def test_a_time_stamp_under_another_policy_than_the_one_asked_for_is_not_taken(
    authority: Authority, proving: Callable[..., Path]
) -> None:
    assert proving(Terms(policy=POLICY))
    authority.lies.add("policy")
    with pytest.raises(PartAway, match="tsa_policy"):
        proving(Terms(policy=POLICY))
    assert proving()


def test_where_ocsp_is_silent_a_list_that_is_newer_than_the_signature_will_do(
    authority: Authority, proving: Callable[..., Path]
) -> None:
    authority.lies.add("ocsp_silence")
    with pytest.raises(PartAway, match="evidence_early") as told:
        proving()
    assert told.value.until is not None
    assert authority.clock < told.value.until <= authority.clock + timedelta(days=1)
    authority.clock = told.value.until + timedelta(minutes=1)
    assert proving()


def test_an_answer_that_is_older_than_the_signature_says_nothing_of_it(
    authority: Authority, proving: Callable[..., Path]
) -> None:
    authority.lies.add("stale")
    with pytest.raises(PartAway):
        proving()
    authority.lies.clear()
    assert proving()


def test_a_service_that_stamps_with_another_certificate_than_before_still_gets_its_evidence_into_the_file(
    authority: Authority, proving: Callable[..., Path]
) -> None:
    authority.lies.add("another_certificate")
    with proving().open("rb") as file:
        reader = PdfFileReader(file)
        stamp = reader.embedded_timestamp_signatures[-1]
        assert len(reader.embedded_timestamp_signatures) == 1
        assert stamp.signer_cert.subject.native["common_name"] == "A next_tsa"
        stored = [one.get_object().data for one in reader.root["/DSS"]["/Certs"]]
        assert stamp.signer_cert.dump() in stored
        assert stamp.evaluate_signature_coverage().name == "ENTIRE_FILE"
