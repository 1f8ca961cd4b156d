"""Papers whose feet are signed by one to three people, laid out as many forms do it; what is signed where is known.

`paper(rng, person)` gives the sheets with their lines. Captions are those of real forms, some with the name of a department, a
hint in brackets, a date, a printed name below, or a signature in ink; the text above speaks of doctors and heads as well.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

from tests.generator import phrases
from tests.generator.draft import Draft
from tests.generator.pen import BODY, Pen, measure
from tests.generator.people import Person, full_name
from tests.generator.sheet import MARGIN, WIDTH, Rule, Sheet

CAPTIONS = {
    "author": (
        "Bác sĩ điều trị", "Bác sĩ làm bệnh án", "Y, bác sĩ khám bệnh", "Người lập phiếu", "Bác sĩ chỉ định", "Phẫu thuật viên",
        "Người ghi", "Thư ký", "Điều dưỡng", "Người thực hiện", "Bác sỹ khám bệnh", "Người hành nghề khám bệnh, chữa bệnh",
    ),
    "head": (
        "Trưởng khoa", "Trưởng khoa điều trị", "Trưởng khoa Nội tổng hợp", "Trưởng khoa xét nghiệm", "Bác sĩ trưởng khoa",
        "Phụ trách khoa",
    ),
    "director": ("Giám đốc", "Giám đốc bệnh viện", "Thủ trưởng đơn vị", "Đại diện cơ sở khám bệnh, chữa bệnh"),
    "other": ("Người bệnh", "Người nhà người bệnh", "Đại diện gia đình", "Kế toán viện phí", "Người nhận"),
}  # fmt: skip
HINTS = ("(Ký, ghi rõ họ tên)", "(Ký tên, đóng dấu)", "(Ký và ghi rõ họ tên)", "(Ký, họ tên)")
SPOKEN = (
    "Bác sĩ điều trị: ThS. {name}",
    "Trưởng khoa đồng ý với chỉ định phẫu thuật và hướng điều trị nêu trên.",
    "Bác sĩ điều trị đã giải thích cho người bệnh và gia đình về tình trạng bệnh.",
    "Giám đốc bệnh viện đã duyệt sử dụng thuốc theo biên bản hội chẩn số 12.",
)


@dataclass(frozen=True)
class Line:
    """Where somebody signs: points from the top left corner. `room`: points that are empty below the caption and its hint.

    `inked`: it was signed with a pen already.
    """

    capacity: str
    sheet: int
    middle: float
    top: float
    foot: float
    room: float
    inked: bool


@dataclass(frozen=True)
class Paper:
    """Sheets with their signature lines."""

    sheets: tuple[Sheet, ...]
    lines: tuple[Line, ...]


def paper(rng: Random, person: Person) -> Paper:
    """A paper of one or two sheets."""
    title = rng.choice(("Biên bản hội chẩn", "Phiếu điều trị", "Giấy xác nhận"))
    draft = Draft("giay_to", title, None, person, person.stays[0], rng)
    draft.head(("Số vào viện", person.stays[0].admission_number))
    draft.identity()
    for title in rng.sample(("Diễn biến", "Chẩn đoán và xử trí", "Kết luận", "Hướng điều trị"), rng.randint(1, 3)):
        draft.section(title, rng.randint(3, 8))
    for spoken in rng.sample(SPOKEN, rng.randint(0, 2)):
        draft.pen.line(spoken.format(name=full_name(rng, "Nam")))
    lines = _foot(draft.pen, rng)
    if rng.random() < 0.2:
        draft.pen.next_sheet()
        draft.section("Phụ lục", 8)
    return Paper(tuple(draft.pen.sheets), tuple(lines))


def _foot(pen: Pen, rng: Random) -> list[Line]:
    wanted = rng.choice((("author",), ("author",), ("head", "author"), ("director", "author"), ("other", "head", "author"),
                         ("director", "head", "author"), ("other", "author")))  # fmt: skip
    room, capitals, hinted, dated = rng.uniform(34, 76), rng.random() < 0.6, rng.random() < 0.6, rng.random() < 0.85
    if pen.y + room + 90 > 800:
        pen.next_sheet()
    pen.down(10)
    column = (WIDTH - 2 * MARGIN) / len(wanted) if len(wanted) > 1 else 240.0
    start = MARGIN if len(wanted) > 1 else WIDTH - MARGIN - column
    middles = [start + column * (place + 0.5) for place in range(len(wanted))]
    if dated:
        place = f"{phrases.PLACE}, " if rng.random() < 0.4 else ""
        day = "ngày ..... tháng ..... năm 20....."
        if rng.random() < 0.7:
            day = f"ngày {rng.randint(1, 28):02d} tháng 0{rng.randint(1, 9)} năm 2025"
        text = f"{place}{day}" if place else day.capitalize()
        pen.centred(text, BODY - 1, middle=min(middles[-1], WIDTH - MARGIN - measure(text, BODY - 1) / 2))
        pen.down(BODY * 1.4)
    top = pen.y - BODY
    for capacity, middle in zip(wanted, middles, strict=True):
        text = rng.choice(CAPTIONS[capacity])
        pen.centred(text.upper() if capitals else text, BODY - 1, bold=True, middle=middle)
    if hinted:
        pen.down(BODY * 1.3)
        for middle in middles:
            pen.centred(rng.choice(HINTS), BODY - 2, middle=middle)
    foot = pen.y + 3
    lines = []
    for capacity, middle in zip(wanted, middles, strict=True):
        inked = rng.random() < 0.15
        if inked:
            _scribble(pen.sheets[-1], middle, foot + room / 2, rng)
        lines.append(Line(capacity, len(pen.sheets) - 1, middle, top, foot, room, inked))
    pen.down(room + BODY)
    named = rng.random()
    for middle in middles if named < 0.7 else ():
        pen.centred(full_name(rng, "Nữ") if named < 0.4 else "Họ tên: ........................", BODY - 1, middle=middle)
    pen.down()
    return lines


def _scribble(sheet: Sheet, x: float, y: float, rng: Random) -> None:
    """A signature, drawn as a bent line."""
    phase, last = rng.uniform(0, 6), None
    for step in range(60):
        point = x - 40 + step * 1.4, y + 11 * math.sin(phase + step / 3.1) * math.cos(step / 11)
        if last:
            sheet.rules.append(Rule(*last, *point))
        last = point
