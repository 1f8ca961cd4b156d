"""How many dots of a picture make an inch of paper: what its file states, where that can be, else what sheet it is likely to be.

1. A resolution counts if a scanner may have it, if it is the same in both directions, and if a sheet of that size can be handled.
2. 72 and 96 are what programs and cameras write that do not know. They count only for a picture that is a usual sheet then.
3. Otherwise a picture that is a usual sheet at a usual resolution, to the pixel or nearly, is taken for that. What fits A4 fits
   A6 at twice the resolution: it is A4.
4. A strip from a roll is as wide as the head of a thermal printer, or 80 mm. Anything else, a photograph too, is as long as A4.
"""

from __future__ import annotations

from domain.paper import A3, A4, A5

_UNKNOWN = (72.0, 96.0)
_USUAL = (
    (A4, (300, 200, 150, 400, 600, 240, 100)),
    (A5, (300, 200, 150, 240)),
    (A3, (300, 200, 400, 150, 600, 240)),
)
"""Sheets with the resolutions at which they are scanned; the first that fits counts."""
_TAGGED, _EXACT = 0.03, 0.012
"""How far a side may be from that of a sheet, where the resolution is stated and where it is not: scanners cut off a little."""
_SQUARE = 0.03
_ROUNDING = 0.02
"""Half a dot per metre is 0.013 dpi."""
_SHORT, _LONG = (1.0, 25.0), 120.0
"""Inches: between which the shorter side lies, and the longest strip."""
_STRIP = 3.0
"""How often the shorter side goes into the longer one of a strip."""
_HEADS, _HEAD_DPI, _ROLL = (384, 576, 832), 203.0, 3.15
"""Dots of thermal printers' heads, eight to the millimetre, and the width of the usual roll in inches."""


def plausible(across: float, down: float, size: tuple[int, int]) -> float:
    """One resolution (dpi) for both directions. `across`, `down`: as stated, 0 where nothing is; `size`: width and height."""
    square = is_plausible(across) and abs(across - down) < _SQUARE * across
    if square and (_is_usual(across, size) if across in _UNKNOWN else _can_be(across, size)):
        return _whole(across)
    return guessed(size)


def stretched(across: float, down: float, size: tuple[int, int]) -> tuple[int, int]:
    """The size of a picture once its pixels are as wide as high: those of a fax, and of some scanners' drafts, are not.
    Resolutions that no scanner has count for nothing.
    """
    if not (is_plausible(across) and is_plausible(down)) or abs(across - down) < _SQUARE * across:
        return size
    most = max(across, down)
    return round(size[0] * most / across), round(size[1] * most / down)


def _whole(dpi: float) -> float:
    """What dots per metre or centimetre make of a whole number of dots per inch is that number: 11,811 a metre are 300."""
    return float(round(dpi)) if abs(dpi - round(dpi)) < _ROUNDING else dpi


def is_plausible(dpi: float) -> bool:
    """Whether a scanner may have this resolution, in dots per inch or per centimetre."""
    return 20 < dpi < 1300


def guessed(size: tuple[int, int]) -> float:
    """The resolution (dpi) of a picture that states none (rules 3 and 4)."""
    short, long = sorted(size)
    for sheet, resolutions in _USUAL:
        for dpi in resolutions:
            if _fits((short / dpi, long / dpi), sheet, _EXACT):
                return float(dpi)
    if long > _STRIP * short:
        return _HEAD_DPI if short in _HEADS else max(round(short / _ROLL, 1), 1.0)
    return max(round(long / A4[1], 1), 1.0)


def _can_be(dpi: float, size: tuple[int, int]) -> bool:
    short, long = sorted(side / dpi for side in size)
    return _SHORT[0] < short < _SHORT[1] and long < _LONG


def _is_usual(dpi: float, size: tuple[int, int]) -> bool:
    short, long = sorted(side / dpi for side in size)
    return any(_fits((short, long), sheet, _TAGGED) for sheet, _ in _USUAL)


def _fits(sides: tuple[float, float], sheet: tuple[float, float], tolerance: float) -> bool:
    return all(abs(side / wanted - 1) < tolerance for side, wanted in zip(sides, sheet, strict=True))
