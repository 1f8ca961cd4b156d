"""Forms filled in on a screen become plain pages that show what was filled in.

Rules
1. A field that has a drawing shows it.
2. A value without one is drawn: text and choices in our own font where it has all letters and they fit, ticks as they are
   customary (note `form_drawn`). Viewers often cannot: few have Vietnamese letters for fields.
3. Where the letters of a drawing are not in the file, they are drawn so too (note `form_redrawn`); the caller compares the pages.
4. A dynamic form (XFA), a password and what cannot be drawn are refused.
"""

from __future__ import annotations

from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream

from domain.errors import Refused
from pdfa import annotated, fonts, sketches
from pdfa.content import Instruction
from pdfa.objects import items, part

_MULTILINE, _PASSWORD, _COMB, _PUSH = 1 << 12, 1 << 13, 1 << 24, 1 << 16
"""Flags of fields (ISO 32000-1, tables 226 and 228)."""
_TICKS = {
    "4": "0.2 0.5 m 0.4 0.25 l 0.8 0.8 l S",
    "8": "0.2 0.2 m 0.8 0.8 l 0.2 0.8 m 0.8 0.2 l S",
    "l": "0.8 0.5 m 0.8 0.666 0.666 0.8 0.5 0.8 c 0.334 0.8 0.2 0.666 0.2 0.5 c "
    "0.2 0.334 0.334 0.2 0.5 0.2 c 0.666 0.2 0.8 0.334 0.8 0.5 c f",
    "n": "0.2 0.2 0.6 0.6 re f",
    "u": "0.5 0.15 m 0.85 0.5 l 0.5 0.85 l 0.15 0.5 l h f",
    "H": "0.5 0.9 m 0.62 0.62 l 0.92 0.62 l 0.68 0.43 l 0.77 0.13 l "
    "0.5 0.31 l 0.23 0.13 l 0.32 0.43 l 0.08 0.62 l 0.38 0.62 l h f",
}  # fmt: skip
"""On a square of one, by the letter of Zapf Dingbats that a tick is chosen by (ISO 32000-1, table 189, /CA)."""


@dataclass(frozen=True, slots=True)
class _Field:
    """One place of a form on a page, with what it inherits."""

    page: Page
    widget: Object
    form: Object

    def value(self, key: str) -> Object | None:
        """An entry of the field, or of those above it, or of the form (ISO 32000-1, 12.7.3.1)."""
        holder: Object | None = self.widget
        for _ in range(32):
            if not isinstance(holder, Dictionary):
                break
            if key in holder:
                return holder[key]
            holder = holder.get("/Parent")
        return self.form.get(key) if key in ("/DA", "/Q") else None

    @property
    def flags(self) -> int:
        value = self.value("/Ff")
        return int(value) if isinstance(value, int) else 0

    @property
    def text(self) -> str:
        """What was filled in or chosen; empty where nothing was."""
        value = self.value("/V")
        if isinstance(value, Array):
            return ", ".join(self._label(each) for each in value.as_list())
        if isinstance(value, Stream):
            return value.read_bytes().decode("utf-8", errors="replace")
        return "" if value is None else self._label(value)

    def _label(self, value: object) -> str:
        options = self.value("/Opt")
        for option in options.as_list() if isinstance(options, Array) else ():
            if isinstance(option, Array) and len(option) > 1 and str(option[0]) == str(value):
                return str(option[1])
        return str(value)


def flatten_form(pdf: Pdf) -> tuple[str, ...]:
    """Draws every field into its page and drops the form, and what its maker lets readers do with it. Notes: `form_flattened` if
    there was one, `form_drawn` if a value had no drawing of its own, `form_redrawn` if one lacked its letters. Raises Refused
    `xfa` or `form_not_drawn`.
    """
    form = pdf.Root.get(Name.AcroForm)
    if not isinstance(form, Dictionary):
        form = Dictionary()
    if Name.XFA in form:
        raise Refused(
            "xfa",
            "Tệp là biểu mẫu động (XFA), nội dung phụ thuộc phần mềm mở nó. Hãy in ra PDF thường rồi đưa vào lại.",
            "The file is a dynamic form (XFA) that looks different in each program. Print it to a plain PDF and bring that.",
        )
    fields = [_Field(page, widget, form) for page in pdf.pages for widget in _widgets(page.obj)]
    drawn = {_flatten(pdf, field) for field in fields} - {""}
    for page in pdf.pages:
        rest = [each for each in items(page.obj, "/Annots") if not _is_widget(each)]
        if len(rest) < len(items(page.obj, "/Annots")):
            page.obj.Annots = Array(rest)
    for key in (Name.AcroForm, Name.Perms):
        if key in pdf.Root:
            del pdf.Root[key]
    return ("form_flattened", *sorted(drawn)) if fields or items(form, "/Fields") else ()


def not_drawn() -> Refused:
    """A value is there and nothing shows it."""
    return Refused(
        "form_not_drawn",
        "Biểu mẫu có ô đã điền nhưng không có hình hiển thị. Hãy mở tệp, in ra PDF rồi đưa vào lại.",
        "The form holds values that are not drawn. Open the file, print it to a PDF, and bring that.",
    )


def is_signed(pdf: Pdf) -> bool:
    """Whether any field holds a signature, or the file is certified."""
    form = pdf.Root.get(Name.AcroForm)
    waiting = items(form, "/Fields") if isinstance(form, Dictionary) else []
    seen: set[tuple[int, int]] = set()
    while waiting:
        field = waiting.pop()
        if not isinstance(field, Dictionary) or (field.is_indirect and field.objgen in seen):
            continue
        seen.add(field.objgen)
        if isinstance(field.get(Name.V), Dictionary) and Name.ByteRange in field.V:
            return True
        waiting += items(field, "/Kids")
    return Name.DocMDP in part(pdf.Root, "/Perms")


def _flatten(pdf: Pdf, field: _Field) -> str:
    """Puts what a field shows into its page; the note for having had to draw it, or nothing."""
    if int(field.widget.get(Name.F, 0)) & annotated.HIDDEN:
        return ""
    drawing = annotated.drawing_of(field.widget)
    note = ""
    if _is_filled(field) and (drawing is None or not _has_its_fonts(drawing)):
        note = "form_drawn" if drawing is None else "form_redrawn"
        drawing = _draw(pdf, field, drawing)
    if drawing is not None:
        annotated.put_into_page(field.page, field.widget, drawing)
    return note


def _is_filled(field: _Field) -> bool:
    if field.value("/FT") == Name.Btn:
        state = field.widget.get("/AS", field.value("/V"))
        return not field.flags & _PUSH and isinstance(state, Name) and state != Name.Off
    return bool(field.text.strip()) and field.value("/FT") != Name.Sig


def _has_its_fonts(drawing: Object) -> bool:
    """Whether the letters of a drawing travel with the file: those of most forms do not."""
    there = part(part(drawing, "/Resources"), "/Font")
    return all(fonts.is_embedded(there[name]) for name in there.keys() if isinstance(there[name], Dictionary))  # noqa: SIM118


def _draw(pdf: Pdf, field: _Field, old: Object | None) -> Object:
    """What was filled in, in our own letters; around them what an old drawing has, or what the field says of its frame."""
    ground = _ground(field, old)
    kind = field.value("/FT")
    if kind == Name.Btn:
        return sketches.form(pdf, ground.box, f"{ground.content}{_tick(field, ground.box)}")
    align = field.value("/Q")
    lettering = None
    if not field.flags & (_PASSWORD | _COMB):
        lettering = sketches.lettering(
            pdf,
            field.text,
            ground.box,
            ground.appearance,
            several=bool(field.flags & _MULTILINE) and kind == Name.Tx,
            align=align if isinstance(align, int) else 0,
        )
    if lettering is None:
        raise not_drawn()
    return sketches.form(pdf, ground.box, ground.content + lettering[0], Font=Dictionary(Luuky=lettering[1]))


@dataclass(frozen=True, slots=True)
class _Ground:
    """What is drawn below the letters, in which box, and in which size and colour they are to be."""

    box: sketches.Box
    content: str
    appearance: str


def _ground(field: _Field, old: Object | None) -> _Ground:
    appearance = str(field.value("/DA") or "")
    if old is None or items(old, "/Matrix"):
        box = annotated.box(field.widget)
        return _Ground(box, sketches.frame(field.widget, box), appearance)
    around, inside = _parted(old)
    sides = [float(side) for side in items(old, "/BBox")[:4]]
    written = " ".join(pikepdf.unparse_content_stream([each]).decode("latin-1") for each in inside)
    box = (min(sides[0], sides[2]), min(sides[1], sides[3]), max(sides[0], sides[2]), max(sides[1], sides[3]))
    return _Ground(box, f"q {pikepdf.unparse_content_stream(around).decode('latin-1')} Q ", written or appearance)


def _parted(drawing: Object) -> tuple[list[Instruction], list[Instruction]]:
    """What is around the letters of a drawing; and what sets their size and colour."""
    around: list[Instruction] = []
    inside: list[Instruction] = []
    within = False
    for instruction in pikepdf.parse_content_stream(drawing):
        operator = str(instruction.operator)
        if operator == "BT":
            within = True
        elif within and operator in ("Tf", "g", "rg", "k"):
            inside.append(instruction)
        elif not within and operator not in ("BMC", "BDC", "EMC"):
            around.append(instruction)
        within &= operator != "ET"
    return around, inside


def _tick(field: _Field, box: sketches.Box) -> str:
    x0, y0, x1, y1 = box
    side = min(x1 - x0, y1 - y0)
    path = _TICKS.get(str(part(field.widget, "/MK").get("/CA", "4")), _TICKS["4"])
    return f"q {side} 0 0 {side} {(x0 + x1 - side) / 2} {(y0 + y1 - side) / 2} cm 0.1 w {path} Q"


def _widgets(page: Object) -> list[Object]:
    return [item for item in items(page, "/Annots") if _is_widget(item)]


def _is_widget(item: Object) -> bool:
    return isinstance(item, Dictionary) and item.get(Name.Subtype) == Name.Widget
