from __future__ import annotations

import contextlib
import re
import statistics
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from io import BytesIO
from pathlib import Path
from random import Random

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageCms, ImageOps

from domain.errors import Broken, Refused, Unreadable
from domain.pages import Box, PageImage, PageReading, Word
from ingest.pages import cut
from ingest.settings import IngestSettings
from pdfa.bind import bind
from tests import judges
from tests.ocr import pages
from tests.pdfa import sheets
from tests.pdfa.made_pdf import Piece, page_of
from tests.pdfa.sheets import DPI, RECORD, coded, reading

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
Maker = Callable[[Image.Image], PageImage]
CODINGS: dict[str, Maker] = {
    "JPEG in colour": lambda picture: coded(picture, "jpeg"),
    "JPEG in grey": lambda picture: coded(picture.convert("L"), "jpeg"),
    "progressive JPEG": lambda picture: coded(picture, "jpeg", progressive=True),
    "JPEG with a colour profile": lambda picture: coded(picture, "jpeg", icc_profile=SRGB),
    "CMYK JPEG": lambda picture: coded(picture.convert("CMYK"), "jpeg"),
    "CCITT G4": lambda picture: coded(picture.convert("1"), "g4"),
    "CCITT G4 in many strips": lambda picture: coded(picture.convert("1"), "g4", tiffinfo={278: 100}),
    "PNG in colour": lambda picture: coded(picture, "png"),
    "PNG in grey": lambda picture: coded(picture.convert("L"), "png"),
    "PNG of one bit": lambda picture: coded(picture.convert("1"), "png"),
    "PNG with a palette": lambda picture: coded(picture.quantize(16), "png"),
    "PNG with a colour profile": lambda picture: coded(picture, "png", icc_profile=SRGB),
    "PNG of sixteen bits": lambda picture: coded(
        Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 257), "png"
    ),
    "TIFF of sixteen bits": lambda picture: coded(
        Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 257), "g4", compression="tiff_lzw"
    ),
    "TIFF in colour": lambda picture: coded(picture, "g4", compression="tiff_lzw"),
    "PNG with transparency": lambda picture: coded(picture.convert("RGBA"), "png"),
    "JPEG 2000": lambda picture: coded(picture, "jp2"),
    "JPEG 2000 in grey": lambda picture: coded(picture.convert("L"), "jp2"),
}


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("skew", [-3.0, 0.0, 3.0])
def test_a_turned_and_leaning_scan_stands_upright_and_straight_with_its_words_in_place(
    rotation: int, skew: float, tmp_path: Path
) -> None:
    leaning = sheets.page(skew)
    stored = leaning.image.rotate(rotation, expand=True)
    bound = bind([(coded(stored, "jpeg"), reading(leaning, rotation, skew))], RECORD, tmp_path / "out.pdf")
    verdict = judges.verapdf(bound.path)
    assert verdict["compliant"], verdict
    straight = sheets.page()
    shown = _rendered(bound.path)
    across, down = (shown.width - straight.image.width) / 2, (shown.height - straight.image.height) / 2
    middle = shown.crop((round(across), round(down), round(across) + straight.image.width, round(down) + straight.image.height))
    assert _difference(middle, straight.image) < 6
    expected = [(word.text, tuple(side + (across, down)[i % 2] for i, side in enumerate(word.box))) for word in straight.words]
    found = list(_boxes(bound.path))
    assert [text for text, _ in found] == [text for text, _ in expected]
    pairs = [(box, place) for (_, box), (_, place) in zip(expected, found, strict=True)]
    assert max(abs(box[side] - place[side]) for box, place in pairs for side in (0, 2)) < 1
    assert statistics.mean(_overlap(box, place) for box, place in pairs) > 0.75


@pytest.mark.parametrize("orientation", range(1, 9))
def test_an_exif_orientation_is_obeyed_without_touching_the_pixels(orientation: int, tmp_path: Path) -> None:
    page = sheets.page()
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = coded(page.image, "jpeg", exif=exif.tobytes())
    upright = ImageOps.exif_transpose(Image.open(BytesIO(stored.data)))
    seen = PageReading(1, *upright.size, float(DPI))
    bound = bind([(replace(stored, orientation=orientation), seen)], RECORD, tmp_path / "out.pdf")
    assert _difference(_rendered(bound.path), upright) < 2
    assert _streams(bound.path) == [stored.data]


def test_the_scanners_own_jpeg_goes_in_byte_for_byte(tmp_path: Path) -> None:
    page = sheets.page()
    image = coded(page.image, "jpeg", quality=60)
    bound = bind([(image, reading(page))], RECORD, tmp_path / "out.pdf")
    assert _streams(bound.path) == [image.data]


def test_the_scanners_own_g4_goes_in_byte_for_byte(tmp_path: Path) -> None:
    page = sheets.page()
    image = coded(page.image.convert("1"), "g4")
    bound = bind([(image, reading(page))], RECORD, tmp_path / "out.pdf")
    (strip,) = _streams(bound.path)
    assert strip in image.data
    assert len(strip) > len(image.data) - 500


def test_the_words_can_be_copied_in_reading_order_with_their_tones(tmp_path: Path) -> None:
    page = sheets.page()
    bound = bind([(coded(page.image, "jpeg"), reading(page))], RECORD, tmp_path / "out.pdf")
    copied = _poppler("pdftotext", "-raw", str(bound.path), "-")
    assert copied == unicodedata.normalize("NFC", copied)
    assert copied.split() == [word.text for word in page.words]
    with pypdfium2.PdfDocument(bound.path) as pdf:
        assert pdf[0].get_textpage().get_text_bounded().split() == [word.text for word in page.words]


def test_the_words_of_a_table_are_copied_cell_by_cell(tmp_path: Path) -> None:
    page = pages.clean("to_dieu_tri")
    reading = pages.read(page)
    bound = bind([(pages.scan(page), reading)], RECORD, tmp_path / "out.pdf")
    with pypdfium2.PdfDocument(bound.path) as pdf:
        copied = pdf[0].get_textpage().get_text_bounded().split()
    assert pages.alike(copied, page.text.split()) > 0.9
    assert pages.alike(_poppler("pdftotext", "-raw", str(bound.path), "-").split(), page.text.split()) > 0.9


def test_words_written_with_separate_marks_are_stored_composed_and_odd_letters_survive(tmp_path: Path) -> None:
    image = coded(Image.new("L", (800, 400), "white"), "jpeg")
    texts = [unicodedata.normalize("NFD", "Hường"), "½", "𝒳-quang", "\x00\x07", "", "(a\\b)"]
    words = tuple(Word(text, Box(90 * i + 10, 50, 90 * i + 80, 80), 1.0, 0) for i, text in enumerate(texts))
    bound = bind([(image, PageReading(1, 800, 400, 100.0, words=words))], RECORD, tmp_path / "out.pdf")
    assert judges.verapdf(bound.path)["compliant"]
    assert _poppler("pdftotext", str(bound.path), "-").split() == ["Hường", "½", "𝒳-quang", "(a\\b)"]


def test_twenty_pages_mixed_blank_and_read_are_one_valid_document_with_page_labels(tmp_path: Path) -> None:
    page = sheets.page()
    read, blank = reading(page), PageReading(1, *page.image.size, float(DPI), blank=True)
    makers = list(CODINGS.values())
    pages = [(makers[i % len(makers)](page.image), read if i % 3 else blank) for i in range(20)]
    bound = bind(pages, RECORD, tmp_path / "out.pdf")
    assert bound.pages == 20
    assert judges.verapdf(bound.path)["compliant"]
    with pypdfium2.PdfDocument(bound.path) as pdf:
        assert [pdf.get_page_label(i) for i in (0, 19)] == ["1", "20"]


def test_the_same_pages_give_the_same_bytes(tmp_path: Path) -> None:
    page = sheets.page(1.4)
    pages = [(maker(page.image), reading(page, skew=1.4)) for maker in CODINGS.values()]
    first, second = (bind(pages, RECORD, tmp_path / name) for name in ("a.pdf", "b.pdf"))
    assert first.path.read_bytes() == second.path.read_bytes()
    assert first.sha256 == second.sha256


def test_the_file_says_what_it_is_and_no_date_comes_from_the_clock(tmp_path: Path) -> None:
    page = sheets.page()
    bound = bind([(coded(page.image, "jpeg"), reading(page))], RECORD, tmp_path / "out.pdf")
    with pikepdf.open(bound.path) as pdf:
        assert str(pdf.Root.Lang) == "vi-VN"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.docinfo.Title) == RECORD.title
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            assert metadata["dc:title"] == RECORD.title
            assert metadata["{urn:luuky:record:1#}originalSha256"] == list(RECORD.original_sha256)
            assert metadata["{urn:luuky:record:1#}engines"] == list(RECORD.engines)
            assert metadata["{urn:luuky:record:1#}kindCode"] == "01/BV-01"
            assert metadata["dc:identifier"] == RECORD.document_id
            dates = {metadata[f"xmp:{name}"] for name in ("CreateDate", "ModifyDate", "MetadataDate")}
    assert dates == {"2026-03-04T05:06:07+00:00"}
    assert not re.findall(rb"D:(?!20260304050607)\d{14}", bound.path.read_bytes())


def test_the_paper_has_the_size_that_the_resolution_says(tmp_path: Path) -> None:
    image = replace(coded(Image.new("L", (1654, 2339), "white"), "jpeg"), dpi=200.0)
    bound = bind([(image, PageReading(1, 1654, 2339, 200.0))], RECORD, tmp_path / "out.pdf")
    with pypdfium2.PdfDocument(bound.path) as pdf:
        assert pdf[0].get_size() == pytest.approx((595.44, 842.04), abs=0.01)


@pytest.mark.parametrize(("size", "dpi"), [((8, 8), 600.0), ((20_000, 40), 72.0)])
def test_a_picture_of_unlikely_size_makes_a_page_that_the_standard_allows(
    size: tuple[int, int], dpi: float, tmp_path: Path
) -> None:
    image = replace(coded(Image.new("L", size, "white"), "jpeg"), dpi=dpi)
    bound = bind([(image, PageReading(1, *size, dpi))], RECORD, tmp_path / "out.pdf")
    assert judges.verapdf(bound.path)["compliant"]


def test_a_title_that_no_xml_can_hold_is_cleaned(tmp_path: Path) -> None:
    image = coded(Image.new("L", (80, 80), "white"), "jpeg")
    record = replace(RECORD, title="Hồ sơ <&> \x07\udcff của khoa", engines=("a & b <c>",))
    bound = bind([(image, PageReading(1, 80, 80, 100.0))], record, tmp_path / "out.pdf")
    assert judges.verapdf(bound.path)["compliant"]
    with pikepdf.open(bound.path) as pdf:
        assert str(pdf.docinfo.Title) == "Hồ sơ <&>  của khoa"


def test_the_words_under_a_page_cost_little(tmp_path: Path) -> None:
    page = sheets.page(1.0)
    image, seen = coded(page.image, "jpeg"), reading(page, skew=1.0)
    pages = [(replace(image, data=image.data + bytes([number])), seen) for number in range(20)]
    few, many = (bind(pages[:count], RECORD, tmp_path / f"{count}.pdf").bytes for count in (10, 20))
    assert (many - few) / 10 - len(pages[0][0].data) < 400 + 11 * len(page.words)


def test_nothing_of_a_straightened_scan_is_cut_off(tmp_path: Path) -> None:
    picture = Image.new("L", (800, 1000), "white")
    for corner in ((0, 0), (700, 900)):
        picture.paste(0, (*corner, corner[0] + 100, corner[1] + 100))
    bound = bind([(coded(picture, "png"), PageReading(1, 800, 1000, 100.0, skew_degrees=3.0))], RECORD, tmp_path / "out.pdf")
    ink = np.count_nonzero(np.asarray(_rendered(bound.path).convert("L")) < 128)
    assert ink == pytest.approx(2 * 100 * 100, rel=0.03)


def test_what_the_edge_of_a_scan_hides_stays_hidden_where_its_page_is_straightened(tmp_path: Path) -> None:
    picture = Image.new("L", (800, 1000))
    picture.paste(255, (100, 100, 700, 900))
    entries: dict[str, object] = {"ColorSpace": pikepdf.Name.DeviceGray, "BitsPerComponent": 8, "Filter": pikepdf.Name.DCTDecode}
    piece = Piece(coded(picture, "jpeg").data, picture.size, (-110, -110), entries)
    scan = cut(page_of(tmp_path / "scan.pdf", (580, 780), DPI, [piece]), 1, IngestSettings())
    seen = PageReading(1, scan.width, scan.height, scan.dpi, skew_degrees=3.0)
    bound = bind([(scan, seen)], RECORD, tmp_path / "out.pdf")
    assert _streams(bound.path) == [piece.data]
    assert np.asarray(_rendered(bound.path).convert("L")).min() > 200


def test_a_picture_that_several_pages_have_is_written_once(tmp_path: Path) -> None:
    page = sheets.page()
    one, other = coded(page.image, "jpeg"), coded(page.image, "jpeg", icc_profile=SRGB)
    few, many = (
        bind([(image, reading(page)) for image in [one, other] * count], RECORD, tmp_path / f"{count}.pdf") for count in (1, 9)
    )
    assert many.bytes - few.bytes < len(one.data)
    with pikepdf.open(many.path) as pdf:
        pictures = [next(iter(sheet.images.values())) for sheet in pdf.pages]
        assert len({picture.objgen for picture in pictures}) == 2
        assert [picture.read_raw_bytes() for picture in pictures] == [one.data, other.data] * 9
    assert judges.verapdf(many.path)["compliant"]


def test_pictures_of_the_same_bytes_that_are_not_coded_alike_stay_apart(tmp_path: Path) -> None:
    picture = Image.new("RGB", (60, 40), "red")
    wide = coded(picture, "png")
    pages = [
        (wide, PageReading(1, 60, 40, 100.0)),
        (coded(picture.transpose(Image.Transpose.ROTATE_90), "png"), PageReading(2, 40, 60, 100.0)),
    ]
    bound = bind(pages, RECORD, tmp_path / "out.pdf")
    with pikepdf.open(bound.path) as pdf:
        assert [(int(image.Width), int(image.Height)) for sheet in pdf.pages for image in sheet.images.values()] == [
            (60, 40),
            (40, 60),
        ]


def test_a_long_chart_needs_little_memory(tmp_path: Path) -> None:
    program = """
import resource, sys
from dataclasses import replace
from pathlib import Path
from pdfa.bind import bind
from domain.pages import PageReading
from tests.ocr import pages
from tests.pdfa.sheets import RECORD, coded
from PIL import Image
import numpy as np
grain = Image.fromarray(np.random.default_rng(1).integers(0, 255, (1000, 1000), dtype=np.uint8))
image = coded(grain, "jpeg", quality=95)
pages = ((replace(image, data=image.data + bytes(i)), PageReading(i, 1000, 1000, 100.0)) for i in range(300))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
bound = bind(pages, RECORD, Path(sys.argv[1]))
print(bound.bytes // 1024, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    command = [sys.executable, "-c", program, str(tmp_path / "out.pdf")]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    written, grown = map(int, done.stdout.split())
    assert written > 250 * 1024
    assert grown < 50 * 1024
    assert [item.name for item in tmp_path.iterdir()] == ["out.pdf"]


@pytest.mark.parametrize(
    ("damage", "error"),
    [
        (lambda image: replace(image, data=b"\xff\xd8 no picture"), Unreadable),
        (lambda image: replace(image, data=b""), Unreadable),
        (lambda image: replace(image, data=coded(Image.new("L", (9, 9)), "jpeg").data), Unreadable),
        (lambda image: replace(image, width=image.width + 1), Broken),
    ],
)
def test_what_cannot_be_bound_leaves_no_file(
    damage: Callable[[PageImage], PageImage], error: type[Exception], tmp_path: Path
) -> None:
    page = sheets.page()
    good = coded(page.image, "jpeg")
    with pytest.raises(error):
        bind([(good, reading(page)), (damage(good), reading(page))], RECORD, tmp_path / "out.pdf")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("coding", ["JPEG in colour", "CCITT G4", "PNG with a palette", "JPEG 2000"])
def test_a_picture_damaged_anywhere_is_bound_or_called_unreadable_and_nothing_else(coding: str, tmp_path: Path) -> None:
    rng = Random(coding)
    whole = CODINGS[coding](sheets.page().image.resize((120, 160)))
    seen = PageReading(1, 120, 160, float(DPI))
    for _ in range(60):
        data = bytearray(whole.data)
        for _ in range(rng.randint(1, 4)):
            data[rng.randrange(min(len(data), 300))] = rng.randrange(256)
        del data[rng.randint(20, 2 * len(data)) :]
        with contextlib.suppress(Unreadable):
            bind([(replace(whole, data=bytes(data)), seen)], RECORD, tmp_path / "out.pdf")


def test_no_page_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no_pages"):
        bind([], RECORD, tmp_path / "out.pdf")


def _rendered(path: Path) -> Image.Image:
    with pypdfium2.PdfDocument(path) as pdf:
        picture: Image.Image = pdf[0].render(scale=DPI / 72).to_pil().convert("RGB")
        return picture


def _difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of grey levels, after a blur that forgives half a pixel."""
    small = (one.width // 3, one.height // 3)
    first, second = (np.asarray(i.convert("L").resize(small, Image.Resampling.BOX), dtype=np.int16) for i in (one, other))
    return float(np.abs(first - second).mean())


def _streams(path: Path) -> list[bytes]:
    with pikepdf.open(path) as pdf:
        return [picture.read_raw_bytes() for page in pdf.pages for picture in page.images.values()]


def _poppler(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _boxes(path: Path) -> Iterator[tuple[str, tuple[float, ...]]]:
    """The words that a reader sees on the first page, with their boxes in pixels."""
    pattern = r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>'
    for *sides, text in re.findall(pattern, _poppler("pdftotext", "-raw", "-bbox", str(path), "-")):
        yield unescape(text), tuple(float(side) * DPI / 72 for side in sides)


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Intersection over union."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(wide, 0) * max(high, 0)
    return shared / (sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)) - shared)
