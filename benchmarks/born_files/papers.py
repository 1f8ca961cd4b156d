"""What the files say: papers of invented persons, as HTML, as rows, and as pictures."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from html import escape
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

from tests.generator import people
from tests.generator.people import Person, vietnamese

_TESTS = (
    ("Hồng cầu", "3.8–5.6", "T/l"),
    ("Bạch cầu", "4.0–10.0", "G/l"),
    ("Tiểu cầu", "150–400", "G/l"),
    ("Glucose", "3.9–6.4", "mmol/l"),
    ("Urê", "2.5–7.5", "mmol/l"),
    ("Creatinin", "62–120", "µmol/l"),
    ("Cholesterol toàn phần", "≤ 5.2", "mmol/l"),
    ("HbA1c", "4.0–6.0", "%"),
)
_ADVICE = "Uống thuốc theo đơn, ăn nhạt, tập thể dục nhẹ; tái khám sau 01 tháng hoặc khi sốt ≥ 38,5 °C, khó thở, đau ngực."


@dataclass(frozen=True)
class Paper:
    """One paper: a short name, its title, the lines of its head, and the rows of its table."""

    name: str
    title: str
    lines: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def text(self) -> str:
        """All of it as plain lines."""
        return "\n".join((self.title, *self.lines, *("    ".join(row) for row in self.rows)))

    @property
    def html(self) -> str:
        """A page of it, with nothing fancy."""
        lines = "".join(f"<p>{escape(line)}</p>" for line in self.lines)
        rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in self.rows)
        return f"<h1>{escape(self.title)}</h1>{lines}<table border='1'>{rows}</table>"


def papers(seed: int) -> list[Paper]:
    """A result of the laboratory, a discharge letter, a prescription, and a book of results."""
    rng = Random(seed)
    return [_laboratory(rng, "lab", 8), _letter(rng), _prescription(rng), _laboratory(rng, "book", 400)]


def _head(person: Person) -> tuple[str, ...]:
    stay = person.stays[0]
    return (
        f"Họ và tên: {person.name}    Ngày sinh: {vietnamese(person.born)}    Giới: {person.sex}",
        f"Địa chỉ: {person.address}    Số thẻ BHYT: {person.insurance_id}",
        f"{stay.department_name}    Số vào viện: {stay.admission_number}    Số lưu trữ: {stay.archive_number}",
    )


def _laboratory(rng: Random, name: str, count: int) -> Paper:
    rows = [("STT", "Xét nghiệm", "Kết quả", "Trị số bình thường", "Đơn vị")]
    for number in range(count):
        test, usual, unit = _TESTS[number % len(_TESTS)]
        rows.append((str(number + 1), test, f"{rng.uniform(1, 20):.2f}", usual, unit))
    return Paper(name, "PHIẾU KẾT QUẢ XÉT NGHIỆM", _head(people.invent(rng)), tuple(rows))


def _letter(rng: Random) -> Paper:
    person = people.invent(rng)
    stay = person.stays[0]
    lines = (
        *_head(person),
        f"Vào viện ngày {vietnamese(stay.admitted)}, ra viện ngày {vietnamese(stay.discharged)}.",
        "Chẩn đoán: Tăng huyết áp nguyên phát (I10); đái tháo đường típ 2 (E11.9).",
        f"Lời dặn: {_ADVICE}",
        "Giám đốc bệnh viện ủy quyền, Trưởng khoa ký tên, đóng dấu.",
    )
    return Paper("letter", "GIẤY RA VIỆN", lines, ())


def _prescription(rng: Random) -> Paper:
    rows = (
        ("1", "Amlodipin 5 mg", "30 viên", "Ngày uống 1 viên, sáng"),
        ("2", "Metformin 850 mg", "60 viên", "Ngày uống 2 viên, sau ăn"),
    )
    return Paper("prescription", "ĐƠN THUỐC", (*_head(people.invent(rng)), f"Lời dặn: {_ADVICE}"), rows)


def seal(mode: str = "RGBA") -> Image.Image:
    """A red seal on nothing."""
    picture = Image.new("RGBA", (240, 240), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((8, 8, 232, 232), outline=(200, 20, 20, 180), width=10)
    pen.ellipse((60, 60, 180, 180), fill=(200, 20, 20, 90))
    return picture if mode == "RGBA" else picture.convert(mode)


def picture_bytes(kind: str = "PNG", mode: str = "RGBA") -> bytes:
    """The seal as a file."""
    out = BytesIO()
    seal(mode).save(out, kind)
    return out.getvalue()


def rich_html(paper: Paper) -> str:
    """A paper with what style sheets can do: a seal with alpha, gradients, opacity, rotation, vectors, links."""
    data = base64.b64encode(picture_bytes()).decode()
    return (
        '<html lang="vi"><head><meta charset="utf-8"><title>'
        f"{escape(paper.title)}</title><style>body{{font-family:'Liberation Serif','Noto Serif',serif}} "
        ".g{background:linear-gradient(90deg,#036,#fff);height:30px} .o{opacity:.5;color:#b00;transform:rotate(-8deg)} "
        "td{border:1px solid #888;padding:2px 6px} h1{color:#036}</style></head><body>"
        f'{paper.html}<div class="g"></div><p class="o">BẢN SAO</p><img src="data:image/png;base64,{data}" width="90">'
        '<svg width="120" height="60"><defs><radialGradient id="r"><stop offset="0" stop-color="#fd0"/><stop offset="1" '
        'stop-color="#c00" stop-opacity=".3"/></radialGradient></defs><ellipse cx="60" cy="30" rx="55" ry="25" fill="url(#r)"/>'
        '</svg><p><a href="https://example.invalid/ket-qua">Tra cứu kết quả</a> · <a href="#x">Mục 1</a></p>'
        '<h2 id="x">Mục 1</h2><p>x² + y₁ ≤ 5 → “đúng” … ½ α β µ</p></body></html>'
    )


def plain_html(paper: Paper) -> str:
    """A whole document with nothing but the paper."""
    return (
        f'<html lang="vi"><head><meta charset="utf-8"><title>{escape(paper.title)}</title></head><body>{paper.html}</body></html>'
    )
