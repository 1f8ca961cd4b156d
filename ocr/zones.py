"""What stands where on a page: print, handwriting, stamps, signatures, tables, pictures, and nothing.

1. Stamps, pictures and signatures are seen in the scan itself (`seals.py`, `drawings.py`), in the ink that is no known word.
2. What was read inside them with little certainty are strokes taken for letters: such words go. What was read there with
   certainty is print under a seal or in a picture and stays.
3. Words that a hand wrote are handwriting, and no surer than `hands.MOST`; other words that stand in no table are print; words
   side by side and lines close below each other are one zone.
4. Large empty parts are blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby

import cv2
import numpy as np
import numpy.typing as npt

from domain.pages import Box, Cell, Word, Zone, around
from domain.text import fold
from ocr import drawings, hands, seals
from ocr.glance import Glance
from ocr.syllables import is_syllable

_KNOWN = 0.4
"""Confidence from which a word is writing and not strokes of a drawing."""
_BELIEVED = {"picture": 0.8, "signature": 0.6, "stamp": 0.5}
_SOUND, _DIGITS = 0.5, 3
"""Confidence below which a word that lies in such a zone is dropped; what is shaped as a syllable, or has more than so many
digits, stays from `_SOUND` on, and a syllable in a stamp stays always: print under it is hard to read.
"""
_READ, _WRITTEN = 0.6, 0.03
"""Confidence of words that are surely read, and part of what seems a picture that they fill from which it is none."""
_ROW = 0.3
"""The same of what seems a signature."""
_INSIDE = 0.8
"""Part of a word that lies in a zone from which it counts as inside."""
_GAP, _BELOW = 2.5, 1.1
"""Heights of a word between two of one zone, beside and below each other."""
_FIELD = 6.0
"""Millimetres of the squares by which empty parts are told."""
_SPECK = 0.012
"""Part of a square that may be ink where nothing is."""
_EMPTY_SIDE, _EMPTY_SHARE, _MOST_EMPTY = 36.0, 0.1, 4
"""Least side of an empty part in millimetres, its least share of the page, and how many are named."""
_MOST_TITLE = 7
_SIGNS = re.compile(
    r"(\W*(tm|tl|kt|tuq|q|pho|pgs|gs|ts|ths|ky|ho ten)\b\W*)*((bac s|y s[iy]\b|phau thuat|thu thuat v)"
    r"|(bs|giam doc|truong (khoa|phong|doan|ban|nhom)|thu truong|dieu duong|chu (toa|nhiem|tich)|thu ky|ke toan|benh nhan$"
    r"|nguoi (benh|nha|lap|giao|nhan|viet|lam|thuc hien|cam doan|dai dien|kham|doc|tra|ghi|to chuc|chung kien)|dai dien"
    r"|ky thuat vien|thay thuoc|ho sinh|nu ho sinh|y ta|duoc si|thu kho|can bo|nhan vien|gia dinh|hoi dong|vien|khoa|phong)\b)"
    r"|\W*(ky\b|ghi ro|ho va ten|da ky)"
)
"""How a line begins below which somebody signs, without tones."""


@dataclass(frozen=True, slots=True)
class Told:
    """The zones, and the words and cells without what was taken for writing and is none; rule 3 is kept."""

    zones: tuple[Zone, ...]
    words: tuple[Word, ...]
    cells: tuple[Cell, ...]


def blank(width: int, height: int) -> tuple[Zone, ...]:
    """Of a page with nothing on it; pixels of the scan."""
    return (Zone("blank", Box(0, 0, width, height)),)


def told(seen: Glance, words: Sequence[Word], cells: Sequence[Cell], written: Sequence[bool] = ()) -> Told:
    """All zones of a page, top to bottom. Boxes: pixels of `View.whole` after its quarter turn.

    `written`: of each word, whether a hand wrote it; none given: no word.
    """
    rest = seen.ink.copy()
    for word in words:
        if word.confidence >= _KNOWN:
            x0, y0, x1, y1 = seen.of_whole(word.box)
            rest[y0:y1, x0:x1] = 0
    stamps = seals.stamps(seen, rest)
    loose = drawings.loose(seen, rest)
    signed = [seen.of_whole(box) for box in _signing(words)]
    tables = _tables(cells)
    signatures = [
        area
        for area in drawings.signatures(seen, loose, signed)
        if not (any(drawings.same(area, one) for one in stamps) or _is_row(seen.on_whole(*area), words, tables))
    ]
    seeming = drawings.pictures(seen, loose, (*stamps, *signatures))
    signatures += [area for area in seeming if drawings.signs_beside(area, stamps, seen.mm)]
    pictures = [area for area in seeming if not (area in signatures or _is_writing(seen.on_whole(*area), words, tables))]
    stamps = [area for area in stamps if not any(drawings.holds(picture, area) for picture in pictures)]
    drawn = {"stamp": stamps, "picture": pictures, "signature": signatures}
    zones = [Zone(kind, seen.on_whole(*area)) for kind, areas in drawn.items() for area in areas]
    kept = [not _is_stroke(word, zones) for word in words]
    fewer = tuple(word for word, keep in zip(words, kept, strict=True) if keep)
    marks = [mark for mark, keep in zip(written or [False] * len(words), kept, strict=True) if keep]
    fewer = hands.capped(fewer, marks)
    zones += tables
    zones += _writing(fewer, marks, zones)
    zones += [Zone("blank", seen.on_whole(*area)) for area in _empty(seen, [seen.of_whole(zone.box) for zone in zones])]
    zones.sort(key=lambda zone: (zone.box.y0, zone.box.x0))
    return Told(tuple(zones), _renumbered(fewer), _recounted(cells, kept))


def _is_writing(box: Box, words: Sequence[Word], tables: Sequence[Zone]) -> bool:
    """Whether what seems a picture is a shaded or grainy part of the page: it stands in a table, or much of it is words."""
    if _in_table(box, tables, _INSIDE):
        return True
    inside = [word for word in words if box.holds(*word.box.middle) and word.confidence >= _READ and _is_sound(word)]
    return sum(word.box.area for word in inside) > _WRITTEN * box.area


def _is_row(box: Box, words: Sequence[Word], tables: Sequence[Zone]) -> bool:
    """Whether what seems a signature is a row of written words, or of a table, or stands behind a label; a name printed below one
    is read more surely.
    """
    if _in_table(box, tables, _ROW):
        return True
    if any(word.text.endswith(":") and word.box.x1 < box.middle[0] and box.y0 < word.box.middle[1] < box.y1 for word in words):
        return True
    inside = [word for word in words if box.holds(*word.box.middle) and len(word.text) > 1 and _is_sound(word)]
    written = [word for word in inside if word.confidence < _BELIEVED["signature"]]
    return len(written) > 1 and sum(word.box.area for word in written) > _ROW * box.area


def _in_table(box: Box, tables: Sequence[Zone], part: float) -> bool:
    """Whether more than that part of it does."""
    return any(box.shared(table.box) > part * box.area for table in tables)


def _is_sound(word: Word) -> bool:
    """Whether it is shaped as syllables and numbers are."""
    return is_syllable(word.text) or sum(char.isdigit() for char in word.text) > _DIGITS


def _is_stroke(word: Word, zones: Sequence[Zone]) -> bool:
    """Rule 2."""
    return any(
        word.confidence < _BELIEVED.get(zone.kind, 0.0)
        and not (is_syllable(word.text) if zone.kind == "stamp" else _is_sound(word) and word.confidence >= _SOUND)
        and word.box.shared(zone.box) >= _INSIDE * max(word.box.area, 1.0)
        for zone in zones
    )


def _renumbered(words: Sequence[Word]) -> tuple[Word, ...]:
    """With lines counted from 0 again."""
    lines = groupby(words, key=lambda word: word.line)
    return tuple(replace(word, line=number) for number, (_, own) in enumerate(lines) for word in own)


def _recounted(cells: Sequence[Cell], kept: Sequence[bool]) -> tuple[Cell, ...]:
    """Cells that say where their words stand once some went."""
    before = [0, *accumulate(int(keep) for keep in kept)]
    return tuple(replace(cell, start=before[cell.start], end=before[cell.end]) for cell in cells)


def _signing(words: Sequence[Word]) -> Iterator[Box]:
    """Boxes of what says who signs."""
    for _, line in groupby(words, key=lambda word: word.line):
        for part in _parts(list(line)):
            said = " ".join(word.text for word in part)
            if len(part) <= _MOST_TITLE and not said.rstrip().endswith((".", ",", ":")) and _SIGNS.match(fold(said)):
                yield around(part)


def _parts(line: Sequence[Word]) -> Iterator[list[Word]]:
    """Words of a line without a wide gap between them."""
    part: list[Word] = []
    for word in line:
        if part and not -_GAP < (word.box.x0 - part[-1].box.x1) / max(word.box.height, 1.0) < _GAP:
            yield part
            part = []
        part.append(word)
    if part:
        yield part


def _tables(cells: Sequence[Cell]) -> list[Zone]:
    return [Zone("table", around(list(own))) for _, own in groupby(cells, key=lambda cell: cell.table)]


def _writing(words: Sequence[Word], written: Sequence[bool], others: Sequence[Zone]) -> Iterator[Zone]:
    """Rule 3."""
    tables = [zone.box for zone in others if zone.kind in {"table", "picture"}]
    runs: dict[str, list[Box]] = {"print": [], "handwriting": []}
    for _, line in groupby(zip(words, written, strict=True), key=lambda pair: pair[0].line):
        for mark, own in groupby(line, key=lambda pair: pair[1]):
            free = [word for word, _ in own if mark or not any(box.holds(*word.box.middle) for box in tables)]
            runs["handwriting" if mark else "print"] += [around(part) for part in _parts(free)]
    for kind, boxes in runs.items():
        for box in _blocks(boxes):
            yield Zone(kind, box)


def _blocks(boxes: Sequence[Box]) -> list[Box]:
    """Boxes close below each other made one: each with the height of its last line, so that blocks grow line by line."""
    found: list[tuple[Box, float, float]] = []
    for box in sorted(boxes, key=lambda one: one.y0):
        near = next(
            (
                number for number, (block, bottom, high) in enumerate(found)
                if box.y0 - bottom < _BELOW * min(high, box.height) and box.x0 < block.x1 and block.x0 < box.x1
            ),
            None,
        )  # fmt: skip
        if near is None:
            found.append((box, box.y1, box.height))
        else:
            block, bottom, _ = found[near]
            found[near] = block.union(box), max(bottom, box.y1), box.height
    return [block for block, _, _ in found]


def _empty(seen: Glance, taken: Sequence[tuple[int, int, int, int]]) -> Iterator[tuple[int, int, int, int]]:
    """Rule 4: boxes in pixels of the small copy, the largest first."""
    side = max(2, round(_FIELD * seen.mm))
    rows, columns = seen.ink.shape[0] // side, seen.ink.shape[1] // side
    if min(rows, columns) < 2:
        return
    squares = cv2.resize(255 * seen.ink[: rows * side, : columns * side], (columns, rows), interpolation=cv2.INTER_AREA)
    full = np.asarray(squares > 255 * _SPECK, np.bool_)
    for x0, y0, x1, y1 in taken:
        full[y0 // side : -(-y1 // side), x0 // side : -(-x1 // side)] = True
    for _ in range(_MOST_EMPTY):
        left, top, right, bottom = _largest(full)
        if (right - left) * (bottom - top) < _EMPTY_SHARE * rows * columns:
            return
        full[top:bottom, left:right] = True
        if min(right - left, bottom - top) * _FIELD >= _EMPTY_SIDE:
            yield left * side, top * side, right * side, bottom * side


def _largest(full: npt.NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """The largest rectangle of fields that are not full: left, top, right, bottom. Row by row, with a stack of heights."""
    best, found = 0, (0, 0, 0, 0)
    heights = [0] * full.shape[1]
    for row, fields in enumerate(full.tolist()):
        heights = [0 if taken else high + 1 for taken, high in zip(fields, heights, strict=True)]
        stack: list[tuple[int, int]] = []
        for column, high in enumerate((*heights, 0)):
            start = column
            while stack and stack[-1][1] >= high:
                start, tall = stack.pop()
                if tall * (column - start) > best:
                    best, found = tall * (column - start), (start, row + 1 - tall, column, row + 1)
            stack.append((start, high))
    return found
