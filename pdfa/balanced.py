"""One picture with fewer pixels and as low a quality as its writing bears: chosen page by page, by looking at what comes out."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from PIL import Image

from pdfa.paper import jpeg
from pdfa.pictures import Picture, usable_icc
from pdfa.pixels import profile
from pdfa.strokes import Grey

_DPI = 200.0
_QUALITIES = (40, 50, 60, 70)
_MOST_ERROR = 9.0
"""Levels of grey that the edges of writing may be off by (root mean square) before the next quality is taken."""
_EDGE = 48
"""Difference of lightness between neighbours from which there is an edge."""
_COLOURLESS = 5
"""Greatest distance between the channels of a picture in shades of grey."""


def balanced(source: Image.Image, plain: Image.Image, dpi: float) -> Picture:
    """A JPEG of a picture at `dpi`. `plain`: the source, grey or RGB, in the colours of its own profile."""
    picture = _smaller(_without_colour(np.asarray(plain)), min(1.0, _DPI / dpi))
    edges = _edges(picture)
    made = next((made for quality in _QUALITIES[:-1] if _crisp(made := jpeg(picture, quality), picture, edges)), None)
    made = made or jpeg(picture, _QUALITIES[-1])
    icc = usable_icc(profile(source), made.colours.channels)
    return replace(made, colours=replace(made.colours, icc=icc))


def _without_colour(picture: Grey) -> Grey:
    """Grey where an RGB picture has no colour."""
    if picture.ndim == 2:
        return picture
    if int(np.ptp(_smaller(picture, 0.25), axis=2).max()) > _COLOURLESS:
        return picture
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


def _smaller(picture: Grey, factor: float) -> Grey:
    if factor == 1:
        return picture
    size = max(1, round(picture.shape[1] * factor)), max(1, round(picture.shape[0] * factor))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _grey(picture: Grey) -> Grey:
    return picture if picture.ndim == 2 else np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


def _edges(picture: Grey) -> Grey:
    """1 where writing has its edges."""
    grey = _grey(picture)
    return np.asarray(cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > _EDGE).view(np.uint8)


def _crisp(made: Picture, picture: Grey, edges: Grey) -> bool:
    if not edges.any():
        return True
    shown = np.asarray(cv2.imdecode(np.frombuffer(made.data, np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8)
    off = cv2.absdiff(shown, _grey(picture))[edges.view(np.bool_)].astype(np.float32)
    return float(np.sqrt(np.mean(off * off))) <= _MOST_ERROR
