"""`luuky doctor` and the health page ask for a stamp, and say what proofs could rest on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from domain.trust import Purpose
from pipeline.finding import Finding
from pipeline.health import examine
from pipeline.settings import Settings
from signing.settings import SigningSettings
from signing.trusted import TrustDesk
from storage.clock import now
from storage.settings import StorageSettings
from storage.store import Store
from tests.fakes.authority import Authority, Era

BORN = now().replace(microsecond=0) - timedelta(days=30)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with Authority(tmp_path_factory.mktemp("authority"), Era("A", BORN)) as opened:
        yield opened


def _found(store: Store, folder: Path, signing: SigningSettings) -> Finding:
    settings = Settings(StorageSettings(folder), signing=signing)
    return next(one for one in examine(store, settings) if one.part == "time-stamps")


def test_a_service_that_stamps_is_told_with_its_clock_and_the_end_of_its_chain(
    store: Store, tmp_path: Path, authority: Authority
) -> None:
    authority.lies.clear()
    authority.clock = now()
    found = _found(store, tmp_path, SigningSettings(tsa_url=authority.tsa_url, trust=authority.roots))
    assert found.state == "ok"
    assert f"until {BORN.year + 6}" in found.detail
    assert re.search(r"differ by \d\.\d s", found.detail)


def test_a_chain_without_a_trusted_root_is_a_warning(store: Store, tmp_path: Path, authority: Authority) -> None:
    authority.lies.clear()
    authority.clock = now()
    (tmp_path / "trust").mkdir()
    found = _found(store, tmp_path, SigningSettings(tsa_url=authority.tsa_url, trust=tmp_path / "trust"))
    assert (found.state, "no trusted root" in found.detail) == ("warning", True)


def test_a_root_that_vouches_for_no_new_stamp_is_a_warning(store: Store, tmp_path: Path, authority: Authority) -> None:
    authority.lies.clear()
    authority.clock = now()
    (tmp_path / "trust").mkdir()
    signing = SigningSettings(tsa_url=authority.tsa_url, trust=tmp_path / "trust")
    desk = TrustDesk(store, signing)
    root = next(authority.roots.iterdir()).read_bytes()
    (listed,) = desk.add(root, Purpose.BOTH, "nhà cung cấp", "quantri")
    assert _found(store, tmp_path, signing).state == "ok"
    desk.withdraw(listed.face.sha256, "thôi dùng", "quantri")
    assert _found(store, tmp_path, signing).state == "warning"
    desk.remove(listed.face.sha256, "bỏ hẳn", "quantri")
    desk.add(root, Purpose.SIGNERS, "chỉ cho người ký", "quantri")
    assert _found(store, tmp_path, signing).state == "warning"


@pytest.mark.parametrize(
    ("lie", "said"), [("tsa_silence", "does not answer"), ("imprint", "other data"), ("clock", "clock differs")]
)
def test_a_service_that_is_away_or_lies_is_told(store: Store, tmp_path: Path, authority: Authority, lie: str, said: str) -> None:
    authority.clock = now()
    authority.lies = {lie}
    found = _found(store, tmp_path, SigningSettings(tsa_url=authority.tsa_url, trust=authority.roots))
    assert (found.state, said in found.detail) == ("away", True)
