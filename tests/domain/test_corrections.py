"""Corrections on a reading: they hold where they were made, say who and when, and lose nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as some

from domain.corrections import Taught, WordCorrection, applied, lines, taught
from domain.pages import Box, Cell, Changed, PageReading, Word, around
from domain.sidecar import page_as_json, page_from_json

AT = datetime(2026, 11, 29, 10, 0, 0, tzinfo=UTC)
HEIGHT, STEP = 20, 12


def row(text: str, line: int = 0, top: float = 0.0, left: float = 0.0) -> list[Word]:
    """Words set one after the other, twelve pixels a letter."""
    words, x = [], left
    for part in text.split():
        words.append(Word(part, Box(x, top, x + STEP * len(part), top + HEIGHT), 0.5, line))
        x += STEP * (len(part) + 1)
    return words


def page(*texts: str) -> PageReading:
    words = [word for n, text in enumerate(texts) for word in row(text, n, 40.0 * n)]
    return PageReading(1, 1000, 1400, 100.0, words=tuple(words))


def over(words, text, number=1, **more) -> WordCorrection:
    read = " ".join(word.text for word in words)
    return WordCorrection(number, 1, around(words), read, text, more.pop("by", "lan"), more.pop("at", AT), **more)


def test_a_corrected_word_keeps_its_place_and_says_what_was_read_by_whom_and_when() -> None:
    before = page("Họ tên Nguyên Van", "Tuổi 40")
    after, missed = applied(before, [over(before.words[2:3], "Nguyễn")])
    assert after.text == "Họ tên Nguyễn Van\nTuổi 40"
    assert after.words[2] == replace(
        before.words[2], text="Nguyễn", confidence=1.0, changed=Changed("Nguyên", by="lan", at="2026-11-29T10:00:00Z")
    )
    assert [word.changed for word in after.words].count(None) == 5
    assert missed == frozenset()


def test_a_rule_changed_it_before_and_still_what_was_read_first_is_told() -> None:
    word = replace(row("024190000001")[0], changed=Changed("O2419OOOOOO1", rule="citizen_id"))
    before = PageReading(1, 1000, 1400, 100.0, words=(word,))
    after, _ = applied(before, [over([word], "024190000002")])
    assert after.words[0].changed == Changed("O2419OOOOOO1", by="lan", at="2026-11-29T10:00:00Z")


def test_a_line_with_other_words_keeps_the_boxes_of_those_that_stay_and_shares_out_the_rest() -> None:
    before = page("Chẩn đoán viêmphổi nặng")
    after, _ = applied(before, [over(before.words, "Chẩn đoán viêm phổi nặng")])
    assert after.text == "Chẩn đoán viêm phổi nặng"
    boxes = [word.box for word in after.words]
    assert (boxes[0], boxes[1], boxes[4]) == (before.words[0].box, before.words[1].box, before.words[3].box)
    assert boxes[2].union(boxes[3]) == before.words[2].box
    assert boxes[2].x1 < boxes[3].x0
    assert [word.changed.read for word in after.words if word.changed] == ["Chẩn", "đoán", "viêmphổi", "viêmphổi", "nặng"]


def test_noise_that_a_person_leaves_out_is_still_told_as_read() -> None:
    before = page("|~ Lời dặn: nghỉ")
    after, _ = applied(before, [over(before.words, "Lời dặn: nghỉ")])
    assert after.text == "Lời dặn: nghỉ"
    assert after.words[0].changed is not None
    assert after.words[0].changed.read == "|~ Lời"


def test_the_newest_wins_and_what_is_taken_back_counts_no_more() -> None:
    before = page("Nguyen Van")
    first = over(before.words[:1], "Nguyễn", 1)
    once, _ = applied(before, [first])
    second = over(once.words[:1], "Ngyễn", 2, by="mai")
    assert applied(before, [second, first])[0].text == "Ngyễn Van"
    back = WordCorrection(3, 1, second.box, "Ngyễn", "", "mai", AT, takes_back=2)
    assert applied(before, [first, second, back])[0] == once
    again = WordCorrection(4, 1, first.box, "Nguyễn", "", "mai", AT, takes_back=1)
    assert applied(before, [first, second, back, again])[0] == before


def test_a_word_of_a_line_that_was_split_can_be_corrected_again() -> None:
    before = page("viêmphoi nang")
    once, _ = applied(before, [over(before.words[:1], "viêm phoi", 1)])
    twice, missed = applied(before, [over(before.words[:1], "viêm phoi", 1), over(once.words[1:2], "phổi", 2, by="mai")])
    assert twice.text == "viêm phổi nang"
    assert not missed
    assert [word.changed and (word.changed.read, word.changed.by) for word in twice.words] == [
        ("viêmphoi", "lan"),
        ("viêmphoi", "mai"),
        None,
    ]


def test_after_a_newer_reading_it_holds_where_the_same_words_stand() -> None:
    made = over(page("Nguyên Văn An").words[:2], "Nguyễn Văn")
    moved = [
        replace(word, box=Box(word.box.x0 + 3, word.box.y0 - 2, word.box.x1 + 2, word.box.y1)) for word in row("Nguyèn Vãn An")
    ]
    after, missed = applied(PageReading(1, 1000, 1400, 100.0, words=tuple(moved)), [made])
    assert after.text == "Nguyễn Văn An"
    assert not missed


def test_after_a_reading_that_parts_the_words_otherwise_nothing_is_swallowed_and_it_says_so() -> None:
    made = over(page("Nguyên Văn An").words[:2], "Nguyễn Văn")
    other = Word("NguyênVăn An", Box(0, 0, STEP * 13, HEIGHT), 0.5, 0)
    reading = PageReading(1, 1000, 1400, 100.0, words=(other,))
    assert applied(reading, [made]) == (reading, frozenset({1}))
    elsewhere = page("", "Nguyên Văn An")
    assert applied(elsewhere, [made]) == (elsewhere, frozenset({1}))


def test_cells_still_hold_their_words_when_there_are_more_or_fewer() -> None:
    words = (*row("Bảng"), *row("Mạch 80l/p", 1, 40.0), *row("Nhiệt độ", 1, 40.0, 400.0), *row("hết", 2, 80.0))
    cells = tuple(
        Cell(0, 0, n, 1, 1, Box(300.0 * n, 30, 300.0 * n + 290, 70), *span) for n, span in enumerate([(1, 3), (3, 3), (3, 5)])
    )
    before = PageReading(1, 1000, 1400, 100.0, words=words, cells=cells)
    after, missed = applied(before, [over(words[2:3], "80 l/p"), over(words[3:5], "Nhiệt-độ", 2)])
    assert not missed
    assert [" ".join(word.text for word in after.words[cell.start : cell.end]) for cell in after.cells] == [
        "Mạch 80 l/p",
        "",
        "Nhiệt-độ",
    ]
    assert [(line.start, line.stop) for line in lines(after)] == [(0, 1), (1, 4), (4, 5), (5, 6)]


def test_a_correction_never_reaches_from_one_cell_into_the_next() -> None:
    words = (*row("Mạch"), *row("80", 0, 0.0, 60.0))
    cells = (Cell(0, 0, 0, 1, 1, Box(0, 0, 50, 20), 0, 1), Cell(0, 0, 1, 1, 1, Box(50, 0, 99, 20), 1, 2))
    reading = PageReading(1, 1000, 1400, 100.0, words=words, cells=cells)
    assert applied(reading, [over(words, "Mạch 90")]) == (reading, frozenset({1}))


def test_what_was_vouched_for_teaches_piece_by_piece_as_it_was_read() -> None:
    before = page("Họ tên Nguyên Vãn An")
    one, _ = applied(before, [over(before.words[2:3], "Nguyễn", 1), over(before.words[3:4], "Văn", 2, by="mai")])
    words = before.words
    assert list(taught(one)) == [Taught(words[2].box, "Nguyên", "Nguyễn"), Taught(words[3].box, "Vãn", "Văn")]
    split, _ = applied(before, [over(words[2:4], "Nguyễn Văn Tám", 1)])
    again, _ = applied(before, [over(words[2:4], "Nguyễn Văn Tám", 1), over(split.words[4:5], "Tâm", 2)])
    assert list(taught(again)) == [Taught(around(words[2:4]), "Nguyên Vãn", "Nguyễn Văn Tâm")]
    assert list(taught(before)) == []


texts = some.lists(some.sampled_from(["a", "bb", "Nguyễn", "12/3", "||"]), min_size=1, max_size=7)


@given(texts, texts, some.data())
def test_whatever_is_written_stands_there_in_order_inside_the_line_and_comes_back_from_json(old, new, data) -> None:
    before = page("đầu dòng", " ".join(old), "cuối")
    start = data.draw(some.integers(0, len(old) - 1))
    stop = data.draw(some.integers(start + 1, len(old)))
    place = before.words[2 + start : 2 + stop]
    after, missed = applied(before, [over(place, " ".join(new))])
    assert not missed
    assert after.text.split("\n") == ["đầu dòng", " ".join([*old[:start], *new, *old[stop:]]), "cuối"]
    made = after.words[2 + start : 2 + start + len(new)]
    assert [word.box.x0 for word in made] == sorted(word.box.x0 for word in made)
    assert all(around(place).union(word.box) == around(place) for word in made)
    read = page_from_json(page_as_json(after))
    assert [(word.text, word.changed) for word in read.words] == [(word.text, word.changed) for word in after.words]
