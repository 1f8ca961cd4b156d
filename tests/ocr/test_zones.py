"""The parts of a page are told apart: print, stamps, signatures, tables, pictures and nothing; what is drawn is not read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from random import Random

import numpy as np
import pytest
from PIL import Image

from domain.pages import Box, Cell, PageReading, Word, Zone
from ocr import view, zones
from ocr.glance import glance
from tests.generator import damage
from tests.generator.sheet import Page
from tests.ocr import drawings, pages, shapes
from tests.ocr.pages import shared

DRAWN = {"stamp", "signature", "picture"}


@cache
def paper(slug: str = "giay_ra_vien", dpi: int = 200) -> Page:
    return pages.clean(slug, dpi)


def scanned(page: Page, seed: int = 1) -> Page:
    """As a scanner gives it, upright."""
    worn = damage.pressed(damage.noisy(damage.blurred(page, 0.6), Random(seed), 8), 75)
    return damage.grey(worn) if page.image.mode == "L" else worn


def known(page: Page) -> list[Word]:
    """Its words as a faultless reader gives them."""
    return [Word(word.text, Box(*word.box), 0.98, number) for number, word in enumerate(page.words)]


def told(page: Page, words: list[Word] | None = None, cells: tuple[Cell, ...] = ()) -> zones.Told:
    image = scanned(page).image
    return zones.told(glance(view.of(image, page.dpi, 300), image, 0), known(page) if words is None else words, cells)


def edges(box: Box) -> tuple[float, float, float, float]:
    return box.x0, box.y0, box.x1, box.y1


def of_kind(found: tuple[Zone, ...], *kinds: str) -> list[Box]:
    return [zone.box for zone in found if zone.kind in kinds]


def with_drawing(draw: Callable[[Image.Image], Box], *, gray: bool = False, dpi: int = 200) -> tuple[Page, Box]:
    """The discharge letter, its lower half free, with something drawn on it."""
    page = paper(dpi=dpi)
    image = page.image.convert("L" if gray else "RGB")
    box = draw(image)
    return replace(page, image=image), box


def where_signed(page: Page) -> tuple[float, float]:
    """Between the signer's title and name."""
    name = [word for word in page.words if abs(word.box[3] - page.words[-1].box[3]) < 4]
    return (name[0].box[0] + name[-1].box[2]) / 2, name[0].box[1] - 24 * page.dpi / 72


@pytest.mark.parametrize("slug", ["giay_ra_vien", "to_dieu_tri", "benh_an_noi_khoa", "don_thuoc"])
@pytest.mark.parametrize("dpi", [100, 200, 300])
def test_an_ordinary_page_has_no_pictures_stamps_or_signatures(slug: str, dpi: int) -> None:
    page = paper(slug, dpi)
    for hurt in (damage.skewed(page, 1.5), damage.shaded(damage.faint(page, 0.6), 0.3), damage.grey(page)):
        assert of_kind(told(hurt).zones, *DRAWN) == []


@pytest.mark.parametrize("colour", [drawings.RED, drawings.BLUE])
@pytest.mark.parametrize("across", [22, 36])
def test_a_round_seal_is_a_stamp(colour: tuple[int, int, int], across: float) -> None:
    page, box = with_drawing(lambda image: drawings.seal(image, where_signed(paper()), across, 200, colour))
    (found,) = of_kind(told(page).zones, *DRAWN)
    assert shared(found, edges(box)) > 0.8


def test_a_seal_is_a_stamp_without_colour_too_but_not_each_of_its_rings() -> None:
    page, box = with_drawing(lambda image: drawings.seal(image, where_signed(paper()), 34, 200), gray=True)
    (found,) = of_kind(told(page).zones, *DRAWN)
    assert shared(found, edges(box)) > 0.8


def test_a_ring_within_a_seal_is_a_part_of_it() -> None:
    def draw(image: Image.Image) -> Box:
        drawings.seal(image, (1100, 1500), 16, 200, drawings.BLUE)
        return drawings.seal(image, (1090, 1510), 36, 200)

    page, box = with_drawing(draw)
    (found,) = of_kind(told(page).zones, "stamp")
    assert shared(found, edges(box)) > 0.8


@pytest.mark.parametrize("lean", [0, 9])
def test_a_framed_stamp_is_told_and_red_print_is_none(lean: float) -> None:
    page, box = with_drawing(lambda image: drawings.frame(image, (40, 200), (50, 18), 200, lean=lean))
    (found,) = of_kind(told(page).zones, *DRAWN)
    assert found.x0 <= box.x0 + 8
    assert found.x1 >= box.x1 - 8
    red = np.array(paper().image)
    red[red[..., 0] < 160] = (200, 30, 40)
    assert of_kind(told(replace(paper(), image=Image.fromarray(red))).zones, "stamp") == []


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("dpi", [150, 300])
def test_a_signature_below_a_title_is_one(seed: int, dpi: int) -> None:
    page, box = with_drawing(lambda image: drawings.signature(image, where_signed(paper(dpi=dpi)), dpi, Random(seed)), dpi=dpi)
    (found,) = of_kind(told(page).zones, *DRAWN)
    assert shared(found, edges(box)) > 0.6


def test_a_scrawl_where_nobody_signs_is_no_signature() -> None:
    page, _ = with_drawing(lambda image: drawings.signature(image, (500, 2000), 200, Random(1)))
    assert of_kind(told(page).zones, "signature") == []


def test_a_scrawl_at_a_seal_is_a_signature_whatever_stands_above() -> None:
    def draw(image: Image.Image) -> Box:
        drawings.seal(image, (500, 1900), 34, 200)
        return drawings.signature(image, (760, 1900), 200, Random(1))

    page, box = with_drawing(draw)
    (found,) = of_kind(told(page).zones, "signature")
    assert shared(found, edges(box)) > 0.5


def doubted(page: Page, confidence: float) -> list[Word]:
    return [replace(word, confidence=confidence) for word in known(page)]


def test_rows_of_words_are_no_signatures_however_badly_they_are_read() -> None:
    page, box = with_drawing(lambda image: drawings.signature(image, where_signed(paper()), 200, Random(1)))
    half = (box.x0 + box.x1) / 2
    rows = [Word("bệnh", Box(box.x0, box.y0, half, box.y1), 0.2, 90), Word("nhân", Box(half, box.y0, box.x1, box.y1), 0.2, 90)]
    assert of_kind(told(page, [*known(page), *rows]).zones, "signature") == []
    assert len(of_kind(told(page, [*known(page), replace(rows[0], text="~"), rows[1]]).zones, "signature")) == 1


def test_what_is_written_behind_a_label_is_no_signature() -> None:
    page, box = with_drawing(lambda image: drawings.signature(image, where_signed(paper()), 200, Random(1)))
    high = (box.y1 - box.y0) / 3
    label = Word("tên:", Box(box.x0 - 90, box.y0 + high, box.x0 - 20, box.y1 - high), 0.9, 90)
    assert of_kind(told(page, [*known(page), label]).zones, "signature") == []


def test_what_seems_a_picture_and_holds_words_that_are_surely_read_is_none() -> None:
    page, box = with_drawing(PICTURES["photograph"])
    wide, high = (box.x1 - box.x0) / 5, (box.y1 - box.y0) / 12
    words = [
        Word("thuốc", Box(box.x0 + n * wide, box.y0 + n * high, box.x0 + (n + 0.8) * wide, box.y0 + (n + 1) * high), 0.7, 90 + n)
        for n in range(5)
    ]
    assert of_kind(told(page, [*known(page), *words]).zones, "picture") == []
    strange = [replace(word, text="#fx") for word in words]
    assert len(of_kind(told(page, [*known(page), *strange]).zones, "picture")) == 1


@pytest.mark.parametrize("name", ["lid open", "shaded", "grainy"])
def test_no_word_goes_from_a_page_without_drawings(name: str) -> None:
    def hurt(page: Page) -> Page:
        if name == "lid open":
            return shapes.on_glass(page, Random(3))
        return damage.shaded(page, 0.6) if name == "shaded" else damage.noisy(damage.faint(page, 0.5), Random(3), 40)

    worn = hurt(paper("to_dieu_tri"))
    read = doubted(worn, 0.65)
    assert [word.text for word in told(worn, read).words] == [word.text for word in read]


PICTURES: dict[str, Callable[[Image.Image], Box]] = {
    "photograph": lambda image: drawings.photograph(image, (25, 215), (60, 45), 200, Random(2)),
    "ultrasound": lambda image: drawings.fan(image, (25, 215), (70, 55), 200, Random(2)),
    "heartbeat": lambda image: drawings.heartbeat(image, (20, 215), (150, 50), 200, Random(2), grid=True),
    "badge": lambda image: drawings.badge(image, (100, 3), 16, 200),
}


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("gray", [False, True])
def test_photographs_curves_and_badges_are_pictures(name: str, gray: bool) -> None:
    page, box = with_drawing(PICTURES[name], gray=gray)
    (found,) = of_kind(told(page).zones, *DRAWN)
    assert shared(found, edges(box)) > 0.5


def test_a_shaded_table_head_and_a_black_border_are_no_pictures() -> None:
    def shade(image: Image.Image) -> Box:
        image.paste((190, 190, 190), (120, 1900, 1500, 2000))
        image.paste((8, 8, 8), (0, 0, 70, image.height))
        return Box(0, 0, 0, 0)

    page, _ = with_drawing(shade)
    assert of_kind(told(page).zones, "picture") == []


def test_letters_read_into_a_picture_go_and_print_in_it_and_under_a_seal_stays() -> None:
    page, box = with_drawing(PICTURES["photograph"])
    x, y = box.x0 + 60, box.y0 + 60
    read = [
        *known(page),
        Word("ljr", Box(x, y, x + 60, y + 30), 0.55, 900),
        Word("Nguyễn", Box(x, y + 90, x + 90, y + 120), 0.95, 901),
        Word("beside", Box(box.x1 + 60, y, box.x1 + 90, y + 30), 0.3, 902),
    ]
    words = told(page, read).words
    assert [word.text for word in words[-2:]] == ["Nguyễn", "beside"]
    assert [word.line for word in words] == sorted(range(len(words)), key=lambda n: words[n].line)
    sealed, ring = with_drawing(lambda image: drawings.seal(image, where_signed(paper()), 34, 200))
    x, y = ring.middle
    under = [Word(text, Box(x, y, x + 40, y + 20), 0.3, 900 + n) for n, text in enumerate(("đốc", "*R%"))]
    assert [word.text for word in told(sealed, [*known(sealed), *under]).words][-1] == "đốc"


def test_cells_still_hold_their_words_when_others_went() -> None:
    page, box = with_drawing(PICTURES["photograph"])
    stroke = Word("lI", Box(box.x0 + 50, box.y0 + 50, box.x0 + 90, box.y0 + 80), 0.2, 0)
    texts = [replace(word, line=1) for word in known(page)[:4]]
    cells = (Cell(0, 0, 0, 1, 1, Box(0, 0, 9, 9), 0, 2), Cell(0, 0, 1, 1, 1, Box(9, 0, 18, 9), 2, 5))
    found = told(page, [texts[0], stroke, *texts[1:]], cells)
    assert [[word.text for word in found.words[cell.start : cell.end]] for cell in found.cells] == [
        [texts[0].text],
        [word.text for word in texts[1:]],
    ]


def test_the_empty_half_of_a_page_is_blank_and_nothing_written_lies_in_it() -> None:
    page = paper("don_thuoc")
    found = told(page).zones
    blank = of_kind(found, "blank")
    assert sum(box.area for box in blank) > 0.25 * page.image.width * page.image.height
    for box in blank:
        assert not any(
            box.x0 < word.box[2] and word.box[0] < box.x1 and box.y0 < word.box[3] and word.box[1] < box.y1 for word in page.words
        )


@cache
def read_whole() -> tuple[Page, PageReading, Box, Box]:
    """A results form lying askew and on its head, signed and sealed."""
    page = paper("phieu_xet_nghiem")
    image = page.image.convert("RGB")
    at = where_signed(page)
    ring = drawings.seal(image, (at[0] - 90, at[1]), 32, 200)
    loops = drawings.signature(image, at, 200, Random(4))
    turned = damage.turned(scanned(replace(page, image=image)), 2)
    return page, pages.read(turned), ring, loops


def test_a_page_that_is_read_says_where_everything_stands() -> None:
    page, reading, ring, loops = read_whole()
    assert reading.rotation == 180
    for kind, box in (("stamp", ring), ("signature", loops)):
        (found,) = of_kind(reading.zones, kind)
        assert shared(found, edges(box)) > 0.5
    (table,) = of_kind(reading.zones, "table")
    inside = [cell.box.middle for cell in reading.cells]
    assert all(table.x0 < x < table.x1 and table.y0 < y < table.y1 for x, y in inside)
    assert of_kind(reading.zones, "picture") == []
    printed = [*of_kind(reading.zones, "print"), table]
    for word in reading.words:
        x, y = word.box.middle
        assert any(box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1 for box in printed), word
    assert pages.recall(reading, page) > 0.93


def test_an_empty_page_is_blank_all_over() -> None:
    reading = pages.read(scanned(Page(Image.new("RGB", (1653, 2339), (246, 244, 238)), (), "", 200)))
    assert reading.zones == (Zone("blank", Box(0, 0, 1653, 2339)),)
