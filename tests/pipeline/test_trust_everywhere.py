"""A change of the trust list counts at once in processes that run already."""

from __future__ import annotations

import pytest

from domain.errors import PartMissing
from domain.signatures import Verdict
from pipeline import wiring, wiring_judges, wiring_trust
from pipeline.settings import Settings
from storage.settings import StorageSettings
from tests.cli.running import luuky
from tests.signing.fixtures import Hospital


def test_what_another_process_adds_and_takes_away_is_seen_by_who_was_there_before(hospital: Hospital, tmp_path) -> None:
    data, settings = tmp_path / "data", Settings(StorageSettings(tmp_path / "data"))
    store = wiring.store(settings)
    verifier, renewer = wiring_judges.verifier(store, settings), wiring_trust.renewer(store, settings)
    desk = wiring_trust.trust_desk(store, settings)
    root = next(hospital.authority.trust.iterdir())
    sha256 = hospital.trust.roots[0].sha256.hex()
    with pytest.raises(PartMissing):  # renewals wait
        renewer.last(hospital.proven())
    assert verifier.file(hospital.proven()).verdict is Verdict.UNDETERMINED
    assert luuky("trust", "add", root, "--reason", "công văn 12", "--yes", data=data).status == 0
    assert verifier.file(hospital.proven()).verdict is Verdict.PASSED
    assert renewer.last(hospital.proven()).at > renewer.now
    assert luuky("trust", "withdraw", sha256, "--reason", "hết hợp đồng", data=data).status == 0
    assert verifier.file(hospital.proven()).verdict is Verdict.PASSED
    assert desk.trust().at(renewer.now).roots == ()
    assert luuky("trust", "remove", sha256, "--reason", "thêm nhầm", "--yes", data=data).status == 0
    assert verifier.file(hospital.proven()).verdict is Verdict.UNDETERMINED
    with pytest.raises(PartMissing, match="Administration → Trust"):
        desk.trust()
