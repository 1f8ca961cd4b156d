"""What is hard to see and written nowhere becomes a syllable that hospitals write; what is known, clear or no syllable stays."""

from __future__ import annotations

import pytest

from domain.pages import Changed
from ocr.customary import RULE, Customary
from ocr.marks import Marks
from ocr.spelling import Spelt, spelt
from tests.ocr.test_marks import CHARSET, seen

CUSTOMARY = Customary(CHARSET, Marks(CHARSET))


def settled(*letters: str | dict[str, float], customary: Customary = CUSTOMARY) -> list[Spelt]:
    likely = seen(*letters)
    return customary.settled(spelt(likely.argmax(0), likely.max(0), CHARSET), likely)


def test_a_doubtful_word_that_nobody_writes_becomes_one_that_is_written_and_says_so() -> None:
    before, word = settled(*"tim ", {"r": 0.5, "k": 0.4}, *"hoa")
    assert before.text == "tim"
    assert word.text == "khoa"
    assert word.changed == Changed("rhoa", RULE)
    assert word.confidence == pytest.approx(0.5)


def test_a_letter_that_was_not_there_goes() -> None:
    likely = seen(*"bệ", {"r": 0.5}, *"nh")
    likely[0, 4] = 0.45
    (word,) = CUSTOMARY.settled(spelt(likely.argmax(0), likely.max(0), CHARSET), likely)
    assert (word.text, word.changed) == ("bệnh", Changed("bệrnh", RULE))
    assert len(word.peaks) == len(word.letters) == len(word.text)


@pytest.mark.parametrize(
    "letters",
    [
        ("r", "h", "o", "a"),
        ({"r": 0.95, "k": 0.05}, *"hoa"),
        ({"k": 0.5, "r": 0.4}, *"hoa"),
        (*"amlo", {"n": 0.6, "d": 0.4}, *"ipin"),
        (*"0", {"r": 0.5, "k": 0.4}, *"hoa"),
    ],
    ids=["sure", "clear", "written itself", "no syllable is like it", "beside a digit"],
)
def test_everything_else_stays(letters: tuple[str | dict[str, float], ...]) -> None:
    likely = seen(*letters)
    read = spelt(likely.argmax(0), likely.max(0), CHARSET)
    assert settled(*letters) == read


def test_without_weight_nothing_is_weighed() -> None:
    nothing = Customary(CHARSET, Marks(CHARSET, 0.0))
    assert settled({"r": 0.5, "k": 0.4}, *"hoa", customary=nothing)[0].text == "rhoa"
