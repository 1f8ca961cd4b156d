"""Binds scanned pages and their words into one PDF/A-2u: the scanner's own pictures on top, the words under them.

The pages come one after the other and their pictures wait on disk, so a chart of 500 pages needs no more memory than one of 20.
"""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pikepdf import Dictionary, Name, Object, Page, Pdf

from domain.errors import Broken, Refused
from domain.pages import PageImage, PageReading
from pdfa import archive, words
from pdfa.blank_font import Letters
from pdfa.geometry import Layout, lay_out, upright_size
from pdfa.layers import Layer
from pdfa.mark import Marker
from pdfa.profiles import layers
from pdfa.record import BindRecord, Bound
from pdfa.settings import PdfaSettings
from pdfa.spool import Spool
from pdfa.waiting import Waiting, WaitingPictures

_PLAIN = PdfaSettings()


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A page whose pictures wait in the spool: everything else that is known of it.

    `content` are content-stream operators: the pictures (named P0, P1 …, lowest first), then the words.
    """

    pictures: tuple[Waiting, ...]
    layout: Layout
    content: bytes


def bind(
    pages: Iterable[tuple[PageImage, PageReading]],
    record: BindRecord,
    out: Path,
    settings: PdfaSettings = _PLAIN,
    carried: Collection[int] = (),
) -> Bound:
    """Writes `out` whole, or not at all. `carried`: places of pages that need no mark (`mark.carried`).

    Raises Unreadable for a damaged picture, Refused where there is no page.
    """
    with tempfile.TemporaryFile(dir=out.parent) as file:
        sheaf, marker = _Sheaf(Spool(file), settings), Marker(record, settings, carried)
        for image, reading in pages:
            sheaf.lay(image, reading)
            marker.look(image, reading)
        count = sheaf.close()
        with Pdf.open(file) as pdf:
            sheaf.assemble(pdf)
            marker.draw(pdf)
            archive.make_archival(pdf, record)
            archive.save(pdf, out)
    return archive.bound(out, count)


class _Sheaf:
    """Pages laid one on the other: their pictures in the spool, the little else there is in memory."""

    def __init__(self, spool: Spool, settings: PdfaSettings) -> None:
        self._spool = spool
        self._settings = settings
        self._leaves: list[_Leaf] = []
        self._letters = Letters()
        self._pictures = WaitingPictures(spool)

    def lay(self, image: PageImage, reading: PageReading) -> None:
        """Adds a page. Raises Broken where picture and reading are not of one page."""
        if upright_size(image, reading.rotation) != (reading.width, reading.height):
            raise Broken(
                "page_mismatch",
                "Kích thước ảnh và kết quả nhận dạng của một trang không khớp nhau. Hãy báo cho người quản trị.",
                "The picture of a page and what was read on it differ in size. Call the administrator.",
            )
        layout = lay_out(image, reading)
        stack = layers(image, reading, self._settings.profile)
        pictures = tuple(self._pictures.add(layer) for layer in stack)
        content = _painted(stack, layout) + words.text_operators(reading, layout, self._letters)
        self._leaves.append(_Leaf(pictures, layout, content))

    def close(self) -> int:
        """No more pages: makes the spool readable, and says how many there are. Raises Refused where there is none."""
        if not self._leaves:
            raise Refused("no_pages", "Tài liệu không có trang nào để ghép.", "The document has no page to bind.")
        self._spool.finish()
        return len(self._leaves)

    def assemble(self, pdf: Pdf) -> None:
        """Makes the pages, given the spool opened as a PDF."""
        font = pdf.make_indirect(Dictionary(Type=Name.Font))
        words.fill_font(pdf, font, self._letters)
        for leaf in self._leaves:
            pictures = {f"/P{place}": self._pictures.placed(pdf, waiting) for place, waiting in enumerate(leaf.pictures)}
            pdf.pages.append(_page(pdf, leaf, Dictionary(pictures), font))


def _painted(stack: Sequence[Layer], layout: Layout) -> bytes:
    """The operators that show the layers, each in its place."""
    return b"".join(
        b"q %b%b cm %b/P%d Do Q\n"
        % (layer.paint(), layer.part.matrix().then(layout.picture).operands(), layer.part.clip(), place)
        for place, layer in enumerate(stack)
    )


def _page(pdf: Pdf, leaf: _Leaf, pictures: Dictionary, font: Object) -> Page:
    content = zlib.compress(leaf.content, 9)
    return Page(
        pdf.make_indirect(
            Dictionary(
                Type=Name.Page,
                MediaBox=[0, 0, round(leaf.layout.width, 3), round(leaf.layout.height, 3)],
                Resources=Dictionary(XObject=pictures, Font=Dictionary({f"/{words.FONT}": font})),
                Contents=pdf.make_stream(content, Filter=Name.FlateDecode),
            )
        )
    )
