"""A hospital of real processes in which many one-page papers wait for signatures: bound for real, drawn instead of read."""

from __future__ import annotations

import base64
import hashlib
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from random import Random

from PIL import Image

from domain.documents import Document, Origin, State
from domain.findings import Facts, KindFinding
from domain.pages import Box, PageImage, PageReading, Word
from domain.patients import Patient, Stay
from domain.people import Role
from domain.signatures import SigningRule
from domain.signers import Capacity, Office
from pdfa.bind import bind
from pdfa.record import BindRecord
from signing.demo_authority import DemoAuthority, create, module
from signing.demo_config import DemoSigner
from tests.fakes.hospital import Hospital
from tests.fakes.secret_file import secret_file
from tests.generator import files, forms, people
from tests.generator.sheet import Page, Printed
from tests.journeys.demo import answers
from tests.servers.server import free_port

WARD = "Khoa Nội tổng hợp"
DOCTOR, HEAD = DemoSigner("bs", "BS. Trần Quốc Bảo"), DemoSigner("tk", "TS.BS. Trần Đình Dũng", "ec")
SEAL = DemoSigner("dau", "Bệnh viện Đa khoa An Lạc")
PASSWORD = "mot-mat-khau-thu"
BOTH, ONE, SEALED = "39/BV-01", "12/BV-01", "01/BV-01"
"""Kinds of papers: signed by their author and the head of the department; by the author alone; by both, then sealed."""
KINDS = {
    BOTH: ("Tờ điều trị", forms.to_dieu_tri), ONE: ("Phiếu khám", forms.phieu_kham), SEALED: ("Giấy ra viện", forms.giay_ra_vien),
}  # fmt: skip
PATIENTS = 20
DPI = 150


@dataclass(frozen=True)
class _Sheet:
    """A drawn page: as the scanner would give it, as it would be read, and its two pictures."""

    jpeg: bytes
    reading: PageReading
    views: tuple[bytes, bytes]


class Ward(Hospital):
    """A doctor `bacsi` and the head `truongkhoa` of one department, who both have a token of the authority."""

    def __init__(self, folder: Path, parts: tuple[str, ...], **variables: str) -> None:
        (folder / "authority").mkdir()
        self.authority: DemoAuthority = create(folder / "authority", [DOCTOR, HEAD, SEAL], production=False)
        self.port = free_port()
        pin = secret_file(folder / "seal.pin", self.authority.token(SEAL.label).pin)
        more = {
            "LUUKY_SIGNING_TSA_URL": self.authority.tsa_url, "LUUKY_SIGNING_TRUST": str(self.authority.trust),
            "LUUKY_SIGNING_SEAL_MODULE": str(module()), "LUUKY_SIGNING_SEAL_TOKEN": SEAL.label,
            "LUUKY_SIGNING_SEAL_PIN": str(pin), "SOFTHSM2_CONF": str(self.authority.softhsm_conf),
            "LUUKY_PORT": str(self.port), **variables,
        }  # fmt: skip
        super().__init__(folder / "data", parts, more)
        self._rng = Random(2026)
        with self.store.write() as tx:
            tx.signing.set_rules(
                [
                    SigningRule(BOTH, "TacGia", Capacity.AUTHOR, WARD),
                    SigningRule(BOTH, "TruongKhoa", Capacity.HEAD, WARD, step=2),
                    SigningRule(ONE, "TacGia", Capacity.AUTHOR, WARD),
                    SigningRule(SEALED, "TacGia", Capacity.AUTHOR, WARD),
                    SigningRule(SEALED, "TruongKhoa", Capacity.HEAD, WARD, step=2),
                    SigningRule(SEALED, "ConDau", Capacity.SEAL, WARD, step=3),
                ]
            )
            for login, signer in (("bacsi", DOCTOR), ("truongkhoa", HEAD)):
                person = tx.people.add(login, signer.name, Role.DOCTOR, PASSWORD, (WARD,))
                certificate = base64.b64encode(self.authority.token(signer.label).certificate).decode()
                tx.people.change(person.id, certificate=certificate)
            tx.signers.give(Office(person.id, Capacity.HEAD, WARD))

    @property
    def address(self) -> str:
        """Of the web pages."""
        return f"http://127.0.0.1:{self.port}"

    def answers(self) -> bool:
        """Whether the web is there."""
        return answers(self.address)

    @cached_property
    def patients(self) -> list[Patient]:
        """Who lies in the ward."""
        made = [Patient(p.id, p.name, p.born, sex=p.sex) for p in people.invent_many(self._rng, PATIENTS)]
        with self.store.write() as tx:
            tx.patients.upsert(made)
            tx.patients.add_stays([Stay(one.id, f"V{one.id}", None, None, None, WARD) for one in made])
        return made

    def papers(self, count: int, kind: str = BOTH) -> list[str]:
        """So many papers of a kind, bound and on their way to who signs them; their ids."""
        title, maker = KINDS[kind]
        sheets = [_drawn(self._rng, maker) for _ in range(4)]
        return [self._paper(number, (kind, title), sheets[number % len(sheets)]).id for number in range(count)]

    def _paper(self, number: int, kind: tuple[str, str], sheet: _Sheet) -> Document:
        objects, patient = self.store.objects, self.patients[number % PATIENTS]
        jpeg = files.numbered(sheet.jpeg, number)
        image = PageImage(1, jpeg, "image/jpeg", sheet.reading.width, sheet.reading.height, DPI)
        original, preview, thumbnail = (objects.put(one) for one in (jpeg, *sheet.views))
        title = f"{kind[1]} số {number + 1}"
        with self.store.write() as tx:
            document = tx.documents.add(Origin(f"{number}.jpg", "may-quet-1", department=WARD), original, len(jpeg))
            tx.pages.add(document.id, [(image, original)])
            document = tx.documents.move(document, State.PAGED, "test", pages=1)
            fingerprint = hashlib.sha256(document.id.encode()).hexdigest()
            tx.pages.keep(tx.pages.get(document.id, 1), fingerprint, sheet.reading, (preview, thumbnail))
            tx.documents.set_facts(document.id, Facts(KindFinding(kind[0], title, confidence=0.95)))
            tx.documents.set_departments(document.id, [WARD])
            document = tx.documents.move(tx.documents.get(document.id), State.READ, "test")
            document = tx.documents.move(document, State.FILED, "test", patient_id=patient.id)
            bound = self._bound(document, (image, sheet.reading), original)
            tx.documents.add_version(document.id, "bound", bound)
            return tx.documents.move(document, State.BOUND, "test", bound=bound, current=bound)

    def _bound(self, document: Document, page: tuple[PageImage, PageReading], original: str) -> str:
        path = self.data / "bound.pdf"
        record = BindRecord(document.title or "", document.id, datetime(2026, 1, 1, tzinfo=UTC), (original,), document.kind_code)
        bind([page], record, path)
        return self.store.objects.put_file(path)


def _drawn(rng: Random, maker: forms.Maker) -> _Sheet:
    person = people.invent(rng)
    page = maker(person, person.stays[0], rng).pages(dpi=DPI)[0]
    wide, high = page.image.size
    words = tuple(Word(word.text, Box(*word.box), 0.95, line) for line, word in _lines(page))
    return _Sheet(
        files.jpeg_bytes(page), PageReading(1, wide, high, DPI, words=words, engine="test"),
        (_narrowed(page.image, 1000), _narrowed(page.image, 200)),
    )  # fmt: skip


def _lines(page: Page) -> list[tuple[int, Printed]]:
    numbered, line, last = [], 0, -100.0
    for word in page.words:
        middle = (word.box[1] + word.box[3]) / 2
        line, last = line + (abs(middle - last) > 12), middle
        numbered.append((line, word))
    return numbered


def _narrowed(image: Image.Image, width: int) -> bytes:
    out = io.BytesIO()
    image.resize((width, round(image.height * width / image.width))).convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()
