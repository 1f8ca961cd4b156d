"""Numbers of persons and days that break their rule are read again under it: drawn lines, read by the real network."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from domain.pages import Changed, Word
from ocr.engine import Cleaned
from ocr.ruled import Rules
from ocr.spelling import Spelt, spelt
from tests.generator.sheet import font_file
from tests.ocr import pages

SANS, SERIF = "DejaVu Sans", "Noto Serif"
BROKEN = {
    (SANS, "Số CMND: l73562O18"): ("173562018", "old_id"),
    (SANS, "Số thẻ BHYT: N04363128787028"): ("NO4363128787028", "insurance_id"),
    (SANS, "BHYT số: HC5 55 678 19S2949"): ("1952949", "insurance_id"),
    (SANS, "Ngày sinh: l2/O3/2019"): ("12/03/2019", "date"),
    (SERIF, "CCCD: 03104S15442B"): ("031045154428", "citizen_id"),
}
KEPT = (
    "Số CCCD: 031045154429", "Số CCCD: 824190123456", "Số CMND: 173562018", "Số thẻ BHYT: HC5556781952949",
    "Mã số BHXH: 7710225624", "Ngày sinh: 31/12/1958", "Ngày cấp: 29-02-2020", "Số CCCD: 031 045 154 429",
)  # fmt: skip
HOPELESS = ("Sinh ngày: 32/01/2019", "Ngày cấp: 30/02/2019", "Số CCCD: 0310451544", "Số thẻ BHYT: 12345678901")
OTHERS = ("Mã BN: B31O45154429", "Số lô: B3054S6O", "Giá: 15.888.000", "Kết quả: 12O/8O", "Ngày khám: 6/8/36", "PHT-2019/32/7")


@cache
def page(font: str, lines: tuple[str, ...]) -> list[list[Word]]:
    """The words of lines, drawn one below the other and read."""
    face = ImageFont.truetype(str(font_file(font)), 34)
    image = Image.new("L", (1200, 80 + 70 * len(lines)), 255)
    for number, line in enumerate(lines):
        ImageDraw.Draw(image).text((60, 40 + 70 * number), line, font=face, fill=20)
    gray = np.asarray(image)
    found = pages.engine().lines(Cleaned(gray, gray, 200))
    return [line.words for line in sorted(found, key=lambda line: line.box[1])]


@pytest.mark.parametrize(("font", "line"), BROKEN)
def test_what_looks_like_the_right_character_becomes_it_and_the_first_reading_stays(font: str, line: str) -> None:
    (words,) = page(font, (line,))
    text, rule = BROKEN[font, line]
    (changed,) = [word for word in words if word.changed]
    assert changed.changed is not None
    assert (changed.text, changed.changed.rule) == (text, rule)
    assert changed.changed.read != text
    assert len(changed.changed.read) == len(text)
    assert changed.confidence < 0.98


def test_a_label_may_stand_in_another_line_of_the_row() -> None:
    (alone,) = page(SANS, ("l73562O18",))
    assert [(word.text, word.changed) for word in alone] == [("I73562018", None)]
    label, number = page(SANS, (f"Số CMND:{' ' * 26}l73562O18",))
    assert [word.text for word in label] == ["Số", "CMND:"]
    assert [(word.text, word.changed) for word in number] == [("173562018", Changed("I73562018", "old_id"))]


@pytest.mark.parametrize("lines", [KEPT, HOPELESS, OTHERS])
@pytest.mark.parametrize("font", [SANS, SERIF])
def test_what_keeps_its_rule_cannot_keep_it_or_has_none_is_not_touched(font: str, lines: tuple[str, ...]) -> None:
    read = page(font, lines)
    assert len(read) == len(lines)
    assert [word for words in read for word in words if word.changed] == []


def test_digits_apart_behind_a_label_are_one_word() -> None:
    spaced = {"Số CCCD: 0 3 1 0 4 5 1 5 4 4 2 9": "031045154429", "Thẻ BHYT: D N 4 7 9 0 1 2 3 4 5 6 7 8 9": "DN4790123456789"}
    words = [word for line in page(SANS, (*KEPT, *spaced)) for word in line if word.changed]
    assert [word.text for word in words] == list(spaced.values())
    for word, number in zip(words, spaced.values(), strict=True):
        assert word.changed is not None
        assert word.changed.read.replace(" ", "") == number
        assert " " in word.changed.read
        assert word.box.width > 20 * len(number)


CHARSET = tuple(" 0123456789/:CDOSinhgày")


def settled(*seen: str | dict[str, float]) -> list[Spelt]:
    """The words of a line of which the network said so: a step for each character, nothing between."""
    likely = np.zeros((len(CHARSET) + 1, 2 * len(seen)), np.float32)
    likely[0, 1::2] = 1
    for number, one in enumerate(seen):
        for char, chance in ({one: 1.0} if isinstance(one, str) else one).items():
            likely[CHARSET.index(char) + 1, 2 * number] = chance
    return Rules(CHARSET).settled(spelt(likely.argmax(0), likely.max(0), CHARSET), likely)


def last(words: Sequence[Spelt]) -> tuple[str, Changed | None]:
    return words[-1].text, words[-1].changed


def test_a_digit_for_a_digit_only_where_there_is_hardly_another() -> None:
    sure = settled(*"ngày ", {"3": 0.55, "1": 0.4, "2": 0.01}, *"2/01/2019")
    assert last(sure) == ("12/01/2019", Changed("32/01/2019", "date"))
    assert sure[-1].confidence == pytest.approx(0.55)
    unsure = settled(*"ngày ", {"3": 0.5, "1": 0.3, "2": 0.15}, *"2/01/2019")
    assert last(unsure) == ("32/01/2019", None)


def test_a_letter_that_may_be_two_digits_is_left() -> None:
    assert last(settled(*"CCCD: 0310451", {"D": 0.4, "3": 0.25, "8": 0.25}, *"4429")) == ("0310451D4429", None)
    read = settled(*"CCCD: 0310451", {"D": 0.42, "3": 0.4}, *"4429")
    assert last(read) == ("031045134429", Changed("0310451D4429", "citizen_id"))


def test_a_digit_that_ran_into_its_twin_comes_back() -> None:
    """Between two same digits the network must pause; where it hardly does they are read as one."""
    text = "CCCD: 031045154429"
    likely = np.zeros((len(CHARSET) + 1, 2 * len(text)), np.float32)
    likely[0, 1::2] = 1
    likely[[CHARSET.index(char) + 1 for char in text], range(0, 2 * len(text), 2)] = 1
    between = 2 * text.index("44") + 1
    likely[[0, CHARSET.index("4") + 1], between] = 0.45, 0.55
    read = spelt(likely.argmax(0), likely.max(0), CHARSET)
    assert read[-1].text == "03104515429"
    assert last(Rules(CHARSET).settled(read, likely)) == ("031045154429", Changed("03104515429", "citizen_id"))


def test_what_was_read_badly_as_a_whole_is_left() -> None:
    soup = [{char: 0.5, "C": 0.45} for char in "O31045154429"]
    assert last(settled(*"CCCD: ", *soup))[1] is None


def test_what_stands_beside_the_number_stays() -> None:
    words = settled(*"CCCD:", {"O": 0.6, "0": 0.4}, *"31045154429: 08/08/2008")
    assert [word.text for word in words] == ["CCCD:031045154429:", "08/08/2008"]
    assert words[0].changed == Changed("CCCD:O31045154429:", "citizen_id")
