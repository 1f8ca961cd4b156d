"""What scanners, copiers, telephones and years do to a page. Every damage takes a Page and gives a Page whose boxes still fit."""

from __future__ import annotations

import math
from dataclasses import replace
from io import BytesIO
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from tests.generator.sheet import Page, Printed


def skewed(page: Page, degrees: float) -> Page:
    """Turned a little clockwise on the glass, about the middle of the page."""
    image = page.image.rotate(-degrees, resample=Image.Resampling.BICUBIC, fillcolor="white")
    angle, middle = math.radians(degrees), (page.image.width / 2, page.image.height / 2)
    return replace(page, image=image, words=tuple(_turned_word(word, angle, middle) for word in page.words))


def _turned_word(word: Printed, angle: float, middle: tuple[float, float]) -> Printed:
    x0, y0, x1, y1 = word.box
    corners = [(x - middle[0], y - middle[1]) for x in (x0, x1) for y in (y0, y1)]
    xs = [middle[0] + x * math.cos(angle) - y * math.sin(angle) for x, y in corners]
    ys = [middle[1] + x * math.sin(angle) + y * math.cos(angle) for x, y in corners]
    return replace(word, box=(min(xs), min(ys), max(xs), max(ys)))


def turned(page: Page, quarters: int) -> Page:
    """Put into the feeder with `quarters` clockwise quarter turns. The boxes stay those of the upright page."""
    return replace(page, image=page.image.rotate(-90 * quarters, expand=True))


def grey(page: Page) -> Page:
    """Scanned in shades of grey."""
    return replace(page, image=page.image.convert("L"))


def bitonal(page: Page, threshold: int = 150) -> Page:
    """Scanned in black and white (mode "1")."""
    return replace(page, image=page.image.convert("L").point(lambda v: 255 * (v > threshold)).convert("1"))


def noisy(page: Page, rng: Random, strength: float = 12) -> Page:
    """With the grain of a cheap sensor."""
    pixels = np.asarray(page.image.convert("RGB"), dtype=np.float32)
    grain = np.random.default_rng(rng.randrange(2**32)).normal(0, strength, pixels.shape[:2])
    return replace(page, image=Image.fromarray(np.clip(pixels + grain[..., None], 0, 255).astype(np.uint8)))


def faint(page: Page, ink: float = 0.45) -> Page:
    """Printed with a worn ribbon: ink at `ink` of its strength."""
    return replace(page, image=Image.blend(Image.new("RGB", page.image.size, "white"), page.image.convert("RGB"), ink))


def shaded(page: Page, depth: float = 0.35) -> Page:
    """Lit from the left: the right side is darker by `depth`."""
    pixels = np.asarray(page.image.convert("RGB"), dtype=np.float32)
    light = np.linspace(1.0, 1.0 - depth, pixels.shape[1])[None, :, None]
    return replace(page, image=Image.fromarray((pixels * light).astype(np.uint8)))


def stamped(page: Page, rng: Random) -> Page:
    """With a round red seal over the lower right of the writing."""
    image = page.image.convert("RGB")
    layer = Image.new("RGB", image.size, "white")
    draw = ImageDraw.Draw(layer)
    radius = round(0.65 * page.dpi)
    x = round(image.width * rng.uniform(0.55, 0.68))
    y = round(min(image.height * 0.85, max((word.box[3] for word in page.words), default=radius) - radius))
    for shrink, width in ((0, 8), (22, 4), (radius * 0.6, 5)):
        box = [x - radius + shrink, y - radius + shrink, x + radius - shrink, y + radius - shrink]
        draw.ellipse(box, outline=(214, 40, 52), width=max(2, round(width * page.dpi / 300)))
    mixed = np.minimum(np.asarray(image), np.asarray(layer))
    return replace(page, image=Image.fromarray(mixed))


def blurred(page: Page, radius: float = 1.2) -> Page:
    """Out of focus."""
    return replace(page, image=page.image.filter(ImageFilter.GaussianBlur(radius)))


def pressed(page: Page, quality: int) -> Page:
    """As a JPEG of that quality shows it."""
    buffer = BytesIO()
    page.image.convert("RGB").save(buffer, "JPEG", quality=quality)
    return replace(page, image=Image.open(buffer).convert("RGB"))


def ordinary(page: Page, rng: Random) -> Page:
    """As most scans are: a little skewed, a little grain, a seal now and then."""
    page = skewed(page, rng.uniform(-1.6, 1.6))
    if rng.random() < 0.5:
        page = stamped(page, rng)
    return pressed(noisy(blurred(page, 0.6), rng, 8), 75)


def bad(page: Page, rng: Random) -> Page:
    """As the worst tenth is: faint, shaded, skewed, grainy."""
    page = skewed(faint(page, 0.6), rng.uniform(-2.8, 2.8))
    return pressed(noisy(blurred(shaded(page, 0.3), 1.0), rng, 14), 55)


def photographed(page: Page, rng: Random) -> Page:
    """Taken with a telephone on a desk: perspective, warm light, shade, a border of desk. The boxes no longer fit exactly."""
    width, height = page.image.size
    edge = round(width * 0.05)
    desk = Image.new("RGB", (width + 2 * edge, height + 2 * edge), (118, 92, 66))
    desk.paste(page.image.convert("RGB"), (edge, edge))
    jitter = [rng.uniform(0, edge * 0.6) for _ in range(8)]
    wide, high = desk.size
    corners = (jitter[0], jitter[1], jitter[2], high - jitter[3], wide - jitter[4], high - jitter[5], wide - jitter[6], jitter[7])
    photo = desk.transform(desk.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)
    warm = Image.blend(photo, Image.new("RGB", photo.size, (255, 232, 190)), 0.12)
    words = tuple(_moved(word, edge) for word in page.words)
    return shaded(replace(page, image=ImageEnhance.Contrast(warm).enhance(0.9), words=words), 0.2)


def _moved(word: Printed, by: float) -> Printed:
    x0, y0, x1, y1 = word.box
    return replace(word, box=(x0 + by, y0 + by, x1 + by, y1 + by))
