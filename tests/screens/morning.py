"""A hospital in the middle of a morning: papers at every station of the belt, invented persons, pages whose words are known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

from cryptography.x509.oid import NameOID

from api.settings import ApiSettings
from domain.documents import Document, State
from domain.errors import Message
from domain.people import Role
from domain.signatures import SigningRule
from domain.signers import Capacity, Office
from domain.trust import Purpose
from signing.admission import paired
from storage.clock import now
from storage.store import Store
from tests.api.hospital import Hospital
from tests.generator import damage, forms, people
from tests.generator.forms import Form
from tests.generator.people import Person
from tests.signing.forge.authority import Authority, pem

DPI = 110
NAME = "Nguyễn Thị Hương"
PNEUMONIA = ("Viêm phổi cộng đồng", "J18.9")
INNER = "Khoa Nội tổng hợp"
STAFF = (
    ("luutru", "Đặng Thị Mai", Role.ARCHIVE, ()),
    ("bacsi", "BS. Trần Quốc Bảo", Role.DOCTOR, (INNER,)),
    ("lamsang", "BS. Võ Ngọc Lan", Role.CLINICIAN, (INNER,)),
    ("quantri", "Lê Quang Huy", Role.ADMINISTRATOR, ()),
    ("kiemtoan", "Phạm Thu Hà", Role.AUDITOR, ()),
)


class Morning:
    """The hospital of the stories and the persons in it."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.rng = Random(20091104)
        self.hospital = Hospital(store, folder, ApiSettings("Bệnh viện Đa khoa An Lạc", demo=True, help_line="Máy lẻ 114."))
        for login, name, role, departments in STAFF:
            self.hospital.person(login, role, departments, name)
        self.huong = self._patient(NAME, date(1958, 5, 14), (date(2009, 11, 4), date(2015, 3, 9), date(2021, 8, 2)))
        self.namesake = self._patient(NAME, date(1983, 2, 27), (date(2016, 6, 20),))
        self.khanh = self._patient("Hoàng Đức Khánh", date(1990, 7, 19), (date(2020, 1, 13),))
        self.binh = self._patient("Trần Văn Bình", date(1957, 3, 2), (date(2012, 2, 6),))
        self.other_binh = self._patient("Trần Văn Bình", date(1957, 11, 20), (date(2012, 9, 3),))
        everybody = [self.huong, self.namesake, self.khanh, self.binh, self.other_binh, *people.invent_many(self.rng, 8)]
        self.hospital.admit(everybody)
        self._papers(self._batch())
        self._regulations()
        self._trust()
        self.hospital.find_all()

    def _regulations(self) -> None:
        with self.hospital.store.write() as tx:
            doctor = tx.people.by_login("bacsi")
            assert doctor
            rules = [SigningRule(code, "TacGia", "author", days=3) for code in ("01/BV1", "39/BV-01")]
            tx.signing.set_rules(
                [*rules, SigningRule("01/BV1", "TruongKhoa", "head", INNER, step=2), SigningRule("", "HuyBo", "head")]
            )
            tx.signers.give(Office(doctor.id, Capacity.HEAD, INNER))
            for paper, days in zip(tx.documents.listed(states=(State.AWAITING_SIGNATURE,)), (-2, 1, 9), strict=False):
                tx.signing.set(tx.signing.of(paper.id)[0].id, due_at=now() + timedelta(days=days))

    def _trust(self) -> None:
        """Two authorities, one of them withdrawn, and a doctor's certificate that waits to be confirmed."""
        trust = self.hospital.services.trust
        authority, old = Authority("Nhà cung cấp chữ ký số Sông Mây"), Authority("Nhà cung cấp cũ")
        trust.add(pem(authority.root, authority.ica), Purpose.BOTH, "Công văn 12/CV-CNTT, đã so vân tay", "quantri")
        trust.add(pem(old.root), Purpose.SIGNERS, "Theo hợp đồng 2019", "quantri")
        trust.withdraw(old.root.asn1.sha256.hex(), "Hết hợp đồng", "quantri")
        certificate = authority.signer("Trần Quốc Bảo", more=[(NameOID.USER_ID, "CCCD:001088012345")]).asn1.dump()
        with self.hospital.store.write() as tx:
            doctor = tx.people.by_login("bacsi")
            assert doctor
            paired(tx, doctor, certificate)

    def _patient(self, name: str, born: date, stays: tuple[date, ...]) -> Person:
        sex = "Nữ" if " Thị " in name else "Nam"
        person = people.invent(self.rng, name, sex, born)
        found = tuple(replace(people.invent_stay(self.rng, day, day), department="K01") for day in stays)
        return replace(person, stays=found)

    def _batch(self) -> str:
        with self.hospital.store.write() as tx:
            batch = tx.batches.current("may-quet-1")
            tx.batches.set(batch.id, prepared=34)
            return batch.id

    def _papers(self, batch: str) -> None:
        first, second, third = self.huong.stays
        make, rng = self._scan, self.rng
        self.discharge = make(forms.giay_ra_vien(self.huong, first, rng, PNEUMONIA), State.KEPT, batch)
        make(forms.benh_an_noi_khoa(self.huong, first, rng, PNEUMONIA), State.KEPT, batch)
        make(forms.to_dieu_tri(self.huong, second, rng), State.PROVEN, batch)
        make(forms.phieu_xet_nghiem(self.huong, third, rng), State.FILED, batch)
        make(forms.giay_ra_vien(self.namesake, self.namesake.stays[0], rng), State.SIGNED, batch)
        self.unsure = make(forms.phieu_kham(self.binh, self.binh.stays[0], rng), State.NEEDS_REVIEW, batch)
        self.likely = make(forms.giay_ra_vien(self.khanh, self.khanh.stays[0], rng), State.NEEDS_REVIEW, batch)
        for maker in (forms.benh_an_noi_khoa, forms.giay_ra_vien, forms.to_dieu_tri, forms.phieu_xet_nghiem, forms.don_thuoc):
            make(maker(self.khanh, self.khanh.stays[0], rng), State.AWAITING_SIGNATURE, batch)
        self.hospital.waiting_to_be_read("2013_benh-an-ngoai-khoa.pdf", 18, State.PAGED, batch)
        self.hospital.waiting_to_be_read("2014_phieu-cham-soc.pdf", 1, State.RECEIVED, batch)
        self.hospital.refused(
            "ket-qua.pdf",
            Message("encrypted", "Tệp có mật khẩu nên không mở được. Bỏ mật khẩu rồi gửi lại.", "The file has a password."),
        )
        self._stopped()

    def _stopped(self) -> None:
        message = Message("page_failed", "Một trang làm máy đọc dừng ba lần.", "A page stopped the reader three times.")
        document = self.hospital.waiting_to_be_read("2011_to-boi-den.jpg", 1, State.PAGED)
        with self.hospital.store.write() as tx:
            tx.documents.give_up(document, message)

    def _scan(self, form: Form, state: State, batch: str) -> Document:
        pages = [damage.skewed(page, self.rng.uniform(-0.8, 0.8)) for page in form.pages(DPI)]
        pages[-1] = damage.stamped(pages[-1], self.rng)
        owner = None if state is State.NEEDS_REVIEW else form.person.id
        return self.hospital.scanned(form, pages, owner, state, batch=batch)
