"""From a page's picture to the layers that show it, as the profile says.

What does not get smaller stays as it was scanned, and so does what its scanner took apart into paper and ink itself, or coded in
one bit where no file can hold it.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence

import cv2
import numpy as np
from PIL import Image

from domain.errors import Unreadable
from domain.pages import PageImage, PageReading
from pdfa import mixed
from pdfa.balanced import balanced
from pdfa.jbig2 import jbig2_picture, work
from pdfa.layers import Layer
from pdfa.own_stream import own_layers
from pdfa.pictures import Picture
from pdfa.pixels import decoded, flat, profile, srgb
from pdfa.profile import Profile
from pdfa.redraw import group4

_BESIDE = 200
"""Bytes of what a PDF says of a picture beside its data."""
_MOST_WORK = 12_000_000
"""What JBIG2 may have to do for a picture of one bit: grain all over it would take minutes."""
_MOST_MIXED = 40_000_000
"""Pixels up to which ink and paper are told apart, for the memory it takes; A4 at 600 dpi has 35 million."""
_WORD = 3.4
"""Height in millimetres of an ordinary word with its tones."""
_TRUSTED = 2.0
"""How many times finer or coarser a scan may be than its words say before they are believed and not the file."""


def layers(image: PageImage, reading: PageReading, wanted: Profile) -> tuple[Layer, ...]:
    """What shows the page, lowest first. Raises Unreadable for a damaged picture."""
    own = own_layers(image)
    if wanted is Profile.FAITHFUL or any(layer.ink is not None for layer in own):
        return own
    try:
        source = decoded(image)
    except Unreadable:
        return own
    if source.mode != "1" and all(layer.picture.bits == 1 for layer in own):
        return own
    cv2.setNumThreads(1)
    made = _made(source, image, reading, compact=wanted is Profile.COMPACT)
    return made if _bytes(made) < _bytes(own) else own


def _bytes(made: Sequence[Layer]) -> int:
    return sum(len(layer.picture.data) + _BESIDE for layer in made)


def _made(source: Image.Image, image: PageImage, reading: PageReading, *, compact: bool) -> tuple[Layer, ...]:
    if source.mode == "1":
        return (Layer(_one_bit(source)),)
    dpi = _dpi(image, reading)
    if compact and _looked_at(reading) and source.width * source.height <= _MOST_MIXED:
        try:
            return mixed.layers(np.asarray(_meant(source)), image, reading, dpi)
        except mixed.TooBusy:
            pass
    return (Layer(balanced(source, flat(source), dpi)),)


def _one_bit(source: Image.Image) -> Picture:
    """The smaller of two codings that lose nothing."""
    ink = ~np.asarray(source)
    codings: Sequence[Picture] = (group4(source), *((jbig2_picture(ink),) if work(ink) <= _MOST_WORK else ()))
    return min(codings, key=lambda picture: len(picture.data))


def _looked_at(reading: PageReading) -> bool:
    """Whether it is known where the page has pictures: one that could not be read might be nothing else."""
    return bool(reading.zones) or reading.blank


def _meant(source: Image.Image) -> Image.Image:
    """As sRGB, which is what a stencil's ink is given in; greys stay grey."""
    plain = flat(source)
    return srgb(plain) if plain.mode == "RGB" and profile(plain) else plain


def _dpi(image: PageImage, reading: PageReading) -> float:
    """The file's resolution, or where that cannot be, the one that the words have."""
    heights = [word.box.height for word in reading.words]
    seen = statistics.median(heights) / _WORD * 25.4 if heights else image.dpi
    return image.dpi if 1 / _TRUSTED < image.dpi / max(seen, 1.0) < _TRUSTED else seen
