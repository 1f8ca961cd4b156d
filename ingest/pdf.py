"""PDF files: locks, dynamic forms, scripts, attachments, signatures, and whether they are scans. Tools: pikepdf, PDFium."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pikepdf
import pypdfium2

from domain.documents import Nature
from domain.errors import Message
from ingest import pdf_nature, refusals, sniff
from ingest.drawing import Drawing
from ingest.inspection import Inspection
from ingest.pdf_forms import Forms
from ingest.settings import IngestSettings
from ingest.unpacked import is_longer

MALFORMED = (pikepdf.PdfError, pypdfium2.PdfiumError, ValueError, TypeError, KeyError, AttributeError, IndexError, RuntimeError)
"""What reading a damaged PDF raises: the libraries' own errors, and those of values that are not what they should be."""
_RIGHTS = ("/UR3", "/UR")
"""Where the maker of a form, not a person, has signed what Adobe's reader may do with it (ISO 32000-1, 12.8.2.3)."""
_DEEPEST = 40
_LONGEST_PACKED = 120_000_000
"""Bytes of a stream as it stands in the file; a page of A3 in colour at 600 dpi has a quarter of it."""
_LONGEST = 200_000_000
"""Bytes of a stream that is no picture, unpacked; those of the largest drawings and fonts are a tenth of it."""


def inspect(path: Path, settings: IngestSettings) -> Inspection:
    """Look at a PDF. Raises Refused or Unreadable; all that is damaged is first read by repair."""
    with opened(path) as document:
        return _inspect(path, document, settings)


def _inspect(path: Path, document: pikepdf.Pdf, settings: IngestSettings) -> Inspection:
    if document.is_encrypted:
        raise refusals.encrypted()
    if _is_dynamic_form(document):
        raise refusals.xfa()
    count = len(document.pages)
    if count == 0:
        raise refusals.no_pages()
    if count > settings.most_pages:
        raise refusals.too_many_pages(settings)
    survey = _Survey(settings)
    survey.look_at(document)
    notes = _notes(document, survey)
    if survey.signed:
        return Inspection(sniff.PDF, Nature.SIGNED, count, notes)
    with drawn(path, document) as drawing:
        is_born, hidden = pdf_nature.look(drawing[number] for number in range(count))
    if hidden:
        notes = (*notes, refusals.SCANNER_TEXT)
    return Inspection(sniff.PDF, Nature.TEXT if is_born else Nature.SCAN, count, notes)


def papers(path: Path) -> frozenset[int]:
    """Numbers, from 1, of the pages of a born-digital file that are pictures of paper. Raises Unreadable."""
    with opened(path) as document, drawn(path, document) as drawing:
        return pdf_nature.papers(drawing[number] for number in range(drawing.pages))


@contextmanager
def opened(path: Path) -> Iterator[pikepdf.Pdf]:
    """The file for reading its structure; what goes wrong inside is one of the refusals."""
    try:
        with pikepdf.open(path, suppress_warnings=True) as document:
            yield document
    except pikepdf.PasswordError as error:
        raise refusals.encrypted() from error
    except MALFORMED as error:
        raise refusals.broken() from error


@contextmanager
def drawn(path: Path, document: pikepdf.Pdf) -> Iterator[Drawing]:
    """The same file for drawing; where PDFium cannot repair it, what pikepdf made of it is drawn."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as repaired:
        source = path
        try:
            pypdfium2.PdfDocument(path).close()
        except pypdfium2.PdfiumError:
            document.save(repaired.name)
            source = Path(repaired.name)
        with closing(Drawing(source)) as drawing:
            if drawing.pages != len(document.pages):
                raise refusals.broken()
            yield drawing


def _is_dynamic_form(document: pikepdf.Pdf) -> bool:
    form = document.Root.get("/AcroForm")
    return isinstance(form, pikepdf.Dictionary) and "/XFA" in form and bool(document.Root.get("/NeedsRendering", False))


def _notes(document: pikepdf.Pdf, survey: _Survey) -> tuple[Message, ...]:
    repaired = any("xref" in str(warning) or "damaged" in str(warning) for warning in document.get_warnings())
    found = {
        refusals.REPAIRED: repaired,
        refusals.JAVASCRIPT: survey.javascript,
        refusals.LAUNCH: survey.launch,
        refusals.ATTACHMENTS: survey.attachments or len(document.attachments) > 0,
    }
    return tuple(note for note, present in found.items() if present)


def _is_filled(field: pikepdf.Object) -> bool:
    """Whether it is a signature field that is signed: SigFlags say only that there are such fields (ISO 32000-1, table 219)."""
    value = field.get("/V")
    is_value = isinstance(value, pikepdf.Dictionary) and ("/Contents" in value or "/ByteRange" in value)
    return field.get("/FT") == pikepdf.Name.Sig and is_value


def _is_seal(thing: pikepdf.Object) -> bool:
    """Whether it is a signature, whatever leads to it."""
    return "/Contents" in thing and ("/ByteRange" in thing or thing.get("/Type") in (pikepdf.Name.Sig, pikepdf.Name.DocTimeStamp))


class _Survey:
    """Goes through every object once and remembers what a person should know. Refuses pictures over the limit."""

    def __init__(self, settings: IngestSettings) -> None:
        self._settings = settings
        self._forms = Forms()
        self._rights: set[tuple[int, int]] = set()
        self.signed = self.javascript = self.launch = self.attachments = False

    def look_at(self, document: pikepdf.Pdf) -> None:
        """Read all objects of a file."""
        permitted = document.Root.get("/Perms")
        if isinstance(permitted, pikepdf.Dictionary):
            self.signed |= "/DocMDP" in permitted
            self._rights = {permitted[key].objgen for key in _RIGHTS if key in permitted and permitted[key].is_indirect}
        for thing in document.objects:
            self._look(thing, 0)

    def _look(self, thing: pikepdf.Object, depth: int) -> None:
        if isinstance(thing, pikepdf.Array):
            values = list(thing)
        elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            self._note(thing)
            values = [value for key, value in thing.items() if key not in _RIGHTS]
        else:
            return
        for value in values:
            if isinstance(value, pikepdf.Object) and not value.is_indirect and depth < _DEEPEST:
                self._look(value, depth + 1)

    def _note(self, thing: pikepdf.Object) -> None:
        kind = {thing.get(name) for name in ("/S", "/Subtype", "/FT") if isinstance(thing.get(name), pikepdf.Name)}
        self.javascript |= pikepdf.Name.JavaScript in kind
        self.launch |= pikepdf.Name.Launch in kind
        self.attachments |= pikepdf.Name.FileAttachment in kind
        self.signed |= _is_filled(thing) or (_is_seal(thing) and thing.objgen not in self._rights)
        if isinstance(thing, pikepdf.Stream):
            self._weigh(thing, is_picture=pikepdf.Name.Image in kind)
        if pikepdf.Name.Image in kind:
            wide, high = int(thing.get("/Width", 0)), int(thing.get("/Height", 0))
            if wide * high > self._settings.most_pixels:
                raise refusals.bomb(self._settings)

    def _weigh(self, stream: pikepdf.Stream, *, is_picture: bool) -> None:
        if int(stream.stream_dict.get("/Length", 0)) > _LONGEST_PACKED:
            raise refusals.swollen(_LONGEST_PACKED)
        if is_picture:
            return
        if is_longer(stream, _LONGEST):
            raise refusals.swollen(_LONGEST)
        if stream.get("/Subtype") == pikepdf.Name.Form and self._forms.are_too_many(stream):
            raise refusals.endless()
