"""Which PDF/A a file says it is, by its XMP. What it says is no verdict."""

from __future__ import annotations

from pathlib import Path

import pikepdf


def claimed(path: Path) -> str | None:
    """Such as `PDF/A-2U`; None for a file that claims nothing or cannot be read."""
    try:
        with pikepdf.open(path) as pdf, pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            status = metadata.pdfa_status
    except (pikepdf.PdfError, OSError, ValueError):
        return None
    return f"PDF/A-{status.upper()}" if status else None
