"""Words go in as they were found; out they come as a person reads them, and in the cells of their tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.pages import Box, Cell, PageReading, Word
from domain.sidecar import page_as_json, page_from_json
from ocr.layout import Arranged, arranged
from ocr.rows import rows_of
from ocr.ticks import with_ticks
from tests.generator import damage
from tests.generator.sheet import Page, picture
from tests.ocr import layouts, pages

BLANK = np.full((1000, 1000), 255, np.uint8)


def word(text: str, x: float, y: float, height: float = 20) -> Word:
    return Word(text, Box(x, y, x + 12 * len(text), y + height), 0.9, 0)


def read_without_fault(*names: str, dpi: int = 200, font: str = "Noto Serif") -> tuple[Arranged, Page]:
    """A sheet with these things on it, its words arranged from any order of discovery."""
    gray, words, page = layouts.drawn(layouts.sheet(*names), dpi, font)
    Random(1).shuffle(words)
    return arranged(words, gray, dpi), page


def lines(words: Sequence[Word]) -> list[str]:
    numbers = sorted({word.line for word in words})
    return [" ".join(word.text for word in words if word.line == number) for number in numbers]


def inside(cell: Cell, words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words[cell.start : cell.end])


def test_words_of_a_row_are_sorted_whatever_the_order_of_discovery() -> None:
    rows = rows_of([word("c", 300, 52), word("d", 10, 90), word("a", 10, 50), word("b", 150, 48)])
    assert [[w.text for w in row] for row in rows] == [["a", "b", "c"], ["d"]]


def test_a_tall_letter_does_not_join_two_rows() -> None:
    words = [word(f"r{row}w{column}", 100 + column * 80, 40 + row * 30) for row in range(4) for column in range(4)]
    rows = rows_of([*words, word("I", 20, 40, height=110)])
    assert [" ".join(w.text for w in row if w.text != "I") for row in rows] == [
        " ".join(f"r{row}w{column}" for column in range(4)) for row in range(4)
    ]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900), st.integers(1, 60)), max_size=40))
def test_no_word_is_lost_or_doubled(places: list[tuple[int, int, int]]) -> None:
    words = [word(str(n), x, y, height=height) for n, (x, y, height) in enumerate(places)]
    found = arranged(words, BLANK, 200).words
    assert sorted(w.text for w in found) == sorted(w.text for w in words)
    assert [w.line for w in found] == sorted(w.line for w in found)


@pytest.mark.parametrize("name", layouts.SHEETS)
@pytest.mark.parametrize(("dpi", "font"), [(150, "DejaVu Sans"), (200, "Noto Serif"), (300, "FreeSerif")])
def test_a_paper_is_read_as_a_person_reads_it(name: str, dpi: int, font: str) -> None:
    found, page = read_without_fault(name, dpi=dpi, font=font)
    assert [w.text for w in found.words] == [w.text for w in page.words]


@pytest.mark.parametrize(
    "names", [("motto_head", "form_rows", "merged_table", "signatures"), ("crowded_head", "unruled_table", "signatures")]
)
def test_what_one_part_of_a_page_is_does_not_change_how_another_is_read(names: tuple[str, ...]) -> None:
    found, page = read_without_fault(*names)
    assert [w.text for w in found.words] == [w.text for w in page.words]


def test_fields_on_a_row_stay_on_a_row_and_columns_do_not() -> None:
    form = lines(read_without_fault("form_rows")[0].words)
    assert form[1] == "Buồng: 12 Giường: 4 Nhóm máu: O"
    assert form[-1] == "Nhịp thở 18 Cân nặng 52"
    assert lines(read_without_fault("motto_head")[0].words)[:5] == [*layouts.AUTHORITY, layouts.MOTTO[0]]


def test_every_word_of_a_table_is_in_the_cell_in_which_it_stands() -> None:
    found, page = read_without_fault("merged_table")
    shapes = {inside(cell, found.words): (cell.row, cell.column, cell.rows, cell.columns) for cell in found.cells}
    heads = dict(zip(layouts.HEADS, [(0, 0, 2, 1), (0, 1, 1, 2), (1, 1, 1, 1), (1, 2, 1, 1), (0, 3, 2, 1)], strict=True))
    days = {text: (row, column, 1, 1) for row, day in enumerate(layouts.DAYS, start=2) for column, text in enumerate(day)}
    assert shapes == heads | days
    for cell in found.cells:
        for w in found.words[cell.start : cell.end]:
            assert cell.box.x0 < w.box.x0 < w.box.x1 < cell.box.x1
            assert cell.box.y0 < w.box.middle[1] < cell.box.y1
    assert len(page.words) == sum(cell.end - cell.start for cell in found.cells)


def test_what_is_no_table_has_no_cells() -> None:
    for name in ("framed_corner", "form_rows", "unruled_table", "signatures"):
        assert read_without_fault(name)[0].cells == ()


def test_a_row_of_boxes_for_digits_is_one_line_of_the_form_and_no_table() -> None:
    gray = np.full((400, 1200), 255, np.uint8)
    words = [word("CCCD:", 40, 100)]
    for number in range(12):
        x = 150 + 40 * number
        gray[95:137, x : x + 42] = 0
        gray[97:135, x + 2 : x + 40] = 255
        words.append(word(str(number % 10), x + 12, 105))
    found = arranged(words, gray, 200)
    assert lines(found.words) == ["CCCD: 0 1 2 3 4 5 6 7 8 9 0 1"]
    assert found.cells == ()


@pytest.mark.parametrize(("dpi", "font"), [(150, "DejaVu Sans"), (200, "Noto Serif"), (300, "FreeSerif")])
def test_a_check_box_is_a_word_that_says_whether_it_is_marked(dpi: int, font: str) -> None:
    gray, words, _ = layouts.drawn(layouts.sheet("choices"), dpi, font)
    found = with_ticks(words, gray, dpi)
    assert lines(arranged(found, gray, dpi).words)[:3] == ["1. Nam ☑ 2. Nữ ☐ Cấp cứu ☑ ☑ Đúng tuyến"] * 3
    assert [w for w in words if w not in found] == []
    assert len(found) == len(words) + 12


def test_what_a_check_box_was_taken_for_gives_way_to_it_and_a_digit_in_it_does_not() -> None:
    gray, words, _ = layouts.drawn(layouts.sheet("choices"))
    for taken, wanted in (("X", "☑"), ("☐", "☑"), ("1", "1")):
        added = [with_ticks(words, gray, 200)[-12 + number] for number in range(12)]
        (marked,) = [w for w in added if w.text == "☑"][:1]
        read = with_ticks([*words, Word(taken, marked.box, 0.5, 0)], gray, 200)
        assert [w.text for w in read if w.box.middle == marked.box.middle] == [wanted]


@pytest.mark.parametrize("level", ["ordinary", "bad"])
def test_check_boxes_of_a_scan_are_read(level: str) -> None:
    page = getattr(damage, level)(picture(layouts.sheet("choices"), 200, "Noto Serif"), Random(6))
    text = pages.read(page).text
    assert text.startswith("1. Nam ☑ 2. Nữ ☐ Cấp cứu ☑")
    assert text.count("☑") + text.count("☐") >= 11
    assert "042158123456" in text


@pytest.mark.parametrize("level", ["ordinary", "bad"])
def test_wrapped_cells_of_a_scanned_table_are_read_one_by_one(level: str) -> None:
    page = getattr(damage, level)(pages.clean("to_dieu_tri"), Random(5))
    reading = pages.read(page)
    assert [(cell.row, cell.column) for cell in reading.cells] == [(row, column) for row in range(6) for column in range(3)]
    wanted = page.text[page.text.index("Ngày giờ") :].split()
    inner = [" ".join(w.text for w in reading.words[cell.start : cell.end]) for cell in reading.cells]
    assert pages.alike(" ".join(inner).split(), wanted[: len(" ".join(inner).split())]) > 0.9
    assert all(
        cell.box.x0 <= w.box.middle[0] <= cell.box.x1 for cell in reading.cells for w in reading.words[cell.start : cell.end]
    )


def test_results_of_a_scanned_table_stand_behind_their_names() -> None:
    text = pages.ordinary_reading().text.splitlines()
    rows = [line for line in pages.clean().text.splitlines() if line.endswith(("mmol/L", "U/L"))]
    assert len(rows) > 5
    assert len(set(rows) & set(text)) >= len(rows) - 2


def test_the_head_of_a_scan_is_read_before_what_stands_beside_it() -> None:
    text = pages.ordinary_reading().text.splitlines()
    assert [line.split(":")[0] for line in text[2:6]] == ["Khoa", "MS", "Số vào viện", "Mã người bệnh"]


def test_the_sidecar_keeps_the_cells_and_its_reference_names_their_members() -> None:
    found, page = read_without_fault("merged_table")
    reading = PageReading(1, *page.image.size, 200.0, words=found.words, cells=found.cells)
    value = page_as_json(reading)
    assert value["cells"][1] == {
        "table": 0, "row": 0, "column": 1, "rows": 1, "columns": 2, "box": found.cells[1].box.as_list(), "words": [1, 5],
    }  # fmt: skip
    again = page_from_json(value)
    assert [inside(cell, again.words) for cell in again.cells] == [inside(cell, found.words) for cell in found.cells]
    reference = (Path(__file__).parents[2] / "docs" / "reference" / "sidecar.md").read_text(encoding="utf-8")
    assert [name for name in ("cells", *value["cells"][0]) if f'"{name}"' not in reference] == []


def test_a_reading_kept_before_there_were_cells_is_read_back_without() -> None:
    value = page_as_json(PageReading(1, 100, 100, 200.0))
    del value["cells"]
    assert page_from_json(value).cells == ()
