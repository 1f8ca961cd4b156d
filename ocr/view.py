"""What of a picture is read, and how fine: a flat scan as it is, of a photograph the sheet alone, seen from above.

Readers work on `View.gray`; `View.on_scan` puts what was found on `View.whole` where it stands on the scan. The kept picture is
not changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from PIL import Image

from domain.pages import Barcode, Box, Cell, Word, Zone
from domain.paper import A4
from ocr import fineness, pictures, sheet
from ocr.engine import Gray
from ocr.sheet import Sheet

Thing = TypeVar("Thing", Word, Cell, Zone, Barcode)


@dataclass(frozen=True, slots=True)
class View:
    """A page to be read. `whole`: the flat scan or the sheet at its own resolution, of `fine` dpi at most; `gray`: the copy that
    is read, of `dpi`, by `factor` the size of `whole`; `size`: width and height of the scan.
    """

    whole: Gray
    fine: float
    gray: Gray
    dpi: float
    factor: float
    size: tuple[int, int]
    sheet: Sheet | None = None
    paper: Box | None = None
    """Where of `whole` there is nothing but the sheet; None: everywhere, or it is not known."""

    @property
    def lean(self) -> float:
        """Degrees by which what is read leans clockwise on the scan, before it is straightened itself."""
        return round(self.sheet.lean, 2) if self.sheet else 0.0

    def on_scan(self, things: Sequence[Thing], rotation: int) -> tuple[Thing, ...]:
        """What was found on `whole` after clockwise `rotation`, with its boxes on the scan after the same rotation."""
        if self.sheet is None:
            return tuple(things)
        boxes = self.sheet.back([thing.box for thing in things], rotation, self.size)
        return tuple(replace(thing, box=box) for thing, box in zip(things, boxes, strict=True))


def of(picture: Image.Image, dpi: float, wanted: float) -> View:
    """A picture that states `dpi`, to be read at `wanted` dpi or less. A sheet on a photograph is A4 unless its writing says
    otherwise.
    """
    scan = pictures.reading_copy(picture)
    found = sheet.find(picture)
    if found is None or found.lies_flat:
        view = _view(scan, fineness.of(scan, dpi), wanted, picture.size)
        return view if found is None else replace(view, paper=found.inside)
    whole = found.flat(scan)
    return replace(_view(whole, fineness.measured(whole, max(found.size) / A4[1]), wanted, picture.size), sheet=found)


def drawn(picture: Image.Image, dpi: float, wanted: float) -> View:
    """A page that was drawn at `dpi` and needs no second thought."""
    return _view(pictures.reading_copy(picture), fineness.believed(dpi), wanted, picture.size)


def _view(whole: Gray, fine: fineness.Fineness, wanted: float, size: tuple[int, int]) -> View:
    factor = min(1.0, wanted / fine.least)
    return View(whole, fine.most, pictures.scaled(whole, factor), fine.likely * factor, factor, size)
