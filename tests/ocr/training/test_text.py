"""What the made-up lines may and must say."""

import unicodedata
from random import Random

import pytest

from ocr.training import figures, words
from ocr.training.characters import CHARACTERS, capitals
from ocr.training.syllables import spell, syllable
from ocr.training.terms import Terms
from ocr.training.text import Writer

KNOWN = set(CHARACTERS)
BASES = "aăâeêioôơuưy"
MARKS = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
ACCENTED = {unicodedata.normalize("NFC", base + mark) for base in BASES for mark in MARKS} - set(BASES) | set("ăâêôơưđ")
KINDS = (
    "heading", "label", "identifier", "boxed", "number", "date", "name", "place", "drug", "lab", "icd",
)  # fmt: skip


def said(writer, count):
    """Everything a writer says in that many rounds of all it can write."""
    for _ in range(count):
        rows = [writer.line(), writer.form_line(), writer.free_line(), *writer.table(), *writer.signature_block()]
        yield from (run.text for row in rows for run in row)
        yield from writer.paragraph(3)
        yield from (getattr(writer, kind)() for kind in KINDS)
        yield writer.syllables(5)


@pytest.fixture(params=["train", "test"])
def writer(request):
    return Writer(Random(4), request.param)


def test_a_line_holds_only_what_the_recogniser_can_write(writer):
    assert {char for text in said(writer, 150) for char in text} <= KNOWN


def test_every_text_is_nfc_with_single_spaces(writer):
    assert all(text == unicodedata.normalize("NFC", " ".join(text.split())) for text in said(writer, 100))


@pytest.mark.parametrize("name", words.names())
def test_every_entry_fills_its_slots_and_stays_within_the_characters(name):
    for part in ("train", "test"):
        terms = Terms(Random(1), part)
        for entry in words.entries(name, part):
            for column in entry:
                text = terms.fill(column.replace("{row}", "1").replace("{result_row}", "").replace("{icd_row}", ""))
                assert set(text) <= KNOWN, text
                assert not set(text) & set("{}"), text


def test_the_same_seed_says_the_same():
    assert list(said(Writer(Random(9), "train"), 30)) == list(said(Writer(Random(9), "train"), 30))
    assert list(said(Writer(Random(9), "train"), 30)) != list(said(Writer(Random(10), "train"), 30))


@pytest.mark.parametrize("name", sorted(words.DIVIDED))
def test_what_tests_show_was_never_shown_in_training(name):
    train, test = (words.entries(name, part) for part in ("train", "test"))
    assert test
    assert not {entry[0] for entry in train} & {entry[0] for entry in test}


def test_about_an_eighth_of_the_divided_vocabulary_is_kept_back():
    train, test = (sum(len(words.entries(name, part)) for name in words.DIVIDED) for part in ("train", "test"))
    assert 0.09 < test / (train + test) < 0.16


def test_a_given_name_of_the_test_part_reaches_no_name_of_training():
    held_out = {entry[0] for entry in words.entries("given_names", "test")}
    terms = Terms(Random(3), "train")
    assert not {terms.nickname().split()[-1] for _ in range(2000)} & held_out


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_yields_variety(writer, kind):
    assert len({getattr(writer, kind)() for _ in range(300)}) > 100


def test_lines_tables_and_signatures_yield_variety(writer):
    lines = {" ".join(run.text for run in writer.line()) for _ in range(500)}
    assert len(lines) > 470
    assert len({writer.table()[0][0].text + writer.table()[0][-1].text for _ in range(200)}) > 20


def test_labels_are_printed_and_their_values_filled_in(writer):
    lines = [writer.form_line() for _ in range(300)]
    assert all(not line[0].filled for line in lines)
    assert sum(any(run.filled for run in line) for line in lines) > 200


def test_a_table_has_one_header_and_rows_of_its_width(writer):
    for _ in range(200):
        header, *rows = writer.table()
        assert 3 <= len(rows) <= 10
        assert not any(run.filled for run in header)
        assert {len(row) for row in rows} == {len(header)}


def test_a_signature_block_names_a_capacity_and_mostly_a_person(writer):
    blocks = [writer.signature_block() for _ in range(200)]
    capacities = {capitals(entry[0]) for entry in words.entries("capacities", "train")}
    assert all(any(capitals(row[0].text) in capacities for row in block) for block in blocks)
    assert sum(block[-1][-1].filled for block in blocks) > 120


def test_a_paragraph_has_the_lines_asked_for(writer):
    for lines in range(1, 8):
        found = writer.paragraph(lines)
        assert len(found) == lines
        assert all(len(line) <= 95 for line in found)


def test_random_syllables_cover_every_accented_letter_in_both_cases():
    rng = Random(2)
    small = {char for _ in range(4000) for char in syllable(rng)}
    large = {char for _ in range(4000) for char in capitals(syllable(rng))}
    assert len(ACCENTED) == 67
    assert small >= ACCENTED
    assert {letter.upper() for letter in ACCENTED} <= large


def test_the_writers_own_syllables_reach_every_letter_in_capitals_too(writer):
    seen = {char for _ in range(2500) for char in writer.syllables(6)}
    assert not (ACCENTED | {letter.upper() for letter in ACCENTED}) - seen


@pytest.mark.parametrize(
    ("onset", "rhyme", "tone", "new_style", "spelled"),
    [
        ("h", "oa", "\u0300", False, "hòa"), ("h", "oa", "\u0300", True, "hoà"), ("th", "uy", "\u0309", False, "thủy"),
        ("th", "uy", "\u0309", True, "thuỷ"), ("c", "uy", "\u0301", False, "quý"), ("c", "oan", "\u0309", False, "quản"),
        ("c", "iêm", "\u0309", False, "kiểm"), ("ng", "iêng", "", False, "nghiêng"), ("g", "ê", "\u0301", False, "ghế"),
        ("gi", "iêng", "\u0301", False, "giếng"), ("gi", "a", "\u0300", False, "già"), ("", "iêu", "\u0301", False, "yếu"),
        ("ng", "uyên", "\u0303", False, "nguyễn"), ("kh", "uya", "", False, "khuya"), ("ng", "oai", "\u0300", False, "ngoài"),
        ("tr", "ươc", "\u0301", False, "trước"), ("c", "ua", "\u0309", False, "của"), ("m", "ia", "\u0301", False, "mía"),
        ("t", "oan", "\u0300", False, "toàn"), ("c", "oeo", "", False, "queo"), ("l", "ưu", "", False, "lưu"),
    ],
)  # fmt: skip
def test_parts_of_a_syllable_are_spelled_as_vietnamese_does(onset, rhyme, tone, new_style, spelled):
    assert spell(onset, rhyme, tone, new_style=new_style) == spelled


def test_numbers_keep_their_shape():
    rng = Random(5)
    assert all(len(figures.citizen(rng).replace(" ", "")) == 12 for _ in range(50))
    assert {len(figures.insurance(rng).replace(" ", "").replace("-", "")) for _ in range(200)} == {10, 15}
    assert all(7 <= float(figures.within(rng, "7.0", "9.5").replace(",", ".")) <= 9.5 for _ in range(50))
    assert all(figures.within(rng, "00", "09").startswith("0") for _ in range(20))


def test_capitals_leave_signs_that_have_no_capital():
    assert capitals("10 µmol/l, đường") == "10 µMOL/L, ĐƯỜNG"
