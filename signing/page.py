"""A page as a reader sees it, and the way from there back to the page's own coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields

DEEPEST = 100
"""Levels of a page tree."""
Rect = tuple[float, float, float, float]
"""`(left, bottom, right, top)` in points."""


@dataclass(frozen=True, slots=True)
class SeenPage:
    """`box`: what is visible, in the page's own coordinates; `rotation`: quarter turns clockwise when shown, in degrees.

    `paper`: the part of it that was scanned (TrimBox), where a band stands below; `mark`: where the mark of conversion stands.
    """

    box: Rect
    rotation: int
    paper: Rect
    mark: Rect | None = None

    @property
    def kept(self) -> list[Rect]:
        """What no signature may cover: the mark, and the band below the paper that holds it."""
        left, bottom, right, _ = self.box
        band = [(left, bottom, right, self.paper[1])] if self.paper[1] > bottom else []
        return [self.mark, *band] if self.mark else []

    @property
    def shown(self) -> Rect:
        """The visible page as it is shown, from its own lower left corner."""
        left, bottom, right, top = self.box
        wide, high = right - left, top - bottom
        return (0, 0, high, wide) if self.rotation in (90, 270) else (0, 0, wide, high)

    def as_shown(self, own: Rect) -> Rect:
        """A rectangle in the page's own coordinates on the shown page."""
        (x0, y0), (x1, y1) = self._shown_point(own[0], own[1]), self._shown_point(own[2], own[3])
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

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

    def _shown_point(self, x: float, y: float) -> tuple[float, float]:
        left, bottom, right, top = self.box
        match self.rotation:
            case 90:
                return y - bottom, right - x
            case 180:
                return right - x, top - y
            case 270:
                return top - y, x - left
            case _:
                return x - left, y - bottom


def page_at(reader: PdfFileReader, number: int = -1) -> SeenPage:
    """Page `number`, from 0; −1: the last one. Raises ValueError."""
    return seen_page(leaf_at(reader.root.raw_get("/Pages"), number).get_object())


def field_rotation(reader: PdfFileReader, name: str) -> int:
    """How far the page of a signature field is turned when shown; of a field that is not there, or names no page, the last
    page's.
    """
    for found, _, reference in enumerate_sig_fields(reader):
        if found == name and "/P" in (field := reference.get_object()):
            return seen_page(field["/P"]).rotation
    return page_at(reader).rotation


def seen_page(page: Any) -> SeenPage:
    """CropBox, else MediaBox, and Rotate, each of which may be inherited (ISO 32000-1, 7.7.3.4); TrimBox and the mark may not."""
    box = rect(inherited(page, "/CropBox") or inherited(page, "/MediaBox") or (0, 0, 595, 842))
    mark = _mark(page)
    paper = rect(page["/TrimBox"]) if mark and "/TrimBox" in page else box
    return SeenPage(box, int(inherited(page, "/Rotate") or 0) % 360, paper, mark)


def leaf_at(node: Any, number: int) -> Any:
    """The reference of page `number`, from 0, below a node of the page tree; −1: the last one. Raises ValueError."""
    if number == -1:
        return last_leaf(node)
    for _ in range(DEEPEST):
        kids = node.get_object().get("/Kids")
        if kids is None and number == 0:
            return node
        for kid in kids or ():
            held = kid.get_object().get("/Count", 1)
            if number < held:
                node = kid
                break
            number -= held
        else:
            break
    raise ValueError("a page tree without that page")


def last_leaf(node: Any) -> Any:
    """The reference of the last page below that of a node of the page tree. The library reads every page on its way there: half
    of what a signature of 100 pages costs. Raises ValueError.
    """
    for _ in range(DEEPEST):
        kids = node.get_object().get("/Kids")
        if kids is None:
            return node
        node = next((kid for kid in reversed(kids) if kid.get_object().get("/Count", 1)), None)
        if node is None:
            break
    raise ValueError("a page tree without a last page")


def _mark(page: Any) -> Rect | None:
    """What binding left about the page (ISO 32000-1, 14.5)."""
    for name in ("/PieceInfo", "/Luuky", "/Private", "/Mark"):
        if not isinstance(page, DictionaryObject) or name not in page:
            return None
        page = page[name]
    return rect(page)


def rect(sides: Any) -> Rect:
    """A rectangle with its corners in order (ISO 32000-1, 7.9.5)."""
    x0, y0, x1, y1 = (float(side) for side in sides)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def inherited(page: Any, name: str) -> Any:
    """An attribute of a page, or of the nearest node above that has it; None: none has."""
    while name not in page and "/Parent" in page:
        page = page["/Parent"]
    return page.get(name)
