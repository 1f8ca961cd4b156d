"""What must hold whatever is on a page."""

from __future__ import annotations

from collections import Counter
from functools import cache
from random import Random

import pytest
from PIL import Image

from domain.pages import PageReading
from ocr.read import read_page
from tests.generator import damage, forms, people
from tests.generator.sheet import Page
from tests.ocr import pages

SEEDS = (21, 22)
CLOCKWISE = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
SAME_WORDS = 0.97
"""Part of the words that come out alike: a turned page is the same picture, but its lean is measured on other pixels."""
NEARLY = 0.004
"""Parts of the page's width by which a box may lie elsewhere."""


@cache
def page(seed: int) -> Page:
    rng = Random(seed)
    made = forms.any_form(rng, people.invent(rng)).pages(150)[0]
    return damage.noisy(damage.skewed(made, rng.uniform(-1, 1)), rng, 4)


def read(image: Image.Image) -> PageReading:
    """Without loss: JPEG would not turn into the same picture."""
    return read_page(pages.png(image, 150), pages.engine(), pages.FAST)


@cache
def upright(seed: int) -> PageReading:
    return read(page(seed).image)


def once(reading: PageReading) -> dict[str, tuple[float, float]]:
    """Where words stand that stand there once: the middles of their boxes, in parts of the page's width."""
    counts = Counter(word.text for word in reading.words)
    return {
        word.text: (word.box.middle[0] / reading.width, word.box.middle[1] / reading.width)
        for word in reading.words
        if counts[word.text] == 1
    }


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("degrees", CLOCKWISE)
def test_a_turned_page_says_the_same_in_the_same_places(seed: int, degrees: int) -> None:
    first, turned = upright(seed), read(page(seed).image.transpose(CLOCKWISE[degrees]))
    assert (first.rotation, turned.rotation) == (0, (360 - degrees) % 360)
    assert (turned.width, turned.height) == (first.width, first.height)
    assert abs(turned.skew_degrees - first.skew_degrees) < 0.2
    assert pages.alike([word.text for word in turned.words], [word.text for word in first.words]) > SAME_WORDS
    here, there = once(first), once(turned)
    both = here.keys() & there.keys()
    near = sum(max(abs(here[text][n] - there[text][n]) for n in (0, 1)) < NEARLY for text in both)
    assert near > SAME_WORDS * len(both) > 20
