"""The mark of conversion from paper: what it says, where it stands, and that it covers nothing."""

from __future__ import annotations

import subprocess
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageDraw

from domain.pages import Box, PageImage, PageReading, Word, Zone
from pdfa.bind import bind
from pdfa.choices import MarkPages, MarkPlace
from pdfa.mark import WORDS
from pdfa.record import BindRecord, Bound, Conversion
from pdfa.settings import PdfaSettings
from tests import judges
from tests.generator import damage
from tests.pdfa import sheets
from tests.pdfa.sheets import DPI, RECORD, coded, reading

ADDRESS = "https://kho.bvsongmay.vn/kiem-tra/0190aa55bb66cc77dd88"
CONVERTED = replace(RECORD, conversion=Conversion("Bệnh viện Đa khoa Sông Mây", ADDRESS))
SAYS = (
    WORDS,
    "Thời gian chuyển đổi: 04/03/2026 12:06:07 +07:00",
    "Chuyển đổi bởi: Bệnh viện Đa khoa Sông Mây",
    "Kiểm tra: kho.bvsongmay.vn/kiem-tra/0190aa55bb66cc77dd88",
)
MILLIMETRE = 72 / 25.4
Leaf = tuple[PageImage, PageReading]


def marked(leaves: list[Leaf], folder: Path, record: BindRecord = CONVERTED, **settings: object) -> Bound:
    return bind(leaves, record, folder / "out.pdf", PdfaSettings(**settings))  # type: ignore[arg-type]


def letter(skew: float = 0.0) -> Leaf:
    """The discharge letter, whose foot is empty."""
    page = sheets.page(skew)
    return coded(page.image, "jpeg"), reading(page, skew=skew)


def paper(size: tuple[int, int] = (827, 1169), draw: Callable[[ImageDraw.ImageDraw], object] | None = None) -> Leaf:
    """A sheet with something drawn on it, of which nothing was read."""
    picture = Image.new("RGB", size, "white")
    if draw:
        draw(ImageDraw.Draw(picture))
    return coded(picture, "jpeg", quality=92), PageReading(1, *size, float(DPI))


def full() -> Leaf:
    """Lines down to its edge."""
    return paper(draw=_lines)


def _lines(pen: ImageDraw.ImageDraw) -> None:
    for y in range(30, 1169, 12):
        pen.line((40, y, 780, y), fill=(40, 60, 140), width=2)


def _stamps(pen: ImageDraw.ImageDraw) -> None:
    for x in range(10, 800, 100):
        pen.ellipse((x, 1040, x + 110, 1150), outline=(248, 196, 200), width=3)


def shown(path: Path, page: int = 0, dpi: int = DPI, only: list[float] | None = None) -> Image.Image:
    """A page, or what of it lies in `only`."""
    with pypdfium2.PdfDocument(path) as pdf:
        if only:
            pdf[page].set_cropbox(*only)
            pdf[page].set_mediabox(*only)
        picture: Image.Image = pdf[page].render(scale=dpi / 72).to_pil().convert("RGB")
        return picture


def text(path: Path, page: int = 0) -> str:
    with pypdfium2.PdfDocument(path) as pdf:
        return str(pdf[page].get_textpage().get_text_range())


def boxes(path: Path, page: int = 0) -> tuple[list[float], list[float], list[float] | None]:
    """MediaBox, TrimBox, and where the mark stands."""
    with pikepdf.open(path) as pdf:
        found = pdf.pages[page]
        place = found.obj.get("/PieceInfo")
        mark = [float(side) for side in place.Luuky.Private.Mark.as_list()] if place is not None else None
        return [float(side) for side in found.mediabox.as_list()], [float(side) for side in found.trimbox.as_list()], mark


def covered(leaf: Leaf, folder: Path) -> tuple[Image.Image, Image.Image]:
    """The page without a mark where the mark will stand, and what else of the paper changed."""
    plain = shown(bind([leaf], RECORD, folder / "plain.pdf").path)
    out = marked([leaf], folder).path
    media, trim, mark = boxes(out)
    assert mark is not None
    points, top = DPI / 72, media[3] * DPI / 72
    left, upper, right, lower = (
        round(v) for v in (mark[0] * points, top - mark[3] * points, mark[2] * points, top - mark[1] * points)
    )
    rest, under = shown(out, only=trim), plain.crop((left, upper, right, lower))
    for picture in (rest, plain):
        picture.paste("white", (left - 1, upper - 1, right + 1, lower + 1))
    return under, _difference(rest, plain)


def _difference(one: Image.Image, other: Image.Image) -> Image.Image:
    assert one.size == other.size
    first, second = (np.asarray(picture, dtype=np.int16) for picture in (one, other))
    return Image.fromarray(np.abs(first - second).max(axis=2).astype(np.uint8))


def test_it_says_what_the_law_asks_for_in_letters_that_can_be_copied(tmp_path: Path) -> None:
    out = marked([letter()], tmp_path).path
    assert text(out).splitlines()[-4:] == list(SAYS)
    poppler = subprocess.run(["pdftotext", "-layout", str(out), "-"], check=True, capture_output=True, text=True).stdout
    for line in SAYS:
        assert unicodedata.is_normalized("NFC", line)
        assert line in poppler
    verdict = judges.verapdf(out)
    assert (verdict["compliant"], verdict["profile"]) == (True, "PDF/A-2U"), verdict


def test_where_the_foot_is_empty_it_stands_there_and_the_page_keeps_its_size(tmp_path: Path) -> None:
    leaf = letter()
    under, rest = covered(leaf, tmp_path)
    media, trim, mark = boxes(tmp_path / "out.pdf")
    assert media == trim == pytest.approx([0, 0, 594.72, 841.68])
    assert mark is not None
    assert 0 < mark[0] < mark[2] < 594
    assert 0 < mark[1] < mark[3] < 90
    assert np.asarray(under).min() > 225
    assert np.asarray(rest).max() == 0


FULL = {
    "lines down to the edge": full,
    "a word that was read at the foot": lambda: (
        paper()[0],
        replace(paper()[1], words=tuple(Word("x", Box(x, 1080, x + 30, 1100), 1, 1) for x in range(20, 800, 60))),
    ),
    "a picture at the foot": lambda: (paper()[0], replace(paper()[1], zones=(Zone("picture", Box(0, 1000, 827, 1169)),))),
    "a faint stamp across the foot": lambda: paper(draw=_stamps),
    "the black edge that a scanner leaves": lambda: paper(draw=lambda pen: pen.rectangle((0, 1060, 827, 1169), fill="black")),
}


@pytest.mark.parametrize("case", FULL)
def test_where_there_is_no_room_the_page_grows_downwards_by_a_band(case: str, tmp_path: Path) -> None:
    _, rest = covered(FULL[case](), tmp_path)
    media, trim, mark = boxes(tmp_path / "out.pdf")
    assert media[1] < 0
    assert trim[:2] == [0, 0]
    assert media[3] == trim[3]
    assert mark is not None
    assert media[1] <= mark[1] < mark[3] < 0
    assert np.asarray(rest).max() == 0
    assert text(tmp_path / "out.pdf").splitlines()[-4:] == list(SAYS)


def test_a_blank_zone_leaves_room(tmp_path: Path) -> None:
    image, seen = paper()
    marked([(image, replace(seen, zones=(Zone("blank", Box(0, 900, 827, 1169)),)))], tmp_path)
    assert boxes(tmp_path / "out.pdf")[0][1] == 0


SHEETS = {
    "A3 across": (1654, 1169),
    "a card": (335, 213),
    "a slip": (827, 160),
    "a stamp of 8 pixels": (8, 8),
    "a strip of two metres": (300, 8000),
}


@pytest.mark.parametrize("size", SHEETS)
def test_it_is_there_on_paper_of_any_size(size: str, tmp_path: Path) -> None:
    out = marked([paper(SHEETS[size])], tmp_path).path
    said = " ".join(text(out).split())
    assert all(line in said for line in SAYS)
    media, _, mark = boxes(out)
    assert mark is not None
    assert media[0] <= mark[0] < mark[2] <= media[2]
    assert media[1] <= mark[1] < mark[3] <= media[3]
    assert _decoded(shown(out, dpi=150)) == ADDRESS
    assert judges.verapdf(out)["compliant"]


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_it_stands_upright_on_turned_and_leaning_pages(rotation: int, tmp_path: Path) -> None:
    leaning = sheets.page(-1.5)
    leaf = coded(leaning.image.rotate(rotation, expand=True), "jpeg"), reading(leaning, rotation, -1.5)
    under, rest = covered(leaf, tmp_path)
    assert np.asarray(under).min() > 225
    assert np.asarray(rest).max() == 0
    assert _decoded(shown(tmp_path / "out.pdf", dpi=150)) == ADDRESS


@pytest.mark.parametrize("place", [MarkPlace.AUTO, MarkPlace.BAND])
def test_its_qr_code_is_12_mm_wide_has_its_quiet_zone_and_leads_to_the_page(place: MarkPlace, tmp_path: Path) -> None:
    out = marked([letter()], tmp_path, mark=place).path
    dpi = 300
    picture = shown(out, dpi=dpi)
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == ADDRESS
    assert found.ec_level == "M"
    corner, across = found.position.top_left, found.position.top_right.x - found.position.top_left.x
    assert across / dpi * 25.4 >= 11.9
    quiet = 3.5 * across / 33
    around = np.asarray(picture.convert("L"))[round(corner.y - quiet) : round(corner.y + across + quiet)]
    assert around[:, round(corner.x - quiet) : corner.x - 3].min() > 200
    assert around[:, round(corner.x + across + 4) : round(corner.x + across + quiet)].min() > 200


def test_without_an_address_there_is_no_qr_code(tmp_path: Path) -> None:
    record = replace(RECORD, conversion=Conversion("Đặng Thị Mai"))
    out = marked([letter()], tmp_path, record).path
    assert text(out).splitlines()[-3:] == [*SAYS[:2], "Chuyển đổi bởi: Đặng Thị Mai"]
    assert not zxingcpp.read_barcodes(shown(out, dpi=200))


def test_a_file_that_was_not_converted_from_paper_has_none(tmp_path: Path) -> None:
    assert WORDS not in text(marked([letter()], tmp_path, RECORD).path)


def test_a_house_may_do_without(tmp_path: Path) -> None:
    out = marked([letter()], tmp_path, mark=MarkPlace.NONE).path
    assert WORDS not in text(out)
    assert boxes(out)[2] is None


def test_only_the_first_page_carries_it_unless_all_shall(tmp_path: Path) -> None:
    leaves = [letter(), full(), letter()]
    for pages, carriers in ((MarkPages.FIRST, [True, False, False]), (MarkPages.ALL, [True] * 3)):
        out = marked(leaves, tmp_path, mark_pages=pages).path
        assert [WORDS in text(out, page) for page in range(3)] == carriers
    with pikepdf.open(out) as pdf:
        forms = {page.obj.Resources.XObject["/LuukyMark"].objgen for page in pdf.pages}
    assert len(forms) == 1
    assert judges.verapdf(out)["compliant"]


def test_a_house_that_wants_margins_gets_the_first_page_with_room_and_a_band_where_none_has(tmp_path: Path) -> None:
    out = marked([full(), letter(), letter()], tmp_path, mark=MarkPlace.MARGIN).path
    assert [WORDS in text(out, page) for page in range(3)] == [False, True, False]
    assert boxes(out, 1)[0][1] == 0
    out = marked([full(), full()], tmp_path, mark=MarkPlace.MARGIN).path
    assert [boxes(out, page)[0][1] < 0 for page in range(2)] == [True, False]


def test_a_band_is_always_made_where_the_house_wants_one(tmp_path: Path) -> None:
    assert boxes(marked([letter()], tmp_path, mark=MarkPlace.BAND).path)[0][1] < 0


def test_it_costs_less_than_five_kibibytes(tmp_path: Path) -> None:
    plain = bind([letter()], RECORD, tmp_path / "plain.pdf").bytes
    for place in (MarkPlace.AUTO, MarkPlace.BAND):
        assert marked([letter()], tmp_path, mark=place).bytes - plain < 5 << 10


def test_the_same_page_gives_the_same_bytes(tmp_path: Path) -> None:
    first = marked([letter(1.0), full()], tmp_path, mark_pages=MarkPages.ALL).path.read_bytes()
    assert marked([letter(1.0), full()], tmp_path, mark_pages=MarkPages.ALL).path.read_bytes() == first


def test_a_long_name_is_wrapped_and_a_letter_that_cannot_be_drawn_does_no_harm(tmp_path: Path) -> None:
    name = "Trung tâm Lưu trữ và Số hóa hồ sơ bệnh án liên huyện thuộc Sở Y tế tỉnh Bình An 漢 " + "W" * 120
    record = replace(RECORD, conversion=Conversion(name, ADDRESS))
    out = marked([paper((335, 213))], tmp_path, record).path
    media, _, mark = boxes(out)
    assert mark is not None
    assert mark[2] <= media[2]
    assert "".join(text(out).split()).count("W") == 120
    assert judges.verapdf(out)["compliant"]


def test_a_photograph_s_grain_and_shade_are_no_ink(tmp_path: Path) -> None:
    grain = np.random.default_rng(3).normal(0, 6, (1169, 827, 3))
    shade = np.linspace(225, 250, 827)[None, :, None]
    picture = Image.fromarray(np.clip(shade + grain, 0, 255).astype(np.uint8))
    leaf = coded(picture, "jpeg"), PageReading(1, 827, 1169, float(DPI))
    assert boxes(marked([leaf], tmp_path).path)[0][1] == 0


def _deep(picture: Image.Image) -> PageImage:
    return coded(Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 257), "png")


def _contained(picture: Image.Image) -> PageImage:
    data = BytesIO()
    picture.save(data, "PDF", resolution=72)
    return PageImage(1, data.getvalue(), "application/pdf", *picture.size, dpi=float(DPI))


INKED: dict[str, Callable[[Image.Image], PageImage]] = {
    "g4": lambda picture: coded(picture.convert("1"), "g4"),
    "png": lambda picture: coded(picture, "png"),
    "sixteen bits": _deep,
    "jp2": lambda picture: coded(picture, "jp2"),
    "jp2 of one resolution": lambda picture: coded(picture, "jp2", num_resolutions=1),
    "what there are no files of": _contained,
}


@pytest.mark.parametrize("coding", INKED)
def test_ink_is_seen_in_every_coding(coding: str, tmp_path: Path) -> None:
    for leaf, grows in ((letter(), False), (full(), True)):
        image = INKED[coding](Image.open(BytesIO(leaf[0].data)))
        assert (boxes(marked([(image, leaf[1])], tmp_path).path)[0][1] < 0) == grows


@pytest.mark.parametrize("skew", [2.0, 6.0])
def test_on_a_leaning_sheet_it_stands_on_paper_and_not_in_the_empty_corner(skew: float, tmp_path: Path) -> None:
    page = damage.skewed(sheets.page(), skew)
    grey = page.image.point(lambda value: min(value, 235))
    under, rest = covered((coded(grey, "jpeg"), reading(page, skew=skew)), tmp_path)
    assert np.asarray(under).max() < 245
    assert np.asarray(under).min() > 225
    assert np.asarray(rest).max() == 0


def _decoded(picture: Image.Image) -> str:
    found = zxingcpp.read_barcodes(picture)
    return found[0].text if found else ""
