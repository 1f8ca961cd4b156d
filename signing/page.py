"""The last page as a reader sees it, and the way from there back to the page's own coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader

Rect = tuple[float, float, float, float]
"""`(left, bottom, right, top)` in points."""


@dataclass(frozen=True, slots=True)
class LastPage:
    """`box`: what is visible, in the page's own coordinates; `rotation`: quarter turns clockwise when shown, in degrees."""

    box: Rect
    rotation: int

    @property
    def shown(self) -> Rect:
        """The visible page as it is shown, from its own lower left corner."""
        left, bottom, right, top = self.box
        wide, high = right - left, top - bottom
        return (0, 0, high, wide) if self.rotation in (90, 270) else (0, 0, wide, high)

    def own(self, shown: Rect) -> Rect:
        """A rectangle of the shown page in the page's own coordinates."""
        (x0, y0), (x1, y1) = self._own_point(shown[0], shown[1]), self._own_point(shown[2], shown[3])
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def _own_point(self, x: float, y: float) -> tuple[float, float]:
        left, bottom, right, top = self.box
        match self.rotation:
            case 90:
                return right - y, bottom + x
            case 180:
                return right - x, top - y
            case 270:
                return left + y, top - x
            case _:
                return left + x, bottom + y


def last_page(reader: PdfFileReader) -> LastPage:
    """CropBox, else MediaBox, and Rotate, each of which may be inherited (ISO 32000-1, 7.7.3.4)."""
    page = reader.find_page_for_modification(-1)[0].get_object()
    sides = _inherited(page, "/CropBox") or _inherited(page, "/MediaBox") or (0, 0, 595, 842)
    x0, y0, x1, y1 = (float(side) for side in sides)
    box = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
    return LastPage(box, int(_inherited(page, "/Rotate") or 0) % 360)


def _inherited(page: Any, name: str) -> Any:
    while name not in page and "/Parent" in page:
        page = page["/Parent"]
    return page.get(name)
