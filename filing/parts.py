"""Where each form begins inside a bundle: a chart that was scanned in one go becomes an outline.

Rules
1. A form begins on a page that shows its title at the head, as `kinds.py` and `titles.py` know titles. The catalogue names it.
2. A title far down, one only somewhat like a form's, and the heading of a section begin nothing: a page that is not sure
   belongs to the form before it.
3. The same form again is a new one, unless the page says that it continues: `Tờ số 2`, `Trang 2/4`, `(tiếp theo)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from domain.findings import Part
from domain.pages import PageReading, Reading
from filing.catalogue import skeleton
from filing.dates import even_fold
from filing.kinds import classify
from filing.layout import Row, page_rows
from filing.titles import headings, match_title

_HEAD = 0.3
"""Share of the page in which a title stands."""
_ALIKE = 0.88
_SECTIONS = {"benhan", "tongketbenhan", "tomtatbenhan", "hoibenh", "khambenh"}
"""Skeletons of headings inside a case history that are like titles."""
_CONTINUES = re.compile(
    r"tiep theo|\b(?:to|trang|page|sheet)\s*(?:so)?\s*[:.]?\s*0?(?:[2-9]|[1-9]\d)(?!\d)|\b(?:[2-9]|[1-9]\d)\s*/\s*\d{1,2}\s*$"
)


def parts(pages: Sequence[PageReading]) -> tuple[Part, ...]:
    """The forms in order, each with the page it begins on (from 1). Pages before the first title belong to no form."""
    found: list[Part] = []
    for number, page in enumerate(pages, start=1):
        rows = page_rows(page, number)
        kind = _begins(page, rows)
        if kind is None:
            continue
        title, code = kind
        if not found or found[-1].title != title or not _continues(rows, page):
            found.append(Part(number, title, code))
    return tuple(found)


def _begins(page: PageReading, rows: Sequence[Row]) -> tuple[str, str | None] | None:
    """Title and code of the form that begins on a page."""
    match = match_title(headings(rows, page))
    if match is None or match.heading.top > _HEAD or match.alike < _ALIKE or skeleton(match.heading.text) in _SECTIONS:
        return None
    kind = classify(Reading((page,)))
    return (kind.title, kind.code) if kind.title else None


def _continues(rows: Sequence[Row], page: PageReading) -> bool:
    return any(_CONTINUES.search(line) for line in _edges(rows, page))


def _edges(rows: Sequence[Row], page: PageReading) -> Iterator[str]:
    """The rows at head and foot, where sheets are numbered."""
    return (even_fold(row.text) for row in rows if not _HEAD < row.middle / page.height < 1 - _HEAD / 3)
