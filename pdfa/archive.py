"""What makes a PDF an archival one whatever its pages hold: output intent, language, title, labels, metadata, stable bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pikepdf.pdfa
from pikepdf import Dictionary, Name, Pdf

from domain.errors import Unreadable
from pdfa import outline, srgb, xmp
from pdfa.embed import embed
from pdfa.pdf_date import pdf_date
from pdfa.record import BindRecord, Bound

_BASE, _WITH_FILES = "2b", "3b"
"""What pikepdf prepares; what level U adds (Unicode for every glyph) is the caller's to see to."""


def make_archival(pdf: Pdf, record: BindRecord, level: str = "U") -> None:
    """Declares PDF/A-2, or -3 where originals are put inside (level U or B), and everything that a reader of the file wants to
    know; pages stay as they are.
    """
    if record.originals:
        embed(pdf, record)
    pikepdf.pdfa.prepare(pdf, _WITH_FILES if record.originals else _BASE, output_intent=srgb.profile())
    root = pdf.Root
    root.Lang = pikepdf.String(record.language)
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    if Name.PageLabels not in root:
        root.PageLabels = Dictionary(Nums=[0, Dictionary(S=Name.D)])
    outline.add(pdf, record.parts)
    packet = xmp.packet(record, len(pdf.pages), part=3 if record.originals else 2, level=level)
    root.Metadata = pdf.make_stream(packet, Type=Name.Metadata, Subtype=Name.XML)
    pdf.trailer.Info = pdf.make_indirect(_info(record))


def save(pdf: Pdf, out: Path) -> None:
    """The whole file or none: written beside its place, then moved there. The same document gives the same bytes.

    Raises Unreadable where the file that was opened is so damaged that what is written of it cannot be opened again.
    """
    part = out.with_name(out.name + ".part")
    try:
        pdf.save(part, **pikepdf.pdfa.resolve_save_kwargs(_BASE, deterministic_id=True, min_version="1.7"))
        if _pages(part) != len(pdf.pages):
            raise Unreadable(
                "broken",
                "Tệp PDF bị hỏng và không sửa được. Hãy xuất lại tệp.",
                "The PDF is damaged beyond repair. Export it again.",
            )
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _pages(path: Path) -> int:
    """How many a reader finds."""
    try:
        with Pdf.open(path) as pdf:
            return len(pdf.pages)
    except pikepdf.PdfError:
        return 0


def bound(out: Path, pages: int, notes: tuple[str, ...] = ()) -> Bound:
    """What to remember of a file that was written."""
    with out.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Bound(out, digest, out.stat().st_size, pages, notes)


def _info(record: BindRecord) -> Dictionary:
    """What the metadata says too, in the words of older programs: the two never differ (ISO 19005-2, 6.6.3)."""
    date = pikepdf.String(pdf_date(record.created))
    known = {
        "/Title": xmp.clean(record.title),
        "/Author": xmp.clean(record.organisation or ""),
        "/Creator": record.producer,
        "/Producer": record.producer,
    }
    return Dictionary(
        {**{key: pikepdf.String(text) for key, text in known.items() if text}, "/CreationDate": date, "/ModDate": date}
    )
