"""Files that are pictures: what a PDF can hold is passed on as it is, anything else is coded anew. The tool is Pillow.

How
1. JPEG, PNG and JPEG 2000 go on byte for byte; a bare codestream gets the boxes that make a file of it.
2. What was coded without loss stays so: bitmaps and lossless WebP become PNG.
3. HEIC, AVIF and lossy WebP have no place in PDF/A. They become JPEG of high quality: what is lost then is less than was lost
   before, and PNG would be three to thirteen times as large as the file (`benchmarks/README.md`).
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import PIL.MpoImagePlugin  # noqa: F401 - Pillow opens a file of two pictures only where it knows the kind beforehand
from PIL import Image

from domain.documents import Nature
from domain.pages import PageImage
from ingest import heif, heif_items, jp2, jpeg_head, refusals, resolution, sniff
from ingest.inspection import Inspection
from ingest.plain import plain, sixteen_bits
from ingest.settings import IngestSettings

_FORMATS = {
    sniff.JPEG: ("JPEG", "MPO"), sniff.PNG: ("PNG",), sniff.WEBP: ("WEBP",), sniff.JP2: ("JPEG2000",), sniff.J2C: ("JPEG2000",),
    sniff.AVIF: ("AVIF",), sniff.BMP: ("BMP",),
}  # fmt: skip
_NATIVE = (sniff.JPEG, sniff.PNG, sniff.JP2)
_EXIF_ORIENTATION = 0x0112
DAMAGED = (
    OSError, SyntaxError, ValueError, EOFError, OverflowError, TypeError, LookupError, AttributeError, RuntimeError, struct.error,
)  # fmt: skip
"""What Pillow raises for damaged pictures."""
_PNG_LEVEL = 3
"""zlib's level: about as small as the default 6, in a third of the time."""
_JPEG_QUALITY = 95
MOST_BYTES = 250_000_000
"""Of one picture: it is held in the memory as a whole. A3 in colour at 600 dpi has 210 million without any packing."""
_SCAN, _MOST_SCANS = b"\xff\xda", 200
"""How a scan of a JPEG begins, and how many there may be: each is decoded over the whole picture; ordinary files have ten."""
_MOST_OF_HEVC = 64_000_000
"""Most pixels of a picture that is decoded at one go into several planes, and then into colours."""


def inspect(path: Path, kind: str, settings: IngestSettings) -> Inspection:
    """Look at one picture: its size first, then whether it decodes to its end."""
    if path.stat().st_size > MOST_BYTES:
        raise refusals.too_large(replace(settings, most_bytes=MOST_BYTES))
    if kind == sniff.HEIC:
        return _inspect_heic(path, settings)
    if kind == sniff.JPEG:
        _check_coding(path)
    try:
        with Image.open(path, formats=_FORMATS[kind]) as image:
            guard(image.size, settings)
            if getattr(image, "is_animated", False) and image.format != "MPO":
                raise refusals.animated()
            image.draft("L", (1, 1))
            if kind not in (sniff.JP2, sniff.J2C):
                image.load()
    except Image.DecompressionBombError as error:
        raise refusals.bomb(settings) from error
    except DAMAGED as error:
        raise refusals.broken() from error
    return Inspection(kind, Nature.SCAN, 1)


def cut(path: Path, kind: str, numbers: range, settings: IngestSettings) -> Iterator[PageImage]:
    """The pages asked for; only HEIC holds more than one."""
    if kind == sniff.HEIC:
        yield from _cut_heic(path, numbers, settings)
        return
    try:
        with Image.open(path, formats=_FORMATS[kind]) as image:
            guard(image.size, settings)
            yield _page(path, kind, image, settings)
    except DAMAGED as error:
        raise refusals.broken() from error


def _page(path: Path, kind: str, image: Image.Image, settings: IngestSettings) -> PageImage:
    orientation = image.getexif().get(_EXIF_ORIENTATION, 1)
    orientation = orientation if orientation in range(1, 9) else 1
    square, dpi = squared(image, _stated(image), settings)
    if square is not image:
        made, data = (sniff.JPEG, jpeg(square)) if kind == sniff.JPEG else (sniff.PNG, png(square))
        return PageImage(1, data, made, *square.size, dpi=dpi, orientation=orientation, native=False)
    media_type, data = _coded(path, kind, image)
    native = kind in _NATIVE or (kind == sniff.J2C and media_type == sniff.JP2)
    return PageImage(1, data, media_type, *image.size, dpi=dpi, orientation=orientation, native=native)


def _coded(path: Path, kind: str, image: Image.Image) -> tuple[str, bytes]:
    if kind == sniff.JPEG:
        return kind, jpeg_head.settled(path.read_bytes())
    if kind in _NATIVE:
        return kind, path.read_bytes()
    if kind == sniff.J2C and (boxed := jp2.boxed(path.read_bytes())) is not None:
        return sniff.JP2, boxed
    if kind == sniff.AVIF or (kind == sniff.WEBP and not _is_lossless(path)):
        return sniff.JPEG, jpeg(image)
    return sniff.PNG, png(image)


def _check_coding(path: Path) -> None:
    """Refuse a JPEG of a kind that viewers cannot show; what is damaged is told by decoding it."""
    data = path.read_bytes()
    try:
        head = jpeg_head.read(data)
    except jpeg_head.NotJpeg:
        return
    known = head.bits == 8 and head.frame in jpeg_head.COMMON | jpeg_head.ARITHMETIC
    if not known or data.count(_SCAN) > _MOST_SCANS:
        raise refusals.rare_coding("JPEG")


def _is_lossless(path: Path) -> bool:
    """Of a WebP file: by the kind of its picture's chunk (WebP container specification, 2)."""
    data, at = path.read_bytes(), 12
    while at + 8 <= len(data):
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if name in (b"VP8L", b"VP8 "):
            return name == b"VP8L"
        at += 8 + length + length % 2
    return False


def _inspect_heic(path: Path, settings: IngestSettings) -> Inspection:
    try:
        sizes = heif.sizes(path)
        if heif_items.named(path) > len(sizes):
            raise refusals.broken()
        if len(sizes) > settings.most_pages:
            raise refusals.too_many_pages(settings)
        for size in sizes:
            _guard_heic(size, settings)
        for _ in heif.decoded(path, range(1, len(sizes) + 1)):
            pass
    except DAMAGED as error:
        raise refusals.broken() from error
    if not sizes:
        raise refusals.no_pages()
    return Inspection(sniff.HEIC, Nature.SCAN, len(sizes))


def _cut_heic(path: Path, numbers: range, settings: IngestSettings) -> Iterator[PageImage]:
    try:
        sizes = heif.sizes(path)
        for number in numbers:
            _guard_heic(sizes[number - 1], settings)
            image = next(heif.decoded(path, range(number, number + 1)))
            dpi = resolution.guessed(image.size)
            yield PageImage(number, jpeg(image), sniff.JPEG, *image.size, dpi=dpi, native=False)
    except DAMAGED as error:
        raise refusals.broken() from error


def _guard_heic(size: tuple[int, int], settings: IngestSettings) -> None:
    guard(size, replace(settings, most_pixels=min(settings.most_pixels, _MOST_OF_HEVC)))


def guard(size: tuple[int, int], settings: IngestSettings) -> None:
    """Refuse a picture with more pixels than the limit, before it is decoded."""
    if size[0] * size[1] > settings.most_pixels:
        raise refusals.bomb(settings)
    if size[0] < 1 or size[1] < 1:
        raise refusals.broken()


def squared(image: Image.Image, stated: tuple[float, float], settings: IngestSettings) -> tuple[Image.Image, float]:
    """The picture with pixels as wide as high, the same one where they are, and its resolution: the one `stated` across and down
    (dpi), where it is plausible for a scanned sheet, else that of the sheet it is likely to be.
    """
    size = resolution.stretched(*stated, image.size)
    if size == image.size:
        return image, resolution.plausible(*stated, size)
    guard(size, settings)
    simple = plain(image)
    square = (simple.convert("L") if simple.mode == "1" else simple).resize(size, Image.Resampling.BICUBIC)
    square.info["icc_profile"] = simple.info.get("icc_profile")
    return square, resolution.plausible(max(stated), max(stated), size)


def _stated(image: Image.Image) -> tuple[float, float]:
    across, down = image.info.get("dpi", (0, 0))
    return float(across), float(down)


def png(image: Image.Image) -> bytes:
    """Without loss, with its colour profile; what no grey and no RGB of eight bits can say, as it looks on paper."""
    buffer, made = io.BytesIO(), sixteen_bits(image) or plain(image)
    made.save(buffer, "PNG", compress_level=_PNG_LEVEL, icc_profile=made.info.get("icc_profile"))
    return buffer.getvalue()


def jpeg(image: Image.Image) -> bytes:
    """Of high quality, every pixel with its own colour, with its colour profile."""
    buffer, made = io.BytesIO(), plain(image)
    made.save(buffer, "JPEG", quality=_JPEG_QUALITY, subsampling=0, icc_profile=made.info.get("icc_profile"))
    return buffer.getvalue()
