"""Drawings for annotations and form fields that have none, by what their entries say (ISO 32000-1, 12.5.6 and 12.7.3.3)."""

from __future__ import annotations

import re
from collections.abc import Callable

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from pdfa import mark_font
from pdfa.objects import items, part

_ROUND = 0.5523
"""How far the handles of a curve stand that makes a quarter of a circle."""
_ICON = 18.0
_SIZE = re.compile(r"([\d.]+)\s+Tf")
_COLOUR = re.compile(r"((?:[\d.]+\s+){1,4})(?:g|rg|k)\b")
_MARGIN = 2.0
_PEN = "/G gs 1 w "
_LEADING = 1.2
_SMALLEST_SIZE, _LARGEST_SIZE = 4.0, 12.0
_A_LITTLE_SMALLER = 0.95
Box = tuple[float, float, float, float]


def sketch(pdf: Pdf, annotation: Object) -> Object | None:
    """A form XObject in the page's own coordinates; None where nothing is certain."""
    draw = _DRAWERS.get(str(annotation.get(Name.Subtype, "")))
    try:
        return draw(pdf, annotation, _box(annotation)) if draw else None
    except (IndexError, TypeError, ValueError):
        return None


def _box(annotation: Object) -> Box:
    x0, y0, x1, y1 = (float(side) for side in items(annotation, "/Rect")[:4])
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def form(pdf: Pdf, box: Box, content: str, **resources: Object) -> Object:
    """A drawing that shows `box` of the page's own coordinates; `resources` by kind, such as `Font`."""
    drawing = Stream(pdf, content.encode(), Type=Name.XObject, Subtype=Name.Form, BBox=Array([round(side, 3) for side in box]))
    drawing.Resources = Dictionary({f"/{kind}": thing for kind, thing in resources.items()})
    return pdf.make_indirect(drawing)


def _ink(annotation: Object, key: str, *, stroke: bool = False) -> str:
    """The operator that sets an annotation's colour; empty where it has none."""
    numbers = " ".join(f"{float(part):.4f}" for part in items(annotation, key))
    operator = {1: "g", 3: "rg", 4: "k"}.get(len(items(annotation, key)), "")
    return f"{numbers} {operator.upper() if stroke else operator} " if operator else ""


def _state(annotation: Object, **more: Object) -> Dictionary:
    clear = float(annotation.get("/CA", 1))
    return Dictionary(
        {"/G": Dictionary({"/Type": Name.ExtGState, "/CA": clear, "/ca": clear, **{f"/{k}": v for k, v in more.items()}})}
    )


def _width(annotation: Object) -> float:
    style = part(annotation, "/BS")
    border = items(annotation, "/Border")
    return float(style.get("/W", border[2] if len(border) > 2 else 1))


def _quads(annotation: Object) -> list[list[float]]:
    points = [float(number) for number in items(annotation, "/QuadPoints")]
    return [points[start : start + 8] for start in range(0, len(points) - 7, 8)]


def _around(quads: list[list[float]], box: Box) -> Box:
    xs = [quad[place] for quad in quads for place in (0, 2, 4, 6)] + [box[0], box[2]]
    ys = [quad[place] for quad in quads for place in (1, 3, 5, 7)] + [box[1], box[3]]
    return min(xs), min(ys), max(xs), max(ys)


def _highlight(pdf: Pdf, annotation: Object, box: Box) -> Object | None:
    quads = _quads(annotation)
    paint = "".join(f"{q[0]} {q[1]} m {q[2]} {q[3]} l {q[6]} {q[7]} l {q[4]} {q[5]} l h f\n" for q in quads)
    states = _state(annotation, BM=Name.Multiply)
    drawing = form(pdf, _around(quads, box), "/G gs " + (_ink(annotation, "/C") or "1 1 0 rg ") + paint, ExtGState=states)
    drawing.Group = Dictionary(S=Name.Transparency)
    return drawing


def _underline(pdf: Pdf, annotation: Object, box: Box) -> Object | None:
    quads = _quads(annotation)
    lines = "".join(f"{q[4]} {q[5] + 1} m {q[6]} {q[7] + 1} l S\n" for q in quads)
    return form(pdf, _around(quads, box), _PEN + _ink(annotation, "/C", stroke=True) + lines, ExtGState=_state(annotation))


def _strike(pdf: Pdf, annotation: Object, box: Box) -> Object | None:
    quads = _quads(annotation)
    lines = "".join(
        f"{(q[0] + q[4]) / 2} {(q[1] + q[5]) / 2} m {(q[2] + q[6]) / 2} {(q[3] + q[7]) / 2} l S\n" for q in quads
    )  # fmt: skip
    return form(pdf, _around(quads, box), _PEN + _ink(annotation, "/C", stroke=True) + lines, ExtGState=_state(annotation))


def _squiggle(pdf: Pdf, annotation: Object, box: Box) -> Object | None:
    quads = _quads(annotation)
    lines = ""
    for quad in quads:
        x, y, end = quad[4], quad[5] + 1, quad[6]
        points = [(x + 2 * step, y + 2 * (step % 2)) for step in range(int((end - x) / 2) + 1)]
        lines += " ".join(f"{px:.2f} {py:.2f} {'l' if place else 'm'}" for place, (px, py) in enumerate(points)) + " S\n"
    return form(pdf, _around(quads, box), _PEN + _ink(annotation, "/C", stroke=True) + lines, ExtGState=_state(annotation))


def _shape(pdf: Pdf, annotation: Object, box: Box) -> Object | None:
    line = _width(annotation)
    off = [float(part) for part in items(annotation, "/RD")] or [0.0, 0.0, 0.0, 0.0]
    x0, y0, x1, y1 = (
        box[0] + off[0] + line / 2,
        box[1] + off[1] + line / 2,
        box[2] - off[2] - line / 2,
        box[3] - off[3] - line / 2,
    )
    path = f"{x0} {y0} {x1 - x0} {y1 - y0} re" if annotation.Subtype == Name.Square else _oval(x0, y0, x1, y1)
    return _painted(pdf, annotation, box, path, closed=True)


def _oval(x0: float, y0: float, x1: float, y1: float) -> str:
    mx, my, dx, dy = (x0 + x1) / 2, (y0 + y1) / 2, (x1 - x0) / 2, (y1 - y0) / 2
    hx, hy = dx * _ROUND, dy * _ROUND
    return (
        f"{x1} {my} m {x1} {my + hy} {mx + hx} {y1} {mx} {y1} c {mx - hx} {y1} {x0} {my + hy} {x0} {my} c "
        f"{x0} {my - hy} {mx - hx} {y0} {mx} {y0} c {mx + hx} {y0} {x1} {my - hy} {x1} {my} c h"
    )


def _painted(pdf: Pdf, annotation: Object, box: Box, path: str, *, closed: bool) -> Object:
    line, fill = _width(annotation), _ink(annotation, "/IC") if closed else ""
    stroke = _ink(annotation, "/C", stroke=True) if line else ""
    dashes = " ".join(str(part) for part in items(part(annotation, "/BS"), "/D")) or "3"
    dash = f"[{dashes}] 0 d " if part(annotation, "/BS").get("/S") == Name.D else ""
    paint = ("B" if stroke else "f") if fill else ("S" if stroke else "n")
    return form(pdf, box, f"/G gs {line} w {dash}{fill}{stroke}{path} {paint}", ExtGState=_state(annotation))


def _line(pdf: Pdf, annotation: Object, box: Box) -> Object | None:
    x0, y0, x1, y1 = (float(part) for part in items(annotation, "/L"))
    line = _width(annotation)
    around = (
        min(box[0], x0 - line, x1 - line),
        min(box[1], y0 - line, y1 - line),
        max(box[2], x0 + line, x1 + line),
        max(box[3], y0, y1),
    )
    return _painted(pdf, annotation, around, f"{x0} {y0} m {x1} {y1} l", closed=False)


def _strokes(pdf: Pdf, annotation: Object, box: Box) -> Object | None:
    runs = items(annotation, "/InkList") or [annotation.Vertices]
    path = " ".join(_run([float(number) for number in run.as_list()]) for run in runs)
    closed = annotation.Subtype == Name.Polygon
    return _painted(pdf, annotation, box, path + (" h" if closed else ""), closed=closed)


def _run(numbers: list[float]) -> str:
    points = zip(numbers[::2], numbers[1::2], strict=False)
    return " ".join(f"{x} {y} {'l' if place else 'm'}" for place, (x, y) in enumerate(points))


def _note(pdf: Pdf, annotation: Object, box: Box) -> Object | None:
    x, y = box[0], box[3] - _ICON
    fill = _ink(annotation, "/C") or "1 0.85 0.2 rg "
    lines = " ".join(f"{x + 4} {y + step} m {x + 14} {y + step} l" for step in (5, 9, 13))
    content = f"{fill}0.3 G 0.8 w {x + 1} {y + 1} 16 16 re B {lines} S"
    return form(pdf, (x, y, x + _ICON, y + _ICON), content)


def _caret(pdf: Pdf, annotation: Object, box: Box) -> Object | None:
    fill = _ink(annotation, "/C") or "0 0 1 rg "
    content = f"{fill}{box[0]} {box[1]} m {(box[0] + box[2]) / 2} {box[3]} l {box[2]} {box[1]} l f"
    return form(pdf, box, content)


def _free_text(pdf: Pdf, annotation: Object, box: Box) -> Object | None:
    appearance = str(annotation.get("/DA", ""))
    back = _ink(annotation, "/C")
    ground = f"{back}{box[0]} {box[1]} {box[2] - box[0]} {box[3] - box[1]} re f " if back else ""
    place = lettering(pdf, str(annotation.get("/Contents", "")), box, appearance, several=True)
    if place is None:
        return None
    content, font = place
    return form(pdf, box, ground + content, Font=Dictionary(Luuky=font))


def _stamp(pdf: Pdf, annotation: Object, box: Box) -> Object | None:
    """A stamp of those that every viewer has, by its name."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", str(annotation.get("/Name", "/Draft"))[1:]).upper()
    size = min((box[3] - box[1]) * 0.5, (box[2] - box[0]) / max(len(words), 1) * 1.3)
    inner = box[0] + 4, box[1], box[2], box[1] + (box[3] - box[1]) / 2 + size / 2 + _MARGIN
    place = lettering(pdf, words, inner, f"{size} Tf 0.7 0 0 rg", several=False)
    if place is None:
        return None
    frame = f"0.7 0 0 RG 2 w {box[0] + 1} {box[1] + 1} {box[2] - box[0] - 2} {box[3] - box[1] - 2} re S "
    return form(pdf, box, frame + place[0], Font=Dictionary(Luuky=place[1]))


def frame(widget: Object, box: Box) -> str:
    """The ground and the border of a form's field (ISO 32000-1, table 189)."""
    look, line = part(widget, "/MK"), _width(widget)
    x0, y0, x1, y1 = box
    ground = f"{_ink(look, '/BG')}{x0} {y0} {x1 - x0} {y1 - y0} re f " if items(look, "/BG") else ""
    if not items(look, "/BC") or not line:
        return ground
    inner = f"{x0 + line / 2} {y0 + line / 2} {x1 - x0 - line} {y1 - y0 - line} re S "
    return f"{ground}{line} w {_ink(look, '/BC', stroke=True)}{inner}"


def lettering(pdf: Pdf, text: str, box: Box, appearance: str, *, several: bool, align: int = 0) -> tuple[str, Object] | None:
    """Operators that write text into a box from its top with our own font, called `Luuky`, and that font; None where a letter is
    missing, or no size fits. Size and colour are those of the default appearance, smaller where it does not fit.
    """
    rows = re.split(r"\r\n|\r|\n", text) if several else [" ".join(text.split())]
    rows = [" ".join(row.split()) for row in rows]
    if any(mark_font.drawable(row).count("?") != row.count("?") for row in rows):
        return None
    rows = [mark_font.drawable(row) for row in rows]
    face = mark_font.face("".join(rows))
    wide, high = box[2] - box[0] - 2 * _MARGIN, box[3] - box[1]
    size = _size(appearance, high, several=several)
    lines = _set(rows, wide, size, face, several=several)
    while size >= _SMALLEST_SIZE and not _fits(lines, wide, high, size, face):
        size *= _A_LITTLE_SMALLER
        lines = _set(rows, wide, size, face, several=several)
    if size < _SMALLEST_SIZE:
        return None
    top = box[3] - _MARGIN - size if several else box[1] + (high - size) / 2 + 0.22 * size
    operators = f"q {box[0]} {box[1]} {box[2] - box[0]} {high} re W n BT {_colour(appearance)}/Luuky {size:.2f} Tf "
    last_x = last_y = 0.0
    for number, line in enumerate(lines):
        spare = wide - face.width(line, size)
        x, y = box[0] + _MARGIN + spare * align / 2, top - number * size * _LEADING
        operators += f"{x - last_x:.2f} {y - last_y:.2f} Td <{face.encode(line).hex()}> Tj "
        last_x, last_y = x, y
    return operators + "ET Q", mark_font.embedded(pdf, face)


def _size(appearance: str, high: float, *, several: bool) -> float:
    found = _SIZE.search(appearance)
    stated = float(found[1]) if found else 0.0
    fitting = _LARGEST_SIZE if several else min(max(high * 0.7, _SMALLEST_SIZE), _LARGEST_SIZE)
    return stated or fitting


def _colour(appearance: str) -> str:
    found = _COLOUR.search(appearance)
    numbers = found[1].split() if found else ["0"]
    operator = {1: "g", 3: "rg", 4: "k"}.get(len(numbers))
    return f"{' '.join(numbers)} {operator} " if operator else "0 g "


def _set(rows: list[str], wide: float, size: float, face: mark_font.Face, *, several: bool) -> list[str]:
    return [line for row in rows for line in _wrapped(row, wide, size, face)] if several else rows


def _fits(lines: list[str], wide: float, high: float, size: float, face: mark_font.Face) -> bool:
    tall = size * (1 + _LEADING * (len(lines) - 1))
    return tall <= high + _MARGIN and all(face.width(line, size) <= wide + _MARGIN for line in lines)


def _wrapped(row: str, wide: float, size: float, face: mark_font.Face) -> list[str]:
    lines = [""]
    for word in row.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and face.width(longer, size) > wide:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


_DRAWERS: dict[str, Callable[[Pdf, Object, Box], Object | None]] = {
    "/Highlight": _highlight,
    "/Underline": _underline,
    "/StrikeOut": _strike,
    "/Squiggly": _squiggle,
    "/Square": _shape,
    "/Circle": _shape,
    "/Line": _line,
    "/Ink": _strokes,
    "/Polygon": _strokes,
    "/PolyLine": _strokes,
    "/Text": _note,
    "/Caret": _caret,
    "/FreeText": _free_text,
    "/Stamp": _stamp,
}
