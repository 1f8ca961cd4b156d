"""What people corrected on pages teaches: words and lines as they were written, facts where no word says it nearer."""

from __future__ import annotations

import pytest

from domain.documents import Document
from filing.review import PatientReview
from ocr.correct import WordDesk
from ocr.recogniser import Recogniser
from ocr.settings import OcrSettings
from ocr.training.corrections import CORRECTED, TOLD
from pipeline.corrected import Gatherer
from tests.pipeline import teaching

TRUTH = {"name": "Phạm Hoàng Thảo", "department": "Khoa Thần kinh", "diagnosis": "Hen phế quản nhẹ"}


@pytest.fixture(scope="module")
def recogniser():
    return Recogniser()


@pytest.fixture
def document(store, recogniser) -> Document:
    """A paper that was misread and that nobody corrected."""
    return teaching.misread(store, recogniser, TRUTH)


def gathered(store, recogniser):
    found = Gatherer(store, recogniser, OcrSettings()).gather(lambda *_: None)
    return [one.text for lines in found.documents.values() for one in lines if one.hand == CORRECTED], found.left_out


def corrected(store, document, line, text):
    """Write a line anew, as the person at the screen does."""
    desk = WordDesk(store)
    now = desk.words(document.id, 1)
    words = range(*next((at, at + len(row)) for at, row in starts(now.reading) if line in " ".join(word.text for word in row)))
    return desk.correct((document.id, 1, words), text, now.seen, "mai")


def starts(reading):
    at = 0
    for row in reading.lines:
        yield at, row
        at += len(row)


def test_nobody_corrected_anything_and_nothing_is_learnt(store, recogniser, document):
    assert gathered(store, recogniser) == ([], {})


def test_a_line_written_anew_teaches_what_was_written(store, recogniser, document):
    corrected(store, document, "quản", "Chẩn đoán: Hen phế quản nhẹ")
    lines, left_out = gathered(store, recogniser)
    assert lines == ["Chẩn đoán: Hen phế quản nhẹ"]
    assert not left_out


def test_what_was_taken_back_teaches_nothing(store, recogniser, document):
    now = corrected(store, document, "quản", "Chẩn đoán: Hen phế quản nhẹ")
    WordDesk(store).take_back((document.id, 1), now.seen, now.seen, "mai")
    assert gathered(store, recogniser) == ([], {})


def test_a_fact_of_the_same_words_is_not_learnt_twice(store, recogniser, document):
    corrected(store, document, "quản", "Chẩn đoán: Hen phế quản nhẹ")
    PatientReview(store).correct(document, "diagnosis", "Hen phế quản nhẹ", "mai")
    lines, left_out = gathered(store, recogniser)
    assert lines == ["Chẩn đoán: Hen phế quản nhẹ"]
    assert left_out == {TOLD: 1}
