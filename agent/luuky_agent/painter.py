"""Pictures of pages, made by PDFium of the very bytes that were checked, in one thread of its own: the large page first."""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass

import pypdfium2

Size = tuple[int, int]
LARGEST = 4000
"""Pixels of a side; a page of a metre is not drawn larger."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as binary PPM, its number (0 is the first) and how many pages there are."""

    ppm: bytes
    page: int
    pages: int


def drawn(document: pypdfium2.PdfDocument, page: int, box: Size) -> Picture:
    """A page with its annotations and signature blocks, as large as fits into the box (pixels)."""
    sheet = document[min(page, len(document) - 1)]
    width, height = sheet.get_size()
    scale = min(box[0] / width, box[1] / height, LARGEST / max(width, height))
    bitmap = sheet.render(scale=scale, rev_byteorder=True, may_draw_forms=True)
    wide, high, stride = bitmap.width, bitmap.height, bitmap.stride
    data = memoryview(bitmap.buffer).cast("B")
    rows = b"".join(data[row * stride : row * stride + 3 * wide] for row in range(high))
    return Picture(b"P6 %d %d 255\n" % (wide, high) + rows, min(page, len(document) - 1), len(document))


class Painter:
    """Draws what it is asked for. `read(name)`: the bytes of a document; whatever it raises is handed to the asker."""

    def __init__(self, read: Callable[[str], bytes]) -> None:
        self._read = read
        self._asked: queue.PriorityQueue[tuple[int, int, Callable[[], None]]] = queue.PriorityQueue()
        self._order = itertools.count()
        self._open: tuple[str, pypdfium2.PdfDocument] | None = None
        threading.Thread(target=self._work, daemon=True).start()

    def ask(self, name: str, page: int, box: Size, then: Callable[[Picture | Exception], None], *, urgent: bool) -> None:
        """Draw a page soon; `then` is called in the painter's own thread."""
        self._asked.put((0 if urgent else 1, next(self._order), lambda: then(self._draw(name, page, box))))

    def forget(self) -> None:
        """Another batch: drop what was asked for and has not begun, and the document at hand."""
        while not self._asked.empty():
            self._asked.get_nowait()
        self._asked.put((0, next(self._order), self._close))

    def _work(self) -> None:
        while True:
            self._asked.get()[2]()

    def _close(self) -> None:
        if self._open is not None:
            self._open[1].close()
            self._open = None

    def _draw(self, name: str, page: int, box: Size) -> Picture | Exception:
        try:
            if self._open is None or self._open[0] != name:
                self._close()
                document = pypdfium2.PdfDocument(self._read(name))
                document.init_forms()
                self._open = (name, document)
            return drawn(self._open[1], page, box)
        except Exception as error:  # noqa: BLE001 - a page that cannot be drawn is said in its place
            return error
