"""A correction becomes a strip that says what a person wrote, or is left out for a reason."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from domain.pages import Box, PageImage, PageReading
from ocr.read import read_page
from ocr.recogniser import Recogniser, StripReader
from ocr.settings import OcrSettings
from ocr.training.corrections import CONFIRMED, CORRECTED, READ_OTHERWISE, SEVERAL_LINES, TOLD, Correction, samples
from ocr.training.strips import Sample
from tests.pipeline import teaching

LINES = ("Họ và tên: Trần Thị Hà", "Chẩn đoán: Đau đầu kéo dài", "Lời dặn: uống thuốc đều, tái khám sau 7 ngày")


@cache
def recogniser() -> Recogniser:
    return Recogniser()


@cache
def paper() -> tuple[PageImage, PageReading]:
    image = teaching.drawn(LINES)
    return image, read_page(image, recogniser(), OcrSettings())


def place(*texts: str) -> Box:
    """Around words as they were read."""
    boxes = [word.box for word in paper()[1].words if word.text in texts]
    box = boxes[0]
    for other in boxes[1:]:
        box = box.union(other)
    return box


def taught(*corrections: Correction) -> tuple[list[Sample], list[str]]:
    return samples(*paper(), list(corrections), (recogniser(), 300))


def test_the_line_says_what_the_person_wrote_and_its_other_words_as_they_were_read():
    found, left_out = taught(Correction(place("Trần", "Thị", "Hà"), "Trần Thị Hà", "Trần Thị Hạ"))
    assert [one.text for one in found if one.hand == CORRECTED] == ["Họ và tên: Trần Thị Hạ"]
    assert left_out == []


def test_the_strip_is_the_one_the_product_reads():
    found, _ = taught(Correction(place("Trần", "Thị", "Hà"), "Trần Thị Hà", "Trần Thị Hạ"))
    (words,) = StripReader().read([found[0].strip])
    assert " ".join(word.text for word in words) == LINES[0]


def test_lines_that_nobody_corrected_are_taken_as_they_are_if_they_are_surely_read():
    found, _ = taught(Correction(place("Trần", "Thị", "Hà"), "Trần Thị Hà", "Trần Thị Hạ"))
    confirmed = [one.text for one in found if one.hand == CONFIRMED]
    assert confirmed
    assert set(confirmed) <= set(LINES[1:])


def test_what_stands_on_two_lines_is_left_out():
    _, left_out = taught(Correction(place("Hà", "Đau"), "Hà Đau", "Hạ Đau"))
    assert left_out == [SEVERAL_LINES]


def test_what_is_read_in_another_number_of_words_by_now_is_left_out():
    _, left_out = taught(Correction(place("Trần", "Thị", "Hà"), "TrầnThị Hà", "Trần Thị Hạ"))
    assert left_out == [READ_OTHERWISE]


def test_what_points_to_no_words_is_left_out():
    _, left_out = taught(Correction(Box(0, 0, 5, 5), "Hà", "Hạ"))
    assert left_out == [SEVERAL_LINES]


def test_of_two_corrections_of_one_place_the_first_counts():
    word = Correction(place("Hà"), "Hà", "Hạ")
    found, left_out = taught(word, Correction(place("Trần", "Thị", "Hà"), "Trần Thị Hà", "Trần Thị Hồng"))
    assert [one.text for one in found if one.hand == CORRECTED] == ["Họ và tên: Trần Thị Hạ"]
    assert left_out == [TOLD]


def test_several_words_of_a_line_are_told_together():
    words = [Correction(place(read), read, text) for read, text in (("Hà", "Hạ"), ("Trần", "Trân"))]
    found, _ = taught(*words)
    assert [one.text for one in found if one.hand == CORRECTED] == ["Họ và tên: Trân Thị Hạ"]


def test_words_that_a_person_corrected_and_that_cannot_be_labelled_are_believed_nowhere():
    lost = Correction(place("đầu"), "đ ầu", "dầu")
    assert LINES[1] in [one.text for one in taught()[0]]
    found, left_out = taught(lost)
    assert left_out == [READ_OTHERWISE]
    assert not [one for one in found if "đầu" in one.text]
    found, _ = taught(lost, Correction(place("Chẩn"), "Chẩn", "Chân"))
    assert not [one for one in found if "đầu" in one.text]


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_page_that_lies_on_its_side_teaches_the_same(rotation):
    image, _ = paper()
    turned = replace(image, orientation={90: 8, 180: 3, 270: 6}[rotation])
    reading = read_page(turned, recogniser(), OcrSettings())
    boxes = [word.box for word in reading.words if word.text in ("Trần", "Thị", "Hà")]
    box = boxes[0].union(boxes[1]).union(boxes[2])
    found, left_out = samples(turned, reading, [Correction(box, "Trần Thị Hà", "Trần Thị Hạ")], (recogniser(), 300))
    assert (found[0].text, left_out) == ("Họ và tên: Trần Thị Hạ", [])
