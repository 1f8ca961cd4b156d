from dataclasses import replace
from random import Random

import pytest

from domain.pages import Box, PageReading, Word
from filing.layout import page_rows
from tests.filing.paper import page


def test_a_label_and_its_value_in_two_blocks_of_the_reader_are_one_row() -> None:
    words = (Word("Tên:", Box(100, 100, 180, 130), 0.9, 0), Word("LÊ", Box(700, 104, 740, 132), 0.9, 7))
    rows = page_rows(PageReading(1, 2480, 3508, 300, words=words), 1)
    assert [row.text for row in rows] == ["Tên: LÊ"]


@pytest.mark.parametrize("slope", [-2.0, 2.0])
def test_rows_stay_apart_on_a_leaning_page(slope: float) -> None:
    lines = [f"Dòng số {n}: một hai ba bốn năm sáu bảy tám chín mười\tcột hai dòng {n}\tcột ba dòng {n}" for n in range(12)]
    leaning = page(*lines, slope=slope)
    cut = replace(leaning, words=tuple(replace(w, line=w.line + 50 * (w.box.x0 > 1300)) for w in leaning.words))
    assert [row.text for row in page_rows(cut, 1)] == [line.replace("\t", " ") for line in lines]


def test_rows_do_not_depend_on_the_order_of_the_readers_words() -> None:
    one = page("Họ và tên: LÊ VĂN AN\tTuổi: 40", "Khoa: Nội\tGiường: 5")
    words = list(one.words)
    Random(3).shuffle(words)
    assert page_rows(replace(one, words=tuple(words)), 1) == page_rows(one, 1)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("tên:LÊ", ["tên:", "LÊ"]),
        ("tên:........LÊ", ["tên:", "LÊ"]),
        ("LÊ.......", ["LÊ"]),
        ("25/08/1998............", ["25/08/1998"]),
        ("10:49", ["10:49"]),
        ("........", []),
        ("21.258714", ["21.258714"]),
    ],
)
def test_labels_and_dotted_lines_glued_to_a_value_are_cut_off(word: str, parts: list[str]) -> None:
    rows = page_rows(page(word), 1)
    assert [token.text for row in rows for token in row.tokens] == parts


def test_the_parts_of_a_word_share_its_box() -> None:
    whole = page("tên:LÊ").words[0].box
    first, last = page_rows(page("tên:LÊ"), 1)[0].tokens
    assert first.box.x0 == whole.x0
    assert first.box.x1 == last.box.x0
    assert last.box.x1 == pytest.approx(whole.x1)
