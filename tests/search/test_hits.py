"""Where the words of a question stand on a page."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from domain.pages import Box, Changed, PageReading, Word
from domain.people import ALL
from domain.search import Query
from search.hits import locate
from search.settings import SearchSettings
from search.tantivy import TantivyIndex
from tests.search.invented import page

TEXT = """SỞ Y TẾ TỈNH A
Họ tên người bệnh: Nguyễn Thị Hường
Số lưu trữ: 24.00123/BV
Ngày vào viện 12/03/2019, khoa Nội
Chẩn đoán: viêm phổi, viêm họng
Hướng điều trị: kháng sinh"""


def _reading(text: str) -> PageReading:
    words = [
        Word(word, Box(100 * place, 50 * line, 100 * place + 90, 50 * line + 40), 0.9, line)
        for line, row in enumerate(text.splitlines())
        for place, word in enumerate(row.split())
    ]
    return PageReading(1, 1000, 1400, 300.0, words=tuple(words))


def _marked(query: str, text: str = TEXT) -> list[str]:
    reading = _reading(text)
    boxes = locate(reading, query).boxes
    return [word.text for word in reading.words if word.box in boxes]


def test_a_word_that_a_rule_chose_is_marked_as_it_stands_and_as_it_was_read() -> None:
    reading = _reading("Số CCCD: 024190000001")
    words = tuple(
        replace(word, changed=Changed("O24l90000001", "citizen_id")) if "9" in word.text else word for word in reading.words
    )
    reading = replace(reading, words=words)
    for query in ("024190000001", "o24l90000001", "O24l9"):
        assert locate(reading, query).boxes == (words[-1].box,)
        assert locate(reading, query).snippet == "Số CCCD: 024190000001"


def test_words_are_marked_with_and_without_tones() -> None:
    assert _marked("nguyen thi") == ["Nguyễn", "Thị"]
    assert _marked("Viêm Phổi") == ["viêm", "phổi,", "viêm"]


def test_the_last_word_is_marked_where_it_begins_a_word() -> None:
    assert _marked("khang si") == ["kháng", "sinh"]
    assert _marked("khan sinh") == ["sinh"], "only the last word is unfinished"


def test_codes_are_marked_whole_in_parts_and_however_they_are_written() -> None:
    for query in ("24.00123/bv", "24.00123", "2400123bv", "00123 ", "24 00123"):
        assert _marked(query) == ["24.00123/BV"], query
    assert _marked("12.03.2019") == ["12/03/2019,"]
    assert _marked("24.00123", "số 24 - 00123 của 00123 24") == ["24", "00123"]


def test_a_word_that_stands_nowhere_is_marked_where_one_letter_differs() -> None:
    assert _marked("nguyne") == ["Nguyễn"]
    assert _marked("hươmg") == ["Hường", "Hướng"]
    assert _marked("12345") == []


def test_the_lines_with_most_words_of_the_question_are_shown() -> None:
    hits = locate(_reading(TEXT), "huong viem phoi")
    assert hits.snippet == "Họ tên người bệnh: Nguyễn Thị Hường … Chẩn đoán: viêm phổi, viêm họng"
    assert [line.as_list() for line in hits.lines] == [[0, 50, 690, 90], [0, 200, 590, 240]]


def test_a_page_without_the_words_shows_its_first_lines() -> None:
    hits = locate(_reading(TEXT), "xyz")
    assert hits.boxes == ()
    assert hits.snippet == "SỞ Y TẾ TỈNH A … Họ tên người bệnh: Nguyễn Thị Hường"


def test_an_empty_page_and_an_empty_question_have_no_hits() -> None:
    assert locate(_reading(""), "viem").snippet == ""
    assert locate(_reading(TEXT), "").boxes == ()


def test_a_long_line_is_shortened_between_words() -> None:
    snippet = locate(_reading("viêm " + "dài " * 200), "viem").snippet
    assert len(snippet) <= 242
    assert snippet.endswith("dài …")


def test_whatever_the_index_finds_is_marked_on_the_page(tmp_path: Path) -> None:
    dice, index = random.Random(3), TantivyIndex(tmp_path, SearchSettings())
    words = [word for line in TEXT.splitlines() for word in line.split()]
    texts = {f"d{number}": " ".join(dice.choices(words, k=4)) for number in range(60)}
    index.replace([page(document, text=text, title="", kind=None) for document, text in texts.items()])
    for _ in range(100):
        query = " ".join(dice.choices([*words, "vie", "nguyne", "2019", "00123", "khangs"], k=dice.randrange(1, 3)))
        for hit in index.search(Query(query, ALL, limit=100)).pages:
            assert _marked(query, texts[hit.document]), f"{query!r} is nowhere in {texts[hit.document]!r}"
    index.close()
