"""Which PDF/A a file says it is, by its XMP. What it says is no verdict."""

from __future__ import annotations

from pathlib import Path

import pikepdf

_HEAD = 1024
"""Bytes within which a PDF says that it is one."""


def is_pdf(path: Path) -> bool:
    """Whether a file begins as a PDF does."""
    with path.open("rb") as file:
        return b"%PDF-" in file.read(_HEAD)


def identifier(path: Path) -> str | None:
    """The `dc:identifier` of a file: for one of ours the code of its document (`pdfa/xmp.py`). None if there is none."""
    try:
        with pikepdf.open(path) as pdf, pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            found = metadata.get("dc:identifier")
    except (pikepdf.PdfError, OSError, ValueError):
        return None
    return found if isinstance(found, str) else None


def hindrance(path: Path) -> str:
    """Why a file cannot be read: `not_pdf`, `password` or `broken`."""
    if not is_pdf(path):
        return "not_pdf"
    try:
        pikepdf.open(path).close()
    except pikepdf.PasswordError:
        return "password"
    except (pikepdf.PdfError, OSError, ValueError):
        return "broken"
    return "broken"


def claimed(path: Path) -> str | None:
    """Such as `PDF/A-2U`; None for a file that claims nothing or cannot be read."""
    try:
        with pikepdf.open(path) as pdf, pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            status = metadata.pdfa_status
    except (pikepdf.PdfError, OSError, ValueError):
        return None
    return f"PDF/A-{status.upper()}" if status else None
