"""The mark of conversion from paper: on pages that were scanned, who made them electronic and when, and where to check that.

Asked for by NĐ 137/2024, Điều 4 and Luật Giao dịch điện tử 2023, Điều 12: words that tell the file from paper, the time, the full
name of the converting person or organisation; and a QR code.

1. It covers no word and no ink: it stands in the margin where there is room, else in a band by which the page grows downwards.
   The page's own coordinates stay as they are.
2. A file that carries it already gets no second one, as long as a page with it is there.
3. A page that it made taller names its paper's size as TrimBox; where the mark stands is in the page's PieceInfo, for who signs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import Dictionary, Name, Object, Page, Pdf

from domain.here import HERE
from domain.pages import PageImage, PageReading
from pdfa import mark_font, qr
from pdfa.choices import MarkPages, MarkPlace
from pdfa.claim import is_pdf
from pdfa.geometry import Layout, lay_out
from pdfa.margin import INSET, Rect, room
from pdfa.mark_font import Face
from pdfa.objects import part
from pdfa.pdf_date import pdf_date
from pdfa.record import BindRecord, Conversion
from pdfa.settings import PdfaSettings

WORDS = "Bản điện tử được chuyển đổi từ văn bản giấy"
SIZE, LEADING = 6.5, 8.6
"""Points."""
_SYMBOL = 34.5
"""Points: 12 mm and a little."""
_NARROWEST, _WIDEST = 170.0, 290.0
"""Points that a line may take in a margin or on a small page, and on a wide one."""
_PADDING = 6.0
_INK, _QUIET_INK, _HAIRLINE = b"0.15 g", b"0.35 g", b"0.7 G 0.4 w"
_NAME = "/LuukyMark"


@dataclass(frozen=True, slots=True)
class _Block:
    """What is drawn, from its lower left corner: lines of text, top to bottom, beside a symbol or alone."""

    lines: tuple[str, ...]
    face: Face
    code: qr.Code | None

    @property
    def quiet(self) -> float:
        """Points that stay empty around the symbol."""
        return qr.QUIET * _SYMBOL / self.code.size if self.code else 0.0

    @property
    def indent(self) -> float:
        """Where text begins."""
        return _SYMBOL + 2 * self.quiet if self.code else 0.0

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        text = max(self.face.width(line, SIZE) for line in self.lines)
        high = max(len(self.lines) * LEADING, _SYMBOL + 2 * self.quiet if self.code else 0.0)
        return round(self.indent + text, 1), round(high, 1)

    def operators(self) -> bytes:
        """The content of a form XObject; nothing of the page's own state is relied on."""
        parts = []
        if self.code:
            scale = _SYMBOL / self.code.size
            place = b"%.4f 0 0 %.4f %.2f %.2f" % (scale, scale, self.quiet, (self.size[1] - _SYMBOL) / 2)
            parts.append(b"q 0 g %b cm\n%bQ\n" % (place, self.code.operators()))
        top = (self.size[1] + len(self.lines) * LEADING) / 2 - SIZE
        parts.append(b"BT 0 Tr 0 Tc 0 Tw 100 Tz 0 Ts /F %g Tf %g TL %.2f %.2f Td\n" % (SIZE, LEADING, self.indent, top))
        for number, line in enumerate(self.lines):
            ink = _INK if number == 0 else _QUIET_INK
            parts.append(b"%b <%b> Tj T*\n" % (ink, self.face.encode(line).hex().encode()))
        return b"".join([*parts, b"ET\n"])


@dataclass(frozen=True, slots=True)
class _Seen:
    """A page that gets the mark: `place` in its margin, None: a band."""

    index: int
    layout: Layout
    place: Rect | None


class Marker:
    """Looks at pages as they come, and draws the mark once they stand in a PDF."""

    def __init__(self, record: BindRecord, settings: PdfaSettings, carried: Collection[int] = ()) -> None:
        """`carried`: places of pages, from 0, whose file carries the mark already (`carried`)."""
        self._record = record
        self._carried = frozenset(carried)
        self._where = settings.mark if record.conversion else MarkPlace.NONE
        self._all = settings.mark_pages is MarkPages.ALL
        self._seen: list[_Seen] = []
        self._pages = 0

    def look(self, image: PageImage, reading: PageReading) -> None:
        """The next page, in order."""
        index, self._pages = self._pages, self._pages + 1
        conversion = self._record.conversion
        if conversion is None or self._where is MarkPlace.NONE or not self._wanted(index):
            return
        layout = lay_out(image, reading)
        size = self._block(conversion, layout.width, _WIDEST).size
        place = room(image, reading, layout, size) if self._where is not MarkPlace.BAND else None
        self._seen.append(_Seen(index, layout, place))

    def _wanted(self, index: int) -> bool:
        if index in self._carried:
            return False
        still_none = self._where is MarkPlace.MARGIN and all(seen.place is None for seen in self._seen)
        return not self._seen or self._all or still_none

    def draw(self, pdf: Pdf) -> None:
        """Draws it on those pages, which are the first ones of `pdf`."""
        conversion = self._record.conversion
        if conversion is None:
            return
        forms = _Forms(pdf)
        for seen in self._chosen():
            widest = _WIDEST if seen.place else max(_NARROWEST, seen.layout.width - 2 * INSET)
            block = self._block(conversion, seen.layout.width, widest)
            _put(pdf.pages[seen.index], seen, block, forms.of(block), pdf_date(self._record.created))

    def _chosen(self) -> list[_Seen]:
        if self._all or not self._seen:
            return self._seen
        return [next((seen for seen in self._seen if seen.place), self._seen[0])]

    def _block(self, conversion: Conversion, width: float, widest: float) -> _Block:
        code = qr.code(conversion.address) if conversion.address else None
        texts = [mark_font.drawable(text) for text in _texts(self._record, conversion)]
        face = mark_font.face("".join(texts))
        indent = _Block((), face, code).indent
        limit = min(max(width - 2 * INSET, _NARROWEST + indent), widest + indent) - indent
        return _Block(tuple(line for text in texts for line in _wrapped(text, face, limit)), face, code)


def carried(leaves: Sequence[tuple[Path, int]]) -> frozenset[int]:
    """Places, from 0, of the pages (file, and number there) that need no mark: their file has it on one that is here."""
    here: defaultdict[Path, set[int]] = defaultdict(set)
    for path, number in leaves:
        here[path].add(number)
    bearing = {path for path, numbers in here.items() if not numbers.isdisjoint(_marked(path))}
    return frozenset(place for place, (path, _) in enumerate(leaves) if path in bearing)


def _marked(path: Path) -> Iterator[int]:
    """Numbers of a file's pages that carry it."""
    if not is_pdf(path):
        return
    with Pdf.open(path) as pdf:
        for number, page in enumerate(pdf.pages, 1):
            if "/Mark" in part(part(part(page.obj, "/PieceInfo"), "/Luuky"), "/Private"):
                yield number


def _texts(record: BindRecord, conversion: Conversion) -> Iterator[str]:
    yield WORDS
    yield f"Thời gian chuyển đổi: {record.created.astimezone(HERE):%d/%m/%Y %H:%M:%S} +07:00"
    yield f"Chuyển đổi bởi: {conversion.converter}"
    if conversion.address:
        yield f"Kiểm tra: {conversion.address.partition('://')[2]}"


def _wrapped(text: str, face: Face, limit: float) -> Iterator[str]:
    """Lines of at most `limit` points, broken at spaces, else anywhere."""
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if face.width(longer, SIZE) <= limit:
            line = longer
            continue
        if line:
            yield line
        line = word
        while face.width(line, SIZE) > limit:
            fits = next(n for n in range(len(line), 0, -1) if n == 1 or face.width(line[:n], SIZE) <= limit)
            yield line[:fits]
            line = line[fits:]
    if line:
        yield line


class _Forms:
    """One form XObject for each block that is drawn, however many pages show it."""

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        self._made: dict[_Block, Object] = {}
        self._fonts: dict[Face, Object] = {}

    def of(self, block: _Block) -> Object:
        """The form that draws it."""
        if block not in self._made:
            font = self._fonts.get(block.face) or mark_font.embedded(self._pdf, block.face)
            self._fonts[block.face] = font
            self._made[block] = self._pdf.make_stream(
                block.operators(),
                Type=Name.XObject,
                Subtype=Name.Form,
                BBox=[0, 0, *block.size],
                Resources=Dictionary(Font=Dictionary(F=font)),
            )
        return self._made[block]


def _put(page: Page, seen: _Seen, block: _Block, form: Object, date: str) -> None:
    wide, high = block.size
    drawn, rule = seen.place, b""
    if drawn is None:
        band = high + 2 * _PADDING
        left = min(INSET, max(_PADDING, (seen.layout.width - wide) / 2)) - block.quiet
        drawn = (left, _PADDING - band, left + wide, _PADDING - band + high)
        paper = [float(side) for side in page.obj.MediaBox.as_list()]
        full = max(paper[2], round(left + wide + _PADDING, 1))
        page.obj.MediaBox = [0, round(-band, 1), full, paper[3]]
        page.obj.TrimBox = paper
        rule = b"%b %.1f -.4 m %.1f -.4 l S\n" % (_HAIRLINE, left + block.quiet, full - left - block.quiet)
    page.obj.Resources.XObject[_NAME] = form
    page.contents_add(b"q %b1 0 0 1 %.2f %.2f cm %b Do Q" % (rule, drawn[0], drawn[1], _NAME.encode()))
    page.obj.PieceInfo = Dictionary(
        Luuky=Dictionary(LastModified=pikepdf.String(date), Private=Dictionary(Mark=[round(side, 1) for side in drawn]))
    )
    page.obj.LastModified = pikepdf.String(date)
