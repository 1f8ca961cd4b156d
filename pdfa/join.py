"""Parts in order become one PDF/A: scanned pages with their pictures, pages of a PDF that has text of its own with their vectors.

1. Each run of pages is bound or converted by itself; nothing is turned into pictures.
2. Pages of a PDF may be any of its pages, in any order, turned by quarters. What belongs to them comes along: links, bookmarks,
   layers. What is attached to the file does not (note `attachments_removed`).
3. The whole is judged again: level U where every part is.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from pikepdf import Pdf

from domain.errors import Refused
from domain.pages import PageImage, PageReading
from pdfa import active, archive
from pdfa.bind import bind
from pdfa.claim import claimed
from pdfa.convert import broken_rules, cannot_convert, convert, opened
from pdfa.optional import settle_layers
from pdfa.record import BindRecord, Bound
from pdfa.settings import PdfaSettings
from pdfa.validator import Validator

_LEVEL_U = "PDF/A-2U"


@dataclass(frozen=True, slots=True)
class Scanned:
    """Pages that are pictures, with what was read on them."""

    pages: Iterable[tuple[PageImage, PageReading]]
    carried: Collection[int] = ()
    """Places, from 0, of those that need no mark (`mark.carried`)."""


@dataclass(frozen=True, slots=True)
class Picked:
    """A page of a PDF by its number (from 1), with its reading, in the frame of the page as a viewer shows it. `turn`: clockwise
    degrees, a multiple of 90, on top of what the file says, for pages with text of their own: for others the reading has it.
    """

    number: int
    reading: PageReading
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Drawn:
    """Pages of one PDF, in order."""

    path: Path
    leaves: Sequence[Picked]


Part = Scanned | Drawn


def join(
    parts: Iterable[Part],
    record: BindRecord,
    out: Path,
    judges: Sequence[Validator] = (),
    settings: PdfaSettings | None = None,
) -> Bound:
    """Writes `out` whole, or not at all. Raises what `bind` and `convert` raise; Refused `no_pages` where there is none."""
    settings = settings or PdfaSettings()
    bare = replace(record, parts=(), originals=())
    notes: dict[str, None] = {}
    with tempfile.TemporaryDirectory(prefix=".join-", dir=out.parent) as name, ExitStack() as open_files:
        whole, folder = open_files.enter_context(Pdf.new()), Path(name)
        pieces = []
        for number, part in enumerate(parts):
            pieces.append(folder / f"{number}.pdf")
            made = _piece(part, bare, pieces[-1], judges, settings)
            notes.update(dict.fromkeys(made.notes))
            whole.add_pages_from(open_files.enter_context(Pdf.open(pieces[-1])))
        if not pieces:
            raise Refused("no_pages", "Tài liệu không có trang nào để ghép.", "The document has no page to bind.")
        settle_layers(whole)
        level = "U" if all(claimed(piece) == _LEVEL_U for piece in pieces) else "B"
        archive.make_archival(whole, record, level)
        archive.save(whole, folder / "whole.pdf")
        broken = broken_rules(folder / "whole.pdf", judges)
        if broken:
            raise cannot_convert(broken)
        (folder / "whole.pdf").replace(out)
        return archive.bound(out, len(whole.pages), tuple(notes))


def _piece(part: Part, record: BindRecord, out: Path, judges: Sequence[Validator], settings: PdfaSettings) -> Bound:
    if isinstance(part, Scanned):
        return bind(part.pages, record, out, settings, part.carried)
    picked = out.with_suffix(".picked.pdf")
    notes = _pick(part, picked)
    made = convert(picked, [leaf.reading for leaf in part.leaves], record, out, judges, settings=settings)
    return replace(made, notes=tuple(dict.fromkeys((*notes, *made.notes))))


def _pick(part: Drawn, out: Path) -> tuple[str, ...]:
    """The chosen pages as a file of their own; the notes of what acted in the whole one."""
    with opened(part.path) as source, Pdf.new() as chosen:
        notes = active.defuse(source)
        chosen.add_pages_from(source, pages=[leaf.number - 1 for leaf in part.leaves])
        for page, leaf in zip(chosen.pages, part.leaves, strict=True):
            if leaf.turn:
                page.rotate(leaf.turn, relative=True)
        chosen.save(out, deterministic_id=True)
        return notes
