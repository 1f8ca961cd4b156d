"""Writes pages to files as scanners, telephones and programs do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
from fpdf import FPDF
from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from tests.generator.draft import Form
from tests.generator.sheet import HEIGHT, WIDTH, Page, Sheet, font_file, set_size

EXIF_ORIENTATION = 0x0112


def jpeg(page: Page, path: Path, quality: int = 75, orientation: int = 1) -> Path:
    """One JPEG with its resolution; `orientation` 1..8 goes into EXIF, the pixels stay as they are."""
    path.write_bytes(jpeg_bytes(page, quality, orientation))
    return path


def numbered(jpeg: bytes, number: int) -> bytes:
    """The same picture with a comment, so that no two pages of a long file are alike byte for byte."""
    return jpeg[:2] + b"\xff\xfe\x00\x0a" + b"%08d" % number + jpeg[2:]


def jpeg_bytes(page: Page, quality: int = 75, orientation: int = 1) -> bytes:
    """The bytes `jpeg` writes."""
    image = page.image.convert("L") if page.image.mode == "1" else page.image
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = orientation
    buffer = BytesIO()
    extra = {"exif": exif.tobytes()} if orientation != 1 else {}
    image.save(buffer, "JPEG", quality=quality, dpi=(page.dpi, page.dpi), **extra)
    return buffer.getvalue()


def png(page: Page, path: Path) -> Path:
    """One PNG with its resolution."""
    page.image.save(path, "PNG", dpi=(page.dpi, page.dpi))
    return path


def webp(page: Page, path: Path) -> Path:
    """One lossy WebP; the format knows no resolution."""
    page.image.convert("RGB").save(path, "WEBP", quality=80)
    return path


def tiff(pages: Sequence[Page], path: Path, compression: str = "group4") -> Path:
    """Many pages in one TIFF: `group4` or `group3` (bitonal), or any other compression that Pillow knows."""
    images = [page.image.convert("1" if compression.startswith("group") else "RGB") for page in pages]
    dpi = (pages[0].dpi, pages[0].dpi)
    images[0].save(path, "TIFF", compression=compression, save_all=True, append_images=images[1:], dpi=dpi)
    return path


def pdf(pages: Sequence[Page], path: Path, quality: int = 75) -> Path:
    """A PDF of pictures, one a page, as scanners make them: bitonal pages as CCITT G4, others as JPEG."""
    with pikepdf.new() as document:
        for page in pages:
            _picture_page(document, page, quality)
        document.save(path, deterministic_id=True)
    return path


def _picture_page(document: pikepdf.Pdf, page: Page, quality: int) -> None:
    wide, high = (72 * side / page.dpi for side in page.image.size)
    document.add_blank_page(page_size=(wide, high))
    sheet = document.pages[-1]
    stream = _g4(document, page) if page.image.mode == "1" else _dct(document, page, quality)
    name = sheet.add_resource(stream, pikepdf.Name.XObject, pikepdf.Name.Im)
    sheet.contents_add(f"q {wide:.4f} 0 0 {high:.4f} 0 0 cm {name} Do Q".encode())


def _stream(document: pikepdf.Pdf, data: bytes, size: tuple[int, int], **entries: object) -> pikepdf.Stream:
    head = {"Type": pikepdf.Name.XObject, "Subtype": pikepdf.Name.Image, "Width": size[0], "Height": size[1]}
    return pikepdf.Stream(document, data, **head, **entries)


def _dct(document: pikepdf.Pdf, page: Page, quality: int) -> pikepdf.Stream:
    space = pikepdf.Name.DeviceGray if page.image.mode == "L" else pikepdf.Name.DeviceRGB
    entries = {"ColorSpace": space, "BitsPerComponent": 8, "Filter": pikepdf.Name.DCTDecode}
    return _stream(document, jpeg_bytes(page, quality), page.image.size, **entries)


def _g4(document: pikepdf.Pdf, page: Page) -> pikepdf.Stream:
    buffer = BytesIO()
    page.image.save(buffer, "TIFF", compression="group4", tiffinfo={278: page.image.height})
    buffer.seek(0)
    with TiffImageFile(buffer) as written:
        offset, count, photometric = written.tag_v2[273][0], written.tag_v2[279][0], written.tag_v2[262]
    parms = pikepdf.Dictionary(K=-1, Columns=page.image.width, Rows=page.image.height, BlackIs1=photometric == 1)
    entries = {"ColorSpace": pikepdf.Name.DeviceGray, "BitsPerComponent": 1, "Filter": pikepdf.Name.CCITTFaxDecode}
    return _stream(document, buffer.getvalue()[offset : offset + count], page.image.size, **entries, DecodeParms=parms)


def born_digital(form: Form, path: Path, font: str = "Noto Serif") -> Path:
    """A PDF with real text, as a hospital's own program prints it."""
    document = FPDF(unit="pt", format=(WIDTH, HEIGHT))
    document.set_creation_date(datetime(2020, 1, 1, tzinfo=UTC))
    document.set_auto_page_break(False)
    document.add_font("form", "", font_file(font))
    document.add_font("form", "B", font_file(font, bold=True))
    for sheet in form.sheets:
        document.add_page()
        _write_sheet(document, sheet, font)
    document.output(str(path))
    return path


def _write_sheet(document: FPDF, sheet: Sheet, font: str) -> None:
    for rule in sheet.rules:
        document.set_dash_pattern(dash=1 if rule.dotted else 0, gap=2 if rule.dotted else 0)
        document.line(rule.x0, rule.y0, rule.x1, rule.y1)
    for run in sheet.texts:
        if run.text.strip():
            document.set_font("form", "B" if run.bold else "", set_size(font, run.size))
            document.text(run.x, run.y, run.text)
