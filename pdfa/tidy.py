"""Entries that PDF/A forbids and nobody sees on the page: taken out, in place.

Private data, presentations, thumbnails, hints for printers, alternates for other media, metadata of parts that no reader of
this file needs (ISO 19005-2, 6.1.13, 6.2.5, 6.2.8, 6.2.9, 6.6.2, 6.11).
"""

from __future__ import annotations

from collections.abc import Iterator

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from pdfa.content import INTENTS
from pdfa.objects import dictionaries, part

_OF_CATALOG = (
    "/Requirements", "/NeedsRendering", "/Extensions", "/Version", "/Legal", "/SpiderInfo", "/PieceInfo", "/Threads", "/URI",
)  # fmt: skip
_TRAILER = ("/Root", "/Info", "/ID", "/Size", "/Prev", "/Encrypt", "/XRefStm")
_OF_PAGES = (
    "/PresSteps",
    "/Trans",
    "/Dur",
    "/Thumb",
    "/PieceInfo",
    "/SeparationInfo",
    "/B",
    "/Metadata",
    "/AF",
    "/ID",
    "/LastModified",
)
_OF_PICTURES = ("/Alternates", "/OPI", "/Interpolate", "/Metadata")
_OF_FORMS = ("/PS", "/Subtype2", "/OPI", "/Ref", "/PieceInfo", "/Metadata", "/LastModified")
_OF_STATES = ("/TR", "/TR2", "/HTP", "/HT", "/BG", "/BG2", "/UCR", "/UCR2")
_OF_STREAMS = ("/F", "/FFilter", "/FDecodeParms")
_BOXES = ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox")
_SMALLEST, _LARGEST = 3, 14_400
"""Sides of a page in its own units (6.1.13)."""


def tidy(pdf: Pdf) -> None:
    """Takes out what nobody sees, and brings pages within the limits."""
    _drop(pdf.Root, _OF_CATALOG)
    _drop(pdf.trailer, tuple(key for key in pdf.trailer.keys() if key not in _TRAILER))  # noqa: SIM118 - pikepdf's own mapping
    for page in pdf.pages:
        _drop(page.obj, _OF_PAGES)
        _fit(pdf, page.obj)
        if isinstance(page.obj.get("/Tabs"), String):
            page.obj.Tabs = Name(f"/{page.obj.Tabs}")
    for item in dictionaries(pdf):
        _tidy(item)


def _tidy(item: Object) -> None:
    kind = item.get(Name.Subtype)
    states = part(item, "/ExtGState")
    for state in (states[name] for name in states.keys() if isinstance(states[name], Dictionary)):  # noqa: SIM118 - pikepdf's own
        _drop(state, _OF_STATES)
        _settle_intent(state, "/RI")
    if isinstance(item, Stream):
        _drop(item, _OF_STREAMS)
        _write_out(item)
        if kind == Name.Image:
            _drop(item, _OF_PICTURES)
            _settle_intent(item, "/Intent")
        elif kind == Name.Form:
            _drop(item, _OF_FORMS)
        elif "/Metadata" in item:
            del item["/Metadata"]
    elif item.get(Name.Type) == Name.Font and "/Metadata" in item:
        del item["/Metadata"]


def _write_out(stream: Object) -> None:
    """How it is packed stands in the stream itself, where every reader looks."""
    how = stream.get("/DecodeParms")
    if isinstance(how, Dictionary) and how.is_indirect:
        stream.DecodeParms = Dictionary({key: how[key] for key in how.keys()})  # noqa: SIM118 - pikepdf's own mapping


def _drop(holder: Object, keys: tuple[str, ...]) -> None:
    for key in keys:
        if key in holder:
            del holder[key]


def _settle_intent(holder: Object, key: str) -> None:
    if key in holder and str(holder[key]) not in INTENTS:
        del holder[key]


def _fit(pdf: Pdf, page: Object) -> None:
    """A page beyond the limits is said in larger units, or gets a border, and looks the same."""
    for key in list(_boxes(page)):
        x0, y0, x1, y1 = (float(side) for side in page[key].as_list())
        wide, high = max(x1 - x0, _SMALLEST), max(y1 - y0, _SMALLEST)
        if (wide, high) != (x1 - x0, y1 - y0):
            page[key] = Array([x0, y0, x0 + wide, y0 + high])
    largest = max(
        (max(float(page[key][2]) - float(page[key][0]), float(page[key][3]) - float(page[key][1])) for key in _boxes(page)),
        default=0,
    )
    if largest > _LARGEST and not page.get("/Annots"):
        _shrink(pdf, page, _LARGEST / largest)


def _shrink(pdf: Pdf, page: Object, scale: float) -> None:
    for key in list(_boxes(page)):
        page[key] = Array([round(float(side) * scale, 3) for side in page[key].as_list()])
    page.UserUnit = round(float(page.get("/UserUnit", 1)) / scale, 6)
    parts = page.get("/Contents", Array())
    inner = list(parts.as_list()) if isinstance(parts, Array) else [parts]
    page.Contents = Array([pdf.make_stream(b"q %.9f 0 0 %.9f 0 0 cm\n" % (scale, scale)), *inner, pdf.make_stream(b"\nQ")])


def _boxes(page: Object) -> Iterator[str]:
    for key in _BOXES:
        box = page.get(key)
        if isinstance(box, Array) and len(box) == 4:
            x0, y0, x1, y1 = (float(side) for side in box.as_list())
            page[key] = Array([min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)])
            yield key
