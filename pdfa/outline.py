"""The outline of a bundle: an entry for each form in it (ISO 32000-1, 12.3.3)."""

from __future__ import annotations

from collections.abc import Sequence

from pikepdf import Name, OutlineItem, Pdf

from domain.findings import Part
from pdfa.xmp import clean

FEWEST = 2
"""A document that is one form needs no outline."""


def add(pdf: Pdf, parts: Sequence[Part]) -> None:
    """Adds it where the document has several forms and no outline of its own; viewers then open with it."""
    if len(parts) < FEWEST or Name.Outlines in pdf.Root:
        return
    with pdf.open_outline() as outline:
        outline.root.extend(OutlineItem(_words(part), part.page - 1) for part in parts if part.page <= len(pdf.pages))
    pdf.Root.PageMode = Name.UseOutlines


def _words(part: Part) -> str:
    return clean(f"{part.title} ({part.code})" if part.code else part.title)
