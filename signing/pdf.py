"""One place that turns what the PDF library raises for a bad file into a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pyhanko.pdf_utils.misc import PdfError

from domain.errors import Unreadable


@contextmanager
def reading_pdf() -> Iterator[None]:
    """Raises Unreadable where the file cannot be read or extended as a PDF."""
    try:
        yield
    except (PdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise Unreadable(
            "pdf_unreadable",
            "Tệp không đọc được như một PDF, nên không ký được.",
            "The file cannot be read as a PDF, so it cannot be signed.",
        ) from error
