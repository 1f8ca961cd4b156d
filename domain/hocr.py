"""The words of a document as hOCR 1.2: a web page whose titles say where each word stands, which many OCR tools read.

Boxes are in pixels of the scan after its quarter turn, as the sidecar has them. Each cell of a ruled table and each run of lines
between tables is an `ocr_carea`, in reading order; a picture, a stamp and a signature an `ocr_image`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from domain.alto import DRAWN
from domain.markup import printable
from domain.pages import Box, PageReading, Word, around
from domain.sidecar import Sidecar

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="vi" lang="vi">
<head>
<title>{title}</title>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<meta name="ocr-system" content="{engines}" />
<meta name="ocr-capabilities" content="ocr_page ocr_carea ocr_image ocr_line ocrx_word" />
<meta name="ocr-langs" content="vi" />
<meta name="ocr-number-of-pages" content="{pages}" />
</head>
<body>
"""


def hocr(made: Sidecar) -> str:
    """The whole document, its pages in order."""
    name = made.sources[0].name if made.sources else ""
    engines = "; ".join(sorted({page.engine for page in made.pages if page.engine}))
    head = _HEAD.format(title=_text(name), engines=_text(engines), pages=len(made.pages))
    return head + "\n".join(row for page in made.pages for row in _page(page, name)) + "\n</body>\n</html>\n"


def _page(page: PageReading, name: str) -> Iterator[str]:
    image = _text(f'image "{name.replace(chr(34), "")}"')
    place = f"{_box(Box(0, 0, page.width, page.height))}; ppageno {page.number - 1}; scan_res {page.dpi:.0f} {page.dpi:.0f}"
    yield f"<div class='ocr_page' id='page_{page.number}' title='{image}; {place}'>"
    for number, words in enumerate(areas(page)):
        yield f" <div class='ocr_carea' id='block_{page.number}_{number}' title='{_box(around(words))}'>"
        for _, row in groupby(words, key=lambda word: word.line):
            there = tuple(row)
            text = " ".join(map(_word, there))
            yield f"  <span class='ocr_line' title='{_box(around(there))}'>{text}</span>"
        yield " </div>"
    for zone in page.zones:
        if zone.kind in DRAWN:
            yield f" <div class='ocr_image' title='{_box(zone.box)}'></div>"
    yield "</div>"


def areas(page: PageReading) -> Iterator[Sequence[Word]]:
    """The words of each cell and of each run of lines between tables; none is empty."""
    done = 0
    for cell in page.cells:
        for start, end in ((done, cell.start), (cell.start, cell.end)):
            if end > start:
                yield page.words[start:end]
        done = max(done, cell.end)
    if page.words[done:]:
        yield page.words[done:]


def _word(word: Word) -> str:
    return f"<span class='ocrx_word' title='{_box(word.box)}; x_wconf {100 * word.confidence:.0f}'>{_text(word.text)}</span>"


def _box(box: Box) -> str:
    return "bbox " + " ".join(str(round(value)) for value in (box.x0, box.y0, box.x1, box.y1))


def _text(text: str) -> str:
    return escape(printable(text), quote=True)
