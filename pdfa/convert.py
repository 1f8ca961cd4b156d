"""A PDF that has text or vectors of its own becomes archival: what it shows stays, what it does is taken out.

Rules
1. A signed file is refused: no byte of it may change.
2. A file that a judge calls PDF/A already is kept byte for byte.
3. Pages are never turned into pictures; where the rules of PDF/A cannot be met so, the file is refused with a sentence.
4. Pages that are pictures get the words that were read on them, under the picture.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pikepdf
from pikepdf import Dictionary, Name, Pdf

from domain.errors import Refused, Unreadable
from domain.pages import PageReading
from pdfa import active, archive, fonts, forms, words
from pdfa.blank_font import Letters
from pdfa.claim import claimed
from pdfa.pikepdf_check import PikepdfCheck
from pdfa.record import BindRecord, Bound
from pdfa.under_picture import put_words
from pdfa.validator import Validator, first_verdict

TEXT_LAYER = "text layer"
"""The engine of a reading that was not recognised but taken from the page's own text."""
_UNICODE_RULES = "6.2.11.7."


def convert(
    path: Path, readings: Sequence[PageReading], record: BindRecord, out: Path, judges: Sequence[Validator] = ()
) -> Bound:  # fmt: skip
    """Writes `out` whole, or not at all. `readings`: one for each page, in order. `judges` are asked before pikepdf's own.

    Level U where every font says which letters its glyphs are, else level B with the note `level_b`. Raises Unreadable, and
    Refused `signed`, `encrypted`, `xfa`, `form_not_drawn` or `cannot_convert`.
    """
    try:
        return _convert(path, readings, record, out, [*judges, PikepdfCheck()])
    except pikepdf.PasswordError as error:
        raise _encrypted() from error
    except pikepdf.PdfError as error:
        raise Unreadable(
            "broken", "Tệp PDF bị hỏng và không sửa được. Hãy xuất lại tệp.", "The PDF is damaged beyond repair. Export it again."
        ) from error


def _convert(
    path: Path, readings: Sequence[PageReading], record: BindRecord, out: Path, judges: Sequence[Validator]
) -> Bound:  # fmt: skip
    with _opened(path) as pdf, tempfile.TemporaryDirectory(prefix=".convert-", dir=out.parent) as folder:
        if claimed(path) and first_verdict(judges, path).compliant:
            part = Path(shutil.copyfile(path, Path(folder, "kept.pdf")))
            part.replace(out)
            return archive.bound(out, len(pdf.pages), ("kept_as_it_was",))
        notes = (*active.defuse(pdf), *forms.flatten_form(pdf), *_add_words(pdf, readings))
        for page in pdf.pages:
            page.remove_unreferenced_resources()
        fonts.spell_out_defaults(pdf)
        level = _write(pdf, record, Path(folder, "new.pdf"), judges)
        Path(folder, "new.pdf").replace(out)
        return archive.bound(out, len(pdf.pages), notes if level == "U" else (*notes, "level_b"))


def _opened(path: Path) -> Pdf:
    pdf = Pdf.open(path)
    if pdf.is_encrypted:
        raise _encrypted()
    if forms.is_signed(pdf):
        raise Refused(
            "signed",
            "Tệp đã được ký số nên không được ghi lại. Hãy đưa vào kho bằng “luuky ingest” để giữ nguyên và kiểm tra chữ ký.",
            "The file is signed and must not be rewritten. `luuky ingest` keeps it as it is and verifies it.",
        )
    return pdf


def _encrypted() -> Refused:
    return Refused(
        "encrypted",
        "Tệp PDF được bảo vệ bằng mật khẩu. Hãy gỡ mật khẩu rồi đưa vào lại.",
        "The PDF is protected by a password. Take it off and bring the file again.",
    )


def _add_words(pdf: Pdf, readings: Sequence[PageReading]) -> tuple[str, ...]:
    recognised = [pair for pair in zip(pdf.pages, readings, strict=True) if pair[1].engine != TEXT_LAYER and pair[1].words]
    if not recognised:
        return ()
    letters = Letters()
    font = pdf.make_indirect(Dictionary(Type=Name.Font))
    for page, reading in recognised:
        put_words(page, reading, letters, font)
    words.fill_font(pdf, font, letters)
    return ("words_added",)


def _write(pdf: Pdf, record: BindRecord, part: Path, judges: Sequence[Validator]) -> str:
    """Saves at level U if that holds, else at B; returns the level. Raises Refused where neither does."""
    broken: tuple[str, ...] = ()
    for level in ("U", "B") if fonts.all_map_to_unicode(pdf) else ("B",):
        archive.make_archival(pdf, record, level)
        archive.save(pdf, part)
        broken = first_verdict(judges, part).failed_rules
        if not broken:
            return level
        if not all(rule.startswith(_UNICODE_RULES) for rule in broken):
            break
    rules = ", ".join(broken[:5])
    raise Refused(
        "cannot_convert",
        f"Không thể chuyển tệp này thành PDF/A mà giữ nguyên nội dung (điều {rules}), thường vì phông chữ không được nhúng. "
        "Hãy xuất lại tệp với phông chữ nhúng kèm, hoặc in ra và quét.",
        f"This file cannot become PDF/A with its content kept (clauses {rules}), mostly because fonts are not embedded. "
        "Export it again with its fonts embedded, or print and scan it.",
    )
