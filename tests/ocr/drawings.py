"""What stands on hospital papers beside print: photographs, strips of an electrocardiogram, badges,
signatures and seals.

Each draws into a picture of paper and gives the box it drew in; sides are millimetres.
"""

from __future__ import annotations

import math
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from domain.pages import Box
from tests.generator.sheet import font_file

RED, BLUE, PINK, PEN = (206, 36, 48), (38, 60, 170), (244, 176, 182), (28, 44, 140)


def photograph(image: Image.Image, at: tuple[float, float], size: tuple[float, float], dpi: int, rng: Random) -> Box:
    """Soft shapes and grain in many shades, as photographs, X-ray and ultrasound pictures have them."""
    box = _box(at, size, dpi)
    wide, high = round(box.width), round(box.height)
    made = np.random.default_rng(rng.getrandbits(32))
    coarse = Image.fromarray(made.integers(0, 256, (max(3, high // 40), max(3, wide // 40)), np.uint8)).resize((wide, high), 3)
    grain = made.normal(0, 12, (high, wide))
    shades = np.clip(np.asarray(coarse, np.float32) * 0.8 + 20 + grain, 0, 255).astype(np.uint8)
    image.paste(Image.fromarray(shades).filter(ImageFilter.GaussianBlur(1)).convert(image.mode), _corner(box))
    return box


def fan(image: Image.Image, at: tuple[float, float], size: tuple[float, float], dpi: int, rng: Random) -> Box:
    """An ultrasound picture: a speckled fan on black."""
    box = _box(at, size, dpi)
    wide, high = round(box.width), round(box.height)
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    inside = (np.abs(np.arctan2(x - wide / 2, y + high * 0.1)) < 0.6) & (np.hypot(x - wide / 2, y + high * 0.1) < high)
    speckle = np.random.default_rng(rng.getrandbits(32)).rayleigh(50, (high, wide)) * (0.4 + 0.6 * np.sin(y / high * 9) ** 2)
    image.paste(Image.fromarray(np.where(inside, speckle.clip(0, 255), 8).astype(np.uint8)).convert(image.mode), _corner(box))
    return box


def heartbeat(
    image: Image.Image, at: tuple[float, float], size: tuple[float, float], dpi: int, rng: Random, *, grid: bool
) -> Box:
    """Leads of an electrocardiogram, on its grid of millimetres or on plain paper."""
    box, mm = _box(at, size, dpi), dpi / 25.4
    draw = ImageDraw.Draw(image)
    if grid:
        shade = PINK if image.mode == "RGB" else 200
        for n in range(int(size[0]) + 1):
            draw.line(
                [(box.x0 + n * mm, box.y0), (box.x0 + n * mm, box.y1)],
                fill=shade,
                width=max(1, round((0.5 if n % 5 == 0 else 0.2) * mm)),
            )
        for n in range(int(size[1]) + 1):
            draw.line(
                [(box.x0, box.y0 + n * mm), (box.x1, box.y0 + n * mm)],
                fill=shade,
                width=max(1, round((0.5 if n % 5 == 0 else 0.2) * mm)),
            )
    leads = max(1, int(size[1] // 20))
    period = rng.uniform(17, 25)
    for lead in range(leads):
        middle, tall = box.y0 + (lead + 0.6) * box.height / leads, rng.uniform(6, 11) * mm
        points = []
        for x in np.arange(box.x0, box.x1, 0.25 * mm):
            phase = ((x - box.x0) / mm % period) / period
            wave = 0.12 * math.exp(-(((phase - 0.2) / 0.03) ** 2)) + 0.25 * math.exp(-(((phase - 0.62) / 0.05) ** 2))
            wave += math.exp(-(((phase - 0.38) / 0.012) ** 2)) - 0.25 * math.exp(-(((phase - 0.42) / 0.012) ** 2))
            points.append((x, middle - wave * tall))
        draw.line(points, fill=(20, 20, 30) if image.mode == "RGB" else 20, width=max(2, round(0.35 * mm)))
    return box


def badge(image: Image.Image, at: tuple[float, float], size: float, dpi: int) -> Box:
    """A hospital's round badge: filled shapes, a cross, a snake."""
    box, draw = _box(at, (size, size), dpi), ImageDraw.Draw(image)
    blue, white = ((30, 90, 170), "white") if image.mode == "RGB" else (70, 255)
    draw.ellipse([box.x0, box.y0, box.x1, box.y1], fill=blue)
    inset = box.width * 0.12
    draw.ellipse([box.x0 + inset, box.y0 + inset, box.x1 - inset, box.y1 - inset], fill=white)
    arm, (x, y) = box.width * 0.1, box.middle
    draw.rectangle([x - arm, y - 2.6 * arm, x + arm, y + 2.6 * arm], fill=blue)
    draw.rectangle([x - 2.6 * arm, y - arm, x + 2.6 * arm, y + arm], fill=blue)
    draw.line(
        [(x + 1.4 * arm * math.sin(t / 3), y - 2.4 * arm + t * arm * 0.24) for t in range(21)],
        fill=white,
        width=max(2, round(arm * 0.4)),
    )
    return box


def signature(image: Image.Image, middle: tuple[float, float], dpi: int, rng: Random, ink: tuple[int, int, int] = PEN) -> Box:
    """One stroke in loops and a flourish under it, about a place."""
    mm, draw = dpi / 25.4, ImageDraw.Draw(image)
    count, wide, high = rng.randint(4, 8), rng.uniform(22, 42) * mm, rng.uniform(8, 16) * mm
    steps = np.linspace(0, count * 2 * math.pi, 50 * count)
    bend = np.cumsum(np.random.default_rng(rng.getrandbits(32)).normal(0, 0.05, len(steps)))
    x = steps / steps[-1] * wide + np.sin(steps) * wide / count * rng.uniform(0.5, 0.9)
    y = np.cos(steps * rng.uniform(0.8, 1.2) + bend) * high / 2 * (1 - 0.5 * steps / steps[-1])
    points = np.stack([x - x.mean() + middle[0], y + middle[1]], 1)
    tail = [
        (points[-1][0], points[-1][1]),
        (middle[0] - wide * 0.4, middle[1] + high * 0.5),
        (middle[0] + wide * 0.6, middle[1] + high * 0.3),
    ]
    path = [tuple(point) for point in points] + tail
    draw.line(path, fill=ink if image.mode == "RGB" else 60, width=max(2, round(0.45 * mm)), joint="curve")
    xs, ys = zip(*path, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def seal(image: Image.Image, middle: tuple[float, float], across: float, dpi: int, colour: tuple[int, int, int] = RED) -> Box:
    """A round seal with its writing around a star; what it covers stays to be seen."""
    mm, radius = dpi / 25.4, across * dpi / 50.8
    layer = Image.new("RGB", image.size, "white")
    draw, (x, y) = ImageDraw.Draw(layer), middle
    for part, width in ((1.0, 0.9), (0.93, 0.35), (0.58, 0.5)):
        draw.ellipse(
            [x - radius * part, y - radius * part, x + radius * part, y + radius * part],
            outline=colour,
            width=max(1, round(width * mm)),
        )
    face = ImageFont.truetype(str(font_file("Noto Sans", bold=True)), max(8, round(radius * 0.2)))
    for n, char in enumerate("BỆNH VIỆN ĐA KHOA SÔNG MÂY ★ "):
        angle = n * math.tau / 29 + math.pi * 0.75
        draw.text(
            (x + radius * 0.75 * math.cos(angle), y + radius * 0.75 * math.sin(angle)), char, colour, font=face, anchor="mm"
        )
    draw.text((x, y), "GIÁM ĐỐC", colour, font=face, anchor="mm")
    if image.mode == "RGB":
        image.paste(Image.fromarray(np.minimum(np.asarray(image), np.asarray(layer))))
    else:
        image.paste(Image.fromarray(np.minimum(np.asarray(image), np.asarray(layer.convert("L")))))
    return Box(x - radius, y - radius, x + radius, y + radius)


def frame(
    image: Image.Image,
    at: tuple[float, float],
    size: tuple[float, float],
    dpi: int,
    *,
    colour: tuple[int, int, int] = RED,
    lean: float = 0,
) -> Box:
    """A stamp in a frame, such as `ĐÃ THU TIỀN`, put down leaning by some degrees."""
    mm, box = dpi / 25.4, _box(at, size, dpi)
    layer = Image.new("RGB", image.size, "white")
    draw = ImageDraw.Draw(layer)
    draw.rectangle([box.x0, box.y0, box.x1, box.y1], outline=colour, width=max(2, round(0.7 * mm)))
    face = ImageFont.truetype(str(font_file("Noto Sans", bold=True)), round(box.height * 0.3))
    draw.text(box.middle, "ĐÃ THU TIỀN", colour, font=face, anchor="mm")
    layer = layer.rotate(lean, center=box.middle, fillcolor="white", resample=Image.Resampling.BICUBIC)
    image.paste(Image.fromarray(np.minimum(np.asarray(image), np.asarray(layer))))
    return box


def _box(at: tuple[float, float], size: tuple[float, float], dpi: int) -> Box:
    mm = dpi / 25.4
    return Box(at[0] * mm, at[1] * mm, (at[0] + size[0]) * mm, (at[1] + size[1]) * mm)


def _corner(box: Box) -> tuple[int, int]:
    return round(box.x0), round(box.y0)
