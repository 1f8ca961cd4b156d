"""The identity of a page's result: same picture, same settings, same engine, same program give the same reading."""

from __future__ import annotations

import hashlib
import json

from domain.pages import PageImage
from ocr.settings import OcrSettings

_READER = 5
"""Raised whenever this room reads pages differently than before."""


def fingerprint(sha256: str, image: PageImage, settings: OcrSettings, engine: str) -> str:
    """SHA-256 in hex over everything the reading depends on: `sha256` of the picture (hex), how it stands, who reads it how.
    `engine`: its name.

    The bytes of `image` are not used; its number is not part of the identity.
    """
    parts = {
        "reader": _READER,
        "engine": engine,
        "level": settings.level,
        "marks": settings.marks,
        "picture": sha256,
        "orientation": image.orientation,
        "dpi": round(image.dpi, 3),
        "layer": None if image.words is None else [[w.text, w.box.as_list()] for w in image.words],
        **({} if image.turn is None else {"turn": image.turn}),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
