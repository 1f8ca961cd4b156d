"""Attacks through what may be changed in a signed file, or was laid into it before it was signed: shadow attacks (Mainka et al.,
NDSS 2021), evil annotations and sneaky signatures (Rohlmann et al., S&P 2021), and relatives of them.
"""

from __future__ import annotations

import io
import re
from typing import Any

import pikepdf
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    IndirectObject,
    NumberObject,
    StreamObject,
    pdf_name,
    pdf_string,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.signing.forge.attacks import Change
from tests.signing.forge.signed import blank

COVER = (60, 740, 460, 780)
"""The words of a page lie below it."""
LIE = b"q 1 1 1 rg 0 0 400 40 re f 0 g BT /F1 14 Tf 12 20 Td (Cho ve) Tj ET Q"
TRUTH = b"BT /F1 14 Tf 72 760 Td (Phieu dieu tri, to 1) Tj ET"


def _page(writer: IncrementalPdfFileWriter) -> Any:
    return writer.root["/Pages"]["/Kids"][0]


def look(writer: IncrementalPdfFileWriter, words: bytes = LIE, size: tuple[int, int] = (400, 40)) -> DictionaryObject:
    """What an annotation looks like: white, with other words."""
    stream = StreamObject(stream_data=words)
    stream["/Type"], stream["/Subtype"] = pdf_name("/XObject"), pdf_name("/Form")
    stream["/BBox"] = ArrayObject(map(NumberObject, (0, 0, *size)))
    stream["/Resources"] = _page(writer).raw_get("/Resources")
    return DictionaryObject({pdf_name("/N"): writer.add_object(stream)})


def _annotate(writer: IncrementalPdfFileWriter, reference: Any) -> None:
    page = _page(writer)
    notes = page.raw_get("/Annots") if "/Annots" in page else ArrayObject()
    notes = notes.get_object() if isinstance(notes, IndirectObject) else notes
    page["/Annots"] = ArrayObject([*notes, reference])
    writer.mark_update(page.container_ref)


def annotated(subtype: str) -> Change:
    """An annotation of that kind over the words."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        note = DictionaryObject({pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name(subtype)})
        note["/Rect"], note["/F"] = ArrayObject(map(NumberObject, COVER)), NumberObject(4 + 64 + 128)
        note["/Contents"], note["/DA"] = pdf_string("Cho ve"), pdf_string("/F1 14 Tf 0 g")
        note["/AP"] = look(writer)
        _annotate(writer, writer.add_object(note))

    return change


def _widget(name: str | None, box: tuple[int, int, int, int] = COVER) -> DictionaryObject:
    widget = DictionaryObject({pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name("/Widget")})
    widget["/Rect"], widget["/F"] = ArrayObject(map(NumberObject, box)), NumberObject(132)
    if name:
        widget["/FT"], widget["/T"] = pdf_name("/Sig"), pdf_string(name)
    return widget


def _listed(writer: IncrementalPdfFileWriter, reference: Any) -> None:
    form = writer.root["/AcroForm"]
    form["/Fields"] = ArrayObject([*form["/Fields"], reference])
    writer.mark_update(form.container_ref)


def empty_field(writer: IncrementalPdfFileWriter) -> None:
    """A new field for a signature that nobody makes, whose look covers the words."""
    widget = _widget("ConDau")
    widget["/AP"], widget["/P"] = look(writer), writer.root["/Pages"]["/Kids"].raw_get(0)
    reference = writer.add_object(widget)
    _listed(writer, reference)
    _annotate(writer, reference)


def plain_field(writer: IncrementalPdfFileWriter) -> None:
    """A new field for a signature to come, which shows nothing."""
    widget = _widget("ConDau", (300, 200, 400, 240))
    widget["/P"] = writer.root["/Pages"]["/Kids"].raw_get(0)
    reference = writer.add_object(widget)
    _listed(writer, reference)
    _annotate(writer, reference)


def bordered_field(writer: IncrementalPdfFileWriter) -> None:
    """As `empty_field`, but a viewer draws the look: a background and a caption."""
    widget = _widget("ConDau")
    white = ArrayObject(map(NumberObject, (1, 1, 1)))
    widget["/MK"] = DictionaryObject({pdf_name("/BG"): white, pdf_name("/CA"): pdf_string("Cho ve")})
    widget["/P"] = writer.root["/Pages"]["/Kids"].raw_get(0)
    reference = writer.add_object(widget)
    _listed(writer, reference)
    _annotate(writer, reference)


def field_of_two_widgets(writer: IncrementalPdfFileWriter) -> None:
    """A new field that shows nothing where it stands; one of its widgets covers the words."""
    field = DictionaryObject({pdf_name("/FT"): pdf_name("/Sig"), pdf_name("/T"): pdf_string("ConDau")})
    reference = writer.add_object(field)
    kids = ArrayObject()
    for box in ((0, 0, 0, 0), COVER):
        kid = _widget(None, box)
        kid["/Parent"], kid["/AP"] = reference, look(writer)
        kids.append(writer.add_object(kid))
    field["/Kids"] = kids
    _listed(writer, reference)
    for kid_reference in kids:
        _annotate(writer, kid_reference)


def _field(writer: IncrementalPdfFileWriter, name: str) -> Any:
    return next(one.get_object() for one in writer.root["/AcroForm"]["/Fields"] if one.get_object()["/T"] == name)


def prepared_field_painted(writer: IncrementalPdfFileWriter) -> None:
    """The prepared field of the next signer shows words, and nobody signed there."""
    field = _field(writer, "TruongKhoa")
    field["/AP"] = look(writer)
    writer.mark_update(field.container_ref)


def prepared_field_grown(writer: IncrementalPdfFileWriter) -> None:
    """The prepared field of the next signer covers the words."""
    field = _field(writer, "TruongKhoa")
    field["/Rect"] = ArrayObject(map(NumberObject, COVER))
    field["/AP"] = look(writer)
    writer.mark_update(field.container_ref)


def text_field_grown(writer: IncrementalPdfFileWriter) -> None:
    """The text field is filled in, and covers the words."""
    field = _field(writer, "GhiChu")
    field["/V"], field["/Rect"], field["/AP"] = pdf_string("Cho ve"), ArrayObject(map(NumberObject, COVER)), look(writer)
    writer.mark_update(field.container_ref)


def text_field_lies(writer: IncrementalPdfFileWriter) -> None:
    """The value of the text field changes by a blank, its look says something else."""
    field = _field(writer, "GhiChu")
    field["/V"] = pdf_string("khong di ung ")
    field["/AP"] = look(writer, b"BT /F1 10 Tf 2 6 Td (di ung penicillin) Tj ET", (228, 20))
    writer.mark_update(field.container_ref)


def text_field_drawn(writer: IncrementalPdfFileWriter) -> None:
    """The text field is filled in, and shown in a font whose letters are drawings: what it says can only be seen."""
    field = _field(writer, "GhiChu")
    field["/V"] = pdf_string("di ung")
    field["/AP"] = look(writer, b"BT /F3 10 Tf 2 6 Td (a) Tj ET", (228, 20))
    writer.mark_update(field.container_ref)


def text_field_unveiled(writer: IncrementalPdfFileWriter) -> None:
    """A hidden text field is shown."""
    field = _field(writer, "Che")
    field["/F"] = NumberObject(4)
    writer.mark_update(field.container_ref)


def text_field_unveiled_and_filled(writer: IncrementalPdfFileWriter) -> None:
    """A hidden text field is shown, and filled in with hardly anything."""
    field = _field(writer, "Che")
    field["/F"], field["/V"] = NumberObject(4), pdf_string("Cho ve ")
    writer.mark_update(field.container_ref)


def look_regenerated(writer: IncrementalPdfFileWriter) -> None:
    """Viewers are told to draw the values of fields anew, which are not what the signer saw."""
    form = writer.root["/AcroForm"]
    form["/NeedAppearances"] = BooleanObject(True)
    writer.mark_update(form.container_ref)


def fonts_of_form_gone(writer: IncrementalPdfFileWriter) -> None:
    """The form has no fonts of its own any more; some programs do so when they save."""
    _form_fonts(writer, DictionaryObject())


def fonts_of_form_swapped(writer: IncrementalPdfFileWriter) -> None:
    """The same name of a font of the form leads to one whose letters are others."""
    font = DictionaryObject({pdf_name("/Type"): pdf_name("/Font"), pdf_name("/Subtype"): pdf_name("/Type1")})
    font["/BaseFont"] = pdf_name("/Symbol")
    _form_fonts(writer, DictionaryObject({pdf_name("/F1"): writer.add_object(font)}))


def _form_fonts(writer: IncrementalPdfFileWriter, fonts: DictionaryObject) -> None:
    form = writer.root["/AcroForm"]
    form["/DR"] = DictionaryObject({pdf_name("/Font"): fonts})
    writer.mark_update(form.container_ref)


def with_shadows() -> bytes:
    """What is to be signed, with a hidden field, a mask over words, and a font whose letters are drawings."""
    with pikepdf.open(io.BytesIO(blank(form=True))) as pdf:
        page, name = pdf.pages[0], pikepdf.Name
        hidden = pikepdf.Dictionary(
            Type=name.Annot, Subtype=name.Widget, FT=name.Tx, T="Che", V="Cho ve", F=2, Rect=list(COVER), DA="/F1 14 Tf 0 g"
        )
        hidden.AP = pikepdf.Dictionary(N=_form(pdf, LIE))
        hidden = pdf.make_indirect(hidden)
        page.Annots.append(hidden)
        pdf.Root.AcroForm.Fields.append(hidden)
        note = pdf.Root.AcroForm.Fields[0]
        note.AP = pikepdf.Dictionary(N=_form(pdf, b"BT /F1 10 Tf 2 6 Td (binh thuong) Tj ET"))
        page.Resources.XObject = pikepdf.Dictionary(Che=_form(pdf, b"1 1 1 rg 0 0 400 40 re f"))
        page.Resources.Font.F3 = pdf.make_indirect(_drawn(pdf))
        secret = b" BT /F1 14 Tf 72 700 Td (Cho ve) Tj ET q 1 0 0 1 60 690 cm /Che Do Q BT /F3 14 Tf 72 650 Td (a) Tj ET"
        page.Contents = pdf.make_stream(TRUTH + secret)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def _form(pdf: pikepdf.Pdf, words: bytes) -> pikepdf.Object:
    form = pdf.make_stream(words)
    form.Type, form.Subtype, form.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 400, 40]
    return form


def _drawn(pdf: pikepdf.Pdf) -> pikepdf.Dictionary:
    name = pikepdf.Name
    return pikepdf.Dictionary(
        Type=name.Font, Subtype=name.Type3, FontBBox=[0, 0, 1000, 1000], FontMatrix=[0.001, 0, 0, 0.001, 0, 0], FirstChar=97,
        LastChar=97, Widths=[1000], Encoding=pikepdf.Dictionary(Type=name.Encoding, Differences=[97, name.a]),
        CharProcs=pikepdf.Dictionary(a=pdf.make_stream(b"1000 0 0 0 1000 1000 d1 0 0 500 500 re f")),
    )  # fmt: skip


def mask_emptied(writer: IncrementalPdfFileWriter) -> None:
    """The mask over words hides them no more."""
    _replaced(writer, _page(writer)["/Resources"]["/XObject"]["/Che"], b"")


def letters_redrawn(writer: IncrementalPdfFileWriter) -> None:
    """A letter of the font is another drawing."""
    _replaced(
        writer, _page(writer)["/Resources"]["/Font"]["/F3"]["/CharProcs"]["/a"], b"1000 0 0 0 1000 1000 d1 0 0 900 900 re f"
    )


def _replaced(writer: IncrementalPdfFileWriter, stream: Any, words: bytes) -> None:
    stream._data, stream._encoded_data = words, None
    writer.mark_update(stream.container_ref)


def freed_mask(data: bytes) -> bytes:
    """A table alone, by which the mask over words is no object any more."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        number = pdf.pages[0].Resources.XObject.Che.objgen[0]
    return _tabled(data, b"%d 1\n0000000000 00001 f \n" % number)


DOUBLE = b"8 0 obj\n<</Length 37>>\nstream\nBT /F1 14 Tf 72 760 Td (Cho ve) Tj ET\nendstream\nendobj\n"


def with_double(data: bytes) -> bytes:
    """What is to be signed, with a second object of the number of the first page's words, to which no table leads yet."""
    number = _words(data)
    start = data.rindex(b"xref\n", 0, data.rindex(b"startxref"))
    twin = re.sub(rb"^8", b"%d" % number, DOUBLE)
    return data[:start] + twin + data[start:].replace(b"startxref\n%d" % start, b"startxref\n%d" % (start + len(twin)))


def double_shown(data: bytes) -> bytes:
    """A table alone, which leads to the object that lay hidden in what was signed."""
    place = data.index(b"%d 0 obj\n<</Length 37>>" % _words(data))
    return _tabled(data, b"%d 1\n%010d 00000 n \n" % (_words(data), place))


def _words(data: bytes) -> int:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return int(pdf.pages[0].obj.Contents.objgen[0])


def _tabled(data: bytes, entries: bytes) -> bytes:
    previous = int(data[data.rindex(b"startxref") + 9 :].split()[0])
    root = re.findall(rb"/Root (\d+ 0 R)", data)[-1]
    size = int(re.findall(rb"/Size (\d+)", data)[-1])
    trailer = b"trailer\n<</Size %d/Root %s/Prev %d>>\n" % (size, root, previous)
    return data + b"xref\n" + entries + trailer + b"startxref\n%d\n%%%%EOF\n" % len(data)
