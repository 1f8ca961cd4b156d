"""What people put on pages afterwards, as PDF/A allows it (ISO 19005-2, 6.3): every annotation has its own drawing, and only one.

Rules
1. One that has a drawing keeps it: the one of its present state.
2. One without gets one that shows what its entries say, where that is certain: marks over text, shapes, lines, notes.
3. Of a kind that PDF/A does not know, the drawing goes into the page.
4. What is hidden is taken out, which is noted (`hidden_removed`), as is what cannot be drawn and says nothing (`marks_removed`).
"""

from __future__ import annotations

from collections.abc import Iterator

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream

from pdfa import sketches
from pdfa.objects import items, part

_WITHOUT_DRAWING = {"/Popup", "/Link"}
_KNOWN = {
    "/Text", "/Link", "/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Highlight", "/Underline",
    "/Squiggly", "/StrikeOut", "/Stamp", "/Caret", "/Ink", "/Popup", "/Widget", "/PrinterMark", "/TrapNet", "/Watermark",
    "/Redact",
}  # fmt: skip
HIDDEN = 2 | 32
"""Hidden, or not for screens (ISO 32000-1, table 165)."""
_HARMLESS = 1 | 256
"""Invisible to programs that do not know the kind; switched by a script that is gone: it is seen, and stays so."""
_UNZOOMED = 8 | 16


def settle_annotations(pdf: Pdf) -> tuple[str, ...]:
    """In place; the notes."""
    notes: set[str] = set()
    for page in pdf.pages:
        there = items(page.obj, "/Annots")
        kept = []
        for annotation in there:
            fate = _settle(pdf, page, annotation) if isinstance(annotation, Dictionary) else "marks_removed"
            if fate is None:
                kept.append(annotation)
            elif fate:
                notes.add(fate)
        if len(kept) < len(there):
            page.obj.Annots = Array(kept)
    return tuple(sorted(notes))


def _settle(pdf: Pdf, page: Page, annotation: Object) -> str | None:
    """None where it stays; else the note for having taken it out, empty where nothing is lost."""
    kind = str(annotation.get(Name.Subtype, ""))
    flags = int(annotation.get(Name.F, 0))
    if flags & HIDDEN:
        return "" if kind == "/Popup" else "hidden_removed"
    annotation[Name.F] = (flags | 4) & ~_HARMLESS | (_UNZOOMED if kind == "/Text" else 0)
    drawing = drawing_of(annotation)
    if kind in _WITHOUT_DRAWING and drawing is None:
        _undraw(annotation)
        return None
    if drawing is None and _is_empty(annotation):
        _undraw(annotation)
        return None if kind in _KNOWN else ""
    if drawing is None:
        drawing = sketches.sketch(pdf, annotation)
        if drawing is None:
            return "marks_removed"
    if kind not in _KNOWN:
        put_into_page(page, annotation, drawing)
        return ""
    annotation.AP = Dictionary(N=drawing)
    return None


def _undraw(annotation: Object) -> None:
    if "/AP" in annotation:
        del annotation["/AP"]


def drawing_of(annotation: Object) -> Object | None:
    """What it shows now (ISO 32000-1, 12.5.5)."""
    normal = part(annotation, "/AP").get("/N")
    if isinstance(normal, Stream):
        return normal if normal.is_indirect else None
    state = annotation.get("/AS")
    chosen = normal.get(state) if isinstance(normal, Dictionary) and isinstance(state, Name) else None
    return chosen if isinstance(chosen, Stream) else None


def _is_empty(annotation: Object) -> bool:
    x0, y0, x1, y1 = box(annotation)
    return x0 == x1 and y0 == y1


def box(annotation: Object) -> tuple[float, float, float, float]:
    """Where it stands: left, bottom, right, top."""
    sides = [float(side) for side in items(annotation, "/Rect")][:4]
    x0, y0, x1, y1 = sides if len(sides) == 4 else (0.0, 0.0, 0.0, 0.0)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def put_into_page(page: Page, annotation: Object, drawing: Object) -> None:
    """Draws it as the last thing of the page, where a viewer does (ISO 32000-1, 12.5.5, algorithm 8.1)."""
    corners = list(_corners(drawing))
    left, bottom = min(x for x, _ in corners), min(y for _, y in corners)
    wide, high = max(x for x, _ in corners) - left, max(y for _, y in corners) - bottom
    x0, y0, x1, y1 = box(annotation)
    across, up = (x1 - x0) / wide if wide else 1.0, (y1 - y0) / high if high else 1.0
    drawing.Type, drawing.Subtype = Name.XObject, Name.Form
    name = page.add_resource(drawing, Name.XObject, _free_name(page))
    place = f"{across:.6f} 0 0 {up:.6f} {x0 - left * across:.4f} {y0 - bottom * up:.4f}"
    page.contents_add(b"q", prepend=True)
    page.contents_add(f"Q q {place} cm {name} Do Q".encode())


def _free_name(page: Page) -> Name:
    """Of a drawing in the page's resources: pikepdf would make up another one each time, and with it other bytes."""
    taken = part(page.resources, "/XObject")
    number = len(taken)
    while f"/Drawn{number}" in taken:
        number += 1
    return Name(f"/Drawn{number}")


def _corners(drawing: Object) -> Iterator[tuple[float, float]]:
    x0, y0, x1, y1 = (float(side) for side in items(drawing, "/BBox")[:4])
    a, b, c, d, e, f = (float(part) for part in items(drawing, "/Matrix")[:6] or (1, 0, 0, 1, 0, 0))
    for x, y in ((x0, y0), (x1, y0), (x0, y1), (x1, y1)):
        yield a * x + c * y + e, b * x + d * y + f
