"""What a scan lacks is told in numbers; what an ordinary scan has is not called a fault."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from domain.pages import Flag
from ocr import focus, quality
from tests.generator import damage
from tests.generator.sheet import Page
from tests.ocr import pages

SIDES = ("left", "top", "right", "bottom")


def flags_of(page: Page) -> dict[str, Flag]:
    return {flag.code: flag for flag in quality.flags(np.asarray(page.image.convert("L")), page.dpi)}


def turned_to(page: Page, side: str) -> Page:
    """With that side on the left."""
    return damage.turned(page, -SIDES.index(side))


def grained(page: Page) -> Page:
    """As a sensor and a JPEG show it."""
    return damage.pressed(damage.noisy(page, Random(1), 8), 75)


def out_of_focus(page: Page, millimetres: float) -> Page:
    return grained(damage.blurred(page, millimetres / 25.4 * page.dpi))


@pytest.mark.parametrize("slug", ["giay_ra_vien", "phieu_xet_nghiem", "benh_an_noi_khoa"])
@pytest.mark.parametrize("dpi", [100, 150, 300])
def test_ordinary_and_bad_scans_are_neither_blurred_nor_cut_nor_bordered(slug: str, dpi: int) -> None:
    page = pages.clean(slug, dpi)
    for hurt in (damage.ordinary, damage.bad):
        assert flags_of(hurt(page, Random(dpi))).keys() <= {"low_dpi", "faint", "dark"}


@pytest.mark.parametrize("dpi", [150, 200, 300])
def test_a_page_out_of_focus_is_blurred_and_asks_for_a_new_scan_when_words_are_lost(dpi: int) -> None:
    page = pages.clean("benh_an_noi_khoa", dpi)
    assert "blurred" not in flags_of(out_of_focus(page, 0.2))
    assert flags_of(out_of_focus(page, 0.32))["blurred"].value == pytest.approx(0.7, abs=0.09)
    assert flags_of(out_of_focus(page, 0.42))["blurred"].rescan


@pytest.mark.parametrize("shape", [(1, 9), (9, 1)])
def test_a_page_that_moved_in_one_direction_is_blurred(shape: tuple[int, int]) -> None:
    page = pages.clean("benh_an_noi_khoa")
    smear = np.asarray(page.image.convert("L"), np.float32)
    moved = sum(np.roll(smear, step, axis=int(shape[0] == 1)) for step in range(9)) / 9
    assert "blurred" in flags_of(grained(replace(page, image=Image.fromarray(np.asarray(moved, np.uint8)))))


def test_a_soft_picture_on_a_sharp_page_does_not_make_it_blurred() -> None:
    page = pages.clean("benh_an_noi_khoa")
    ultrasound = (
        Image.effect_noise((900, 700), 120).filter(ImageFilter.GaussianBlur(8)).point(lambda v: min(255, 4 * abs(v - 110)))
    )
    image = page.image.copy()
    image.paste(ultrasound, (350, 1400))
    assert flags_of(grained(replace(page, image=image))) == {}


def test_of_nothing_written_nobody_can_tell_how_sharp_it_is() -> None:
    paper = np.full((2339, 1653), 240, np.uint8)
    assert focus.edge_width(paper, 200) == 0.0
    assert focus.edge_width(paper[:30, :20], 200) == 0.0
    assert quality.flags(paper[:30, :20], 200)[0].code == "faint"


@pytest.mark.parametrize("side", SIDES)
def test_writing_that_runs_out_of_the_picture_asks_for_a_new_scan(side: str) -> None:
    page = turned_to(grained(damage.skewed(pages.clean("benh_an_noi_khoa"), 0.5)), side)
    ink = np.asarray(page.image.convert("L")) < 140
    strokes = np.diff(ink.astype(np.int8), axis=0, prepend=0).clip(0).sum(axis=0)
    left = next(x for x in range(1, page.image.width) if strokes[x] >= 12) + 8
    whole = flags_of(turned_back(page, side))
    cut = flags_of(turned_back(replace(page, image=page.image.crop((left, 0, *page.image.size))), side))
    assert "cut_off" not in whole
    assert cut["cut_off"].value >= 3
    assert cut["cut_off"].rescan


def turned_back(page: Page, side: str) -> Page:
    return damage.turned(page, SIDES.index(side))


def test_rules_holes_and_a_signature_at_the_border_are_no_writing_that_runs_out() -> None:
    page = pages.clean("giay_ra_vien")
    image = page.image.copy()
    draw = ImageDraw.Draw(image)
    for y in range(300, 2000, 90):
        draw.line([(0, y), (400, y)], fill="black", width=3)
        draw.ellipse([-20, y + 20, 26, y + 60], fill="black")
    draw.arc([1500, 1700, 1720, 1900], 100, 280, fill="navy", width=4)
    draw.line([(1480, 1800), (1653, 1750)], fill="navy", width=4)
    assert "cut_off" not in flags_of(grained(replace(page, image=image)))


@pytest.mark.parametrize("side", SIDES)
def test_a_black_border_is_told_by_its_share_of_the_picture(side: str) -> None:
    page = turned_to(pages.clean("giay_ra_vien"), side)
    for millimetres, wanted in ((2, None), (15, False), (90, True)):
        image = page.image.copy()
        wide = round(millimetres / 25.4 * page.dpi)
        image.paste((12, 12, 14), (0, 0, wide, image.height))
        found = flags_of(turned_back(grained(replace(page, image=image)), side)).get("black_border")
        assert (found and found.rescan) is wanted
        assert found is None or found.value == pytest.approx(wide / image.width, abs=0.01)


def test_a_black_table_head_inside_the_page_is_no_border() -> None:
    page = pages.clean("giay_ra_vien")
    image = page.image.copy()
    image.paste((10, 10, 10), (60, 500, 1600, 900))
    assert "black_border" not in flags_of(grained(replace(page, image=image)))


def test_the_flags_of_a_scan_reach_its_reading() -> None:
    page = out_of_focus(pages.clean("giay_ra_vien"), 0.45)
    assert ("blurred", True) in [(flag.code, flag.rescan) for flag in pages.read(page).flags]
