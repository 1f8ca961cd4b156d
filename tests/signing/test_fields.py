from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from domain.errors import Unreadable
from pdfa.bind import bind
from pdfa.choices import MarkPlace
from pdfa.record import Conversion
from pdfa.settings import PdfaSettings
from signing.fields import places, prepare_fields
from signing.page import Rect, SeenPage
from signing.printed import Area, printed_areas
from tests import judges
from tests.generator.sheet import Page
from tests.pdfa import sheets
from tests.signing.fixtures import FIELDS, Hospital

A4: Rect = (0, 0, 595, 842)


def apart(one: Rect, other: Rect) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


@given(
    count=st.integers(1, 4),
    wide=st.floats(200, 2000),
    high=st.floats(200, 2000),
    words=st.lists(st.tuples(st.floats(0, 0.9), st.floats(0, 0.9)), max_size=60),
)
def test_the_boxes_lie_side_by_side_inside_the_page(
    count: int, wide: float, high: float, words: list[tuple[float, float]]
) -> None:
    printed = [Area(x, y, x + 0.1, y + 0.02) for x, y in words]
    boxes = places((0, 0, wide, high), count, printed)
    assert len(boxes) == count
    assert all(apart(one, other) for one, other in combinations(boxes, 2))
    assert all(0 <= x0 < x1 <= wide and 0 <= y0 < y1 <= high for x0, y0, x1, y1 in boxes)


def test_an_empty_foot_is_taken_first() -> None:
    assert places(A4, 3, [Area(0.1, 0.1, 0.9, 0.8)])[0][1] == places(A4, 3)[0][1]


def test_words_at_the_foot_send_the_boxes_to_the_nearest_free_band() -> None:
    footer = Area(0.05, 0.93, 0.95, 0.99)
    boxes = places(A4, 3, [footer, Area(0.1, 0.1, 0.9, 0.5)])
    assert all(bottom >= 842 * 0.07 and top < 842 * 0.5 for _, bottom, _, top in boxes)


def test_on_a_page_full_of_words_the_emptiest_band_is_taken() -> None:
    lines = [Area(0.02, n / 50, 0.98, n / 50 + 0.015) for n in range(50) if not 20 <= n < 22]
    boxes = places(A4, 2, lines)
    assert 842 * 0.55 < boxes[0][3] < 842 * 0.62


def test_fields_are_added_once_and_what_was_there_stays(hospital: Hospital, tmp_path: Path) -> None:
    again = tmp_path / "again.pdf"
    prepare_fields(hospital.fields(), again, FIELDS)
    assert again.read_bytes() == hospital.fields().read_bytes()
    more = tmp_path / "more.pdf"
    prepare_fields(hospital.fields(), more, (*FIELDS, "HuyBo"))
    with pikepdf.open(more) as pdf:
        assert [str(field.T) for field in pdf.Root.AcroForm.Fields] == [*FIELDS, "HuyBo"]


def test_what_is_no_pdf_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.pdf").write_bytes(b"no PDF at all")
    with pytest.raises(Unreadable):
        prepare_fields(tmp_path / "no.pdf", tmp_path / "out.pdf", FIELDS)


def test_only_what_a_reader_sees_of_the_page_is_used(hospital: Hospital, tmp_path: Path) -> None:
    with pikepdf.open(hospital.bound()) as pdf:
        pdf.pages[-1].CropBox = [100, 200, 500, 700]
        pdf.save(tmp_path / "cropped.pdf")
    prepare_fields(tmp_path / "cropped.pdf", tmp_path / "out.pdf", FIELDS)
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        boxes = [[float(side) for side in field.Rect] for field in pdf.Root.AcroForm.Fields]
    assert all(x0 >= 100 and y0 >= 200 and x1 <= 500 and y1 <= 700 for x0, y0, x1, y1 in boxes)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_on_a_turned_page_the_block_stands_upright_at_the_foot_of_what_is_seen(
    hospital: Hospital, tmp_path: Path, rotation: int
) -> None:
    sheet = sheets.page()
    unmarked = bind([(sheets.coded(sheet.image, "jpeg"), sheets.reading(sheet))], sheets.RECORD, tmp_path / "bound.pdf")
    with pikepdf.open(unmarked.path) as pdf:
        pdf.pages[-1].Rotate = rotation
        pdf.save(tmp_path / "turned.pdf")
    prepare_fields(tmp_path / "turned.pdf", tmp_path / "fields.pdf", FIELDS)
    hospital.prepared(tmp_path / "fields.pdf", tmp_path / "out.pdf", "bs-thao", "ConDau")
    empty, signed = (_shown(tmp_path / name) for name in ("turned.pdf", "out.pdf"))
    box = ImageChops.difference(empty, signed).getbbox()
    assert box is not None
    left, top, right, bottom = (side / length for side, length in zip(box, signed.size * 2, strict=True))
    assert bottom - top < right - left, "wider than high, as text is"
    assert top > 0.85
    upright = _shown(tmp_path / "out.pdf").crop((box[2] - 185, box[3] - 50, box[2], box[3]))
    assert _ink(upright.crop((4, 4, 90, 46))) > 2 * _ink(upright.crop((150, 4, 180, 46))), "lines begin at the left"


def _shown(path: Path) -> Image.Image:
    """The last page as a viewer shows it, with its annotations, 72 dpi."""
    with pypdfium2.PdfDocument(path) as pdf:
        pdf.init_forms()
        picture: Image.Image = pdf[len(pdf) - 1].render(scale=1).to_pil()
        return picture.convert("L")


def _ink(picture: Image.Image) -> int:
    return sum(255 - value for value in picture.tobytes())


@given(
    left=st.floats(-50, 50),
    bottom=st.floats(-90, 50),
    rotation=st.sampled_from([0, 90, 180, 270]),
    corner=st.tuples(st.floats(0, 300), st.floats(0, 300)),
)
def test_the_way_to_the_shown_page_and_back_changes_nothing(
    left: float, bottom: float, rotation: int, corner: tuple[float, float]
) -> None:
    box = (left, bottom, left + 595, bottom + 842)
    page = SeenPage(box, rotation, box)
    own = (left + corner[0], bottom + corner[1], left + corner[0] + 80, bottom + corner[1] + 30)
    assert page.own(page.as_shown(own)) == pytest.approx(own)


@pytest.mark.parametrize("place", [MarkPlace.AUTO, MarkPlace.BAND])
@pytest.mark.parametrize("count", [1, 3])
def test_no_field_covers_the_mark_of_conversion_nor_the_words_of_a_page_that_a_band_made_taller(
    place: MarkPlace, count: int, tmp_path: Path
) -> None:
    sheet = sheets.page()
    record = replace(
        sheets.RECORD, conversion=Conversion("Bệnh viện Đa khoa Sông Mây", "https://kho.vn/kiem-tra/0190aa55bb66cc77dd88")
    )
    settings = PdfaSettings(mark=place)
    bound = bind([(sheets.coded(sheet.image, "jpeg"), sheets.reading(sheet))], record, tmp_path / "bound.pdf", settings)
    prepare_fields(bound.path, tmp_path / "fields.pdf", FIELDS[:count], printed_areas(sheets.reading(sheet)))
    with pikepdf.open(tmp_path / "fields.pdf") as pdf:
        page = pdf.pages[0]
        mark: Rect = tuple(map(float, page.obj.PieceInfo.Luuky.Private.Mark.as_list()))  # type: ignore[assignment]
        bottom = float(page.mediabox[1])
        fields: list[Rect] = [tuple(map(float, field.Rect)) for field in pdf.Root.AcroForm.Fields]  # type: ignore[misc]
    assert (bottom < 0) == (place is MarkPlace.BAND)
    scale = 72 / sheet.dpi
    words = [
        (x0 * scale, (sheet.image.height - y1) * scale, x1 * scale, (sheet.image.height - y0) * scale)
        for x0, y0, x1, y1 in boxes(sheet)
    ]
    assert all(apart(field, thing) for field in fields for thing in (mark, *words))
    assert all(field[1] >= 0 for field in fields)
    assert judges.verapdf(tmp_path / "fields.pdf")["compliant"]


def boxes(sheet: Page) -> list[Rect]:
    return [word.box for word in sheet.words]
