"""One demo authority for the whole run, with its services as a child process, and charts signed with its tokens."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pdfa.bind import bind
from pdfa.choices import MarkPlace
from pdfa.record import Conversion
from pdfa.settings import PdfaSettings
from signing.appearance import Block
from signing.certificates import Signatory, may_sign
from signing.demo_authority import DemoAuthority, create, module, start
from signing.demo_config import DemoSigner
from signing.demo_services import DemoServices
from signing.demo_services import start as start_services
from signing.fields import prepare_fields
from signing.first_half import SignatureSpec, prepare_revision
from signing.network import Network
from signing.pkcs11 import Pkcs11Key
from signing.prepared import PreparedSignature
from signing.printed import printed_areas
from signing.rfc3161 import Rfc3161
from signing.second_half import complete_revision
from signing.timestamps import Timestamps
from signing.trust import TrustList, load_trust
from signing.upgrade import prove
from tests.pdfa import sheets

SIGNERS = (
    DemoSigner("bs-thao", "BS. Nguyễn Thị Phương Thảo"),
    DemoSigner("bs-dung", "TS.BS. Trần Đình Dũng", "ec"),
    DemoSigner("thu-hoi", "BS. Lê Văn Thu Hồi", state="revoked"),
    DemoSigner("het-han", "BS. Phạm Văn Hạn", state="expired"),
    DemoSigner("con-dau", "Bệnh viện Đa khoa Sông Mây"),
)
FIELDS = ("TacGia", "TruongKhoa", "ConDau")
MARKED = replace(
    sheets.RECORD, conversion=Conversion("Bệnh viện Đa khoa Sông Mây", "https://kho.vn/kiem-tra/0190aa55bb66cc77dd88")
)
"""A chart that was paper: its page is taller than the paper by the band of its mark, and begins below zero."""
NETWORK = Network(10)


class Hospital:
    """A demo authority and what can be signed with it. Files made once are kept for the whole run."""

    def __init__(self, authority: DemoAuthority, folder: Path) -> None:
        self.authority = authority
        self.folder = folder
        self.trust: TrustList = load_trust(authority.trust)
        self.timestamps: Timestamps = Rfc3161(authority.tsa_url, 10)

    def key(self, label: str) -> Pkcs11Key:
        return Pkcs11Key(module(), label, self.authority.token(label).pin)

    def signatory(self, label: str) -> Signatory:
        return may_sign(self.authority.token(label).certificate, self.trust, NETWORK)

    def bound(self) -> Path:
        path = self.folder / "bound.pdf"
        if not path.exists():
            page = sheets.page()
            bind([(sheets.coded(page.image, "jpeg"), sheets.reading(page))], MARKED, path, PdfaSettings(mark=MarkPlace.BAND))
        return path

    def fields(self) -> Path:
        path = self.folder / "fields.pdf"
        if not path.exists():
            prepare_fields(self.bound(), path, FIELDS, printed_areas(sheets.reading(sheets.page())))
        return path

    def prepared(self, source: Path, target: Path, label: str, field: str) -> PreparedSignature:
        signatory = self.signatory(label)
        return prepare_revision(source, target, signatory, spec(field, signatory.name))

    def sign(self, source: Path, target: Path, label: str, field: str) -> Path:
        half = self.prepared(source, target, label, field)
        with self.key(label) as key:
            complete_revision(target, half, key.sign(half.attributes), self.timestamps)
        return target

    def signed(self, signers: int = 1) -> Path:
        """B-T, by one to three signers."""
        path = self.folder / f"signed-{signers}.pdf"
        if not path.exists():
            source = self.fields() if signers == 1 else self.signed(signers - 1)
            self.sign(source, path, ("bs-thao", "bs-dung", "bs-thao")[signers - 1], FIELDS[signers - 1])
        return path

    def proven(self, signers: int = 1) -> Path:
        """B-LTA."""
        path = self.folder / f"proven-{signers}.pdf"
        if not path.exists():
            prove(self.signed(signers), path, self.trust, NETWORK, self.timestamps)
        return path


def spec(field: str, name: str = "BS. Nguyễn Thị Phương Thảo") -> SignatureSpec:
    return SignatureSpec(field, Block(name, "Người lập hồ sơ", datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)))


@pytest.fixture(scope="session")
def hospital(signing_hospital: Hospital) -> Hospital:
    """The same under a shorter name, where no other hospital is about."""
    return signing_hospital


@pytest.fixture(scope="session")
def signing_hospital(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hospital]:
    """The authority answers as long as the run lasts; its tokens are the ones this process sees."""
    folder = tmp_path_factory.mktemp("authority")
    authority = create(folder, SIGNERS, production=False)
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(authority.softhsm_conf)  # a PKCS#11 module reads it once in a process
    services = start(authority)
    try:
        yield Hospital(authority, tmp_path_factory.mktemp("charts"))
    finally:
        services.terminate()
        services.wait()
        if before is None:
            del os.environ["SOFTHSM2_CONF"]
        else:
            os.environ["SOFTHSM2_CONF"] = before


@pytest.fixture(scope="session")
def running_services(hospital: Hospital) -> Iterator[DemoServices]:
    started = start_services(hospital.authority)
    yield started
    started.stop()


@pytest.fixture
def services(running_services: DemoServices) -> DemoServices:
    """The demo's signing services, as they are by themselves."""
    running_services.rule()
    return running_services
