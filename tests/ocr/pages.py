"""Pages with their truth, cut and read once for all tests of this room."""

from __future__ import annotations

import io
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache
from random import Random

from PIL import Image
from rapidfuzz.distance import Levenshtein

from domain.pages import Box, PageImage, PageReading, Word
from ocr.engine import Engine
from ocr.read import read_page
from ocr.recogniser import Recogniser
from ocr.settings import Level, OcrSettings
from ocr.tesseract import Tesseract
from tests.generator import damage, files, forms, people
from tests.generator.draft import Form
from tests.generator.sheet import Page, Printed

FAST = OcrSettings(level=Level.FAST)


@cache
def engine() -> Recogniser:
    """Our own."""
    return Recogniser()


@cache
def tesseract() -> Tesseract:
    """The other."""
    return Tesseract(FAST)


@cache
def form(slug: str = "phieu_xet_nghiem") -> Form:
    """A form with a table and dotted leaders."""
    rng = Random(11)
    person = people.invent(rng)
    return forms.ALL[slug](person, person.stays[0], rng)


@cache
def clean(slug: str = "phieu_xet_nghiem", dpi: int = 200) -> Page:
    """Its first page, drawn."""
    return form(slug).pages(dpi)[0]


@cache
def ordinary(degrees: float = 1.3, slug: str = "phieu_xet_nghiem") -> Page:
    """The same as scanners see it: askew, with grain and a seal."""
    rng = Random(3)
    page = damage.stamped(damage.skewed(clean(slug), degrees), rng)
    return damage.pressed(damage.noisy(damage.blurred(page, 0.6), rng, 6), 70)


def scan(page: Page, number: int = 1, dpi: float | None = None) -> PageImage:
    """A page as JPEG."""
    return PageImage(number, files.jpeg_bytes(page), "image/jpeg", *page.image.size, dpi=dpi or page.dpi)


def png(image: Image.Image, dpi: float = 200) -> PageImage:
    """Any picture as a page."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return PageImage(1, buffer.getvalue(), "image/png", *image.size, dpi=dpi)


def read(page: Page, settings: OcrSettings = FAST, reader: Engine | None = None) -> PageReading:
    """Read it, with our own engine unless another is given."""
    return read_page(scan(page), reader or engine(), settings)


@cache
def ordinary_reading() -> PageReading:
    """The ordinary page, read once."""
    return read(ordinary())


def recall(reading: PageReading, page: Page) -> float:
    """Share of the printed words that were read, in any order."""
    wanted, found = (Counter(_plain(word.text) for word in words) for words in (page.words, reading.words))
    wanted.pop("", None)
    return sum((wanted & found).values()) / wanted.total()


def alike(read: Sequence[str], truth: Sequence[str]) -> float:
    """How much of two texts is the same words in the same order (0..1)."""
    return Levenshtein.normalized_similarity([_plain(word) for word in read], [_plain(word) for word in truth])


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip(".,;:()-").casefold()


def pairs(reading: PageReading, page: Page) -> list[tuple[Word, Printed]]:
    """Words that stand exactly once in the truth and in the reading, side by side."""
    once = Counter(word.text for word in page.words)
    read_once = Counter(word.text for word in reading.words)
    truth = {word.text: word for word in page.words if once[word.text] == 1}
    return [(word, truth[word.text]) for word in reading.words if word.text in truth and read_once[word.text] == 1]


def shared(box: Box, other: tuple[float, float, float, float]) -> float:
    """Intersection over union."""
    wide = min(box.x1, other[2]) - max(box.x0, other[0])
    high = min(box.y1, other[3]) - max(box.y0, other[1])
    inner = max(wide, 0) * max(high, 0)
    return inner / ((box.x1 - box.x0) * box.height + (other[2] - other[0]) * (other[3] - other[1]) - inner)
