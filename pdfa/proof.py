"""What pikepdf's checker says of a file once it is made to look at all of it.

The checker looks no further below anything it does not know, be it allowed: an unusual key of a page hides all that the page
holds. So it is given a copy in memory in which such things are left out or unfolded, until nothing hides anything:

1. keys that it does not list (private ones, and those of newer versions): PDF/A allows them, since readers ignore them;
2. actions, bookmarks and layers, which `active.py` and `optional.py` have seen to; patterns and letters of Type 3 fonts, whose
   instructions become forms; shadings, of whose colours it is told; JPEG 2000, which `jpx.py` judges;
3. the metadata, of which it knows fewer properties than the standard allows: a plain packet instead;
4. fonts in which nothing is seen: they need not be in the file; annotations of kinds that it does not
   know, but for their drawings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pikepdf.pdfa
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, PdfError, Stream
from pikepdf.pdfa import Finding

from pdfa import content, jpx, mark_font, shown, spots
from pdfa.objects import dictionaries, items, part

_ROUNDS = 24
_UNLISTED = re.compile(r"unrecognized key\(s\) (.*) are not checked")
_PLACE = re.compile(r"obj (\d+) (\d+) \([^)]*\)(?: (.*))?$")
_STEP = re.compile(r"\[(\d+)\]|(/[^/\[ ]+)")
_ELSEWHERE = ("/OpenAction", "/OCProperties", "/Metadata", "/AF", "/StructTreeRoot", "/Outlines")
_SEEN_TO = {
    "pikepdf:font-type3", "pikepdf:shading", "pikepdf:pattern", "pikepdf:colour-space", "pikepdf:optional-content",
    "pikepdf:schema-Properties", "pikepdf:role-conflict",
}  # fmt: skip
"""What it does not support and is right once the colours, forms and layers below it are."""
_STANDARD = "ISO_"
_UNNAMED_SPOTS = "6.2.4.4-1"
_PROGRAM = "pikepdf:font-program"
_NOT_EMBEDDED = ":6.2.11.4.1-1"
_UNKNOWN_ANNOTATIONS = {"/FreeText", "/PrinterMark", "/Watermark", "/Redact", "/TrapNet"}
_TINY = b"\x80"


def broken_rules(path: Path, flavour: str) -> tuple[str, ...]:
    """The clauses and tests of the standard (`6.2.11.4.1-1`) that the file surely breaks. Raises pikepdf.PdfError."""
    return rules(finding for finding in _findings(path, flavour) if finding.kind == "violation")


def doubts(path: Path, flavour: str) -> tuple[str, ...]:
    """The same, and whatever the checker cannot say is right: for files that nobody else will judge."""
    found = [finding for finding in _findings(path, flavour) if finding.rule not in _SEEN_TO]
    names = {finding.rule for finding in found if not finding.rule.startswith(_STANDARD)}
    with Pdf.open(path) as pdf:
        if not spots.are_named(pdf):
            names.add(_UNNAMED_SPOTS)
    return tuple(sorted({*rules(found), *names}))


def rules(found: Iterable[Finding]) -> tuple[str, ...]:
    """Clauses and tests of the standard that findings are about."""
    return tuple(sorted({finding.rule.rpartition(":")[2] for finding in found if finding.rule.startswith(_STANDARD)}))


def _findings(path: Path, flavour: str) -> tuple[Finding, ...]:
    with Pdf.open(path, inherit_page_attributes=False) as pdf:
        unseen = _unseen_fonts(pdf)
        _unfold(pdf)
        _plain(pdf, flavour)
        found: tuple[Finding, ...] = ()
        for _ in range(_ROUNDS):
            found = tuple(pikepdf.pdfa.check(pdf, flavour).findings)
            if not [finding for finding in found if _leave_out(pdf, finding)]:
                break
        return tuple(finding for finding in found if not _is_known_better(pdf, finding, unseen))


def _plain(pdf: Pdf, flavour: str) -> None:
    for key in _ELSEWHERE:
        if key in pdf.Root:
            del pdf.Root[key]
    for page in pdf.pages:
        if Name.PieceInfo in page.obj:  # programs' own data, which readers ignore (ISO 32000-1, 14.5)
            del page.obj.PieceInfo
    names = pdf.Root.get(Name.Names)
    if flavour.startswith("3") and isinstance(names, Dictionary) and Name.EmbeddedFiles in names:
        del names[Name.EmbeddedFiles]  # part 3 allows any file inside; `embed.py` puts ours there
    del pdf.docinfo
    pikepdf.pdfa.prepare(pdf, flavour, output_intent=None)


def _unfold(pdf: Pdf) -> None:
    for picture in jpx.pictures(pdf):
        if jpx.is_allowed(picture):
            picture.write(_TINY)
            picture.Width = picture.Height = 1
            picture.ColorSpace, picture.BitsPerComponent = Name.DeviceGray, 8
            for key in ("/Decode", "/SMask", "/SMaskInData", "/Mask"):
                if key in picture:
                    del picture[key]
    for page in pdf.pages:
        _unfold_annotations(page)
    for holder in list(dictionaries(pdf)):
        if isinstance(holder.get("/Pattern"), Dictionary) or isinstance(holder.get("/Shading"), Dictionary):
            _unfold_resources(pdf, holder)
        if holder.get(Name.Subtype) == Name.Type3:
            _unfold_letters(pdf, holder)


def _unseen_fonts(pdf: Pdf) -> frozenset[tuple[int, int]]:
    """Fonts of which nothing is painted (6.2.11.4.1 asks for the others)."""
    try:
        seen = {number for number, use in shown.uses(content.read(pdf)).items() if use.seen}
    except (PdfError, TypeError, ValueError):
        return frozenset()
    fonts = (item for item in pdf.objects if isinstance(item, Dictionary) and item.get(Name.Type) == Name.Font)
    return frozenset(font.objgen for font in fonts) - seen


def _is_known_better(pdf: Pdf, finding: Finding, unseen: frozenset[tuple[int, int]]) -> bool:
    """Whether it is about a font of which nothing is seen, or about our own."""
    place = _PLACE.match(finding.where)
    if place is None:
        return False
    number = int(place[1]), int(place[2])
    if finding.rule.endswith(_NOT_EMBEDDED):
        return number in unseen
    return finding.rule == _PROGRAM and str(pdf.get_object(number).get(Name.BaseFont, "")).endswith(mark_font.NAME)


def _unfold_annotations(page: Page) -> None:
    """Those of kinds that the checker does not know, but for their drawings."""
    there = items(page.obj, "/Annots")
    unknown = [each for each in there if isinstance(each, Dictionary) and str(each.get(Name.Subtype)) in _UNKNOWN_ANNOTATIONS]
    for annotation in unknown:
        drawing = part(annotation, "/AP").get("/N")
        if isinstance(drawing, Stream):
            page.add_resource(drawing, Name.XObject)
    if unknown:
        page.obj.Annots = Array([each for each in there if each not in unknown])


def _unfold_resources(pdf: Pdf, resources: Object) -> None:
    patterns = part(resources, "/Pattern")
    tiles = [patterns[name] for name in patterns.keys() if isinstance(patterns[name], Stream)]  # noqa: SIM118 - pikepdf's own
    for key in ("/Pattern", "/Shading"):
        if key in resources:
            del resources[key]
    _add_forms(pdf, resources, tiles)


def _unfold_letters(pdf: Pdf, font: Object) -> None:
    procedures = part(font, "/CharProcs")
    letters = [procedures[name] for name in procedures.keys() if isinstance(procedures[name], Stream)]  # noqa: SIM118 - the same
    if not isinstance(font.get(Name.Resources), Dictionary):
        font.Resources = Dictionary()
    _add_forms(pdf, font.Resources, letters)


def _add_forms(pdf: Pdf, resources: Object, streams: list[Object]) -> None:
    if streams and not isinstance(resources.get("/XObject"), Dictionary):
        resources.XObject = Dictionary()
    for number, stream in enumerate(streams):
        form = Stream(pdf, stream.read_bytes(), Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 1, 1]))
        form.Resources = stream.get(Name.Resources, Dictionary())
        resources.XObject[f"/Unfolded{number}"] = pdf.make_indirect(form)


def _leave_out(pdf: Pdf, finding: Finding) -> bool:
    """Takes the keys that a finding says are not listed out of the copy; whether there were any."""
    keys, place = _UNLISTED.match(finding.message), _PLACE.match(finding.where)
    if not keys or not place:
        return False
    holder: Object | None = pdf.get_object(int(place[1]), int(place[2]))
    for number, name in _STEP.findall(place[3] or ""):
        holder = _within(holder, int(number) if number else name)
    removed = False
    for key in keys[1].split(", "):
        if isinstance(holder, Dictionary | Stream) and key in holder:
            del holder[key]
            removed = True
    return removed


def _within(holder: Object | None, step: int | str) -> Object | None:
    if isinstance(holder, Array) and isinstance(step, int) and step < len(holder):
        return holder[step]
    return holder.get(step) if isinstance(holder, Dictionary | Stream) and isinstance(step, str) else None
