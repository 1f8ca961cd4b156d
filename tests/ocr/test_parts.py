"""The parts of reading, each on its own."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from domain.pages import Box, Word
from ocr import clean, quality, straighten, syllables
from ocr.fingerprint import fingerprint
from ocr.merge import merged
from ocr.preview import preview, previews
from ocr.settings import Level, OcrSettings
from tests.generator import damage
from tests.generator.sheet import Page
from tests.ocr import pages


def word(text: str, x: float, y: float, confidence: float = 0.9, height: float = 20) -> Word:
    return Word(text, Box(x, y, x + 12 * len(text), y + height), confidence, 0)


def ruled() -> np.ndarray:
    image = Image.new("L", (600, 400), 255)
    draw = ImageDraw.Draw(image)
    draw.rectangle([50, 50, 550, 350], outline=0, width=2)
    draw.line([(50, 200), (550, 200)], fill=0, width=2)
    draw.text((100, 190), "HHHHH", fill=0, font_size=24)
    return np.asarray(image)


def test_rules_vanish_and_the_strokes_that_cross_them_stay() -> None:
    before = ruled()
    after = clean.without_rules(before, 200)
    assert (after[198:203, 400:540] > 200).all()
    assert (after[60:340, 48:54] > 200).all()
    strokes = before[205:212, 100:180] < 128
    assert (after[205:212, 100:180][strokes] < 128).all()


def test_dotted_leaders_vanish_and_the_dots_of_letters_stay() -> None:
    image = Image.new("L", (800, 120), 255)
    draw = ImageDraw.Draw(image)
    draw.text((20, 40), "Kính ti ti ii", fill=0, font_size=32)
    for x in range(300, 760, 7):
        draw.ellipse([x, 70, x + 2, 72], fill=0)
    before = np.asarray(image)
    after = clean.without_leaders(before, 200)
    assert (after[:, 295:] > 200).all()
    assert np.array_equal(after[:, :280], before[:, :280])


def test_uneven_light_is_evened() -> None:
    shaded = np.asarray(damage.shaded(pages.clean("giay_ra_vien", 100), 0.6).image.convert("L"))
    evened = clean.evened(shaded)
    paper = [float(np.median(evened[:, start : start + 50])) for start in (50, 700)]
    assert min(paper) > 245


@pytest.mark.parametrize("degrees", [-11.0, -6.5, -2.0, -0.5, 0.0, 0.3, 1.7, 4.0, 10.0])
def test_the_lean_of_a_page_is_found(degrees: float) -> None:
    page = damage.skewed(pages.clean("giay_ra_vien", 100), degrees)
    assert straighten.lean(straighten.thumbnail_of_ink(np.asarray(page.image.convert("L")))) == pytest.approx(degrees, abs=0.2)


def test_white_paper_does_not_lean() -> None:
    assert straighten.lean(straighten.thumbnail_of_ink(np.full((800, 600), 255, np.uint8))) == 0


@settings(max_examples=40, deadline=None)
@given(
    degrees=st.floats(-8, 8),
    factor=st.floats(0.3, 1),
    x=st.floats(0, 350),
    y=st.floats(0, 550),
)
def test_a_point_of_the_straight_copy_goes_back_to_where_it_was(degrees: float, factor: float, x: float, y: float) -> None:
    copy = straighten.straightened(np.full((600, 400), 255, np.uint8), degrees, factor)
    point = copy.transform @ np.array([x, y, 1.0])
    box = copy.back(Box(point[0], point[1], point[0], point[1]))
    assert [box.x0, box.y0] == pytest.approx([x, y], abs=0.01)


def test_of_two_readings_the_surer_word_stays_and_lone_words_of_both() -> None:
    first = [word("Nguyên", 0, 0, 0.5), word("Thị", 100, 0, 0.9), word("alone", 500, 0, 0.2)]
    second = [word("Nguyễn", 1, 1, 0.8), word("Thi", 101, 1, 0.6), word("Hương", 200, 0, 0.9), word("§", 300, 0, 0.1)]
    assert {w.text for w in merged(first, second)} == {"Nguyễn", "Thị", "alone", "Hương"}


def test_vietnamese_makes_sense_and_upside_down_vietnamese_does_not() -> None:
    good = [
        word(text, 0, 0) for text in ("Họ", "và", "người", "bệnh", "Nguyễn", "Thị", "Hương", "042158123456", "nghiêng", "quyết")
    ]
    bad = [word(text, 0, 0, 0.4) for text in ("uøɹj", "ɓuøƃn", "ƃuɐ0", "xzq", "jklw", "~-tt", "Bqd")]
    assert syllables.sense(good) > 0.85
    assert syllables.sense(bad) < 0.2


def test_specks_are_noise_and_doubtful_syllables_and_numbers_are_not() -> None:
    noise = [word("~-", 0, 0, 0.3), word("Z⁄mgì", 0, 0, 0.1), word("—", 0, 0, 0.2)]
    kept = [
        word("-", 0, 0, 0.9),
        word("Nghiễm", 0, 0, 0.05),
        word("042158", 0, 0, 0.1),
        word("BHYT:", 0, 0, 0.1),
        word("Amoxicilin", 0, 0, 0.4),
    ]
    assert [w.text for w in [*noise, *kept] if not syllables.is_noise(w)] == [w.text for w in kept]


def test_letters_from_before_unicode_are_garbled_and_vietnamese_is_not() -> None:
    assert syllables.is_garbled(["BÖnh", "viÖn", "®a", "khoa", "huyÖn"])
    assert not syllables.is_garbled(["Creatinin", "53–120", "µmol/L", "37,5", "°C", "Bệnh", "ĐẶNG", "Ước"])
    assert not syllables.is_garbled([])


def flags_of(page: Page, dpi: float = 200) -> dict[str, bool]:
    gray = np.asarray(page.image.convert("L"))
    return {flag.code: flag.rescan for flag in quality.flags(gray, dpi)}


def test_a_good_scan_has_no_flag() -> None:
    assert flags_of(pages.clean("giay_ra_vien", 100)) == {}


def test_faint_dark_and_coarse_scans_are_flagged() -> None:
    page = pages.clean("giay_ra_vien", 100)
    assert flags_of(damage.faint(page, 0.15)) == {"faint": False}
    assert flags_of(damage.faint(page, 0.1)) == {"faint": True}
    assert flags_of(replace(page, image=Image.eval(page.image.convert("L"), lambda v: v // 3)))["dark"] is False
    assert flags_of(page, 150) == {"low_dpi": False}
    assert flags_of(page, 100) == {"low_dpi": True}


def test_a_badly_leaning_page_asks_for_a_new_scan() -> None:
    assert quality.of_position(0, 1.0) == ()
    assert [(f.code, f.rescan) for f in quality.of_position(90, -2.5)] == [("upside_down", False), ("skewed", False)]
    assert quality.of_position(0, 7.0)[0].rescan


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_the_preview_is_upright_and_no_wider_than_asked(rotation: int) -> None:
    page = damage.turned(pages.clean("giay_ra_vien", 100), -rotation // 90)
    picture = Image.open(io.BytesIO(preview(pages.scan(page), rotation, 400)))
    wanted = pages.clean("giay_ra_vien", 100).image.convert("L").resize(picture.size)
    assert picture.width == 400
    assert np.abs(np.asarray(picture.convert("L"), float) - np.asarray(wanted, float)).mean() < 6


def test_previews_come_in_both_sizes_and_are_never_made_larger() -> None:
    large, small = (Image.open(io.BytesIO(data)) for data in previews(pages.scan(pages.clean("giay_ra_vien", 100)), 0))
    assert (large.width, small.width) == (826, 240)
    assert large.format == small.format == "JPEG"


def test_the_fingerprint_changes_with_everything_the_reading_depends_on() -> None:
    image, standard, name = pages.scan(pages.clean("giay_ra_vien", 100)), OcrSettings(), pages.engine().name
    same = fingerprint("a" * 64, image, standard, name)
    assert same == fingerprint("a" * 64, replace(image, number=9, data=b""), standard, name)
    others = {
        fingerprint("b" * 64, image, standard, name),
        fingerprint("a" * 64, replace(image, dpi=300), standard, name),
        fingerprint("a" * 64, replace(image, orientation=3), standard, name),
        *(fingerprint("a" * 64, replace(image, turn=turn), standard, name) for turn in (0, 90)),
        fingerprint("a" * 64, replace(image, words=(word("x", 1, 1),)), standard, name),
        fingerprint("a" * 64, image, OcrSettings(level=Level.THOROUGH), name),
    }
    assert len(others | {same}) == 8
