"""A PDF/A made of pages of a kept one: the pages as they are shown, with the blocks of signatures drawn, and nothing else of it.

Earlier revisions, form fields, signatures, attachments and pages that are not wanted are not in it: it can be passed on alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pikepdf
from pikepdf import Name, Pdf

from domain.errors import Unreadable
from pdfa.archive import make_archival, save
from pdfa.claim import claimed
from pdfa.record import BindRecord

_LEFT_OUT = ("/Annots", "/AA", "/B", "/Tabs", "/StructParents", "/Metadata")
"""Of a page: what was flattened, or points to what is not there."""


def derive(source: Path, target: Path, numbers: Sequence[int], record: BindRecord) -> None:
    """Writes `target`: pages `numbers` (from 1) of `source`. Raises Unreadable for a file that cannot be opened."""
    level = "B" if (claimed(source) or "").endswith("B") else "U"
    try:
        with Pdf.open(source) as old, pikepdf.new() as new:
            old.flatten_annotations("all")
            for number in numbers:
                page = old.pages[number - 1]
                for name in _LEFT_OUT:
                    if name in page.obj:
                        del page.obj[name]
                new.pages.append(page)
            if Name.OCProperties in old.Root:
                new.Root.OCProperties = new.copy_foreign(old.Root.OCProperties)
            make_archival(new, record, level)
            save(new, target)
    except pikepdf.PdfError as error:
        raise Unreadable("broken", "Tệp PDF bị hỏng và không sửa được.", "The PDF is damaged beyond repair.") from error
