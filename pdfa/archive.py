"""What makes a PDF an archival one whatever its pages hold: output intent, language, title, labels, metadata, stable bytes."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

import pikepdf.pdfa
from pikepdf import Dictionary, Name, Pdf

from domain.errors import Unreadable
from pdfa import xmp
from pdfa.record import BindRecord, Bound

_BASE = "2b"
"""The level that pikepdf prepares; what level U adds (Unicode for every glyph) is the caller's to see to."""


def make_archival(pdf: Pdf, record: BindRecord, level: str = "U") -> None:
    """Declares PDF/A-2 (level U or B) and everything that a reader of the file wants to know; pages stay as they are."""
    pikepdf.pdfa.prepare(pdf, _BASE, output_intent="sRGB")
    root = pdf.Root
    root.Lang = pikepdf.String(record.language)
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    if Name.PageLabels not in root:
        root.PageLabels = Dictionary(Nums=[0, Dictionary(S=Name.D)])
    root.Metadata = pdf.make_stream(xmp.packet(record, level), Type=Name.Metadata, Subtype=Name.XML)
    date = _pdf_date(record.created)
    pdf.trailer.Info = pdf.make_indirect(
        Dictionary(
            Title=pikepdf.String(xmp.clean(record.title)),
            Creator=pikepdf.String(record.producer),
            Producer=pikepdf.String(record.producer),
            CreationDate=pikepdf.String(date),
            ModDate=pikepdf.String(date),
        )
    )


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


def _pdf_date(moment: datetime) -> str:
    """ISO 32000-1, 7.9.4."""
    zone = moment.strftime("%z")
    return f"D:{moment:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}'"
