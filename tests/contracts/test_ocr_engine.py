"""What every recogniser must do, on drawn pages whose every word is known."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import numpy as np
import pytest

from domain.errors import PartMissing
from ocr.engine import Cleaned, Engine, Gray, TooLong
from ocr.fusion import Fusion
from ocr.pictures import reading_copy, turned
from ocr.settings import Level, OcrSettings
from ocr.tesseract import Tesseract
from ocr.tesseract_program import Program
from tests.ocr import pages

MAKERS: dict[str, Callable[[], Engine]] = {
    "own": pages.engine,
    "tesseract": pages.tesseract,
    "tesseract as a program": lambda: Tesseract(pages.FAST, Program("vie", 120)),
    "tesseract twice": lambda: Tesseract(OcrSettings(level=Level.THOROUGH)),
    "both": lambda: Fusion(pages.engine(), pages.tesseract()),
}


def sheet(gray: Gray, dpi: float = 200) -> Cleaned:
    """A page that needs no cleaning."""
    return Cleaned(gray, gray, dpi)


@pytest.fixture(params=MAKERS, scope="module")
def engine(request: pytest.FixtureRequest) -> Engine:
    return MAKERS[request.param]()


def test_most_words_of_a_clean_page_are_read_where_they_stand(engine: Engine) -> None:
    page = pages.clean("giay_ra_vien")
    words = engine.read(sheet(reading_copy(page.image)))
    found = {word.text: word for word in words}
    truth = {word.text: word for word in page.words if len(word.text) > 3}
    hits = [text for text in truth if text in found and pages.shared(found[text].box, truth[text].box) > 0.4]
    assert len(hits) > 0.75 * len(truth)


def test_words_are_composed_sure_to_some_degree_and_inside_the_picture(engine: Engine) -> None:
    gray = reading_copy(pages.clean("giay_ra_vien").image)
    words = engine.read(sheet(gray))
    assert words
    for word in words:
        assert word.text == unicodedata.normalize("NFC", word.text).strip()
        assert word.text
        assert " " not in word.text
        assert 0 <= word.confidence <= 1
        assert 0 <= word.box.x0 < word.box.x1 <= gray.shape[1]
        assert 0 <= word.box.y0 < word.box.y1 <= gray.shape[0]


def test_the_same_picture_is_read_the_same_way_twice(engine: Engine) -> None:
    gray = reading_copy(pages.clean("giay_ra_vien").image)[:600]
    assert engine.read(sheet(gray)) == engine.read(sheet(gray))


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_the_way_up_is_told(engine: Engine, quarters: int) -> None:
    gray = turned(reading_copy(pages.clean("giay_ra_vien", 150).image), 90 * quarters)
    turn, confidence = engine.orientation(gray)
    assert turn == (360 - 90 * quarters) % 360
    assert confidence >= 2


def test_nothing_is_read_on_white_paper_and_no_way_is_up(engine: Engine) -> None:
    white = np.full((600, 400), 255, np.uint8)
    assert engine.read(sheet(white)) == []
    assert engine.orientation(white)[1] < 2


def test_the_name_tells_tool_version_and_language(engine: Engine) -> None:
    assert len(engine.name.split()) == 3
    assert any(char.isdigit() for char in engine.name)


def test_a_language_that_is_not_installed_is_a_missing_part() -> None:
    with pytest.raises(PartMissing, match="tesseract_language"):
        Tesseract(OcrSettings(languages="vie+tlh"))


def test_a_page_that_takes_too_long_is_given_up() -> None:
    for reader in (Tesseract(OcrSettings(seconds_a_page=0.05)), Tesseract(OcrSettings(), Program("vie", 0.05))):
        with pytest.raises(TooLong, match="reading_too_long"):
            reader.read(sheet(reading_copy(pages.clean("giay_ra_vien").image)))


@pytest.mark.parametrize("maker", ["own", "tesseract", "tesseract as a program"])
def test_what_was_read_before_has_no_say(maker: str) -> None:
    gray = sheet(reading_copy(pages.clean("giay_ra_vien").image)[:400])
    alone, after = MAKERS[maker](), MAKERS[maker]()
    after.read(sheet(reading_copy(pages.clean("phieu_xet_nghiem").image)[:900]))
    assert after.read(gray) == alone.read(gray)
