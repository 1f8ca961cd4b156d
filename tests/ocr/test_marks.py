"""Where the eye is unsure of tones and hats, and only there, what hospitals write decides; never a letter, a case or a digit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from domain.errors import Broken, PartMissing
from ocr import weights
from ocr.marks import Likely, Marks
from ocr.spelling import Spelt, spelt

CHARSET = tuple(" aáàảãạâấầẩẫậbcdđeéèệghiìíỉklmnoóòôốồổộơpsuưvAÂẤẦHNTrt0189")


@pytest.fixture(scope="module")
def marks() -> Marks:
    """With the packaged tallies."""
    return Marks(CHARSET)


def seen(*letters: str | dict[str, float]) -> Likely:
    """What a network says: a step for each letter (sure, or so likely as said), nothing between."""
    steps = np.zeros((len(CHARSET) + 1, 2 * len(letters)))
    steps[0, 1::2] = 1
    for number, letter in enumerate(letters):
        for char, chance in ({letter: 1.0} if isinstance(letter, str) else letter).items():
            steps[CHARSET.index(char) + 1, 2 * number] = chance
    return steps


def read(marks: Marks, likely: Likely) -> list[Spelt]:
    """The words of a line after their marks were weighed."""
    return marks.settled(spelt(likely.argmax(0), likely.max(0), CHARSET), likely)


def text(marks: Marks, likely: Likely) -> str:
    return " ".join(word.text for word in read(marks, likely))


def test_a_tone_that_is_hard_to_see_is_that_of_the_common_word(marks: Marks) -> None:
    (word,) = read(marks, seen("p", "h", {"ồ": 0.5, "ổ": 0.4}, "i"))
    assert word.text == "phổi"
    assert word.confidence == pytest.approx(0.4)


def test_the_word_before_decides_between_common_ones(marks: Marks) -> None:
    doubtful = {"ì": 0.4, "ỉ": 0.3, "í": 0.3}
    assert text(marks, seen(*"dương t", doubtful, *"nh")) == "dương tính"
    assert text(marks, seen(*"bệnh nhân t", doubtful, *"nh")) == "bệnh nhân tỉnh"


def test_what_is_clear_to_see_stays_however_rare(marks: Marks) -> None:
    assert text(marks, seen("p", "h", {"ồ": 0.97, "ổ": 0.02}, "i")) == "phồi"
    assert text(marks, seen("T", "r", {"ấ": 0.9, "ầ": 0.08}, "n")) == "Trấn"


def test_letters_case_and_digits_are_never_weighed(marks: Marks) -> None:
    assert text(marks, seen("p", "h", "ổ", {"l": 0.5, "i": 0.49})) == "phổl"
    assert text(marks, seen("H", {"a": 0.5, "A": 0.49}, "n")) == "Han"
    assert text(marks, seen({"0": 0.5, "8": 0.49}, "1")) == "01"
    assert text(marks, seen("N", {"Ầ": 0.5, "A": 0.45}, "1", "9")) == "NẦ19"  # a code


def test_without_weight_nothing_is_weighed() -> None:
    assert text(Marks(CHARSET, weight=0), seen("p", "h", {"ồ": 0.5, "ổ": 0.4}, "i")) == "phồi"


def test_tallies_that_are_missing_or_damaged_are_told(tmp_path: Path) -> None:
    with pytest.raises(PartMissing):
        Marks(CHARSET, path=tmp_path / "marks.tsv")
    (tmp_path / "marks.tsv").write_text("phổi\tnhiều\n", encoding="utf-8")
    with pytest.raises(Broken):
        Marks(CHARSET, path=tmp_path / "marks.tsv")


def test_the_packaged_tallies_hold_the_words_of_the_trade() -> None:
    words = {row[0] for row in weights.rows(weights.FOLDER / "marks.tsv") if len(row) == 2}
    assert {"phổi", "bệnh", "khoa", "nguyễn", "mạch", "huyết"} <= words
