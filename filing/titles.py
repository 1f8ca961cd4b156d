"""Lines that look like a title, and the forms whose title they are like.

A title stands near the top, in capitals, larger than the text, in the middle, alone in its column, on one to three lines.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from domain.pages import Box, PageReading, around
from domain.text import squeeze
from filing.catalogue import Form, Wording, skeleton, wordings
from filing.codes import without_code
from filing.dates import even_fold
from filing.layout import Row, Token, joined

ALIKE = 0.82
"""Titles less like the line than this are another title: two letters wrong in a short one."""
TIE = 0.015

_SURE = 0.6
_LOWEST = 0.5
_NUMBERED = re.compile(r"^\s*(?:[IVX]{1,4}|[A-Z]|\d{1,2})\s*[.)]\s")
_AFTER_TITLE = re.compile(
    r"\s(?:ms|ma so|ma bn|ma nb|ma yt|ma y te|so luu tru|so vao vien|so ba|so benh an|khoa|ho va ten|ho ten)\s*[:.].*$"
)
_PAPERS = re.compile(
    r"(phieu|giay|bien ban|bang|ban|don|to|so|hoa don|benh an|ho so|thong bao|quyet dinh|cong van|hop dong|trich|ket qua|"
    r"bien lai|so ket|tom tat|thu|loi)\b"
)
_HEADERS = re.compile(r"(so y te|bo y te|benh vien|trung tam|cong hoa|doc lap|khoa|phong|so luu tru|so vao vien|so y)\b")


@dataclass(frozen=True, slots=True)
class Heading:
    """A line, or lines one under the other, that may be the title; `weight` (0..1) says how much it looks like one, `top` how far
    down the page it begins (0..1).
    """

    text: str
    box: Box
    weight: float
    top: float


@dataclass(frozen=True, slots=True)
class TitleMatch:
    """The forms whose title a heading is most like (several when catalogues share it), how like (0..1), and the heading."""

    forms: tuple[Form, ...]
    alike: float
    heading: Heading


def headings(rows: Sequence[Row], page: PageReading) -> list[Heading]:
    """All title-like lines of one page, most likely first."""
    if not rows:
        return []
    usual = max(1.0, statistics.median(token.box.height for row in rows for token in row.tokens))
    pieces = [(row, segment) for row in rows for segment in row.segments()]
    found = []
    for index, (row, segment) in enumerate(pieces):
        stack = [segment]
        found.append(_heading(stack, page, usual))
        for below, other in pieces[index + 1 :]:
            if below.middle - row.middle > 7 * row.height or len(stack) == 3:
                break
            if _continues(stack[-1], other):
                stack.append(other)
                found.append(_heading(stack, page, usual))
    return sorted((h for h in found if h.weight >= _SURE), key=lambda h: -h.weight)


def match_title(found: Sequence[Heading]) -> TitleMatch | None:
    """The catalogue title that fits best over all headings, or None. Longer headings win over their own beginnings."""
    best: TitleMatch | None = None
    for heading in found:
        match = _closest(heading)
        if match and (best is None or _rank(match) > _rank(best)):
            best = match
    return best


def unknown_title(found: Sequence[Heading]) -> str | None:
    """What the title of a paper outside the catalogues seems to be, as printed."""
    for heading in found:
        flat = even_fold(heading.text)
        if heading.weight >= 0.8 and _PAPERS.match(flat) and not _HEADERS.match(flat):
            return heading.text
    return None


def likeness(read: str, title: str) -> float:
    """How like two skeletons are (0..1); what follows a title on its line (`số 6`, `lần 2`) costs little."""
    whole = fuzz.ratio(read, title) / 100
    extra = len(read) - len(title)
    if extra < 2 or len(title) < 8:
        return whole
    beginning = max(fuzz.ratio(read[: len(title) + d], title) for d in (-1, 0, 1)) / 100
    return max(whole, beginning - 0.04 - 0.1 * min(1.0, extra / len(title)))


def _rank(match: TitleMatch) -> tuple[float, float]:
    """A title stands above the headings of its sections, which may be titles of other forms."""
    return (round(match.alike, 2) + 0.2 * match.heading.weight - 0.8 * match.heading.top, len(match.heading.text))


def _closest(heading: Heading) -> TitleMatch | None:
    read = skeleton(heading.text)
    scored = [(likeness(read, wording.bones), wording) for wording in wordings()]
    best = max(score for score, _ in scored)
    if best < ALIKE:
        return None
    return TitleMatch(_unique([w for score, w in scored if score >= best - TIE]), best, heading)


def _unique(likely: list[Wording]) -> tuple[Form, ...]:
    return tuple(dict.fromkeys(wording.form for wording in likely))


def _heading(stack: Sequence[tuple[Token, ...]], page: PageReading, usual: float) -> Heading:
    tokens = [token for segment in stack for token in segment]
    box, text = around(tokens), _cleaned(joined(tokens))
    letters = [char for char in text if char.isalpha()]
    if not 5 <= len(letters) <= 110 or _NUMBERED.match(text) or box.y0 > _LOWEST * page.height:
        return Heading(text, box, 0.0, 1.0)
    capitals = sum(char.isupper() for char in letters) / len(letters)
    size = statistics.median(token.box.height for token in tokens) / usual
    middle = abs((box.x0 + box.x1) / 2 / page.width - 0.5)
    top = box.y0 / page.height
    weight = 0.35 * min(1.0, capitals / 0.8) + 0.2 * min(1.0, max(0.0, (size - 0.9) / 0.3))
    weight += 0.2 * (middle < 0.15) + 0.1 * (middle < 0.3) + 0.15 * (top < 0.4) + 0.1 * (top < 0.6)
    return Heading(text, box, min(1.0, weight), top)


def _cleaned(text: str) -> str:
    """The text without a code or a label that stands behind it on the same line."""
    text = squeeze(without_code(text))
    behind = _AFTER_TITLE.search(even_fold(text))
    return (text[: behind.start()] if behind else text).strip(" -–:.*|_")


def _continues(upper: tuple[Token, ...], lower: tuple[Token, ...]) -> bool:
    """Whether `lower` reads on from `upper`: right below it, about as large, about as centred."""
    one, other = around(upper), around(lower)
    near = 0 <= other.y0 - one.y1 + 0.5 * one.height < 1.6 * one.height
    size = statistics.median(t.box.height for t in lower) / max(1.0, statistics.median(t.box.height for t in upper))
    apart = abs((one.x0 + one.x1) - (other.x0 + other.x1)) / 2
    return near and 0.6 < size < 1.6 and apart < 0.35 * max(one.x1 - one.x0, other.x1 - other.x0)
