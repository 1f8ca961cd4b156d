"""Our own recogniser, part by part: where lines stand, how they are cut, what is spelt, where words stand, whose word counts."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from PIL import Image, ImageDraw

from domain.errors import Broken, PartMissing
from domain.pages import Box, Changed, Word
from ocr import weights
from ocr.clean import evened
from ocr.engine import Cleaned, Gray
from ocr.fusion import agreed
from ocr.lines import LineFinder, place, strip
from ocr.pictures import reading_copy, turned
from ocr.places import extents
from ocr.recogniser import Recogniser
from ocr.spelling import spelt
from tests.generator import damage
from tests.generator.sheet import Page
from tests.ocr import pages

CHARSET = (" ", "a", "b", "ệ")


def lines_of(page: Page) -> np.ndarray:
    return LineFinder().find(evened(reading_copy(page.image)))


def test_every_word_stands_in_a_line_and_lines_fit_their_words() -> None:
    page = pages.clean("benh_an_noi_khoa")
    boxes = lines_of(page)
    shares, lonely = [], 0
    for x0, y0, x1, y1, sure in boxes:
        inside = [w.box for w in page.words if x0 < (w.box[0] + w.box[2]) / 2 < x1 and y0 < (w.box[1] + w.box[3]) / 2 < y1]
        lonely += not inside
        if inside:
            lows, highs = np.min(inside, axis=0), np.max(inside, axis=0)
            shares.append(pages.shared(Box(x0, y0, x1, y1), (lows[0], lows[1], highs[2], highs[3])))
        assert 0.5 < sure <= 1
    middles = [((w.box[0] + w.box[2]) / 2, (w.box[1] + w.box[3]) / 2) for w in page.words if len(w.text) > 1]
    held = [any(b[0] < x < b[2] and b[1] < y < b[3] for b in boxes) for x, y in middles]
    assert np.mean(held) > 0.98
    assert np.median(shares) > 0.7
    assert lonely < 0.15 * len(boxes)


def test_writing_too_small_for_the_first_look_is_found_by_the_second() -> None:
    page = pages.clean("benh_an_noi_khoa", 100)
    gray = reading_copy(page.image)
    nine = np.tile(gray, (3, 3))
    assert len(LineFinder().find(nine)) > 0.8 * 9 * len(LineFinder().find(gray))


def test_there_are_no_lines_on_white_paper() -> None:
    assert LineFinder().find(np.full((900, 700), 255, np.uint8)).shape == (0, 5)


def test_a_strip_shows_the_line_its_neighbours_and_white_beyond_the_page() -> None:
    gray = np.full((100, 300), 255, np.uint8)
    gray[0:40] = 200  # the box: 40 high, at the upper edge
    gray[40:100] = 100  # its neighbour below
    cut = strip(gray, (0, 0, 200, 40))
    (left, top), scale = place((0, 0, 200, 40))
    assert (left, top, cut.shape) == (-12, -8, (48, round(224 * scale)))
    assert (cut[:5, 30:150] == 255).all()
    assert (abs(cut[12:36, 30:150].astype(int) - 200) < 3).all()
    assert (cut[-4:, 30:150] < 110).all()
    assert (cut[:, :6] == 255).all()


@pytest.mark.parametrize("height", [20, 34, 60, 180])
def test_a_strip_is_48_pixels_high_whatever_the_line_and_keeps_thin_strokes(height: int) -> None:
    gray = np.full((3 * height, 12 * height), 255, np.uint8)
    gray[height : 2 * height, 5 * height : 5 * height + max(2, height // 12)] = 0
    cut = strip(gray, (height, height, 11 * height, 2 * height))
    assert cut.shape[0] == 48
    assert cut[24].min() < 150


def test_repeated_steps_are_one_character_and_a_pause_makes_two() -> None:
    steps = np.array([0, 2, 2, 0, 2, 1, 0, 3, 4, 0])
    sure = np.array([1, 0.5, 0.9, 1, 0.8, 1, 1, 0.5, 0.5, 1])
    first, second = spelt(steps, sure, CHARSET)
    assert (first.text, second.text) == ("aa", "bệ")
    assert first.confidence == pytest.approx(0.72)
    assert second.confidence == pytest.approx(0.25)
    assert first.first < first.last < second.first


def test_spaces_alone_are_no_word() -> None:
    assert spelt(np.array([1, 0, 1]), np.ones(3), CHARSET) == []


def test_words_end_where_their_ink_ends_and_part_at_the_widest_gap() -> None:
    ink = np.r_[10:20, 22:40, 60:75, 78:90, 300:310]  # "ab cd", and a speck far off
    assert extents(ink, [(15, 35), (65, 80)], 30) == [(10, 40), (60, 90)]


def test_words_that_a_rule_joins_do_not_touch() -> None:
    (_, right), (left, _) = extents(np.r_[10:90], [(15, 35), (65, 80)], 30)
    assert 35 <= right < left <= 65
    assert left - right >= 0.1 * 30


def test_words_stand_where_they_are_printed() -> None:
    page = pages.clean("benh_an_noi_khoa")
    gray = reading_copy(page.image)
    reading = pages.engine().read(Cleaned(gray, gray, 200))
    truth = {word.text: word.box for word in page.words if sum(w.text == word.text for w in page.words) == 1}
    found = [(word.box, truth[word.text]) for word in reading if word.text in truth]
    assert len(found) > 60
    assert np.median([pages.shared(box, wanted) for box, wanted in found]) > 0.7
    beside = [max(abs(box.x0 - wanted[0]), abs(box.x1 - wanted[2])) / box.height for box, wanted in found]
    assert np.percentile(beside, 90) < 0.2


def test_scribbles_and_grain_are_not_writing() -> None:
    rng = Random(4)
    image = Image.new("L", (1200, 1600), 255)
    draw = ImageDraw.Draw(image)
    for _ in range(25):
        x, y = rng.uniform(100, 1000), rng.uniform(100, 1500)
        draw.line([(x + rng.gauss(0, 60), y + rng.gauss(0, 25)) for _ in range(9)], fill=60, width=3, joint="curve")
    gray = np.asarray(image)
    assert len(pages.engine().read(Cleaned(gray, gray, 200))) <= 5


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_the_way_up_of_a_bad_scan_is_told(quarters: int) -> None:
    gray = evened(reading_copy(damage.bad(pages.clean("giay_ra_vien"), Random(8)).image))
    turn, sure = pages.engine().orientation(turned(gray, 90 * quarters))
    assert turn == (360 - 90 * quarters) % 360
    assert sure >= 2


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    for name in ("recogniser.onnx", "recogniser.json"):
        shutil.copy(weights.FOLDER / name, tmp_path)
    return tmp_path


def test_a_network_with_a_changed_byte_is_not_used(shipped: Path) -> None:
    path = shipped / "recogniser.onnx"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(Broken, match="recogniser_damaged"):
        Recogniser(shipped)


def test_a_card_that_cannot_be_read_is_damage(shipped: Path) -> None:
    card = json.loads((shipped / "recogniser.json").read_text())
    for text in ("{", "[]", json.dumps({**card, "stride": None})):
        (shipped / "recogniser.json").write_text(text)
        with pytest.raises(Broken, match="recogniser_damaged"):
            Recogniser(shipped)


@pytest.mark.parametrize("name", ["recogniser.onnx", "recogniser.json"])
def test_a_missing_file_is_a_missing_part(shipped: Path, name: str) -> None:
    (shipped / name).unlink()
    with pytest.raises(PartMissing, match="recogniser"):
        Recogniser(shipped)


def test_the_mark_of_the_file_is_part_of_the_name() -> None:
    assert weights.card(weights.FOLDER).sha256[:8] in pages.engine().name


def word(text: str, x: float, sure: float) -> Word:
    return Word(text, Box(x, 0, x + 90, 30), sure, 3)


def voted(own: Word, *others: Word) -> Word:
    (one,) = agreed([own], others)
    return one


def test_a_doubtful_word_gives_way_to_a_surer_one_and_keeps_its_place() -> None:
    own = word("ngưồi", 100, 0.1)
    assert voted(own, word("người", 104, 0.9)) == replace(own, text="người", confidence=0.9 - 0.7)
    assert voted(own, word("người", 104, 0.5)) == own


def test_a_sure_word_stays() -> None:
    own = word("Nguyen", 100, 0.8)
    assert voted(own, word("Nguyễn", 100, 1.0)) == own


def test_the_shape_of_a_syllable_counts() -> None:
    assert voted(word("ngưjk", 100, 0.25), word("người", 100, 0.8)).text == "người"
    assert voted(word("người", 100, 0.5), word("ngưjk", 100, 0.9)).text == "người"


@pytest.mark.parametrize(("own", "other"), [("37,5", "37,8"), ("O1", "01"), ("l", "1")])
def test_no_number_is_made_or_changed_by_a_vote(own: str, other: str) -> None:
    assert voted(word(own, 100, 0.1), word(other, 100, 1.0)).text == own


def test_what_a_rule_of_numbers_changed_is_not_changed_back_by_a_vote() -> None:
    own = replace(word("DK", 100, 0.1), changed=Changed("ĐK", "insurance_id"))
    assert voted(own, word("ĐK", 100, 1.0)) == own
    assert voted(own, word("DK", 100, 1.0)).changed == own.changed


def test_what_both_read_is_surer_than_either() -> None:
    assert voted(word("sốt", 100, 0.5), word("sốt", 100, 0.95)).confidence == pytest.approx(0.625)
    assert voted(word("37,5", 100, 0.5), word("37,5", 100, 0.95)).confidence == pytest.approx(0.625)


def test_where_words_are_parted_otherwise_our_own_reading_stays() -> None:
    own = word("ngườibệnh", 100, 0.2)
    halves = [replace(word(text, x, 1.0), box=Box(x, 0, x + 40, 30)) for text, x in (("người", 100), ("bệnh", 148))]
    assert voted(own, *halves) == own
    assert voted(own) == own


def test_reading_needs_nothing_but_the_picture() -> None:
    gray: Gray = np.full((20, 900), 255, np.uint8)
    assert pages.engine().read(Cleaned(gray, gray, 200)) == []
