"""What may happen to the form of a signed file, beyond what the library's rules ask (published as shadow attacks and as sneaky
signatures: pdf-insecurity.org).

1. A field counts as changed only where an object of it did; the library counts each field that has a look.
2. A field that was hidden stays hidden: whoever signed did not see it.
3. Viewers are not told to draw all fields anew (/NeedAppearances), and fonts that fields are drawn with stay what they are:
   what the signer saw would look different.
4. Where something is seen in a signature field that came to be or was filled, somebody signed there: neither an empty field nor a
   document timestamp shows anything (ISO 32000-2, 12.8.5). A timestamp can be had by anybody.
5. A field that was filled in shows its value (`honest`), as far as a look can be read without drawing it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pyhanko.pdf_utils.generic import BooleanObject, DictionaryObject, StreamObject
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.diff_analysis import (
    FieldComparisonContext,
    FieldComparisonSpec,
    FormUpdate,
    FormUpdatingRule,
    GenericFieldModificationRule,
    ModificationLevel,
    SigFieldCreationRule,
    SuspiciousModification,
)

from signing.reading import inherited, items, unfilled

_UNSEEN = 1 | 2 | 32
"""Flags of annotations: invisible, hidden, not on a screen (ISO 32000-1, table 165)."""
_TIMESTAMP = "/ETSI.RFC3161"
_TEXT = re.compile(rb"\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f\s]*>", re.DOTALL)
_FONT = re.compile(rb"(/[^\s/()<>\[\]]+)\s+[-\d.]+\s+Tf")
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|\r?\n|.)", re.DOTALL)
_OTHER_MEANS = re.compile(rb"\b(?:Do|BI|sh|[37] Tr)\b")
"""Operators that show what is no text of this look, or hide text."""


class FormRule(FormUpdatingRule):
    """Rule 3, before the rules of fields."""

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        """Raises SuspiciousModification."""
        before, now = _form(old), _form(new)
        if _redrawn(now) and not _redrawn(before):
            raise SuspiciousModification("All fields are to be drawn anew")
        fonts, fonts_now = _fonts(before), _fonts(now)
        swapped = [name for name in fonts if name in fonts_now and fonts_now.raw_get(name) != fonts.raw_get(name)]
        if swapped:
            raise SuspiciousModification(f"Fonts of the form are others: {', '.join(sorted(swapped))}")
        yield from super().apply(old, new)


class FilledFieldRule(GenericFieldModificationRule):
    """Rules 1 and 2."""

    def check_form_field(
        self, fq_name: str, spec: FieldComparisonSpec, context: FieldComparisonContext
    ) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        """Raises SuspiciousModification."""
        if (
            spec.field_type != "/Sig"
            and spec.old_field
            and spec.new_field
            and _seen(spec.new_field)
            and not _seen(spec.old_field)
        ):
            raise SuspiciousModification(f"Field {fq_name} was hidden")
        xrefs, signed = context.old.reader.xrefs, context.old.revision
        for level, update in super().check_form_field(fq_name, spec, context):
            if xrefs.get_last_change(update.updated_ref) > signed:
                yield level, update


class SignedFieldRule(SigFieldCreationRule):
    """Rule 4."""

    def apply(self, context: FieldComparisonContext) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        """Raises SuspiciousModification."""
        for name, spec in context.field_specs.items():
            now, before = spec.new_field, spec.old_field
            fresh = now is not None and (before is None or ("/V" in now and "/V" not in before))
            if fresh and spec.field_type == "/Sig" and not _by_somebody(now) and any(_shows(one) for one in _widgets(now)):
                raise SuspiciousModification(f"Field {name} shows something, and nobody signed there")
        yield from super().apply(context)


def _form(revision: HistoricalResolver) -> Any:
    return revision.root["/AcroForm"] if "/AcroForm" in revision.root else DictionaryObject()


def _redrawn(form: Any) -> bool:
    value = form["/NeedAppearances"] if "/NeedAppearances" in form else None  # noqa: SIM401 - `get` would give a reference
    return isinstance(value, BooleanObject) and bool(value.value)


def _fonts(form: Any) -> Any:
    resources = form["/DR"] if "/DR" in form else DictionaryObject()
    return resources["/Font"] if "/Font" in resources else DictionaryObject()


def _seen(field: Any) -> bool:
    return "/F" not in field or not int(field["/F"]) & _UNSEEN


def _by_somebody(field: Any) -> bool:
    """Whether a person signed in it."""
    if "/V" not in field or unfilled(field):
        return False
    value = field["/V"]
    return isinstance(value, DictionaryObject) and value.get("/SubFilter") != _TIMESTAMP


def _widgets(field: Any) -> Iterator[Any]:
    yield field
    yield from items(field, "/Kids")


def _shows(widget: Any) -> bool:
    """Whether anything is seen where an annotation stands: a look with instructions, or what a viewer draws a look from."""
    corners = [float(value) for value in items(widget, "/Rect")]
    if len(corners) == 4 and (corners[0] == corners[2] or corners[1] == corners[3]):
        return False
    if "/AP" not in widget:
        return bool(corners) and bool(inherited(widget, "/MK"))
    look = widget["/AP"]["/N"] if "/N" in widget["/AP"] else None  # noqa: SIM401 - `get` would give a reference
    return bool(look.data.strip()) if isinstance(look, StreamObject) else bool(look)


def honest(now: Any, before: Any, form: Any) -> bool | None:
    """Rule 5: whether what a filled field shows is its value; None where its look would have to be drawn to tell.

    `now` and `before` are the field after and before it was filled in, `form` is the form it stands in.
    """
    kind, value = inherited(now, "/FT"), inherited(now, "/V")
    widgets, old = list(_widgets(now)), list(_widgets(before))
    if kind == "/Btn":
        states = {str(one["/AS"]) for one in widgets if "/AS" in one}
        same = len(widgets) == len(old) and all(map(_same_look, widgets, old))
        return (states <= {str(value), "/Off"}) if same else None
    looks = [one["/AP"]["/N"] for one in widgets if "/AP" in one and "/N" in one["/AP"]]
    found = [_says(one, str(value or ""), form, part=kind == "/Ch") for one in looks]
    return False if False in found else None if None in found else True


def _same_look(now: Any, before: Any) -> bool:
    return repr(now.raw_get("/AP") if "/AP" in now else None) == repr(before.raw_get("/AP") if "/AP" in before else None)


def _says(look: Any, value: str, form: Any, *, part: bool) -> bool | None:
    """Whether a look says a value, or where it may be `part` of it, names it."""
    if not isinstance(look, StreamObject):
        return None
    own = look["/Resources"] if "/Resources" in look else DictionaryObject()
    fonts = own["/Font"] if "/Font" in own else _fonts(form)
    shown, wanted = _letters("".join(_decoded(one) for one in _TEXT.findall(look.data))), _letters(value)
    if shown == wanted or (part and wanted in shown):
        return None if _OTHER_MEANS.search(_TEXT.sub(b"", look.data)) else True
    used = [fonts[name] for name in {one.decode("latin-1") for one in _FONT.findall(look.data)} if name in fonts]
    plain = all(one.get("/Subtype") in ("/Type1", "/TrueType") and "/Differences" not in repr(one) for one in used)
    return False if plain and (shown + wanted).isascii() else None


def _letters(text: str) -> str:
    return "".join(text.split())


def _decoded(text: bytes) -> str:
    if text.startswith(b"<"):
        digits = b"".join(text[1:-1].split()).decode()
        return bytes.fromhex(digits + "0" * (len(digits) % 2)).decode("latin-1")
    return _ESCAPED.sub(_unescaped, text[1:-1]).decode("latin-1")


def _unescaped(match: re.Match[bytes]) -> bytes:
    if match[1].isdigit():
        return bytes([int(match[1], 8) & 0xFF])
    return b" " if match[1] in b"nrtbf" or match[1].endswith(b"\n") else match[1]
