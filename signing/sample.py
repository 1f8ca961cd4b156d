"""A sheet with a block on it and nothing else: what an administrator sees before a layout counts."""

from __future__ import annotations

import io

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NumberObject, StreamObject, pdf_name
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter

from signing.appearance import Painted, style


def sample(painted: Painted, wide: int, high: int, around: int = 0) -> bytes:
    """A PDF of one page with a block of `wide` × `high` points and `around` points of paper on each side."""
    writer = PdfFileWriter()
    stamp = style(painted).create_stamp(writer, BoxConstraints(width=wide, height=high), {})
    content = StreamObject(stream_data=b"q 1 0 0 1 %d %d cm /B Do Q" % (around, around))
    media = ArrayObject(map(NumberObject, (0, 0, wide + 2 * around, high + 2 * around)))
    page = PageObject(contents=writer.add_object(content), media_box=media)
    page["/Resources"] = DictionaryObject({pdf_name("/XObject"): DictionaryObject({pdf_name("/B"): stamp.register()})})
    writer.insert_page(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
