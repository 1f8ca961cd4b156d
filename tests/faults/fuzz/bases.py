"""Small valid files of every kind that is taken: what the mutations start from. Each is made once."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

import pikepdf
import pillow_heif
from PIL import Image

from tests.generator import damage, files, forms, people
from tests.generator.draft import Form
from tests.generator.sheet import Page
from tests.pdfa.codings import CODINGS

DPI = 40
PAGES = 3


@dataclass(frozen=True)
class Base:
    """A valid file: the kind of its mutations, its bytes and its pages."""

    name: str
    kind: str
    data: bytes
    pages: int


@cache
def bases() -> tuple[Base, ...]:
    """All of them."""
    makers: dict[str, tuple[str, Callable[[Path], object], int]] = {
        "png": ("png", lambda path: files.png(_page(), path), 1),
        "png-1": ("png", lambda path: files.png(_bitonal(), path), 1),
        "png-palette": ("png", lambda path: _page().image.quantize(16).save(path, "PNG"), 1),
        "jpeg": ("jpeg", lambda path: files.jpeg(_page(), path), 1),
        "jpeg-progressive": ("jpeg", lambda path: _page().image.save(path, "JPEG", progressive=True), 1),
        "jpeg-turned": ("jpeg", lambda path: files.jpeg(_page(), path, orientation=6), 1),
        "webp": ("webp", lambda path: files.webp(_page(), path), 1),
        "webp-lossless": ("webp", lambda path: _page().image.save(path, "WEBP", lossless=True), 1),
        "avif": ("boxes", lambda path: _page().image.save(path, "AVIF"), 1),
        "heic": ("boxes", lambda path: pillow_heif.from_pillow(_page().image).save(path), 1),
        "heic-two": ("boxes", _two_pictures, 2),
        "bmp": ("bmp", lambda path: _page().image.save(path, "BMP"), 1),
        "j2c": ("jp2", lambda path: _page().image.save(path, "JPEG2000", no_jp2=True), 1),
        "jp2": ("jp2", lambda path: _page().image.save(path, "JPEG2000"), 1),
        "tiff-g4": ("tiff", lambda path: files.tiff([_bitonal()] * PAGES, path), PAGES),
        "tiff-lzw": ("tiff", lambda path: files.tiff([_page()] * PAGES, path, "tiff_lzw"), PAGES),
        "tiff-jpeg": ("tiff", lambda path: files.tiff([_page()] * PAGES, path, "jpeg"), PAGES),
        "tiff-g3": ("tiff", lambda path: files.tiff([_bitonal()] * PAGES, path, "group3"), PAGES),
        "tiff-deflate": ("tiff", lambda path: files.tiff([_page()] * PAGES, path, "tiff_adobe_deflate"), PAGES),
        "tiff-big": ("big", lambda path: _bitonal().image.save(path, "TIFF", compression="group4", big_tiff=True), 1),
        "tiff-raw": ("tiff", lambda path: files.tiff([_bitonal()] * PAGES, path, "raw"), PAGES),
        "pdf-jpeg": ("pdf", lambda path: files.pdf([_page()] * PAGES, path), PAGES),
        "pdf-g4": ("pdf", lambda path: files.pdf([_bitonal()] * PAGES, path), PAGES),
        "pdf-flate": ("pdf", lambda path: _pictures(path, _flate), PAGES),
        "pdf-jpx": ("pdf", lambda path: _pictures(path, _jpx), PAGES),
        "pdf-jbig2": ("pdf", lambda path: _coded(path, "PDF of JBIG2 with shared symbols"), 1),
        "pdf-g3": ("pdf", lambda path: _coded(path, "PDF of Group 3"), 1),
        "pdf-lzw": ("pdf", lambda path: _coded(path, "PDF of LZW"), 1),
        "pdf-runs": ("pdf", lambda path: _coded(path, "PDF of runs"), 1),
        "pdf-palette": ("pdf", lambda path: _coded(path, "PDF with a palette"), 1),
        "pdf-strips": ("pdf", lambda path: _coded(path, "PDF of strips of JPEG in grey"), 1),
        "pdf-layers": ("pdf", lambda path: _coded(path, "PDF of a picture with a soft mask"), 1),
        "pdf-packed": ("pdf", _packed, PAGES),
        "pdf-text": ("pdf", lambda path: files.born_digital(_form(), path), len(_form().sheets)),
        "pdf-hidden": ("pdf", _with_hidden_text, PAGES),
    }
    with tempfile.TemporaryDirectory() as folder:
        return tuple(_made(name, *maker, Path(folder, name)) for name, maker in makers.items())


def _made(name: str, kind: str, make: Callable[[Path], object], pages: int, path: Path) -> Base:
    make(path)
    return Base(name, kind, path.read_bytes(), pages)


@cache
def _form() -> Form:
    rng = Random(5)
    person = people.invent(rng)
    return forms.giay_ra_vien(person, person.stays[0], rng)


@cache
def _page() -> Page:
    return damage.stamped(_form().pages(DPI)[0], Random(1))


@cache
def _bitonal() -> Page:
    return damage.bitonal(_page())


def _two_pictures(path: Path) -> None:
    file = pillow_heif.from_pillow(_page().image)
    file.add_from_pillow(_page().image.transpose(Image.Transpose.ROTATE_90))
    file.save(path, save_all=True)


def _coded(path: Path, coding: str) -> None:
    CODINGS[coding].write(path)


def _pictures(path: Path, stream: Callable[[pikepdf.Pdf, Image.Image], pikepdf.Stream]) -> None:
    with pikepdf.new() as document:
        for _ in range(PAGES):
            document.add_blank_page(page_size=(595, 842))
            name = document.pages[-1].add_resource(stream(document, _page().image), pikepdf.Name.XObject, pikepdf.Name.Im)
            document.pages[-1].contents_add(f"q 595 0 0 842 0 0 cm {name} Do Q".encode())
        document.save(path, deterministic_id=True)


def _entries(image: Image.Image) -> dict[str, object]:
    return {
        "Type": pikepdf.Name.XObject, "Subtype": pikepdf.Name.Image, "Width": image.width, "Height": image.height,
        "ColorSpace": pikepdf.Name.DeviceRGB, "BitsPerComponent": 8,
    }  # fmt: skip


def _flate(document: pikepdf.Pdf, image: Image.Image) -> pikepdf.Stream:
    return pikepdf.Stream(document, image.tobytes(), **_entries(image))


def _jpx(document: pikepdf.Pdf, image: Image.Image) -> pikepdf.Stream:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG2000")
    return pikepdf.Stream(document, buffer.getvalue(), **_entries(image), Filter=pikepdf.Name.JPXDecode)


def _packed(path: Path) -> None:
    """With a cross-reference stream and its objects in object streams."""
    files.pdf([_page()] * PAGES, path)
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        document.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)


def _with_hidden_text(path: Path) -> None:
    """As scanners with a recogniser of their own make them."""
    files.pdf([_page()] * PAGES, path)
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        for page in document.pages:
            name = page.add_resource(font, pikepdf.Name.Font, pikepdf.Name.F1)
            page.contents_add(f"BT 3 Tr {name} 12 Tf 50 700 Td (Ho so benh an) Tj ET".encode())
        document.save(path, deterministic_id=True)
