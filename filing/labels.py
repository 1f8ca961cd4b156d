"""The labels of a form, found on a row although the reader damaged them, and the words that stand behind each.

The labels are listed in `data/labels.csv`. Most must stand at the start of a column or before a colon or dots; otherwise `khoa`
or `chẩn đoán` inside a sentence would count. A value ends at the next label or at a gap too wide for text, and may stand on the
row below.
Labels of other people (relatives, doctors) and of facts not kept only end the value before them.
"""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from filing.catalogue import skeleton
from filing.layout import WIDE, Row, Token

NAME, BORN, SEX, CITIZEN, INSURANCE, RECORD = "name", "birth_date", "sex", "citizen_id", "insurance_id", "record_number"
ADMISSION, ARCHIVE, DEPARTMENT = "admission_number", "archive_number", "department"
ADMITTED, DISCHARGED, DIAGNOSIS, ICD, UNTIL = "admission_date", "discharge_date", "diagnosis", "icd10", "until"
OTHER = "other"
"""The fields of `data/labels.csv`; `other` is a label that only ends the value before it."""

_COLON = re.compile(r".*[:：]$|.*[.…_]{2,}$")
_BULLET = re.compile(r"[-–+*•_:.,'`ˆ˜|]{1,3}|\(?[0-9IVXivx]{1,4}[.)\]]?|[a-zA-ZđĐ][.)]")
_LONGEST = 9
_EXACT_BELOW = 5
_TOLERANCE = 0.8


@dataclass(frozen=True, slots=True)
class Label:
    """A known label: the field it names, how surely it means the patient's (0..1), and where it counts as a label: `anywhere`,
    at the `start` of a column or before a colon, or only before a `colon`.
    """

    field: str
    bones: str
    weight: float
    where: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label on the page: tokens `start` to `end` of its row; `certainty` (0..1) falls with the damage done to it. `value` are
    the tokens behind it, `below` those under it.
    """

    label: Label
    row: Row
    start: int
    end: int
    certainty: float
    value: tuple[Token, ...] = field(default=())
    below: tuple[Token, ...] = field(default=())


def labelled(rows: Sequence[Row]) -> list[Labelled]:
    """All labels on the rows with their values, in reading order."""
    marks = [_marks(row) for row in rows]
    found = []
    for index, row in enumerate(rows):
        after = rows[index + 1] if index + 1 < len(rows) and rows[index + 1].page == row.page else None
        after_marks = marks[index + 1] if after else []
        for place, mark in enumerate(marks[index]):
            following = marks[index][place + 1] if place + 1 < len(marks[index]) else None
            value = row.tokens[mark.end : following.start if following else None]
            below = _below(mark, following, after, after_marks) if after else ()
            found.append(Labelled(mark.label, row, mark.start, mark.end, mark.certainty, _bracketless(value), below))
    return found


@functools.cache
def _known() -> dict[str, Label]:
    """Labels by skeleton."""
    with (Path(__file__).parent / "data" / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = [(skeleton(row["label"]), row) for row in csv.DictReader(file)]
    return {bones: Label(row["field"], bones, float(row["weight"]), row["where"]) for bones, row in rows}


def _marks(row: Row) -> list[Labelled]:
    """The labels on one row, none overlapping, the longest first at each place."""
    bones = [skeleton(token.text) for token in row.tokens]
    found: list[Labelled] = []
    start = 0
    while start < len(row.tokens):
        mark = _mark_at(row, bones, start)
        if mark:
            found.append(mark)
        start = mark.end if mark else start + 1
    return found


def _mark_at(row: Row, bones: list[str], start: int) -> Labelled | None:
    if not bones[start] or _BULLET.fullmatch(row.tokens[start].text):
        return None
    best: Labelled | None = None
    begins = _begins_column(row, start)
    for read, end in _beginnings(row, bones, start):
        colon = _before_colon(row, end)
        label, certainty = _alike(read) if begins or colon else (_known().get(read), 1.0)
        better = best is None or certainty >= best.certainty - 0.1
        if label and better and (colon or _stands_alone(label, begins=begins, damaged=certainty < 1)):
            best = Labelled(label, row, start, end, certainty)
    return best


def _beginnings(row: Row, bones: list[str], start: int) -> Iterator[tuple[str, int]]:
    """Ever longer skeletons from `start` on, up to a colon, each with its end. What stands before a slash is offered too: a label
    in two languages, `Họ và tên/Full name:`, is known by its first and ends at its colon.
    """
    read = ""
    for place in range(start, min(len(bones), start + _LONGEST)):
        first, slash, _ = row.tokens[place].text.partition("/")
        colon = next(
            (i + 1 for i, token in enumerate(row.tokens[: place + 4]) if i >= place and _COLON.fullmatch(token.text)), None
        )
        if slash and colon:
            yield read + skeleton(first), colon
        read += bones[place]
        yield read, place + 1
        if colon == place + 1:
            return


@functools.lru_cache(maxsize=20_000)
def _alike(read: str) -> tuple[Label | None, float]:
    """The known label that a skeleton is, or is a damaged reading of."""
    known = _known()
    if read in known:
        return known[read], 1.0
    if len(read) < _EXACT_BELOW:
        return None, 0.0
    match = process.extractOne(read, known.keys(), scorer=Levenshtein.normalized_similarity, score_cutoff=_TOLERANCE)
    if match is None or len(match[0]) < _EXACT_BELOW:
        return None, 0.0
    return known[match[0]], float(match[1])


def _stands_alone(label: Label, *, begins: bool, damaged: bool) -> bool:
    """Whether words are used as a label without a colon; `begins`: at the start of a column, not inside a sentence."""
    return label.where != "colon" and (begins or (label.where == "anywhere" and not damaged))


def _before_colon(row: Row, end: int) -> bool:
    """Whether a colon, dots, a bracket or a slash ends what ends before token `end`."""
    return bool(_COLON.fullmatch(row.tokens[end - 1].text)) or (end < len(row.tokens) and row.tokens[end].text[0] in ":：([/")


def _begins_column(row: Row, start: int) -> bool:
    """Whether nothing but a bullet stands before a token, up to a wide gap."""
    while start and _BULLET.fullmatch(row.tokens[start - 1].text) and row.gap_before(start) < 2.5:
        start -= 1
    return row.gap_before(start) > WIDE


def _below(mark: Labelled, following: Labelled | None, after: Row, after_marks: Sequence[Labelled]) -> tuple[Token, ...]:
    """The tokens under a label and right of its start, up to the next label above or below."""
    if after.middle - mark.row.middle > 2.5 * mark.row.height:
        return ()
    left = mark.row.tokens[mark.start].box.x0 - 2 * mark.row.height
    right = mark.row.tokens[following.start].box.x0 - mark.row.height if following else float("inf")
    taken = {index for other in after_marks for index in range(other.start, _end_of_value(after, other))}
    return tuple(t for i, t in enumerate(after.tokens) if i not in taken and t.box.x0 >= left and t.box.x0 < right)


def _end_of_value(row: Row, mark: Labelled) -> int:
    """The first token behind a label's value: the one after a wide gap."""
    behind = range(mark.end + 1, len(row.tokens))
    return next((index for index in behind if row.gap_before(index) > WIDE), len(row.tokens))


def _bracketless(value: tuple[Token, ...]) -> tuple[Token, ...]:
    """The value without a colon that stands alone and without the bracket that explains the label, `(in hoa)`."""
    tokens = list(value)
    while tokens and tokens[0].text in (":", "：", "/", "-", "–", "."):
        tokens = tokens[1:]
    if tokens and tokens[0].text.startswith("(") and any(char.isalpha() for char in "".join(t.text for t in tokens[:3])):
        closing = next((i for i, token in enumerate(tokens[:8]) if token.text.rstrip(":.,").endswith(")")), None)
        if closing is not None:
            return _bracketless(tuple(tokens[closing + 1 :]))
    return tuple(tokens)
