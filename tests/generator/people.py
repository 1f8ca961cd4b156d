"""Invented persons and their stays, from word lists; and the two CSV files of a hospital's index that name them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý")
MIDDLES = {
    "Nam": ("Văn", "Hữu", "Đức", "Minh", "Quang", "Công", "Bá", "Xuân"),
    "Nữ": ("Thị", "Thị", "Thị", "Ngọc", "Thu", "Kim", "Mỹ", "Thị Thanh"),
}
GIVEN = {
    "Nam": ("Tuấn", "Thuận", "Hùng", "Dũng", "Khánh", "Phúc", "Thắng", "Quý", "Sơn", "Tiến", "Bình", "Đạt", "Nghĩa", "Vượng"),
    "Nữ": ("Hương", "Lan", "Hoa", "Hạnh", "Thủy", "Oanh", "Tuyết", "Mai", "Nga", "Yến", "Phượng", "Thảo", "Loan", "Quỳnh"),
}
PROVINCES = {"Hà Tĩnh": "042", "Nghệ An": "040", "Quảng Trị": "045", "Nam Định": "036", "Long An": "080", "Bình Định": "052"}
COMMUNES = ("xã Tân Lập", "xã Hòa Bình", "thị trấn Sông Mây", "xã An Phú", "xã Đông Thạnh", "thị trấn Cẩm Lý", "xã Mỹ Thuận")
DEPARTMENTS = {"K01": "Khoa Nội tổng hợp", "K02": "Khoa Ngoại tổng hợp", "K03": "Khoa Nhi", "K04": "Khoa Hồi sức cấp cứu"}
GROUPS = ("DN", "HN", "CN", "GD", "HT", "HC")
SCANS_BEGIN = date(2009, 1, 1)
SCANS_END = date(2023, 12, 31)
"""Stays lie between these days unless a caller says otherwise: the years of paper under the older catalogue of forms."""


@dataclass(frozen=True)
class Stay:
    """One treatment episode; `department` is the hospital's code (`K01`)."""

    admission_number: str
    archive_number: str
    admitted: date
    discharged: date
    department: str

    @property
    def department_name(self) -> str:
        return DEPARTMENTS[self.department]


@dataclass(frozen=True)
class Person:
    """Nobody who lives. `id` is the hospital's code; `old_citizen_id` is None for the young."""

    id: str
    name: str
    born: date
    sex: str
    citizen_id: str
    old_citizen_id: str | None
    insurance_id: str
    address: str
    phone: str
    stays: tuple[Stay, ...] = ()


def digits(rng: Random, count: int) -> str:
    """`count` random digits, the first of them not 0."""
    return str(rng.randint(1, 9)) + "".join(str(rng.randint(0, 9)) for _ in range(count - 1))


def random_day(rng: Random, first: date, last: date) -> date:
    """A day between two days, both included."""
    return first + timedelta(days=rng.randint(0, (last - first).days))


def full_name(rng: Random, sex: str) -> str:
    """Family, middle and given name."""
    return f"{rng.choice(FAMILIES)} {rng.choice(MIDDLES[sex])} {rng.choice(GIVEN[sex])}"


def invent_stay(rng: Random, first: date = SCANS_BEGIN, last: date = SCANS_END) -> Stay:
    """A stay of three to fourteen days that begins between the two days."""
    admitted = random_day(rng, first, last)
    year = admitted.year % 100
    return Stay(
        admission_number=f"{year:02d}{digits(rng, 6)}",
        archive_number=f"{year:02d}.{digits(rng, 6)}",
        admitted=admitted,
        discharged=admitted + timedelta(days=rng.randint(3, 14)),
        department=rng.choice(tuple(DEPARTMENTS)),
    )


def invent(rng: Random, name: str | None = None, sex: str | None = None, born: date | None = None, stays: int = 1) -> Person:
    """A person whose numbers agree with birth year, sex and province; what is given is kept."""
    sex = sex or rng.choice(("Nam", "Nữ"))
    born = born or random_day(rng, date(1940, 1, 1), date(2004, 12, 31))
    province, code = rng.choice(tuple(PROVINCES.items()))
    century = (born.year // 100 - 19) * 2 + (sex == "Nữ")
    since = max(SCANS_BEGIN, born)
    return Person(
        id=f"BN{digits(rng, 8)}",
        name=name or full_name(rng, sex),
        born=born,
        sex=sex,
        citizen_id=f"{code}{century}{born.year % 100:02d}{digits(rng, 6)}",
        old_citizen_id=digits(rng, 9) if born.year < 2000 else None,
        insurance_id=f"{rng.choice(GROUPS)}{rng.randint(1, 5)}{code[1:]}{digits(rng, 10)}",
        address=f"Thôn {rng.randint(1, 9)}, {rng.choice(COMMUNES)}, {province}",
        phone=f"09{digits(rng, 8)}",
        stays=tuple(sorted((invent_stay(rng, since) for _ in range(stays)), key=lambda stay: stay.admitted)),
    )


def invent_many(rng: Random, count: int) -> list[Person]:
    """A patient index: persons with one to three stays, no two with the same code."""
    return list({person.id: person for person in (invent(rng, stays=rng.randint(1, 3)) for _ in range(count))}.values())


def vietnamese(day: date) -> str:
    """`07/03/2012`."""
    return day.strftime("%d/%m/%Y")


def write_patients(persons: Iterable[Person], path: Path) -> None:
    """The index of patients, a row a person."""
    head = ["patient_id", "ho_ten", "ngay_sinh", "gioi", "so_cccd", "so_cmnd", "ma_the_bhyt", "dia_chi", "dien_thoai"]
    rows = [
        (p.id, p.name, vietnamese(p.born), p.sex, p.citizen_id, p.old_citizen_id or "", p.insurance_id, p.address, p.phone)
        for p in persons
    ]
    _write(path, head, rows)


def write_stays(persons: Iterable[Person], path: Path) -> None:
    """The index of stays, a row a stay."""
    head = ["patient_id", "so_vao_vien", "so_luu_tru", "ngay_vao", "ngay_ra", "ma_khoa", "khoa"]
    rows = [
        (
            p.id,
            s.admission_number,
            s.archive_number,
            vietnamese(s.admitted),
            vietnamese(s.discharged),
            s.department,
            s.department_name,
        )
        for p in persons
        for s in p.stays
    ]
    _write(path, head, rows)


def _write(path: Path, head: list[str], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)
