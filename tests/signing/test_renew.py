"""Renewing one file: what makes a proof last longer, and what is refused, waited for or told to a person."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from domain.errors import Broken, PartAway
from domain.signatures import Verdict
from signing.archive import write_last
from signing.asked import Recently, chain_of
from signing.evidence import stored_evidence
from signing.first_half import prepare_revision
from signing.network import Network
from signing.reading import Reader
from signing.renew import Renewer
from signing.rfc3161 import Rfc3161
from signing.second_half import complete_revision
from signing.settings import SigningSettings
from signing.tokens import Token
from signing.trust import load_trust
from signing.upgrade import evidence, prove
from signing.verify import verify_file
from tests.fakes.authority import Authority, Era
from tests.signing.fixtures import FIELDS, Hospital, spec

BORN = datetime(2016, 1, 1, tzinfo=UTC)
A, B = Era("A", BORN, stamps=4), Era("B", datetime(2019, 3, 1, tzinfo=UTC), stamps=6)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with Authority(tmp_path_factory.mktemp("authority"), A, B) as opened:
        yield opened


def signed(authority: Authority, source: Path, folder: Path, fields: tuple[str, ...]) -> Path:
    """B-T in each of `fields`, one after the other."""
    for field in fields:
        path = folder / f"{field}.pdf"
        half = prepare_revision(source, path, authority.signatory("A"), spec(field))
        value = authority.sign("A", half.attributes)
        complete_revision(path, half, value, Rfc3161(authority.tsa_url), authority.clock)
        source = path
    return source


@pytest.fixture(scope="module")
def proven(authority: Authority, hospital: Hospital, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """B-LTA of January 2016; the time-stamp certificate ends in December 2019."""
    folder = tmp_path_factory.mktemp("proven")
    authority.clock = BORN + timedelta(days=1)
    path = signed(authority, hospital.fields(), folder, FIELDS[:1])
    prove(path, folder / "proven.pdf", load_trust(authority.roots), Network(5), Rfc3161(authority.tsa_url), authority.clock)
    return folder / "proven.pdf"


def renewing(authority: Authority, **more: Any) -> Renewer:
    settings = SigningSettings(authority.tsa_url, authority.roots, 5, **more)
    return Renewer(settings, lambda: authority.clock, lambda: load_trust(authority.roots))


@pytest.fixture
def renewer(authority: Authority) -> Renewer:
    authority.lies.clear()
    return renewing(authority)


def named(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_renewed_proof_outlives_the_old_stamp_and_is_one_revision_over_the_whole_file(
    authority: Authority, proven: Path, renewer: Renewer, tmp_path: Path
) -> None:
    authority.clock = datetime(2019, 4, 1, tzinfo=UTC)
    ends = renewer.renew(proven, tmp_path / "renewed.pdf", named(proven))
    assert (ends.authority, ends.at.year) == ("B tsa", 2025)
    assert renewer.last(tmp_path / "renewed.pdf") == ends
    assert renewer.last(proven).at.year == 2019
    assert (tmp_path / "renewed.pdf").read_bytes().startswith(proven.read_bytes())
    with (tmp_path / "renewed.pdf").open("rb") as file:
        stamps = PdfFileReader(file).embedded_timestamp_signatures
        assert [one.signed_revision for one in stamps] == [stamps[0].signed_revision, stamps[0].signed_revision + 1]
        assert stamps[-1].evaluate_signature_coverage().name == "ENTIRE_FILE"
    trust = load_trust(authority.roots)
    for moment, before, after in ((2019, "passed", "passed"), (2020, "undetermined", "passed"), (2024, "undetermined", "passed")):
        at = datetime(moment, 6, 1, tzinfo=UTC)
        assert verify_file(proven, trust, moment=at).verdict == before
        assert verify_file(tmp_path / "renewed.pdf", trust, moment=at).verdict == after


def test_while_the_service_still_stamps_with_the_same_certificate_nothing_is_gained_and_the_work_waits(
    authority: Authority, proven: Path, renewer: Renewer, tmp_path: Path
) -> None:
    authority.clock = datetime(2019, 2, 1, tzinfo=UTC)
    with pytest.raises(PartAway, match="tsa_not_newer") as told:
        renewer.renew(proven, tmp_path / "renewed.pdf", named(proven))
    assert told.value.until == authority.clock + timedelta(days=1)


def test_what_has_ended_cannot_be_renewed_and_a_person_is_told(
    authority: Authority, proven: Path, renewer: Renewer, tmp_path: Path
) -> None:
    authority.clock = datetime(2020, 2, 1, tzinfo=UTC)
    with pytest.raises(Broken, match="renewal_too_late") as told:
        renewer.renew(proven, tmp_path / "renewed.pdf", named(proven))
    assert "31/12/2019" in told.value.message.vi


def test_a_stamp_whose_certificate_was_revoked_is_told_to_a_person(
    hospital: Hospital, renewer: Renewer, proven: Path, tmp_path: Path
) -> None:
    revoked = replace(A, revoked={"tsa": datetime(2018, 6, 1, tzinfo=UTC)})
    with Authority(tmp_path / "authority", revoked, B) as authority:
        path = signed(authority, hospital.fields(), tmp_path, FIELDS[:1])
        timestamps = Rfc3161(authority.tsa_url)
        prove(path, tmp_path / "proven.pdf", load_trust(authority.roots), Network(5), timestamps, authority.clock)
        authority.clock = datetime(2019, 4, 1, tzinfo=UTC)
        with pytest.raises(Broken, match="renewal_too_late") as told:
            renewing(authority).renew(tmp_path / "proven.pdf", tmp_path / "renewed.pdf", named(tmp_path / "proven.pdf"))
    assert "thu hồi" in told.value.message.vi


def test_other_bytes_than_the_register_knows_are_not_renewed(
    authority: Authority, proven: Path, renewer: Renewer, tmp_path: Path
) -> None:
    authority.clock = datetime(2019, 4, 1, tzinfo=UTC)
    known = named(proven)
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(proven.read_bytes() + b"\n% more\n")
    for sha256 in (known, named(changed)):
        with pytest.raises(Broken, match="renewal_altered"):
            renewer.renew(changed, tmp_path / "renewed.pdf", sha256)


def questions(authority: Authority) -> list[str]:
    return [one for one in authority.asked if one != "/tsa"]


def test_a_byte_that_is_written_over_while_the_proof_is_renewed_is_seen(
    authority: Authority, proven: Path, renewer: Renewer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority.clock = datetime(2019, 4, 1, tzinfo=UTC)
    before = proven.read_bytes()
    place = before.index(b"\xff\xda") + 1000  # in a picture, which nobody decodes

    async def clumsy(reader: Reader, *about: Any) -> Token:
        token = await write_last(reader, *about)
        reader.stream.seek(place)
        reader.stream.write(bytes([before[place] ^ 1]))
        return token

    monkeypatch.setattr("signing.renew.write_last", clumsy)
    monkeypatch.setattr("signing.digests._STEP", place + 1)  # that byte was hashed before
    with pytest.raises(Broken, match="renewal_not_proven"):
        renewer.renew(proven, tmp_path / "renewed.pdf", named(proven))


def test_documents_of_one_chain_ask_about_it_once_in_ten_minutes_and_hold_the_same_evidence(
    authority: Authority, proven: Path, renewer: Renewer, tmp_path: Path
) -> None:
    moment, out = datetime(2019, 4, 1, tzinfo=UTC), tmp_path / "renewed.pdf"
    counts, held = [], []
    for minutes in (0, 9, 10, 5):
        authority.asked.clear()
        authority.clock = moment + timedelta(minutes=minutes)
        renewer.renew(proven, out, named(proven))
        counts.append(len(questions(authority)))
        with out.open("rb") as file:
            found = stored_evidence(PdfFileReader(file))
        held.append((len(found.certificates), len(found.ocsps), len(found.crls)))
    assert counts[0] == counts[2] == counts[3] > 0, "neither after ten minutes nor by a clock set back"
    assert counts[1] == 0
    assert len(set(held)) == 1


def test_what_was_said_of_one_certificate_is_not_taken_for_another(
    authority: Authority, hospital: Hospital, proven: Path, renewer: Renewer, tmp_path: Path
) -> None:
    authority.clock = BORN + timedelta(days=1)
    authority.lies.add("another_certificate")
    path, trust = signed(authority, hospital.fields(), tmp_path, FIELDS[:1]), load_trust(authority.roots)
    prove(path, tmp_path / "other.pdf", trust, Network(5), Rfc3161(authority.tsa_url), authority.clock)
    authority.lies.clear()
    authority.clock = datetime(2019, 4, 1, tzinfo=UTC)
    renewer.renew(proven, tmp_path / "renewed.pdf", named(proven))
    authority.asked.clear()
    renewer.renew(tmp_path / "other.pdf", tmp_path / "renewed.pdf", named(tmp_path / "other.pdf"))
    assert questions(authority)


def test_what_was_said_is_not_taken_after_its_end_nor_under_another_list_of_roots(authority: Authority, proven: Path) -> None:
    trust, moment, recently = load_trust(authority.roots), datetime(2019, 4, 1, tzinfo=UTC), Recently()
    authority.clock = moment
    with proven.open("rb") as file:
        stamp = PdfFileReader(file).embedded_timestamp_signatures[-1]
        chain = chain_of(stamp, trust)

        async def ask() -> datetime:
            async with Network(5).context(trust, moment) as context:
                paths = await evidence(stamp, context)
                end: datetime = min(one["tbs_cert_list"]["next_update"].native for one in context.crls)
                recently.remember(chain, context, paths, end - timedelta(minutes=2))
                return end

        end = asyncio.run(ask())
        assert recently.about(chain, end - timedelta(minutes=1))
        assert not recently.about(chain, end)
        for other in (replace(trust, roots=trust.roots[:1]), replace(trust, until={trust.roots[0].sha256.hex(): moment})):
            assert not recently.about(chain_of(stamp, other), end - timedelta(minutes=1))


def test_a_stamp_that_does_not_last_longer_is_not_worth_having(authority: Authority, proven: Path, renewer: Renewer) -> None:
    old = renewer.last(proven)
    moment, soon = datetime(2019, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC)
    weeks = replace(old, at=old.at + timedelta(weeks=8), dates=old.dates + timedelta(weeks=8))
    assert not weeks.longer_than(old, moment, soon)
    assert replace(old, at=old.at + timedelta(weeks=16)).longer_than(old, moment, soon)


def test_an_algorithm_that_ends_makes_a_proof_end_before_its_certificates_do(
    authority: Authority, proven: Path, tmp_path: Path
) -> None:
    renewer = renewing(authority, sunsets=("ecdsa/256=2019-06-30",))
    assert (renewer.last(proven).at, renewer.last(proven).what) == (datetime(2019, 6, 30, tzinfo=UTC), "ecdsa/256")
    authority.clock = datetime(2019, 4, 1, tzinfo=UTC)
    ends = renewer.renew(proven, tmp_path / "renewed.pdf", named(proven))
    assert ends.dates.year == 2025, "nobody offers a better algorithm, but the dates must not run out"
    assert (
        verify_file(tmp_path / "renewed.pdf", load_trust(authority.roots), moment=ends.dates - timedelta(days=1)).verdict
        is Verdict.PASSED
    )
