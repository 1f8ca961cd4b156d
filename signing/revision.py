"""Writing a revision that leaves a PDF/A what it is.

1. Metadata and /Info are never written again: re-serialising them would break PDF/A extension schemas and change signed bytes.
2. The file stays PDF 1.7 (PDF/A-2, ISO 19005-2, 6.1.2): ECDSA would otherwise raise the catalog's /Version to 2.0.
"""

from __future__ import annotations

from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_signer import PdfSigner

from signing.page import last_leaf

CHUNK = 1 << 20
"""Bytes read at a time when a file is hashed."""
LEAST, MOST = 16_384, 65_534
"""Hex digits kept free for a signature. 8 KiB of DER hold a B-T signature and its chain where keys have their usual length; a
string of a PDF/A may have 32,767 bytes (ISO 19005-2, 6.1.13).
"""
STAMP = 6_144
"""Bytes of DER for what is not known when the hole is made: the time stamp with its certificates, the value, the attributes."""


def reserved(certificate: bytes, chain: tuple[bytes, ...]) -> int:
    """Hex digits to keep free for a signature with a certificate (DER) and its chain."""
    return min(MOST, max(LEAST, 2 * (len(certificate) + sum(map(len, chain)) + STAMP)))


class PdfaWriter(IncrementalPdfFileWriter):
    """Appends a revision and nothing else."""

    IO_CHUNK_SIZE = CHUNK

    def find_page_for_modification(self, page_ix: int) -> tuple[Any, Any]:
        """The last page is found from its end of the tree."""
        if page_ix != -1:
            return super().find_page_for_modification(page_ix)  # type: ignore[no-any-return, no-untyped-call]
        leaf = last_leaf(self.root.raw_get("/Pages"))
        return leaf, leaf.get_object().get("/Resources")

    def _update_meta(self) -> None:
        """Rule 1. A private method of the library (its maintainer names this override in pyHanko #223); a test watches it."""


class PdfaSigner(PdfSigner):
    """Prepares a signature; the file stays PDF 1.7 whatever the key (rule 2)."""

    def register_extensions(self, pdf_out: BasePdfFileWriter, *, md_algorithm: str) -> None:  # noqa: ARG002
        """Only the ETSI extension that PAdES asks for (EN 319 142-1)."""
        pdf_out.ensure_output_version(version=(1, 7))
        pdf_out.register_extension(ESIC_EXTENSION_1)
