"""Is this a file that can be taken, and of what nature? Nothing is decoded here that could fill the memory.

Rules, in this order
1. Size: not empty, not larger than the limit.
2. Kind, by content. Unknown: foreign.
3. The end of the file is there; half a file is never repaired, since pages would be missing in silence.
4. By kind: no lock, no dynamic form, not too many pages, no picture with more pixels than the limit, at least one page.
5. Signatures decide the nature before anything else does; then whether anything but pictures makes a page (`pdf_nature.py`).
"""

from __future__ import annotations

from pathlib import Path

from ingest import pdf, pictures, refusals, sniff, tiff
from ingest.inspection import Inspection
from ingest.settings import IngestSettings
from ingest.trailer import looks_complete

__all__ = ["Inspection", "inspect"]


def inspect(path: Path, settings: IngestSettings) -> Inspection:
    """Look at a file. Raises Unreadable or Refused with the codes of `refusals`."""
    size = path.stat().st_size
    if size == 0:
        raise refusals.empty()
    if size > settings.most_bytes:
        raise refusals.too_large(settings)
    kind = sniff.media_type(path)
    if kind is None:
        raise refusals.foreign()
    if not looks_complete(path):
        raise refusals.truncated()
    if kind == sniff.PDF:
        return pdf.inspect(path, settings)
    if kind == sniff.TIFF:
        return tiff.inspect(path, settings)
    return pictures.inspect(path, kind, settings)
