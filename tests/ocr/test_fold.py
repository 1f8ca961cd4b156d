"""A folded sheet scanned open is two pages, the left one first; a form that lies on its side is one."""

from __future__ import annotations

from functools import cache
from random import Random

import numpy as np
import pytest

from domain.pages import Box, PageReading, Word
from ocr import fold, pictures, rules
from ocr.engine import Gray
from ocr.layout import arranged
from ocr.straighten import thumbnail_of_ink
from tests.generator import damage
from tests.generator.sheet import Page
from tests.ocr import layouts, pages, shapes

A3 = (2339, 3308)
"""Height and width at 200 dpi."""


@cache
def leaf() -> Page:
    """Two forms with tables, whose rows stand at the same heights."""
    return damage.noisy(shapes.opened(pages.clean("to_dieu_tri"), pages.clean(), 0.8), Random(5), 6)


def in_order(reading: PageReading, page: Page) -> float:
    return pages.alike([word.text for word in reading.words], page.text.split())


def on_the_scan(reading: PageReading, page: Page) -> list[float]:
    return [pages.shared(word.box, truth.box) for word, truth in pages.pairs(reading, page)]


def rows(left: float, right: float, count: int = 20) -> list[Word]:
    """Lines of four words, all as wide as from `left` to `right`."""
    wide = (right - left) / 4
    return [
        Word(f"dòng{row}", Box(x, 200 + 90 * row, x + wide - 12, 230 + 90 * row), 0.9, 0)
        for row in range(count)
        for x in (left + wide * number for number in range(4))
    ]


def found(words: list[Word], shape: tuple[int, int] = A3, grids: tuple[rules.Grid, ...] = ()) -> int:
    return len(fold.leaves(words, grids, shape))


@pytest.mark.parametrize("quarters", [0, 1, 3])
def test_of_a_double_leaf_the_left_page_is_read_to_its_end_before_the_right(quarters: int) -> None:
    reading = pages.read(damage.turned(leaf(), quarters))
    assert pages.recall(reading, leaf()) > 0.97
    assert in_order(reading, leaf()) > 0.95


def test_leaves_of_a_book_that_lean_each_its_own_way_are_both_read_straight() -> None:
    left, right = damage.skewed(pages.clean("benh_an_noi_khoa"), -1.4), damage.skewed(pages.clean("to_dieu_tri"), 1.4)
    book = shapes.opened(left, right)
    reading = pages.read(book)
    assert pages.recall(reading, book) > 0.98
    assert in_order(reading, book) > 0.97
    places = sorted(on_the_scan(reading, book))
    assert len(places) > 100
    assert places[len(places) // 10] > 0.4
    assert reading.skew_degrees == pytest.approx(0, abs=0.2)
    assert [line[0].line for line in reading.lines] == list(range(len(reading.lines)))


@pytest.mark.parametrize(("leans", "parts"), [((0.0, 0.0), 1), ((1.1, 1.1), 1), ((0.0, 0.3), 1), ((-0.8, 0.6), 2)])
def test_only_leaves_that_lean_differently_are_set_straight_apart(leans: tuple[float, float], parts: int) -> None:
    left, right = (damage.skewed(pages.clean("benh_an_noi_khoa"), lean) for lean in leans)
    ink = thumbnail_of_ink(pictures.reading_copy(shapes.opened(left, right).image))
    found = fold.leaning(ink, 3306)
    assert len(found) == parts
    assert (found[0].start, found[-1].end) == (0, 3306)
    assert [part.lean for part in found] == pytest.approx(leans if parts > 1 else [sum(leans) / 2], abs=0.25)


def test_a_lying_page_of_one_piece_is_set_straight_as_one() -> None:
    slip = damage.skewed(shapes.upper_half(pages.clean("benh_an_noi_khoa")), 1.0)
    assert len(fold.leaning(thumbnail_of_ink(pictures.reading_copy(slip.image)), slip.image.width)) == 1


def test_cells_of_tables_on_both_leaves_hold_the_words_that_stand_in_them() -> None:
    reading = pages.read(leaf())
    assert {cell.table for cell in reading.cells} == {0, 1}
    assert sum(cell.end > cell.start for cell in reading.cells) > 20
    for cell in reading.cells:
        for word in reading.words[cell.start : cell.end]:
            x, y = word.box.middle
            assert cell.box.x0 - 9 < x < cell.box.x1 + 9
            assert cell.box.y0 - 9 < y < cell.box.y1 + 9


def test_the_head_of_either_page_is_read_as_a_head() -> None:
    left, words, page = layouts.drawn(layouts.sheet("motto_head", "form_rows"))
    wide = left.shape[1]
    beside = [Word(w.text, Box(w.box.x0 + wide, w.box.y0, w.box.x1 + wide, w.box.y1), 0.9, 0) for w in words]
    gray: Gray = np.hstack([left, left])
    together = [*words, *beside]
    Random(1).shuffle(together)
    assert [word.text for word in arranged(together, gray, 200).words] == page.text.split() * 2


def test_a_white_band_between_two_pages_is_a_fold_and_a_shadow_in_it_is_no_word() -> None:
    both = rows(150, 1500) + rows(1800, 3150)
    assert found(both) == 2
    assert found([*both, Word("|", Box(1640, 0, 1668, 2339), 0.5, 0)]) == 2


@pytest.mark.parametrize(
    "words",
    [
        rows(150, 3150),
        rows(150, 1500) + rows(1800, 3150) + [Word("PHIẾU", Box(1560, 60, 1760, 110), 0.9, 0)],
        rows(150, 1500) + rows(1530, 3150),
        rows(150, 900) + rows(1100, 3150),
        rows(150, 1500) + rows(1800, 3150, 4),
        rows(150, 1500),
        [],
    ],
    ids=["lines across", "a title across", "no room for a fold", "a gap beside the middle", "a few lines", "one side", "nothing"],
)
def test_anything_else_that_lies_is_one_page(words: list[Word]) -> None:
    assert found(words) == 1


def test_an_upright_page_is_one_page_whatever_its_columns() -> None:
    assert found(rows(150, 1000, 20) + rows(1300, 2200, 20), (3308, 2339)) == 1


def test_a_table_across_the_middle_belongs_to_one_page() -> None:
    gray = np.full(A3, 255, np.uint8)
    for x in (140, 1650, 3200):
        gray[150:2200, x - 2 : x + 2] = 0
    for y in range(150, 2201, 205):
        gray[y - 2 : y + 2, 140:3200] = 0
    words = rows(160, 1500) + rows(1800, 3150)
    grids = rules.grids(gray, 200)
    assert len(grids) == 1
    assert len(fold.leaves(words, grids, A3)) == 1
