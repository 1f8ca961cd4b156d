"""Single cells of a hospital's list, and the harm that spreadsheets do to them.

Rules
1. A citizen number that lost leading zeros is restored (`79085001234` → `079085001234`) and the row carries a note.
2. A number in scientific notation (`7.9085E+10`) has lost digits for good: the row is refused.
3. Dates: `dd/mm/yyyy`, `dd-mm-yyyy`, `yyyy-mm-dd`, `yyyymmdd`, `yyyymmddHHMM`, each with or without a time behind.
4. A cell that cannot be what its column says refuses the row; nothing is guessed, nothing silently dropped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from domain.text import fold, squeeze

_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")
_EMPTY = frozenset({"", "-", "null", "none", "n/a", "na", "khong", "khong co", "#n/a", "nan", "0"})
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?:[ T].*)?")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?")
_RUN = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{4}(?:\d{2})?)?")
_MEN, _WOMEN = frozenset({"nam", "m", "male", "1", "trai"}), frozenset({"nu", "f", "female", "2", "gai"})
_CARD = re.compile(r"[A-Z]{2}[1-5]\d{12}|\d{10}")


@dataclass(frozen=True, slots=True)
class BadCellError(Exception):
    """A cell that its column cannot hold: a code, and what is wrong in both languages (without the cell's content)."""

    code: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something repaired in a row that is taken."""

    vi: str
    en: str


_SHORTENED = {8: 9, 10: 12, 11: 12}
"""Length left → length meant: old numbers lose one zero, new ones (`001…` to `096…`) one or two."""
ZERO_RESTORED = Note("đã thêm lại số 0 bị mất ở đầu số CCCD", "leading zeros of the citizen number restored")


def text(cell: str) -> str | None:
    """Words, or None where the cell means nothing."""
    value = squeeze(cell)
    return None if fold(value) in _EMPTY else value


def code(cell: str) -> str | None:
    """A hospital's code or number, without spaces. Raises BadCellError for scientific notation."""
    value = text(cell)
    if value is None:
        return None
    _whole(value)
    bare = value.replace(" ", "").removeprefix("'")
    return bare.removesuffix(".0") if bare[:-2].isdigit() else bare


def number(cell: str) -> str | None:
    """The number of a stay, without spaces and dots, as it is read from paper. Raises BadCellError for scientific notation."""
    value = code(cell)
    return value.replace(".", "") if value else None


def day(cell: str) -> date | None:
    """A date (rule 3). Raises BadCellError."""
    value = text(cell)
    if value is None:
        return None
    parts = _parts(_whole(value).removesuffix(".0"))
    try:
        found = date(*parts) if parts else None
    except ValueError:
        found = None
    if found is None or not 1850 <= found.year <= 2100:
        raise BadCellError("bad_date", "ngày không đọc được", "a date that cannot be read")
    return found


def birth(cell: str) -> tuple[date | None, int | None]:
    """A birth date and its year; a year alone (`1958`, `00/00/1958`, `195800000000`) is a year alone."""
    value = text(cell)
    alone = re.fullmatch(r"(?:0?0[/.\-]0?0[/.\-])?((?:18|19|20)\d\d)(?:0{4}(?:0{4})?|\.0)?", value or "")
    if alone:
        return None, int(alone[1])
    found = day(cell)
    return found, found.year if found else None


def year(cell: str) -> int | None:
    """A year, or the year of a date. Raises BadCellError."""
    return birth(cell)[1]


def sex(cell: str) -> str | None:
    """`Nam` or `Nữ`; also `M`, `F`, `1` (man), `2` (woman). Raises BadCellError."""
    value = text(cell)
    if value is None:
        return None
    if fold(value) in _MEN | _WOMEN:
        return "Nam" if fold(value) in _MEN else "Nữ"
    raise BadCellError("bad_sex", "giới tính không rõ", "a sex that cannot be read")


def citizen(cell: str) -> tuple[str | None, Note | None]:
    """A citizen number of 12 (or the old 9) digits, lost zeros restored (rule 1). Raises BadCellError."""
    value = _number(cell)
    if value is None:
        return None, None
    if value.isdigit() and len(value) in _SHORTENED:
        return value.zfill(_SHORTENED[len(value)]), ZERO_RESTORED
    if not value.isdigit() or len(value) not in (12, 9):
        raise BadCellError(
            "bad_citizen_id", "số CCCD/CMND không đủ 12 (hoặc 9) chữ số", "a citizen number without 12 (or 9) digits"
        )
    return value, None


def insurance(cell: str) -> str | None:
    """A card of 15 characters (of 20, the first 15) or ten digits; of several joined by `;` the last. Raises BadCellError."""
    value = _number(cell.rsplit(";", 1)[-1])
    if value is None:
        return None
    card = value.upper()[:15]
    if card.isdigit() and len(card) == 9:
        card = card.zfill(10)
    if not _CARD.fullmatch(card):
        raise BadCellError("bad_insurance_id", "mã thẻ BHYT không hợp lệ", "an insurance number that cannot be one")
    return card


def _number(cell: str) -> str | None:
    value = code(cell)
    return re.sub(r"[\s.\-]", "", value) if value else None


def _whole(value: str) -> str:
    if _SCIENTIFIC.fullmatch(value):
        raise BadCellError(
            "scientific",
            "số bị bảng tính ghi dạng khoa học (ví dụ 7.9E+10) nên đã mất chữ số; hãy xuất lại cột ở dạng văn bản",
            "a number in scientific notation (such as 7.9E+10) has lost digits; export the column as text",
        )
    return value


def _parts(value: str) -> tuple[int, int, int] | None:
    day_first, year_first, run = (shape.fullmatch(value) for shape in (_DAY_FIRST, _YEAR_FIRST, _RUN))
    if day_first:
        return int(day_first[3]), int(day_first[2]), int(day_first[1])
    match = year_first or run
    return (int(match[1]), int(match[2]), int(match[3])) if match else None
