"""A PDF opened for drawing, page after page, in little memory. The tool is PDFium."""

from __future__ import annotations

from pathlib import Path

import pypdfium2

_AT_ONCE = 8
"""Pages after which the file is opened anew: PDFium keeps all that it has read of it, pictures too, until it is closed."""


class Drawing:
    """Its pages, by index from 0; the last one only is open. Raises PdfiumError."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._document = pypdfium2.PdfDocument(path)
        self._page: pypdfium2.PdfPage | None = None
        self._seen = 0
        self.pages = len(self._document)

    def __getitem__(self, index: int) -> pypdfium2.PdfPage:
        if self._page is not None:
            self._page.close()
        if self._seen == _AT_ONCE:
            self._document.close()
            self._document, self._seen = pypdfium2.PdfDocument(self._path), 0
        self._seen += 1
        self._page = self._document[index]
        return self._page

    def close(self) -> None:
        """No more of it."""
        self._document.close()
