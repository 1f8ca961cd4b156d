"""The line generator: what is drawn can be told letter by letter, a crop reads what stands in it, the unreadable is left out."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path
from random import Random

import cv2
import numpy as np
import pytest

from ocr.lines import LineFinder
from ocr.training.characters import CHARACTERS
from ocr.training.crops import LEGIBLE, Cutter
from ocr.training.damage import Damage
from ocr.training.faces import Faces
from ocr.training.fonts import Font
from ocr.training.generate import Generator
from ocr.training.ink import Hand, Pen
from ocr.training.shards import Shards
from ocr.training.sheet import Sheet
from ocr.training.strips import write
from ocr.training.text import Run

NOTO = Path("/usr/share/fonts/truetype/noto")
FONTS = [
    Font(NOTO / f"Noto{name}-Regular.ttf", f"Noto {name}", style, 1.0, "train", "OFL-1.1")
    for name, style in (("Serif", "serif"), ("Sans", "sans"), ("SerifDisplay", "mono"), ("SansDisplay", "hand"))
]
SERIF = str(FONTS[0].path)
HANDS = {
    "print": Pen(Hand.PRINT, SERIF, 40),
    "bold and wide": Pen(Hand.PRINT, SERIF, 40, bold=True, wide=1.2),
    "typed": Pen(Hand.TYPED, SERIF, 40, shake=0.03, tones_beside=True),
    "pins": Pen(Hand.PINS, SERIF, 40),
    "written": Pen(Hand.WRITTEN, SERIF, 40, slant=0.1, wander=0.05),
}


@pytest.mark.parametrize("hand", HANDS)
def test_every_letter_has_its_place_and_ink_stands_there(hand: str) -> None:
    text = "Khoa Nội 12,5"
    ink = HANDS[hand].draw(text, Random(3))
    assert ink is not None
    assert len(ink.edges) == len(text) + 1
    assert list(ink.edges) == sorted(ink.edges)
    for char, left, right in zip(text, ink.edges, ink.edges[1:], strict=False):
        seen = ink.mask[:, round(left) : round(right) + 1].max() if right > left else 0
        assert seen > 100 or char == " "


def test_an_old_typewriter_sets_the_tone_beside_the_hat() -> None:
    plain, beside = (Pen(Hand.TYPED, SERIF, 60, shake=1e-6, tones_beside=apart).draw("ế", Random(1)) for apart in (False, True))
    assert plain is not None
    assert beside is not None
    assert beside.mask.shape[1] > plain.mask.shape[1]


def sheet_of(lines: list[str]) -> Sheet:
    sheet = Sheet(np.zeros((1400, 1400), np.uint8), np.zeros((1400, 1400), np.uint8))
    pen = HANDS["print"]
    for number, text in enumerate(lines):
        ink = pen.draw(text, Random(1))
        assert ink is not None
        sheet.put(Run(text, filled=False), ink, (120, 200 + 120 * number), pen)
    return sheet


def cut(sheet: Sheet, page: np.ndarray | None = None) -> list[str]:
    seen = 255 - sheet.printed if page is None else page
    return [crop.text for crop in Cutter(LineFinder(), Random(2), LEGIBLE["train"]).cut(seen, sheet.letters, 150, sheet.printed)]


def test_a_crop_reads_what_stands_in_it() -> None:
    lines = ["Họ và tên: Nguyễn Thị Hường", "Chẩn đoán: viêm phổi thùy phải", "Số vào viện: 09.004512"]
    assert sorted(cut(sheet_of(lines))) == sorted(lines)


def test_a_crop_of_two_lines_has_no_honest_label() -> None:
    sheet = sheet_of(["Mạch 82 lần/phút", "Nhiệt độ 38,5 °C"])
    bases = {200: 308.0, 320: 333.0}
    sheet.letters[:] = [replace(one, base=bases[round(one.base)]) for one in sheet.letters]
    assert cut(sheet) == []


def test_what_was_worn_away_beyond_reading_is_left_out() -> None:
    sheet = sheet_of(["Bệnh nhân tỉnh, tiếp xúc tốt", "Da niêm mạc hồng, không phù"])
    page = 255 - sheet.printed
    page[150:230] = np.random.default_rng(1).integers(90, 255, page[150:230].shape)
    assert cut(sheet, page) == ["Da niêm mạc hồng, không phù"]


def test_damage_changes_a_page_and_keeps_its_shape() -> None:
    ink = sheet_of(["Theo dõi mạch, nhiệt độ, huyết áp"]).printed
    hurt = Damage(Random(5), 40)
    for made in (hurt.worn(ink, carbon=True), hurt.overlaid(ink), hurt.scanned(ink), hurt.bent(ink, hurt.bend(ink.shape[1]))):
        assert made.shape == ink.shape
        assert made.dtype == np.uint8
    assert np.median(hurt.scanned(ink)) > 120, "paper stays lighter than ink"


def test_the_middle_of_a_letter_moves_as_the_bent_page_does() -> None:
    ink = np.zeros((300, 800), np.uint8)
    cv2.rectangle(ink, (600, 140), (612, 152), 255, -1)
    hurt = Damage(Random(11), 60)
    bend = hurt.bend(800)
    rows = np.flatnonzero(hurt.bent(ink, bend)[:, 606] > 100)
    assert rows.mean() == pytest.approx(146 + float(bend.shift(np.array([606.0], np.float32))[0]), abs=1.0)


def test_the_same_seed_gives_the_same_crops_in_the_alphabet_and_composed() -> None:
    one, other = (Generator(FONTS, "train", 4).page() for _ in range(2))
    assert len(one) > 5
    assert [(crop.text, crop.strip.tobytes()) for crop in one] == [(crop.text, crop.strip.tobytes()) for crop in other]
    for crop in one:
        assert crop.strip.shape[0] == 48
        assert set(crop.text) <= set(CHARACTERS)
        assert crop.text == unicodedata.normalize("NFC", crop.text)


def test_every_hand_comes_up_on_pages() -> None:
    faces = Faces(FONTS, Random(1))
    assert {faces.pens(40).fill.hand for _ in range(60)} == set(Hand)


def test_a_shard_gives_back_what_was_written(tmp_path: Path) -> None:
    crops = Generator(FONTS, "train", 6).page()[:6]
    write(crops, tmp_path / "train-6-00000")
    lines = Shards(tmp_path).lines(CHARACTERS)
    assert [(line.text, line.hand) for line in lines] == [(crop.text, crop.hand) for crop in crops]
    assert all(np.array_equal(line.strip(), crop.strip) for line, crop in zip(lines, crops, strict=True))
