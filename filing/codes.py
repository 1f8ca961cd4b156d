"""The code printed on a form, and the time the paper comes from.

A code alone says little: case histories and sheets both use `nn/BV-01`, in both catalogues. How it is printed tells more:
`36/BV2`, `22/BV-02` and `28/BV1` exist only since TT 32/2023; `39/BV-01` is printed by both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from filing.catalogue import NEW, OLD
from filing.dates import even_fold, find_dates
from filing.layout import Row

_N = r"[0-9oOilI|]"
_CODE = re.compile(
    rf"(?:\b(?:m\s*s|ma\s*so)\s*[:.]?\s*|(?<![0-9a-z]))(?P<n>{_N}{{1,2}})\s*(?P<letter>[a-z])?\s*/?\s*[b8]\s*v\s*"
    rf"(?P<dash>[-–—]?)\s*(?P<zero>[0o]?)(?P<list>[12il|])(?![0-9a-z])",
    re.IGNORECASE,
)
_DIGITS = str.maketrans("oilI|O", "011110")
_ELSEWHERE = re.compile(r"(sinh|gia tri|han su dung|het han|cap ngay|ngay cap|hen|tai kham)[^0-9]{0,25}$")
FIRST_DAY_OF_TT32 = date(2024, 1, 1)
_FIRST_YEAR, _LAST_YEAR = 2001, 2099


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """A code as printed. `letter`: one follows the number (`17D/BV-01`), so it is a hospital's own and in no catalogue."""

    text: str
    number: int
    series: int
    letter: bool
    only_new: bool
    """Printed in a way that exists since TT 32/2023 only."""


def printed_code(rows: Iterable[Row]) -> PrintedCode | None:
    """The first code on the rows, top to bottom."""
    for row in rows:
        match = _CODE.search(even_fold(row.text))
        if match:
            return _read(match, row.text[match.start() : match.end()])
    return None


def without_code(text: str) -> str:
    """The text up to its code: what may be the title when both stand on one line."""
    match = _CODE.search(even_fold(text))
    return text[: match.start()] if match else text


def era(rows: Iterable[Row], code: PrintedCode | None) -> tuple[str | None, str]:
    """The catalogue in force when the paper was written, and why (Vietnamese). None: nothing on the paper tells."""
    if code and code.only_new:
        return NEW, f"Mã biểu mẫu in kiểu Thông tư 32/2023 ({code.text})."
    written = [found for row in rows for found in _written_dates(row)]
    if not written:
        return None, "Không thấy ngày lập để biết thời kỳ biểu mẫu."
    latest = max(written)
    if latest >= FIRST_DAY_OF_TT32:
        return NEW, f"Ngày trên giấy ({latest:%d/%m/%Y}) thuộc thời kỳ Thông tư 32/2023."
    return OLD, f"Ngày trên giấy ({latest:%d/%m/%Y}) thuộc thời kỳ Quyết định 4069/2001."


def _written_dates(row: Row) -> list[date]:
    """Dates on which something was done: not those of birth, validity or an appointment."""
    flat = even_fold(row.text)
    return [
        found.value
        for found in find_dates(row.text)
        if _FIRST_YEAR <= found.value.year <= _LAST_YEAR and not _ELSEWHERE.search(flat[: found.start])
    ]


def _read(match: re.Match[str], text: str) -> PrintedCode:
    number = int(match["n"].translate(_DIGITS))
    series = int(match["list"].translate(_DIGITS))
    plain = not match["dash"] and not match["zero"]
    label = re.sub(r"^\W*(?:m\s*s|mã\s*số)?\s*[:.]?\s*", "", text, flags=re.IGNORECASE).strip()
    return PrintedCode(label, number, series, bool(match["letter"]), series == 2 or plain)
