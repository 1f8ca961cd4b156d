"""Forms filled in on a screen become plain pages that show what was filled in."""

from __future__ import annotations

from pikepdf import Array, Dictionary, Name, Object, Pdf

from domain.errors import Refused


def flatten_form(pdf: Pdf) -> tuple[str, ...]:
    """Draws every field into its page and drops the form; `form_flattened` if there was one.

    Raises Refused for a dynamic form (XFA), and for a value that has no picture of its own: drawing it ourselves could show
    something else than its author saw.
    """
    form = pdf.Root.get(Name.AcroForm)
    if not isinstance(form, Dictionary):
        return ()
    if Name.XFA in form:
        raise Refused(
            "xfa",
            "Tệp là biểu mẫu động (XFA), nội dung phụ thuộc phần mềm mở nó. Hãy in ra PDF thường rồi đưa vào lại.",
            "The file is a dynamic form (XFA) that looks different in each program. Print it to a plain PDF and bring that.",
        )
    widgets = [widget for page in pdf.pages for widget in _widgets(page.obj)]
    if any(_has_value(widget) and Name.AP not in widget for widget in widgets):
        raise Refused(
            "form_not_drawn",
            "Biểu mẫu có ô đã điền nhưng không có hình hiển thị. Hãy mở tệp, in ra PDF rồi đưa vào lại.",
            "The form holds values that are not drawn. Open the file, print it to a PDF, and bring that.",
        )
    if widgets:
        pdf.flatten_annotations("all")
    if Name.AcroForm in pdf.Root:
        del pdf.Root[Name.AcroForm]
    return ("form_flattened",) if widgets else ()


def is_signed(pdf: Pdf) -> bool:
    """Whether any field holds a signature, or the file is certified."""
    form = pdf.Root.get(Name.AcroForm)
    waiting = list(_array(form, Name.Fields)) if isinstance(form, Dictionary) else []
    seen: set[tuple[int, int]] = set()
    while waiting:
        field = waiting.pop()
        if not isinstance(field, Dictionary) or (field.is_indirect and field.objgen in seen):
            continue
        seen.add(field.objgen)
        if isinstance(field.get(Name.V), Dictionary) and Name.ByteRange in field.V:
            return True
        waiting += _array(field, Name.Kids)
    return isinstance(pdf.Root.get(Name.Perms), Dictionary)


def _widgets(page: Object) -> list[Object]:
    found = (item for item in _array(page, Name.Annots) if isinstance(item, Dictionary))
    return [item for item in found if item.get(Name.Subtype) == Name.Widget]


def _has_value(widget: Object) -> bool:
    parent = widget.get(Name.Parent)
    value = widget.get(Name.V, parent.get(Name.V) if isinstance(parent, Dictionary) else None)
    return value is not None and str(value) not in ("", "/Off")


def _array(holder: Object, key: Name) -> list[Object]:
    value = holder.get(key)
    return list(value.as_list()) if isinstance(value, Array) else []
