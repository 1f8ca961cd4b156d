"""Photographs of a sheet on a table are read as if it had been scanned; flat scans stay as they are."""

from __future__ import annotations

import statistics
from dataclasses import replace
from random import Random

import cv2
import numpy as np
import pytest
from PIL import ImageDraw

from ocr import pictures, sheet, view
from tests.generator import damage
from tests.generator.sheet import Page
from tests.ocr import pages, shapes

STRONG = shapes.Pose(22, -9, 6, 0.72)


def photo(pose: shapes.Pose, slug: str = "giay_ra_vien", size: tuple[int, int] = (2400, 3200)) -> Page:
    return shapes.photographed(pages.clean(slug, 300), pose, Random(7), size)


@pytest.mark.parametrize(("pose", "slug"), [(shapes.Pose(6, 4, -3, 0.8), "phieu_xet_nghiem"), (STRONG, "giay_ra_vien")])
def test_a_sheet_on_a_table_is_read_like_a_scan_and_its_words_stand_on_the_photograph(pose: shapes.Pose, slug: str) -> None:
    page = photo(pose, slug)
    reading = pages.read(page)
    assert (reading.width, reading.height) == page.image.size
    assert pages.recall(reading, page) > 0.97
    assert statistics.median(pages.shared(word.box, truth.box) for word, truth in pages.pairs(reading, page)) > 0.7
    assert not any(flag.rescan for flag in reading.flags)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_photograph_lying_on_its_side_is_turned_too(quarters: int) -> None:
    upright = photo(STRONG)
    reading = pages.read(damage.turned(upright, quarters))
    assert reading.rotation == (360 - 90 * quarters) % 360
    assert (reading.width, reading.height) == upright.image.size
    assert pages.recall(reading, upright) > 0.97
    assert statistics.median(pages.shared(word.box, truth.box) for word, truth in pages.pairs(reading, upright)) > 0.7


def test_the_lean_of_a_photographed_sheet_is_that_of_its_lines_on_the_photograph() -> None:
    page = photo(shapes.Pose(0, 0, 7, 0.8))
    assert pages.read(page).skew_degrees == pytest.approx(7, abs=0.3)


def test_the_corners_are_found_just_inside_the_sheet() -> None:
    found = sheet.find(photo(STRONG).image)
    assert found is not None
    wide, high = pages.clean("giay_ra_vien", 300).image.size
    onto = shapes.camera((wide, high), STRONG, (2400, 3200))
    truth = cv2.perspectiveTransform(np.array([[(0.0, 0), (wide, 0), (wide, high), (0, high)]]), onto)[0]
    assert np.abs(found.corners - truth).max() < 20
    assert all(cv2.pointPolygonTest(truth.astype(np.float32), corner, measureDist=True) > 4 for corner in found.corners.tolist())


@pytest.mark.parametrize(
    "scan",
    [
        pages.ordinary(),
        damage.bad(pages.clean(), Random(2)),
        damage.shaded(pages.clean(), 0.5),
        shapes.on_glass(pages.clean(), Random(1), 2.5),
        damage.bitonal(pages.clean()),
        shapes.opened(pages.clean(), pages.clean("giay_ra_vien")),
    ],
)
def test_a_flat_scan_is_read_pixel_for_pixel_as_it_is(scan: Page) -> None:
    picture = pictures.decode(pages.scan(scan))
    seen = view.of(picture, 200, 150)
    assert seen.sheet is None
    assert np.array_equal(seen.gray, pictures.scaled(pictures.reading_copy(picture), 0.75))
    assert (seen.dpi, seen.fine, seen.lean) == (150, 200, 0)


def test_a_frame_on_the_page_is_no_sheet() -> None:
    page = pages.clean("giay_ra_vien").image.copy()
    ImageDraw.Draw(page).polygon([(200, 260), (1400, 180), (1480, 2100), (160, 2000)], outline=(0, 0, 0), width=6)
    assert sheet.find(page) is None


def test_a_sheet_that_runs_out_of_the_picture_is_left_as_it_is() -> None:
    page = photo(STRONG)
    assert sheet.find(page.image.crop((700, 0, *page.image.size))) is None


def test_with_the_lid_open_a_page_is_read_as_well() -> None:
    page = shapes.on_glass(pages.clean("giay_ra_vien"), Random(3), 3.0)
    reading = pages.read(page)
    assert pages.recall(reading, page) > 0.97
    assert {flag.code for flag in reading.flags} == {"black_border", "skewed"}


def test_where_the_sheet_is_on_the_open_glass_is_known() -> None:
    page = shapes.on_glass(pages.clean("giay_ra_vien"), Random(3), 3.0)
    inside = view.of(page.image, 200, 200).paper
    assert inside is not None
    part = pictures.reading_copy(page.image)[round(inside.y0) : round(inside.y1), round(inside.x0) : round(inside.x1)]
    assert min(part[0].min(), part[-1].min(), part[:, 0].min(), part[:, -1].min()) > 200
    assert part.size > 0.85 * pages.clean("giay_ra_vien").image.width * pages.clean("giay_ra_vien").image.height


def test_a_crooked_sheet_on_the_open_glass_is_set_straight() -> None:
    page = shapes.on_glass(pages.clean("giay_ra_vien"), Random(3), 14.0, 0.15)
    reading = pages.read(page)
    assert reading.skew_degrees == pytest.approx(14, abs=0.3)
    assert pages.recall(reading, page) > 0.9


def test_a_folded_corner_and_a_thumb_on_the_edge_hide_no_sheet() -> None:
    page = pages.clean("giay_ra_vien", 150)
    image = page.image.copy()
    ImageDraw.Draw(image).polygon([(image.width, 0), (image.width - 90, 0), (image.width, 90)], fill=(110, 90, 70))
    seen = shapes.photographed(replace(page, image=image), STRONG, Random(2), (1500, 2000)).image
    ImageDraw.Draw(seen).ellipse((600, 1480, 760, 2100), fill=(196, 150, 128))
    found = sheet.find(seen)
    assert found is not None
    truth = cv2.perspectiveTransform(
        np.array([[(0.0, 0), (image.width, 0), image.size, (0, image.height)]]), shapes.camera(image.size, STRONG, (1500, 2000))
    )[0]
    assert np.abs(found.corners - truth).max() < 14
