"""Papers that hospitals send beside flat A4, with their truth: photographs of a sheet, double leaves, slips, strips."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from tests.generator import damage, phrases
from tests.generator.sheet import INK, Page, Printed, font_file

Pixels = npt.NDArray[np.uint8]
Matrix = npt.NDArray[np.float64]

_DEPTH = 2.2
"""How far off a telephone is held, in lengths of the sheet."""


@dataclass(frozen=True)
class Pose:
    """How a telephone was held: degrees by which it was tipped backwards and sideways, and turned; and the part of the picture's
    longer side that the sheet takes.
    """

    back: float
    side: float
    turn: float = 0.0
    fills: float = 0.82


def mild(rng: Random) -> Pose:
    """Held nearly over the sheet."""
    return Pose(rng.uniform(-8, 8), rng.uniform(-8, 8), rng.uniform(-4, 4))


def strong(rng: Random) -> Pose:
    """Held from where one stands at a desk."""
    return Pose(rng.choice((-1, 1)) * rng.uniform(16, 25), rng.uniform(-12, 12), rng.uniform(-9, 9), rng.uniform(0.6, 0.8))


def wood(size: tuple[int, int], rng: Random) -> Pixels:
    """A table top."""
    grain = np.random.default_rng(rng.randrange(2**32))
    wide, high = size
    lines = cv2.resize(grain.normal(0, 1, (high // 12, 8)).astype(np.float32), size, interpolation=cv2.INTER_CUBIC)
    lines = lines + 0.5 * cv2.resize(
        grain.normal(0, 1, (high // 40, wide // 200 + 2)).astype(np.float32), size, interpolation=cv2.INTER_CUBIC
    )
    colour = np.array(rng.choice([(134, 96, 62), (96, 70, 48), (168, 132, 92), (110, 112, 116), (60, 74, 92)]), np.float32)
    return np.asarray(np.clip(colour + 9 * lines[..., None], 0, 255), np.uint8)


def black(size: tuple[int, int], rng: Random) -> Pixels:
    """The open lid of a scanner in a dark room."""
    grain = np.random.default_rng(rng.randrange(2**32))
    return np.asarray(np.clip(grain.normal(14, 4, (size[1], size[0], 3)), 0, 255), np.uint8)


def photographed(
    page: Page, pose: Pose, rng: Random, size: tuple[int, int] = (2400, 3200), ground: Callable[..., Pixels] = wood
) -> Page:
    """By a telephone, the whole sheet in the picture, with a shadow over it; boxes are those upright around the words."""
    matrix = camera(page.image.size, pose, size)
    table = ground(size, rng)
    paper = np.asarray(page.image.convert("RGB"))
    shrink = math.sqrt(abs(np.linalg.det(matrix[:2, :2])))
    soft = cv2.GaussianBlur(paper, (0, 0), max(0.3, 0.35 / shrink)) if shrink < 1 else paper
    seen = cv2.warpPerspective(soft, matrix, size, flags=cv2.INTER_LINEAR)
    cover = cv2.warpPerspective(np.full(paper.shape[:2], 255, np.uint8), matrix, size)[..., None] / 255.0
    thrown = cv2.GaussianBlur(np.roll(cover[..., 0], (9, 7), (0, 1)).astype(np.float32), (0, 0), 9)[..., None]
    mixed = table * (1 - 0.45 * thrown) * (1 - cover) + seen * 0.93 * cover
    picture = mixed * _light(size, rng)[..., None] * np.array((1.0, 0.97, 0.9))
    noise = np.random.default_rng(rng.randrange(2**32)).normal(0, 4, (size[1], size[0], 1))
    image = Image.fromarray(np.clip(picture + noise, 0, 255).astype(np.uint8))
    return damage.pressed(replace(page, image=image, words=tuple(_mapped(word, matrix) for word in page.words)), 82)


def camera(sheet: tuple[int, int], pose: Pose, size: tuple[int, int]) -> Matrix:
    """From pixels of the sheet to pixels of the picture, through a pinhole."""
    wide, high = sheet
    long = max(sheet)
    back, side, turn = (math.radians(angle) for angle in (pose.back, pose.side, pose.turn))
    about_x = np.array([[1, 0, 0], [0, math.cos(back), -math.sin(back)], [0, math.sin(back), math.cos(back)]])
    about_y = np.array([[math.cos(side), 0, math.sin(side)], [0, 1, 0], [-math.sin(side), 0, math.cos(side)]])
    about_z = np.array([[math.cos(turn), -math.sin(turn), 0], [math.sin(turn), math.cos(turn), 0], [0, 0, 1]])
    corners = np.array([(x, y, 0) for x, y in ((-wide, -high), (wide, -high), (wide, high), (-wide, high))]) / (2 * long)
    seen = corners @ (about_x @ about_y @ about_z).T
    flat = seen[:, :2] / (seen[:, 2:] + _DEPTH) * _DEPTH
    low, top = flat.min(0), flat.max(0)
    scale = pose.fills * min((np.array(size) / (top - low)).min(), max(size) / (top - low).max())
    placed = (flat - (low + top) / 2) * scale + np.array(size) / 2
    start = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    return np.asarray(cv2.getPerspectiveTransform(start, placed.astype(np.float32)), np.float64)


def _light(size: tuple[int, int], rng: Random) -> npt.NDArray[np.float64]:
    """Lit from one side, and the soft shadow of a hand."""
    wide, high = size
    across, down = np.meshgrid(np.linspace(-0.5, 0.5, wide), np.linspace(-0.5, 0.5, high))
    way = rng.uniform(0, 2 * math.pi)
    slope = 1 - 0.22 * (0.5 + math.cos(way) * across + math.sin(way) * down)
    edge = math.cos(way + 1) * across + math.sin(way + 1) * down - rng.uniform(0.1, 0.3)
    return np.asarray(slope * (1 - 0.3 / (1 + np.exp(-edge * 40))))


def _mapped(word: Printed, matrix: Matrix) -> Printed:
    x0, y0, x1, y1 = word.box
    corners = np.array([[(x0, y0), (x1, y0), (x1, y1), (x0, y1)]], np.float64)
    xs, ys = cv2.perspectiveTransform(corners, matrix)[0].T
    return replace(word, box=(float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max())))


def on_glass(page: Page, rng: Random, degrees: float = 0.0, border: float = 0.055) -> Page:
    """On a larger glass with the lid open: black around it, `border` of its longer side."""
    wide, high = page.image.size
    size = (wide + round(2 * border * max(page.image.size)), high + round(2 * border * max(page.image.size)))
    angle = math.radians(degrees)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    matrix = np.eye(3)
    matrix[:2, :2] = turn
    matrix[:2, 2] = np.array(size) / 2 - turn @ (np.array([wide, high]) / 2)
    seen = cv2.warpPerspective(np.asarray(page.image.convert("RGB")), matrix, size, flags=cv2.INTER_LINEAR)
    cover = cv2.warpPerspective(np.full((high, wide), 255, np.uint8), matrix, size)[..., None] / 255.0
    image = Image.fromarray((black(size, rng) * (1 - cover) + seen * cover).astype(np.uint8))
    return replace(page, image=image, words=tuple(_mapped(word, matrix) for word in page.words))


def opened(left: Page, right: Page, lean: float = 0.0) -> Page:
    """A folded A3 sheet, scanned open: two pages side by side and the shadow of the fold between them."""
    wide, high = left.image.size
    image = Image.new("RGB", (2 * wide, high), "white")
    image.paste(left.image, (0, 0))
    image.paste(right.image, (wide, 0))
    across = np.abs(np.arange(2 * wide) - wide) / (0.06 * left.dpi)
    shade = (1 - 0.35 * np.exp(-across))[None, :, None]
    image = Image.fromarray((np.asarray(image) * shade).astype(np.uint8))
    beside = tuple(replace(word, box=_shifted(word.box, wide)) for word in right.words)
    both = Page(image, left.words + beside, f"{left.text}\n{right.text}", left.dpi)
    return damage.skewed(both, lean) if lean else both


def _shifted(box: tuple[float, float, float, float], by: float) -> tuple[float, float, float, float]:
    return box[0] + by, box[1], box[2] + by, box[3]


def upper_half(page: Page) -> Page:
    """A slip: what is written on the upper half of a sheet, A5 lying."""
    wide, high = page.image.width, page.image.height // 2
    end = next(y for y in range(high, 0, -1) if not any(word.box[1] - 2 <= y <= word.box[3] + 2 for word in page.words))
    image = Image.new("RGB", (wide, high), "white")
    image.paste(page.image.crop((0, 0, wide, end)), (0, 0))
    words = tuple(word for word in page.words if word.box[3] < end)
    return replace(page, image=image, words=words, text=" ".join(word.text for word in words))


def receipt(rng: Random, width: int = 576, lines: int = 120) -> Page:
    """A pharmacy's strip, as a thermal printer of 203 dpi prints it on a roll."""
    body = [_row(rng, number) for number in range(lines)]
    rows = [
        "NHÀ THUỐC BỆNH VIỆN",
        "HUYỆN SÔNG MÂY",
        "PHIẾU XUẤT THUỐC",
        f"Số phiếu: {rng.randrange(10**6, 10**7)}",
        *body,
        "Xin cảm ơn quý khách",
    ]
    return on_roll(rows, width)


def _row(rng: Random, number: int) -> str:
    drug = rng.choice(phrases.DRUGS)
    count = rng.randrange(1, 60)
    return rng.choice(
        (
            f"{number + 1}. {drug}",
            f"SL: {count} x {rng.randrange(1, 90)}.{rng.randrange(100, 999)}",
            f"Thành tiền: {count * 1250} đ",
        )
    )


def on_roll(rows: Sequence[str], width: int) -> Page:
    """Lines as a thermal printer sets them, on paper so many pixels wide."""
    face = ImageFont.truetype(font_file("DejaVu Sans"), 22)
    step = 33
    image = Image.new("RGB", (width, step * (len(rows) + 2)), "white")
    draw = ImageDraw.Draw(image)
    words: list[Printed] = []
    for number, row in enumerate(rows):
        x, y = 14.0, step * (number + 1.6)
        for text in row.split():
            draw.text((x, y), text, font=face, fill=INK, anchor="ls")
            words.append(Printed(text, draw.textbbox((x, y), text, font=face, anchor="ls")))
            x += face.getlength(text + " ")
    return Page(image, tuple(words), "\n".join(rows), 203)
