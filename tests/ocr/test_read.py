"""A page goes in, a reading comes out: words, boxes on the scan, the way up, the lean, the flags."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
import zxingcpp
from PIL import Image

from domain.errors import Unreadable
from domain.pages import Box, PageImage, Word
from ocr.engine import Cleaned, Gray
from ocr.read import read_page
from ocr.settings import Level, OcrSettings
from tests.generator import damage
from tests.ocr import pages


class NeverAsked:
    """A recogniser for pages that must not be recognised."""

    name = "never 0 vie"
    asked_first = True

    def read(self, page: Cleaned) -> list[Word]:
        raise AssertionError("recognised")

    def orientation(self, gray: Gray) -> tuple[int, float]:
        raise AssertionError("recognised")


def test_an_ordinary_scan_is_read_nearly_completely() -> None:
    assert pages.recall(pages.ordinary_reading(), pages.ordinary()) > 0.87


def test_numbers_that_name_a_patient_are_read_without_a_fault() -> None:
    person = pages.form().person
    text = pages.ordinary_reading().text
    assert person.citizen_id in text
    assert person.insurance_id in text
    assert person.name.upper() in text


def test_a_line_of_the_form_is_a_line_of_the_text() -> None:
    person = pages.form().person
    lines = pages.ordinary_reading().text.splitlines()
    wanted = f"1. Họ và tên (in hoa): {person.name.upper()} Giới tính: {person.sex}"
    assert wanted in lines
    assert lines[0].startswith("SỞ Y TẾ TỈNH BÌNH AN")


def test_boxes_stand_on_the_leaning_scan() -> None:
    found = pages.pairs(pages.ordinary_reading(), pages.ordinary())
    assert len(found) > 40
    shares = sorted(pages.shared(word.box, truth.box) for word, truth in found)
    assert shares[len(shares) // 2] > 0.7
    assert shares[len(shares) // 20] > 0.4


def test_the_lean_is_measured_clockwise_and_to_a_tenth_of_a_degree() -> None:
    assert pages.ordinary_reading().skew_degrees == pytest.approx(1.3, abs=0.15)
    assert pages.read(damage.skewed(pages.clean("giay_ra_vien"), -2.4)).skew_degrees == pytest.approx(-2.4, abs=0.15)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_fed_in_any_way_is_turned_upright(quarters: int) -> None:
    upright = pages.ordinary(0.7, "giay_ra_vien")
    reading = pages.read(damage.turned(upright, quarters))
    assert reading.rotation == (360 - 90 * quarters) % 360
    assert (reading.width, reading.height) == upright.image.size
    assert pages.recall(reading, upright) > 0.9
    assert all(pages.shared(word.box, truth.box) > 0.3 for word, truth in pages.pairs(reading, upright))
    assert [flag.code for flag in reading.flags] == ["upside_down"]


@pytest.mark.parametrize("turn", [0, 90])
def test_a_page_that_a_person_turned_is_read_so_and_no_other_way(turn: int) -> None:
    upright = pages.ordinary(0.7, "giay_ra_vien")
    lying = damage.turned(upright, 3)
    reading = read_page(replace(pages.scan(lying), turn=turn), pages.engine(), pages.FAST)
    assert reading.rotation == turn
    assert (reading.width, reading.height) == (upright.image.size if turn else lying.image.size)
    assert reading.skew_degrees == pytest.approx(0.7, abs=0.15)  # also where its lines run upwards, as a person wants it
    assert "upside_down" not in [flag.code for flag in reading.flags]
    assert (pages.recall(reading, upright) > 0.9) == bool(turn)
    if turn:
        assert all(pages.shared(word.box, truth.box) > 0.3 for word, truth in pages.pairs(reading, upright))


@pytest.mark.parametrize(("turn", "box"), [(90, (370, 10, 390, 50)), (180, (250, 370, 290, 390)), (270, (10, 250, 30, 290))])
def test_a_text_layer_turns_with_its_page(turn: int, box: tuple[float, ...]) -> None:
    layer = (Word("viện", Box(10, 10, 50, 30), 1.0, 0),)
    image = replace(pages.png(Image.new("L", (300, 400), "white")), words=layer, turn=turn)
    reading = read_page(image, NeverAsked(), pages.FAST)
    assert (reading.words[0].box, reading.rotation, reading.engine) == (Box(*box), turn, "text layer")
    assert (reading.width, reading.height) == ((400, 300) if turn % 180 else (300, 400))


def test_the_orientation_of_the_file_comes_before_everything_else() -> None:
    upright = pages.clean("giay_ra_vien")
    stored = damage.turned(upright, 3)
    reading = read_page(replace(pages.scan(stored), orientation=6), pages.engine(), pages.FAST)
    assert (reading.rotation, reading.width) == (0, upright.image.width)
    assert pages.recall(reading, upright) > 0.9


def test_a_red_seal_over_the_writing_does_not_hide_it() -> None:
    signer = pages.form("giay_ra_vien").fields["nguoi_ky"]
    assert signer in pages.read(damage.stamped(pages.clean("giay_ra_vien"), Random(1))).text


def test_a_bad_scan_is_read_for_the_most_part() -> None:
    page = damage.bad(pages.clean("giay_ra_vien"), Random(2))
    assert pages.recall(pages.read(page), page) > 0.8


def test_black_and_white_is_read_too() -> None:
    page = damage.bitonal(pages.clean("giay_ra_vien"))
    reading = read_page(pages.png(page.image), pages.engine(), pages.FAST)
    assert pages.recall(reading, page) > 0.9


def test_a_photograph_is_read() -> None:
    page = damage.photographed(pages.clean("giay_ra_vien"), Random(4))
    reading = pages.read(page)
    assert pages.recall(reading, page) > 0.85
    assert pages.form("giay_ra_vien").person.citizen_id in reading.text


def test_more_care_never_reads_fewer_words_and_says_so_in_nothing_but_words() -> None:
    page = damage.bad(pages.clean(), Random(5))
    fast, thorough = (pages.read(page, OcrSettings(level=level)) for level in (Level.FAST, Level.THOROUGH))
    assert pages.recall(thorough, page) >= pages.recall(fast, page)
    assert thorough.engine == fast.engine == pages.engine().name


def test_a_text_layer_is_used_and_nothing_is_recognised() -> None:
    words = tuple(Word(text, Box(x, 10, x + 40, 30), 1.0, 0) for text, x in (("viện", 60), ("Bệnh", 10), ("huyện", 110)))
    image = replace(pages.png(Image.new("L", (300, 400), "white")), words=words)
    reading = read_page(image, NeverAsked(), pages.FAST)
    assert (reading.text, reading.engine, reading.rotation, reading.blank) == ("Bệnh viện huyện", "text layer", 0, False)


def test_a_text_layer_from_before_unicode_is_not_believed() -> None:
    page = pages.clean("giay_ra_vien")
    garbled = tuple(Word(text, Box(1, 1, 9, 9), 1.0, 0) for text in ("BÖnh", "viÖn", "huyÖn", "S«ng", "M©y"))
    reading = read_page(replace(pages.scan(page), words=garbled), pages.engine(), pages.FAST)
    assert pages.recall(reading, page) > 0.9


def test_a_blank_page_is_called_blank_and_not_recognised() -> None:
    paper = damage.noisy(replace(pages.clean(), image=Image.new("RGB", (1653, 2339), (240, 236, 225))), Random(1), 6)
    reading = read_page(pages.scan(paper), NeverAsked(), pages.FAST)
    assert reading.blank
    assert reading.words == ()
    assert [flag.code for flag in reading.flags] == ["blank"]


@pytest.mark.parametrize("size", [(1, 1), (10, 10), (25, 33), (39, 3000)])
def test_a_picture_too_small_for_a_word_is_a_blank_page(size: tuple[int, int]) -> None:
    reading = read_page(pages.png(Image.new("L", size, "black")), NeverAsked(), pages.FAST)
    assert (reading.blank, reading.words, (reading.width, reading.height)) == (True, (), size)


def test_bar_codes_are_found_where_they_stand_also_upside_down() -> None:
    page = pages.clean("giay_ra_vien")
    code = Image.fromarray(zxingcpp.write_barcode(zxingcpp.BarcodeFormat.QRCode, "BN90730215|Nguyễn", 200, 200)).convert("RGB")
    image = page.image.copy()
    image.paste(code, (1200, 1800))
    reading = pages.read(damage.turned(replace(page, image=image), 2))
    (found,) = reading.barcodes
    assert (found.text, found.page, found.format) == ("BN90730215|Nguyễn", 1, "QRCode")
    assert pages.shared(found.box, (1200, 1800, 1200 + code.width, 1800 + code.height)) > 0.5


def test_a_damaged_picture_is_unreadable() -> None:
    image = pages.scan(pages.clean())
    with pytest.raises(Unreadable, match="broken"):
        read_page(replace(image, data=image.data[:2000]), pages.engine(), pages.FAST)


def test_boxes_are_in_pixels_of_the_scan_whatever_its_resolution() -> None:
    fine = pages.clean("giay_ra_vien", 400)
    reading = pages.read(fine)
    assert (reading.width, reading.height) == fine.image.size
    assert all(pages.shared(word.box, truth.box) > 0.4 for word, truth in pages.pairs(reading, fine))


def test_a_page_image_says_which_picture_it_is() -> None:
    image = PageImage(7, pages.scan(pages.clean()).data, "image/jpeg", 1653, 2339, 200, words=())
    assert read_page(image, NeverAsked(), pages.FAST).number == 7
