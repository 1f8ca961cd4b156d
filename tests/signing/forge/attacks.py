"""What is done to a signed file by somebody who wants it to say something else. Each takes and gives the bytes of a file."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NumberObject, StreamObject, pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

Change = Callable[[IncrementalPdfFileWriter], None]


def updated(data: bytes, change: Change) -> bytes:
    """One more revision, with a change of its own and no other."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    writer._update_meta = lambda: None  # type: ignore[method-assign]
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _page(writer: IncrementalPdfFileWriter, number: int = 0) -> Any:
    return writer.root["/Pages"]["/Kids"][number]


def overlay(writer: IncrementalPdfFileWriter) -> None:
    """White over the words, other words on it."""
    page = _page(writer)
    paint = b"q 1 1 1 rg 60 740 400 40 re f 0 g BT /F1 14 Tf 72 760 Td (Cho ve) Tj ET Q"
    page["/Contents"] = ArrayObject([page.raw_get("/Contents"), writer.add_object(StreamObject(stream_data=paint))])
    writer.mark_update(page.container_ref)


def shadow_replace(writer: IncrementalPdfFileWriter) -> None:
    """The words of a page are others under the same number of object."""
    stream = _page(writer)["/Contents"]
    stream._data = b"BT /F1 14 Tf 72 760 Td (Cho ve) Tj ET"
    stream._encoded_data = None
    writer.mark_update(stream.container_ref)


def shadow_hide(writer: IncrementalPdfFileWriter) -> None:
    """A picture that hid something is gone: the page has no instructions any more."""
    page = _page(writer)
    page["/Contents"] = writer.add_object(StreamObject(stream_data=b""))
    writer.mark_update(page.container_ref)


def shadow_hide_and_replace(writer: IncrementalPdfFileWriter) -> None:
    """The catalog leads to other pages, which lay hidden in the signed file or came now."""
    old = _page(writer)
    words = writer.add_object(StreamObject(stream_data=b"BT /F1 14 Tf 72 760 Td (Cho ve) Tj ET"))
    page = DictionaryObject({pdf_name("/Type"): pdf_name("/Page"), pdf_name("/Contents"): words})
    page["/MediaBox"], page["/Resources"] = old.raw_get("/MediaBox"), old.raw_get("/Resources")
    reference = writer.add_object(page)
    tree = DictionaryObject({pdf_name("/Type"): pdf_name("/Pages"), pdf_name("/Count"): NumberObject(1)})
    tree["/Kids"] = ArrayObject([reference])
    root = writer.add_object(tree)
    page["/Parent"] = root
    writer.root["/Pages"] = root
    writer.update_root()


def annotation(writer: IncrementalPdfFileWriter) -> None:
    """A note over the words."""
    page = _page(writer)
    note = DictionaryObject({pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name("/FreeText")})
    note["/Contents"] = pdf_string("Cho ve")
    note["/Rect"] = ArrayObject(map(NumberObject, (60, 740, 460, 780)))
    notes = page.raw_get("/Annots") if "/Annots" in page else ArrayObject()
    notes = notes.get_object() if isinstance(notes, generic.IndirectObject) else notes
    page["/Annots"] = ArrayObject([*notes, writer.add_object(note)])
    writer.mark_update(page.container_ref)


def page_deleted(writer: IncrementalPdfFileWriter) -> None:
    """One sheet fewer."""
    tree = writer.root["/Pages"]
    tree["/Kids"] = ArrayObject(list(tree["/Kids"])[:-1])
    tree["/Count"] = NumberObject(len(tree["/Kids"]))
    writer.mark_update(tree.container_ref)


def page_added(writer: IncrementalPdfFileWriter) -> None:
    """One sheet more."""
    tree = writer.root["/Pages"]
    page = DictionaryObject({pdf_name("/Type"): pdf_name("/Page"), pdf_name("/Parent"): writer.root.raw_get("/Pages")})
    page["/MediaBox"] = ArrayObject(map(NumberObject, (0, 0, 595, 842)))
    tree["/Kids"] = ArrayObject([*tree["/Kids"], writer.add_object(page)])
    tree["/Count"] = NumberObject(len(tree["/Kids"]))
    writer.mark_update(tree.container_ref)


def pages_swapped(writer: IncrementalPdfFileWriter) -> None:
    """The sheets in another order."""
    tree = writer.root["/Pages"]
    tree["/Kids"] = ArrayObject(reversed(list(tree["/Kids"])))
    writer.mark_update(tree.container_ref)


def turned(writer: IncrementalPdfFileWriter) -> None:
    """A sheet on its side."""
    page = _page(writer)
    page["/Rotate"] = NumberObject(180)
    writer.mark_update(page.container_ref)


def cropped(writer: IncrementalPdfFileWriter) -> None:
    """A sheet of which a part is shown."""
    page = _page(writer)
    page["/CropBox"] = ArrayObject(map(NumberObject, (0, 0, 595, 700)))
    writer.mark_update(page.container_ref)


def metadata(writer: IncrementalPdfFileWriter) -> None:
    """Another title in the XMP."""
    xml = writer.root["/Metadata"].data.replace(b"Phieu dieu tri", b"Giay ra vien")
    stream = StreamObject(stream_data=xml)
    stream["/Type"], stream["/Subtype"] = pdf_name("/Metadata"), pdf_name("/XML")
    writer.root["/Metadata"] = writer.add_object(stream)
    writer.update_root()


def info(writer: IncrementalPdfFileWriter) -> None:
    """Another title in /Info."""
    values = writer.prev.trailer_view["/Info"]
    values["/Title"] = pdf_string("Giay ra vien")
    writer.mark_update(values.container_ref)


def saved_again(writer: IncrementalPdfFileWriter) -> None:
    """What every program writes: the time of the change and its name."""
    values = writer.prev.trailer_view["/Info"]
    values["/ModDate"], values["/Producer"] = pdf_string("D:20260101000000Z"), pdf_string("Some program")
    writer.mark_update(values.container_ref)


def layers(writer: IncrementalPdfFileWriter) -> None:
    """Layers, of which some may be shown and others not."""
    group = writer.add_object(DictionaryObject({pdf_name("/Type"): pdf_name("/OCG"), pdf_name("/Name"): pdf_string("Lop")}))
    state = DictionaryObject({pdf_name("/OFF"): ArrayObject([group])})
    writer.root["/OCProperties"] = DictionaryObject({pdf_name("/OCGs"): ArrayObject([group]), pdf_name("/D"): state})
    writer.update_root()


def script(writer: IncrementalPdfFileWriter) -> None:
    """Something runs when the file is opened."""
    action = DictionaryObject({pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): pdf_string("app.alert(1)")})
    writer.root["/OpenAction"] = writer.add_object(action)
    writer.update_root()


def font_swapped(writer: IncrementalPdfFileWriter) -> None:
    """The same letters look like others."""
    font = _page(writer)["/Resources"]["/Font"]["/F1"]
    font["/Encoding"] = DictionaryObject({pdf_name("/Differences"): ArrayObject([NumberObject(48), pdf_name("/nine")])})
    writer.mark_update(font.container_ref)


def form_filled(writer: IncrementalPdfFileWriter) -> None:
    """Another value in the text field, with the look of it."""
    _note(writer, "di ung penicillin")


def look_of_form(writer: IncrementalPdfFileWriter) -> None:
    """The text field shows what is not its value."""
    _note(writer, None)


def _note(writer: IncrementalPdfFileWriter, value: str | None) -> None:
    field = next(one.get_object() for one in writer.root["/AcroForm"]["/Fields"] if one.get_object()["/T"] == "GhiChu")
    look = StreamObject(stream_data=b"BT /F1 10 Tf 2 6 Td (di ung penicillin) Tj ET")
    look["/Type"], look["/Subtype"] = pdf_name("/XObject"), pdf_name("/Form")
    look["/BBox"] = ArrayObject(map(NumberObject, (0, 0, 228, 20)))
    field["/AP"] = DictionaryObject({pdf_name("/N"): writer.add_object(look)})
    if value is not None:
        field["/V"] = pdf_string(value)
    writer.mark_update(field.container_ref)


def signature_look(writer: IncrementalPdfFileWriter) -> None:
    """The visible block of a signature shows another name."""
    field = next(one.get_object() for one in writer.root["/AcroForm"]["/Fields"] if "/V" in one.get_object())
    look = StreamObject(stream_data=b"BT /F1 10 Tf 2 6 Td (GS. Ai Do) Tj ET")
    look["/Type"], look["/Subtype"] = pdf_name("/XObject"), pdf_name("/Form")
    look["/BBox"] = ArrayObject(map(NumberObject, (0, 0, 178, 50)))
    field["/AP"] = DictionaryObject({pdf_name("/N"): writer.add_object(look)})
    writer.mark_update(field.container_ref)


def reason(writer: IncrementalPdfFileWriter) -> None:
    """The dictionary of the signature gives another reason."""
    field = next(one.get_object() for one in writer.root["/AcroForm"]["/Fields"] if "/V" in one.get_object())
    value = field["/V"]
    value["/Reason"] = pdf_string("khong doc")
    writer.mark_update(value.container_ref)


def poisoned(writer: IncrementalPdfFileWriter) -> None:
    """Garbage among the evidence."""
    store = writer.root["/DSS"]
    junk = writer.add_object(StreamObject(stream_data=b"0\x82\xff\xff garbage"))
    for key in ("/OCSPs", "/Certs", "/CRLs"):
        array = store[key] if key in store else ArrayObject()
        store[key] = ArrayObject([*array, junk])
    writer.mark_update(store.container_ref)


UPDATES: dict[str, Change] = {
    "a page painted over": overlay,
    "shadow attack: replace": shadow_replace,
    "shadow attack: hide": shadow_hide,
    "shadow attack: hide and replace": shadow_hide_and_replace,
    "an annotation added": annotation,
    "a page deleted": page_deleted,
    "a page added": page_added,
    "pages swapped": pages_swapped,
    "a page turned": turned,
    "a page cropped": cropped,
    "another title in the XMP": metadata,
    "another title in /Info": info,
    "layers added": layers,
    "a script added": script,
    "a font that shows other letters": font_swapped,
    "another look of the signature": signature_look,
    "another reason in the signature": reason,
}


def flipped(data: bytes, place: int) -> bytes:
    """One bit of one byte."""
    changed = bytearray(data)
    changed[place] ^= 1
    return bytes(changed)


def byte_of_page(data: bytes) -> bytes:
    """A byte of the signed content."""
    return flipped(data, data.index(b"stream") + 12)


def ranges(data: bytes) -> list[re.Match[bytes]]:
    """Where the byte ranges stand, oldest first."""
    return list(re.finditer(rb"/ByteRange\s*\[([^\]]*)\]", data))


def ranged(data: bytes, change: Callable[[list[int]], list[int]], which: int = 0) -> bytes:
    """Another /ByteRange in the place of one, of the same length."""
    match = ranges(data)[which]
    text = b" ".join(str(number).encode() for number in change([int(word) for word in match[1].split()]))
    room = match.end(1) - match.start(1)
    assert len(text) <= room, "no room"
    return data[: match.start(1)] + text.ljust(room) + data[match.end(1) :]


def wrapped(data: bytes) -> bytes:
    """The old signature over other pages: a new file whose signature dictionary is that of the old one, moved."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.pages[0].Contents = pdf.make_stream(b"BT /F1 14 Tf 72 760 Td (Cho ve) Tj ET")
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def wrapped_around(data: bytes) -> bytes:
    """Signature wrapping: other objects are put between the two signed parts, and the second part is named where it is now."""
    first = ranges(data)[0]
    start, length, after, rest = (int(word) for word in first[1].split())
    evil = b"\n4 0 obj\n<< /Length 40 >>\nstream\nBT /F1 14 Tf 72 760 Td (Cho ve) Tj ET  \nendstream\nendobj\n"
    moved = data[:after] + evil + data[after:]
    text = b"[%d %d %d %d" % (start, length, after + len(evil), rest)
    room = first.end(1) - first.start(1)
    return moved[: first.start(1) - 1] + text.ljust(room + 1) + moved[first.end(1) :]


def contents_padded(data: bytes) -> bytes:
    """A hole that holds more than the hex: words are written into the padding of the signature."""
    end = data.index(b">", data.index(b"/Contents <3") + 20)
    evil = b">/Evil(doi noi dung)/X<"
    return data[: end - len(evil) - 2] + evil + data[end - 2 :]


def object_again(data: bytes) -> bytes:
    """After the end a second object with the number of the first page's words, and a table that names it."""
    place = len(data)
    number = int(re.search(rb"/Contents (\d+) 0 R", data)[1])  # type: ignore[index]
    previous = int(data[data.rindex(b"startxref") + 9 :].split()[0])
    root = re.findall(rb"/Root (\d+ 0 R)", data)[-1]
    size = max(int(word) for word in re.findall(rb"(\d+) 0 obj", data)) + 1
    body = b"%d 0 obj\n<</Length 37>>\nstream\nBT /F1 14 Tf 72 760 Td (Cho ve) Tj ET\nendstream\nendobj\n" % number
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size %d/Root %s/Prev %d>>\n" % (number, place, size, root, previous)
    return data + body + table + b"startxref\n%d\n%%%%EOF\n" % (place + len(body))


def object_again_unlisted(data: bytes) -> bytes:
    """After the end a second object with the number of the first page's words, which no table names."""
    number = int(re.search(rb"/Contents (\d+) 0 R", data)[1])  # type: ignore[index]
    return data + b"%d 0 obj\n<</Length 37>>\nstream\nBT /F1 14 Tf 72 760 Td (Cho ve) Tj ET\nendstream\nendobj\n" % number


def hybrid(data: bytes) -> bytes:
    """A last table that lists nothing, beside a hidden one that lists other words for the first page."""
    number = int(re.search(rb"/Contents (\d+) 0 R", data)[1])  # type: ignore[index]
    previous = int(data[data.rindex(b"startxref") + 9 :].split()[0])
    root = re.findall(rb"/Root (\d+ 0 R)", data)[-1]
    size = max(int(word) for word in re.findall(rb"(\d+) 0 obj", data)) + 2
    body = b"%d 0 obj\n<</Length 37>>\nstream\nBT /F1 14 Tf 72 760 Td (Cho ve) Tj ET\nendstream\nendobj\n" % number
    entry = b"\x01" + len(data).to_bytes(4, "big") + b"\0"
    hidden = b"%d 0 obj\n<</Type/XRef/Size %d/W[1 4 1]/Index[%d 1]/Root %s/Length 6>>\nstream\n%s\nendstream\nendobj\n" % (
        size - 1, size, number, root, entry,
    )  # fmt: skip
    place = len(data) + len(body)
    table = b"xref\n0 0\ntrailer\n<</Size %d/Root %s/Prev %d/XRefStm %d>>\n" % (size, root, previous, place)
    return data + body + hidden + table + b"startxref\n%d\n%%%%EOF\n" % (place + len(hidden))


def saved_anew(data: bytes, *, linearize: bool = False) -> bytes:
    """Written anew by another program, every table and object in another place."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        out = io.BytesIO()
        pdf.save(out, linearize=linearize)
    return out.getvalue()


def cut_back(data: bytes, revisions: int = 1) -> bytes:
    """Without the last revisions."""
    ends = [match.end() for match in re.finditer(rb"%%EOF\r?\n?", data)]
    return data[: ends[-1 - revisions]]
