"""One place that knows what the PDF library raises for a bad file, and that turns it into a refusal."""

from __future__ import annotations

import logging
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.general import CMSExtractionError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator.errors import PathError, ValidationError

from domain.errors import Unreadable

BAD_FILE = (
    PdfError, SignatureValidationError, CMSExtractionError, PathError, ValidationError, ArithmeticError, AssertionError,
    AttributeError, EOFError, LookupError, MemoryError, RuntimeError, TypeError, ValueError, struct.error, zlib.error,
)  # fmt: skip
"""What a bad file makes the library raise: its own errors, and those of code that meets what it does not expect."""


@contextmanager
def reading_pdf() -> Iterator[None]:
    """Raises Unreadable where the file cannot be read or extended as a PDF."""
    try:
        yield
    except BAD_FILE as error:
        raise Unreadable(
            "pdf_unreadable",
            "Tệp không đọc được như một PDF, nên không ký được.",
            "The file cannot be read as a PDF, so it cannot be signed.",
        ) from error


def quiet_library() -> None:
    """Verdicts are values: the library's own warnings, with tracebacks, would only frighten a person."""
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
