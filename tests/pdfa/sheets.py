"""Small pages with known words for the tests of this room, coded as scanners do, with what a reader without fault reads."""

from __future__ import annotations

import functools
from datetime import UTC, datetime
from io import BytesIO
from random import Random

from PIL import Image

from domain.pages import Box, PageImage, PageReading, Word
from pdfa.record import BindRecord
from tests.generator import damage, forms, people
from tests.generator.forms import Form
from tests.generator.sheet import Page, Printed

DPI = 100
RECORD = BindRecord(
    title="Giấy ra viện — Nguyễn Thị Hường",
    document_id="0190aa55bb66cc77dd88",
    created=datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC),
    original_sha256=("ab" * 32,),
    kind_code="01/BV-01",
    engines=("Tesseract 5.3.0 vie",),
)


@functools.cache
def form() -> Form:
    """The form whose pages these tests bind."""
    rng = Random(11)
    person = people.invent(rng)
    return forms.giay_ra_vien(person, person.stays[0], rng)


@functools.cache
def page(skew: float = 0.0) -> Page:
    """Its first page, leaning clockwise by `skew` degrees."""
    drawn = form().pages(dpi=DPI)[0]
    return damage.skewed(drawn, skew) if skew else drawn


def coded(picture: Image.Image, form: str, **options: object) -> PageImage:
    """A picture as `jpeg`, `png`, `g4` or `jp2`."""
    out = BytesIO()
    if form == "g4":
        options = {"compression": "group4", "tiffinfo": {278: picture.height}, **options}
    names = {"jpeg": "JPEG", "png": "PNG", "g4": "TIFF", "jp2": "JPEG2000"}
    picture.save(out, names[form], dpi=(DPI, DPI), **options)
    media = {"g4": "image/tiff"}.get(form, f"image/{form}")
    return PageImage(1, out.getvalue(), media, picture.width, picture.height, float(DPI))


def reading(page: Page, rotation: int = 0, skew: float = 0.0) -> PageReading:
    """What a reader without fault reads on a page: `rotation` is what it had to turn the scan by."""
    words = tuple(Word(word.text, Box(*word.box), 1.0, line) for word, line in zip(page.words, _lines(page.words), strict=True))
    size = page.image.size
    return PageReading(1, *size, float(page.dpi), rotation=rotation, skew_degrees=skew, words=words, engine="perfect 1.0")


def _lines(words: tuple[Printed, ...]) -> list[int]:
    """A new line wherever a word stands to the left of the last one, or above or below it."""
    numbers, number, last = [], 0, words[0].box
    for word in words:
        x0, y0, _, y1 = word.box
        number += x0 < last[0] or y0 > last[3] or y1 < last[1]
        numbers.append(number)
        last = word.box
    return numbers
