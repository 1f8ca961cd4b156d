"""Smaller profiles: valid, legible, in colour, and never a stroke that was not in the scan."""

from __future__ import annotations

import functools
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from random import Random

import cv2
import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from domain.pages import Box, PageImage, PageReading, Zone
from pdfa import strokes
from pdfa.bind import bind
from pdfa.profile import Profile
from pdfa.record import Bound
from pdfa.settings import PdfaSettings
from tests import judges
from tests.cli.running import luuky
from tests.generator import damage, files
from tests.generator.sheet import Page
from tests.ocr import drawings
from tests.pdfa import codings, sheets
from tests.pdfa.sheets import RECORD

SMALLER = (Profile.BALANCED, Profile.COMPACT)
DPI = 250
MM = DPI / 25.4


@functools.cache
def _drawn() -> tuple[Page, dict[str, Box]]:
    """A page with a red seal, a blue signature across it and a photograph, as a scanner sees it, and where they are."""
    page = sheets.form().pages(DPI)[0]
    image, rng = page.image.convert("RGB"), Random(4)
    seal = drawings.seal(image, (130 * MM, 225 * MM), 36, DPI)
    signature = drawings.signature(image, (155 * MM, 240 * MM), DPI, rng)
    picture = drawings.photograph(image, (20, 200), (50, 60), DPI, rng)
    scanned = damage.pressed(damage.noisy(damage.blurred(replace(page, image=image), 0.6), rng, 5), 80)
    return scanned, {"stamp": seal, "signature": signature, "picture": picture}


def _scan(page: Page | None = None, quality: int = 85) -> PageImage:
    page = page or _drawn()[0]
    data = files.jpeg_bytes(page, quality)
    return PageImage(1, data, "image/jpeg", *page.image.size, float(page.dpi))


def _reading(rotation: int = 0, skew: float = 0.0) -> PageReading:
    page, drawn = _drawn()
    zones = (Zone("print", Box(0, 0, *page.image.size)), *(Zone(kind, box) for kind, box in drawn.items()))
    return replace(sheets.reading(page, rotation, skew), zones=zones)


def _bound(profile: Profile, out: Path, image: PageImage | None = None, reading: PageReading | None = None) -> Bound:
    return bind([(image or _scan(), reading or _reading())], RECORD, out, PdfaSettings(profile=profile))


def _shown(path: Path, dpi: float = DPI, page: int = 0) -> np.ndarray:
    with pypdfium2.PdfDocument(path) as pdf:
        return np.asarray(pdf[page].render(scale=dpi / 72).to_pil().convert("RGB"))


def _apart(one: np.ndarray, other: np.ndarray) -> float:
    """Mean difference in levels, after a blur that forgives grain."""
    high, wide = (min(one.shape[side], other.shape[side]) for side in (0, 1))
    first, second = (cv2.blur(picture[:high, :wide], (5, 5)).astype(np.int16) for picture in (one, other))
    return float(np.abs(first - second).mean())


def _stencils(path: Path, folder: Path) -> Iterator[tuple[np.ndarray, pikepdf.Matrix]]:
    """The ink of each stencil as jbig2dec sees it, and where it is put."""
    with pikepdf.open(path) as pdf:
        pictures, at = pdf.pages[0].Resources.XObject, pikepdf.Matrix()
        for step in pikepdf.parse_content_stream(pdf.pages[0]):
            if str(step.operator) == "cm":
                at = pikepdf.Matrix(*map(float, step.operands))
            elif str(step.operator) == "Do" and pictures[str(step.operands[0])].get("/ImageMask"):
                (folder / "x.jb2").write_bytes(pictures[str(step.operands[0])].read_raw_bytes())
                command = ["jbig2dec", "-e", "-t", "pbm", "-o", f"{folder}/x.pbm", f"{folder}/x.jb2"]
                subprocess.run(command, check=True, capture_output=True)
                with Image.open(folder / "x.pbm") as shown:
                    yield np.asarray(shown.convert("L")) < 128, at


@pytest.mark.parametrize("profile", SMALLER)
def test_every_coding_in_every_profile_is_a_valid_pdf_a_2u_that_looks_like_the_scan(profile: Profile, tmp_path: Path) -> None:
    names = list(codings.CODINGS)
    pages = []
    for name in names:
        image = codings.page(name)
        zone = Zone("print", Box(0, 0, image.width, image.height))
        pages.append((image, PageReading(1, image.width, image.height, image.dpi, zones=(zone,))))
    bound = bind(pages, RECORD, tmp_path / "out.pdf", PdfaSettings(profile=profile))
    verdict = judges.verapdf(bound.path)
    assert (verdict["compliant"], verdict["profile"]) == (True, "PDF/A-2U"), verdict
    for number, name in enumerate(names):
        scan = np.asarray(codings.CODINGS[name].shown().convert("RGB"))
        assert _apart(_shown(bound.path, pages[number][0].dpi, number), scan) < 10, name


@pytest.mark.parametrize("profile", SMALLER)
def test_the_words_can_still_be_selected_and_copied(profile: Profile, tmp_path: Path) -> None:
    bound = _bound(profile, tmp_path / "out.pdf")
    copied = subprocess.run(["pdftotext", "-raw", bound.path, "-"], check=True, capture_output=True, text=True).stdout
    assert copied.split() == [word.text for word in _reading().words]


def test_each_profile_is_smaller_than_the_one_before(tmp_path: Path) -> None:
    sizes = [_bound(profile, tmp_path / profile).bytes for profile in Profile]
    assert sizes[0] > 3 * sizes[1] > 6 * sizes[2]


@pytest.mark.parametrize("profile", SMALLER)
def test_seal_and_signature_keep_colour_and_shape(profile: Profile, tmp_path: Path) -> None:
    scan, drawn = _drawn()
    before, after = np.asarray(scan.image), _shown(_bound(profile, tmp_path / "out.pdf").path)
    for kind, strong, weak in (("stamp", 0, 2), ("signature", 2, 0)):
        box = drawn[kind]
        part = np.s_[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)]
        coloured = [picture[part][..., strong].astype(int) - picture[part][..., weak] for picture in (before, after)]
        was, is_ = (colour > 60 for colour in coloured)
        assert was.sum() > 2000
        assert (was & is_).sum() > (0.9 if profile is Profile.COMPACT else 0.2) * was.sum(), kind  # JPEG pales thin strokes
        assert (cv2.dilate(was.view(np.uint8), np.ones((3, 3))).view(bool) & is_).sum() > 0.95 * is_.sum(), kind


def test_black_print_gets_no_colour_from_yellow_paper(tmp_path: Path) -> None:
    page = sheets.form().pages(DPI)[0]
    yellowed = (np.asarray(page.image.convert("RGB")) * np.array([0.94, 0.9, 0.72])).astype(np.uint8)
    scan = damage.pressed(damage.noisy(replace(page, image=Image.fromarray(yellowed)), Random(1), 4), 80)
    reading = replace(sheets.reading(scan), zones=(Zone("print", Box(0, 0, *scan.image.size)),))
    bound = _bound(Profile.COMPACT, tmp_path / "out.pdf", _scan(scan), reading)
    with pikepdf.open(bound.path) as pdf:
        steps = pikepdf.parse_content_stream(pdf.pages[0])
        inks = [[float(value) for value in step.operands] for step in steps if str(step.operator) == "rg"]
    assert inks
    assert all(ink[2] <= ink[0] < ink[2] + 0.2 for ink in inks)


def test_the_stencils_are_the_thresholded_ink_to_the_pixel(tmp_path: Path) -> None:
    scan, drawn = _drawn()
    bound = _bound(Profile.COMPACT, tmp_path / "out.pdf")
    high, wide = scan.image.height, scan.image.width
    together = np.zeros((high, wide), np.uint8)
    for ink, at in _stencils(bound.path, tmp_path):
        left, bottom = round(at.e * DPI / 72), round(at.f * DPI / 72)
        assert ink.shape == (round(at.d * DPI / 72), round(at.a * DPI / 72))
        together[high - bottom - ink.shape[0] : high - bottom, left : left + ink.shape[1]] += ink
    assert together.max() == 1
    with Image.open(BytesIO(_scan().data)) as picture:
        samples = np.asarray(picture)
    expected = strokes.strokes(strokes.even(strokes.lightness(samples), MM), MM)
    box = drawn["picture"]
    expected[int(box.y0) : int(box.y1) + 1, int(box.x0) : int(box.x1) + 1] = False
    assert expected.mean() > 0.01
    assert np.array_equal(together.view(bool), expected)


def test_a_photograph_stays_one_and_is_no_stencil(tmp_path: Path) -> None:
    scan, drawn = _drawn()
    box = drawn["picture"]
    part = np.s_[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)]
    after = _shown(_bound(Profile.COMPACT, tmp_path / "out.pdf").path)
    assert _apart(after[part], np.asarray(scan.image)[part]) < 4


@pytest.mark.parametrize("rotation", [0, 90])
def test_a_turned_and_leaning_scan_is_placed_as_the_faithful_one_is(rotation: int, tmp_path: Path) -> None:
    stored = replace(_drawn()[0], image=_drawn()[0].image.rotate(rotation, expand=True))
    reading = _reading(rotation, 1.5)
    faithful, compact = (
        _bound(profile, tmp_path / profile, _scan(stored), reading) for profile in (Profile.FAITHFUL, Profile.COMPACT)
    )
    one, other = (_shown(bound.path, 100) for bound in (faithful, compact))
    assert one.shape == other.shape
    assert _apart(one, other) < 3


def test_a_page_nobody_could_read_keeps_one_picture(tmp_path: Path) -> None:
    unread = replace(_reading(), words=(), zones=())
    bound = _bound(Profile.COMPACT, tmp_path / "out.pdf", reading=unread)
    with pikepdf.open(bound.path) as pdf:
        assert len(pdf.pages[0].images) == 1
    assert bound.bytes < len(_scan().data) / 2


@pytest.mark.parametrize("profile", SMALLER)
def test_greys_stay_grey(profile: Profile, tmp_path: Path) -> None:
    grey = damage.grey(_drawn()[0])
    bound = _bound(profile, tmp_path / "out.pdf", _scan(grey))
    with pikepdf.open(bound.path) as pdf:
        spaces = {str(picture.get("/ColorSpace")) for picture in pdf.pages[0].images.values() if not picture.get("/ImageMask")}
    assert spaces == {"/DeviceGray"}
    shown = _shown(bound.path)
    assert np.ptp(shown, axis=2).max() <= 2


@pytest.mark.parametrize("profile", SMALLER)
def test_what_does_not_get_smaller_keeps_the_scanners_own_stream(profile: Profile, tmp_path: Path) -> None:
    page = sheets.page()
    image = sheets.coded(page.image, "jpeg", quality=3)
    reading = replace(sheets.reading(page), zones=(Zone("print", Box(0, 0, *page.image.size)),))
    bound = _bound(profile, tmp_path / "out.pdf", image, reading)
    with pikepdf.open(bound.path) as pdf:
        assert [picture.read_raw_bytes() for picture in pdf.pages[0].images.values()] == [image.data]


@pytest.mark.parametrize("profile", SMALLER)
def test_a_picture_that_breaks_off_is_bound_as_it_came(profile: Profile, tmp_path: Path) -> None:
    whole = _scan()
    broken = replace(whole, data=whole.data[: len(whole.data) // 2])
    bound = _bound(profile, tmp_path / "out.pdf", broken)
    with pikepdf.open(bound.path) as pdf:
        assert [picture.read_raw_bytes() for picture in pdf.pages[0].images.values()] == [broken.data]


@pytest.mark.parametrize("profile", SMALLER)
def test_the_same_page_gives_the_same_bytes(profile: Profile, tmp_path: Path) -> None:
    first, second = (_bound(profile, tmp_path / name) for name in ("a.pdf", "b.pdf"))
    assert first.sha256 == second.sha256


@pytest.mark.parametrize("size", [(1, 1), (8, 8), (2000, 40), (40, 2000)])
@pytest.mark.parametrize("mode", ["RGB", "L", "1"])
def test_pictures_of_unlikely_shape_are_bound_too(size: tuple[int, int], mode: str, tmp_path: Path) -> None:
    grain = np.random.default_rng(1).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    image = sheets.coded(Image.fromarray(grain).convert(mode), "png")
    zones = (Zone("print", Box(0, 0, *size)), Zone("picture", Box(0, 0, size[0] / 2, size[1] / 2)))
    for profile in SMALLER:
        _bound(profile, tmp_path / "out.pdf", image, PageReading(1, *size, image.dpi, zones=zones))


def test_digitise_takes_the_profile_from_the_command_or_else_from_the_setting(tmp_path: Path) -> None:
    scan = files.jpeg(sheets.form().pages(200)[0], tmp_path / "scan.jpg", quality=90)
    sizes = []
    for flags in ([], ["--profile", "faithful"]):
        out = tmp_path / f"{len(flags)}.pdf"
        assert luuky("digitise", scan, "-o", out, "--level", "fast", *flags, LUUKY_PDFA_PROFILE="compact").status == 0
        sizes.append(out.stat().st_size)
    assert 3 * sizes[0] < scan.stat().st_size < sizes[1]
