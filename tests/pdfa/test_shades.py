"""Worn writing in the smallest profile: no letter goes unseen, no colour is lost, and it costs no picture."""

from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path
from random import Random

import cv2
import numpy as np
import pikepdf
import pypdfium2
from PIL import Image

from domain.pages import Box, PageImage, Zone
from pdfa.bind import bind
from pdfa.profile import Profile
from pdfa.settings import PdfaSettings
from tests.generator import damage, files
from tests.generator.sheet import Page
from tests.pdfa import sheets
from tests.pdfa.sheets import RECORD

DPI = 250
INKS = {"black": (20, 20, 20), "red": (200, 30, 50)}


@functools.cache
def _worn(ink: str) -> Page:
    """A page whose ribbon gave a third of its ink in one part of a letter and all of it in the next."""
    page = sheets.form().pages(DPI)[0]
    dark = 1 - np.asarray(page.image.convert("L"), np.float64) / 255
    wear = cv2.GaussianBlur(np.random.default_rng(3).normal(size=dark.shape), (0, 0), 0.035 * DPI)
    dark *= np.clip(0.5 + 0.4 * wear / wear.std(), 0.15, 1)
    colours = 255 - dark[..., None] * (255 - np.array(INKS[ink], np.float64))
    image = Image.fromarray(colours.astype(np.uint8))
    return damage.pressed(damage.noisy(damage.blurred(replace(page, image=image), 0.6), Random(5), 3), 85)


def _bound(page: Page, out: Path) -> tuple[np.ndarray, int]:
    """The page as shown, and how many pictures it has besides paper and stencils."""
    image = PageImage(1, files.jpeg_bytes(page, 85), "image/jpeg", *page.image.size, float(DPI))
    reading = replace(sheets.reading(page), zones=(Zone("print", Box(0, 0, *page.image.size)),))
    bind([(image, reading)], RECORD, out, PdfaSettings(profile=Profile.COMPACT))
    with pypdfium2.PdfDocument(out) as pdf:
        shown = np.asarray(pdf[0].render(scale=DPI / 72).to_pil().convert("RGB").resize(page.image.size))
    with pikepdf.open(out) as pdf:
        return shown, sum("/ImageMask" not in picture for picture in pdf.pages[0].Resources.XObject.values()) - 1


def _words(page: Page, shown: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Each word as scanned and as shown."""
    scan = np.asarray(page.image.convert("RGB"), np.float64)
    boxes = [word.box for word in sheets.reading(page).words]
    parts = [np.s_[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)] for box in boxes]
    return [(scan[part], shown[part].astype(np.float64)) for part in parts]


def test_worn_words_are_shown_in_shades_and_few_of_them_as_pictures(tmp_path: Path) -> None:
    page = _worn("black")
    shown, pictures = _bound(page, tmp_path / "out.pdf")
    assert pictures < 10
    for was, is_ in _words(page, shown):
        dark, drawn = (cv2.blur(255 - view.mean(axis=2), (3, 3)) for view in (was, is_))
        assert np.abs(dark - drawn).sum() < 0.4 * dark.sum()


def test_worn_red_stays_red(tmp_path: Path) -> None:
    page = _worn("red")
    shown, pictures = _bound(page, tmp_path / "out.pdf")
    assert pictures < 20
    views = zip(*_words(page, shown), strict=True)
    was, is_ = (np.concatenate([(word[..., 0] - word[..., 2]).ravel() for word in view]) for view in views)
    assert (was > 80).sum() > 5000
    assert (is_[was > 80] > 40).mean() > 0.95
