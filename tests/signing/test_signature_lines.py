"""A block stands where the form has its signature line, and never on anything that is there."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pikepdf
import pytest
from PIL import ImageDraw

from domain.pages import PageReading
from domain.signers import Capacity
from pdfa.bind import bind
from pdfa.inked import page_ink
from signing.captions import OTHER, UNKNOWN, captions, chosen
from signing.fields import Wish, make_fields
from signing.page import Rect
from signing.printed import Area, PrintedWord, Sheet, sheet
from tests import judges
from tests.generator import damage, people, signed_feet
from tests.generator.sheet import Page, picture
from tests.pdfa import sheets
from tests.signing.fixtures import Hospital

A4: Rect = (0, 0, 595, 842)
AUTHOR = Wish("TacGia", "Người lập hồ sơ", Capacity.AUTHOR)
WISHES = (
    AUTHOR,
    Wish("TruongKhoa", "Trưởng khoa", Capacity.HEAD),
    Wish("ConDau", "Con dấu bệnh viện", Capacity.SEAL),
)
CALLED = {"TacGia": "author", "TruongKhoa": "head", "ConDau": "director"}


def printed(*lines: tuple[float, float, str]) -> list[PrintedWord]:
    """Words of lines that begin at (x, y) in shares of the page; a double space is a wide gap."""
    found = []
    for number, (left, y, text) in enumerate(lines):
        x = left
        for part in text.split(" "):
            if part:
                found.append(PrintedWord(part, Area(x, y, x + 0.009 * len(part), y + 0.012), number))
            x += 0.009 * len(part) + (0.006 if part else 0.05)
    return found


@pytest.mark.parametrize(
    ("capacity", "caption"),
    [
        ("author", "BÁC SĨ ĐIỀU TRỊ"),
        ("author", "Y, bác sĩ khám bệnh"),
        ("author", "BAC SI ĐIÊU TRI"),
        ("head", "TRƯỞNG KHOA"),
        ("head", "TRƯỞNG KHOA NỘI TỔNG HỢP"),
        ("director", "THỦ TRƯỞNG ĐƠN VỊ"),
        (OTHER, "Người nhà người bệnh"),
        (UNKNOWN, "CHUYÊN VIÊN TÂM LÝ"),
    ],
)
def test_a_caption_below_a_date_says_who_signs(capacity: str, caption: str) -> None:
    found = captions(printed((0.6, 0.7, "Ngày 04 tháng 03 năm 2026"), (0.63, 0.72, caption)), A4)
    assert [one.capacity for one in found] == [capacity]


@pytest.mark.parametrize(
    "text",
    [
        "Bác sĩ điều trị: ThS. Nguyễn Văn Bình",
        "Trưởng khoa đồng ý với hướng điều trị",
        "Bác sĩ điều trị đã giải thích cho gia đình",
        "NHẬN XÉT CHUNG",
    ],
)
def test_a_sentence_or_a_label_with_its_value_is_no_signature_line(text: str) -> None:
    assert captions(printed((0.1, 0.4, text), (0.1, 0.42, "Tình trạng ổn định hơn hôm qua")), A4) == []


def test_captions_side_by_side_are_told_apart_and_the_field_s_own_name_counts() -> None:
    line = "TRƯỞNG KHOA  PHẪU THUẬT VIÊN  NGƯỜI BỆNH"
    found = captions(printed((0.1, 0.7, line), (0.1, 0.72, "(Ký, ghi rõ họ tên)")), A4)
    assert [one.text for one in sorted(found, key=lambda one: one.box[0])] == line.split("  ")
    assert [one.text for one in chosen(found, Capacity.HEAD, "Người bệnh")] == ["NGƯỜI BỆNH"]
    assert [one.text for one in chosen(found, Capacity.HEAD, "Trưởng khoa")] == ["TRƯỞNG KHOA"]
    assert chosen(found, Capacity.DIGITISER, "Người số hóa") == []


def test_the_author_takes_no_other_s_line() -> None:
    found = captions(printed((0.6, 0.7, "Ngày 04 tháng 03 năm 2026"), (0.63, 0.72, "GIÁM ĐỐC BỆNH VIỆN")), A4)
    assert chosen(found, Capacity.AUTHOR, "Người lập hồ sơ") == []
    assert len(chosen(found, Capacity.SEAL, "Con dấu bệnh viện")) == 1


@pytest.mark.parametrize("seed", [401, 402, 403, 404, 405, 406])
@pytest.mark.parametrize("skew", [0.0, 1.3])
def test_blocks_stand_below_their_captions_and_on_nothing(seed: int, skew: float, tmp_path: Path) -> None:
    rng = Random(seed)
    paper = signed_feet.paper(rng, people.invent(rng))
    pages = [_leaning(picture(one, sheets.DPI, "Noto Sans"), skew) for one in paper.sheets]
    blocks, bound = _placed(tmp_path, pages, WISHES, skew)
    for name, (page, box) in blocks.items():
        ink = page_ink(bound, page)
        assert ink is not None
        high = len(ink.rows) * ink.cell
        assert ink.covered(box[0], high - box[3], box[2], high - box[1]) <= 6, f"{name} stands on ink"
        there = [one for one in paper.lines if one.capacity == CALLED[name] and not one.inked]
        for line in there:
            middle = (box[0] + box[2]) / 2 + (box[2] - box[0]) / 2 * (name == "ConDau")
            assert page == line.sheet
            assert abs(middle - line.middle) < 60
            assert line.foot - 12 < high - box[3] < line.foot + 110
    for (one, first), (other, second) in itertools.combinations(blocks.values(), 2):
        assert one != other or first[2] <= second[0] or second[2] <= first[0] or first[3] <= second[1] or second[3] <= first[1]


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_signature_line_is_found_on_a_page_that_a_viewer_turns(rotation: int, tmp_path: Path) -> None:
    rng = Random(401)
    paper = signed_feet.paper(rng, people.invent(rng))
    page = picture(paper.sheets[0], sheets.DPI, "Noto Sans")
    lying = damage.turned(page, -rotation // 90 % 4)
    unread = PageReading(1, *lying.image.size, float(page.dpi))
    bound = bind([(sheets.coded(lying.image, "jpeg"), unread)], sheets.RECORD, tmp_path / "bound.pdf")
    with pikepdf.open(bound.path) as pdf:
        pdf.pages[0].Rotate = rotation
        pdf.save(tmp_path / "turned.pdf")
    make_fields(tmp_path / "turned.pdf", tmp_path / "fields.pdf", [AUTHOR], [sheet(sheets.reading(page))], page_ink)
    with pikepdf.open(tmp_path / "fields.pdf") as pdf:
        x0, y0, x1, y1 = (float(side) for side in pdf.Root.AcroForm.Fields[0].Rect)
        wide, high = (float(side) for side in pdf.pages[0].mediabox[2:])
    shown = {90: (y0, wide - x1), 180: (wide - x1, high - y1), 270: (high - y1, x0)}[rotation]
    line = next(one for one in paper.lines if one.capacity == "author")
    size = (x1 - x0, y1 - y0) if rotation == 180 else (y1 - y0, x1 - x0)
    shown_high = high if rotation == 180 else wide
    assert abs(shown[0] + size[0] / 2 - line.middle) < 60
    assert line.foot - 12 < shown_high - shown[1] - size[1] < line.foot + 110


def test_a_page_without_any_room_grows_at_its_foot(hospital: Hospital, tmp_path: Path) -> None:
    page = sheets.page()
    full = page.image.copy()
    draw = ImageDraw.Draw(full)
    for y in range(0, full.height, 14):
        draw.line([(0, y), (full.width, y)], fill="black", width=2)
    reading = sheets.reading(page)
    bound = bind([(sheets.coded(full, "jpeg"), reading)], sheets.RECORD, tmp_path / "bound.pdf")
    make_fields(bound.path, tmp_path / "fields.pdf", WISHES, [sheet(reading)], page_ink)
    with pikepdf.open(tmp_path / "fields.pdf") as pdf:
        media, paper = (list(map(float, pdf.pages[0].obj[name])) for name in ("/MediaBox", "/TrimBox"))
        boxes = [list(map(float, one.Rect)) for one in pdf.Root.AcroForm.Fields]
    assert media[1] < paper[1] == 0
    assert media[2:] == paper[2:]
    assert all(media[1] < box[1] and box[3] < 0 for box in boxes)
    hospital.sign(tmp_path / "fields.pdf", tmp_path / "signed.pdf", "bs-thao", "TacGia")
    assert judges.verapdf(tmp_path / "signed.pdf")["compliant"]
    make_fields(
        tmp_path / "signed.pdf", tmp_path / "void.pdf", [Wish("HuyBo", "Hủy bỏ", Capacity.HEAD)], [sheet(reading)], page_ink
    )
    with pikepdf.open(tmp_path / "void.pdf") as pdf:
        assert list(map(float, pdf.pages[0].obj.MediaBox)) == media, "once signed, a page stays as it is"


def test_an_unseen_field_has_no_place(hospital: Hospital, tmp_path: Path) -> None:
    make_fields(hospital.bound(), tmp_path / "fields.pdf", [Wish("TacGia", "Người lập", seen=False)], [Sheet(-1, ())], page_ink)
    with pikepdf.open(tmp_path / "fields.pdf") as pdf:
        assert [int(side) for side in pdf.Root.AcroForm.Fields[0].Rect] == [0, 0, 0, 0]
    hospital.sign(tmp_path / "fields.pdf", tmp_path / "signed.pdf", "bs-thao", "TacGia")
    assert judges.verapdf(tmp_path / "signed.pdf")["compliant"]


def _leaning(page: Page, skew: float) -> Page:
    return damage.skewed(page, skew) if skew else page


def _placed(folder: Path, pages: Sequence[Page], wishes: Sequence[Wish], skew: float) -> tuple[dict[str, tuple[int, Rect]], Path]:
    read = [(sheets.coded(page.image, "jpeg"), sheets.reading(page, skew=skew)) for page in pages]
    bound = bind(read, sheets.RECORD, folder / "bound.pdf").path
    looked_at = [sheet(reading, number) for number, (_, reading) in reversed(list(enumerate(read)))]
    make_fields(bound, folder / "fields.pdf", wishes, looked_at, page_ink)
    found = {}
    with pikepdf.open(folder / "fields.pdf") as pdf:
        numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        for one in pdf.Root.AcroForm.Fields:
            x0, y0, x1, y1 = (float(side) for side in one.Rect)
            place: tuple[int, int] = one.P.objgen
            found[str(one.T)] = numbers[place], (x0, y0, x1, y1)
    return found, bound
