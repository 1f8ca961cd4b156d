"""Strips from a roll, slips, and pictures whose files state another resolution than they have."""

from __future__ import annotations

from functools import cache
from random import Random

import numpy as np
import pytest

from ocr import fineness, pictures
from ocr.lines import LineFinder
from ocr.read import read_page
from ocr.settings import OcrSettings
from tests.generator import damage, phrases
from tests.generator.sheet import Page
from tests.ocr import pages, shapes


@cache
def receipt() -> Page:
    """A roll of 80 mm, printed with lines to 17 times its width."""
    return damage.noisy(shapes.receipt(Random(2), 576, 300), Random(2), 6)


def test_every_line_of_a_long_strip_is_read_in_its_order() -> None:
    reading = read_page(pages.scan(receipt()), pages.engine(), OcrSettings())
    assert [word.text for word in reading.words] == receipt().text.split()
    assert len(reading.lines) == len(receipt().text.splitlines())
    assert abs(reading.skew_degrees) < 0.3


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_strip_is_turned_upright_whichever_way_it_was_scanned(quarters: int) -> None:
    strip = shapes.receipt(Random(3), 384, 90)
    reading = pages.read(damage.turned(strip, quarters))
    assert reading.rotation == (360 - 90 * quarters) % 360
    assert pages.recall(reading, strip) > 0.97


def test_a_line_that_is_longer_than_a_piece_of_a_banner_is_one_line() -> None:
    banner = shapes.on_roll([" ".join(phrases.SENTENCES[start : start + 8]) for start in (0, 4, 8)], 6000)
    boxes = LineFinder().find(pictures.reading_copy(banner.image))
    wide = max(word.box[2] for word in banner.words) - 14
    assert len(boxes) == 3
    assert ((boxes[:, 2] - boxes[:, 0]) > 0.9 * wide).all()


@pytest.mark.parametrize(("stated", "true"), [(600, 200), (90, 200), (1200, 300)])
def test_a_wrong_resolution_costs_no_word(stated: float, true: int) -> None:
    page = pages.clean("giay_ra_vien", true)
    right, wrong = (read_page(pages.scan(page, dpi=dpi), pages.engine(), OcrSettings()) for dpi in (true, stated))
    assert wrong.dpi == stated
    assert pages.recall(wrong, page) >= pages.recall(right, page)
    assert wrong.flags == right.flags


def test_letters_say_how_fine_a_picture_is() -> None:
    gray = pictures.reading_copy(pages.clean("giay_ra_vien", 200).image)
    fine = fineness.of(gray, 600)
    assert fine.likely == fine.least == pytest.approx(200, rel=0.1)
    assert fine.most == 600
    assert fineness.of(gray, 150) == fineness.believed(150)


def test_a_picture_without_letters_is_as_fine_as_it_says() -> None:
    assert fineness.of(np.full((500, 700), 255, np.uint8), 600) == fineness.believed(600)
