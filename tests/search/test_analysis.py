"""Words as they are compared."""

from __future__ import annotations

import unicodedata

import pytest

from search.analysis import MAX_TERMS, folded_words, has_tones, terms, toned_words


def test_folding_takes_tones_hats_and_strokes() -> None:
    assert folded_words("NGUYỄN Thị Hường, Đặng") == ["nguyen", "thi", "huong", "dang"]


def test_composed_and_decomposed_letters_are_the_same_words() -> None:
    text = "Nguyễn Thị Hường khỏe"
    for words in (folded_words, toned_words):
        assert words(unicodedata.normalize("NFD", text)) == words(text)


@pytest.mark.parametrize(("old", "new"), [("hòa", "hoà"), ("thủy", "thuỷ"), ("khỏe", "khoẻ"), ("tòa", "toà")])
def test_old_and_new_places_of_the_tone_are_one_toned_word(old: str, new: str) -> None:
    assert toned_words(old) == toned_words(new)


def test_different_tones_and_hats_are_different_toned_words() -> None:
    words = ["ma", "má", "mà", "mả", "mã", "mạ", "mâ", "mấ", "mă", "mắ", "hường", "hương", "da", "đa"]
    assert len({toned_words(word)[0] for word in words}) == len(words)


def test_codes_are_held_whole_without_separators_and_in_parts() -> None:
    assert folded_words("24.00123/BV") == ["24.00123/bv", "2400123bv", "24", "00123", "bv"]


def test_endless_words_are_cut_alike_in_texts_and_questions() -> None:
    endless = "a" * 100_000
    assert folded_words(endless) == list(terms(endless)[0].forms) == ["a" * 64]


def test_only_the_last_word_of_a_question_is_unfinished() -> None:
    assert [term.begun for term in terms("viem phoi ph")] == [False, False, True]


def test_a_pasted_page_counts_as_its_first_words() -> None:
    assert len(terms("từ " * 5000)) == MAX_TERMS


def test_only_long_words_of_letters_may_err() -> None:
    assert [term.may_err for term in terms("nguyen huon 12345 a12345 24.001/bv")] == [True, False, False, False, False]


def test_marks_are_noticed() -> None:
    assert has_tones("Nguyen Thi Hường")
    assert not has_tones("NGUYEN thi 12/03")
