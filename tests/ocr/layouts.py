"""Sheets laid out as hospital papers are, each written down in the order in which a person reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from domain.pages import Box, Word
from ocr.engine import Gray
from tests.generator import phrases
from tests.generator.pen import BODY, LEADING, Pen, measure, wrap
from tests.generator.sheet import HEIGHT, MARGIN, WIDTH, Page, Rule, Sheet, picture

LEFT, RIGHT, MIDDLE = MARGIN + 90, WIDTH - MARGIN - 120, WIDTH / 2
AUTHORITY = ("SỞ Y TẾ TỈNH BÌNH AN", "BỆNH VIỆN ĐA KHOA", "HUYỆN SÔNG MÂY", "Số: 214/GXN")
MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Sông Mây, ngày 04 tháng 11 năm 2009")


def stacked(pen: Pen, middle: float, lines: Sequence[str], leading: float = BODY * LEADING, size: float = BODY - 1) -> float:
    """Lines under each other about a middle; back to where it began. Gives the height below them."""
    top = pen.y
    for line in lines:
        if line:
            pen.centred(line, size, middle=middle)
        pen.y += leading
    below, pen.y = pen.y, top
    return below


def motto_head(pen: Pen) -> None:
    """Hospital at the left, motto at the right, neither at the height of the other; the title below."""
    below = stacked(pen, LEFT, AUTHORITY, BODY * 1.3)
    pen.y += 3
    stacked(pen, RIGHT - 10, MOTTO, BODY * 1.6)
    pen.y = below + BODY
    pen.centred("GIẤY XÁC NHẬN", 16, bold=True)
    pen.down(BODY * 2.4)
    pen.line(
        "Bệnh viện đa khoa huyện Sông Mây xác nhận người bệnh dưới đây đã điều trị nội trú tại bệnh viện từ ngày vào đến ngày ra."
    )


def crowded_head(pen: Pen) -> None:
    """Hospital, motto and code with hardly more than a letter between them, the motto on three lines."""
    x = MARGIN + 175
    below = stacked(pen, LEFT - 10, ("SỞ Y TẾ TỈNH BÌNH AN", "BỆNH VIỆN ĐA KHOA", "Khoa: Hồi sức cấp cứu"), BODY * 1.4)
    stacked(pen, x + 110, (MOTTO[0].removesuffix(" NAM"), "NAM", MOTTO[1]), BODY * 1.4)
    x += 110 + measure(MOTTO[0].removesuffix(" NAM"), BODY - 1) / 2 + 8
    top = pen.y
    for text in ("MS: 39/BV-01", "Số lưu trữ:", "09.002174"):
        pen.put(x, text, BODY - 1)
        pen.y += BODY * 1.4
    pen.y = max(below, top) + BODY
    pen.centred("TỜ ĐIỀU TRỊ", 16, bold=True)
    pen.down(BODY * 2.4)
    pen.fields(("Họ tên người bệnh:", "LÊ VĂN AN"), ("Tuổi:", "40"), ("Giới:", "Nam"))


def three_part_head(pen: Pen) -> None:
    """Hospital, title, form code: three columns at the same heights."""
    top = pen.y
    for text in ("Sở Y tế: Bình An", "BV: Sông Mây", "Khoa: Nội"):
        pen.put(MARGIN, text, BODY - 1)
        pen.y += BODY * 1.4
    pen.y = top
    stacked(pen, MIDDLE, ("PHIẾU THEO DÕI", "CHỨC NĂNG SỐNG"), BODY * 1.5, 13)
    for text in ("MS: 10/BV-01", "Số vào viện: 1234", "Mã NB: BN9073"):
        pen.put(WIDTH - MARGIN - 110, text, BODY - 1)
        pen.y += BODY * 1.4
    pen.down(BODY)
    pen.fields(("Họ tên người bệnh:", "LÊ VĂN AN"), ("Tuổi:", "40"), ("Giới:", "Nam"))


def form_rows(pen: Pen) -> None:
    """Two and three fields on a row, up to the next with dots, on lines to write on, and without either."""
    for _ in range(2):
        pen.fields(("Họ và tên:", "LÊ VĂN AN"), ("Giới tính:", "Nam"))
        pen.fields(("Buồng:", "12"), ("Giường:", "4"), ("Nhóm máu:", "O"))
    for pair in (("Dân tộc:", "Kinh"), ("Nghề nghiệp:", "Làm ruộng")), (("Ngày vào:", "04/11/2009"), ("Ngày ra:", "11/11/2009")):
        for place, (label, value) in enumerate(pair):
            pen.put(MARGIN + place * 250, f"{label} {value}")
        pen.down()
    for pair in (("Mạch", "80"), ("Nhiệt độ", "37")), (("Nhịp thở", "18"), ("Cân nặng", "52")):
        for place, (label, value) in enumerate(pair):
            x = MARGIN + place * 250
            pen.put(x, f"{label} {value}")
            pen.sheets[-1].rules.append(Rule(x + 70, pen.y + 2, x + 240, pen.y + 2))
        pen.down()


def signatures(pen: Pen) -> None:
    """Two who sign side by side, the second below place and day; then three."""
    pen.line(
        "Đã giải thích cho người bệnh và gia đình về tình trạng bệnh, hướng điều trị và các nguy cơ có thể xảy ra khi nằm viện."
    )
    pen.down()
    gap = BODY * LEADING
    pen.y += gap
    stacked(pen, LEFT, ("NGƯỜI BỆNH", "(Ký và ghi rõ họ tên)", "", "", "", "Lê Văn An"))
    pen.y -= gap
    below = stacked(pen, RIGHT, (MOTTO[2], "BÁC SĨ ĐIỀU TRỊ", "(Ký, đóng dấu)", "", "", "", "Nguyễn Thị Hương"))
    pen.y = below + 60
    pen.line("Kết luận của hội đồng chuyên môn: tiếp tục điều trị theo phác đồ đang dùng, hội chẩn lại sau ba ngày nếu không đỡ.")
    pen.down()
    for middle, lines in (
        (MARGIN + 70, ("Thư ký", "(Ký tên)", "", "", "Trần Văn Bình")),
        (MIDDLE, ("TRƯỞNG KHOA", "(Ký tên)", "", "", "Phạm Thị Mai")),
        (WIDTH - MARGIN - 80, ("Giám đốc", "(Ký tên, đóng dấu)", "", "", "Hoàng Đức Khánh")),
    ):
        stacked(pen, middle, lines)


def prose_columns(pen: Pen) -> None:
    """A heading over the whole width, two columns of running text, a line below them."""
    pen.centred("HƯỚNG DẪN NGƯỜI BỆNH KHI RA VIỆN VÀ CHĂM SÓC TẠI NHÀ SAU PHẪU THUẬT", bold=True)
    pen.down(BODY * 2)
    top, wide = pen.y, (WIDTH - 2 * MARGIN - 24) / 2
    for place, sentences in enumerate((phrases.SENTENCES[:7], phrases.SENTENCES[7:12])):
        pen.y = top + 4 * place
        for row in wrap(" ".join(sentences), wide, BODY - 1):
            pen.put(MARGIN + place * (wide + 24), row, BODY - 1)
            pen.y += BODY * 1.35
    pen.y = top + BODY * 1.35 * 16
    pen.line(
        "Khi sốt cao, đau tăng hoặc chảy máu, người bệnh trở lại bệnh viện ngay, không chờ đến ngày hẹn khám lại ghi trong giấy."
    )


def unruled_table(pen: Pen) -> None:
    """Results in columns without any rule: row by row."""
    pen.line("KẾT QUẢ XÉT NGHIỆM", bold=True)
    for row in (
        ("Tên xét nghiệm", "Kết quả", "Bình thường", "Đơn vị"),
        *((name, "5,1", f"{a} - {b}", unit) for name, a, b, unit in phrases.TESTS),
    ):
        for place, text in enumerate(row):
            pen.put(MARGIN + (0, 190, 290, 410)[place], text)
        pen.down()


def repeated_table(pen: Pen) -> None:
    """A sheet that begins with a table without rules, its headings in capitals: no head of a page."""
    for row in (
        ("TÊN THUỐC", "SỐ LƯỢNG", "CÁCH DÙNG"),
        *((drug, "10 viên", dose) for drug, dose in zip(phrases.DRUGS[:4], DOSES, strict=True)),
    ):
        for place, text in enumerate(row):
            pen.put(MARGIN + (0, 190, 300)[place], text)
        pen.down()
    pen.down()
    pen.centred("TỔNG KẾT", bold=True)
    pen.down()


DOSES = ("uống sáng", "uống trưa", "uống tối", "khi đau")


def framed_corner(pen: Pen) -> None:
    """A frame with the numbers of the stay beside the hospital's name; code and page number in the corners."""
    pen.put(WIDTH - MARGIN - 60, "MS: 01/BV2", BODY - 2)
    pen.down(BODY * 1.6)
    top = pen.y
    for text in ("BỆNH VIỆN ĐA KHOA", "KHOA HỒI SỨC", "Điện thoại: 0299 123 456"):
        pen.put(MARGIN, text, BODY - 1)
        pen.y += BODY * 1.4
    pen.y, x = top, WIDTH - MARGIN - 160
    for text in ("Số lưu trữ: 09.1234", "Mã y tế: 5121/09/001", "Mã NB: BN90730215"):
        pen.put(x + 6, text, BODY - 1)
        pen.y += BODY * 1.4
    rules, (y0, y1) = pen.sheets[-1].rules, (top - BODY - 2, pen.y - 6)
    rules += [Rule(x, y0, x + 160, y0), Rule(x, y1, x + 160, y1), Rule(x, y0, x, y1), Rule(x + 160, y0, x + 160, y1)]
    pen.down(BODY * 2)
    pen.line(
        "Người bệnh vào viện lúc mười giờ sáng trong tình trạng tỉnh, tiếp xúc tốt, mạch và huyết áp ổn định, không khó thở."
    )
    pen.y = HEIGHT - MARGIN
    pen.put(WIDTH - MARGIN - 50, "Trang 1/2", BODY - 2)


def box(pen: Pen, x: float, size: float, mark: str = "") -> None:
    """A check box on the present line: empty, crossed (`x`) or ticked (`v`)."""
    rules, y = pen.sheets[-1].rules, pen.y - 9
    rules += [
        Rule(x, y, x + size, y),
        Rule(x, y + size, x + size, y + size),
        Rule(x, y, x, y + size),
        Rule(x + size, y, x + size, y + size),
    ]
    if mark == "x":
        rules += [Rule(x + 2, y + 2, x + size - 2, y + size - 2), Rule(x + 2, y + size - 2, x + size - 2, y + 2)]
    if mark == "v":
        rules += [Rule(x + 2, y + 5, x + 4, y + 8), Rule(x + 4, y + 8, x + size + 1, y - 2)]


def choices(pen: Pen) -> None:
    """Check boxes behind and before what they stand for, a strip of boxes with a number, and what only looks like a box."""
    for size in (9.0, 10.0, 12.0):
        for x, text, mark in ((MARGIN, "1. Nam", "x"), (MARGIN + 90, "2. Nữ", ""), (MARGIN + 200, "Cấp cứu", "v")):
            pen.put(x, text)
            box(pen, x + 60, size, mark)
        pen.put(MARGIN + 330, "Đúng tuyến")
        box(pen, MARGIN + 310, size, "x")
        pen.down()
    pen.put(MARGIN, "Số CCCD:")
    for place, digit in enumerate("042158123456  "):
        box(pen, MARGIN + 60 + 14 * place, 14)
        if digit != " ":
            pen.put(MARGIN + 64 + 14 * place, digit)
    pen.down(30)
    pen.fields(("Họ và tên:", "LÊ VĂN AN"), ("Giới tính:", "Nam"))


HEADS = ("Ngày", "Dấu hiệu sinh tồn", "Mạch", "Huyết áp", "Y lệnh và chăm sóc")
DAYS = (
    ("04/11 và 05/11/2009", "82", "120/80 mmHg", "Nằm nghỉ tại giường, theo dõi sát mạch, nhiệt độ, huyết áp ba giờ một lần."),
    ("06/11/2009", "78", "110/70", "Tập đi lại nhẹ nhàng, ăn cháo loãng, uống nhiều nước, thay băng vết mổ hằng ngày."),
)


def merged_table(pen: Pen) -> None:
    """A table with a heading over two columns, headings over two rows, and wrapped cells."""
    rules, top, low = pen.sheets[-1].rules, pen.y - BODY, 22.0
    xs = [MARGIN, MARGIN + 80, MARGIN + 150, MARGIN + 230, WIDTH - MARGIN]
    for x, y, text in (
        (xs[0], low / 2, HEADS[0]), (xs[1], 0, HEADS[1]), (xs[3], low / 2, HEADS[4]),
        (xs[1], low, HEADS[2]), (xs[2], low, HEADS[3]),
    ):  # fmt: skip
        pen.put(x + 4, text, BODY - 2, down=y + 3)
    y = top + 2 * low
    rules += [Rule(xs[0], top, xs[-1], top), Rule(xs[1], top + low, xs[3], top + low), Rule(xs[0], y, xs[-1], y)]
    for day in DAYS:
        cells = [wrap(text, b - a - 8, BODY - 1) for text, (a, b) in zip(day, pairwise(xs), strict=True)]
        for x, lines in zip(xs, cells, strict=False):
            for number, line in enumerate(lines):
                pen.put(x + 4, line, BODY - 1, down=y - pen.y + (number + 1) * BODY * 1.3)
        y += max(map(len, cells)) * BODY * 1.3 + 8
        rules.append(Rule(xs[0], y, xs[-1], y))
    rules += [Rule(x, top + low * (number == 2), x, y) for number, x in enumerate(xs)]
    pen.y = y + 2 * BODY


SHEETS: dict[str, Callable[[Pen], None]] = {
    maker.__name__: maker
    for maker in (
        motto_head, crowded_head, three_part_head, form_rows, signatures, prose_columns, unruled_table, framed_corner,
        merged_table, repeated_table,
    )
}  # fmt: skip


def sheet(*names: str) -> Sheet:
    """One sheet with these things down it."""
    pen = Pen()
    for name in names:
        {**SHEETS, "choices": choices}[name](pen)
        pen.down(2 * BODY)
    return pen.sheets[0]


def drawn(paper: Sheet, dpi: int = 200, font: str = "Noto Serif") -> tuple[Gray, list[Word], Page]:
    """The picture, its words as a faultless reader gives them, and the page."""
    page = picture(paper, dpi, font)
    return np.asarray(page.image.convert("L")), list(_words(paper, page, dpi / 72)), page


def _words(paper: Sheet, page: Page, scale: float) -> Iterator[Word]:
    printed = iter(page.words)
    for run in paper.texts:
        y0, y1 = (run.y - 0.8 * run.size) * scale, (run.y + 0.22 * run.size) * scale
        for text in run.text.split():
            x0, _, x1, _ = next(printed).box
            yield Word(text, Box(x0, y0, x1, y1), 0.9, 0)
