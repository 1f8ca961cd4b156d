"""What was read on a page: words with boxes, and how good the scan is.

Boxes are `(x0, y0, x1, y1)` in pixels of the scan at its own resolution, after `rotation` (quarter turns, clockwise degrees,
applied) and before deskewing: the picture that screens show.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle in pixels; a box whose right edge lies left of its left edge cannot exist."""

    x0: float
    y0: float
    x1: float
    y1: float

    def __post_init__(self) -> None:
        if self.x1 < self.x0 or self.y1 < self.y0:
            raise ValueError(f"inverted box {self.as_list()}")

    def as_list(self) -> list[float]:
        """`[x0, y0, x1, y1]`, one decimal."""
        return [round(value, 1) for value in (self.x0, self.y0, self.x1, self.y1)]

    def union(self, other: Box) -> Box:
        """The smallest box that holds both."""
        return Box(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))

    @property
    def middle(self) -> tuple[float, float]:
        """Its x and y."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it."""
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1

    def turned(self, degrees: int, width: float, height: float) -> Box:
        """After clockwise quarter turns of a picture that is `width` × `height` afterwards."""
        if degrees == 90:
            return Box(width - self.y1, self.x0, width - self.y0, self.x1)
        if degrees == 180:
            return Box(width - self.x1, height - self.y1, width - self.x0, height - self.y0)
        return Box(self.y0, height - self.x1, self.y1, height - self.x0) if degrees == 270 else self

    def shared(self, other: Box) -> float:
        """Square pixels that lie in both."""
        wide, high = min(self.x1, other.x1) - max(self.x0, other.x0), min(self.y1, other.y1) - max(self.y0, other.y0)
        return wide * high if wide > 0 and high > 0 else 0.0

    @property
    def width(self) -> float:
        """Pixels."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Pixels."""
        return self.y1 - self.y0

    @property
    def area(self) -> float:
        """Square pixels."""
        return self.width * self.height


class Boxed(Protocol):
    """What stands somewhere on a page."""

    @property
    def box(self) -> Box:
        """Where."""
        ...


def around(things: Iterable[Boxed]) -> Box:
    """The smallest box that holds all of at least one thing."""
    return reduce(Box.union, (thing.box for thing in things))


@dataclass(frozen=True, slots=True)
class Changed:
    """Why a word does not say what was read at first: `read` is that; either a `rule` of numbers and dates was asked, or a person
    corrected it (`by`, at time `at`, ISO 8601 in UTC).
    """

    read: str
    rule: str | None = None
    by: str | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """One word as printed (NFC), where it stands, how sure the reader is (0..1), and the number of its line on the page."""

    text: str
    box: Box
    confidence: float
    line: int
    changed: Changed | None = None


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of the page that is all of one kind: `print`, `handwriting`, `stamp`, `signature`, `table`, `picture`, `blank`."""

    kind: str
    box: Box


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a ruled table.

    `table`, `row` and `column` count from 0: which table of the page, and where in it the cell begins; `rows` and `columns`: how
    many it spans; `start` to `end`: which of the page's words stand in it, in reading order.
    """

    table: int
    row: int
    column: int
    rows: int
    columns: int
    box: Box
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Flag:
    """Something a person should know about a scan: a code (`skewed`, `dark`, `faint`, `blurred`, `low_dpi`, `upside_down`,
    `blank`, `cut_off`, `black_border`, `double_feed`, `unread`), the number measured, and whether it asks for a new scan.
    """

    code: str
    value: float
    rescan: bool = False


@dataclass(frozen=True, slots=True)
class Barcode:
    """A bar code or QR code found on a page; `page` counts from 1."""

    page: int
    format: str
    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class PageReading:
    """One page, read. `number` counts from 1 in its document; `engine` names reader and version, or `text layer`."""

    number: int
    width: int
    height: int
    dpi: float
    rotation: int = 0
    skew_degrees: float = 0.0
    """How far the scan leans clockwise after `rotation`: turned back by as much, it stands straight."""
    blank: bool = False
    words: tuple[Word, ...] = ()
    flags: tuple[Flag, ...] = ()
    barcodes: tuple[Barcode, ...] = ()
    cells: tuple[Cell, ...] = ()
    """The cells of all ruled tables, table by table, row by row; empty ones too."""
    zones: tuple[Zone, ...] = ()
    """What stands where; zones may overlap, as a seal and the print under it do."""
    engine: str = ""
    source: int = 0
    """Index of the input file it came from, when several were joined."""

    @property
    def lines(self) -> list[list[Word]]:
        """The words by line, in reading order."""
        rows: dict[int, list[Word]] = {}
        for word in self.words:
            rows.setdefault(word.line, []).append(word)
        return [rows[number] for number in sorted(rows)]

    @property
    def text(self) -> str:
        """Plain text in reading order, a line a row."""
        return "\n".join(" ".join(word.text for word in row) for row in self.lines)


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole document, read: its pages in order."""

    pages: tuple[PageReading, ...] = field(default=())

    @property
    def barcodes(self) -> tuple[Barcode, ...]:
        """All bar codes, page by page."""
        return tuple(code for page in self.pages for code in page.barcodes)


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page as it will be read and bound: an encoded picture, byte for byte the scanner's own where the source allows.

    `media_type` is `image/jpeg`, `image/png`, `image/tiff` (one page, CCITT or Deflate), `image/jp2`, or `application/pdf`: a PDF
    of one page that shows nothing but the picture, a unit a pixel, for codings of which there are no files. `width` and `height`
    in pixels as stored; `orientation` is the EXIF orientation (1..8) that a viewer applies before anything else. `native`: `data`
    is the source's own stream, not drawn by us. `words` is the page's own text layer where it has one, else None. `turn`: quarter
    turns in degrees, clockwise and after `orientation`, that a person gave it; None: the reader decides.
    """

    number: int
    data: bytes
    media_type: str
    width: int
    height: int
    dpi: float
    orientation: int = 1
    native: bool = True
    words: tuple[Word, ...] | None = None
    turn: int | None = None
