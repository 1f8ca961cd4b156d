"""Two sheets fed at once are told where their writing leans apart or the picture is too long; folds and rules never are."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from random import Random

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw

from ocr import overlap, quality
from tests.generator import damage
from tests.generator.sheet import Page
from tests.ocr import pages
from tests.ocr.layouts import drawn, sheet

DPI = 150
Floats = npt.NDArray[np.float32]


@cache
def written() -> Page:
    """A sheet full of lines."""
    return drawn(sheet("prose_columns", "form_rows", "prose_columns"), DPI)[2]


def pixels(page: Page) -> Floats:
    return np.asarray(page.image.convert("L"), np.float32)


def grained(light: Floats) -> npt.NDArray[np.uint8]:
    page = Page(Image.fromarray(np.clip(light, 0, 255).astype(np.uint8)).convert("RGB"), (), "", DPI)
    return np.asarray(damage.pressed(damage.noisy(damage.blurred(page, 0.5), Random(1), 8), 75).image.convert("L"))


def two_sheets(apart: float, height: int, length: int) -> npt.NDArray[np.uint8]:
    """The lower end of a sheet over one that leans by `apart` degrees: its edge casts a shadow on the other."""
    upper, lower = pixels(written()), pixels(damage.skewed(written(), apart))
    lower = np.concatenate([lower, lower])[length // 3 :]
    light = np.concatenate([upper[-height:] if height < len(upper) else upper, lower[: length - height]])
    off = (np.arange(length)[:, None] - height) * 25.4 / DPI
    shadow = 70 * np.exp(-((off / 0.2) ** 2)) + np.where(off > 0, 15 * np.exp(-np.clip(off, 0, 30)), 0)
    return grained(light - shadow)


def folded(page: Page, height: float, lean: float) -> npt.NDArray[np.uint8]:
    light = pixels(page)
    high, wide = light.shape
    off = (np.arange(high)[:, None] - height * high - np.tan(np.radians(lean)) * (np.arange(wide) - wide / 2)) * 25.4 / DPI
    return grained(light - 60 * np.exp(-((off / 0.25) ** 2)) - 8 * np.sign(off) * np.exp(-np.abs(off) / 4))


@pytest.mark.parametrize("apart", [-1.5, 0.9])
def test_writing_that_leans_apart_above_and_below_an_edge_is_of_two_sheets(apart: float) -> None:
    seen = overlap.second_sheet(two_sheets(apart, 900, 1754), DPI)
    assert seen == pytest.approx((1754 - 900) / DPI * 25.4, abs=3)


def test_a_picture_longer_than_any_sheet_with_an_edge_in_it_shows_two() -> None:
    gray = two_sheets(0.0, 1754, 2300)
    (flag,) = [flag for flag in quality.flags(gray, DPI) if flag.code == "double_feed"]
    assert flag.rescan
    assert flag.value == pytest.approx((2300 - 1754) / DPI * 25.4, abs=3)


@pytest.mark.parametrize("lean", [-0.8, 0.0, 0.5])
@pytest.mark.parametrize("height", [0.35, 0.5, 0.64])
def test_a_fold_is_no_second_sheet(lean: float, height: float) -> None:
    assert overlap.second_sheet(folded(damage.skewed(written(), 0.7), height, lean), DPI) == 0


def test_rules_from_border_to_border_and_long_slips_are_no_second_sheet() -> None:
    image = written().image.copy()
    draw = ImageDraw.Draw(image)
    for y in range(200, 1700, 260):
        draw.line([(0, y), (image.width, y)], fill="black", width=2)
    ruled = replace(written(), image=image)
    assert overlap.second_sheet(grained(pixels(damage.skewed(ruled, 1.2))), DPI) == 0
    strip = np.full((2600, 1240), 250, np.float32)
    strip[:1754] = pixels(written())
    assert overlap.second_sheet(grained(strip), DPI) == 0
    assert overlap.second_sheet(grained(strip[:60, :60]), DPI) == 0


@pytest.mark.parametrize("seed", range(3))
def test_ordinary_and_bad_pages_are_single(seed: int) -> None:
    page = pages.clean("benh_an_noi_khoa", 200)
    for hurt in (damage.ordinary, damage.bad):
        assert "double_feed" not in {
            flag.code for flag in quality.flags(np.asarray(hurt(page, Random(seed)).image.convert("L")), 200)
        }
