"""What kind of document this is.

Rules
1. The title decides; a code alone is ambiguous between case histories and sheets, and between the two catalogues.
2. The code comes second: it picks one of the forms that share a title, or says which form a general title stands for.
3. The era comes third: it picks the catalogue of a title that stands in both. A kind that stands in one catalogue only takes
   that code whatever the era.
4. A paper with a title outside the catalogues has a title and no code. Nothing is guessed: undecided is None.
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.findings import KindFinding
from domain.pages import Reading
from filing.catalogue import NEW, OLD, Form, forms, skeleton, with_number
from filing.codes import PrintedCode, era, printed_code
from filing.layout import page_rows, rows_of
from filing.titles import Heading, TitleMatch, headings, likeness, match_title, unknown_title

_PAGES_WITH_A_TITLE = 3
_PAGES_WITH_A_DATE = 10
_CLEAR, _EXACT = 0.9, 0.97
"""A title this like a general one is it; one less exact than a form's own may be a member of its family."""
_GENERAL_COVERS = ("benhanmat", "benhan")
_GENERAL_TESTS = ("phieuxetnghiem", "phieuketquaxetnghiem")
"""Skeletons of titles that a code may make more precise."""
_SAME_COVERS_IN_2001 = 8
"""Case histories kept the numbers 1 to 8 of 2001 (no. 9 of that list went to another place)."""
_LAST_COVER_OF_2001 = 24
_UNLISTED = "Loại giấy này không có trong danh mục biểu mẫu."


@dataclass(frozen=True, slots=True)
class _Clues:
    """What a page shows: title-like lines, the title matched, the code printed, and the era with its reason."""

    headings: tuple[Heading, ...]
    title: TitleMatch | None
    code: PrintedCode | None
    era: str | None
    why_era: str
    hint: Form | None

    @property
    def coded(self) -> tuple[Form, ...]:
        """The forms that the printed code may mean."""
        return with_number(self.code.number, self.code.series) if self.code and not self.code.letter else ()


def classify(reading: Reading, hint: str | None = None) -> KindFinding:
    """The kind of a document, from the first page that shows a title or a code. `hint`: a code or title that the watched folder
    usually holds; it only decides between forms that the paper itself leaves open.
    """
    written = rows_of(Reading(reading.pages[:_PAGES_WITH_A_DATE]))
    for number, page in enumerate(reading.pages[:_PAGES_WITH_A_TITLE], start=1):
        rows = page_rows(page, number)
        found = headings(rows, page)
        code = printed_code(rows)
        clues = _Clues(tuple(found), match_title(found), code, *era(written, code), _hinted(hint))
        kind = _decide(clues)
        if kind.title or kind.code:
            return kind
    return KindFinding(reasons=("Không thấy tên biểu mẫu nào trên giấy.",))


def _decide(clues: _Clues) -> KindFinding:
    title = clues.title
    if title is None:
        return _from_code(clues)
    precise = _made_precise(title, clues)
    if precise:
        return _known(precise, 0.9 * title.alike, (_read_title(title), _code_agrees(clues)))
    listed = tuple(form for form in title.forms if form.code)
    if not listed:
        return KindFinding(None, title.forms[0].title, None, round(title.alike, 3), (_read_title(title), _UNLISTED))
    agreeing = [form for form in listed if form in clues.coded]
    if len(agreeing) == 1:
        return _known(agreeing[0], title.alike, (_read_title(title), _code_agrees(clues)))
    return _from_title(title, tuple(agreeing) or listed, clues)


def _from_title(title: TitleMatch, listed: tuple[Form, ...], clues: _Clues) -> KindFinding:
    """The title is known; the code is missing, or names another form."""
    reasons = [_read_title(title)]
    sure = 0.92 * title.alike
    if clues.code:
        reasons.append(f"Mã in trên giấy ({clues.code.text}) không thuộc mẫu này; tên biểu mẫu được ưu tiên.")
        sure *= 0.85
    if len(listed) == 1:
        return _known(listed[0], sure, (*reasons, f"Mẫu này chỉ có trong {listed[0].catalogue}."))
    in_era = [form for form in listed if form.catalogue == clues.era]
    if len(in_era) == 1:
        return _known(in_era[0], 0.95 * sure, (*reasons, clues.why_era))
    if clues.hint in listed:
        return _known(clues.hint, 0.8 * sure, (*reasons, "Thư mục quét thường chứa loại giấy này."))
    if len({form.title for form in listed}) > 1:
        return KindFinding(None, title.heading.text, None, round(0.5 * sure, 3), (*reasons, "Tên đọc được giống nhiều biểu mẫu."))
    why = (*reasons, "Tên này có trong cả hai danh mục.", clues.why_era)
    return KindFinding(None, listed[0].title, None, round(0.5 * sure, 3), why)


def _made_precise(title: TitleMatch, clues: _Clues) -> Form | None:
    """Rule 2: `PHIẾU XÉT NGHIỆM` with the code of the haematology sheet is that sheet."""
    read = skeleton(title.heading.text)
    cover = next((general for general in _GENERAL_COVERS if likeness(read, general) >= _CLEAR), None)
    if cover:
        fitting = [form for form in clues.coded if skeleton(form.title).startswith(cover) and _numbered_alike(clues)]
    elif any(likeness(read, general) >= _CLEAR for general in _GENERAL_TESTS) or _begins_as_a_test(title, read):
        fitting = [form for form in clues.coded if _is_test(form) and clues.era in (None, form.catalogue)]
    else:
        return None
    return fitting[0] if len(fitting) == 1 else None


def _begins_as_a_test(title: TitleMatch, read: str) -> bool:
    """`PHIẾU XÉT NGHIỆM HUYẾT HỌC - SINH HÓA MÁU` is no form's title, but a laboratory sheet."""
    return title.alike < _EXACT and likeness(read, _GENERAL_TESTS[0]) >= _CLEAR - 0.1


def _numbered_alike(clues: _Clues) -> bool:
    """Whether the number of a case history means the same in the numbering of the paper's time."""
    return clues.code is not None and (clues.code.number <= _SAME_COVERS_IN_2001 or clues.code.only_new or clues.era == NEW)


def _is_test(form: Form) -> bool:
    """A laboratory sheet: in the list of 2001 the numbers 27 to 37, several of them known by a part of their title only."""
    old = form.catalogue == OLD and form.code is not None and 27 <= int(form.code[:2]) <= 37
    return old or skeleton(form.title).startswith("phieuxetnghiem")


def _from_code(clues: _Clues) -> KindFinding:
    """No known title. A code decides only where it can mean one form; a title outside the catalogues forbids even that."""
    strange = unknown_title(clues.headings)
    if strange:
        return KindFinding(None, strange, None, 0.5, (f"Tên đọc được: {strange}.", _UNLISTED))
    code = clues.code
    if code is None or not clues.coded:
        return KindFinding()
    seen = f"Không đọc được tên; mã in trên giấy là {code.text}."
    newest = code.series == 2 or code.only_new
    meant = [form for form in clues.coded if not newest or form.catalogue == NEW]
    covers = [form for form in meant if skeleton(form.title).startswith("benhan")]
    if len(meant) == 1 and (newest or (not covers and code.number > _LAST_COVER_OF_2001)):
        return _known(meant[0], 0.65, (seen, "Mã này chỉ thuộc một biểu mẫu."))
    if clues.hint in meant:
        return _known(clues.hint, 0.5, (seen, "Thư mục quét thường chứa loại giấy này."))
    return KindFinding(None, None, None, 0.2, (seen, "Riêng mã này có thể thuộc nhiều biểu mẫu."))


def _known(form: Form, confidence: float, reasons: tuple[str, ...]) -> KindFinding:
    return KindFinding(form.code, form.title, form.catalogue, round(confidence, 3), reasons)


def _read_title(title: TitleMatch) -> str:
    return f"Tên đọc được: {title.heading.text}."


def _code_agrees(clues: _Clues) -> str:
    return f"Mã in trên giấy ({clues.code.text}) phù hợp." if clues.code else ""


def _hinted(hint: str | None) -> Form | None:
    if not hint:
        return None
    named = [form for form in forms() if hint.strip() in (form.code, form.title) or skeleton(form.title) == skeleton(hint)]
    return named[0] if len(named) == 1 else None
