"""A form being filled, and what it is when it is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from tests.generator import phrases
from tests.generator.pen import BODY, Pen
from tests.generator.people import Person, Stay, full_name, vietnamese
from tests.generator.sheet import MARGIN, WIDTH, Page, Sheet, picture


@dataclass(frozen=True)
class Form:
    """A filled paper: what kind it is, the value of each field as printed, and its sheets."""

    slug: str
    title: str
    code: str | None
    person: Person
    stay: Stay
    sheets: tuple[Sheet, ...]
    fields: dict[str, str] = field(default_factory=dict)

    def pages(self, dpi: int = 300, font: str = "Noto Serif") -> list[Page]:
        """The sheets drawn, clean."""
        return [picture(sheet, dpi, font) for sheet in self.sheets]


@dataclass
class Draft:
    """A form being filled: writes through `pen` and remembers the fields."""

    slug: str
    title: str
    code: str | None
    person: Person
    stay: Stay
    rng: Random
    pen: Pen = field(default_factory=Pen)
    fields: dict[str, str] = field(default_factory=dict)

    def done(self) -> Form:
        return Form(self.slug, self.title, self.code, self.person, self.stay, tuple(self.pen.sheets), self.fields)

    def know(self, name: str, value: str) -> str:
        self.fields[name] = value
        return value

    def head(self, right: tuple[str, str]) -> None:
        """The three-part head: hospital at the left, code and number at the right, the title in the middle below."""
        pen, top = self.pen, self.pen.y
        code = f"MS: {self.code}" if self.code else ""
        left = (phrases.AUTHORITY, phrases.HOSPITAL, f"Khoa: {self.stay.department_name.removeprefix('Khoa ')}")
        for x, lines in (
            (MARGIN, left),
            (WIDTH - MARGIN - 165, (code, f"{right[0]}: {right[1]}", f"Mã người bệnh: {self.person.id}")),
        ):
            pen.y = top
            for line in lines:
                pen.put(x, line, BODY - 1)
                pen.down(BODY * 1.35)
        self.know("khoa", self.stay.department_name)
        self.know("ma_nguoi_benh", self.person.id)
        pen.down(BODY)
        pen.centred(self.title.upper(), 17, bold=True)
        pen.down(BODY * 2.2)

    def identity(self) -> None:
        """The five lines that say whose paper it is."""
        person, pen = self.person, self.pen
        pen.fields(("1. Họ và tên (in hoa):", self.know("ho_ten", person.name.upper())), ("Giới tính:", person.sex))
        born = self.know("ngay_sinh", vietnamese(person.born))
        pen.fields(("2. Ngày sinh:", born), ("Tuổi:", str(self.stay.admitted.year - person.born.year)))
        pen.fields(("3. Số CCCD:", self.know("so_cccd", person.citizen_id)), ("Điện thoại:", person.phone))
        pen.fields(("4. Số thẻ BHYT:", self.know("ma_the_bhyt", person.insurance_id)))
        pen.fields(("5. Địa chỉ:", self.know("dia_chi", person.address)))
        self.know("gioi", person.sex)

    def dates(self) -> None:
        """When the person came and left."""
        came, left = vietnamese(self.stay.admitted), vietnamese(self.stay.discharged)
        self.pen.fields(("Vào viện ngày:", self.know("ngay_vao", came)), ("Ra viện ngày:", self.know("ngay_ra", left)))

    def diagnosis(self, label: str, chosen: tuple[str, str] | None = None) -> str:
        """A diagnosis and its ICD-10 code."""
        name, code = chosen or self.rng.choice(phrases.DIAGNOSES)
        self.pen.fields((label, self.know("chan_doan", name)))
        self.pen.fields(("Mã ICD-10:", self.know("icd10", code)))
        return name

    def section(self, title: str, sentences: int) -> None:
        """A heading and a paragraph."""
        self.pen.line(title, bold=True)
        self.pen.line(" ".join(self.rng.sample(phrases.SENTENCES, sentences)))

    def signed(self, role: str, day: date) -> None:
        """Place, date, role and the signer's name, at the right of the foot."""
        pen, middle = self.pen, WIDTH - MARGIN - 120
        if pen.y > 700:
            pen.down(200)
        pen.down(6)
        words = f"{phrases.PLACE}, ngày {day.day:02d} tháng {day.month:02d} năm {day.year}"
        pen.centred(words, middle=middle)
        pen.down()
        pen.centred(role.upper(), bold=True, middle=middle)
        pen.down(52)
        pen.centred(self.know("nguoi_ky", full_name(self.rng, self.rng.choice(("Nam", "Nữ")))), middle=middle)
        pen.down()
