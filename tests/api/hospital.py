"""A small hospital for tests of the doors: accounts, patients and papers put straight into storage, no reading needed."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from PIL import Image

from api.app import create_app
from api.services import Folder, Kind, Seal, Services
from api.settings import ApiSettings
from cli.serve import parts
from domain.documents import Document, Origin, State
from domain.errors import Message
from domain.findings import EpisodeFacts, Facts, Finding, KindFinding, PatientFacts
from domain.pages import Box, Flag, PageImage, PageReading, Word
from domain.patients import Patient, Stay
from domain.people import Person, Role
from domain.signatures import Examined, FileVerdict, RuleVerdict, SignatureVerdict, SigningRule, Verdict
from domain.signers import Sealing
from filing.arrange import PageDesk
from filing.review import PatientReview
from ocr.correct import WordDesk
from pdfa.pikepdf_check import PikepdfCheck
from pipeline import health
from pipeline.block_desk import BlockDesk
from pipeline.court import Court, Examiner
from pipeline.indexer import Indexer
from pipeline.settings import Settings
from pipeline.verifying import Verifier, in_register
from search.hits import locate
from search.settings import SearchSettings
from search.tantivy import TantivyIndex
from signing.admission import ClaimDesk
from signing.copies import CopyDesk
from signing.order_desk import OrderDesk
from signing.ordering import Ordering
from signing.plain_words import in_words
from signing.providers import Providers
from signing.settings import SigningSettings
from signing.trust import TrustList
from signing.trusted import TrustDesk
from signing.wording import sentences
from storage.clock import new_id, now
from storage.settings import StorageSettings
from storage.store import Store
from storage.tables import people
from tests.api.desk_agent import DeskSigner
from tests.generator.forms import Form
from tests.generator.people import Person as Invented
from tests.generator.sheet import Page as Drawn

PASSWORD = "mot-mat-khau-thu"
KINDS = (
    Kind("01/BV1", "Bệnh án nội khoa"), Kind("39/BV-01", "Tờ điều trị"), Kind("33/BV-01", "Phiếu xét nghiệm hóa sinh máu"),
    Kind("01/BV-01", "Giấy ra viện"), Kind("12/BV-01", "Phiếu khám chuyên khoa"),
)  # fmt: skip
ROAD = (State.PAGED, State.READ, State.FILED, State.BOUND, State.AWAITING_SIGNATURE, State.SIGNED, State.PROVEN, State.KEPT)
DOUBT = Message("name_only", "Chỉ có họ tên giống; không có số giấy tờ nào khớp.", "Only the name is alike.")


class Hospital:
    """Everything a web needs, over one store."""

    def __init__(self, store: Store, folder: Path, settings: ApiSettings | None = None) -> None:
        self.store = store
        self.index = TantivyIndex(folder / "index", SearchSettings())
        self.signer = DeskSigner(store)
        self.judges = Judges(folder)
        self.uploads: list[tuple[str, bytes, Origin]] = []
        self.verdict = Verdict.PASSED
        self.faults: tuple[str, ...] = ()
        self._blank = _jpeg(Image.new("RGB", (100, 141), "white"))
        self.services = Services(
            store=store, index=self.index, locate_hits=locate, accept_upload=self._accept, review=PatientReview(store),
            words=WordDesk(store), pages=PageDesk(store), signer=self.signer, examiner=self.judges,
            verify_document=self._verify,
            verdict_sentences=sentences,
            verify_audit=self._check, blocks=BlockDesk(), copies=CopyDesk(store),
            settings=settings or ApiSettings("Bệnh viện Đa khoa An Lạc"),
            health=lambda: parts(store, Settings(StorageSettings(folder))),
            kinds=lambda: KINDS, folders=lambda: (Folder("may-quet-1", "/srv/may-quet-1", "Khoa Nội tổng hợp"),),
            lasting=lambda: health.lasting(store, Settings(StorageSettings(folder))), trust=TrustDesk(store, SigningSettings()),
            claims=ClaimDesk(store), orders=orders_of(store, SigningSettings(), folder, Sealing.NONE),
        )  # fmt: skip
        self.app = create_app(self.services)

    # ---- who

    def person(self, login: str, role: Role, departments: tuple[str, ...] = (), name: str = "") -> Person:
        person = Person(new_id(), login, name or login, role, departments)
        row = {
            "id": person.id, "login": login, "name": person.name, "role": role, "departments": list(departments), "active": True,
            "password": _hashed(), "failures": 0,
        }  # fmt: skip
        with self.store.write() as tx:
            tx.connection.execute(people.insert().values(row))
        return person

    def patient(self, patient_id: str, name: str = "Nguyễn Thị Hương", departments: Iterable[str] = (), **facts: Any) -> Patient:
        stays = [Stay(patient_id, f"V{patient_id}", None, date(2009, 11, 4), date(2009, 11, 12), unit) for unit in departments]
        patient = Patient(patient_id, name, facts.pop("birth_date", date(1962, 5, 14)), sex="Nữ", **facts)
        with self.store.write() as tx:
            tx.patients.upsert([patient])
            tx.patients.add_stays(stays)
            return tx.patients.get(patient_id) or patient

    def admit(self, invented: Sequence[Invented]) -> None:
        """Put invented persons into the index."""
        with self.store.write() as tx:
            tx.patients.upsert(
                Patient(
                    p.id, p.name, p.born, p.born.year, p.sex, p.citizen_id, p.old_citizen_id, p.insurance_id, p.address, p.phone
                )
                for p in invented
            )
            tx.patients.add_stays(
                Stay(p.id, s.admission_number, s.archive_number, s.admitted, s.discharged, s.department_name)
                for p in invented
                for s in p.stays
            )

    # ---- papers

    def paper(self, text: str, patient: Patient | None = None, state: State = State.KEPT, **more: Any) -> Document:
        """A one-page paper that says `text`, as far along the belt as `state`."""
        words = tuple(Word(word, Box(10.0 + 90 * n, 100, 90.0 + 90 * n, 130), 0.98, 1) for n, word in enumerate(text.split()))
        reading = PageReading(1, 1000, 1414, 100.0, words=words, flags=more.pop("flags", ()), engine="test")
        facts = more.pop("facts", Facts(KindFinding("01/BV-01", more.pop("title", "Giấy ra viện"), confidence=0.95)))
        return self._put([(reading, self._blank, self._blank)], facts, patient, state, **more)

    def scanned(
        self, form: Form, pages: Sequence[Drawn], patient_id: str | None, state: State = State.KEPT, **more: Any
    ) -> Document:
        """A drawn form with its true words, as if it had been read without a fault; but for those `misread` (printed: read)."""
        wrong = more.pop("misread", {})
        readings = [_reading(number, page, wrong) for number, page in enumerate(pages, start=1)]
        views = [(_narrowed(page.image, 1200), _narrowed(page.image, 240)) for page in pages]
        with self.store.read() as tx:
            patient = tx.patients.get(patient_id) if patient_id else None
        facts = facts_of(form, readings)
        ready = [(reading, *view) for reading, view in zip(readings, views, strict=True)]
        return self._put(ready, facts, patient, state, name=f"{form.slug}.jpg", **more)

    def chart(self, pages: Sequence[tuple[PageReading, bytes, bytes]], patient: Patient, file: Path) -> Document:
        """A kept chart whose newest bytes are `file`; each page with what was read, its picture and its small picture (JPEG)."""
        facts = Facts(KindFinding("01/BV1", "Bệnh án nội khoa", confidence=0.95))
        document = self._put(pages, facts, patient, State.KEPT)
        name = self.store.objects.put_file(file)
        with self.store.write() as tx:
            return tx.documents.change(document, "custody", "renew", current=name)

    def refused(self, name: str, message: Message) -> Document:
        """A file that could not be taken."""
        with self.store.write() as tx:
            document = tx.documents.add(Origin(name, "may-quet-1"), hashlib.sha256(name.encode()).hexdigest(), 1000)
            return tx.documents.move(document, State.REJECTED, "ingest", reasons=(message,))

    def waiting_to_be_read(self, name: str, pages: int = 1, state: State = State.RECEIVED, batch: str | None = None) -> Document:
        """A document at the beginning of the belt."""
        with self.store.write() as tx:
            original = self.store.objects.put(name.encode())
            document = tx.documents.add(Origin(name, "may-quet-1"), original, 1_234_567, batch_id=batch)
            return tx.documents.move(document, State.PAGED, "belt", pages=pages) if state is State.PAGED else document

    def find_all(self) -> None:
        """Bring the index up to date."""
        indexer = Indexer(self.store, self.index)
        while indexer.tick():
            pass

    def rule(self, code: str = "01/BV-01", capacity: str = "author") -> None:
        with self.store.write() as tx:
            tx.signing.set_rules([*tx.signing.rules(), SigningRule(code, "TacGia", capacity)])

    def close(self) -> None:
        self.judges.close()
        self.index.close()

    # ---- inside

    def _put(
        self, pages: Sequence[tuple[PageReading, bytes, bytes]], facts: Facts, patient: Patient | None, state: State, **more: Any
    ) -> Document:
        objects = self.store.objects
        name = more.get("name", "scan.jpg")
        salt = f"{name} {state} {len(pages)} {now().timestamp()}".encode()
        images = [(reading, objects.put(preview), objects.put(thumbnail)) for reading, preview, thumbnail in pages]
        original = objects.put(salt)
        with self.store.write() as tx:
            document = tx.documents.add(
                Origin(name, more.get("folder", "may-quet-1")), original, 1_234_567, batch_id=more.get("batch")
            )
            for step in _way(state):
                document = self._step(tx, document, step, (images, facts, patient))
        return document

    def _step(self, tx: Any, document: Document, step: State, given: Any) -> Document:
        images, facts, patient = given
        changes: dict[str, Any] = {}
        if step is State.PAGED:
            changes["pages"] = len(images)
            tx.pages.add(document.id, [(_image(reading), preview) for reading, preview, _ in images])
        if step is State.READ:
            for reading, preview, thumbnail in images:
                page = tx.pages.get(document.id, reading.number)
                fingerprint = hashlib.sha256(f"{document.id} {reading.number}".encode()).hexdigest()
                tx.pages.keep(page, fingerprint, reading, (preview, thumbnail))
        if step in (State.FILED, State.NEEDS_REVIEW):
            tx.documents.set_facts(document.id, facts)
        if step is State.FILED and patient:
            changes["patient_id"] = patient.id
            tx.documents.set_departments(document.id, [stay.department for stay in patient.stays if stay.department])
        if step is State.BOUND:
            changes["bound"] = changes["current"] = self.store.objects.put(b"%PDF-1.7 bound " + document.id.encode())
            tx.documents.add_version(document.id, "bound", changes["bound"])
        if step is State.AWAITING_SIGNATURE:
            tx.signing.ask(document.id, [SigningRule(facts.kind.code or "", "TacGia", "author")])
        if step is State.SIGNED:
            changes["current"] = self.store.objects.put(b"%PDF-1.7 signed " + document.id.encode())
            tx.documents.add_version(document.id, "signed", changes["current"])
            for signature in tx.signing.of(document.id):
                tx.signing.set(signature.id, state="signed", signed_at=now())
        reasons = (DOUBT,) if step is State.NEEDS_REVIEW else ()
        moved: Document = tx.documents.move(document, step, "belt", reasons=reasons, **changes)
        return moved

    def _accept(self, path: Path, origin: Origin) -> Document | None:
        self.uploads.append((path.name, path.read_bytes(), origin))
        return None

    def _check(self) -> Seal:
        with self.store.read() as tx:
            return Seal(len(tx.audit.newest(10_000)), 0, self.faults)

    def _verify(self, document: Document) -> FileVerdict:
        rules = (
            RuleVerdict(3, "readable", Verdict.PASSED, "BS. Trần Quốc Bảo"),
            RuleVerdict(7, "later_changes", self.verdict, "LTA_UPDATES"),
        )
        moment = now()
        one = SignatureVerdict("TacGia", "BS. Trần Quốc Bảo", "LTA", self.verdict, moment, moment, in_words(rules))
        return FileVerdict(f"{document.id}.pdf", document.current, self.verdict, (one,), "PDF/A-2U", None)


class Judges:
    """The real judges of files that people bring, once a test needs them (`sit`): each is a process."""

    seats = 1

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "judging"
        self._court: Court | None = None
        self._examiner: Examiner | None = None

    def sit(self, store: Store, trust: TrustList) -> None:
        self._court = Court(self.folder, _verifier, self.seats)
        self._examiner = Examiner(self._court, lambda: trust, partial(in_register, store))
        self.folder = self._court.folder

    def examine(self, path: Path, name: str, sha256: str, tell: Callable[[str], None]) -> Examined:
        assert self._examiner, "no judge sits"
        return self._examiner.examine(path, name, sha256, tell)

    def close(self) -> None:
        if self._court:
            self._court.close()


def _verifier(trust: TrustList) -> Verifier:
    return Verifier(trust, (PikepdfCheck(),))


def orders_of(store: Store, settings: SigningSettings, folder: Path, seal: Sealing) -> OrderDesk:
    """Of a house with the providers of these settings, which seals so."""
    asked = Providers(settings, folder)
    return OrderDesk(Ordering(store, settings, asked, "test:1"), asked, seal)


def _hashed() -> str:
    """The password's hash, made once: hashing is slow on purpose."""
    return PasswordHasher().hash(PASSWORD)


def facts_of(form: Form, readings: Sequence[PageReading]) -> Facts:
    """What a perfect reader would find on a drawn form."""

    def found(field: str, value: str | None = None, confidence: float = 0.96) -> Finding[str] | None:
        printed = form.fields.get(field)
        if printed is None:
            return None
        for page in readings:
            box = _where(page.words, printed)
            if box:
                return Finding(value or printed, confidence, page.number, box, printed)
        return None

    def day(field: str) -> Finding[str] | None:
        printed = form.fields.get(field, "")
        parts = printed.split("/")
        return found(field, "-".join(reversed(parts))) if len(parts) == 3 else None

    kind = KindFinding(form.code, form.title, "test", 0.97, ("title",))
    year = found("nam_sinh")
    patient = PatientFacts(
        birth_year=Finding(int(year.value), year.confidence, year.page, year.box, year.evidence) if year else None,
        name=found("ho_ten", form.fields.get("ho_ten", "").title()), birth_date=day("ngay_sinh"), sex=found("gioi"),
        citizen_id=found("so_cccd", confidence=0.62), insurance_id=found("ma_the_bhyt", confidence=0.82),
        record_number=found("ma_nguoi_benh"),
    )  # fmt: skip
    episode = EpisodeFacts(
        admission_number=found("so_vao_vien"), archive_number=found("so_luu_tru"), admission_date=day("ngay_vao"),
        discharge_date=day("ngay_ra"), diagnosis=found("chan_doan", confidence=0.85), icd10=found("icd10"),
    )  # fmt: skip
    return Facts(kind, patient, episode)


def _where(words: Sequence[Word], printed: str) -> Box | None:
    parts = printed.split()
    texts = [word.text.strip(".,;:") for word in words]
    for start in range(len(texts) - len(parts) + 1):
        if texts[start : start + len(parts)] == [part.strip(".,;:") for part in parts]:
            first, last = words[start].box, words[start + len(parts) - 1].box
            if last.y1 >= first.y0 and last.x1 > first.x0:
                return first.union(last)
    return None


def _reading(number: int, page: Drawn, misread: Mapping[str, str]) -> PageReading:
    width, height = page.image.size
    words, line, last = [], 0, -100.0
    for printed in page.words:
        middle = (printed.box[1] + printed.box[3]) / 2
        if abs(middle - last) > 12:
            line += 1
        last = middle
        read = misread.get(printed.text)
        words.append(Word(read or printed.text, Box(*printed.box), 0.43 if read else 0.95, line))
    flags = (Flag("skewed", 3.1), Flag("dark", 0.4)) if number == 2 else ()
    return PageReading(number, width, height, float(page.dpi), words=tuple(words), flags=flags, engine="test")


def _way(state: State) -> list[State]:
    if state is State.NEEDS_REVIEW:
        return [State.PAGED, State.READ, State.NEEDS_REVIEW]
    if state is State.RECEIVED:
        return []
    return list(ROAD[: ROAD.index(state) + 1])


def _image(reading: PageReading) -> PageImage:
    return PageImage(reading.number, b"", "image/jpeg", reading.width, reading.height, reading.dpi)


def _narrowed(image: Image.Image, width: int) -> bytes:
    return _jpeg(image.resize((width, round(image.height * width / image.width))))


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()
