"""What a hand wrote is told from print, and print is not called handwriting; written words are never sure."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest
from PIL import Image

from domain.pages import Box, PageReading, Word
from ocr import hands
from ocr.engine import Gray
from ocr.training.packed import TEST_SET, unpack
from ocr.training.strips import Sample
from tests.generator import damage
from tests.generator.sheet import Page
from tests.ocr import pages


@cache
def strips(hand: str) -> tuple[Sample, ...]:
    """Lines of the shipped test set, of which no network ever learnt, that one hand filled in from end to end."""
    return tuple(sample for sample in unpack(TEST_SET) if sample.hand == hand and sample.strip.shape[1] > 250)


def told(strip: Gray) -> bool:
    """Whether a line that is one word to the network is called written."""
    box = Box(14, 8, strip.shape[1] - 14, 40)
    return hands.written([Word("x", box, 0.9, 0)], strip)[0]


@pytest.mark.parametrize("hand", ["print", "typed", "pins"])
def test_print_is_not_called_handwriting(hand: str) -> None:
    lines = [sample for sample in strips(hand) if sample.text]
    assert len(lines) >= 15
    assert sum(told(sample.strip) for sample in lines) <= 0.02 * len(lines)


def test_some_lines_that_look_written_are_told_although_much_on_them_is_print() -> None:
    lines = strips("written")
    assert sum(told(sample.strip) for sample in lines) >= 0.1 * len(lines)


def test_words_side_by_side_speak_together_and_one_alone_does_not() -> None:
    assert list(hands.runs([1.5, 1.5, 1.5], [2.0, 2.0, 2.0])) == [0, 1, 2]
    assert list(hands.runs([1.5, -1.0, 1.5], [2.0, 2.0, 2.0])) == []
    assert list(hands.runs([-9.0, 3.0, 3.0, -9.0], [2.0, 2.0, 2.0, 2.0])) == [1, 2]


def test_written_words_lose_their_certainty_and_nothing_else() -> None:
    words = [
        Word("Nguyễn", Box(0, 0, 9, 9), 0.97, 0),
        Word("Văn", Box(10, 0, 19, 9), 0.3, 0),
        Word("An", Box(20, 0, 29, 9), 0.9, 0),
    ]
    capped = hands.capped(words, (True, True, False))
    assert [word.text for word in capped] == ["Nguyễn", "Văn", "An"]
    assert [word.confidence for word in capped] == [hands.MOST, 0.3, 0.9]


def test_no_words_and_words_off_the_page_are_no_handwriting() -> None:
    paper = np.full((300, 300), 255, np.uint8)
    assert hands.written([], paper) == ()
    assert hands.written([Word("x", Box(400, 400, 480, 420), 0.9, 0)], paper) == (False,)


@cache
def filled_in() -> PageReading:
    """A page with the longest line of the test set that looks written most, pasted below its print."""
    page = pages.clean("don_thuoc")
    best = max(strips("written"), key=lambda sample: told(sample.strip) * sample.strip.shape[1])
    image = page.image.convert("L")
    gray = np.asarray(image).copy()
    line = cv2.resize(best.strip, None, fx=0.9, fy=0.9, interpolation=cv2.INTER_AREA)[:, :1300]
    gray[2000 : 2000 + len(line), 150 : 150 + line.shape[1]] = line
    return pages.read(damage.pressed(Page(Image.fromarray(gray), page.words, "", 200), 80))


def test_a_page_marks_its_handwriting_and_keeps_its_words() -> None:
    reading = filled_in()
    (zone,) = [zone.box for zone in reading.zones if zone.kind == "handwriting"]
    assert 1950 < zone.y0 < zone.y1 < 2100
    inside = [word for word in reading.words if zone.holds(*word.box.middle)]
    assert inside
    assert all(word.confidence <= hands.MOST for word in inside)
    printed = [word for word in reading.words if word.box.y1 < 1900]
    assert sum(word.confidence > hands.MOST for word in printed) > 0.97 * len(printed)
