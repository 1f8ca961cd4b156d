"""Pages cut out of files: the scanner's own bytes where possible, and always what a viewer would show."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageOps
from PIL.TiffImagePlugin import TiffImageFile

from domain.errors import Refused
from domain.pages import PageImage
from ingest.inspect import inspect
from ingest.pages import cut, cut_all
from ingest.settings import IngestSettings
from ocr import pictures
from tests.generator import damage, files, hostile
from tests.generator.sheet import Page
from tests.ingest import samples

SETTINGS = IngestSettings(drawing_dpi=120)
WHOLE = b"q 595.2 0 0 842.4 0 0 cm /Im Do Q"


def shown(image: PageImage) -> Image.Image:
    """What a viewer shows: decoded, turned as the page's orientation says."""
    picture: Image.Image = Image.open(io.BytesIO(image.data)).convert("L")
    picture.getexif()[0x0112] = image.orientation
    return ImageOps.exif_transpose(picture)


def viewed(path: Path, size: tuple[int, int]) -> Image.Image:
    """The first page of a PDF as PDFium shows it, made as large as `size`."""
    with pypdfium2.PdfDocument(path) as document:
        picture: Image.Image = document[0].render(scale=2).to_pil()
    return picture.convert("L").resize(size)


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of grey levels of two pictures of the same size, softened."""
    small = [np.asarray(picture.resize((124, 175)), dtype=float) for picture in (one, other)]
    return float(np.abs(small[0] - small[1]).mean())


def test_a_jpeg_file_is_handed_on_byte_for_byte(tmp_path: Path) -> None:
    path = files.jpeg(samples.page(), tmp_path / "a", orientation=6)
    page = cut(path, 1, SETTINGS)
    assert page.data == path.read_bytes()
    assert (page.media_type, page.orientation, page.native, page.dpi) == ("image/jpeg", 6, True, 60)


def test_a_png_file_is_handed_on_byte_for_byte(tmp_path: Path) -> None:
    path = files.png(samples.page(), tmp_path / "a")
    page = cut(path, 1, SETTINGS)
    assert page.data == path.read_bytes()
    assert page.dpi == pytest.approx(60, abs=0.1)


def test_a_webp_file_without_loss_becomes_a_png_of_the_same_pixels(tmp_path: Path) -> None:
    path = tmp_path / "a"
    samples.page().image.save(path, "WEBP", lossless=True)
    page = cut(path, 1, SETTINGS)
    assert (page.media_type, page.native) == ("image/png", False)
    with Image.open(path) as original:
        assert np.array_equal(np.asarray(Image.open(io.BytesIO(page.data))), np.asarray(original.convert("RGB")))


def test_a_picture_without_resolution_is_taken_for_a_sheet_of_a4(tmp_path: Path) -> None:
    assert cut(files.webp(samples.page(100), tmp_path / "a"), 1, SETTINGS).dpi == pytest.approx(100, abs=1)


def test_a_photo_that_says_72_dots_per_inch_is_not_believed(tmp_path: Path) -> None:
    samples.page(200).image.save(tmp_path / "a", "JPEG", dpi=(72, 72))
    assert cut(tmp_path / "a", 1, SETTINGS).dpi == pytest.approx(200, abs=1)


@pytest.mark.parametrize("picture", [samples.page, samples.bitonal])
def test_a_pdf_page_that_is_one_picture_gives_that_pictures_stream(picture: Callable[[], Page], tmp_path: Path) -> None:
    path = files.pdf([picture()], tmp_path / "a")
    page = cut(path, 1, SETTINGS)
    assert page.native
    assert page.dpi == pytest.approx(60, rel=0.001)
    with pikepdf.open(path) as document:
        (stream,) = document.pages[0].images.values()
        assert stream.read_raw_bytes() in page.data
    assert difference(shown(page), picture().image.convert("L")) < 3


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize(
    "matrix",
    [b"595.2 0 0 842.4 0 0", b"-595.2 0 0 -842.4 595.2 842.4", b"-595.2 0 0 842.4 595.2 0", b"595.2 0 0 -842.4 0 842.4"],
    ids=["upright", "half a turn", "mirrored", "flipped"],
)
def test_turns_of_a_pdf_page_become_the_orientation_of_its_picture(rotate: int, matrix: bytes, tmp_path: Path) -> None:
    path = samples.changed(tmp_path / "a", [samples.page()], b"q " + matrix + b" cm /Im Do Q", Rotate=rotate)
    page = cut(path, 1, SETTINGS)
    assert page.native
    picture = shown(page)
    assert difference(picture, viewed(path, picture.size)) < 4


def test_a_picture_placed_with_a_quarter_turn_is_handed_on_with_it(tmp_path: Path) -> None:
    content = b"q 0 595.2 -842.4 0 842.4 0 cm /Im Do Q"
    path = samples.changed(tmp_path / "a", [samples.page()], content, MediaBox=pikepdf.Array([0, 0, 842.4, 595.2]))
    page = cut(path, 1, SETTINGS)
    assert page.native
    picture = shown(page)
    assert difference(picture, viewed(path, picture.size)) < 4


def test_the_resolution_is_that_of_the_paper_and_not_of_the_picture(tmp_path: Path) -> None:
    half = samples.changed(
        tmp_path / "a", [samples.page()], b"q 297.6 0 0 421.2 0 0 cm /Im Do Q", MediaBox=pikepdf.Array([0, 0, 297.6, 421.2])
    )
    assert cut(half, 1, SETTINGS).dpi == pytest.approx(120, rel=0.001)
    assert cut(samples.changed(tmp_path / "b", [samples.page()], UserUnit=2), 1, SETTINGS).dpi == pytest.approx(30, rel=0.001)


AS_IT_IS = {
    "clipped to the page": b"q 0 0 595.2 842.4 re W n 595.2 0 0 842.4 0 0 cm /Im Do Q",
    "under a graphics state that changes nothing": b"q /Plain gs 595.2 0 0 842.4 0 0 cm /Im Do Q",
    "with a clip that ended before": b"q 10 10 20 20 re W n Q q 595.2 0 0 842.4 0 0 cm /Im Do Q",
    "in two steps of scaling": b"q 5.952 0 0 8.424 0 0 cm 100 0 0 100 0 0 cm /Im Do Q",
    "in marked content": b"/Artifact BMC q 595.2 0 0 842.4 0 0 cm /Im Do Q EMC",
}
STATES = {
    "Plain": pikepdf.Dictionary(Type=pikepdf.Name.ExtGState, ca=1, BM=pikepdf.Name.Normal, SA=True),
    "Half": pikepdf.Dictionary(ca=0.5),
}


def with_states(path: Path, content: bytes) -> Path:
    samples.changed(path, [samples.page()], content)
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        document.pages[0].Resources.ExtGState = pikepdf.Dictionary({f"/{name}": state for name, state in STATES.items()})
        document.save(path)
    return path


@pytest.mark.parametrize("how", AS_IT_IS)
def test_what_programs_write_around_a_picture_does_not_matter(how: str, tmp_path: Path) -> None:
    page = cut(with_states(tmp_path / "a", AS_IT_IS[how]), 1, SETTINGS)
    assert page.data == files.jpeg_bytes(samples.page())


def in_a_form(path: Path, content: bytes) -> Path:
    """The page's picture beside a form XObject with `content`."""
    samples.changed(path, [samples.page()], WHOLE + b" q /Form Do Q")
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        form = pikepdf.Stream(document, content)
        form.Type, form.Subtype, form.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, pikepdf.Array([0, 0, 600, 850])
        form.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        document.pages[0].Resources.XObject[pikepdf.Name.Form] = form
        document.save(path)
    return path


@pytest.mark.parametrize("mode", [0, 3])
def test_words_in_a_form_over_a_scan_matter_only_when_they_are_visible(mode: int, tmp_path: Path) -> None:
    content = f"BT /F 30 Tf {mode} Tr 40 40 Td (hidden words) Tj ET"
    assert cut(in_a_form(tmp_path / "a", content.encode()), 1, SETTINGS).native is (mode == 3)


def test_a_form_that_paints_itself_ends_the_look(tmp_path: Path) -> None:
    path = in_a_form(tmp_path / "a", b"/Form Do")
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        form = document.pages[0].Resources.XObject.Form
        form.Resources.XObject = pikepdf.Dictionary(Form=form)
        document.save(path)
    assert not cut(path, 1, SETTINGS).native


@pytest.mark.parametrize("content", [b"/Half gs " + WHOLE, b"0 0 300 842 re W n " + WHOLE, b"0 0 m 9 9 l 9 0 l h W n " + WHOLE])
def test_a_picture_that_is_partly_hidden_or_faded_is_drawn(content: bytes, tmp_path: Path) -> None:
    path = with_states(tmp_path / "a", content)
    page = cut(path, 1, SETTINGS)
    assert not page.native
    picture = shown(page)
    assert difference(picture, viewed(path, picture.size)) < 3


DRAWN: dict[str, tuple[bytes, dict[str, Any]]] = {
    "the picture leans": (b"q 590 30 -30 800 20 10 cm /Im Do Q", {}),
    "a line is drawn over it": (WHOLE + b" 0 0 m 500 500 l S", {}),
    "there is nothing on the page": (b"", {}),
}


IN_A_PDF: dict[str, tuple[bytes, dict[str, Any]]] = {
    "the picture fills half the page": (b"q 297 0 0 421 0 0 cm /Im Do Q", {}),
    "it is painted twice": (WHOLE + b" q 200 0 0 300 50 50 cm /Im Do Q", {}),
    "the crop cuts into it": (WHOLE, {"CropBox": pikepdf.Array([100, 300, 595, 842])}),
    "the crop of a turned page cuts into it": (WHOLE, {"CropBox": pikepdf.Array([0, 300, 500, 842]), "Rotate": 90}),
    "its pixels are not square": (b"q 595.2 0 0 400 0 0 cm /Im Do Q", {"MediaBox": pikepdf.Array([0, 0, 595.2, 400])}),
    "the page is turned": (b"q 297 0 0 421 0 0 cm /Im Do Q", {"Rotate": 90}),
    "the page is twice as large": (b"q 297 0 0 421 0 0 cm /Im Do Q", {"UserUnit": 2}),
}


@pytest.mark.parametrize("why", IN_A_PDF)
def test_pictures_that_do_not_fill_their_page_go_on_as_they_are_where_they_are(why: str, tmp_path: Path) -> None:
    content, entries = IN_A_PDF[why]
    path = samples.changed(tmp_path / "a", [samples.page()], content, **entries)
    page = cut(path, 1, SETTINGS)
    assert (page.native, page.media_type) == (True, "application/pdf")
    assert files.jpeg_bytes(samples.page()) in page.data
    picture = pictures.decode(page)
    with pypdfium2.PdfDocument(path) as document:
        inches = [side / 72 * entries.get("UserUnit", 1) for side in document[0].get_size()]
    assert [side / page.dpi for side in picture.size] == pytest.approx(inches, rel=0.01)
    assert difference(picture.convert("L"), viewed(path, picture.size)) < 4


@pytest.mark.parametrize("why", DRAWN)
def test_any_other_page_is_drawn_as_a_viewer_shows_it(why: str, tmp_path: Path) -> None:
    content, entries = DRAWN[why]
    path = samples.changed(tmp_path / "a", [samples.page()], content, **entries)
    page = cut(path, 1, SETTINGS)
    assert (page.native, page.media_type, page.dpi) == (False, "image/png", 120)
    picture = shown(page)
    assert difference(picture, viewed(path, picture.size)) < 3


def test_an_annotation_on_a_scan_is_drawn_with_it(tmp_path: Path) -> None:
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Square, Rect=[100, 100, 300, 300], C=[0, 0, 0])
    path = samples.changed(tmp_path / "a", [samples.page()], Annots=pikepdf.Array([note]))
    assert not cut(path, 1, SETTINGS).native


def test_a_picture_with_a_mask_is_drawn(tmp_path: Path) -> None:
    path = files.pdf([samples.page()], tmp_path / "a")
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        (stream,) = document.pages[0].images.values()
        stream.Mask = pikepdf.Array([0, 10, 0, 10, 0, 10])
        document.save(path)
    assert not cut(path, 1, SETTINGS).native


def test_a_page_larger_than_the_limit_of_pixels_is_drawn_smaller_or_refused(tmp_path: Path) -> None:
    path = samples.changed(tmp_path / "a", [samples.page()], b"")
    page = cut(path, 1, IngestSettings(drawing_dpi=120, most_pixels=700_000))
    assert page.width * page.height <= 702_000
    assert page.dpi == pytest.approx(page.width / (595.2 / 72), rel=0.01)
    with pytest.raises(Refused, match="bomb"):
        cut(path, 1, IngestSettings(most_pixels=100_000))


def test_a_picture_larger_than_its_dictionary_says_is_refused(tmp_path: Path) -> None:
    path = files.pdf([samples.page()], tmp_path / "a")
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        (stream,) = document.pages[0].images.values()
        stream.Width, stream.Height = 99, 140
        document.save(path)
    assert not cut(path, 1, SETTINGS).native
    with pytest.raises(Refused, match="bomb"):
        cut(path, 1, IngestSettings(most_pixels=100_000))


def test_a_sheet_kilometres_wide_does_not_fill_the_memory(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="bomb"):
        cut(hostile.huge_sheet(tmp_path / "a"), 1, IngestSettings(most_pixels=1_000_000))


def test_the_words_of_a_born_digital_page_stand_where_they_are_drawn(tmp_path: Path) -> None:
    page = cut(files.born_digital(samples.form(), tmp_path / "a"), 1, SETTINGS)
    assert page.words is not None
    truth = samples.form().pages(120)[0]
    assert [word.text for word in page.words][:5] == ["SỞ", "Y", "TẾ", "TỈNH", "BÌNH"]
    assert sorted(word.text for word in page.words) == sorted(word.text for word in truth.words)
    ink = np.asarray(shown(page)) < 140
    for word in page.words:
        box = word.box
        assert ink[int(box.y0) : int(box.y1) + 1, int(box.x0) : int(box.x1) + 1].any(), word.text
        assert 12 < box.height < 45, word.text


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_the_words_of_a_turned_page_turn_with_it(rotate: int, tmp_path: Path) -> None:
    path = files.born_digital(samples.form(), tmp_path / "a")
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        document.pages[0].rotate(rotate, relative=False)
        document.pages[0].CropBox = pikepdf.Array([20, 30, 590, 830])
        document.save(path)
    page = cut(path, 1, SETTINGS)
    assert page.words
    ink = np.asarray(shown(page)) < 140
    boxes = [word.box for word in page.words]
    assert all(ink[int(b.y0) : int(b.y1) + 1, int(b.x0) : int(b.x1) + 1].any() for b in boxes)
    assert max(b.x1 for b in boxes) <= page.width
    assert max(b.y1 for b in boxes) <= page.height


def test_every_page_of_a_black_and_white_tiff_is_handed_on_alone(tmp_path: Path) -> None:
    pages = [samples.bitonal(), damage.turned(samples.bitonal(), 2)]
    path = files.tiff(pages, tmp_path / "a")
    assert inspect(path, SETTINGS).pages == 2
    for page, wanted in zip(cut_all(path, 2, SETTINGS), pages, strict=True):
        assert (page.media_type, page.native, page.dpi) == ("image/tiff", True, 60)
        with TiffImageFile(io.BytesIO(page.data)) as picture:
            assert picture.tag_v2[259] == 4
            assert np.array_equal(np.asarray(picture), np.asarray(wanted.image))


def test_strips_of_a_black_and_white_tiff_are_kept_as_they_are(tmp_path: Path) -> None:
    samples.bitonal().image.save(tmp_path / "a", "TIFF", compression="group4", tiffinfo={278: 100}, dpi=(60, 60))
    page = cut(tmp_path / "a", 1, SETTINGS)
    assert page.native
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(page.data))), np.asarray(samples.bitonal().image))


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_jpeg_inside_a_tiff_becomes_a_jpeg_file(mode: str, tmp_path: Path) -> None:
    picture = samples.page().image.convert(mode)
    picture.save(tmp_path / "a", "TIFF", compression="jpeg", quality=80, tiffinfo={278: picture.height}, dpi=(60, 60))
    page = cut(tmp_path / "a", 1, SETTINGS)
    assert (page.media_type, page.native) == ("image/jpeg", True)
    whole = Image.open(io.BytesIO(page.data))
    assert whole.mode == mode
    assert difference(whole.convert("L"), picture.convert("L")) < 3


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_strips_of_jpeg_in_a_tiff_become_one_jpeg_in_which_each_is_what_it_was(mode: str, tmp_path: Path) -> None:
    picture = samples.page().image.convert(mode)
    picture.save(tmp_path / "a", "TIFF", compression="jpeg", quality=80, tiffinfo={278: 48}, dpi=(60, 60))
    page = cut(tmp_path / "a", 1, SETTINGS)
    assert (page.media_type, page.native) == ("image/jpeg", True)
    strips = [np.asarray(Image.open(io.BytesIO(strip)), dtype=int) for strip in _jpegs(tmp_path / "a")]
    whole = np.asarray(Image.open(io.BytesIO(page.data)), dtype=int)
    if mode == "L":
        assert np.array_equal(whole, np.concatenate(strips))
    else:  # a colour is smoothed over the border of two strips, within them it is the same
        assert all(np.array_equal(whole[at + 1 : at + 47], strip[1:47]) for at, strip in enumerated(strips))


def enumerated(strips: list[np.ndarray]) -> list[tuple[int, np.ndarray]]:
    return [(48 * number, strip) for number, strip in enumerate(strips) if len(strip) == 48]


def _jpegs(path: Path) -> list[bytes]:
    """Each strip as a file of its own."""
    with TiffImageFile(path) as picture:
        tags = picture.tag_v2
        data = path.read_bytes()
        strips = [data[start : start + length] for start, length in zip(tags[273], tags[279], strict=True)]
        return [strip[:2] + tags[347][2:-2] + strip[2:] for strip in strips]


@pytest.mark.parametrize("compression", ["packbits", "tiff_lzw", "raw"])
def test_any_other_tiff_page_becomes_a_png(compression: str, tmp_path: Path) -> None:
    page = cut(files.tiff([samples.page()], tmp_path / "a", compression), 1, SETTINGS)
    assert (page.media_type, page.native) == ("image/png", False)
    assert difference(shown(page), samples.page().image.convert("L")) < 3


@pytest.mark.parametrize("compression", ["group4", "tiff_lzw"])
def test_the_orientation_of_a_tiff_is_kept(compression: str, tmp_path: Path) -> None:
    turned = damage.turned(samples.bitonal(), 3)
    turned.image.save(tmp_path / "a", "TIFF", compression=compression, tiffinfo={274: 6}, dpi=(60, 60))
    assert difference(shown(cut(tmp_path / "a", 1, SETTINGS)), samples.bitonal().image.convert("L")) < 3


FLAT = {"TIFF": "1 L P RGB RGBA CMYK I;16", "PNG": "1 L P RGB RGBA I;16", "JPEG": "L RGB CMYK"}


@pytest.mark.parametrize(("form", "mode"), [(form, mode) for form, modes in FLAT.items() for mode in modes.split()])
def test_flat_pixels_become_square(form: str, mode: str, tmp_path: Path) -> None:
    grey = samples.page(100).image.resize((827, 585)).convert("L")
    flat = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257) if mode == "I;16" else grey.convert(mode)
    flat.save(tmp_path / "a", form, dpi=(100, 50))
    page = cut(tmp_path / "a", 1, SETTINGS)
    assert (page.width, page.height, page.dpi) == (827, 1170, 100)
    assert difference(pictures.decode(page).convert("L"), samples.page(100).image.convert("L").resize((827, 1170))) < 12


@pytest.mark.parametrize("form", ["TIFF", "PNG"])
def test_pixels_as_flat_as_a_line_do_not_become_a_picture_too_large_for_the_memory(form: str, tmp_path: Path) -> None:
    Image.new("L", (4000, 4000), "white").save(tmp_path / "a", form, dpi=(1200, 25))
    with pytest.raises(Refused) as refused:
        cut(tmp_path / "a", 1, SETTINGS)
    assert refused.value.message.code == "bomb"


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_grey_of_sixteen_bits_is_seen_as_the_grey_it_is(form: str, tmp_path: Path) -> None:
    grey = np.asarray(samples.page().image.convert("L"))
    Image.fromarray(grey.astype(np.uint16) * 257).save(tmp_path / "a", form)
    page = cut(tmp_path / "a", 1, SETTINGS)
    assert np.array_equal(np.asarray(pictures.decode(page)), grey)
    assert Image.open(io.BytesIO(page.data)).mode == "I;16"
