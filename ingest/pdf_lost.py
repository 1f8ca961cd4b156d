"""Whether an empty PDF page would show something if the file were whole. A page that cannot be shown is not an empty one."""

from __future__ import annotations

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

from ingest.unpacked import is_longer, is_whole

_NEITHER_COLOUR_SPACE_NOR = ("/ColorSpace", "/ImageMask")


def is_lost(page: pikepdf.Page, drawing: pypdfium2.PdfPage) -> bool:
    """Of a page on which nothing can be seen: whether instructions or a picture are missing, something else, or damaged."""
    own = page.obj.get("/Resources", pikepdf.Dictionary())
    has_something = any(len(own.get(kind, pikepdf.Dictionary())) for kind in ("/XObject", "/Font"))
    parts = list(page.obj.get("/Contents", pikepdf.Array()).wrap_in_array())
    if not all(isinstance(part, pikepdf.Stream) and is_whole(part) for part in parts) or (has_something and not parts):
        return True
    known = page.resources.get("/XObject", pikepdf.Dictionary())
    named = {str(step.operands[0]) for step in pikepdf.parse_content_stream(page, "Do") if step.operands}
    if not all(_is_sound(known.get(name)) for name in named):
        return True
    return not shows_all(drawing)


def shows_all(drawing: pypdfium2.PdfPage) -> bool:
    """Whether all pictures of a page can be decoded."""
    return all(map(_decodes, drawing.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)))


def _is_sound(thing: pikepdf.Object | None) -> bool:
    """Whether it is a form, or a picture that says all that it must and, where it is merely packed, unpacks."""
    if not isinstance(thing, pikepdf.Stream) or thing.get("/Subtype") not in ("/Image", "/Form"):
        return False
    if thing.Subtype == pikepdf.Name.Form:
        return True
    filters = [str(each) for each in thing.get("/Filter", pikepdf.Array()).wrap_in_array()]
    if not any(name in thing for name in _NEITHER_COLOUR_SPACE_NOR) and "/JPXDecode" not in filters:
        return False
    return any(name != "/FlateDecode" for name in filters) or _unpacks(thing)


def _unpacks(picture: pikepdf.Stream) -> bool:
    least = int(picture.get("/Width", 0)) * int(picture.get("/Height", 0)) * int(picture.get("/BitsPerComponent", 1)) // 8
    return is_longer(picture, least - 1)


def _decodes(picture: pypdfium2.PdfImage) -> bool:
    try:
        picture.get_bitmap()
    except pypdfium2.PdfiumError:
        return False
    return True
