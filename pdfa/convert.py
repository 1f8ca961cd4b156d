"""A PDF that has text or vectors of its own becomes archival: what it shows stays, what it does is taken out.

Rules
1. A signed file is refused: no byte of it may change.
2. Pages are never turned into pictures; where the rules of PDF/A cannot be met so, the file is refused with a sentence.
3. Pages on which words were recognised get these, under the picture: those that their own text does not say. Where nobody knows
   which letters it shows, or is told wrong ones, it is copied as nothing, and what was read in its place.
4. What our own means cannot settle, Ghostscript may draw anew, where it is installed: as long as it shows the same.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import Dictionary, Name, Pdf

from domain.errors import Refused, Unreadable
from domain.pages import PageReading
from pdfa import (
    active,
    archive,
    colours,
    content,
    fonts,
    forms,
    ghostscript,
    jpx,
    likeness,
    proof,
    shown,
    words,
)
from pdfa.annotated import settle_annotations
from pdfa.blank_font import Letters
from pdfa.claim import claimed
from pdfa.kept import flavour
from pdfa.optional import settle_layers
from pdfa.record import BindRecord, Bound
from pdfa.settings import PdfaSettings
from pdfa.tidy import tidy
from pdfa.under_picture import drop_hidden_text, put_words, silence, unsaid
from pdfa.validator import Validator, first_verdict

TEXT_LAYER = "text layer"
"""The engine of a reading that was not recognised but taken from the page's own text."""
_TOO_DEEP = "6.1.13-8"
"""Graphics states nested deeper than 28."""
_UNICODE_RULES = "6.2.11.7."


@dataclass(frozen=True, slots=True)
class _Means:
    """What is the same for every attempt at one file."""

    record: BindRecord
    judges: Sequence[Validator]
    settings: PdfaSettings


@dataclass(frozen=True, slots=True)
class _Verdict:
    """Clauses that a file breaks; notes of how it came to be."""

    broken: tuple[str, ...]
    notes: tuple[str, ...]


def convert(
    path: Path,
    readings: Sequence[PageReading],
    record: BindRecord,
    out: Path,
    judges: Sequence[Validator] = (),
    *,
    settings: PdfaSettings | None = None,
) -> Bound:
    """Writes `out` whole, or not at all. `readings`: one for each page, in order. `judges` are asked before pikepdf's own.

    Level U where every font says which letters its glyphs are, else level B with the note `level_b`. Raises Unreadable, and
    Refused `signed`, `encrypted`, `xfa`, `form_not_drawn` or `cannot_convert`.
    """
    means = _Means(record, judges, settings or PdfaSettings())
    try:
        return _convert(path, readings, out, means)
    except pikepdf.PasswordError as error:
        raise _encrypted() from error
    except pikepdf.PdfError as error:
        raise Unreadable(
            "broken", "Tệp PDF bị hỏng và không sửa được. Hãy xuất lại tệp.", "The PDF is damaged beyond repair. Export it again."
        ) from error


def _convert(path: Path, readings: Sequence[PageReading], out: Path, means: _Means) -> Bound:
    with opened(path) as pdf, tempfile.TemporaryDirectory(prefix=".convert-", dir=out.parent) as folder:
        if content.is_bottomless(pdf):
            raise cannot_convert((_TOO_DEEP,))
        notes = (*active.defuse(pdf), *forms.flatten_form(pdf), *settle_annotations(pdf))
        plain, new = Path(folder, "plain.pdf"), Path(folder, "new.pdf")
        pdf.save(plain, deterministic_id=True, force_version="1.7")
        if "form_redrawn" in notes and not likeness.alike(path, plain):
            raise forms.not_drawn()
        verdict = _attempt(plain, readings, new, means)
        if verdict.broken and (verdict_anew := _drawn_anew(plain, readings, new, means)) is not None:
            verdict, notes = verdict_anew, (*notes, "ghostscript")
        if verdict.broken:
            raise cannot_convert(verdict.broken)
        new.replace(out)
        return archive.bound(out, len(pdf.pages), (*notes, *verdict.notes))


def _drawn_anew(plain: Path, readings: Sequence[PageReading], new: Path, means: _Means) -> _Verdict | None:
    """The same by Ghostscript, if that helps and shows the same."""
    redrawn = plain.with_name("redrawn.pdf")
    settings = means.settings
    if not ghostscript.draw_anew(settings.ghostscript, plain, redrawn, settings.ghostscript_seconds):
        return None
    if not (likeness.alike(plain, redrawn) and likeness.keeps_words(plain, redrawn)):
        return None
    verdict = _attempt(redrawn, readings, new, means)
    return None if verdict.broken else verdict


def _attempt(path: Path, readings: Sequence[PageReading], new: Path, means: _Means) -> _Verdict:
    """Settles what can be settled without anything seen to change, writes, and asks the judges."""
    with Pdf.open(path) as pdf:
        recognised = {n: each for n, each in enumerate(readings) if each.engine != TEXT_LAYER and each.words}
        for number in recognised:
            drop_hidden_text(pdf.pages[number])
        knows_letters = settle(pdf)
        notes = _add_words(pdf, recognised, new.with_name("own.pdf") if knows_letters else None)
        return _write(pdf, new, means, notes, knows_letters=knows_letters)


def settle(pdf: Pdf) -> bool:
    """Brings what stands in an open file within the rules of PDF/A, in place, with nothing seen to change; whether it is known
    which letters all its glyphs are. What cannot be settled stays for the judges.
    """
    for page in pdf.pages:
        page.remove_unreferenced_resources()
    tidy(pdf)
    settle_layers(pdf)
    jpx.settle_pictures(pdf)
    scopes = content.scopes(pdf)
    uses = shown.uses(scopes)
    fonts.settle(pdf, scopes, uses)
    colours.settle(pdf, scopes)
    return fonts.tell_letters(pdf, uses)


def opened(path: Path) -> Pdf:
    """A file that may be written anew. Raises Refused `encrypted` or `signed`, pikepdf.PdfError."""
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


def _add_words(pdf: Pdf, recognised: Mapping[int, PageReading], draft: Path | None) -> tuple[str, ...]:
    """By index of the page (rule 3). `draft`: where to write the pages for their own text to be read; None: nobody knows it."""
    if not recognised:
        return ()
    own = None
    if draft is not None:
        pdf.save(draft)
        own = likeness.words(draft)
    letters = Letters()
    font = pdf.make_indirect(Dictionary(Type=Name.Font))
    added = False
    for number, reading in recognised.items():
        page = pdf.pages[number]
        new = unsaid(reading, own[number]) if own else None
        if new is None:
            silence(page)
        put_words(page, new or reading, letters, font)
        added |= bool((new or reading).words)
    if added:
        words.fill_font(pdf, font, letters)
    return ("words_added",) if added else ()


def _write(pdf: Pdf, part: Path, means: _Means, notes: tuple[str, ...], *, knows_letters: bool) -> _Verdict:
    """Saves at level U if that holds, else at B."""
    broken: tuple[str, ...] = ()
    for level in ("U", "B") if knows_letters else ("B",):
        archive.make_archival(pdf, means.record, level)
        archive.save(pdf, part)
        broken = broken_rules(part, means.judges)
        if not broken:
            return _Verdict((), notes if level == "U" else (*notes, "level_b"))
        if not all(rule.startswith(_UNICODE_RULES) for rule in broken):
            break
    return _Verdict(broken, notes)


def broken_rules(part: Path, judges: Sequence[Validator]) -> tuple[str, ...]:
    """What a judge says is broken; where nobody reaches a verdict, what is not sure to be right."""
    verdict = first_verdict(judges, part)
    if verdict.compliant is None:
        return proof.doubts(part, flavour(claimed(part)))
    return () if verdict.compliant else verdict.failed_rules or ("?",)


def cannot_convert(broken: tuple[str, ...]) -> Refused:
    """The rules of PDF/A cannot be met."""
    rules = ", ".join(broken[:5])
    return Refused(
        "cannot_convert",
        f"Không thể chuyển tệp này thành PDF/A mà giữ nguyên nội dung (điều {rules}), thường vì phông chữ không được nhúng. "
        "Hãy xuất lại tệp với phông chữ nhúng kèm, hoặc in ra và quét.",
        f"This file cannot become PDF/A with its content kept (clauses {rules}), mostly because fonts are not embedded. "
        "Export it again with its fonts embedded, or print and scan it.",
    )
